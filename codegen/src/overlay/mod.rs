//! Applies an OpenAPI Overlay document, which holds corrections to the vendor's document, to a JSON
//! value.
//!
//! The rules are those of the [Overlay Specification
//! 1.1.0](https://spec.openapis.org/overlay/v1.1.0.html). A document of version 1.0.x is read by
//! the same rules, without `copy`. This module is stricter than the specification where an overlay
//! could lose its effect unnoticed:
//!
//! - an action whose `target` selects nothing is reported (the specification lets the action
//!   succeed). An action with `x-optional: true` expects that: the vendor may correct the document
//!   upstream;
//! - if such an action marks secrets (`x-secret: true`), properties whose names look like secrets
//!   are marked in its place;
//! - `update` and `copy` in one action are an error (by the specification, neither has an effect);
//! - removing the root of the document is an error.
//!
//! `extends` is accepted and not followed: the caller passes the document.

use std::fmt;

use serde_json::Value;

mod error;
mod fields;
mod path;
mod secrets;

pub use error::OverlayError;
use fields::{Fields, bare_kind, kind, wrong_type};
use path::{NodePath, Path, PathStep, find};

/// The maximum nesting depth that `serde_json` reads. An overlay must not exceed it (`copy` could
/// double the depth with each action).
const MAX_DEPTH: usize = 127;

/// Applies the actions of `overlay` to `document`, in order, each to the result of the previous
/// one.
///
/// The whole overlay is validated before the first action runs.
///
/// # Errors
///
/// Returns an [`OverlayError`] with a location in the overlay. If an action failed, earlier actions
/// have been applied: discard the document.
///
/// # Returns
///
/// Returns the actions that selected nothing.
pub fn apply(document: &mut Value, overlay: &Value) -> Result<Vec<IdleAction>, OverlayError> {
    let mut idle = Vec::new();
    for action in read(overlay)? {
        let places = action.target.places(document);
        if !places.is_empty() {
            action.apply(document, places)?;
            continue;
        }
        let marks_secrets =
            matches!(action.change, Change::Update(update) if secrets::marks_secrets(update));
        idle.push(IdleAction {
            target: action.target.text.to_owned(),
            is_optional: action.is_optional,
            redacted: match marks_secrets {
                true => Some(secrets::redact_by_name(document, action.target.text)),
                false => None,
            },
            at: action.at,
        });
    }
    Ok(idle)
}

/// An action of an overlay that selected nothing and so had no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdleAction {
    /// The action, as a JSON pointer into the overlay.
    pub at: String,
    /// The JSONPath of the action.
    pub target: String,
    /// `true` if the action has `x-optional: true`.
    pub is_optional: bool,
    /// If the action marks secrets: the properties that are redacted in its place because of their
    /// names, as JSON pointers into the document.
    pub redacted: Option<Vec<String>>,
}

impl fmt::Display for IdleAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, target, .. } = self;
        write!(f, "`{target}` selects nothing: ")?;
        match (&self.redacted, self.is_optional) {
            (Some(redacted), _) => write!(
                f,
                "the action at {at} of the overlay marks no secret any more; {} properties with \
                 names of secrets are redacted in its place; correct the target",
                redacted.len()
            ),
            (None, true) => write!(f, "the optional action at {at} of the overlay can go"),
            (None, false) => write!(
                f,
                "the action at {at} of the overlay has no effect; correct the target or remove the \
                 action"
            ),
        }
    }
}

/// A validated entry of `actions`.
struct Action<'a> {
    /// The JSON pointer of the action in the overlay.
    at: String,
    target: Path<'a>,
    /// `true` if the target may select nothing.
    is_optional: bool,
    change: Change<'a>,
}

enum Change<'a> {
    /// Neither `update`, `copy` nor `remove: true`: allowed, without effect.
    Nothing,
    Update(&'a Value),
    Copy(Path<'a>),
    Remove,
}

/// Validates an overlay document and splits it into actions.
fn read(overlay: &Value) -> Result<Vec<Action<'_>>, OverlayError> {
    let root = Fields::of(overlay, String::new())?;
    let version = root.string("overlay")?;
    let mut action_fields = vec!["target", "description", "update", "remove"];
    let mut info_fields = vec!["title", "version"];
    match version.split('.').collect::<Vec<_>>().as_slice() {
        ["1", "0", patch] if is_number(patch) => {}
        ["1", "1", patch] if is_number(patch) => {
            action_fields.push("copy");
            info_fields.push("description");
        }
        _ => {
            return Err(OverlayError::Version {
                found: version.to_owned(),
            });
        }
    }
    root.only(&["overlay", "info", "extends", "actions"], version)?;
    root.optional_string("extends")?;
    let info = Fields::of(root.required("info")?, "/info".to_owned())?;
    info.only(&info_fields, version)?;
    info.string("title")?;
    info.string("version")?;
    info.optional_string("description")?;

    let actions = root.required("actions")?;
    let actions = actions
        .as_array()
        .ok_or_else(|| wrong_type("/actions".to_owned(), "an array", actions))?;
    if actions.is_empty() {
        return Err(OverlayError::NoActions);
    }
    let mut checked = Vec::with_capacity(actions.len());
    for (index, value) in actions.iter().enumerate() {
        let action = Action::read(value, format!("/actions/{index}"), &action_fields, version)?;
        if let Some(first) = actions
            .iter()
            .take(index)
            .position(|earlier| earlier == value)
        {
            return Err(OverlayError::DuplicateAction {
                at: action.at,
                first: format!("/actions/{first}"),
            });
        }
        checked.push(action);
    }
    Ok(checked)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl<'a> Action<'a> {
    fn read(
        value: &'a Value,
        at: String,
        known: &[&str],
        version: &str,
    ) -> Result<Self, OverlayError> {
        let fields = Fields::of(value, at.clone())?;
        fields.only(known, version)?;
        let target = Path::read(fields.string("target")?, format!("{at}/target"))?;
        fields.optional_string("description")?;
        let update = fields.object.get("update");
        let copy = match fields.optional_string("copy")? {
            Some(text) => Some(Path::read(text, format!("{at}/copy"))?),
            None => None,
        };
        let remove = fields.flag("remove")?;
        let is_optional = fields.flag("x-optional")?;
        // `remove: true` takes precedence over the other two.
        let change = match (remove, update, copy) {
            (true, _, _) => Change::Remove,
            (false, Some(_), Some(_)) => return Err(OverlayError::UpdateAndCopy { at }),
            (false, Some(value), None) => Change::Update(value),
            (false, None, Some(path)) => Change::Copy(path),
            (false, None, None) => Change::Nothing,
        };
        Ok(Self {
            at,
            target,
            is_optional,
            change,
        })
    }

    fn apply(&self, document: &mut Value, places: Vec<NodePath>) -> Result<(), OverlayError> {
        match &self.change {
            Change::Nothing => Ok(()),
            Change::Remove => self.remove(document, places),
            Change::Update(value) => self.merge(document, &places, value, "update"),
            Change::Copy(path) => {
                let nodes = path.parsed.query(document).all();
                let [node] = nodes.as_slice() else {
                    return Err(OverlayError::CopySource {
                        at: path.at.clone(),
                        path: path.text.to_owned(),
                        found: nodes.len(),
                    });
                };
                let value = (*node).clone();
                self.merge(document, &places, &value, "copy")
            }
        }
    }

    fn remove(&self, document: &mut Value, places: Vec<NodePath>) -> Result<(), OverlayError> {
        // Last location first: elements before it keep their index, and its parents still exist.
        for place in places.into_iter().rev() {
            let Some((last, parent)) = place.0.split_last() else {
                return Err(OverlayError::RemoveRoot {
                    at: self.target.at.clone(),
                    target: self.target.text.to_owned(),
                });
            };
            match (find(document, parent), last) {
                (Some(Value::Object(object)), PathStep::Name(name)) => {
                    object.shift_remove(name);
                }
                (Some(Value::Array(array)), PathStep::Index(index)) if *index < array.len() => {
                    array.remove(*index);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Merges `value` into the node at each location. `field` is the origin of the value.
    fn merge(
        &self,
        document: &mut Value,
        places: &[NodePath],
        value: &Value,
        field: &str,
    ) -> Result<(), OverlayError> {
        let (mut objects, mut arrays, mut primitives) = (0, 0, 0);
        for place in places {
            match find(document, &place.0) {
                Some(Value::Object(_)) => objects += 1,
                Some(Value::Array(_)) => arrays += 1,
                _ => primitives += 1,
            }
        }
        if ![objects, arrays, primitives].contains(&places.len()) {
            let (at, target) = (self.target.at.clone(), self.target.text.to_owned());
            return Err(OverlayError::MixedTargets {
                at,
                target,
                objects,
                arrays,
                primitives,
            });
        }
        let at = format!("{}/{field}", self.at);
        for place in places {
            if place.0.len().saturating_add(depth(value)) > MAX_DEPTH {
                return Err(OverlayError::TooDeep {
                    at,
                    place: place.to_string(),
                });
            }
            let merged = match find(document, &place.0) {
                // Only at the top level, not inside of objects: anything but an array is one new
                // element.
                Some(Value::Array(array)) if !value.is_array() => {
                    array.push(value.clone());
                    Ok(())
                }
                Some(node) => merge(node, value),
                None => Ok(()),
            };
            merged.map_err(|conflict| OverlayError::Incompatible {
                at: at.clone(),
                update: conflict.update,
                target: conflict.target,
                place: format!("{place}{}", conflict.place()),
            })?;
        }
        Ok(())
    }
}

/// Two values that cannot be merged, with the names that lead to them, innermost first.
struct Conflict {
    names: Vec<String>,
    update: &'static str,
    target: &'static str,
}

impl Conflict {
    fn place(self) -> NodePath {
        NodePath(self.names.into_iter().rev().map(PathStep::Name).collect())
    }
}

fn merge(target: &mut Value, update: &Value) -> Result<(), Conflict> {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (name, value) in update {
                match target.get_mut(name) {
                    Some(present) => merge(present, value).map_err(|mut conflict| {
                        conflict.names.push(name.clone());
                        conflict
                    })?,
                    None => {
                        target.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (target, update) if is_primitive(target) && is_primitive(update) => {
            *target = update.clone()
        }
        (target, update) => {
            return Err(Conflict {
                names: Vec::new(),
                update: kind(update),
                target: bare_kind(target),
            });
        }
    }
    Ok(())
}

fn is_primitive(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// Returns the nesting depth of objects and arrays.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(array) => 1 + array.iter().map(depth).max().unwrap_or(0),
        Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
