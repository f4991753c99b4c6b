//! The sentence of README.md that says how much of the document the client covers.

use std::collections::BTreeSet;

use neo_client_codegen::Output;

const BEGINNING: &str = "The client calls ";

/// Returns the text with the present figures, or `None` if it has no such line.
pub fn edited(text: &str, output: &Output) -> Option<String> {
    let line = text
        .lines()
        .find(|line| line.starts_with(BEGINNING) && line.contains(" operations"))?;
    Some(text.replacen(line, &sentence(output), 1))
}

fn sentence(output: &Output) -> String {
    let coverage = output.coverage;
    let tags: BTreeSet<&str> = output
        .requests
        .keys()
        .filter_map(|name| name.split("::").nth(1))
        .collect();
    format!(
        "{BEGINNING}{} of {} operations of the document, in {}.",
        coverage.generated,
        coverage.operations,
        match tags.len() {
            1 => "one tag".to_owned(),
            many => format!("{many} tags"),
        }
    )
}
