//! Generates two clients and compares their public surfaces.

use neo_client_codegen::Output;
use serde_json::{Map, Value};

use crate::document::unused::{is_in, unused_components};
use crate::result::Result;
use crate::rust_api::item::ApiItem;
use crate::rust_api::item_context::ItemContext;
use crate::rust_api::sources::SourceChange;
use crate::rust_api::surface;
use crate::workspace;

/// The size in bytes of two documents for which the generation is announced, because it takes
/// seconds.
const LARGE: usize = 4 << 20;

/// The difference between two Rust APIs.
#[derive(Debug)]
pub enum ApiDiff {
    Compared {
        /// The items that differ.
        items: Vec<ApiItem>,
        /// The difference in the files, inside of functions or in documentation.
        sources: SourceChange,
    },
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
            Ok((old, new)) => Self::of(old.as_ref(), new.as_ref(), base, revision),
            Err(error) => Self::Unknown(format!("a document does not generate: {error}")),
        }
    }

    /// Compares the clients that are generated from two documents.
    pub fn of_outputs(old: &Output, new: &Output, base: &Value, revision: &Value) -> Self {
        Self::of(Some(old), Some(new), base, revision)
    }

    fn of(old: Option<&Output>, new: Option<&Output>, base: &Value, revision: &Value) -> Self {
        let mut items = surface::compare(old, new);
        if !items.is_empty() {
            let (unused_before, unused) = (unused_components(base), unused_components(revision));
            let context = ItemContext::new(base, revision);
            for item in &mut items {
                // A component that comes into use with the change is news.
                item.is_unused = match (&item.base, &item.revision) {
                    (_, Some(pointer)) => is_in(&unused, pointer),
                    (Some(pointer), None) => is_in(&unused_before, pointer),
                    (None, None) => false,
                };
                context.add_to(item);
            }
        }
        Self::Compared {
            items,
            sources: match (old, new) {
                (Some(old), Some(new)) => SourceChange::between(old, new),
                (None, None) => SourceChange::None,
                _ => SourceChange::Code,
            },
        }
    }
}

type Client = Option<Output>;

fn generate_both(old: &Value, new: &Value) -> Result<(Client, Client)> {
    let generate = |document| workspace::generate(document, None).map(Some);
    match (is_empty(old), is_empty(new)) {
        (true, true) => Ok((None, None)),
        (true, false) => Ok((None, generate(new)?)),
        (false, true) => Ok((generate(old)?, None)),
        (false, false) => {
            let [old, new] = neo_client_codegen::generate_for_comparison(old, new)?;
            Ok((Some(old), Some(new)))
        }
    }
}

/// Returns whether a document has nothing to generate from: no paths and no schemas.
fn is_empty(document: &Value) -> bool {
    ["/paths", "/components/schemas"].iter().all(|pointer| {
        let found = document.pointer(pointer).and_then(Value::as_object);
        found.is_none_or(Map::is_empty)
    })
}
