//! Names of operations: the tag gives the accessor, the summary gives the method.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operations::Source;
use crate::ledger::{Effect, Ledger};
use crate::names::{Taken, pascal, slug, snake};
use crate::settings::Settings;

/// The names of one operation.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// In the lowered document and in progenitor's output; unique.
    pub(super) function: String,
    pub(super) tag: String,
    pub(super) accessor: String,
    pub(super) method: String,
    /// The method that asks for an event stream where another asks for JSON.
    pub(super) stream_method: String,
    /// What the names of types begin with that the operation defines inline.
    pub(super) type_prefix: String,
}

impl Names {
    /// The operation's page: its `externalDocs`, or else the document's `x-reference`, in which
    /// `{tag}` and `{page}` stand for the slugs of tag and summary.
    pub(super) fn reference(&self, source: &Source<'_>, document: &Value) -> Option<String> {
        let own = source
            .operation
            .get("externalDocs")
            .and_then(|docs| docs.get("url"))
            .and_then(Value::as_str);
        if let Some(own) = own {
            let is_plain = !own.contains(|c: char| c.is_whitespace() || c == '<' || c == '>');
            return is_plain.then(|| own.to_owned());
        }
        let (tag, page) = (slug(&self.tag), slug(source.text("summary")));
        let template = document.get("x-reference")?.as_str()?;
        (!tag.is_empty() && !page.is_empty())
            .then(|| template.replace("{tag}", &tag).replace("{page}", &page))
    }
}

/// Names all operations at once, since their names must not collide.
pub(super) fn name(sources: &[Source<'_>], settings: &Settings, ledger: &mut Ledger) -> Vec<Names> {
    let accessors = accessors(sources, settings);
    let mut methods: BTreeMap<String, Taken> = BTreeMap::new();
    let mut functions = Taken::default();
    let mut prefixes = Taken::default();
    let mut all = Vec::new();
    for source in sources {
        let tag = tag(source);
        let accessor = accessors
            .get(&tag)
            .cloned()
            .unwrap_or_else(|| "api".to_owned());
        let taken = methods.entry(accessor.clone()).or_default();
        let wanted = method(source);
        let method = free(taken, &wanted, source.http_method);
        if method != wanted {
            let detail =
                format!("`{accessor}.{wanted}` is taken; this one is `{accessor}.{method}`");
            ledger.add(&source.pointer, "operation-name", Effect::Rewritten, detail);
        }
        let stream_method = if streams(source) {
            taken.unique(&format!("{method}_stream"))
        } else {
            format!("{method}_stream")
        };
        let mut type_prefix = pascal(&method);
        if prefixes.contains(&type_prefix) {
            type_prefix = pascal(&format!("{accessor} {method}"));
        }
        all.push(Names {
            function: functions.unique(&format!("{accessor}_{method}")),
            tag,
            accessor,
            method,
            stream_method,
            type_prefix: prefixes.unique(&type_prefix),
        });
    }
    all
}

fn accessors(sources: &[Source<'_>], settings: &Settings) -> BTreeMap<String, String> {
    let mut taken = Taken::with(&settings.reserved_accessors);
    let mut accessors = BTreeMap::new();
    for source in sources {
        let tag = tag(source);
        let wanted = snake(&slug(&tag));
        accessors
            .entry(tag)
            .or_insert_with(|| taken.unique(&wanted));
    }
    accessors
}

/// The first tag; operations without one are together under `Default`.
fn tag(source: &Source<'_>) -> String {
    source
        .operation
        .get("tags")
        .and_then(|tags| tags.get(0))
        .and_then(Value::as_str)
        .filter(|tag| !tag.trim().is_empty())
        .unwrap_or("Default")
        .to_owned()
}

/// `x-method-name`, or the slug of the summary, or `operationId`, or method and path.
fn method(source: &Source<'_>) -> String {
    let given = source.text("x-method-name");
    let summary = slug(source.text("summary"));
    if !given.is_empty() {
        snake(given)
    } else if !summary.is_empty() {
        snake(&summary)
    } else {
        snake(&source.id())
    }
}

fn free(taken: &mut Taken, wanted: &str, http_method: &str) -> String {
    if taken.contains(wanted) {
        taken.unique(&format!("{wanted}_{http_method}"))
    } else {
        taken.unique(wanted)
    }
}

fn streams(source: &Source<'_>) -> bool {
    source
        .operation
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .any(|(_, reply)| {
            reply
                .get("content")
                .is_some_and(|content| content.get("text/event-stream").is_some())
        })
}
