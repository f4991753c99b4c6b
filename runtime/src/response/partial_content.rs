//! Responses that are a part of what was requested (RFC 9110 section 15.3.7).

use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, HeaderMap};

use crate::call::context::Call;
use crate::error::{Error, ErrorKind};
use crate::text::one_line::showable;

/// Returns the error of a 206 response to a request that asked for no range. Decoded or saved, its
/// bytes would pass for the whole.
///
/// Other units than bytes are part of an API, such as the items of a list.
pub(crate) fn unasked(call: &Call, status: StatusCode, headers: &HeaderMap) -> Option<Error> {
    if status != StatusCode::PARTIAL_CONTENT {
        return None;
    }
    let range = headers.get(CONTENT_RANGE)?;
    let range = String::from_utf8_lossy(range.as_bytes());
    let (unit, bytes) = range.trim().split_once(' ')?;
    if !unit.eq_ignore_ascii_case("bytes") || is_whole(bytes.trim()) {
        return None;
    }
    let range = showable(&range, &call.secrets());
    let what =
        format!("{status} with a part of the response, `{range}`, though no part was requested");
    let error = call.error(ErrorKind::Transport, what);
    Some(error.status_is(status))
}

/// Returns whether a range is all of its whole, as in `0-9/10`.
fn is_whole(range: &str) -> bool {
    let parse = || {
        let (part, whole) = range.split_once('/')?;
        let (first, last) = part.split_once('-')?;
        let last: u64 = last.parse().ok()?;
        Some(first.parse() == Ok(0_u64) && whole.parse().ok() == last.checked_add(1))
    };
    parse().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_is_whole_or_a_part() {
        assert!(is_whole("0-9/10"));
        for part in [
            "0-9/99",
            "1-9/10",
            "0-9/*",
            "*/10",
            "0-9",
            "",
            "a-b/c",
            "0-18446744073709551615/0",
        ] {
            assert!(!is_whole(part), "{part}");
        }
    }
}
