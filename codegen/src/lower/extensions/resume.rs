//! `x-resume` of an operation: how the event stream that it replies is resumed after the last event.

use serde_json::Value;

use super::model::{Location, Parameter, Reply, Resume};
use super::operations::OperationSite;
use super::parameters::is_token;
use crate::ledger::Effect;
use crate::openapi::pointer::join;

/// Headers that are the client's own.
const TAKEN: &[&str] = &[
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
];

/// The declaration, if there is one and it holds.
pub(super) fn declared(
    site: &mut OperationSite<'_, '_>,
    parameters: &[Parameter],
    replies: &[Reply],
) -> Option<Resume> {
    let declaration = site.source.operation.get("x-resume")?;
    let is_repeatable = matches!(
        site.source.http_method,
        "get" | "head" | "options" | "put" | "delete"
    );
    let flaw = if !replies.contains(&Reply::EventStream) {
        "the operation replies no event stream"
    } else if declaration.get("operation").is_some() {
        "a stream is resumed by the operation that gave it, not by another"
    } else if !is_repeatable {
        "sending the request again starts anew: it is for operations that may be repeated"
    } else {
        match read(declaration, parameters) {
            Ok(resume) => return Some(resume),
            Err(flaw) => flaw,
        }
    };
    let place = join(&site.source.pointer, "x-resume");
    let detail = format!("ignored: {flaw}");
    site.ledger.add(place, "resume", Effect::Dropped, detail);
    None
}

fn read(declaration: &Value, parameters: &[Parameter]) -> Result<Resume, &'static str> {
    let text = |key| declaration.get(key).and_then(Value::as_str);
    match (text("header"), text("parameter")) {
        (Some(name), None) => {
            let name = name.to_ascii_lowercase();
            if !is_token(&name) {
                return Err("the header's name is none");
            }
            if TAKEN.contains(&name.as_str()) {
                return Err("the header is the client's own");
            }
            Ok(Resume::Header(name))
        }
        (None, Some(name)) => {
            let is_it = |one: &Parameter| one.location == Location::Query && one.name == name;
            if !parameters.iter().any(is_it) {
                return Err("the operation has no query parameter of that name");
            }
            Ok(Resume::Query(name.to_owned()))
        }
        _ => Err("expected `header` or `parameter`, a text"),
    }
}
