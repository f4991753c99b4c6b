//! `src/lib.rs`, `src/client.rs` and `src/mock.rs` of a new crate.

use neo_client_codegen::Output;
use neo_client_codegen::openapi::security::{Scheme, SchemeKind, schemes};
use serde_json::Value;

use crate::new_crate::identity::plain_line;

/// The text of `src/lib.rs`. The README is the crate documentation.
pub const LIBRARY: &str = "#![doc = include_str!(\"../README.md\")]

mod client;
mod generated;
#[cfg(feature = \"mock\")]
pub mod mock;

pub use client::{Client, ClientBuilder};
pub use generated::{API, OPERATIONS, api, types};
pub use neo_client_runtime::*;
";

/// `src/client.rs` without the setters of credentials.
const CLIENT: &str = include_str!("client.rs.txt");

/// Returns the text of `src/client.rs`: newtypes over the client of the runtime and over its
/// builder, with a setter for each security scheme.
pub fn client(document: &Value, output: &Output) -> String {
    let mut text = CLIENT.to_owned();
    if output.setters.is_empty() {
        return text;
    }
    text += "\n/// Setters of credentials, one for each security scheme.\nimpl ClientBuilder {\n";
    let setters: Vec<String> = schemes(document)
        .iter()
        .filter_map(|scheme| Some(setter(scheme, output.setters.get(scheme.name)?)))
        .collect();
    text + &setters.join("\n") + "}\n"
}

fn setter(scheme: &Scheme<'_>, setter: &str) -> String {
    let name = scheme.name;
    let is_basic = matches!(scheme.kind, SchemeKind::Http(it) if it.eq_ignore_ascii_case("basic"));
    let (what, parameters, call) = if is_basic {
        (
            "user name and password",
            "user: impl Into<String>, password: impl Into<String>",
            format!("user_and_password({name:?}, user, password)"),
        )
    } else {
        (
            "credential",
            "secret: impl Into<String>",
            format!("secret({name:?}, secret)"),
        )
    };
    let shown = plain_line(name);
    format!(
        "    /// Sets the {what} for the security scheme `{shown}`.\n    \
         pub fn {setter}(self, {parameters}) -> Self {{\n        \
         Self(self.0.{call})\n    }}\n"
    )
}

/// The text of `src/mock.rs`: the mock server of the runtime with the samples of the API.
pub const MOCK: &str = include_str!("mock.rs.txt");
