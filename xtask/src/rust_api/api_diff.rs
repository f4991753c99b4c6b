//! Generates two clients and compares their public surfaces.

use neo_client_codegen::Output;
use serde_json::{Map, Value};

use crate::result::Result;
use crate::rust_api::surface::{self, ApiItem};
use crate::workspace;

/// The size in bytes of two documents for which the generation is announced, because it takes
/// seconds.
const LARGE: usize = 4 << 20;

/// The difference between two Rust APIs.
#[derive(Debug)]
pub enum ApiDiff {
    /// The items that differ.
    Compared(Vec<ApiItem>),
    /// The reason why the APIs were not compared.
    Unknown(String),
}

impl ApiDiff {
    /// Generates the clients of two documents and compares them.
    pub fn of_documents(base: &Value, revision: &Value) -> Self {
        let size = base.to_string().len() + revision.to_string().len();
        if size > LARGE {
            eprintln!(
                "generating both clients from {} MB of documents",
                size >> 20
            );
        }
        match generate_both(base, revision) {
            Ok((old, new)) => Self::Compared(surface::compare(old.as_ref(), new.as_ref())),
            Err(error) => Self::Unknown(format!("a document does not generate: {error}")),
        }
    }

    /// Compares two clients.
    pub fn of_outputs(old: &Output, new: &Output) -> Self {
        Self::Compared(surface::compare(Some(old), Some(new)))
    }
}

type Client = Option<Output>;

fn generate_both(old: &Value, new: &Value) -> Result<(Client, Client)> {
    let generate = |document: &Value| {
        if is_empty(document) {
            return Ok(None);
        }
        workspace::generate(document, None)
            .map(Some)
            .map_err(|error| error.to_string())
    };
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| generate(old));
        let new = generate(new);
        let stopped = |_| Err("the generator stopped".to_owned());
        (old.join().unwrap_or_else(stopped), new)
    });
    Ok((old?, new?))
}

/// Returns whether a document has nothing to generate from: no paths and no schemas.
fn is_empty(document: &Value) -> bool {
    ["/paths", "/components/schemas"].iter().all(|pointer| {
        let found = document.pointer(pointer).and_then(Value::as_object);
        found.is_none_or(Map::is_empty)
    })
}
