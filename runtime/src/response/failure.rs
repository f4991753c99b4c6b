//! Errors inside of 2xx responses.

use bytes::Bytes;
use serde_json::Value;

use crate::call::context::{Call, is_problem};
use crate::error::Error;
use crate::error::reason::{begins_with_value, is_nothing_else, tells_failure};
use crate::response::Response;

/// Returns the error that takes the place of the value of an operation, as far as that can be
/// guessed: beside an empty list, or alone.
pub(crate) fn in_place_of_success(call: &Call, response: &Response<Bytes>) -> Option<Error> {
    let operation = call.endpoint.operation()?;
    // Most responses end here, before the body is searched.
    let is_value = operation.pagination.is_none() && begins_with_value(response);
    if is_value && !is_problem(response.headers()) {
        return None;
    }
    let is_failure = |json: &Value| {
        let list = operation.pagination.map(|it| json.pointer(it.items));
        let is_without_value = match list {
            Some(list) => list.is_none_or(is_empty),
            None => is_nothing_else(json),
        };
        is_without_value && tells_failure(json)
    };
    in_body(call, response, is_failure)
}

/// Returns the error that a body tells which does not fit its type.
pub(crate) fn in_undecodable(call: &Call, response: &Response<Bytes>) -> Option<Error> {
    in_body(call, response, tells_failure)
}

fn in_body(
    call: &Call,
    response: &Response<Bytes>,
    is_failure: impl FnOnce(&Value) -> bool,
) -> Option<Error> {
    call.failure_in(response.status(), response.headers(), response, is_failure)
}

fn is_empty(list: &Value) -> bool {
    match list {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
