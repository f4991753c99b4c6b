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
use crate::response::Response;

/// The items (`T`) of a list that comes in [`Pages`] of type `P`.
///
/// A page is requested when one of its items is needed. An error follows the items of earlier pages
/// and ends the stream. Items yielded before the error remain valid; [`Error::resume_value`]
/// returns the value to pass to the paging parameter to continue.
///
/// An item that does not fit its type is an error of kind [`Decode`](crate::ErrorKind::Decode) in
/// the place of the item. It does not end the stream: the next call returns the item behind it.
///
/// `Items` is a [`Stream`]: with `futures_util::TryStreamExt`, `items.try_collect::<Vec<_>>()`
/// collects a list up to its first error.
///
/// ```no_run
/// # use neo_client_runtime::{Error, ErrorKind, Items};
/// # async fn show<P, T>(items: Items<P, T>) -> Result<(), Error>
/// # where
/// #     P: serde::de::DeserializeOwned + Send + 'static,
/// #     T: serde::Serialize + std::fmt::Debug,
/// # {
/// let mut items = items.limit(200);
/// while let Some(item) = items.next_item().await {
///     match item {
///         Ok(item) => println!("{item:?}"),
///         Err(error) if error.kind() == ErrorKind::Decode => eprintln!("left out: {error}"),
///         // To continue later, pass `error.resume_value()` to the paging parameter.
///         Err(error) => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "items are asked for as the stream is polled"]
pub struct Items<P, T> {
    pages: Pages<P, T>,
    /// The items of the current page that were not yielded yet.
    ready: IntoIter<T>,
    /// The number of items of the current page that were yielded.
    given: usize,
    /// The number of items that may still be yielded.
    left: Option<usize>,
}

impl<P, T> Items<P, T> {
    /// Returns the items of `pages`. For generated code.
    #[doc(hidden)]
    pub fn new(pages: Pages<P, T>) -> Self {
        Self {
            pages,
            ready: Vec::new().into_iter(),
            given: 0,
            left: None,
        }
    }

    /// Ends the stream after this many items. No further page is requested.
    ///
    /// A parameter of the operation that is called `limit` as well is set before `items`. As a
    /// rule, such a parameter is the size of a page.
    pub fn limit(mut self, items: usize) -> Self {
        self.left = Some(items);
        self
    }

    /// Returns the number of items on all pages, regardless of the limit, as stated by the last
    /// page that stated it.
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }

    /// Returns the response with the page of the last item; see [`Pages::response`].
    pub fn response(&self) -> Option<&Response<()>> {
        self.pages.response()
    }

    /// Ends the stream after this many pages; see [`Pages::max_pages`].
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Returns the value of the paging parameter for the page of the last item; see
    /// [`Pages::position`]. With this value, the items of that page are read again.
    pub fn position(&self) -> Option<&str> {
        self.pages.position()
    }

    /// Returns the value of the paging parameter for the page behind the page of the last item; see
    /// [`Pages::next_position`].
    pub fn next_position(&self) -> Option<&str> {
        self.pages.next_position()
    }

    /// Adds the operation, and what is known of the last response, to an error.
    pub(super) fn answered(&self, error: Error) -> Error {
        self.pages.answered(error)
    }

    /// Returns the error of an item that was left out, if its turn has come.
    fn lost(&mut self) -> Option<Error> {
        let (index, _) = self.pages.lost.front()?;
        let is_next = *index <= self.given;
        let lost = is_next.then(|| self.pages.lost.pop_front())?;
        lost.map(|(_, error)| error)
    }

    /// Returns whether the limit is reached.
    fn is_over(&self) -> bool {
        self.left == Some(0)
    }
}

impl<P, T> Items<P, T>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    /// Returns the next item, or `None` at the end. Equivalent to polling the [`Stream`], without
    /// an import.
    ///
    /// # Errors
    /// Fails like any call, and if the server does not page as declared; see
    /// [`Error::resume_value`].
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
            if let Some(error) = this.lost() {
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(item) = this.ready.next() {
                this.given += 1;
                this.left = this.left.map(|left| left - 1);
                return Poll::Ready(Some(Ok(item)));
            }
            // The first items of the next page are here already, and no more are wanted.
            if this.left.is_some_and(|left| left <= this.pages.held.len()) {
                this.ready = std::mem::take(&mut this.pages.held).into_iter();
                this.pages.end();
                continue;
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(mut page)) => {
                    let items = (this.pages.paging.items)(&mut page).map(std::mem::take);
                    this.ready = items.unwrap_or_default().into_iter();
                    this.given = 0;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(this.pages.lost.pop_front().map(|lost| Err(lost.1))),
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
