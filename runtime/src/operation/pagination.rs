//! How an operation gives its list page by page, as the document declares it.

/// How an operation gives its list page by page: what `x-pagination` declares.
///
/// Members named `items`, `next`, `has_more` and `total` are JSON pointers (RFC 6901) into the reply, `key` is one into an
/// item. `parameter` and `size` are names of query parameters.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    /// How a page is chosen.
    pub style: PageStyle,
    /// The list; empty when the reply itself is the list.
    pub items: &'static str,
    /// The parameter that moves from page to page.
    pub parameter: Option<&'static str>,
    /// The cursor of the next page.
    pub next: Option<&'static str>,
    /// The key after which the next page begins.
    pub key: Option<&'static str>,
    /// The parameter that says how many items a page has.
    pub size: Option<&'static str>,
    /// The most that it may say.
    pub largest_size: Option<u64>,
    /// Whether another page follows.
    pub has_more: Option<&'static str>,
    /// The number of items on all pages.
    pub total: Option<&'static str>,
    /// The number of the first page, for [`PageStyle::Page`].
    pub first: u64,
}

/// How a page is chosen.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageStyle {
    /// By a cursor that the reply before gave.
    Cursor,
    /// By the number of items before it.
    Offset,
    /// By its number.
    Page,
    /// By the key of the last item before it, which no other item has.
    After,
    /// By the key of an item before it. Items are ordered by it, and several may have the same.
    Sequence,
    /// There is one page only.
    Single,
}
