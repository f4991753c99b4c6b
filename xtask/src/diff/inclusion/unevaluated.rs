//! Finds the properties and elements that a schema evaluates, for `unevaluatedProperties` and
//! `unevaluatedItems`.

use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::Rest;
use crate::diff::inclusion::prover::Prover;
use crate::diff::model::member::member;

/// The depth of parts within parts that are read.
const DEPTH: u8 = 8;

/// Keywords that evaluate properties or elements of some values only.
const CONDITIONAL: [&str; 6] = ["anyOf", "oneOf", "if", "then", "else", "dependentSchemas"];

impl<'d> Prover<'_, 'd> {
    /// Returns the properties that no part evaluates: `None` if that depends on the value, and
    /// `Some(None)` if there are none.
    pub fn evaluated_properties(&self, claim: Claim<'d>) -> Option<Option<Rest<'d>>> {
        let mut rest = Rest {
            names: Vec::new(),
            patterns: Vec::new(),
        };
        for (part, is_outer) in self.parts(claim)? {
            let is_open = ["additionalProperties", "unevaluatedProperties"]
                .into_iter()
                .any(|key| {
                    let is_own = is_outer && key == "unevaluatedProperties";
                    !is_own && member(part, key).is_some()
                });
            if is_open {
                return Some(None);
            }
            for (key, names) in [
                ("properties", &mut rest.names),
                ("patternProperties", &mut rest.patterns),
            ] {
                let own = member(part, key).and_then(Value::as_object);
                names.extend(
                    own.into_iter()
                        .flat_map(|own| own.keys().map(String::as_str)),
                );
            }
        }
        Some(Some(rest))
    }

    /// Returns the first element that no part evaluates, in the same way.
    pub fn evaluated_items(&self, claim: Claim<'d>) -> Option<Option<usize>> {
        let mut prefix = 0;
        let unevaluated = member(claim.schema, "unevaluatedItems");
        // Elements that `contains` evaluates satisfy an equal schema of the others too.
        let tells_apart = |contained: &Value| unevaluated != Some(contained);
        for (part, is_outer) in self.parts(claim)? {
            if member(part, "contains").is_some_and(tells_apart) {
                return None;
            }
            let evaluates_all =
                |key: &'static str| member(part, key).is_some_and(|it| !it.is_array());
            if evaluates_all("items") || !is_outer && evaluates_all("unevaluatedItems") {
                return Some(None);
            }
            for key in ["prefixItems", "items"] {
                let tuple = member(part, key).and_then(Value::as_array);
                prefix = prefix.max(tuple.map_or(0, Vec::len));
            }
        }
        Some(Some(prefix))
    }

    /// Returns a schema and its parts, each with whether it is the outermost.
    fn parts(&self, claim: Claim<'d>) -> Option<Vec<(&'d Value, bool)>> {
        let mut parts = Vec::new();
        let mut pending = vec![(claim.schema, DEPTH)];
        while let Some((schema, depth)) = pending.pop() {
            if CONDITIONAL.iter().any(|key| member(schema, key).is_some()) {
                return None;
            }
            parts.push((schema, parts.is_empty()));
            let depth = depth.checked_sub(1)?;
            if let Some(reference) = member(schema, "$ref") {
                let target = self.document(claim.side).target(reference.as_str()?)?;
                pending.push((target.value, depth));
            }
            let all_of = member(schema, "allOf").and_then(Value::as_array);
            pending.extend(all_of.into_iter().flatten().map(|part| (part, depth)));
        }
        Some(parts)
    }
}
