//! Reads OpenAPI documents: the vocabulary that every tool for a document shares.
//!
//! A document is a [`serde_json::Value`]. The functions here return facts about it and change
//! nothing. No other stage of code generation is needed to call them.
//!
//! | module | subject |
//! |---|---|
//! | [`mod@pointer`] | how a JSON pointer is joined, split and ordered |
//! | [`mod@reference`] | where a `$ref` leads |
//! | [`mod@bundle`] | how references to other files become local |
//! | [`keyword`] | what a keyword of a schema means |
//! | [`media_type`] | what a media type is, and whether a range covers it |
//! | [`method`] | which methods a path item has, and which of them are idempotent |
//! | [`path_template`] | which parameters a path has, and where |
//! | [`header`] | whether a text is a header name |
//! | [`security`] | which security schemes exist, and which of them an operation requires |
//! | [`text`] | how JSON or YAML text becomes a document |
//!
//! ```
//! use neo_client_codegen::openapi::{pointer, reference};
//! use serde_json::json;
//!
//! let document = json!({
//!     "paths": { "/cats": { "$ref": "#/components/pathItems/Cats" } },
//!     "components": { "pathItems": { "Cats": { "get": {} } } },
//! });
//! let item = document.pointer(&pointer::join("/paths", "/cats")).unwrap();
//! let target = reference::resolve(&document, item)?;
//! assert!(target.value.get("get").is_some());
//! assert_eq!(target.pointer.as_deref(), Some("/components/pathItems/Cats"));
//! # Ok::<(), reference::Unresolved>(())
//! ```

pub mod bundle;
pub mod header;
pub mod keyword;
pub mod media_type;
pub mod method;
pub mod path_template;
pub mod pointer;
pub mod reference;
pub mod security;
pub mod text;
