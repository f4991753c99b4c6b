//! Compares security requirements and security schemes.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::diff::compare::schema::uses::differing;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks::{self, Check};
use crate::diff::model::document::{Document, Node};
use crate::diff::model::operation::{Operation, additional};
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::verdict::Direction;
use crate::diff::normalize::schema_use::annotations;

/// Security schemes that a request must satisfy together, with their scopes.
type SchemeSet = BTreeMap<String, BTreeSet<String>>;

/// Compares the requirements of an operation. A client that satisfied the base must satisfy the
/// revision.
pub fn requirements<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Operation<'d>,
    new: &Operation<'d>,
) {
    let from = stated(&walk.base, old);
    let to = stated(&walk.revision, new);
    let renamed = renamed(walk);
    let was = alternatives(from.as_ref(), &BTreeMap::new());
    let is = alternatives(to.as_ref(), &renamed);
    if was == is {
        return;
    }
    let is_enough = |had: &SchemeSet| {
        is.iter().any(|asked| {
            asked
                .iter()
                .all(|(name, scopes)| had.get(name).is_some_and(|had| scopes.is_subset(had)))
        })
    };
    let check = if was.iter().all(is_enough) {
        &checks::SECURITY_RELAXED
    } else {
        &checks::SECURITY_TIGHTENED
    };
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
    let location = (
        Some(from.as_ref().unwrap_or(&old.node)),
        Some(to.as_ref().unwrap_or(&new.node)),
    );
    let shown = |node: &Option<Node<'d>>| Some(value(node).unwrap_or(Value::Null.into()));
    walk.report_for(of, check, location, shown(&from), shown(&to));
}

/// Returns the requirements of an operation, or else of the document.
fn stated<'d>(document: &Document<'d>, of: &Operation<'d>) -> Option<Node<'d>> {
    of.node
        .get("security")
        .or_else(|| document.root().get("security"))
}

fn alternatives(
    stated: Option<&Node<'_>>,
    renamed: &BTreeMap<String, String>,
) -> BTreeSet<SchemeSet> {
    let read = |node: Node<'_>| -> SchemeSet {
        node.entries()
            .map(|(name, scopes)| {
                let name = renamed.get(name).map_or(name, String::as_str).to_owned();
                let scopes = scopes.items();
                let scopes = scopes.filter_map(|scope| scope.value.as_str().map(str::to_owned));
                (name, scopes.collect())
            })
            .collect()
    };
    let all: BTreeSet<SchemeSet> = stated.into_iter().flat_map(Node::items).map(read).collect();
    if all.is_empty() {
        BTreeSet::from([SchemeSet::new()])
    } else {
        all
    }
}

fn schemes<'d>(document: &Document<'d>) -> BTreeMap<&'d str, Node<'d>> {
    let components = document.root().get("components");
    let schemes = components.and_then(|components| components.get("securitySchemes"));
    schemes
        .iter()
        .flat_map(Node::entries)
        .map(|(name, scheme)| (name, document.resolve(&scheme).unwrap_or(scheme)))
        .collect()
}

/// Returns the renamed schemes: the old name by the new one.
fn renamed(walk: &Walk<'_>) -> BTreeMap<String, String> {
    let old = schemes(&walk.base);
    let new = schemes(&walk.revision);
    let mut renamed = BTreeMap::new();
    for (name, scheme) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let same = old
            .iter()
            .find(|(was, other)| !new.contains_key(*was) && other.value == scheme.value);
        if let Some((was, _)) = same {
            renamed.insert((*name).to_owned(), (*was).to_owned());
        }
    }
    renamed
}

/// Compares the security schemes.
pub fn compare(walk: &mut Walk<'_>) {
    let old = schemes(&walk.base);
    let new = schemes(&walk.revision);
    let renamed = renamed(walk);
    let users = users(&walk.base);
    for (name, from) in &old {
        let now = new.get(name).or_else(|| {
            let (now, _) = renamed.iter().find(|(_, was)| was == name)?;
            new.get(now.as_str())
        });
        let no_one = Vec::new();
        let used_by = users.get(*name).unwrap_or(&no_one);
        match now {
            Some(to) => scheme(walk, used_by, from, to),
            // Operations that require the scheme still do, and nothing describes it.
            None if !required(&walk.revision, name).is_empty() => {
                let still = required(&walk.revision, name);
                for of in used_by.iter().filter(|of| still.contains(&of.name)) {
                    let location = (Some(from), None);
                    let check = &checks::SECURITY_SCHEME_MISSING;
                    walk.report_for(of, check, location, Some(from.shown()), None);
                }
            }
            // Operations that required the scheme have been reported.
            None => {
                let before = Some(from.shown());
                let location = (Some(from), None);
                walk.report_alone(&checks::SECURITY_SCHEME_UNUSED, location, before, None);
            }
        }
    }
    for (name, to) in &new {
        if !old.contains_key(name) && !renamed.contains_key(*name) {
            let after = Some(to.shown());
            walk.report_alone(
                &checks::SECURITY_SCHEME_ADDED,
                (None, Some(to)),
                None,
                after,
            );
        }
    }
}

/// Returns the operations of the base by the schemes that they accept.
fn users(document: &Document<'_>) -> BTreeMap<String, Vec<OperationUse>> {
    let mut users: BTreeMap<String, Vec<OperationUse>> = BTreeMap::new();
    let root = document.root();
    let paths = root.get("paths");
    for (path, item) in paths.iter().flat_map(Node::entries) {
        let item = document.resolve(&item).unwrap_or(item);
        for (method, node) in item.entries().chain(additional(&item)) {
            if !node.value.is_object() || node.value.get("responses").is_none() {
                continue;
            }
            let operation = Operation {
                item: item.clone(),
                node,
                slots: Vec::new(),
            };
            let stated = stated(document, &operation);
            let name: Rc<str> = format!("{} {path}", method.to_uppercase()).into();
            for scheme in stated.iter().flat_map(Node::items).flat_map(|it| {
                it.entries()
                    .map(|(name, _)| name.to_owned())
                    .collect::<Vec<_>>()
            }) {
                users.entry(scheme).or_default().push(OperationUse {
                    name: Rc::clone(&name),
                    direction: Direction::Request,
                    is_draft: false,
                });
            }
        }
    }
    users
}

/// Returns the operations that require a scheme.
fn required(document: &Document<'_>, scheme: &str) -> BTreeSet<Rc<str>> {
    let users = users(document).remove(scheme).unwrap_or_default();
    users.into_iter().map(|of| of.name).collect()
}

fn scheme<'d>(walk: &mut Walk<'d>, used_by: &[OperationUse], old: &Node<'d>, new: &Node<'d>) {
    let mut report = |check: &'static Check,
                      location: (Option<&Node<'d>>, Option<&Node<'d>>),
                      before: Option<ShownValue<'d>>,
                      after: Option<ShownValue<'d>>| {
        // Documentation is reported even for an unused scheme; other changes count as unused.
        if used_by.is_empty() && !std::ptr::eq(check, &checks::SECURITY_DOCS) {
            walk.report_alone(&checks::SECURITY_SCHEME_UNUSED, location, before, after);
            return;
        }
        if used_by.is_empty() {
            walk.report_alone(check, location, before, after);
            return;
        }
        for of in used_by {
            walk.report_for(of, check, location, before.clone(), after.clone());
        }
    };
    if let Some((before, after)) = differing(&annotations(old.value), &annotations(new.value)) {
        let location = (Some(old), Some(new));
        report(&checks::SECURITY_DOCS, location, Some(before), Some(after));
    }
    let deprecated = |node: &Node<'d>| node.flag("deprecated") == Some(true);
    if deprecated(old) != deprecated(new) {
        let (before, after) = (deprecated(old).into(), deprecated(new).into());
        let location = (Some(old), Some(new));
        report(&checks::SECURITY_DOCS, location, Some(before), Some(after));
    }
    for key in [
        "type",
        "in",
        "name",
        "scheme",
        "bearerFormat",
        "openIdConnectUrl",
        "oauth2MetadataUrl",
    ] {
        let lower = |node: &Node<'d>| {
            let text = node.text(key)?;
            let is_header = key == "name" && node.text("in") == Some("header");
            let has_case = !is_header && !matches!(key, "scheme" | "bearerFormat");
            Some(if has_case {
                text.to_owned()
            } else {
                text.to_lowercase()
            })
        };
        let (was, is) = (lower(old), lower(new));
        if was == is {
            continue;
        }
        let check = match key {
            "openIdConnectUrl" if was.is_none() => &checks::SECURITY_URL_ADDED,
            "openIdConnectUrl" => &checks::SECURITY_URL,
            // `bearerFormat` is a hint, and the metadata repeats what the document says.
            "bearerFormat" | "oauth2MetadataUrl" => &checks::SECURITY_DOCS,
            _ => &checks::SECURITY_SCHEME_CHANGED,
        };
        let (from, to) = (old.get(key), new.get(key));
        let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
        let location = (
            Some(from.as_ref().unwrap_or(old)),
            Some(to.as_ref().unwrap_or(new)),
        );
        report(check, location, value(&from), value(&to));
    }
    let flows = |node: &Node<'d>| -> BTreeMap<&'d str, Node<'d>> {
        let flows = node.get("flows");
        let entries = flows.iter().flat_map(Node::entries);
        entries
            .filter(|(name, _)| !name.starts_with("x-"))
            .collect()
    };
    let (from, to) = (flows(old), flows(new));
    let names: BTreeSet<&str> = from.keys().chain(to.keys()).copied().collect();
    for name in names {
        let flow = Some(ShownValue::from(name));
        match (from.get(name), to.get(name)) {
            (Some(was), Some(is)) => {
                for (check, key) in flow_changes(was, is) {
                    let (from, to) = (was.get(key), is.get(key));
                    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.shown());
                    let location = (
                        Some(from.as_ref().unwrap_or(was)),
                        Some(to.as_ref().unwrap_or(is)),
                    );
                    report(check, location, value(&from), value(&to));
                }
            }
            (Some(was), None) => {
                let location = (Some(was), Some(new));
                report(&checks::SECURITY_FLOW_REMOVED, location, flow, None);
            }
            (None, Some(is)) => {
                let location = (Some(old), Some(is));
                report(&checks::SECURITY_FLOW_ADDED, location, None, flow);
            }
            (None, None) => {}
        }
    }
}

fn flow_changes(old: &Node<'_>, new: &Node<'_>) -> Vec<(&'static Check, &'static str)> {
    let mut found: Vec<(&'static Check, &'static str)> = Vec::new();
    for key in [
        "authorizationUrl",
        "deviceAuthorizationUrl",
        "tokenUrl",
        "refreshUrl",
    ] {
        let (was, is) = (old.text(key), new.text(key));
        if was == is {
            continue;
        }
        let check = match key {
            _ if was.is_none() => &checks::SECURITY_URL_ADDED,
            "authorizationUrl" => &checks::SECURITY_AUTHORIZATION_URL,
            _ => &checks::SECURITY_URL,
        };
        found.push((check, key));
    }
    let scopes = |node: &Node<'_>| -> BTreeMap<String, String> {
        let scopes = node.get("scopes");
        let entries = scopes.iter().flat_map(Node::entries);
        entries
            .map(|(name, annotations)| (name.to_owned(), annotations.value.to_string()))
            .collect()
    };
    let (was, is) = (scopes(old), scopes(new));
    if !was.keys().eq(is.keys()) {
        found.push((&checks::SECURITY_SCOPES, "scopes"));
    } else if was != is {
        found.push((&checks::SECURITY_DOCS, "scopes"));
    }
    found
}
