//! Compares servers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::model::checks::{self, Check};
use crate::diff::model::document::Node;
use crate::diff::model::value::canonical;

/// Returns the check that a change of servers falls under.
pub fn compare(old: Option<&Node<'_>>, new: Option<&Node<'_>>) -> Option<&'static Check> {
    let urls = |servers: Option<&Node<'_>>| servers.map(urls);
    if urls(old) == urls(new) {
        let words = |servers: Option<&Node<'_>>| servers.map(words);
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

/// Returns the servers as a client sees them, without order.
fn urls(servers: &Node<'_>) -> BTreeSet<String> {
    let urls = servers.items().map(|server| {
        let mut variables = BTreeMap::new();
        for (name, variable) in server.get("variables").iter().flat_map(Node::entries) {
            let values = variable.get("enum");
            let values = values.iter().flat_map(Node::items);
            let values: BTreeSet<String> = values.map(|value| value.value.to_string()).collect();
            variables.insert(name, (variable.text("default"), values));
        }
        let url = server.text("url").unwrap_or_default();
        format!("{} {variables:?}", url.trim_end_matches('/'))
    });
    urls.collect()
}

/// Returns the descriptions of servers and variables, without order.
fn words(servers: &Node<'_>) -> BTreeSet<String> {
    let words = servers.items().map(|server| {
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
    words.collect()
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
    use serde_json::json;

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
