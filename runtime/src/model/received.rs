//! The response that is being decoded, by which a union of responses chooses its variant.

use std::cell::RefCell;

use reqwest::header::HeaderValue;

/// The status and the media type of a response.
#[derive(Clone, Default)]
pub struct Received {
    /// The status code.
    pub status: u16,
    /// The value of `Content-Type`.
    pub content_type: Option<HeaderValue>,
}

thread_local! {
    static RECEIVED: RefCell<Option<Received>> = const { RefCell::new(None) };
}

/// Decodes the body of a response. Unions of responses choose by its status and media type.
pub fn during<T>(received: Received, decode: impl FnOnce() -> T) -> T {
    let _around = Around(RECEIVED.with(|cell| cell.replace(Some(received))));
    decode()
}

/// Returns the response that is being decoded.
pub fn current() -> Option<Received> {
    RECEIVED.with(|cell| cell.borrow().clone())
}

/// Restores the response around, also if decoding panics.
struct Around(Option<Received>);

impl Drop for Around {
    fn drop(&mut self) {
        RECEIVED.with(|cell| cell.replace(self.0.take()));
    }
}

/// The degree to which a response matches a described one; `None` for another status. Greater is
/// better: the media type decides before an exact status does.
pub fn matches(received: &Received, status: &str, media_type: &str) -> Option<(bool, bool)> {
    let is_exact = status.parse() == Ok(received.status);
    let class = status.strip_suffix("XX").or(status.strip_suffix("xx"));
    let is_class = class.is_some_and(|class| class.parse() == Ok(received.status / 100));
    let content_type = received.content_type.as_ref();
    let sent = content_type.and_then(|value| value.to_str().ok());
    let is_media_type = sent.is_some_and(|sent| covers(media_type, essence(sent)));
    (is_exact || is_class).then_some((is_media_type, is_exact))
}

/// Returns whether a described media type or range covers a media type.
fn covers(described: &str, sent: &str) -> bool {
    let described = essence(described);
    described.eq_ignore_ascii_case(sent)
        || described == "*/*"
        || described
            .strip_suffix('*')
            .and_then(|start| sent.get(..start.len())?.eq_ignore_ascii_case(start).into())
            .unwrap_or(false)
}

/// Returns a media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(status: u16, content_type: &'static str) -> Received {
        Received {
            status,
            content_type: Some(HeaderValue::from_static(content_type)),
        }
    }

    #[test]
    fn response_matches_by_status_and_media_type() {
        let json = received(202, "Application/JSON; charset=utf-8");
        for (status, media_type, expected) in [
            ("202", "application/json", Some((true, true))),
            ("2XX", "application/json;v=1", Some((true, false))),
            ("202", "application/*", Some((true, true))),
            ("202", "*/*", Some((true, true))),
            ("202", "text/*", Some((false, true))),
            ("202", "application/hal+json", Some((false, true))),
            ("200", "application/json", None),
            ("4xx", "application/json", None),
        ] {
            assert_eq!(
                matches(&json, status, media_type),
                expected,
                "{status} {media_type}"
            );
        }
        let bare = Received {
            status: 202,
            content_type: None,
        };
        assert_eq!(matches(&bare, "202", "*/*"), Some((false, true)));
    }

    #[test]
    fn response_is_known_while_it_is_decoded() {
        let status = || current().map(|received| received.status);
        let inner = during(received(200, "a/b"), || {
            assert_eq!(during(received(202, "a/b"), status), Some(202));
            status()
        });
        assert_eq!((inner, status()), (Some(200), None));
    }
}
