//! Turns an OpenAPI 3.x document into a Rust client, with the help of progenitor.
//!
//! ```text
//! document ─┬─ overlay ─ lower ─ generate ─ refine ─ facade ─→ Rust source
//! overlay  ─┘             └─ ledger                   └─ public surface
//! ```
//!
//! [`generate()`] is the single entry point. It accesses no file and no network, and knows nothing
//! about any particular API: such knowledge belongs into the overlay or into [`Settings`].
//!
//! - **overlay** applies corrections to the document, as an OpenAPI Overlay 1.1;
//! - **lower** turns the document into the OpenAPI 3.0 that progenitor reads, by the rules in
//!   [`RULES`]; each loss is an entry of the [`Ledger`];
//! - **generate** calls progenitor, and leaves out only the schemas and operations on which it
//!   fails;
//! - **refine** keeps the types and the code that builds requests, opens enums and structs for
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
#[doc(hidden)]
pub mod markdown;
mod mock_data;
mod names;
pub mod openapi;
mod overlay;
mod print;
mod refine;
mod sample;
mod settings;
mod threads;
mod type_report;
mod write;

use std::collections::BTreeMap;

use serde_json::Value;

pub use coverage::Coverage;
pub use error::Error;
pub use ledger::{Effect, Entry, Ledger};
pub use lower::rules::{RULES, Rule, rules_as_markdown};
pub use openapi::text::read;
pub use overlay::{IdleAction, OverlayError, apply as apply_overlay};
pub use settings::Settings;
pub use threads::THREAD;
pub use type_report::{TypeReport, UnionReport};

/// The output of [`generate()`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Output {
    /// The Rust files, formatted, by their path relative to the folder of `mod.rs`, and
    /// `mock.json`: the data of the mock server.
    pub files: BTreeMap<String, String>,
    /// Everything that was rewritten, widened, dropped or left out.
    pub ledger: Ledger,
    /// How much of the document the client covers.
    pub coverage: Coverage,
    /// How exactly the types follow the document.
    pub type_report: TypeReport,
    /// The public API of the source: one line for each item, sorted.
    pub surface: Vec<String>,
    /// The schema of each type in the module `types` that is sent or received as JSON, as a JSON
    /// pointer into the document after the overlay.
    pub types: BTreeMap<String, String>,
    /// The type that each builder in the module `types` makes: `Pet` for `PetBuilder`.
    pub builders: BTreeMap<String, String>,
    /// The operation of each request in the module `api`, as a JSON pointer, by the name of the
    /// request (`api::billing::GetCreditBalance`) and of the method
    /// (`api::billing::get_credit_balance`).
    pub requests: BTreeMap<String, String>,
    /// The Cargo feature of each tag, by the tag's accessor: `api-keys` for `api_keys`. The code
    /// depends on features only if [`Settings::tag_features`] is set.
    pub features: BTreeMap<String, String>,
    /// The actions of the overlay that selected nothing.
    pub idle_actions: Vec<IdleAction>,
    /// A Rust file that calls each operation once with sample values, for a test of the generated
    /// crate: the table `CALLS`, and the names of operations without a sample as `WITHOUT_CALL`.
    /// `None` unless [`Settings::crate_path`] is set.
    pub calls: Option<String>,
    /// The setters of the client's builder, by the name of the security scheme in the document.
    /// Schemes without a credential to set, such as client certificates, have no setter.
    pub setters: BTreeMap<String, String>,
    /// The URL of the first absolute server of the document, which the client calls by default.
    pub default_server: Option<String>,
    /// The path of the first server of the document, if no server is absolute. The path follows the
    /// host that the caller names.
    pub server_path: Option<String>,
    /// The OpenAPI 3.0 document that progenitor read.
    pub lowered: Value,
}

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
    generate::limits::check(document)?;
    threads::with_room(|| stages(document, overlay, settings))
}

fn stages(document: &Value, overlay: Option<&Value>, settings: &Settings) -> Result<Output, Error> {
    settings.runtime_path()?;
    let mut document = document.clone();
    let mut ledger = Ledger::default();
    let mut idle_actions = Vec::new();
    if let Some(overlay) = overlay {
        idle_actions = overlay::apply(&mut document, overlay)?;
        for action in &idle_actions {
            let effect = match action.is_optional {
                true => Effect::Rewritten,
                false => Effect::Dropped,
            };
            ledger.add("", "overlay", effect, action.to_string());
            for property in action.redacted.iter().flatten() {
                let detail = "redacted because of its name";
                ledger.add(property, "overlay", Effect::Rewritten, detail);
            }
        }
    }
    let mut lowered = lower::lower(&document, settings, &mut ledger)?;
    if settings.crate_path.is_some() {
        let operations = lowered.model.operations.iter();
        let pointers = operations.map(|operation| operation.pointer.clone());
        lowered.samples = pointers
            .map(|pointer| (pointer.clone(), sample::Arguments::of(&document, &pointer)))
            .collect();
    }
    let mut made = generate::run(&mut lowered, settings, &mut ledger)?;
    let mock_data = mock_data::write(&document, &lowered.model.operations);
    made.files.files.insert("mock.json".to_owned(), mock_data);
    Ok(Output {
        files: made.files.files,
        types: published(&made.files.surface, &lowered.model),
        builders: builders(&made.files.surface),
        requests: made.requests,
        calls: made.calls,
        features: made.features,
        idle_actions,
        surface: made.files.surface,
        type_report: TypeReport::of(&lowered, &ledger),
        coverage: Coverage::of(&document, &lowered.model.operations, &ledger),
        ledger,
        setters: lowered.model.api.setters(),
        default_server: lowered.model.api.default_server(),
        server_path: server_path(&lowered.model.api),
        lowered: lowered.document,
    })
}

fn server_path(api: &lower::Api) -> Option<String> {
    let first = api.own_servers().first()?;
    let is_relative = api.default_server().is_none();
    is_relative.then(|| first.with_defaults())
}

/// Returns the types with a builder, by the name of the builder.
fn builders(surface: &[String]) -> BTreeMap<String, String> {
    let built = surface.iter().filter_map(|line| {
        let rest = line.strip_prefix("fn types::")?;
        let (of, builder) = rest.split_once("::builder() -> ")?;
        Some((builder.to_owned(), of.to_owned()))
    });
    built.collect()
}

/// Returns the origins of the types that exist and have a JSON form.
fn published(surface: &[String], model: &lower::Model) -> BTreeMap<String, String> {
    surface
        .iter()
        .filter_map(|line| line.split_once(" types::"))
        .filter(|(_, name)| !model.forms.contains_key(*name))
        .filter_map(|(_, name)| model.origins.get_key_value(name))
        .map(|(name, origin)| (name.clone(), origin.clone()))
        .collect()
}
