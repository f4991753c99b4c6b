//! Compares a candidate document with the vendored one, for `spec check` and `spec refresh`.

use std::collections::HashSet;

use neo_client_codegen::Ledger;

use crate::derived;
use crate::diff;
use crate::diff::model::verdict::Bump;
use crate::diff::result::policy::Policy;
use crate::document::candidate::Candidate;
use crate::document::policy_file;
use crate::document::vendored::Vendored;
use crate::report::judgement::{LedgerChanges, Report};
use crate::result::Result;
use crate::rust_api::api_diff::ApiDiff;
use crate::rust_api::version;
use crate::workspace::Workspace;

/// Compares the documents and the clients that are generated from them.
pub fn compare<'d>(
    workspace: &Workspace,
    vendored: &'d Vendored,
    candidate: &'d Candidate,
    source: &str,
) -> Result<(Report<'d>, Policy)> {
    let policy = match workspace.policy() {
        path if path.exists() => policy_file::read(&path)?,
        _ => Policy::default(),
    };
    let (old, new) = (&candidate.old, &candidate.output);
    let changes = diff::changes(&vendored.document, &candidate.document);
    let rust_api = match old {
        Some(old) => ApiDiff::of_outputs(old, new, &vendored.document, &candidate.document),
        None => ApiDiff::Unknown("no client can be generated from the present document".to_owned()),
    };
    let names = ("openapi.json".to_owned(), source.to_owned());
    let mut report = Report::new(names, changes, rust_api, &policy);
    // Without a client to compare with, the change counts as the largest one.
    let since_vendored = report.rust.unwrap_or(Bump::Major);
    report.version = version::advise(workspace.root(), new, since_vendored);
    report.findings = candidate.findings.clone();
    report.findings.extend(derived::findings(workspace, new)?);
    report.ledger = old
        .as_ref()
        .map(|old| ledger_changes(&old.ledger, &new.ledger));
    report.count_operations(&vendored.document, &candidate.document);
    report.locate(&vendored.text, &candidate.text);
    Ok((report, policy))
}

fn ledger_changes(old: &Ledger, new: &Ledger) -> LedgerChanges {
    let lines = |ledger: &Ledger| -> Vec<String> {
        ledger.to_string().lines().map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let without = |lines: &[String], others: &[String]| -> Vec<String> {
        let others: HashSet<&String> = others.iter().collect();
        lines
            .iter()
            .filter(|line| !others.contains(line))
            .cloned()
            .collect()
    };
    LedgerChanges {
        gained: without(&new, &old),
        lost: without(&old, &new),
    }
}
