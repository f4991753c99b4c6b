//! A server on 127.0.0.1 that responds to every operation of an API, for tests (feature `mock`).
//!
//! [`MockServer`] speaks real HTTP/1.1. Each operation responds with a sample that its schema
//! accepts and that is the same each time: an example of the OpenAPI document, or else values made
//! from the schema, optional properties included. A list in pages has one page.
//! [`MockServer::requests`] returns what your code has sent. To change the responses:
//!
//! | for | call |
//! |---|---|
//! | one response from now on | [`respond`](MockServer::respond) |
//! | responses that change, such as the states of a task | [`respond_each`](MockServer::respond_each) |
//! | events with ids and names, with pauses | [`respond_events`](MockServer::respond_events) |
//! | a list in pages | [`respond_pages`](MockServer::respond_pages) |
//! | bytes of any media type | [`respond_bytes`](MockServer::respond_bytes) |
//! | responses that depend on the request | [`respond_with`](MockServer::respond_with) |
//! | a path that the document lacks | [`respond_path`](MockServer::respond_path) |
//! | errors, HTML, silence; late, incomplete or reset responses | [`fail_once`](MockServer::fail_once) |
//!
//! # Responses
//!
//! | request | response |
//! |---|---|
//! | a path that the document lacks and the test has not added | 404 |
//! | a documented path with another method | 405 with `Allow` |
//! | credentials are missing | 401 |
//! | a body of more than 16 MiB | 413 |
//! | a request with a [`Fault`] | the fault |
//! | any other | the response that was set, or else the documented success |
//!
//! Errors have the shape of the API's own. Any credential counts that is not empty. The documented
//! success is the lowest documented 2xx status (`2XX` stands for 200). Of several media types,
//! `Accept` chooses, and JSON comes first. `HEAD` is served like `GET`.
//!
//! A fake that replaces the code that calls needs no server: [`error`] and [`failure`] make its
//! errors.
//!
//! The server does not check parameters and bodies: a request that the API would reject gets the
//! sample.
//!
//! # Limits of the samples
//!
//! Code generation samples the responses when the crate is built. The samples satisfy their
//! schemas, except for `not`, `if`, `unevaluatedProperties`, `$dynamicRef`, the names of
//! `patternProperties`, and patterns with look-around or back-references. A schema that refers to
//! itself ends at the first optional property or array. An example that breaks its own schema is
//! not used.

mod accept;
mod api_error;
mod audience;
mod body;
mod credentials;
mod data;
mod error;
mod error_responses;
mod events;
mod fault;
mod listener;
mod media_type;
mod mock_response;
mod mock_server;
mod pages;
mod path_template;
mod recorded;
mod response;
mod routes;
mod script;
mod service;

pub use api_error::{error, failure};
pub use error::MockError;
pub use events::MockEvent;
pub use fault::Fault;
pub use mock_response::MockResponse;
pub use mock_server::MockServer;
pub use recorded::RecordedRequest;
