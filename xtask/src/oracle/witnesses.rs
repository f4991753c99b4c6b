//! Compiles witnesses against the old and the new clients.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::oracle::cases::Case;
use crate::oracle::crates::{WITNESSES, all_witnesses, index_of, write_root};
use crate::result::Result;
use crate::workspace;

/// The judgement of the compiler on a witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WitnessResult {
    /// The witness compiles against the old client and not against the new one.
    Proven,
    /// The witness does not compile against the old client.
    NotInOld,
    /// The witness compiles against the new client as well.
    StillInNew,
}

/// Returns the results of the witnesses of each case.
pub fn compile(
    old: &Path,
    new: &Path,
    cases: &[Case],
    target: &Path,
) -> Result<Vec<Vec<WitnessResult>>> {
    let all: BTreeSet<usize> = (0..all_witnesses(cases).count()).collect();
    let in_old = compiling(old, &all, target)?;
    let in_new = compiling(new, &in_old, target)?;
    let mut index = 0;
    let results = cases.iter().map(|case| {
        let of_case = case.witnesses().map(|_| {
            let result = match (in_old.contains(&index), in_new.contains(&index)) {
                (false, _) => WitnessResult::NotInOld,
                (true, true) => WitnessResult::StillInNew,
                (true, false) => WitnessResult::Proven,
            };
            index += 1;
            result
        });
        of_case.collect()
    });
    Ok(results.collect())
}

/// Returns the witnesses that compile. The compiler stops after a phase with errors, so the rest is
/// compiled again without the witnesses that have failed.
fn compiling(folder: &Path, witnesses: &BTreeSet<usize>, target: &Path) -> Result<BTreeSet<usize>> {
    let mut left = witnesses.clone();
    loop {
        write_root(folder, left.iter().copied())?;
        let output = Command::new(workspace::cargo())
            .args(["build", "--offline", "--message-format", "json"])
            .current_dir(folder.join(WITNESSES))
            .env("CARGO_TARGET_DIR", target)
            .output()?;
        if output.status.success() {
            return Ok(left);
        }
        let failed = failed(&String::from_utf8_lossy(&output.stdout));
        let count = left.len();
        left.retain(|index| !failed.contains(index));
        if left.len() == count {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(format!(
                "the clients in {} do not compile: {errors}",
                folder.display()
            )
            .into());
        }
    }
}

/// Returns the witnesses with errors in the messages of cargo.
fn failed(messages: &str) -> BTreeSet<usize> {
    let messages = messages.lines();
    let messages = messages.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut failed = BTreeSet::new();
    for message in messages {
        let Some(message) = message.get("message") else {
            continue;
        };
        if message.get("level").and_then(Value::as_str) != Some("error") {
            continue;
        }
        let spans = message.get("spans").and_then(Value::as_array);
        let files = spans.into_iter().flatten().filter_map(|span| {
            let is_primary = span.get("is_primary")?.as_bool()?;
            span.get("file_name")?.as_str().filter(|_| is_primary)
        });
        failed.extend(files.filter_map(index_of));
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_witness_by_its_file() {
        let message = |level: &str, file: &str, is_primary: bool| {
            format!(
                "{{\"reason\":\"compiler-message\",\"message\":{{\"level\":\"{level}\",\"spans\":\
                 [{{\"file_name\":\"{file}\",\"is_primary\":{is_primary}}}]}}}}\n"
            )
        };
        let messages = [
            message("error", "src/witness_3.rs", true),
            message("warning", "src/witness_4.rs", true),
            message("error", "src/witness_5.rs", false),
            message("error", "src\\\\witness_16.rs", true),
            "not JSON\n".to_owned(),
        ];
        assert_eq!(failed(&messages.concat()), [3, 16].into());
    }
}
