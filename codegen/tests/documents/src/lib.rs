//! Clients of the documents of this folder, to compile and to exercise them.

use std::ops::Deref;

pub use neo_client_runtime::*;

pub use neo_client_runtime as runtime;

/// An API without operations, for requests to paths that no document has.
static API: Api = Api::new("documents", "Documents", "1")
    .security_schemes(&[SecurityScheme::new(
        "Key",
        "api_key",
        SecuritySchemeKind::Header("X-Api-Key"),
    )])
    .security(&[&["Key"], &[]]);

/// A document, and what can be done with it.
pub struct Document {
    pub name: &'static str,
    pub json: &'static str,
    /// The ledger's lines about operations that are missing.
    pub left_out: &'static [&'static str],
    /// All lines of the ledger.
    pub ledger: &'static str,
    pub types: &'static [Type],
}

/// A generated type.
pub struct Type {
    pub name: &'static str,
    /// The location of its schema.
    pub pointer: &'static str,
    /// Decodes a value and encodes it again.
    pub round_trip: fn(&serde_json::Value) -> Result<serde_json::Value, String>,
    /// Decodes a value and prints it with `Debug`.
    pub debug: fn(&serde_json::Value) -> Result<String, String>,
}

fn debug<T: std::fmt::Debug + serde::de::DeserializeOwned>(
    value: &serde_json::Value,
) -> Result<String, String> {
    let typed: T = serde_path_to_error::deserialize(value).map_err(|error| error.to_string())?;
    Ok(format!("{typed:?}"))
}

fn round_trip<T: serde::Serialize + serde::de::DeserializeOwned>(
    value: &serde_json::Value,
) -> Result<serde_json::Value, String> {
    let typed: T = serde_path_to_error::deserialize(value).map_err(|error| error.to_string())?;
    serde_json::to_value(&typed).map_err(|error| error.to_string())
}

/// A client that each document's client can be made of.
#[derive(Debug, Clone)]
pub struct Client(runtime::Client);

impl Client {
    pub fn builder() -> ClientBuilder {
        ClientBuilder(runtime::Client::builder(&API))
    }
}

impl Deref for Client {
    type Target = runtime::Client;

    fn deref(&self) -> &runtime::Client {
        &self.0
    }
}

/// Settings of a [`Client`].
pub struct ClientBuilder(runtime::ClientBuilder);

impl ClientBuilder {
    pub fn api_key(self, key: &str) -> Self {
        Self(self.0.secret("Key", key))
    }

    pub fn base_url(self, url: impl AsRef<str>) -> Self {
        Self(self.0.base_url(url))
    }

    pub fn build(self) -> Result<Client, Error> {
        self.0.build().map(Client)
    }
}

include!(concat!(env!("OUT_DIR"), "/documents.rs"));
