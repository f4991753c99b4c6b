//! The vendored document, as far as a comparison with a candidate needs it.

use std::collections::BTreeSet;
use std::fs;

use neo_client_codegen::Output;
use serde_json::{Value, json};

use crate::document::operations::operations;
use crate::result::Result;
use crate::workspace::{self, Workspace};

/// The vendored document. Without a readable file, a document without operations.
pub struct Vendored {
    pub text: String,
    pub document: Value,
}

impl Vendored {
    pub fn read(workspace: &Workspace) -> Self {
        let text = fs::read_to_string(workspace.document()).unwrap_or_default();
        // An unreadable file holds nothing that could get lost.
        let document = neo_client_codegen::read(&text)
            .ok()
            .filter(Value::is_object)
            .unwrap_or_else(|| json!({"openapi": "3.1.0", "paths": {}}));
        Self { text, document }
    }

    pub fn operations(&self) -> BTreeSet<String> {
        operations(&self.document)
    }

    /// Generates the present client.
    pub fn generate(&self, overlay: &Value) -> Result<Output> {
        workspace::generate(&self.document, Some(overlay))
    }
}
