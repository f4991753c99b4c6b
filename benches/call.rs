//! Measures the overhead of this crate: one call of the credit balance, compared with plain reqwest
//! and serde_json, against a loopback server.
//!
//! ```text
//! cargo bench --bench call
//! ```
#![allow(missing_docs, clippy::unwrap_used)]

use divan::{Bencher, black_box};
use neo_client::mock::MockServer;
use neo_client::reqwest;
use neo_client::types::BillingCreditsResponse;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[divan::bench]
fn neo_client(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let server = runtime.block_on(MockServer::start()).unwrap();
    let neo = server.client();
    bencher.bench_local(|| {
        let balance = runtime.block_on(async { neo.billing().get_credit_balance().await });
        black_box(balance.unwrap())
    });
}

#[divan::bench]
fn reqwest_and_serde_json(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let server = runtime.block_on(MockServer::start()).unwrap();
    let http = reqwest::Client::new();
    let url = format!("{}/api/v1/billing/credits", server.base_url());
    let call = async || {
        let request = http
            .get(&url)
            .header("X-Api-Key", "neo_sk_0123456789abcdef");
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok::<BillingCreditsResponse, Box<dyn std::error::Error>>(
            neo_client::serde_json::from_slice(&body)?,
        )
    };
    bencher.bench_local(|| black_box(runtime.block_on(call()).unwrap()));
}
