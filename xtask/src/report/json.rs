//! The JSON format, which `xtask/diff.schema.json` describes.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::diff::model::location::Location;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::verdict::Direction;
use crate::diff::result::policy::{AcceptedChange, Policy};
use crate::document::position::Position;
use crate::report::judgement::{JudgedChange, Report, bump_name};
use crate::rust_api::item::ApiItem;

pub fn render(report: &Report<'_>, policy: &Policy, to: &mut dyn Write) -> io::Result<()> {
    let changes = ChangeList { report, policy };
    let whole = ReportJson {
        base: &report.base,
        revision: &report.revision,
        verdict: json!({ "wire": report.wire.as_str(), "rust": bump_name(report.rust) }),
        operations: json!({ "touched": report.touched(), "all": report.operations }),
        changes,
        rust: json!({
            "compared": report.rust_unknown.is_none(),
            "reason": report.rust_unknown,
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
            .map(|ledger| json!({ "gained": ledger.gained, "lost": ledger.lost })),
        findings: &report.findings,
    };
    // The serializer writes small pieces: the buffer joins them to fewer system calls.
    let mut buffered = BufWriter::with_capacity(1 << 16, to);
    if report.changes.len() <= MAX_INDENTED {
        serde_json::to_writer_pretty(&mut buffered, &whole)?;
    } else {
        serde_json::to_writer(&mut buffered, &whole)?;
    }
    writeln!(buffered)?;
    buffered.flush()
}

#[derive(Serialize)]
struct ReportJson<'r> {
    base: &'r str,
    revision: &'r str,
    verdict: Value,
    operations: Value,
    changes: ChangeList<'r>,
    rust: Value,
    stale: Vec<Value>,
    version: Option<Value>,
    ledger: Option<Value>,
    findings: &'r [String],
}

/// The largest report that is indented. Indentation doubles the size.
const MAX_INDENTED: usize = 1_000;

/// The limit of listed operations in a report. If each of thousands of changes affects each of
/// thousands of operations, the full list has gigabytes.
const MAX_LISTED: usize = 400_000;

/// The operations that each change lists at least.
const MIN_LISTED: usize = 3;

/// Serializes the changes one by one: all of them as JSON values can exceed the memory.
struct ChangeList<'r> {
    report: &'r Report<'r>,
    policy: &'r Policy,
}

impl Serialize for ChangeList<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let changes = self.report.changes.iter();
        let all: usize = changes.clone().map(|it| it.change.affected.len()).sum();
        let most = if all <= MAX_LISTED {
            all
        } else {
            (MAX_LISTED / changes.len()).max(MIN_LISTED)
        };
        to.collect_seq(changes.map(|judged| change(self.report, judged, self.policy, most)))
    }
}

#[derive(Serialize)]
struct ChangeJson<'r> {
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
    before: Option<&'r ShownValue<'r>>,
    after: Option<&'r ShownValue<'r>>,
    directions: BTreeMap<&'r str, &'r str>,
    operations: Vec<AffectedJson<'r>>,
    #[serde(rename = "moreOperations")]
    more_operations: usize,
    items: Vec<&'r str>,
    message: String,
    hurt: Option<String>,
    advice: Option<&'static str>,
    accepted: Option<Value>,
}

#[derive(Serialize)]
struct AffectedJson<'r> {
    operation: &'r str,
    directions: Vec<&'r str>,
}

fn change<'r>(
    report: &'r Report<'r>,
    judged: &'r JudgedChange<'r>,
    policy: &Policy,
    most: usize,
) -> ChangeJson<'r> {
    let change = &judged.change;
    let pointer =
        |location: &'r Option<Location>| location.as_ref().map(|location| &*location.pointer);
    let operations = change.affected.iter().take(most).map(|(name, directions)| {
        let directions = [
            (directions.request, Direction::Request),
            (directions.response, Direction::Response),
        ];
        let directions = directions.into_iter().filter(|(directions, _)| *directions);
        AffectedJson {
            operation: name,
            directions: directions
                .map(|(_, direction)| direction.as_str())
                .collect(),
        }
    });
    let effects = judged.directions(policy).into_iter();
    let items = judged
        .items
        .iter()
        .filter_map(|index| report.items.get(*index));
    let (base_position, revision_position) = (judged.places.base, judged.places.revision);
    ChangeJson {
        id: change.check.id,
        area: change.check.area.as_str(),
        severity: judged.severity(),
        wire: judged.wire.as_str(),
        rust: bump_name(judged.rust),
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
        more_operations: change.affected.len().saturating_sub(most),
        items: items.map(|item| item.name.as_str()).collect(),
        message: judged.sentence(),
        hurt: judged.hurt(),
        advice: judged.advice(),
        accepted: judged.accepted.as_deref().map(decision),
    }
}

fn item(of: &ApiItem) -> Value {
    json!({
        "item": of.name,
        "change": of.change.as_str(),
        "bump": of.bump.as_str(),
        "before": of.before,
        "after": of.after,
        "base": of.base,
        "revision": of.revision,
        "unused": of.is_unused,
        "witness": of.witness.as_ref().map(|witness| {
            let (words, code) = witness.words();
            json!({ "effect": words, "code": code })
        }),
    })
}

fn decision(of: &AcceptedChange) -> Value {
    json!({ "fingerprint": of.fingerprint, "reason": of.reason, "date": of.date })
}
