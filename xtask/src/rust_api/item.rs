//! A public item that differs between two surfaces.

use crate::diff::model::verdict::Bump;
use crate::rust_api::witness::Witness;

/// A change of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemChange {
    Removed,
    Changed,
    Added,
}

impl ItemChange {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// A public item that differs between two surfaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiItem {
    pub change: ItemChange,
    /// Kind and path: `field types::Pet.name`.
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// JSON pointers to the schema or operation that the item is generated from.
    pub base: Option<String>,
    pub revision: Option<String>,
    pub bump: Bump,
    /// The code of a user that the change breaks. Only a major change has it.
    pub witness: Option<Witness>,
    /// True if the item follows from another one in the list, such as the field of a removed
    /// struct.
    pub is_echo: bool,
    /// True if the item belongs to a component that nothing in the document uses.
    pub is_unused: bool,
    /// JSON pointers of the schemas of which the item's schema is composed, in either document.
    pub parts: Vec<String>,
    /// JSON pointers of the operations that one document lacks and that lead to the item's schema.
    pub users: Vec<String>,
}
