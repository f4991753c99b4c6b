//! Measures the overhead of this crate: one call of the credit balance, compared with plain reqwest
//! and serde_json. The server is a thread that sends the same bytes for each request, so that the
//! figures are those of the clients.
//!
//! ```text
//! cargo bench --bench call
//! ```
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use divan::{Bencher, black_box};
use neo_client::types::BillingCreditsResponse;
use neo_client::{Client, reqwest, serde_json};
use tokio::runtime::Runtime;

const KEY: &str = "neo_sk_0123456789abcdef0123456789abcdef";

fn main() {
    divan::main();
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Starts a server on 127.0.0.1 and returns its URL.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            std::thread::spawn(move || respond(stream));
        }
    });
    url
}

/// Responds to requests without body until the client closes the connection.
fn respond(mut stream: TcpStream) {
    let body = r#"{"issued_credits":100.0,"used_credits":12.5,"available_credits":87.5,"expires_at":"2027-01-31T12:00:00Z"}"#;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
    let response = format!("{head} {}\r\n\r\n{body}", body.len());
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        received.extend_from_slice(&buffer[..length]);
        if received.ends_with(b"\r\n\r\n") {
            received.clear();
            stream.write_all(response.as_bytes()).unwrap();
        }
    }
}

#[divan::bench]
fn neo_client(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let neo = Client::builder().base_url(serve()).api_key(KEY);
    let neo = neo.build().unwrap();
    bencher.bench_local(|| {
        let balance = runtime.block_on(async { neo.billing().get_credit_balance().await });
        black_box(balance.unwrap())
    });
}

#[divan::bench]
fn reqwest_and_serde_json(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/api/v1/billing/credits", serve());
    let call = async || {
        let request = http.get(&url).header("X-Api-Key", KEY);
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok::<BillingCreditsResponse, Box<dyn std::error::Error>>(serde_json::from_slice(&body)?)
    };
    bencher.bench_local(|| black_box(runtime.block_on(call()).unwrap()));
}
