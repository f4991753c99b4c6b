//! Sends at most ten requests a second, by a layer of tower beneath credentials and retries.
//!
//! ```text
//! cargo run --example rate_limit
//! ```

use std::time::{Duration, Instant};

use neo_client::Client;
use neo_client::mock::MockServer;
use tower::ServiceBuilder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start().await?;
    let neo = Client::builder()
        .base_url(server.base_url())
        .api_key("neo_sk_mock0000mock0000")
        .transport(|http| {
            ServiceBuilder::new()
                .rate_limit(10, Duration::from_secs(1))
                .service(http)
        })
        .build()?;
    let begin = Instant::now();
    for number in 1..=25 {
        let balance = neo.billing().get_credit_balance().await?;
        let seconds = begin.elapsed().as_secs_f64();
        println!(
            "{number}: {} credits after {seconds:.1} s",
            balance.available_credits
        );
    }
    Ok(())
}
