//! For programs: the form that `xtask/diff.schema.json` describes.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::diff::change::{Direction, Spot};
use crate::diff::policy::{Accepted, Policy};
use crate::diff::report::{Judged, Report};
use crate::diff::said::Said;
use crate::positions::Position;
use crate::rust::Item;

pub fn render(report: &Report<'_>, policy: &Policy, to: &mut dyn Write) -> io::Result<()> {
    let changes = Changes { report, policy };
    let whole = Whole {
        base: &report.base,
        revision: &report.revision,
        verdict: json!({ "wire": report.wire.as_str(), "rust": report.rust.as_str() }),
        changes,
        rust: json!({
            "basis": report.basis.as_str(),
            "reason": report.basis.reason(),
            "items": report.items.iter().map(item).collect::<Vec<_>>(),
        }),
        stale: report.stale.iter().map(decision).collect(),
        version: report.version.as_ref().map(|version| {
            json!({
                "released": version.released,
                "present": version.present.to_string(),
                "needed": version.needed.to_string(),
                "enough": version.is_enough(),
            })
        }),
        ledger: report
            .ledger
            .as_ref()
            .map(|(gained, lost)| json!({ "gained": gained, "lost": lost })),
    };
    // Such a report is written in small pieces, each of which would be a call.
    let mut buffered = BufWriter::with_capacity(1 << 16, to);
    if report.changes.len() <= READ {
        serde_json::to_writer_pretty(&mut buffered, &whole)?;
    } else {
        serde_json::to_writer(&mut buffered, &whole)?;
    }
    writeln!(buffered)?;
    buffered.flush()
}

#[derive(Serialize)]
struct Whole<'r> {
    base: &'r str,
    revision: &'r str,
    verdict: Value,
    changes: Changes<'r>,
    rust: Value,
    stale: Vec<Value>,
    version: Option<Value>,
    ledger: Option<Value>,
}

/// Changes that somebody may read as they are printed: indentation is half of what is printed.
const READ: usize = 1_000;

/// Operations that are listed in a report: where each of thousands of changes reaches each of thousands of
/// operations, all would be gigabytes.
const LISTED: usize = 400_000;

/// But so many of each change.
const FEWEST: usize = 3;

/// There can be more of them than are good to have in memory in this form.
struct Changes<'r> {
    report: &'r Report<'r>,
    policy: &'r Policy,
}

impl Serialize for Changes<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let changes = self.report.changes.iter();
        let all: usize = changes.clone().map(|it| it.change.reach.len()).sum();
        let most = if all <= LISTED {
            all
        } else {
            (LISTED / changes.len()).max(FEWEST)
        };
        to.collect_seq(changes.map(|judged| change(self.report, judged, self.policy, most)))
    }
}

#[derive(Serialize)]
struct ChangeOf<'r> {
    id: &'r str,
    area: &'r str,
    severity: &'r str,
    wire: &'r str,
    rust: &'r str,
    unknown: bool,
    fingerprint: String,
    base: Option<&'r str>,
    revision: Option<&'r str>,
    #[serde(rename = "basePosition")]
    base_position: Option<Position>,
    #[serde(rename = "revisionPosition")]
    revision_position: Option<Position>,
    before: Option<&'r Said<'r>>,
    after: Option<&'r Said<'r>>,
    directions: BTreeMap<&'r str, &'r str>,
    operations: Vec<Reached<'r>>,
    #[serde(rename = "moreOperations")]
    more_operations: usize,
    items: Vec<&'r str>,
    message: String,
    accepted: Option<Value>,
}

#[derive(Serialize)]
struct Reached<'r> {
    operation: &'r str,
    directions: Vec<&'r str>,
}

fn change<'r>(
    report: &'r Report<'r>,
    judged: &'r Judged<'r>,
    policy: &Policy,
    most: usize,
) -> ChangeOf<'r> {
    let change = &judged.change;
    let pointer = |spot: &'r Option<Spot>| spot.as_ref().map(|spot| &*spot.pointer);
    let operations = change.reach.iter().take(most).map(|(name, felt)| {
        let directions = [
            (felt.request, Direction::Request),
            (felt.response, Direction::Response),
        ];
        let felt = directions.into_iter().filter(|(felt, _)| *felt);
        Reached {
            operation: name,
            directions: felt.map(|(_, direction)| direction.as_str()).collect(),
        }
    });
    let effects = judged.directions(policy).into_iter();
    let items = judged
        .items
        .iter()
        .filter_map(|index| report.items.get(*index));
    let [base_position, revision_position] = judged.at;
    ChangeOf {
        id: change.check.id,
        area: change.check.area.as_str(),
        severity: judged.severity(),
        wire: judged.wire.as_str(),
        rust: judged.rust.as_str(),
        unknown: change.check.is_unknown(),
        fingerprint: judged.fingerprint.to_string(),
        base: pointer(&change.base),
        revision: pointer(&change.revision),
        base_position,
        revision_position,
        before: change.before.as_ref(),
        after: change.after.as_ref(),
        directions: effects
            .map(|(direction, wire)| (direction.as_str(), wire.as_str()))
            .collect(),
        operations: operations.collect(),
        more_operations: change.reach.len().saturating_sub(most),
        items: items.map(|item| item.name.as_str()).collect(),
        message: judged.sentence(),
        accepted: judged.accepted.as_deref().map(decision),
    }
}

fn item(of: &Item) -> Value {
    json!({
        "item": of.name,
        "moved": of.moved.as_str(),
        "bump": of.bump().as_str(),
        "before": of.before,
        "after": of.after,
        "base": of.base,
        "revision": of.revision,
    })
}

fn decision(of: &Accepted) -> Value {
    json!({ "fingerprint": of.fingerprint, "reason": of.reason, "date": of.date })
}
