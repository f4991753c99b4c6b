//! Compares responses: status codes, headers and links.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::compare::operation::{bodies, parameters};
use crate::diff::compare::schema::uses::differing;
use crate::diff::compare::walk::{OperationUse, Walk};
use crate::diff::model::checks;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::operation::Operation;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::normalize::schema_use::annotations;

pub fn compare<'d>(
    walk: &mut Walk<'d>,
    of: &OperationUse,
    old: &Operation<'d>,
    new: &Operation<'d>,
) {
    let list = |document: &Document<'d>, operation: &Operation<'d>| {
        let replies = operation.node.get("responses");
        let entries = replies.iter().flat_map(Node::entries);
        entries
            .filter(|(status, _)| !status.starts_with("x-"))
            .map(|(status, reply)| {
                let reply = document.resolve(&reply).unwrap_or(reply);
                (status.to_uppercase(), reply)
            })
            .collect::<BTreeMap<String, Node<'d>>>()
    };
    let from = list(&walk.base, old);
    let to = list(&walk.revision, new);
    let counterpart = |status: &String, here: &BTreeMap<String, _>, there: &BTreeMap<_, _>| {
        if there.contains_key(status) {
            return Some(status.clone());
        }
        // A status and its range (`404`, `4XX`) correspond if neither document has both.
        let other = there.keys().find(|other: &&String| {
            let is_range = |status: &str| status.ends_with("XX");
            let class = |status: &str| status.get(..1).map(str::to_owned);
            class(other) == class(status) && is_range(other) != is_range(status)
        })?;
        (!here.contains_key(other)).then(|| other.clone())
    };
    let mut compared = BTreeSet::new();
    for (status, was) in &from {
        let kept = counterpart(status, &from, &to).and_then(|status| to.get_key_value(&status));
        compared.extend(kept.map(|(status, _)| status));
        match kept.map(|(_, is)| is).or_else(|| covering(status, &to)) {
            Some(is) => reply(walk, of, was, is),
            // The statuses that came are compared with it.
            None if status == "DEFAULT" && is_success(status, &from) && has_success(&to) => {}
            None => {
                let is_kept = to.keys().all(|status| from.contains_key(status));
                let check = if !is_success(status, &from) {
                    &checks::ERROR_REMOVED
                } else if status == "DEFAULT" && is_kept && is_silent(&walk.base, was) {
                    &checks::SILENT_DEFAULT_REMOVED
                } else {
                    &checks::SUCCESS_REMOVED
                };
                let before = Some(status.as_str().into());
                walk.report_for(of, check, (Some(was), Some(&new.node)), before, None);
            }
        }
    }
    for (status, is) in &to {
        if counterpart(status, &to, &from).is_none() {
            let is_first = status.starts_with('2') && !has_success(&from);
            let default = from.get("DEFAULT").filter(|_| is_first);
            if let Some(was) = covering(status, &from).or(default) {
                reply(walk, of, was, is);
            }
            let check = if is_success(status, &to) {
                &checks::SUCCESS_ADDED
            } else {
                &checks::ERROR_ADDED
            };
            let after = Some(status.as_str().into());
            walk.report_for(of, check, (Some(&old.node), Some(is)), None, after);
        } else if !compared.contains(status)
            && let Some(was) = covering(status, &from)
        {
            // One of several statuses that the range was split into.
            reply(walk, of, was, is);
        }
    }
}

/// Returns the response of the range that a success status belongs to.
fn covering<'a, 'd>(status: &str, all: &'a BTreeMap<String, Node<'d>>) -> Option<&'a Node<'d>> {
    status.starts_with('2').then(|| all.get("2XX")).flatten()
}

fn has_success(all: &BTreeMap<String, Node<'_>>) -> bool {
    all.keys().any(|status| status.starts_with('2'))
}

/// Returns whether a status is a success. `default` is, if the operation has no other success.
fn is_success(status: &str, all: &BTreeMap<String, Node<'_>>) -> bool {
    status.starts_with('2') || status == "DEFAULT" && !has_success(all)
}

/// Returns whether a response has neither a body nor a required header.
fn is_silent<'d>(document: &Document<'d>, reply: &Node<'d>) -> bool {
    let has_body = reply
        .get("content")
        .is_some_and(|content| content.entries().next().is_some());
    let headers = reply.get("headers");
    let mut headers = headers.iter().flat_map(Node::entries);
    let is_promised = |(_, header): (_, Node<'d>)| {
        let header = document.resolve(&header).unwrap_or(header);
        header.flag("required") == Some(true)
    };
    !has_body && !headers.any(is_promised)
}

fn reply<'d>(walk: &mut Walk<'d>, of: &OperationUse, old: &Node<'d>, new: &Node<'d>) {
    let location = (Some(old), Some(new));
    if let Some((before, after)) = differing(&annotations(old.value), &annotations(new.value)) {
        walk.report_for(
            of,
            &checks::RESPONSE_DOCS,
            location,
            Some(before),
            Some(after),
        );
    }
    let (from, to) = (old.value.get("links"), new.value.get("links"));
    if from != to {
        let (before, after) = (from.map(ShownValue::There), to.map(ShownValue::There));
        walk.report_for(of, &checks::LINKS_CHANGED, location, before, after);
    }
    parameters::headers(walk, of, old, new);
    bodies::content(walk, of, old, new, true);
}
