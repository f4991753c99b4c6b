//! Makes calls of the credit balance for a profiler, by this crate or by plain reqwest and
//! serde_json, against a server in another process. The difference of two runs, divided by the
//! difference of their calls, is the cost of a call:
//!
//! ```text
//! cargo bench --no-run --bench instructions
//! target/release/deps/instructions-* serve & # prints the URL
//! valgrind --tool=callgrind target/release/deps/instructions-* neo URL 500
//! valgrind --tool=callgrind target/release/deps/instructions-* neo URL 2500
//! valgrind --tool=callgrind target/release/deps/instructions-* plain URL 500
//! valgrind --tool=callgrind target/release/deps/instructions-* plain URL 2500
//! ```
#![allow(missing_docs, clippy::unwrap_used)]

use neo_client::mock::MockServer;
use neo_client::types::BillingCreditsResponse;
use neo_client::{Client, reqwest, serde_json};

const KEY: &str = "neo_sk_0123456789abcdef0123456789abcdef";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["serve", ..] => {
            let server = MockServer::start().await.unwrap();
            println!("{}", server.base_url());
            std::future::pending::<()>().await;
        }
        ["neo", url, calls, ..] => neo(url, calls.parse().unwrap()).await,
        ["plain", url, calls, ..] => plain(url, calls.parse().unwrap()).await,
        // `cargo test` and `cargo bench` run this without arguments of its own.
        _ => {}
    }
}

async fn neo(url: &str, calls: usize) {
    let neo = Client::builder()
        .base_url(url)
        .api_key(KEY)
        .build()
        .unwrap();
    for _ in 0..calls {
        std::hint::black_box(neo.billing().get_credit_balance().await.unwrap());
    }
}

async fn plain(url: &str, calls: usize) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{url}/api/v1/billing/credits");
    for _ in 0..calls {
        let request = http.get(&url).header("X-Api-Key", KEY);
        let response = request.send().await.unwrap().error_for_status().unwrap();
        let body = response.bytes().await.unwrap();
        let balance: BillingCreditsResponse = serde_json::from_slice(&body).unwrap();
        std::hint::black_box(balance);
    }
}
