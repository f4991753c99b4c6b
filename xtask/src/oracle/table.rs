//! The table of the oracle: one row for each pair, then where the judgements differ.

use std::collections::BTreeMap;

use crate::diff::model::verdict::Bump;
use crate::oracle::witnesses::WitnessResult;
use crate::oracle::{Judged, Judgement};

/// Returns the table as Markdown.
pub fn render(judgement: &Judgement) -> String {
    let mut text =
        String::from("| pair | verdict | witnesses | cargo-semver-checks |\n|---|---|---|---|\n");
    for judged in &judgement.cases {
        text += &row(judged);
    }
    let cases = &judgement.cases;
    let witnesses = cases.iter().flat_map(|it| &it.witnesses);
    let proven = witnesses.clone().filter(|it| **it == WitnessResult::Proven);
    text += &format!(
        "\n{} pairs, {} of {} witnesses proven.\n",
        cases.len(),
        proven.count(),
        witnesses.count()
    );
    if let Some(reason) = &judgement.without_semver_checks {
        return text + &format!("cargo-semver-checks did not run: {reason}.\n");
    }
    let majors = cases.iter().filter(|it| it.case.is_major());
    let found = majors.clone().filter(|it| !lints(it).is_empty()).count();
    text += &format!(
        "cargo-semver-checks finds {found} of {} major changes.\n",
        majors.count()
    );
    text += &blind(judgement);
    let missed = cases
        .iter()
        .filter(|it| !it.case.is_major() && !lints(it).is_empty());
    for judged in missed {
        text += &format!(
            "MISSED: {} is {}, but cargo-semver-checks says {}\n",
            judged.case.name,
            judged.case.bump().as_str(),
            lints(judged).join(", ")
        );
    }
    text
}

fn row(judged: &Judged) -> String {
    let counts: Vec<String> = [
        (WitnessResult::Proven, "proven"),
        (WitnessResult::NotInOld, "WRONG: not in the old crate"),
        (WitnessResult::StillInNew, "WRONG: still in the new crate"),
    ]
    .into_iter()
    .filter_map(|(wanted, words)| {
        let found = judged.case.witnesses().zip(&judged.witnesses);
        let found: Vec<&str> = found
            .filter(|(_, result)| **result == wanted)
            .map(|((_, code), _)| code)
            .collect();
        match (found.len(), wanted) {
            (0, _) => None,
            (count, WitnessResult::Proven) => Some(format!("{count} {words}")),
            _ => Some(format!("{words}: `{}`", found.join("`, `"))),
        }
    })
    .collect();
    format!(
        "| {} | {} | {} | {} |\n",
        judged.case.name,
        judged.case.bump().as_str(),
        counts.join("; "),
        match &judged.lints {
            None => "not run".to_owned(),
            Some(lints) => lints.join(", "),
        }
    )
}

/// Returns where cargo-semver-checks finds nothing in a major change: the kinds of items, each with
/// its number.
fn blind(judgement: &Judgement) -> String {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let unseen = judgement
        .cases
        .iter()
        .filter(|it| it.case.is_major() && lints(it).is_empty());
    for judged in unseen {
        let items = judged.case.items.iter();
        for item in items.filter(|item| item.bump == Bump::Major && !item.is_echo) {
            let kind = item.name.split(' ').next().unwrap_or_default();
            let kind = format!("{} {kind}", item.change.as_str());
            *kinds.entry(kind).or_default() += 1;
        }
    }
    if kinds.is_empty() {
        return String::new();
    }
    let mut text =
        String::from("\ncargo-semver-checks is blind where nothing but this changes:\n\n");
    text += "| item | times |\n|---|--:|\n";
    for (kind, count) in kinds {
        text += &format!("| {kind} | {count} |\n");
    }
    text
}

fn lints(judged: &Judged) -> &[String] {
    judged.lints.as_deref().unwrap_or_default()
}
