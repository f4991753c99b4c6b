//! Pagination: how the list of an operation is read page by page (`x-pagination`).

use crate::ledger::{Effect, Entry};
use crate::openapi::pointer::join;

/// The name of the extension.
pub(crate) const EXTENSION: &str = "x-pagination";

/// The rule name for ledger entries about declarations.
const RULE: &str = "pagination";

/// A declaration, which the generated table of operations repeats for the runtime.
#[derive(Debug, Clone)]
pub(crate) struct Pagination {
    pub(crate) style: PaginationStyle,
    /// JSON pointer to the list in the response.
    pub(crate) items: String,
    /// The query parameter that selects the page.
    pub(crate) parameter: Option<String>,
    /// JSON pointer to the next cursor.
    pub(crate) next: Option<String>,
    /// JSON pointer to the key in an item.
    pub(crate) key: Option<String>,
    /// The query parameter that sets the number of items of a page.
    pub(crate) size: Option<String>,
    /// The maximum of that parameter.
    pub(crate) largest: Option<u64>,
    /// JSON pointer to the flag that says whether another page follows.
    pub(crate) has_more: Option<String>,
    /// JSON pointer to the number of all items.
    pub(crate) total: Option<String>,
    /// The number of the first page.
    pub(crate) first: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaginationStyle {
    Cursor,
    Offset,
    Page,
    After,
    Sequence,
}

impl PaginationStyle {
    pub(crate) const ALL: [Self; 5] = [
        Self::Cursor,
        Self::Offset,
        Self::Page,
        Self::After,
        Self::Sequence,
    ];

    /// Returns the name used in declarations.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Offset => "offset",
            Self::Page => "page",
            Self::After => "after",
            Self::Sequence => "sequence",
        }
    }

    /// Returns the properties of a declaration that apply to this style, beside those of all
    /// styles.
    pub(crate) fn members(self) -> &'static [&'static str] {
        match self {
            Self::Cursor => &["parameter", "next", "size"],
            Self::Offset => &["parameter", "size"],
            Self::Page => &["parameter", "size", "first"],
            Self::After | Self::Sequence => &["parameter", "key", "size"],
        }
    }

    /// Returns the properties that a declaration of this style must have.
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            Self::Cursor => &["parameter", "next"],
            Self::Offset | Self::Page => &["parameter"],
            Self::After => &["parameter", "key"],
            // A page may have to be requested again with more items.
            Self::Sequence => &["parameter", "key", "size"],
        }
    }
}

/// Why a declaration of pagination is ignored.
#[derive(Debug)]
pub(crate) struct PaginationFlaw {
    /// The property of the declaration that is wrong, or an empty text for the whole declaration.
    property: &'static str,
    reason: String,
}

impl PaginationFlaw {
    pub(crate) fn of(property: &'static str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { property, reason }
    }

    /// Returns the ledger entry about the declaration of the operation at this pointer.
    pub(crate) fn entry(&self, operation: &str) -> Entry {
        let declaration = join(operation, EXTENSION);
        let pointer = match self.property {
            "" => declaration,
            property => join(&declaration, property),
        };
        let detail = format!("no `pages` and `items`: {}", self.reason);
        Entry::new(pointer, RULE, Effect::Dropped, detail)
    }
}
