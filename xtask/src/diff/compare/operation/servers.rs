//! Compares servers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::diff::model::checks::{self, Check};
use crate::diff::model::document::Node;
use crate::diff::model::value::canonical;

/// Returns the check that a change of servers falls under.
pub fn compare(old: Option<&Node<'_>>, new: Option<&Node<'_>>) -> Option<&'static Check> {
    if urls(old) == urls(new) {
        return (words(old) != words(new)).then_some(&checks::SERVER_DOCS);
    }
    let is_elsewhere = old.zip(new).is_some_and(|(old, new)| {
        let (was, is) = (base_paths(old), base_paths(new));
        !was.is_empty() && !is.is_empty() && was.is_disjoint(&is)
    });
    Some(if is_elsewhere {
        &checks::BASE_PATH_CHANGED
    } else {
        &checks::SERVERS_CHANGED
    })
}

/// Returns the servers as a client sees them, without order. Without servers, there is the server
/// `/`.
fn urls(servers: Option<&Node<'_>>) -> BTreeSet<String> {
    let shown = |url: &str, variables: BTreeMap<_, (Option<&str>, BTreeSet<String>)>| {
        format!("{} {variables:?}", url.trim_end_matches('/'))
    };
    let servers = servers.into_iter().flat_map(Node::items);
    let urls = servers.map(|server| {
        let mut variables = BTreeMap::new();
        for (name, variable) in server.get("variables").iter().flat_map(Node::entries) {
            let values = variable.get("enum");
            let values = values.iter().flat_map(Node::items);
            let values: BTreeSet<String> = values.map(|value| value.value.to_string()).collect();
            variables.insert(name, (variable.text("default"), values));
        }
        shown(server.text("url").unwrap_or_default(), variables)
    });
    let mut urls: BTreeSet<String> = urls.collect();
    if urls.is_empty() {
        urls.insert(shown("/", BTreeMap::new()));
    }
    urls
}

/// Returns the descriptions of servers and variables, without order.
fn words(servers: Option<&Node<'_>>) -> BTreeSet<String> {
    let servers = servers.into_iter().flat_map(Node::items);
    let words = servers.map(|server| {
        let mut own = server.value.clone();
        let variables = own.get_mut("variables").and_then(Value::as_object_mut);
        for (_, variable) in variables.into_iter().flatten() {
            let values = variable.get_mut("enum").and_then(Value::as_array_mut);
            if let Some(values) = values {
                values.sort_by_key(Value::to_string);
            }
        }
        let url = server.text("url").unwrap_or_default().trim_end_matches('/');
        if let Some(object) = own.as_object_mut() {
            object.insert("url".to_owned(), url.into());
        }
        canonical(&own)
    });
    let mut words: BTreeSet<String> = words.collect();
    if words.is_empty() {
        words.insert(canonical(&json!({ "url": "" })));
    }
    words
}

/// Returns the base path of all operations, empty or with a slash before it. `None` if servers have
/// different base paths, or if a path or an operation has servers of its own.
pub fn only_base(root: &Node<'_>) -> Option<String> {
    let has_own = |node: &Node<'_>| node.value.get("servers").is_some();
    let paths = root.get("paths");
    let mut items = paths.iter().flat_map(Node::entries);
    if items.any(|(_, item)| has_own(&item) || item.entries().any(|(_, node)| has_own(&node))) {
        return None;
    }
    let servers = root.get("servers");
    let mut bases = servers
        .map(|servers| base_paths(&servers))
        .unwrap_or_default();
    match (bases.pop_first(), bases.pop_first()) {
        (None, _) => Some(String::new()),
        (Some(only), None) if only.is_empty() => Some(only),
        (Some(only), None) => Some(format!("/{only}")),
        (Some(_), Some(_)) => None,
    }
}

/// Returns the base paths, with the defaults of variables.
fn base_paths(servers: &Node<'_>) -> BTreeSet<String> {
    servers
        .items()
        .filter_map(|server| {
            let mut url = server.text("url")?.to_owned();
            for (name, variable) in server.get("variables").iter().flat_map(Node::entries) {
                if let Some(default) = variable.text("default") {
                    url = url.replace(&format!("{{{name}}}"), default);
                }
            }
            let path = match url.split_once("//") {
                Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
                None => &url,
            };
            Some(path.trim_matches('/').to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::model::document::Document;

    #[test]
    fn changed_base_path_breaks_changed_host_does_not() {
        let id = |old: &[&str], new: &[&str]| {
            let list =
                |urls: &[&str]| -> Value { urls.iter().map(|url| json!({ "url": url })).collect() };
            let (old, new) = (list(old), list(new));
            let (old, new) = (Document::new(&old), Document::new(&new));
            compare(Some(&old.root()), Some(&new.root())).map(|check| check.id)
        };
        for (old, new, expected) in [
            (
                &["https://a/v1"][..],
                &["https://b/v1/"][..],
                Some("servers-changed"),
            ),
            (&["https://a/v1"], &["https://a/v1/"], None),
            (&["https://a/v1"], &["/v1"], Some("servers-changed")),
            (
                &["https://a/v1"],
                &["https://a/v2"],
                Some("base-path-changed"),
            ),
            (&["https://a/v1"], &["https://a"], Some("base-path-changed")),
            (&["https://a"], &["https://b/"], Some("servers-changed")),
            (&[], &["/"], None),
            (&["/"], &[], None),
            (&[], &["https://a"], Some("servers-changed")),
            (
                &["https://a/v1"],
                &["https://a/v2", "https://a/v1"],
                Some("servers-changed"),
            ),
        ] {
            assert_eq!(id(old, new), expected, "{old:?} {new:?}");
        }
    }
}
