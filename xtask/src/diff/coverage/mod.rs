//! Proves that every edit of every keyword has the verdict of the law: what the client sends may
//! not be narrowed, and what it receives may not be widened.

mod exceptions;
mod fields;
mod gathered;
mod keywords;
mod oracle;
mod proof;
mod references;
mod samples;
mod schema_edits;
mod structure;
mod subschemas;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::diff::model::verdict::{Direction, Wire};
use crate::diff::result::policy::Policy;
use crate::report::judgement::Report;
use crate::rust_api::api_diff::ApiDiff;

/// Returns the verdict and the checks of a pair.
pub fn judge(base: &Value, revision: &Value) -> (Wire, Vec<String>) {
    let changes = crate::diff::changes(base, revision);
    let ids = changes.iter().map(|it| it.check.id.to_owned()).collect();
    let unknown = ApiDiff::Unknown(String::new());
    let report = Report::new(
        (String::new(), String::new()),
        changes,
        unknown,
        &Policy::default(),
    );
    (report.wire, ids)
}

/// A position in which a schema is sent or received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Request,
    Response,
    Webhook,
    WebhookAnswer,
    Callback,
}

impl Place {
    const ALL: [Self; 5] = [
        Self::Request,
        Self::Response,
        Self::Webhook,
        Self::WebhookAnswer,
        Self::Callback,
    ];

    fn is_sent(self) -> bool {
        matches!(self, Self::Request | Self::WebhookAnswer)
    }

    /// Returns the place of an operation of [`document`].
    fn of(operation: &str) -> Option<Self> {
        Some(match operation {
            "POST /request" => Self::Request,
            "GET /response" => Self::Response,
            "POST webhook request" => Self::Webhook,
            "POST webhook response" => Self::WebhookAnswer,
            callback if callback.contains("callback") => Self::Callback,
            _ => return None,
        })
    }
}

/// Returns a document in which a schema is used in every position.
fn document(components: &Value, schema: &Value) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Unit"}}});
    let body = json!({"required": true, "content": content});
    let described = json!({"200": {"description": "ok", "content": content}});
    let plain = json!({"200": {"description": "ok"}});
    let mut schemas = components.clone();
    schemas["Unit"] = schema.clone();
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/request": {"post": {"requestBody": body, "responses": plain}},
            "/response": {"get": {"responses": described}},
            "/callback": {"post": {"responses": plain, "callbacks": {"c": {"{$url}": {
                "post": {"requestBody": body, "responses": plain}}}}}},
        },
        "webhooks": {
            "request": {"post": {"requestBody": body, "responses": plain}},
            "response": {"post": {"responses": described}},
        },
        "components": {"schemas": schemas},
    })
}

/// Returns the verdict in each place, and the checks.
fn judge_places(base: &Value, revision: &Value) -> (BTreeMap<Place, Wire>, Vec<&'static str>) {
    let changes = crate::diff::changes(base, revision);
    let mut verdicts: BTreeMap<Place, Wire> = Place::ALL.map(|place| (place, Wire::None)).into();
    for change in &changes {
        let sent = change.check.wire(Direction::Request);
        let received = change.check.wire(Direction::Response);
        let worst = change.check.worst();
        let mut count = |place: Place, wire: Wire| {
            let known = verdicts.entry(place).or_insert(Wire::None);
            *known = wire.max(*known);
        };
        if change.affected.is_empty() {
            Place::ALL.into_iter().for_each(|place| count(place, worst));
        }
        for (operation, directions) in change.affected.iter() {
            let felt = [
                directions.request.then_some(sent),
                directions.response.then_some(received),
            ];
            let felt = felt.into_iter().flatten().max();
            if let Some(place) = Place::of(operation) {
                count(place, felt.unwrap_or_else(|| worst.min(Wire::Compatible)));
            }
        }
    }
    let ids = changes.iter().map(|change| change.check.id);
    (verdicts, ids.collect())
}
