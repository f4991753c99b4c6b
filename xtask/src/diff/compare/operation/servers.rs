//! Compares servers.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diff::model::checks::{self, Check};
use crate::diff::model::document::Node;

/// Returns the check that a change of servers falls under.
pub fn compare(old: Option<&Node<'_>>, new: Option<&Node<'_>>) -> Option<&'static Check> {
    let urls = |servers: Option<&Node<'_>>| servers.map(urls);
    if urls(old) == urls(new) {
        return None;
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
    servers
        .items()
        .map(|server| {
            let variables = server.value.get("variables").map(Value::to_string);
            let url = server.text("url").unwrap_or_default();
            format!(
                "{} {}",
                url.trim_end_matches('/'),
                variables.unwrap_or_default()
            )
        })
        .collect()
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
