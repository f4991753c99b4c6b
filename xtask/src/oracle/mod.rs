//! The oracle of the Rust verdict: compilers judge pairs of crates, and their judgement is compared
//! with the verdict of `spec diff`.

pub mod cases;
mod crates;
mod semver_checks;
mod table;
mod witnesses;

use std::path::{Path, PathBuf};

use crate::oracle::cases::Case;
use crate::oracle::crates::Side;
use crate::oracle::semver_checks::Findings;
use crate::oracle::witnesses::WitnessResult;
use crate::result::Result;
use crate::workspace;

/// The judgement of the compilers on one case.
pub struct Judged {
    pub case: Case,
    /// One for each witness of the case, in their order.
    pub witnesses: Vec<WitnessResult>,
    /// The lints of cargo-semver-checks that found a breaking change; `None` if it did not run.
    pub lints: Option<Vec<String>>,
}

impl Judged {
    /// Returns whether the judgement contradicts the verdict.
    pub fn is_wrong(&self) -> bool {
        let is_major = self.case.is_major();
        self.witnesses.iter().any(|it| *it != WitnessResult::Proven)
            || self
                .lints
                .as_ref()
                .is_some_and(|lints| !lints.is_empty() && !is_major)
    }
}

/// The judgement on all cases.
pub struct Judgement {
    pub cases: Vec<Judged>,
    /// The reason why cargo-semver-checks did not run.
    pub without_semver_checks: Option<String>,
}

impl Judgement {
    pub fn is_wrong(&self) -> bool {
        self.cases.iter().any(Judged::is_wrong)
    }

    /// Returns the table and what follows from it.
    pub fn table(&self) -> String {
        table::render(self)
    }
}

/// Writes the two crates of all cases into a folder, and lets the compilers judge them.
pub fn judge(cases: Vec<Case>, folder: &Path, with_semver_checks: bool) -> Result<Judgement> {
    let (old, new) = (folder.join("old"), folder.join("new"));
    crates::write(&old, &cases, Side::Old)?;
    crates::write(&new, &cases, Side::New)?;
    eprintln!("compiling the witnesses of {} pairs", cases.len());
    let results = witnesses::compile(&old, &new, &cases, &target())?;
    let findings = match with_semver_checks {
        true => semver_checks::run(&old, &new, &target())?,
        false => Findings::Missing("--witnesses-only".to_owned()),
    };
    let (by_module, without_semver_checks) = match findings {
        Findings::Found(by_module) => (Some(by_module), None),
        Findings::Missing(reason) => (None, Some(reason)),
    };
    let judged = cases
        .into_iter()
        .zip(results)
        .map(|(case, witnesses)| Judged {
            lints: by_module
                .as_ref()
                .map(|lints| lints.get(&case.module()).cloned().unwrap_or_default()),
            case,
            witnesses,
        });
    Ok(Judgement {
        cases: judged.collect(),
        without_semver_checks,
    })
}

/// Returns the target folder, which the tests of `spec build` share: dependencies compile once.
fn target() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR");
    target
        .map_or_else(|| workspace::root().join("target"), Into::into)
        .join("new-crate")
}
