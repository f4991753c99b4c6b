//! JSON bodies.

use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use crate::model::encode;

/// Sets `value` as the body of a request, as `application/json` unless the request has a media
/// type.
///
/// # Errors
/// Fails for a value that JSON cannot express, such as NaN, and names the location of the value.
pub fn body(request: &mut Request, value: &(impl Serialize + ?Sized)) -> Result<(), String> {
    let json = encode::to_vec(value).map_err(|why| format!("body: {why}"))?;
    *request.body_mut() = Some(json.into());
    request
        .headers_mut()
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("application/json"));
    Ok(())
}
