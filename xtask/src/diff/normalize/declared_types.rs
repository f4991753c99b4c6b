//! The types that variants declare.

use crate::diff::model::document::Document;
use crate::diff::model::types::Types;
use crate::diff::model::value::declared;
use crate::diff::normalize::schema_use::{SchemaUse, unwrap_schema};

/// Returns the types that variants declare, and all types if one declares none.
pub fn declared_types<'d>(document: &Document<'d>, variants: &[SchemaUse<'d>]) -> Types {
    let mut types = Types::NONE;
    for variant in variants {
        match unwrap_schema(document, variant).core.as_slice() {
            [node] => match declared(node.value) {
                Some(own) => types = types.or(own),
                None => return Types::ANY,
            },
            _ => return Types::ANY,
        }
    }
    types
}
