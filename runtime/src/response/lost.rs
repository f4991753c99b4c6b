//! Parts of a response that do not fit the OpenAPI document and were left out.

use crate::model::lossy::{self, Segment};
use crate::operation::Endpoint;
use crate::text::one_line::showable;

/// The maximum number of parts of one response that are reported by warnings.
const MOST_WARNINGS: usize = 10;

/// A part of a response that does not fit the OpenAPI document and was left out, as returned by
/// [`Response::lost`](crate::Response::lost).
///
/// An optional property is left out alone, and so is an item of a list or of a map. A `tracing`
/// warning reports the first ten parts of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostPart {
    /// The location of the part, as segments.
    segments: Vec<Segment>,
    path: String,
    reason: String,
}

impl LostPart {
    /// Returns the location of the part, such as `items[1]`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the location that does not fit, which may be within the part, and the reason. The
    /// reason is withheld if the response may hold a secret.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the index of the part in the list with this JSON pointer, if the part is an item.
    pub(crate) fn index_in(&self, list: &str) -> Option<usize> {
        let (last, parents) = self.segments.split_last()?;
        let Segment::Index(index) = last else {
            return None;
        };
        (pointer(parents)? == list).then_some(*index)
    }

    /// Returns whether the value with this JSON pointer is lost with the part.
    pub(crate) fn covers(&self, location: &str) -> bool {
        let rest = pointer(&self.segments).and_then(|own| location.strip_prefix(&*own));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the parts as errors may show them, and warns of them.
    pub(crate) fn shown(
        endpoint: &Endpoint,
        lost: Vec<lossy::Lost>,
        secrets: &[&str],
    ) -> Vec<Self> {
        let mut shown = Vec::new();
        for part in lost {
            let at = showable(&lossy::shown(&part.at), secrets);
            let reason = match endpoint.is_quotable() {
                true => format!("`{at}`: {}", showable(&part.reason, secrets)),
                false => format!("`{at}` does not fit its type"),
            };
            let path = showable(&lossy::shown(&part.path), secrets);
            if shown.len() < MOST_WARNINGS {
                tracing::warn!("{endpoint}: `{path}` of the response is left out: {reason}");
            }
            shown.push(Self {
                segments: part.path,
                path,
                reason,
            });
        }
        let more = shown.len().saturating_sub(MOST_WARNINGS);
        if more > 0 {
            tracing::warn!("{endpoint}: {more} more parts of the response are left out");
        }
        shown
    }
}

/// Returns a location of properties as a JSON pointer (RFC 6901).
fn pointer(segments: &[Segment]) -> Option<String> {
    let mut pointer = String::new();
    for segment in segments {
        let Segment::Name(name) = segment else {
            return None;
        };
        pointer.push('/');
        pointer.push_str(&name.replace("~", "~0").replace("/", "~1"));
    }
    Some(pointer)
}
