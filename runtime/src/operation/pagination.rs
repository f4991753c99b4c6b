//! How an operation pages its list, as declared in the OpenAPI document.

/// How an operation pages its list, as declared by `x-pagination`.
///
/// `items`, `next`, `has_more` and `total` are JSON pointers (RFC 6901) into the response. `key` is
/// a JSON pointer into an item. `parameter` and `size` are names of query parameters.
///
/// ```
/// # fn show(operation: &neo_client_runtime::Operation) {
/// if let Some(pagination) = &operation.pagination {
///     println!("{} continues at `{:?}`", operation.name, pagination.parameter);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    /// How a page is selected.
    pub style: PageStyle,
    /// The list; empty if the response itself is the list.
    pub items: &'static str,
    /// The parameter that selects the page.
    pub parameter: Option<&'static str>,
    /// The cursor of the next page.
    pub next: Option<&'static str>,
    /// The key after which the next page begins.
    pub key: Option<&'static str>,
    /// The parameter that sets the number of items of a page.
    pub size: Option<&'static str>,
    /// The maximum value of that parameter.
    pub largest_size: Option<u64>,
    /// `true` if another page follows.
    pub has_more: Option<&'static str>,
    /// The number of items on all pages.
    pub total: Option<&'static str>,
    /// The number of the first page, for [`PageStyle::Page`].
    pub first: u64,
}

/// Constructors for generated code.
impl Pagination {
    /// Returns a declaration of one page that holds its items at this JSON pointer.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(style: PageStyle, items: &'static str) -> Self {
        Self {
            style,
            items,
            parameter: None,
            next: None,
            key: None,
            size: None,
            largest_size: None,
            has_more: None,
            total: None,
            first: 1,
        }
    }

    /// Sets [`parameter`](Pagination::parameter).
    #[doc(hidden)]
    #[must_use]
    pub const fn parameter(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
        self
    }

    /// Sets [`next`](Pagination::next).
    #[doc(hidden)]
    #[must_use]
    pub const fn next(mut self, next: &'static str) -> Self {
        self.next = Some(next);
        self
    }

    /// Sets [`key`](Pagination::key).
    #[doc(hidden)]
    #[must_use]
    pub const fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// Sets [`size`](Pagination::size).
    #[doc(hidden)]
    #[must_use]
    pub const fn size(mut self, size: &'static str) -> Self {
        self.size = Some(size);
        self
    }

    /// Sets [`has_more`](Pagination::has_more).
    #[doc(hidden)]
    #[must_use]
    pub const fn has_more(mut self, has_more: &'static str) -> Self {
        self.has_more = Some(has_more);
        self
    }

    /// Sets [`total`](Pagination::total).
    #[doc(hidden)]
    #[must_use]
    pub const fn total(mut self, total: &'static str) -> Self {
        self.total = Some(total);
        self
    }

    /// Sets [`largest_size`](Pagination::largest_size).
    #[doc(hidden)]
    #[must_use]
    pub const fn largest_size(mut self, items: u64) -> Self {
        self.largest_size = Some(items);
        self
    }

    /// Sets [`first`](Pagination::first).
    #[doc(hidden)]
    #[must_use]
    pub const fn first(mut self, page: u64) -> Self {
        self.first = page;
        self
    }
}

/// How a page is selected.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageStyle {
    /// By a cursor of the previous response.
    Cursor,
    /// By the number of items before the page.
    Offset,
    /// By the number of the page.
    Page,
    /// By the key of the last item before the page, which is unique.
    After,
    /// By the key of an item before the page. Items are sorted by the key, and several items may
    /// share it.
    Sequence,
}
