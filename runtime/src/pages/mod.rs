//! Lists that come in pages: each page is requested when needed, and not before.

mod accessors;
mod cursor;
mod fingerprint;
mod items;
mod items_as;
mod lost;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use reqwest::Request;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, Operation};
use crate::response::Response;
use crate::send::CallRunner;
use futures_core::future::BoxFuture;

pub use accessors::{Paging, count, flag, text};
use cursor::{PageResponse, Step, Then, Walk};
use fingerprint::fingerprint;
pub use items::Items;
pub use items_as::ItemsAs;

/// The pages of a list, of type `P` with items of type `T`.
///
/// A page is requested when needed, with the parameters of the request and with retries like any
/// call. A page without items is yielded only if it is the first. An item that does not fit its
/// type is missing from its page, which a `tracing` warning reports; [`Items`] yields an error in
/// its place. The stream ends after an error; [`Error::resume_value`] returns the value to continue
/// from.
///
/// An error of kind [`Pagination`](ErrorKind::Pagination) means that the server does not page as
/// declared: it repeats a cursor or a page, says that more items follow but not where, or sends
/// 1000 pages in a row without items. Otherwise a list is as long as the server says, and a server
/// with ever new cursors never ends it; [`Items::limit`] and [`Pages::max_pages`] set an end.
///
/// If several items may share the key by which pages are selected
/// ([`PageStyle::Sequence`](crate::PageStyle::Sequence)), the end of a page may separate them. So
/// the items at the end of a page that share their key are held back for the next page. A page of
/// only such items is requested again with a larger size.
///
/// ```no_run
/// # use neo_client_runtime::{Error, Pages};
/// # async fn show<P, T>(mut pages: Pages<P, T>) -> Result<(), Error>
/// # where
/// #     P: serde::de::DeserializeOwned + Send + 'static,
/// #     T: serde::Serialize,
/// # {
/// while let Some(page) = pages.next_page().await {
///     let page = page?;
///     // Use the page.
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "pages are asked for as the stream is polled"]
pub struct Pages<P, T> {
    client: Client,
    operation: &'static Operation,
    paging: Paging<P, T>,
    state: State<P>,
    /// The held-back items at the end of the last page, which the next page repeats.
    held: Vec<T>,
    /// The items of the current page that were left out, each before the item with this index.
    lost: VecDeque<(usize, Error)>,
    total: Option<u64>,
    /// The last response, without its page.
    response: Option<Response<()>>,
    /// The value of the paging parameter for the page that was yielded last, and for the page that
    /// follows.
    position: Option<String>,
    next_position: Option<String>,
    /// The number of pages that may still be requested.
    left: Option<usize>,
}

enum State<P> {
    /// The current page was not requested yet.
    Ready(Box<(Walk, Request)>),
    Asked(
        Box<(Walk, Request)>,
        BoxFuture<'static, Result<Response<P>, Error>>,
    ),
    Failed(Error),
    End,
}

impl<P, T> Pages<P, T> {
    /// Returns the pages of an operation that declares them. For generated code.
    #[doc(hidden)]
    pub fn new(
        client: &Client,
        operation: &'static Operation,
        request: Result<Request, Error>,
        paging: Paging<P, T>,
    ) -> Self {
        let state = match begin(operation, request) {
            Ok(begun) => State::Ready(Box::new(begun)),
            Err(error) => State::Failed(error),
        };
        Self {
            client: client.clone(),
            operation,
            paging,
            state,
            held: Vec::new(),
            lost: VecDeque::new(),
            total: None,
            response: None,
            position: None,
            next_position: None,
            left: None,
        }
    }

    /// Returns the number of items on all pages, as stated by the last page that stated it.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the last response, without its page: the status, the headers such as the rest of a
    /// quota, the request id, and how long the call took. Returns `None` before the first response.
    /// After an error, [`Error::headers`] has those of the page that failed.
    ///
    /// ```no_run
    /// # use neo_client_runtime::{Error, Pages};
    /// # async fn show<P, T>(mut pages: Pages<P, T>) -> Result<(), Error>
    /// # where
    /// #     P: serde::de::DeserializeOwned + Send + 'static,
    /// #     T: serde::Serialize,
    /// # {
    /// while let Some(page) = pages.next_page().await {
    ///     let page = page?;
    ///     if let Some(response) = pages.response() {
    ///         println!("{:?} took {:?}", response.request_id(), response.elapsed());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn response(&self) -> Option<&Response<()>> {
        self.response.as_ref()
    }

    /// Ends the list after this many pages. No further page is requested, and the list ends without
    /// an error; [`next_position`](Pages::next_position) tells whether more pages follow.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.left = Some(pages);
        self
    }

    /// Returns the value of the paging parameter ([`Pagination::parameter`]) for the page that was
    /// yielded last; `None` before the first page, and for a first page without the parameter.
    ///
    /// Pass the value to the setter of that parameter to read the page again, at any later time.
    ///
    /// [`Pagination::parameter`]: crate::Pagination::parameter
    pub fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    /// Returns the value of the paging parameter for the page that follows the page that was
    /// yielded last; `None` before the first page, and at the end of the list.
    ///
    /// ```no_run
    /// # use neo_client_runtime::{Error, Pages};
    /// # async fn show<P, T>(pages: Pages<P, T>) -> Result<(), Error>
    /// # where
    /// #     P: serde::de::DeserializeOwned + Send + 'static,
    /// #     T: serde::Serialize,
    /// # {
    /// let mut pages = pages.max_pages(10);
    /// while let Some(page) = pages.next_page().await {
    ///     let page = page?;
    ///     // Store the page, and where to continue after a restart.
    ///     println!("continue at {:?}", pages.next_position());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn next_position(&self) -> Option<&str> {
        self.next_position.as_deref()
    }

    fn end(&mut self) {
        (self.state, self.held) = (State::End, Vec::new());
    }

    /// Returns the error of a server that does not page as declared.
    fn error(&self, why: String) -> Error {
        self.answered(Error::new(ErrorKind::Pagination, why))
    }

    /// Adds the operation, and what is known of the last response, to an error.
    fn answered(&self, error: Error) -> Error {
        let error = error.at(Endpoint::Operation(self.operation));
        match &self.response {
            None => error,
            Some(response) => {
                let error = self.client.answered(error, response.headers());
                let error = error.status_is(response.status());
                error.took(response.elapsed())
            }
        }
    }

    /// Returns the error of a page that cannot be yielded.
    fn fail(&mut self, error: Error, walk: &Walk) -> Error {
        self.end();
        match walk.position() {
            Some(position) => error.resuming_at(position),
            None => error,
        }
    }
}

/// The request, and where it begins.
fn begin(
    operation: &'static Operation,
    request: Result<Request, Error>,
) -> Result<(Walk, Request), Error> {
    let request = request?;
    let invalid = |why: &str| Error::invalid_request(operation, why);
    let declared = operation
        .pagination
        .as_ref()
        .ok_or_else(|| invalid("no pages are declared"))?;
    let walk = Walk::begin(declared, request.url()).map_err(|why| invalid(&why))?;
    Ok((walk, request))
}

impl<P, T> Pages<P, T>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    /// Returns the next page, or `None` at the end. Equivalent to polling the [`Stream`], without
    /// an import.
    ///
    /// # Errors
    /// Fails like any call, and if the server does not page as declared; see
    /// [`Error::resume_value`].
    pub async fn next_page(&mut self) -> Option<Result<P, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Starts the call for the current page.
    fn ask(
        &self,
        walk: &Walk,
        request: &Request,
    ) -> Result<BoxFuture<'static, Result<Response<P>, Error>>, Error> {
        let mut request = request.try_clone().ok_or_else(|| {
            let why = "a body that is a stream can be sent for one page only";
            Error::invalid_request(self.operation, why)
        })?;
        walk.ask(request.url_mut());
        let (client, operation) = (self.client.clone(), self.operation);
        Ok(Box::pin(async move {
            let calling = CallRunner::new(&client).execute_raw(operation, request);
            calling.await?.decode()
        }))
    }

    /// Decides what happens with a page. Its items are cut to those that are yielded.
    fn take(&mut self, walk: &mut Walk, page: &mut P, lost: Vec<(usize, Error)>) -> Step {
        let paging = &self.paging;
        let (next, has_more) = ((paging.next)(page), (paging.has_more)(page));
        let total = (paging.total)(page);
        self.total = total.or(self.total);
        let mut none = Vec::new();
        let items = (paging.items)(page).unwrap_or(&mut none);
        let mut step = walk.take(&PageResponse {
            count: items.len(),
            lost: lost.len(),
            next,
            has_more,
            total,
            key: &|index| (paging.key)(items.get(index)?),
            fingerprint: &|hasher| fingerprint(hasher, items),
        });
        // If the server does not repeat the held-back items, they are yielded here.
        let is_here = |one: &T| {
            let key = (paging.key)(one);
            items.iter().any(|item| (paging.key)(item) == key)
        };
        let mut missing = std::mem::take(&mut self.held);
        missing.retain(|one| !is_here(one));
        step.is_given |= step.then == Then::End && !missing.is_empty();

        let hold = if step.is_given {
            step.hold
        } else {
            items.len()
        };
        self.held = items.split_off(items.len().saturating_sub(hold));
        items.drain(..step.skip.min(items.len()));
        let place = if step.is_given { items } else { &mut self.held };
        let (skipped, first) = (step.skip, missing.len());
        place.splice(0..0, missing);
        let length = place.len();
        for (number, (index, error)) in lost.into_iter().enumerate() {
            let index = (index - number.min(index)).saturating_sub(skipped) + first;
            self.lost.push_back((index.min(length), error));
        }
        step
    }
}

/// No field is polled in place.
impl<P, T> Unpin for Pages<P, T> {}

impl<P, T> Stream for Pages<P, T>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match std::mem::replace(&mut this.state, State::End) {
                State::End => return Poll::Ready(None),
                State::Failed(error) => {
                    this.end();
                    return Poll::Ready(Some(Err(error)));
                }
                State::Ready(_) if this.left == Some(0) => {
                    this.end();
                    return Poll::Ready(None);
                }
                State::Ready(begun) => match this.ask(&begun.0, &begun.1) {
                    Ok(asked) => {
                        this.left = this.left.map(|left| left - 1);
                        this.state = State::Asked(begun, asked);
                    }
                    Err(error) => this.state = State::Failed(error),
                },
                State::Asked(mut begun, mut asked) => {
                    let Poll::Ready(came) = asked.as_mut().poll(context) else {
                        this.state = State::Asked(begun, asked);
                        return Poll::Pending;
                    };
                    let page = match came {
                        Ok(page) => page,
                        Err(error) => return Poll::Ready(Some(Err(this.fail(error, &begun.0)))),
                    };
                    let parts = page.lost().to_vec();
                    let (mut page, response) = page.into_parts();
                    this.response = Some(response);
                    if let Some(error) = this.unusable(&parts) {
                        return Poll::Ready(Some(Err(this.fail(error, &begun.0))));
                    }
                    let lost = this.lost_items(&parts);
                    let position = begun.0.position().map(str::to_owned);
                    let step = this.take(&mut begun.0, &mut page, lost);
                    if step.is_given {
                        let next = begun.0.position().filter(|_| step.then == Then::Next);
                        this.next_position = next.map(str::to_owned);
                        this.position = position;
                    }
                    this.state = match step.then {
                        Then::Next => State::Ready(begun),
                        Then::End => State::End,
                        Then::Fail(why) if step.is_given => State::Failed(this.error(why)),
                        Then::Fail(why) => {
                            let error = this.error(why);
                            return Poll::Ready(Some(Err(this.fail(error, &begun.0))));
                        }
                    };
                    if step.is_given {
                        return Poll::Ready(Some(Ok(page)));
                    }
                }
            }
        }
    }
}

impl<P, T> fmt::Debug for Pages<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation.name)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}
