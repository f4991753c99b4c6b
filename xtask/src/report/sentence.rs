//! The sentences about one change: the change, the clients that it breaks, and the remedy.

use serde_json::Value;

use crate::diff::model::checks::{Area, Effect};
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::verdict::{Bump, Direction, Wire};
use crate::report::judgement::JudgedChange;

/// The length of the longest value that a sentence shows in full.
const MAX_VALUE: usize = 60;

impl JudgedChange<'_> {
    /// Returns the subject and its change, with the old and the new value.
    pub fn headline(&self) -> String {
        let subject = self.change.subject();
        match self.change.check.predicate.starts_with("the ") {
            true => format!("{subject}: {}", self.message()),
            false => format!("{subject} {}", self.message()),
        }
    }

    /// Returns the change with the old and the new value, without its subject.
    pub fn message(&self) -> String {
        let predicate = self.change.check.predicate;
        match self.values() {
            Some(values) => format!("{predicate} ({values})"),
            None => predicate.to_owned(),
        }
    }

    /// Returns the headline and how clients break.
    pub fn sentence(&self) -> String {
        let mut sentence = self.headline();
        for (_, consequence) in self.consequences() {
            sentence += &format!("; {consequence}");
        }
        sentence
    }

    /// Returns how clients break, in each direction in which they do.
    pub fn consequences(&self) -> Vec<(Direction, &'static str)> {
        let affected = self.change.affected.directions();
        let mut found: Vec<(Direction, &'static str)> = Vec::new();
        for (is_affected, direction) in [
            (affected.request, Direction::Request),
            (affected.response, Direction::Response),
        ] {
            let is_felt = is_affected || self.change.affected.is_empty();
            let consequence = self.change.check.consequence(direction);
            let is_new = found.iter().all(|(_, known)| *known != consequence);
            if self.wire == Wire::Breaking && is_felt && !consequence.is_empty() && is_new {
                found.push((direction, consequence));
            }
        }
        found
    }

    /// Returns one sentence on the clients that the change breaks.
    pub fn hurt(&self) -> Option<String> {
        let each = self
            .consequences()
            .into_iter()
            .map(|(direction, consequence)| {
                let who = match (direction, self.change.check.area) {
                    (_, Area::Document | Area::Operation | Area::Security) => "all clients",
                    (Direction::Request, _) => "clients that send it",
                    (Direction::Response, _) => "clients that receive it",
                };
                format!("{who}: {consequence}")
            });
        let each: Vec<String> = each.collect();
        (!each.is_empty()).then(|| each.join("; "))
    }

    /// Returns what the maintainer can do about a change that breaks.
    pub fn advice(&self) -> Option<&'static str> {
        if self.change.check.is_unknown() {
            return Some(
                "compare the two by hand; if they agree, accept the fingerprint in spec-policy.json",
            );
        }
        if self.wire == Wire::Breaking {
            let directions = self.consequences();
            let is = |wanted| directions.iter().any(|(direction, _)| *direction == wanted);
            return Some(match (is(Direction::Request), is(Direction::Response)) {
                (true, false) => {
                    "regenerate and release; callers must stop sending what the server will reject"
                }
                (false, true) => {
                    "regenerate and release before the server changes; old clients may fail to read"
                }
                _ => "regenerate and release together with the server; old clients stop working",
            });
        }
        (self.rust == Some(Bump::Major)).then_some(
            "release a new major version, or keep the old name with an action in overlay.json",
        )
    }

    /// Returns whether the value is that of a keyword that may be absent.
    fn is_of_keyword(&self) -> bool {
        let id = self.change.check.id;
        id.starts_with("schema-format-") || id.ends_with("default-changed")
    }

    /// Returns the old and the new value, as far as they are short.
    fn values(&self) -> Option<String> {
        let (before, after) = (self.change.before.as_ref(), self.change.after.as_ref());
        if self.change.check.effect == Effect::Words {
            let names = words(before, after)?;
            let is_said = self.change.check.predicate.contains(names.as_str());
            return (!is_said).then_some(names);
        }
        let is_type = self.change.check.id.starts_with("schema-type-");
        let shown = |shown: Option<&ShownValue<'_>>| {
            let value = shown?.value();
            let types = types(&value).filter(|_| is_type);
            Some(types.map_or_else(|| brief(&value), |types| Some((None, types))))
        };
        match (shown(before), shown(after)) {
            (Some(Some((key, before))), Some(Some((_, after)))) => {
                let is_flag = before == "true" || before == "false";
                let is_said = is_flag && (key.is_none() || self.change.check.area == Area::Schema);
                let key = key.map_or(String::new(), |key| format!("{key} "));
                (!is_said && before != after).then(|| format!("{key}{before} → {after}"))
            }
            (Some(Some((None, only))), None) if self.is_of_keyword() => {
                Some(format!("{only} → none"))
            }
            (None, Some(Some((None, only)))) if self.is_of_keyword() => {
                Some(format!("none → {only}"))
            }
            (Some(Some((key, only))), None) => {
                Some(one_sided(key, &only, &format!("{only} → none")))
            }
            (None, Some(Some((key, only)))) => {
                Some(one_sided(key, &only, &format!("none → {only}")))
            }
            _ => None,
        }
    }
}

/// Returns the value of a side, if the other side has none. An item that came or went as a whole is
/// described by its type or its title; of a keyword, the value changed.
fn one_sided(key: Option<String>, only: &str, arrow: &str) -> String {
    match key.as_deref() {
        None | Some("summary" | "title" | "description" | "type") => only.to_owned(),
        Some(key) => format!("{key} {arrow}"),
    }
}

/// Names the annotations that differ.
fn words(before: Option<&ShownValue<'_>>, after: Option<&ShownValue<'_>>) -> Option<String> {
    let keys = |shown: Option<&ShownValue<'_>>| -> Vec<String> {
        let value = shown.map(|shown| shown.value().into_owned());
        let object = value.as_ref().and_then(Value::as_object);
        object
            .into_iter()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect()
    };
    let mut names = keys(before);
    names.extend(keys(after));
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns a value in short, with the keyword if it is an object with one property. A schema is
/// shown by its type.
fn brief(value: &Value) -> Option<(Option<String>, String)> {
    match value {
        Value::Object(object) => {
            let mut properties = object.iter();
            match (properties.next(), properties.next()) {
                (Some((key, only)), None)
                    if !only.is_object() && !key.starts_with('$') && !key.ends_with("Of") =>
                {
                    let shown = types(only).filter(|_| key == "type");
                    let shown = shown.unwrap_or_else(|| cut(&only.to_string()));
                    Some((Some(key.clone()), shown))
                }
                _ => {
                    let reference = object.get("$ref").and_then(Value::as_str);
                    let name = reference.and_then(|reference| reference.rsplit('/').next());
                    let shown = name
                        .map(str::to_owned)
                        .or_else(|| types(object.get("type")?));
                    match (shown, object.get("schema")) {
                        (Some(shown), _) => Some((None, shown)),
                        (None, Some(schema)) if object.contains_key("in") => brief(schema),
                        (None, _) => None,
                    }
                }
            }
        }
        other => Some((None, cut(&other.to_string()))),
    }
}

/// Returns the value of the keyword `type` in words: `string or null`.
fn types(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()),
        Value::Array(names) => {
            let names: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
            Some(names?.join(" or "))
        }
        _ => None,
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_VALUE {
        return text.to_owned();
    }
    let start: String = text.chars().take(MAX_VALUE - 1).collect();
    format!("{start}…")
}
