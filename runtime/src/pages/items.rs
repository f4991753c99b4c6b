//! The items of all pages, one after another.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Pages;
use crate::error::Error;

/// The items (`T`) of a list that comes in [`Pages`] of type `P`.
///
/// A page is asked for when an item of it is wanted. An error comes after the items of the pages before it, and is the end;
/// [`Error::resume_at`] says where to go on.
#[must_use = "items are asked for as the stream is polled"]
pub struct Items<P, T> {
    pages: Pages<P, T>,
    /// Of the last page, those that were not given yet.
    ready: IntoIter<T>,
    /// How many may still be given.
    left: Option<usize>,
}

impl<P, T> Items<P, T> {
    /// Returns the items of `pages`. For generated code.
    #[doc(hidden)]
    pub fn new(pages: Pages<P, T>) -> Self {
        Self {
            pages,
            ready: Vec::new().into_iter(),
            left: None,
        }
    }

    /// Ends after this many items; no page is asked for beyond them. How many a page has is the request's to say.
    pub fn limit(mut self, items: usize) -> Self {
        self.left = Some(items);
        self
    }

    /// The number of items on all pages, whatever the limit is, as the last page that told it did.
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }

    /// Whether the limit is reached.
    fn is_over(&self) -> bool {
        self.left == Some(0)
    }
}

impl<P, T> Items<P, T>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    /// The next item; `None` at the end. The same as polling it as a [`Stream`], without an import.
    ///
    /// # Errors
    /// Whatever can fail in a call, and when the server does not go on as it should; see [`Error::resume_at`].
    pub async fn next_item(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

/// No field is polled in place.
impl<P, T> Unpin for Items<P, T> {}

impl<P, T> Stream for Items<P, T>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.is_over() {
                this.pages.end();
                this.ready = Vec::new().into_iter();
                return Poll::Ready(None);
            }
            if let Some(item) = this.ready.next() {
                this.left = this.left.map(|left| left - 1);
                return Poll::Ready(Some(Ok(item)));
            }
            // What the next page begins with is here already, and no more is wanted.
            if this.left.is_some_and(|left| left <= this.pages.held.len()) {
                this.ready = std::mem::take(&mut this.pages.held).into_iter();
                this.pages.end();
                continue;
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(mut page)) => {
                    let items = (this.pages.paging.items)(&mut page).map(std::mem::take);
                    this.ready = items.unwrap_or_default().into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<P, T> fmt::Debug for Items<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &self.pages.operation.name)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
