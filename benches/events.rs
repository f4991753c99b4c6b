//! Measures an event stream of 64 MiB over loopback, compared with plain reqwest (bytes only) and
//! with the parser `eventsource-stream`.
//!
//! ```text
//! cargo bench --bench events
//! ```
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use neo_client::{Client, Method, reqwest};
use tokio::runtime::Runtime;

const EVENTS: usize = 128 * 1024;
const HEAD: &str =
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\r\n";

fn main() {
    divan::main();
}

/// Returns an event of 512 bytes.
fn event() -> String {
    let text = "x".repeat(512 - 41);
    format!("id: 12345\ndata: {{\"type\":\"text\",\"d\":\"{text}\"}}\n\n")
}

/// Starts a server that sends all events to every client.
fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let part = event().repeat(128);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            // The request is smaller than the buffer.
            let _ = socket.read(&mut [0; 4096]);
            let _ = socket.write_all(HEAD.as_bytes());
            for _ in 0..EVENTS / 128 {
                if socket.write_all(part.as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    address
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[divan::bench(sample_count = 10)]
fn event_stream(bencher: Bencher<'_, '_>) {
    let (runtime, address) = (runtime(), server());
    let client = Client::builder()
        .base_url(format!("http://{address}"))
        .api_key("neo_sk_0123456789abcdef")
        .build()
        .unwrap();
    bencher
        .counter(BytesCount::new(EVENTS * event().len()))
        .bench_local(|| {
            runtime.block_on(async {
                let request = client.request(Method::GET, "/api/v1/x");
                let mut events = request.events().await.unwrap().into_inner();
                let mut count = 0;
                while let Some(event) = events.next_event().await {
                    black_box(event.unwrap());
                    count += 1;
                }
                assert_eq!(count, EVENTS);
            })
        });
}

#[divan::bench(sample_count = 10)]
fn plain_parser_over_reqwest(bencher: Bencher<'_, '_>) {
    let (runtime, address) = (runtime(), server());
    let http = reqwest::Client::new();
    bencher
        .counter(BytesCount::new(EVENTS * event().len()))
        .bench_local(|| {
            runtime.block_on(async {
                let url = format!("http://{address}/api/v1/x");
                let response = http.get(url).send().await.unwrap();
                let mut events = response.bytes_stream().eventsource();
                let mut count = 0;
                while let Some(event) = events.next().await {
                    black_box(event.unwrap());
                    count += 1;
                }
                assert_eq!(count, EVENTS);
            })
        });
}

#[divan::bench(sample_count = 10)]
fn bytes_by_reqwest(bencher: Bencher<'_, '_>) {
    let (runtime, address) = (runtime(), server());
    let http = reqwest::Client::new();
    bencher
        .counter(BytesCount::new(EVENTS * event().len()))
        .bench_local(|| {
            runtime.block_on(async {
                let url = format!("http://{address}/api/v1/x");
                let mut response = http.get(url).send().await.unwrap();
                while let Some(chunk) = response.chunk().await.unwrap() {
                    black_box(chunk);
                }
            })
        });
}
