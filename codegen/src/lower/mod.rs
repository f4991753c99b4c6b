//! Stage 2, lower: an OpenAPI 3.x document becomes the OpenAPI 3.0 document that progenitor reads.
//!
//! The lowered document is built from scratch, so that nothing reaches progenitor unseen. Each loss
//! is an entry of the [`Ledger`]. [`RULES`](crate::RULES) lists the rules.
//!
//! progenitor supports one response and one body for an operation, and knows no tags, credentials
//! or secrets. The rest is passed on beside the document, as a [`Model`].
//!
//! # Representation for progenitor
//!
//! progenitor and typify fail on some valid documents, or generate unusable code for them. Lowering
//! therefore gives them a simpler document, and a later stage restores what the document hides:
//!
//! | construct | what progenitor is told | where the construct is restored |
//! |---|---|---|
//! | names of parameters | `p0`, `p1`, … ([`model::placeholder`]) | `facade::request` |
//! | path templates | placeholders; equal templates get a number | `facade::build` |
//! | parameters in headers and cookies | parameters in the query | `facade::build` |
//! | `style`, `explode`, `allowReserved` | nothing | `facade::build` |
//! | methods `options` and `trace` | `post` | `facade::build` |
//! | names of properties | names of Rust fields | `refine::structs` |
//! | enumerations of strings | strings | `refine::enums` |
//! | unions | a struct with a field `b000`, `b001`, … a variant | `refine::unions` |
//! | files of `multipart` bodies | strings | `refine::forms` |
//! | `multipart` and URL-encoded bodies | JSON bodies | `facade::build` |
//! | optional bodies | required bodies | `facade::build` |
//! | event streams and byte streams | empty responses | `facade::request` |
//! | error responses | nothing | the runtime's error type |
//! | recursive fields | a shard, in which typify cannot see all cycles | `refine::boxes` |
//! | aliases of components | the component | `refine` |
//! | secrets, `readOnly`, `writeOnly` | nothing | `refine::structs` |
//! | tags, descriptions of operations | generated `operationId`s | `facade` |

mod api;
mod component_ref;
mod components;
mod dynamic_refs;
mod extensions;
mod model;
mod notes;
mod operations;
mod reachability;
mod ref_index;
mod references;
pub(crate) mod rules;
mod schema;
mod security;
mod servers;
#[cfg(test)]
mod tests;
mod untyped;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

pub(crate) use api::Api;
pub(crate) use component_ref::references;
pub(crate) use model::{
    Body, BodyKind, Enum, EventForm, Form, Location, Model, Operation, Pagination, PaginationFlaw,
    PaginationStyle, Parameter, ResponseKind, Serialization, Shape, ShapeKind, Style, ToldApart,
    Union, UnionVariant, ValueKind, WHOLE, placeholder_index,
};
pub(crate) use security::{BUILDER_METHODS, Requirements, SecurityScheme, SecuritySchemeKind};
pub(crate) use servers::{Server, ServerVariable};
pub(crate) use untyped::{UNDESCRIBED, is_untyped, property_pointer};

use crate::error::Error;
use crate::ledger::{Effect, Ledger};
use crate::sample::Arguments;
use crate::settings::Settings;

/// The document for progenitor, with the model of what that document cannot express.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// OpenAPI 3.0.
    pub(crate) document: Value,
    pub(crate) model: Model,
    /// Samples of the arguments of each operation, by its JSON pointer, where examples are wanted.
    pub(crate) samples: BTreeMap<String, Arguments>,
    /// Components whose types are not generated, except for their names.
    pub(crate) named_only: BTreeSet<String>,
}

impl Lowered {
    /// The component schemas.
    pub(crate) fn schemas(&self) -> &Map<String, Value> {
        static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        self.document
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .unwrap_or(&EMPTY)
    }
}

/// Lowers a document. Each loss becomes an entry of the ledger.
pub(crate) fn lower(
    document: &Value,
    settings: &Settings,
    ledger: &mut Ledger,
) -> Result<Lowered, Error> {
    let mut cleaned;
    let document = if notes::has_notes(document) {
        cleaned = document.clone();
        notes::take_notes(&mut cleaned);
        &cleaned
    } else {
        document
    };
    let bound = dynamic_refs::bound(document, ledger);
    let document = bound.as_ref().unwrap_or(document);
    let root = check(document)?;
    ignore_outside_paths(root, ledger);

    let mut components = components::Components::read(document, ledger);
    let mut servers = servers::Servers::read(document, settings.source.as_deref(), ledger);
    let server_count = servers.len();
    let mut operations =
        operations::lower(document, settings, &mut components, &mut servers, ledger)?;
    let (schemas, mut model) =
        components.finish(&mut operations.paths, &operations.operations, ledger);
    mark_sensitive(
        &mut operations.paths,
        &schemas,
        &model,
        &mut operations.operations,
    );
    model.operations = operations.operations;
    model.api = api::Api::of(document);
    (model.api.servers, model.api.server_count) = (servers.finish(), server_count);
    model.api.security_schemes = security::known_schemes(document, ledger);
    model.api.security = security::resolve(
        document,
        &model.api.security_schemes,
        &mut model.operations,
        ledger,
    );

    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": title(root), "version": "0" },
        "paths": operations.paths,
        "components": { "schemas": schemas },
    });
    Ok(Lowered {
        document,
        model,
        samples: BTreeMap::new(),
        named_only: BTreeSet::new(),
    })
}

/// Marks the operations whose request or response can hold a secret. A server may echo a secret of
/// the request.
fn mark_sensitive(
    paths: &mut Value,
    schemas: &Map<String, Value>,
    model: &Model,
    operations: &mut [Operation],
) {
    let secret = reachability::reaching(schemas, |name| {
        model.secrets.contains_key(name) || model.secret_types.contains(name)
    });
    for operation in operations.iter_mut() {
        operation.sensitive = operation.lowered(paths).is_some_and(|lowered| {
            components::is_marked(lowered) || !secret.is_disjoint(&references(lowered))
        });
    }
    notes::take_notes(paths);
}

/// Checks that a value is an OpenAPI 3.x document with paths, components or webhooks.
fn check(document: &Value) -> Result<&Map<String, Value>, Error> {
    let Some(root) = document.as_object() else {
        return Err(Error::document("", "expected a JSON object"));
    };
    match root.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.") => {}
        Some(version) => {
            return Err(Error::document(
                "/openapi",
                format!("expected an OpenAPI version 3.x as a string, found {version}"),
            ));
        }
        None if root.contains_key("swagger") => {
            return Err(Error::document(
                "/swagger",
                "this is a Swagger 2.0 document; convert it to OpenAPI 3.x first",
            ));
        }
        None => return Err(Error::document("", "`openapi` is missing")),
    }
    match root.get("paths") {
        Some(Value::Object(_)) => Ok(root),
        Some(_) => Err(Error::document("/paths", "expected an object")),
        // OpenAPI 3.1 asks for one of the three (section 4.8.1).
        None if root.contains_key("components") || root.contains_key("webhooks") => Ok(root),
        None => Err(Error::document("", "`paths` is missing")),
    }
}

fn title(root: &Map<String, Value>) -> &str {
    root.get("info")
        .and_then(|info| info.get("title"))
        .and_then(Value::as_str)
        .unwrap_or("API")
}

fn ignore_outside_paths(root: &Map<String, Value>, ledger: &mut Ledger) {
    let tags = root.get("tags").and_then(Value::as_array);
    for (index, tag) in tags.into_iter().flatten().enumerate() {
        for keyword in ["parent", "kind"] {
            if tag.get(keyword).is_some() {
                let detail = "groups tags in documentation; each tag has a handle of its own";
                ledger.add(
                    format!("/tags/{index}/{keyword}"),
                    "tags",
                    Effect::Dropped,
                    detail,
                );
            }
        }
    }
    if root
        .get("webhooks")
        .is_some_and(|hooks| hooks.as_object().is_none_or(|hooks| !hooks.is_empty()))
    {
        ledger.add(
            "/webhooks",
            "webhooks",
            Effect::Dropped,
            "a client receives no calls; no types are generated for them",
        );
    }
}

#[cfg(test)]
mod refusals {
    use super::*;

    fn error(document: &Value) -> String {
        lower(document, &Settings::default(), &mut Ledger::default())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn non_openapi_3_is_rejected_with_pointer() {
        for (document, expected) in [
            (json!([]), "document at ``: expected a JSON object"),
            (json!({}), "document at ``: `openapi` is missing"),
            (
                json!({"swagger": "2.0"}),
                "document at `/swagger`: this is a Swagger 2.0 document; convert it to OpenAPI 3.x first",
            ),
            (
                json!({"openapi": 3.1}),
                "document at `/openapi`: expected an OpenAPI version 3.x as a string, found 3.1",
            ),
            (
                json!({"openapi": "3.1.0"}),
                "document at ``: `paths` is missing",
            ),
            (
                json!({"openapi": "3.1.0", "paths": []}),
                "document at `/paths`: expected an object",
            ),
        ] {
            assert_eq!(error(&document), expected);
        }
    }

    #[test]
    fn document_without_paths_is_accepted() {
        let document =
            json!({"openapi": "3.1.0", "components": {"schemas": {"A": {"type": "string"}}}});
        let lowered = lower(&document, &Settings::default(), &mut Ledger::default()).unwrap();
        assert_eq!(lowered.document["paths"], json!({}));
        assert!(lowered.document["components"]["schemas"]["A"].is_object());
    }

    #[test]
    fn webhooks_are_reported() {
        let mut ledger = Ledger::default();
        let document = json!({"openapi": "3.1.0", "paths": {}, "webhooks": {"done": {}}});
        lower(&document, &Settings::default(), &mut ledger).unwrap();
        assert_eq!(ledger.entries()[0].rule, "webhooks");
        assert_eq!(ledger.entries()[0].pointer, "/webhooks");
    }
}
