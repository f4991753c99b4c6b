//! The comparators: each compares one aspect of two documents.

pub mod info;
pub mod lifecycle;
pub mod operation;
mod reports;
pub mod schema;
mod schema_cache;
pub mod sides;
pub mod unchanged;
pub mod walk;
mod within;
