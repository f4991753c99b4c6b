//! The output of generation.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::coverage::Coverage;
use crate::ledger::Ledger;
use crate::overlay::IdleAction;
use crate::runtime_features::RuntimeFeatures;
use crate::type_report::TypeReport;

/// The output of [`generate()`](crate::generate()).
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
    /// depends on features only if [`Settings::tag_features`](crate::Settings::tag_features) is
    /// set.
    pub features: BTreeMap<String, String>,
    /// The Cargo features of the runtime that the code needs.
    pub runtime_features: RuntimeFeatures,
    /// The actions of the overlay that selected nothing.
    pub idle_actions: Vec<IdleAction>,
    /// A Rust file that calls each operation once with sample values, for a test of the generated
    /// crate: the table `CALLS`, and the names of operations without a sample as `WITHOUT_CALL`.
    /// `None` unless [`Settings::crate_path`](crate::Settings::crate_path) is set.
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
