//! For programs: the form that `xtask/diff.schema.json` describes.

use serde_json::{Value, json};

use crate::diff::change::{Direction, Spot};
use crate::diff::policy::{Accepted, Policy};
use crate::diff::report::{Judged, Report};
use crate::rust::Item;

pub fn render(report: &Report, policy: &Policy) -> String {
    let changes: Vec<Value> = report
        .changes
        .iter()
        .map(|judged| change(report, judged, policy))
        .collect();
    let value = json!({
        "base": report.base,
        "revision": report.revision,
        "verdict": { "wire": report.wire.as_str(), "rust": report.rust.as_str() },
        "changes": changes,
        "rust": {
            "basis": report.basis.as_str(),
            "reason": report.basis.reason(),
            "items": report.items.iter().map(item).collect::<Vec<_>>(),
        },
        "stale": report.stale.iter().map(decision).collect::<Vec<_>>(),
        "version": report.version.as_ref().map(|version| json!({
            "released": version.released,
            "present": version.present.to_string(),
            "needed": version.needed.to_string(),
            "enough": version.is_enough(),
        })),
        "ledger": report.ledger.as_ref().map(|(gained, lost)| json!({
            "gained": gained,
            "lost": lost,
        })),
    });
    // A map with string keys always prints.
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn change(report: &Report, judged: &Judged, policy: &Policy) -> Value {
    let change = &judged.change;
    let pointer = |spot: &Option<Spot>| spot.as_ref().map(|spot| spot.pointer.clone());
    let operations: Vec<Value> = change
        .reach
        .iter()
        .map(|(name, felt)| {
            let directions: Vec<&str> = [
                (felt.request, Direction::Request),
                (felt.response, Direction::Response),
            ]
            .into_iter()
            .filter(|(felt, _)| *felt)
            .map(|(_, direction)| direction.as_str())
            .collect();
            json!({ "operation": &**name, "directions": directions })
        })
        .collect();
    let effects: serde_json::Map<String, Value> = judged
        .directions(policy)
        .into_iter()
        .map(|(direction, wire)| (direction.as_str().to_owned(), wire.as_str().into()))
        .collect();
    let items = judged
        .items
        .iter()
        .filter_map(|index| report.items.get(*index));
    json!({
        "id": change.check.id,
        "area": change.check.area.as_str(),
        "severity": judged.severity(),
        "wire": judged.wire.as_str(),
        "rust": judged.rust.as_str(),
        "unknown": change.check.is_unknown(),
        "fingerprint": judged.fingerprint,
        "base": pointer(&change.base),
        "revision": pointer(&change.revision),
        "before": change.before,
        "after": change.after,
        "directions": effects,
        "operations": operations,
        "items": items.map(|item| item.name.clone()).collect::<Vec<_>>(),
        "message": judged.sentence(),
        "accepted": judged.accepted.as_ref().map(decision),
    })
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
