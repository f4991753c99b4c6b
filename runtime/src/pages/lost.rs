//! Errors for the parts of a page that do not fit their type.

use super::Pages;
use crate::error::{Error, ErrorKind};
use crate::response::{Lost, Response};

impl<P, T> Pages<P, T> {
    /// Returns the error of a page that lost its list, or where the next page begins. The list would
    /// end without its rest.
    pub(super) fn unusable(&self, page: &Response<P>) -> Option<Error> {
        let declared = self.operation.pagination.as_ref()?;
        let needed = [Some(declared.items), declared.next, declared.has_more];
        let is_needed = |part: &&Lost| needed.iter().flatten().any(|it| part.covers(it));
        let part = page.lost().iter().find(is_needed)?;
        let what = format!(
            "{} with JSON of another shape than expected at {}",
            page.status(),
            part.reason()
        );
        let error = Error::new(ErrorKind::Decode, what).status_is(page.status());
        Some(error.at(self.operation.into()))
    }

    /// Returns the errors of the items that do not fit their type, with their indices in the page.
    pub(super) fn lost_items(&self, page: &Response<P>) -> Vec<(usize, Error)> {
        let list = self.operation.pagination.as_ref();
        let list = list.map(|pagination| pagination.items).unwrap_or_default();
        let lost = page.lost().iter();
        let lost = lost.filter_map(|part| {
            let what = format!(
                "{} with an item that was left out, at {}",
                page.status(),
                part.reason()
            );
            let error = Error::new(ErrorKind::Decode, what).status_is(page.status());
            let error = error.advised("go on: the items behind it follow");
            Some((part.index_in(list)?, error.at(self.operation.into())))
        });
        lost.collect()
    }
}
