//! Turns an OpenAPI 3.x document into a Rust client, with the help of progenitor.
//!
//! ```text
//! document ─┬─ overlay ─ lower ─ generate ─ refine ─ facade ─→ Rust source
//! overlay  ─┘             └─ ledger                   └─ public surface
//! ```
//!
//! [`generate()`] is the entry point, and [`generate_for_comparison()`] that for two documents.
//! They access no file and no network, and know nothing about any particular API: such knowledge
//! belongs into the overlay or into [`Settings`].
//!
//! - **overlay** applies corrections to the document, as an OpenAPI Overlay 1.1;
//! - **lower** turns the document into the OpenAPI 3.0 that progenitor reads, by the rules in
//!   [`RULES`]; each loss is an entry of the [`Ledger`];
//! - **generate** calls progenitor, and leaves out only the schemas and operations on which it
//!   fails;
//! - **refine** keeps the types and the signatures of functions, opens enums and structs for
//!   future values, and redacts secrets;
//! - **facade** emits `client.<tag>().<method>(…)` and the table of operations.
//!
//! The generated code calls a hand-written runtime for everything that happens on the wire.
//! [`Settings::runtime`] names its module.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod coverage;
mod error;
mod facade;
mod generate;
#[cfg(feature = "instances")]
pub mod instances;
mod ledger;
mod lower;
mod lowering;
#[doc(hidden)]
pub mod markdown;
mod mock_data;
mod names;
pub mod openapi;
mod output;
mod overlay;
mod print;
mod refine;
mod runtime_features;
mod sample;
mod settings;
mod threads;
mod type_report;
mod write;

use serde_json::Value;

pub use coverage::Coverage;
pub use error::Error;
pub use ledger::{Effect, Entry, Ledger};
pub use lower::rules::{RULES, Rule, rules_as_markdown};
pub use openapi::text::read;
pub use output::Output;
pub use overlay::{IdleAction, OverlayError, apply as apply_overlay};
pub use runtime_features::RuntimeFeatures;
pub use settings::Settings;
pub use threads::THREAD;
pub use type_report::{TypeReport, UnionReport};

use lowering::Lowering;

/// Generates a client from an OpenAPI 3.x document and an overlay.
///
/// The same input gives the same output, byte for byte.
///
/// # Errors
///
/// Fails if the overlay does not fit, if the document is not OpenAPI 3.x, or if nothing can be
/// generated. A failure in one place only is left out and listed in the ledger.
///
/// # Example
///
/// ```
/// use neo_client_codegen::{Settings, generate};
/// use serde_json::json;
///
/// let document = json!({
///     "openapi": "3.1.0",
///     "info": { "title": "Cats", "version": "1" },
///     "paths": { "/cats": { "get": {
///         "tags": ["Cats"],
///         "summary": "Count cats",
///         "responses": { "200": { "description": "a number", "content": {
///             "application/json": { "schema": { "type": ["integer", "null"] } }
///         } } }
///     } } }
/// });
/// let output = generate(&document, None, &Settings::default())?;
/// assert!(output.surface.contains(
///     &"fn api::cats::Cats::count_cats(&self) -> CountCats".to_owned()
/// ));
/// # Ok::<(), neo_client_codegen::Error>(())
/// ```
pub fn generate(
    document: &Value,
    overlay: Option<&Value>,
    settings: &Settings,
) -> Result<Output, Error> {
    threads::with_room(|| Lowering::of(document, overlay, settings)?.finish(settings))
}

/// Generates the clients of two documents so that they can be compared, with default settings.
///
/// Types that are the same in both clients are in the surfaces by name only, such as
/// `struct types::Pet`, and not in the files. So a small change of a large document takes a
/// fraction of the time of two clients.
///
/// # Errors
///
/// Fails if [`generate()`] fails for one of the documents.
///
/// # Example
///
/// ```
/// use neo_client_codegen::generate_for_comparison;
/// use serde_json::json;
///
/// let document = |name: &str| json!({
///     "openapi": "3.1.0",
///     "paths": {},
///     "components": { "schemas": {
///         "Cat": { "type": "object", "properties": { (name): { "type": "string" } } },
///         "Dog": { "type": "object", "properties": { "breed": { "type": "string" } } },
///     } },
/// });
/// let [old, new] = generate_for_comparison(&document("colour"), &document("color"))?;
/// let differing = |line: &&String| !new.surface.contains(line);
/// assert!(old.surface.iter().filter(differing).all(|line| line.contains("colour")));
/// assert!(!old.files["types.rs"].contains("Dog"));
/// # Ok::<(), neo_client_codegen::Error>(())
/// ```
pub fn generate_for_comparison(old: &Value, new: &Value) -> Result<[Output; 2], Error> {
    let settings = Settings::default();
    let lower = |document| Lowering::of(document, None, &settings);
    let (mut old, mut new) = threads::both(|| lower(old), || lower(new))?;
    old.name_only_what_both_have(&mut new);
    let (old, new) = threads::both(|| old.finish(&settings), || new.finish(&settings))?;
    Ok([old, new])
}
