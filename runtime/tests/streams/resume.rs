//! Event streams that break and are resumed.

use std::time::Duration;

use neo_client_runtime::{Error, ErrorKind, Event, EventStream, Method, ResumeBy, RetryPolicy};
use serde_json::json;

use crate::support::server::{Received, Server, response};

/// An event as sent: its optional id and its data.
type Sent = (Option<&'static str>, &'static str);

const ALL_IDS: &[Sent] = &[
    (Some("1"), "a"),
    (Some("2"), "a"),
    (Some("x y"), "b\nc"),
    (Some("4"), "{}"),
];
const SOME_IDS: &[Sent] = &[
    (Some("1"), "a"),
    (None, "a"),
    (None, "a"),
    (None, "b"),
    (Some("ü"), "a"),
    (None, "c"),
];
const SEVERAL_AN_ID: &[Sent] = &[
    (Some("1"), "a"),
    (Some("1"), "b"),
    (Some("1"), "c"),
    (Some("2"), "a"),
    (Some("2"), "b"),
];

fn written(events: &[Sent]) -> String {
    let mut text = String::new();
    for (id, data) in events {
        if let Some(id) = id {
            text += &format!("id: {id}\n");
        }
        for line in data.lines() {
            text += &format!("data: {line}\n");
        }
        text += "\n";
    }
    text
}

/// The position at which a server continues after an id.
#[derive(Clone, Copy)]
enum After {
    /// After the last event with the id.
    Last,
    /// With the first event with the id.
    First,
}

/// Returns the response to a request with this id, cut off after `cut` bytes of the body.
fn rest(events: &[Sent], after: After, id: Option<&str>, cut: usize) -> Vec<u8> {
    let place = |id: &str| {
        let mut places = (0..events.len()).filter(|at| events[*at].0 == Some(id));
        match after {
            After::Last => places.next_back().unwrap() + 1,
            After::First => places.next().unwrap(),
        }
    };
    let text = written(&events[id.map_or(0, place)..]);
    let head = format!(
        "HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n",
        text.len()
    );
    let body = text.as_bytes();
    [head.as_bytes(), &body[..cut.min(body.len())]].concat()
}

/// Returns the id in a request, decoded.
fn last_event_id(request: &Received) -> Option<String> {
    let in_query = request.target.split_once("after=").map(|(_, id)| {
        let id = id.split('&').next().unwrap();
        id.replace("%20", " ").replace("%C3%BC", "ü")
    });
    in_query.or_else(|| request.header("last-event-id").map(str::to_owned))
}

async fn open(server: &Server, how: ResumeBy) -> Result<EventStream, Error> {
    let hasty = RetryPolicy::none().backoff(Duration::ZERO, Duration::ZERO);
    let client = server
        .client()
        .with_options(|call| call.retry_policy(hasty));
    let request = client.request(Method::GET, "/events").resume(how);
    Ok(request.events().await?.into_inner())
}

/// Reads all events and reconnects after each break.
async fn all(mut stream: EventStream) -> Result<Vec<String>, Error> {
    let mut all = Vec::new();
    while let Some(event) = stream.next_event().await {
        match event {
            Ok(Event { id, data, .. }) => all.push(format!("{id}|{data}")),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Transport);
                stream.reconnect().await?;
            }
        }
    }
    Ok(all)
}

#[tokio::test]
async fn resume_gives_every_event_once_at_any_cut() {
    for (events, after) in [
        (ALL_IDS, After::Last),
        (ALL_IDS, After::First),
        (SOME_IDS, After::Last),
        (SOME_IDS, After::First),
        (SEVERAL_AN_ID, After::First),
    ] {
        let mut id = "";
        let expected: Vec<String> = events
            .iter()
            .map(|(own, data)| {
                id = own.unwrap_or(id);
                format!("{id}|{data}")
            })
            .collect();
        for how in [ResumeBy::LAST_EVENT_ID, ResumeBy::Query("after".into())] {
            for cut in 0..=written(events).len() {
                let server = Server::accept(move |connection| {
                    let number = connection.number;
                    let request = connection.request().unwrap();
                    let id = last_event_id(&request);
                    // Three connections break. The second gets a little further than the first.
                    let cut = [cut, cut + 7, 3].get(number).copied().unwrap_or(usize::MAX);
                    connection.send(rest(events, after, id.as_deref(), cut));
                });
                let got = all(open(&server, how.clone()).await.unwrap()).await;
                assert_eq!(got.unwrap(), expected, "{how:?} at {cut}");
            }
        }
    }
}

/// Opens the events of a server that sends each connection the next of these bodies.
async fn bodies(bodies: &'static [&'static str]) -> (Server, EventStream) {
    let server = Server::accept(move |connection| {
        let Some(body) = bodies.get(connection.number) else {
            return;
        };
        connection.request().unwrap();
        let head =
            "HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\ncontent-length: 99999\r\n\r\n";
        connection.send(head);
        connection.send(body);
    });
    let stream = open(&server, ResumeBy::LAST_EVENT_ID).await.unwrap();
    (server, stream)
}

#[tokio::test]
async fn resume_requests_incomplete_event_again() {
    // The id of an incomplete event does not count.
    let (server, stream) = bodies(&[
        "id: 1\ndata: a\n\nid: 2\ndata: b\n",
        "id: 2\ndata: b\n\ndata: [DONE]\n\n",
    ])
    .await;
    assert_eq!(all(stream).await.unwrap(), ["1|a", "2|b"]);
    let ids: Vec<_> = server.received().iter().map(last_event_id).collect();
    assert_eq!(ids, [None, Some("1".to_owned())]);
}

#[tokio::test]
async fn resume_gives_new_events_between_repeated_ones() {
    let (_server, stream) = bodies(&[
        "id: 1\ndata: a\n\ndata: b\n\ndata: c\n\n",
        "data: ping\n\ndata: b\n\ndata: ping\n\ndata: c\n\ndata: d\n\n",
        "data: b\n\ndata: d\n\ndata: c\n\nid: 2\n\ndata: c\n\ndata: [DONE]\n\n",
    ])
    .await;
    let all = all(stream).await.unwrap();
    assert_eq!(
        all,
        ["1|a", "1|b", "1|c", "1|ping", "1|ping", "1|d", "1|c", "2|c"]
    );
}

#[tokio::test]
async fn resume_without_id_starts_over_or_fails() {
    let (server, mut stream) = bodies(&["", "retry: 1\ndata: a\n\n"]).await;
    assert!(stream.next_event().await.unwrap().is_err());
    stream.reconnect().await.unwrap();
    assert_eq!(stream.next_event().await.unwrap().unwrap().data, "a");
    assert_eq!(last_event_id(&server.received()[1]), None);

    // An event without an id was yielded, so the position is unknown.
    assert!(stream.next_event().await.unwrap().is_err());
    for _ in 0..2 {
        let error = stream.reconnect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("has no id"), "{error}");
    }
    stream.next_event().await.unwrap().unwrap_err();
    assert!(stream.next_event().await.is_none());
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn resume_works_at_any_time_and_ends_after_done() {
    let (server, mut stream) = bodies(&[
        "id: 1\ndata: a\n\nid: 2\ndata: b\n\n",
        "id: 2\ndata: b\n\ndata: [DONE]\n\n",
    ])
    .await;
    assert_eq!(stream.next_event().await.unwrap().unwrap().data, "a");
    stream.reconnect().await.unwrap();
    assert_eq!(stream.next_event().await.unwrap().unwrap().data, "b");
    assert!(stream.next_event().await.is_none());
    stream.reconnect().await.unwrap();
    assert!(stream.next_event().await.is_none());
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn resume_after_error_works_and_204_ends() {
    let server = Server::accept(|connection| {
        connection.request().unwrap();
        let stream =
            "HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\ncontent-length: 99\r\n\r\n";
        match connection.number {
            0 => connection.send(format!("{stream}id: 7\ndata: a\n\n")),
            1 => connection.send(response(503, &[], "")),
            2 => connection.send(format!("{stream}data: b\n\n")),
            _ => connection.send("HTTP/1.1 204 -\r\n\r\n"),
        }
    });
    let mut stream = open(&server, ResumeBy::LAST_EVENT_ID).await.unwrap();
    assert_eq!(stream.next_event().await.unwrap().unwrap().data, "a");
    let error = stream.reconnect().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.last_event_id(), Some("7"));
    // The stream was not resumed, which is not its end.
    let error = stream.next_event().await.unwrap().unwrap_err();
    assert_eq!(error.last_event_id(), Some("7"));
    assert!(stream.next_event().await.is_none());
    stream.reconnect().await.unwrap();
    assert_eq!(stream.next_event().await.unwrap().unwrap().data, "b");
    stream.reconnect().await.unwrap();
    assert!(stream.next_event().await.is_none());
    let ids: Vec<_> = server.received().iter().filter_map(last_event_id).collect();
    assert_eq!(ids, ["7", "7", "7"]);
}

#[tokio::test]
async fn resume_with_too_many_events_is_an_error() {
    let many: &'static str = Box::leak(
        (0..4097)
            .map(|number| format!("data: {number}\n\n"))
            .collect::<String>()
            .into_boxed_str(),
    );
    let body: &'static str = Box::leak(format!("id: 1\n\n{many}").into_boxed_str());
    let bodies_of: &'static [&'static str] = Box::leak(Box::new([body]));
    let (_server, mut stream) = bodies(bodies_of).await;
    for _ in 0..4097 {
        stream.next_event().await.unwrap().unwrap();
    }
    let error = stream.reconnect().await.unwrap_err();
    assert!(error.to_string().contains("4096"), "{error}");
    assert_eq!(error.last_event_id(), Some("1"));
}

#[tokio::test]
async fn resume_undeclared_is_an_error() {
    let event_stream = response(
        200,
        &["content-type: text/event-stream"],
        "id: 1\ndata: a\n\n",
    );
    let server = Server::always(event_stream);
    let request = server.client().request(Method::GET, "/events");
    let mut stream = request.events().await.unwrap().into_inner();
    stream.next_event().await.unwrap().unwrap();
    let error = stream.reconnect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let text = error.to_string();
    assert!(text.starts_with("GET /events: "), "{text}");
    assert!(text.contains("`RawRequest::resume`"), "{text}");
    assert_eq!(error.last_event_id(), Some("1"));
}

#[tokio::test]
async fn resume_by_query_keeps_other_parameters() {
    let server = Server::start(|request| match request.target.contains("after=2") {
        true => response(200, &["content-type: text/event-stream"], ""),
        false => response(
            200,
            &["content-type: text/event-stream"],
            "id: 2\ndata: a\n\n",
        ),
    });
    let request = server
        .client()
        .request(Method::POST, "/events")
        .query(&[("a", "x y"), ("after", "1"), ("b", "ä&")])
        .json(&json!({"all": true}))
        .resume(ResumeBy::Query("after".into()));
    let mut stream = request.events().await.unwrap().into_inner();
    stream.next_event().await.unwrap().unwrap();
    stream.reconnect().await.unwrap();
    let received = server.received();
    assert_eq!(received[0].target, "/events?a=x%20y&after=1&b=%C3%A4%26");
    assert_eq!(received[1].target, "/events?a=x%20y&b=%C3%A4%26&after=2");
    assert_eq!(received[1].body, received[0].body);
}

#[tokio::test]
async fn resume_with_unsendable_id_is_an_error() {
    let (server, mut stream) = bodies(&["id: a\u{1}b\ndata: a\n\n"]).await;
    stream.next_event().await.unwrap().unwrap();
    let error = stream.reconnect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let text = error.to_string();
    assert!(
        text.contains("the id of the last event cannot be sent in `last-event-id` ("),
        "{text}"
    );
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn resume_by_reserved_header_is_rejected() {
    let server = Server::always(response(200, &[], ""));
    for name in ["Authorization", "x-depot-key", "Host", "not a name"] {
        let error = open(&server, ResumeBy::Header(name.into()))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
    }
    assert_eq!(server.accepted(), 0);
}
