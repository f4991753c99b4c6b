//! The calls that `tests/real/run` makes through nginx, haproxy and squid, and their backend.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

mod backend;

use neo_client_runtime::reqwest::Proxy;
use neo_client_runtime::{Api, Client, ClientBuilder, ErrorKind, Method};

static API: Api = Api::new("real", "Real", "1");

/// The number of requests with a body, of which none may be lost or carried out twice.
const ORDERS: usize = 600;
const AT_ONCE: usize = 64;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve"] => serve(),
        ["port"] => {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            println!("{}", listener.local_addr().unwrap().port());
        }
        ["direct", url] => return check(calls(Client::builder(&API).base_url(url), None)),
        ["behind", url] => {
            let builder = Client::builder(&API).base_url(url);
            return check(calls(builder, Some(1 << 20)));
        }
        ["behind", url, "http2"] => {
            let builder = Client::builder(&API).base_url(url);
            let builder = builder.http(|http| http.http2_prior_knowledge());
            return check(calls(builder, Some(1 << 20)));
        }
        ["proxied", proxy, port] => return check(through_proxy(proxy, port)),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// Runs the calls and returns whether they all did what is right.
fn check(calls: impl Future<Output = Vec<String>>) -> ExitCode {
    let failures = backend::run(calls);
    for failure in &failures {
        println!("failed: {failure}");
    }
    match failures.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// `body_limit` is the size of a request body that the server in between refuses.
async fn calls(builder: ClientBuilder, body_limit: Option<usize>) -> Vec<String> {
    let client = builder.build().unwrap();
    let mut failures = Vec::new();
    let reset = client.request(Method::DELETE, "/orders").send().await;
    failures.extend(reset.err().map(|error| format!("reset: {error:#}")));
    failures.extend(orders(&client).await);
    let bare = client.request(Method::POST, "/orders/none").send().await;
    failures.extend(bare.err().map(|error| format!("empty POST: {error:#}")));
    let carried_out = client.request(Method::GET, "/orders").send().await;
    match carried_out.map(|response| response.into_inner()) {
        Ok(text) if text == format!("{ORDERS} {ORDERS}") => {}
        Ok(text) => failures.push(format!("orders carried out, and different ones: {text:?}")),
        Err(error) => failures.push(format!("orders: {error:#}")),
    }
    if let Some(limit) = body_limit {
        let request = client.request(Method::POST, "/orders");
        let outcome = request.body("x".repeat(4 * limit)).send().await;
        match outcome {
            // haproxy has no limit.
            Ok(_) => {}
            Err(error) if error.status().is_some_and(|status| status == 413) => {}
            Err(error) => failures.push(format!("large body: {error:#}")),
        }
    }
    match read_slowly(&client).await {
        Ok(10) => {}
        other => failures.push(format!("slow stream: {other:?}")),
    }
    failures
}

/// Sends all orders and returns the errors.
async fn orders(client: &Client) -> Vec<String> {
    let turns = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let orders: Vec<_> = (0..ORDERS)
        .map(|number| {
            let (client, turns) = (client.clone(), Arc::clone(&turns));
            tokio::spawn(async move {
                let _turn = turns.acquire().await.unwrap();
                let request = client.request(Method::POST, "/orders");
                request.body(format!("order {number}")).send().await
            })
        })
        .collect();
    let mut failures = Vec::new();
    for order in orders {
        let outcome = order.await.unwrap();
        failures.extend(outcome.err().map(|error| format!("order: {error:#}")));
    }
    failures
}

/// Returns the number of lines of a response that takes a second.
async fn read_slowly(client: &Client) -> Result<usize, neo_client_runtime::Error> {
    let response = client.request(Method::GET, "/slow").stream().await?;
    let (mut body, mut lines) = (response.into_inner(), 0);
    while let Some(chunk) = body.chunk().await {
        lines += chunk?.iter().filter(|byte| **byte == b'\n').count();
    }
    Ok(lines)
}

async fn through_proxy(proxy: &str, port: &str) -> Vec<String> {
    let client = |base_url: &str| {
        let proxy = Proxy::all(proxy).unwrap();
        let builder = Client::builder(&API).base_url(base_url);
        let builder = builder.allow_insecure_http();
        builder.http(move |http| http.proxy(proxy.clone())).build()
    };
    let mut failures = Vec::new();
    // A request for this machine never goes to a proxy, so the backend sees it at once.
    let local = client(&format!("http://127.0.0.1:{port}")).unwrap();
    let direct = local.request(Method::GET, "/orders").send().await;
    failures.extend(direct.err().map(|error| format!("loopback: {error:#}")));
    let refused = client("https://refused.example").unwrap();
    let error = refused.request(Method::GET, "/").send().await.unwrap_err();
    let is_right = error.kind() == ErrorKind::Proxy && error.attempts() == 1;
    if !is_right || !error.to_string().contains("the proxy `") {
        failures.push(format!("refused tunnel: {error:?}"));
    }
    failures
}

/// The orders that the backend carried out, with their number.
type Orders = Arc<Mutex<BTreeMap<Vec<u8>, usize>>>;

/// Serves for ever. Prints the port.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let orders = Orders::default();
    for socket in listener.incoming() {
        let orders = Arc::clone(&orders);
        thread::spawn(move || serve_connection(&socket.unwrap(), &orders));
    }
}

fn serve_connection(mut socket: &TcpStream, orders: &Orders) -> Option<()> {
    let mut reader = BufReader::new(socket);
    loop {
        let backend::Request { method, path, body } = backend::read_request(&mut reader)?;
        if path == "/slow" {
            socket
                .write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                .ok()?;
            for _ in 0..10 {
                thread::sleep(Duration::from_millis(100));
                socket.write_all(b"5\r\nline\n\r\n").ok()?;
            }
            socket.write_all(b"0\r\n\r\n").ok()?;
            continue;
        }
        let mut orders = orders.lock().unwrap();
        match (method.as_str(), path.as_str()) {
            ("DELETE", _) => orders.clear(),
            ("POST", "/orders") => *orders.entry(body).or_default() += 1,
            _ => {}
        }
        let text = format!("{} {}", orders.values().sum::<usize>(), orders.len());
        let length = text.len();
        let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{text}");
        socket.write_all(response.as_bytes()).ok()?;
    }
}
