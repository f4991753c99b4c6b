//! The policy of a project: other effects of checks, and accepted changes.
//!
//! ```json
//! {
//!   "effects": { "enum-value-added": { "response": "compatible" } },
//!   "accepted": [
//!     { "fingerprint": "09f9…", "reason": "nobody calls it", "date": "2026-01-31" }
//!   ]
//! }
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::diff::model::checks::{self, Check};
use crate::diff::model::verdict::{Direction, Wire};

/// The policy of a project.
#[derive(Debug, Default)]
pub struct Policy {
    effects: BTreeMap<&'static str, BTreeMap<Direction, Wire>>,
    pub accepted: Vec<AcceptedChange>,
}

/// A change that the project accepts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedChange {
    pub fingerprint: String,
    pub reason: String,
    pub date: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    #[serde(default)]
    effects: BTreeMap<String, PolicyEffects>,
    #[serde(default)]
    accepted: Vec<AcceptedChange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyEffects {
    request: Option<String>,
    response: Option<String>,
}

impl Policy {
    /// Reads a policy. An error names the field.
    pub fn read(document: Value) -> Result<Self, String> {
        let file: PolicyFile =
            serde_json::from_value(document).map_err(|error| error.to_string())?;
        let mut policy = Self {
            effects: BTreeMap::new(),
            accepted: file.accepted,
        };
        for (id, effects) in file.effects {
            let check = checks::named(&id).ok_or_else(|| {
                format!("effects: `{id}` is not a check; `cargo xtask spec checks` lists them")
            })?;
            for (direction, effect) in [
                (Direction::Request, effects.request),
                (Direction::Response, effects.response),
            ] {
                let Some(name) = effect else { continue };
                let effect = Wire::named(&name).ok_or_else(|| {
                    format!(
                        "effects.{id}.{}: `{name}` is not one of breaking, compatible, docs-only, none",
                        direction.as_str()
                    )
                })?;
                policy
                    .effects
                    .entry(check.id)
                    .or_default()
                    .insert(direction, effect);
            }
        }
        for (index, entry) in policy.accepted.iter().enumerate() {
            for (field, text) in [
                ("fingerprint", &entry.fingerprint),
                ("reason", &entry.reason),
                ("date", &entry.date),
            ] {
                if text.trim().is_empty() {
                    return Err(format!("accepted[{index}].{field} is empty"));
                }
            }
        }
        Ok(policy)
    }

    pub fn effect(&self, check: &Check, direction: Direction) -> Wire {
        self.effects
            .get(check.id)
            .and_then(|effects| effects.get(&direction))
            .copied()
            .unwrap_or_else(|| check.wire(direction))
    }
}
