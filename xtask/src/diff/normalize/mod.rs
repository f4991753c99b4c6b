//! Reads schemas into a form in which two spellings of the same schema are equal.

pub mod all_of;
pub mod collapse;
pub mod constraints;
mod declared_types;
pub mod format_table;
pub mod keyword_types;
mod keywords;
pub mod limits;
pub mod normalized_schema;
mod parts;
mod redundant;
pub mod schema_use;
pub mod unions;
pub mod validity;
