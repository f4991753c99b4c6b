//! `spec checks`: prints the table of checks, or explains one of them.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::diff::model::checks::{self, Check};
use crate::diff::model::verdict::{Direction, Wire};
use crate::result::Result;
use crate::workspace;

/// Prints the table of checks: what `spec diff` looks at, and the effect of each change where a
/// client sends and where it receives.
#[derive(Debug, Args)]
pub struct ChecksArguments {
    #[command(subcommand)]
    command: Option<ChecksCommand>,
}

#[derive(Debug, Subcommand)]
enum ChecksCommand {
    /// Explains a check: its meaning, its effect in both directions, and an example.
    Explain {
        /// The id of the check.
        id: String,
    },
}

/// Prints the table of checks, tab-separated, or explains one check.
pub fn run(arguments: &ChecksArguments) -> Result<ExitCode> {
    let text = match &arguments.command {
        None => table(),
        Some(ChecksCommand::Explain { id }) => {
            let check = checks::named(id).ok_or_else(|| {
                format!("`{id}` is not a check; `cargo xtask spec checks` lists them")
            })?;
            explanation(check)
        }
    };
    workspace::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn table() -> String {
    let mut table = String::from("id\tarea\tset\trequest\tresponse\tmeaning\texception\n");
    for check in checks::ALL {
        table += &format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            check.id,
            check.area.as_str(),
            check.effect.as_str(),
            check.wire(Direction::Request),
            check.wire(Direction::Response),
            check.predicate,
            check
                .exception
                .as_ref()
                .map_or("", |exception| exception.reason),
        );
    }
    table
}

fn explanation(check: &'static Check) -> String {
    let mut text = format!(
        "{}\n\nThe subject ({}) {}.\nEffect on the set of valid messages: {}.\n",
        check.id,
        check.area.as_str(),
        check.predicate,
        check.effect.as_str(),
    );
    for (direction, where_to) in [
        (Direction::Request, "Where a client sends the subject"),
        (Direction::Response, "Where a client receives the subject"),
    ] {
        let wire = check.wire(direction);
        text += &format!("{where_to}: {wire}");
        text += &match (wire, check.consequence(direction)) {
            (Wire::Breaking, consequence) => format!(", because {consequence}.\n"),
            _ => ".\n".to_owned(),
        };
    }
    text += &match &check.exception {
        Some(exception) => format!("The effect departs from the law: {}\n", exception.reason),
        None => "The effect follows the law: what a client sends may not be narrowed, and what it \
                 receives may not be widened.\n"
            .to_owned(),
    };
    if let Some((base, revision)) = example(check) {
        text += &format!("\nAn example, before:\n\n{base}\nand after:\n\n{revision}");
    }
    text
}

/// Returns a pair of documents on which the check reports a change, without what is equal.
fn example(check: &Check) -> Option<(String, String)> {
    let pairs = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join("pairs");
    let mut files: Vec<_> = fs::read_dir(pairs)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let read = files.iter().filter_map(|path| {
        let pair: Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
        let ids = pair.get("ids")?.as_array()?;
        ids.iter()
            .any(|id| id == check.id)
            .then(|| (ids.len(), pair.to_string().len(), pair.clone()))
    });
    let (.., pair) = read.min_by_key(|(ids, size, _)| (*ids, *size))?;
    let (base, revision) = differing(pair.get("base")?, pair.get("revision")?);
    let shown = |value: &Value| Some(serde_json::to_string_pretty(value).ok()? + "\n");
    Some((shown(&base)?, shown(&revision)?))
}

/// Returns two values without the properties that are equal in both.
fn differing(base: &Value, revision: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (base, revision) else {
        return (base.clone(), revision.clone());
    };
    let mut kept = (serde_json::Map::new(), serde_json::Map::new());
    for (key, value) in old {
        match new.get(key) {
            Some(other) if other == value => {}
            Some(other) => {
                let (value, other) = differing(value, other);
                kept.0.insert(key.clone(), value);
                kept.1.insert(key.clone(), other);
            }
            None => {
                kept.0.insert(key.clone(), value.clone());
            }
        }
    }
    let came = new.iter().filter(|(key, _)| !old.contains_key(*key));
    kept.1
        .extend(came.map(|(key, value)| (key.clone(), value.clone())));
    (kept.0.into(), kept.1.into())
}
