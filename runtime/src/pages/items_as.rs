//! The items of all pages as a type of the caller.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Items;
use crate::error::{Error, ErrorKind};
use crate::model::lossy;
use crate::response::Response;

/// The [`Items`] of a list, each decoded as a type of the caller (`I`). For lists whose items the
/// OpenAPI document leaves untyped.
///
/// An item that does not fit is an error of kind [`Decode`](ErrorKind::Decode) in the place of the
/// item. It does not end the stream: the next call returns the item behind it.
///
/// ```no_run
/// # use neo_client_runtime::{Error, Items};
/// # async fn show<P, T>(items: Items<P, T>) -> Result<(), Error>
/// # where
/// #     P: serde::de::DeserializeOwned + Send + 'static,
/// #     T: serde::Serialize,
/// # {
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Cat {
///     name: String,
/// }
///
/// let mut cats = items.decode_as::<Cat>();
/// while let Some(cat) = cats.next_item().await {
///     println!("{}", cat?.name);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "items are asked for as the stream is polled"]
pub struct ItemsAs<P, T, I> {
    items: Items<P, T>,
    of: PhantomData<fn() -> I>,
}

impl<P, T> Items<P, T> {
    /// Returns the items, each decoded as a type of the caller.
    pub fn decode_as<I: DeserializeOwned>(self) -> ItemsAs<P, T, I> {
        ItemsAs {
            items: self,
            of: PhantomData,
        }
    }
}

impl<P, T, I> ItemsAs<P, T, I> {
    /// Ends the stream after this many items; see [`Items::limit`].
    pub fn limit(mut self, items: usize) -> Self {
        self.items = self.items.limit(items);
        self
    }

    /// Ends the stream after this many pages; see [`Items::max_pages`].
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.items = self.items.max_pages(pages);
        self
    }

    /// Returns the number of items on all pages; see [`Items::total`].
    pub fn total(&self) -> Option<u64> {
        self.items.total()
    }

    /// Returns the response with the page of the last item; see [`Items::response`].
    pub fn response(&self) -> Option<&Response<()>> {
        self.items.response()
    }

    /// Returns the value of the paging parameter for the page of the last item; see
    /// [`Items::position`].
    pub fn position(&self) -> Option<&str> {
        self.items.position()
    }

    /// Returns the value of the paging parameter for the page behind that of the last item; see
    /// [`Items::next_position`].
    pub fn next_position(&self) -> Option<&str> {
        self.items.next_position()
    }
}

impl<P, T, I> ItemsAs<P, T, I>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
    I: DeserializeOwned,
{
    /// Returns the next item, or `None` at the end. Equivalent to polling the [`Stream`], without
    /// an import.
    ///
    /// # Errors
    ///
    /// Fails as [`Items::next_item`] does, and if the item does not fit `I`. The error names the
    /// location and quotes nothing of the item.
    pub async fn next_item(&mut self) -> Option<Result<I, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn decode(&self, item: &T) -> Result<I, Error> {
        let error = |what: String| {
            let error = self.items.answered(Error::new(ErrorKind::Decode, what));
            error.advised("go on: the items behind it follow")
        };
        let json = serde_json::to_value(item);
        let json = json.map_err(|_| error("an item cannot be written as JSON".to_owned()))?;
        lossy::strictly(&json).map_err(|misfit| {
            error(format!(
                "an item has another shape than expected at `{}`",
                misfit.location()
            ))
        })
    }
}

/// No field is polled in place.
impl<P, T, I> Unpin for ItemsAs<P, T, I> {}

impl<P, T, I> Stream for ItemsAs<P, T, I>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
    I: DeserializeOwned,
{
    type Item = Result<I, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(Pin::new(&mut self.items).poll_next(context));
        Poll::Ready(item.map(|item| self.decode(&item?)))
    }
}

impl<P, T, I> fmt::Debug for ItemsAs<P, T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ItemsAs").field(&self.items).finish()
    }
}
