//! What the body of a 2xx reply is received as, and a call for each.

use std::future::{Future, ready};

use bytes::Bytes;
use reqwest::Request;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::body;
use crate::byte_stream::ByteStream;
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::event_stream::{EventStream, Resume, Resumption};
use crate::excerpt::showable;
use crate::operation::{Endpoint, Reply};
use crate::reply;
use crate::response::Response;

/// What the body of a 2xx reply is received as: read whole, or handed on as it comes.
pub(crate) trait Receive: Sized {
    /// Whether a content coding may be asked for. Bytes that are handed on keep their length, and events are not held
    /// back.
    const ENCODABLE: bool;

    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl Receive for Bytes {
    const ENCODABLE: bool = true;

    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        body::whole(call, response)
    }
}

impl Receive for ByteStream {
    const ENCODABLE: bool = false;

    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        ready(ByteStream::new(response, call.clone()))
    }
}

impl Receive for EventStream {
    const ENCODABLE: bool = false;

    fn receive(
        call: &Call,
        response: reqwest::Response,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        ready(match check_is_events(call, &response) {
            Ok(()) => EventStream::new(response, call),
            Err(error) => Err(error),
        })
    }
}

fn check_is_events(call: &Call, response: &reqwest::Response) -> Result<(), Error> {
    let status = response.status();
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(Reply::EventStream.accept()) {
        return Ok(());
    }
    let what =
        format!("{status} with content type `{media_type}` where an event stream was expected");
    let what = showable(&what, call.secret());
    Err(call.error(ErrorKind::Decode, what).status_is(status))
}

impl Client {
    /// Sends a request and decodes the reply.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        endpoint: impl Into<Endpoint>,
        request: Request,
    ) -> Result<Response<T>, Error> {
        // Only the last step depends on the type.
        self.call_undecoded(endpoint, request).await?.decode()
    }

    /// Sends a request and gives the body, to be decoded into one type or several.
    pub(crate) async fn call_undecoded(
        &self,
        endpoint: impl Into<Endpoint>,
        request: Request,
    ) -> Result<Undecoded, Error> {
        let mut call = Call::new(self, endpoint.into());
        let outcome = self.exchange(&mut call, request).await;
        match outcome.inspect_err(|error| call.record(error)) {
            Ok(response) => Ok(Undecoded { call, response }),
            Err(error) => Err(error),
        }
    }

    /// Sends a request and gives the body as it is.
    pub(crate) async fn call_as<B: Receive>(
        &self,
        endpoint: impl Into<Endpoint>,
        request: Request,
    ) -> Result<Response<B>, Error> {
        let mut call = Call::new(self, endpoint.into());
        let outcome = self.exchange(&mut call, request).await;
        outcome.inspect_err(|error| call.record(error))
    }

    /// Sends a request and gives the events of the reply as they come. `resume` says how to ask for the rest of them.
    pub(crate) async fn call_events(
        &self,
        endpoint: impl Into<Endpoint>,
        request: Request,
        resume: Option<Resume>,
    ) -> Result<Response<EventStream>, Error> {
        let resumption = resume.map(|how| Resumption::new(self, &request, how));
        let response = self.call_as::<EventStream>(endpoint, request).await?;
        Ok(response.map(|events| events.resumed_by(resumption)))
    }
}

/// A 2xx reply that is in memory, and the call that it is the reply of.
pub(crate) struct Undecoded {
    pub(crate) call: Call,
    response: Response<Bytes>,
}

impl Undecoded {
    pub(crate) fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        reply::decode(&self.call.endpoint, self.response, self.call.secret())
            .map_err(|error| self.call.complete(error))
            .inspect_err(|error| self.call.record(error))
    }

    /// The whole reply, whatever it is decoded into afterwards.
    pub(crate) fn json(&self) -> Result<serde_json::Value, Error> {
        let again = Self {
            call: self.call.clone(),
            response: self.response.clone(),
        };
        Ok(again.decode::<serde_json::Value>()?.into_inner())
    }
}
