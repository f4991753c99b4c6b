//! Makes many calls to a server of which one request in twenty fails, and prints how many calls
//! were lost and how much memory the client uses.
//!
//! ```console
//! $ cargo run --release -p neo-client-runtime --example soak
//! $ cargo run --release -p neo-client-runtime --example soak -- 1000000 128
//! ```
//!
//! The arguments are the number of calls and the number of calls at once. The server runs in a
//! process of its own. The exit code is 1 if a call was lost, or if the memory after the last
//! quarter of the calls is more than a quarter larger than after the first.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

mod backend;

use neo_client_runtime::{Api, Client, Method, RetryPolicy};

static API: Api = Api::new("soak", "Soak", "1");

/// One request in this many fails.
const FAULT_EVERY: usize = 20;

/// The size of the JSON that each call sends and receives.
const BODY: usize = 1024;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("serve") {
        serve();
        return ExitCode::SUCCESS;
    }
    let calls = first.map_or(200_000, |text| text.parse().unwrap());
    let at_once = arguments.next().map_or(64, |text| text.parse().unwrap());
    backend::run(soak(calls, at_once))
}

async fn soak(calls: usize, at_once: usize) -> ExitCode {
    let (mut server, url) = start_server();
    let client = Client::builder(&API).base_url(url);
    // Of three attempts, all fail once in 8,000 calls.
    let policy = RetryPolicy::default().attempts(8);
    let client = client.retry_policy(policy).build().unwrap();
    let [next, lost] = [0; 2].map(|_| Arc::<AtomicUsize>::default());
    let started = Instant::now();
    let callers: Vec<_> = (0..at_once)
        .map(|_| {
            let client = client.clone();
            let [next, lost] = [&next, &lost].map(Arc::clone);
            tokio::spawn(async move {
                while next.fetch_add(1, Ordering::Relaxed) < calls {
                    let request = client.request(Method::PUT, "/things/1");
                    match request.json(&"x".repeat(BODY)).send().await {
                        Ok(response) => assert_eq!(response.len(), BODY + 2),
                        Err(error) => {
                            println!("lost: {error:#}");
                            lost.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            })
        })
        .collect();
    let mut memory = Vec::new();
    for quarter in 1..=4 {
        while next.load(Ordering::Relaxed) < calls * quarter / 4 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        memory.push(resident_kilobytes());
        println!("{quarter}/4 of the calls: {} kB", memory[quarter - 1]);
    }
    for caller in callers {
        caller.await.unwrap();
    }
    let lost = lost.load(Ordering::Relaxed);
    let seconds = started.elapsed().as_secs_f64();
    println!("{calls} calls, {at_once} at once, {seconds:.1} s: {lost} lost");
    server.kill().unwrap();
    server.wait().unwrap();
    let is_flat = memory[3] <= memory[0] + memory[0] / 4;
    match lost == 0 && is_flat {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Returns the memory of this process, or 0 where `/proc` is missing.
fn resident_kilobytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let words = line.unwrap_or_default().split_whitespace();
    words
        .into_iter()
        .find_map(|it| it.parse().ok())
        .unwrap_or(0)
}

fn start_server() -> (Child, String) {
    let mut server = Command::new(std::env::current_exe().unwrap())
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    let output = server.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut url).unwrap();
    (server, url.trim().to_owned())
}

/// Serves until the parent process ends.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let served = Arc::<AtomicUsize>::default();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let served = Arc::clone(&served);
            thread::spawn(move || serve_connection(&socket.unwrap(), &served));
        }
    });
    let _ = std::io::stdin().read(&mut [0]);
}

/// Responds until a fault ends the connection, or the client closes it.
fn serve_connection(mut socket: &TcpStream, served: &AtomicUsize) {
    let mut reader = BufReader::new(socket);
    while let Some(backend::Request { method, path, body }) = backend::read_request(&mut reader) {
        assert_eq!((&*method, &*path), ("PUT", "/things/1"));
        let number = served.fetch_add(1, Ordering::Relaxed);
        let length = body.len();
        let head = |status: &str| format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n");
        let fault = (number % FAULT_EVERY == 7).then_some(number / FAULT_EVERY % 5);
        let response = match fault {
            None => [head("200 OK").into_bytes(), body].concat(),
            Some(0) => [head("503 Service Unavailable").into_bytes(), body].concat(),
            Some(1) => [head("429 Too Many Requests").into_bytes(), body].concat(),
            // The body ends early.
            Some(2) => [head("200 OK").as_bytes(), b"{"].concat(),
            Some(3) => b"HTTP/1.1 2".to_vec(),
            Some(_) => Vec::new(),
        };
        if socket.write_all(&response).is_err() || fault.is_some_and(|fault| fault > 1) {
            return;
        }
    }
}
