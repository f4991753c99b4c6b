//! Requests with a multipart body.

use reqwest::RequestBuilder;

use super::{RawRequest, invalid, unbuildable};
use crate::request::multipart::Form;

impl RawRequest {
    /// Sets a `multipart/form-data` body.
    pub fn multipart(self, form: Form) -> Self {
        self.and_then(|builder| {
            let (http, request) = builder.build_split();
            let request = request.map_err(unbuildable)?;
            let request = form
                .apply(request, "multipart/form-data")
                .map_err(invalid)?;
            Ok(RequestBuilder::from_parts(http, request))
        })
    }
}
