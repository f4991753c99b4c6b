//! Clients of a [`Server`], and the response of the operation that most tests call.

use std::time::Duration;

use neo_client_fixture::{Client, ClientBuilder};

use crate::support::server::Server;

/// The credential of the clients. A test fails if anything prints it.
pub const KEY: &str = "dpt_sk_canary0canary0canary0canary0cana";

/// The path of `stock.get_stock_level`.
pub const STOCK_PATH: &str = "/api/v1/stock";

/// A response of `stock.get_stock_level` with the required properties only.
pub const STOCK: &str = r#"{"available": 60, "stocked": 100, "shipped": 40}"#;

impl Server {
    /// Returns a client of this server with [`KEY`].
    pub fn client(&self) -> Client {
        self.client_at(&self.url())
    }

    /// Returns a client with [`KEY`] that reaches this server by another URL.
    pub fn client_at(&self, url: &str) -> Client {
        let builder = self.builder().base_url(url);
        builder.depot_key(KEY).build().unwrap()
    }

    /// Returns a builder with the base URL of this server and no credential.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder().base_url(self.url())
    }

    /// Waits until `count` connections were accepted, and returns the number.
    ///
    /// The client may see a connection as open before the server has accepted it.
    pub async fn accepted_at_least(&self, count: usize) -> usize {
        for _ in 0..3000 {
            if self.accepted() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.accepted()
    }
}
