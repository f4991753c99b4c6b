//! All of this crate that generated code refers to, in one place; beside it, that names crates by their paths. What of it
//! is needed depends on the document.
#![allow(unused_imports)]

use std::pin::Pin;

pub(crate) use crate::byte_stream::ByteStream;
pub(crate) use crate::client::Client;
pub(crate) use crate::decodes::decodes;
pub(crate) use crate::error::Error;
pub(crate) use crate::event_stream::{EventStream, Resume};
pub(crate) use crate::given;
pub(crate) use crate::long_running::{LongRunning, Outcome, Run};
pub(crate) use crate::multipart::{Form, Part};
pub(crate) use crate::open_enum::open_enum;
pub(crate) use crate::operation::{Operation, Reply};
pub(crate) use crate::pages::{self, Items, PageStyle, Pages, Pagination};
pub(crate) use crate::parameter;
pub(crate) use crate::path;
pub(crate) use crate::sends::sends;
pub(crate) use crate::style::{Escape, Style};
pub(crate) use crate::type_builder::type_builder;
pub(crate) use crate::union::{from_json, open_union};
pub(crate) use crate::urlencoded;

/// A future whose type need not be named.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
