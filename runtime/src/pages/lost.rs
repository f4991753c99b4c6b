//! Errors for the parts of a page that do not fit their type.

use super::Pages;
use crate::error::{Error, ErrorKind};
use crate::response::{LostPart, Response};

impl<P, T> Pages<P, T> {
    /// Returns the error of a page that lost its list, or where the next page begins. The list
    /// would end without its rest.
    pub(super) fn unusable(&self, lost: &[LostPart]) -> Option<Error> {
        let declared = self.operation.pagination.as_ref()?;
        let needed = [Some(declared.items), declared.next, declared.has_more];
        let is_needed = |part: &&LostPart| needed.iter().flatten().any(|it| part.covers(it));
        let part = lost.iter().find(is_needed)?;
        let reason = part.reason();
        Some(self.misfit(&format!(
            "with JSON of another shape than expected at {reason}"
        )))
    }

    /// Returns the errors of the items that do not fit their type, with their indices in the page.
    pub(super) fn lost_items(&self, lost: &[LostPart]) -> Vec<(usize, Error)> {
        let list = self.operation.pagination.as_ref();
        let list = list.map(|pagination| pagination.items).unwrap_or_default();
        let lost = lost.iter().filter_map(|part| {
            let index = part.index_in(list)?;
            let what = format!("with an item that was left out, at {}", part.reason());
            let error = self.misfit(&what);
            Some((index, error.advised("go on: the items behind it follow")))
        });
        lost.collect()
    }

    /// Returns the error of the last response.
    fn misfit(&self, what: &str) -> Error {
        let status = self.response.as_ref().map(Response::status);
        let status = status
            .map(|status| format!("{status} "))
            .unwrap_or_default();
        self.answered(Error::new(ErrorKind::Decode, format!("{status}{what}")))
    }
}
