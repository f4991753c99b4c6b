//! Event streams.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread::sleep;
use std::time::Duration;

use neo_client_fixture::types;
use neo_client_runtime::{CallOptions, Error, ErrorKind, Event, EventStream, Method};
use serde::Deserialize;
use serde_json::Value;

use crate::support::clients::KEY;
use crate::support::server::{Server, json, response};

const HEAD: &[u8] = b"HTTP/1.1 200 -\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n";

/// Requests the events of a job, with changed options.
async fn events(
    server: &Server,
    change: impl FnOnce(CallOptions) -> CallOptions,
) -> Result<EventStream, Error> {
    let job = types::JobRequest::builder().work("count the parcels");
    let client = server.client().with_options(change);
    client.jobs().start_job_stream(job).await
}

/// Reads a stream to its end.
async fn all(mut stream: EventStream) -> Vec<Result<Event, Error>> {
    let mut all = Vec::new();
    while let Some(event) = stream.next_event().await {
        all.push(event);
    }
    assert!(stream.next_event().await.is_none());
    all
}

/// Starts a server that sends a head and then what `rest` writes.
fn streaming(rest: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Server {
    Server::serve(move |_, socket| {
        socket.write_all(HEAD).unwrap();
        rest(socket);
    })
}

#[tokio::test]
async fn events_arrive_as_sent_until_done() {
    let server = streaming(|socket| {
        let bytes = "\u{feff}: hello\r\nid: 1\r\ndata: {\"type\": \"ä\"}\r\n\r\n\
             event: log\ndata: a\ndata: b\nretry: 250\n\ndata: [DONE]\n\ndata: never\n\n";
        for byte in bytes.as_bytes() {
            socket.write_all(&[*byte]).unwrap();
            socket.flush().unwrap();
        }
        // The connection stays open: `[DONE]` alone ends the stream.
        let _ = socket.read(&mut [0]);
    });
    let stream = events(&server, |call| call).await.unwrap();
    let all: Vec<Event> = all(stream).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(all.len(), 2);
    assert_eq!((&*all[0].id, &*all[0].event), ("1", "message"));
    assert_eq!(all[0].data_as::<Value>().unwrap()["type"], "ä");
    assert_eq!(
        (&*all[1].id, &*all[1].event, &*all[1].data),
        ("1", "log", "a\nb")
    );
    assert_eq!(all[1].retry, Some(Duration::from_millis(250)));
    let error = all[1].data_as::<Value>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!error.to_string().contains("a\nb"), "{error}");

    let received = &server.received()[0];
    assert_eq!(received.header("accept"), Some("text/event-stream"));
    assert_eq!(received.header("accept-encoding"), Some("identity"));
    assert_eq!(received.header("x-depot-key"), Some(KEY));
}

#[tokio::test]
async fn events_cut_off_report_last_event_id() {
    let server = Server::start(|_| {
        let head =
            b"HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\ncontent-length: 99\r\n\r\n";
        [
            &head[..],
            b"id: 41\ndata: a\n\nid: 42\ndata: b\n\ndata: c\n",
        ]
        .concat()
    });
    let all = all(events(&server, |call| call).await.unwrap()).await;
    let [Ok(_), Ok(_), Err(error)] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.last_event_id(), Some("42"));
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.operation().unwrap().name, "jobs.start_job_stream");
}

#[tokio::test]
async fn events_with_echoed_credential_id_hide_it() {
    let server = Server::start(|_| {
        let head =
            "HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\ncontent-length: 999\r\n\r\n";
        format!("{head}id: {KEY}\ndata: a\n\n").into_bytes()
    });
    let mut stream = events(&server, |call| call).await.unwrap();
    stream.next_event().await.unwrap().unwrap();
    let error = stream.next_event().await.unwrap().unwrap_err();
    assert_eq!(error.last_event_id(), Some(KEY));
    let shown = format!("{error} {error:#} {error:?} {stream:?}");
    assert!(!shown.contains(KEY), "{shown}");
    let length = format!("last_event_id: {} bytes", KEY.len());
    assert_eq!(shown.matches(&length).count(), 2, "{shown}");
}

#[tokio::test]
async fn events_idle_timeout_ends_silence() {
    let idle = Duration::from_secs(3);
    let server = streaming(move |socket| {
        // Comments keep the stream alive for longer than the timeout.
        for _ in 0..16 {
            socket.write_all(b":\n").unwrap();
            sleep(idle / 12);
        }
        socket.write_all(b"data: a\n\n").unwrap();
        sleep(idle * 4 / 3);
    });
    let limited = |call: CallOptions| {
        let call = call.idle_timeout(idle).attempt_timeout(idle);
        call.timeout(idle)
    };
    let (limited, patient) = tokio::join!(
        async { all(events(&server, limited).await.unwrap()).await },
        async { all(events(&server, |call| call.timeout(idle)).await.unwrap()).await },
    );
    assert_eq!(limited[0].as_ref().unwrap().data, "a");
    let error = limited[1].as_ref().unwrap_err();
    assert!(error.is_timeout());
    assert!(
        error.to_string().contains("nothing came for 3 s"),
        "{error}"
    );

    assert_eq!(patient.len(), 1);
    assert!(patient[0].is_ok());
}

#[tokio::test]
async fn events_are_limited_one_by_one() {
    let server = streaming(|socket| {
        for _ in 0..1000 {
            socket.write_all(b"data: 0123456789\n\n").unwrap();
        }
        let _ = socket.write_all(&b"data: ".repeat(1 << 20));
    });
    let limits = |call: CallOptions| call.event_limit(4096).response_limit(1);
    let all = all(events(&server, limits).await.unwrap()).await;
    assert_eq!(all.len(), 1001);
    let error = all[1000].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    assert!(error.to_string().contains("4096 bytes"), "{error}");
}

#[tokio::test]
async fn events_slow_reader_slows_the_server() {
    let (sent, is_sent) = channel();
    let sent = Mutex::new(sent);
    let server = streaming(move |socket| {
        let event = [&b"data: "[..], &b"x".repeat(1 << 16), b"\n\n"].concat();
        socket
            .set_write_timeout(Some(Duration::from_secs(1)))
            .unwrap();
        let written = (0..10_000).take_while(|_| socket.write_all(&event).is_ok());
        sent.lock().unwrap().send(written.count()).unwrap();
    });
    let mut stream = events(&server, |call| call).await.unwrap();
    stream.next_event().await.unwrap().unwrap();
    let written = tokio::task::spawn_blocking(move || is_sent.recv().unwrap());
    // Buffers hold a small part of the 640 MiB to be sent.
    assert!(written.await.unwrap() < 1000);
    drop(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_dropped_closes_the_connection() {
    let (closed, is_closed) = channel();
    let closed = Mutex::new(closed);
    let server = streaming(move |socket| {
        socket.write_all(b"data: a\n\n").unwrap();
        let rest = socket.read(&mut [0]);
        let is_closed = matches!(rest, Ok(0) | Err(_));
        closed.lock().unwrap().send(is_closed).unwrap();
    });
    let mut stream = events(&server, |call| call).await.unwrap();
    stream.next_event().await.unwrap().unwrap();
    drop(stream);
    assert!(is_closed.recv_timeout(Duration::from_secs(120)).unwrap());
}

#[tokio::test]
async fn events_of_other_media_type_are_an_error() {
    let server = Server::always(json(200, "{}"));
    let error = events(&server, |call| call).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let text = error.to_string();
    assert!(
        text.contains("`application/json` where an event stream was expected"),
        "{text}"
    );

    let rejection = r#"{"error": "broke", "code": "out_of_stock"}"#;
    let server = Server::always(json(402, rejection));
    let error = events(&server, |call| call).await.unwrap_err();
    assert_eq!(error.code().unwrap(), "out_of_stock");
}

#[tokio::test]
async fn events_of_a_raw_request_are_read() {
    let answer = response(200, &["content-type: Text/Event-Stream"], "data: a\n\n");
    let server = Server::always(answer);
    let request = server.client().request(Method::GET, "/api/v1/x");
    let response = request.header("accept", "*/*").events().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(all(response.into_inner()).await.len(), 1);
    let received = &server.received()[0];
    assert_eq!(received.header("accept"), Some("text/event-stream"));
}

#[derive(Debug, Deserialize)]
struct Progress {
    count: u8,
    #[serde(rename = "pair")]
    _pair: Option<(u8, u8)>,
}

#[tokio::test]
async fn data_behind_the_first_value_is_not_read() {
    let body = "data: {\"count\":1}\ndata: {\"count\":2}\n\ndata: {\"count\":3} x\n\n";
    let server = Server::always(response(200, &["content-type: text/event-stream"], body));
    let mut stream = events(&server, |call| call).await.unwrap();
    for expected in [1, 3] {
        let event = stream.next_event().await.unwrap().unwrap();
        assert_eq!(event.data_as::<Progress>().unwrap().count, expected);
    }
}

#[test]
fn misfit_in_data_is_located_if_possible() {
    for (data, expected) in [
        (
            r#"{"count":"x"}"#,
            "at `count`, line 1 column 12 of the JSON",
        ),
        (
            r#"{"count":"x"} {"count":2}"#,
            "at `count`, line 1 column 12",
        ),
        (r#"{"count":"x","n":NaN}"#, "at `count`, line 1 column 12"),
        (r#"{"count":"x","n":NaN} x"#, "at `count`, line 1 column 12"),
        (r#"{"count":"x","note":"\ud800"}"#, "at `count`, line 1"),
        (r#"{"count":"x","n":"#, "at `count`, line 1 column 12"),
        (r#"{"count":1,"pair":[1,2,3]}"#, "expected at `pair` ("),
        ("[]", "expected at `.`, line 1"),
        ("{\"count\":1", "is not JSON, line 1 column 10"),
        ("count", "is not JSON, line 1 column 1"),
    ] {
        let error = Event::new(data).data_as::<Progress>().unwrap_err();
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}
