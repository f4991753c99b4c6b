//! Stage 3, generate: progenitor generates code from the lowered document, in shards, and without
//! the schemas and operations that it fails on.

mod bisect;
mod common_types;
mod component_graph;
pub(crate) mod limits;
mod progenitor;
mod purposes;
mod shards;

pub(crate) use bisect::run;
pub(crate) use common_types::common_types;
