//! The server of the runtime's tests, and clients of it.

#![allow(dead_code, clippy::unwrap_used)]

#[path = "../../../../../runtime/tests/support/server.rs"]
pub mod server;

use neo_client_documents::Client;

use server::Server;

/// A credential for operations that ask for one.
const KEY: &str = "neo_sk_canary0canary0canary0canary0cana";

impl Server {
    /// Returns a client of this server, of which the client of any document can be made.
    pub fn client(&self) -> Client {
        let builder = Client::builder().base_url(self.url());
        builder.api_key(KEY).build().unwrap()
    }
}
