//! What the document says of work that goes on behind the reply (`x-long-running`), and the request that starts it.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Request};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::state::{Outcome, id};
use crate::error::Error;
use crate::operation::Operation;

/// Where ids and statuses stand, as JSON pointers, and by which words the end is known.
pub(crate) struct LongRunning {
    pub(crate) start: &'static Operation,
    /// The other form of it, which replies with the events of the work.
    pub(crate) stream: Option<&'static Operation>,
    pub(crate) poll: &'static Operation,
    pub(crate) id_in_request: Option<&'static str>,
    pub(crate) id_in_reply: &'static [&'static str],
    /// What is set in the request that starts the work: a place, and JSON.
    pub(crate) request: &'static [(&'static str, &'static str)],
    /// The same for the form with events.
    pub(crate) stream_request: &'static [(&'static str, &'static str)],
    pub(crate) status: &'static [&'static str],
    pub(crate) ended: &'static [(&'static str, Outcome)],
    pub(crate) running: &'static [&'static str],
    /// Where a value says that the work is over; `*` stands for each element of a list.
    pub(crate) ended_at: &'static [&'static str],
}

impl LongRunning {
    /// Sets what the request needs, and gives the id that the work has in it: the caller's, or one made here. `None` if
    /// the server chooses it.
    pub(super) fn prepare(
        &self,
        request: &mut Request,
        is_followed: bool,
    ) -> Result<Option<String>, Error> {
        let values = match is_followed {
            true => self.stream_request,
            false => self.request,
        };
        if values.is_empty() && self.id_in_request.is_none() {
            return Ok(None);
        }
        let wrong = |why: String| Error::invalid_request(self.start, why);
        let mut json = match request.body() {
            None => Value::Object(Map::new()),
            Some(body) => body
                .as_bytes()
                .and_then(|bytes| serde_json::from_slice(bytes).ok())
                .ok_or_else(|| wrong("body: is no JSON in memory".to_owned()))?,
        };
        let set = |json: &mut Value, place: &str, value: Value| match put(json, place, value) {
            true => Ok(()),
            false => Err(wrong(format!("body: has no place for `{place}`"))),
        };
        for (place, value) in values {
            set(
                &mut json,
                place,
                serde_json::from_str(value).unwrap_or_default(),
            )?;
        }
        let mut chosen = None;
        if let Some(place) = self.id_in_request {
            chosen = json.pointer(place).and_then(id);
            if chosen.is_none() {
                let own = Uuid::new_v4().to_string();
                set(&mut json, place, Value::from(own.as_str()))?;
                chosen = Some(own);
            }
        }
        if request.body().is_none() {
            let media_type = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        *request.body_mut() = Some(Body::from(json.to_string()));
        Ok(chosen)
    }
}

/// Sets the value at a JSON pointer, in objects that are made where there are none; whether it could be done.
fn put(json: &mut Value, pointer: &str, value: Value) -> bool {
    let mut place = json;
    for token in pointer.split('/').skip(1) {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(fields) = place else {
            return false;
        };
        let name = token.replace("~1", "/").replace("~0", "~");
        place = fields.entry(name).or_insert(Value::Null);
    }
    *place = value;
    true
}

#[cfg(test)]
pub(super) mod tests {
    use reqwest::Method;
    use serde_json::json;

    use super::*;
    use crate::operation::Reply;

    static OPERATION: Operation = Operation {
        id: "start",
        name: "jobs.start",
        method: Method::POST,
        path: "/jobs",
        tag: "Jobs",
        authenticated: true,
        idempotent: false,
        idempotency_key: None,
        sensitive: false,
        reply: Reply::Json,
        pagination: None,
    };

    pub(in crate::long_running) static DECLARATION: LongRunning = LongRunning {
        start: &OPERATION,
        stream: None,
        poll: &OPERATION,
        id_in_request: Some("/job/a~1b"),
        id_in_reply: &["/id", "/job/id"],
        request: &[("/format", "\"json\""), ("/deep/er", "{\"a\": 1}")],
        stream_request: &[("/format", "null")],
        status: &["/state", "/job/state"],
        ended: &[
            ("done", Outcome::Succeeded),
            ("failed", Outcome::Failed),
            ("timed_out", Outcome::Failed),
        ],
        running: &["running"],
        ended_at: &["/parts/*/at/end", "/end"],
    };

    fn prepared(body: Option<Value>, is_followed: bool) -> (Result<Option<String>, Error>, Value) {
        let url = reqwest::Url::parse("http://h/jobs").unwrap();
        let mut request = Request::new(Method::POST, url);
        *request.body_mut() = body.map(|body| Body::from(body.to_string()));
        let outcome = DECLARATION.prepare(&mut request, is_followed);
        let bytes = request.body().and_then(Body::as_bytes).unwrap_or_default();
        (outcome, serde_json::from_slice(bytes).unwrap_or_default())
    }

    #[test]
    fn the_request_gets_what_it_needs_and_an_id() {
        let mine = json!({"text": "a", "format": "other", "job": {"a/b": "mine"}});
        let (id, body) = prepared(Some(mine), false);
        assert_eq!(id.unwrap().as_deref(), Some("mine"));
        let expected = json!({"text": "a", "format": "json", "job": {"a/b": "mine"}, "deep": {"er": {"a": 1}}});
        assert_eq!(body, expected);

        for empty in [
            None,
            Some(json!({})),
            Some(json!({"job": null})),
            Some(json!({"job": {"a/b": ""}})),
        ] {
            let (id, body) = prepared(empty, true);
            let id = id.unwrap().unwrap();
            assert!(Uuid::parse_str(&id).is_ok());
            assert_eq!(body, json!({"format": null, "job": {"a/b": id}}));
        }
        assert_ne!(
            prepared(None, true).0.unwrap(),
            prepared(None, true).0.unwrap()
        );
    }

    #[test]
    fn a_body_without_a_place_is_refused() {
        for body in [json!([1]), json!("x"), json!({"deep": 7})] {
            let (outcome, _) = prepared(Some(body), false);
            let text = outcome.unwrap_err().to_string();
            assert!(
                text.starts_with("jobs.start: body: has no place for `/"),
                "{text}"
            );
        }
    }
}
