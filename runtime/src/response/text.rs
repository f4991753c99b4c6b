//! Reads a response as text.

use bytes::Bytes;

use crate::operation::Endpoint;
use crate::response::Response;
use crate::response::drift_warnings::Secrets;
use crate::text::charset;

/// Returns the body as text.
pub(crate) fn read(
    endpoint: &Endpoint,
    response: &Response<Bytes>,
    secrets: &Secrets<'_>,
) -> String {
    if let Some(label) = charset::unknown(response.headers(), response) {
        charset::warn_of_unknown(endpoint, label, &secrets());
    }
    charset::text(response.headers(), response)
}
