//! A server on 127.0.0.1 that answers every operation of the API, for tests of your own code
//! (feature `mock`).
//!
//! [`MockServer`] speaks real HTTP/1.1 and knows the API from the OpenAPI document that this crate
//! was built from. Each operation replies with a sample that its schema accepts and that is the
//! same each time: the document's examples where it has some, else values made from the schema,
//! optional properties included; a list that comes in pages has one. Look at what your code sent with [`MockServer::requests`], and put
//! your own reply in the place of the sample:
//!
//! | To have | Call |
//! |---|---|
//! | one reply from now on | [`respond`](MockServer::respond) |
//! | other replies from request to request, as of a task that goes through its states | [`respond_each`](MockServer::respond_each) |
//! | events with ids and names, at a pace | [`respond_events`](MockServer::respond_events) |
//! | a list in pages | [`respond_pages`](MockServer::respond_pages) |
//! | bytes of any media type | [`respond_bytes`](MockServer::respond_bytes) |
//! | a bad day: an error, HTML, silence, a reply that is late, cut or reset | [`fail_once`](MockServer::fail_once) |
//!
//! # What it replies
//!
//! | Request | Reply |
//! |---|---|
//! | a path that the document lacks | 404 |
//! | a known path with another method | 405 with `Allow` |
//! | no credentials where the operation asks for some | 401 |
//! | a body of more than 16 MiB | 413 |
//! | one for which there is a [`Fault`] | the fault |
//! | anything else | your reply, else the documented success |
//!
//! The errors have the body of the API's own (`ErrorResponse`). Any credential is good that is not
//! empty. The success is that of the lowest documented 2xx status (`2XX` stands for 200); where the
//! document has several media types, `Accept` chooses, and JSON comes first: creating a task
//! replies with its events to a request that accepts `text/event-stream`, and with the JSON
//! acknowledgement to any other. `HEAD` is answered like `GET`.
//!
//! The server does not look into requests: a body or parameter that the API would refuse gets the
//! sample all the same.
//!
//! # How good the samples are
//!
//! They satisfy their schemas, with these limits: `not`, `if`, `unevaluatedProperties`,
//! `$dynamicRef` and the names of `patternProperties` are not considered, and a `pattern` with
//! look-around or back-references is passed over. A schema that refers to itself is cut at the
//! first optional property or array. An example of the document that its own schema does not accept
//! is not used.

mod body;
mod document;
mod error;
mod events;
mod fault;
mod media_type;
mod mock_server;
mod negotiation;
mod pages;
mod recorded;
mod respond;
mod response;
mod routing;
mod sample;
mod script;
mod security;
mod server;

pub use error::MockError;
pub use events::MockEvent;
pub use fault::Fault;
pub use mock_server::MockServer;
pub use recorded::RecordedRequest;
