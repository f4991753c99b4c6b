//! The outcome of the calls of one client.

use std::collections::BTreeMap;

use serde::Serialize;

/// The counts of one document.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    /// The methods of the client that were called.
    pub calls: usize,
    /// The methods without sample arguments.
    pub without_call: usize,
    /// The requests that arrived.
    pub requests: usize,
    /// The requests with a query.
    pub queries: usize,
    /// The requests that ask for a stream.
    pub streams: usize,
    /// The requests by the media type of their body.
    pub bodies: BTreeMap<String, usize>,
    /// The requests by the security scheme whose credential they carry.
    pub credentials: BTreeMap<String, usize>,
    /// The JSON bodies that the schema of the document does not accept. Samples of the document may
    /// be wrong.
    pub invalid_samples: Vec<String>,
    /// The requests that differ from the document, and calls that made no request.
    pub faults: Vec<String>,
}
