//! Names that generated code refers to. They may change in any release.

pub use futures_core::future::BoxFuture;

pub use crate::auth::characters::{Characters, flaw};
pub use crate::auth::{Credential, CredentialsProvider, SecurityScheme, SecuritySchemeKind};
pub use crate::client::{
    Api, CallOptions, Client, ClientBuilder, HttpService, RetryBudget, RetryPolicy, Transport,
};
pub use crate::error::{Error, ErrorBody};
pub use crate::model::choice::from_json;
pub use crate::model::conversion_error as error;
pub use crate::model::{deserialize, open_enum, serialize};
pub use crate::model::{scalar, setter};
pub use crate::operation::{
    Operation, PageStyle, Pagination, Parameter, ParameterLocation, RequestBody, ResponseKind,
    Server, ServerVariable, ValueKind,
};
pub use crate::pages::{self, Items, ItemsAs, Pages};
pub use crate::request::parameter_style::{Escape, Style};
pub use crate::request::parameters as parameter;
#[cfg(feature = "multipart")]
pub use crate::request::{Form, Part};
pub use crate::request::{RawRequest, json, path, urlencoded};
pub use crate::response::{ByteStream, Response};
#[cfg(feature = "event-streams")]
pub use crate::response::{EventStream, JsonLines};
pub use crate::send::{CallRunner, PreparedRequest, SendAs, value_of};
#[cfg(feature = "uuid")]
pub use crate::text::random_id::random_uuid;
pub use crate::{__open_enum as open_enum, __open_union as open_union};
pub use reqwest::Method;
pub use {serde, serde_json};

/// The HTTP client of a client, to build requests with.
pub fn http(client: &Client) -> &reqwest::Client {
    client.http()
}
