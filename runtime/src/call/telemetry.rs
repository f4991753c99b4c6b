//! OpenTelemetry: the trace context of requests, and metrics of calls (feature `opentelemetry`).

use std::sync::OnceLock;
use std::time::Instant;

use opentelemetry::metrics::Histogram;
use opentelemetry::propagation::Injector;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, KeyValue, global};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};

use crate::client::Client;
use crate::operation::Endpoint;

/// The headers of W3C Trace Context.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The instruments, which belong to the meter provider that is set when the first call begins.
struct Instruments {
    request_duration: Histogram<f64>,
    request_size: Histogram<u64>,
    response_size: Histogram<u64>,
    call_duration: Histogram<f64>,
    call_resends: Histogram<u64>,
}

impl Instruments {
    fn get() -> &'static Self {
        static INSTRUMENTS: OnceLock<Instruments> = OnceLock::new();
        INSTRUMENTS.get_or_init(|| {
            let meter = global::meter("neo-client-runtime");
            let seconds = |name: &'static str, about: &'static str| {
                let histogram = meter.f64_histogram(name).with_unit("s");
                histogram
                    .with_boundaries(DURATIONS.to_vec())
                    .with_description(about)
                    .build()
            };
            let number = |name: &'static str, unit: &'static str, about: &'static str| {
                let histogram = meter.u64_histogram(name).with_unit(unit);
                histogram.with_description(about).build()
            };
            Self {
                request_duration: seconds(
                    "http.client.request.duration",
                    "Duration of an attempt, until its response is received.",
                ),
                request_size: number(
                    "http.client.request.body.size",
                    "By",
                    "Size of a request body of known length.",
                ),
                response_size: number(
                    "http.client.response.body.size",
                    "By",
                    "Size of a response body of known length.",
                ),
                call_duration: seconds(
                    "api.client.call.duration",
                    "Duration of a call, with all attempts and the waits between them.",
                ),
                call_resends: number(
                    "api.client.call.resends",
                    "{request}",
                    "Number of attempts of a call after the first.",
                ),
            }
        })
    }
}

/// The bounds of the buckets of durations, as the semantic conventions advise.
const DURATIONS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// The measurements of one call.
#[derive(Clone)]
pub(crate) struct CallTelemetry {
    /// The attributes of each measurement. None depends on values of the caller.
    attributes: Vec<KeyValue>,
    call_started: Instant,
    attempt_started: Option<Instant>,
    status: Option<StatusCode>,
    request_size: Option<u64>,
    response_size: Option<u64>,
}

impl CallTelemetry {
    pub(crate) fn new(client: &Client, endpoint: &Endpoint) -> Self {
        let base = &client.settings().base;
        let mut attributes = vec![
            KeyValue::new("http.request.method", endpoint.method().to_owned()),
            KeyValue::new("server.address", base.host().to_owned()),
            KeyValue::new("server.port", i64::from(base.port())),
        ];
        let template = endpoint.operation().map(|operation| operation.path);
        attributes.extend(template.map(|template| KeyValue::new("url.template", template)));
        Self {
            attributes,
            call_started: Instant::now(),
            attempt_started: None,
            status: None,
            request_size: None,
            response_size: None,
        }
    }

    /// Starts to measure an attempt, which is about to send a request.
    pub(crate) fn begin_attempt(&mut self, request: &Request) {
        let body = request.body().map(|body| body.as_bytes().map(<[u8]>::len));
        // A body that is a stream has no known length.
        let size = body.unwrap_or(Some(0));
        self.request_size = size.and_then(|size| u64::try_from(size).ok());
        (self.status, self.response_size) = (None, None);
        self.attempt_started = Some(Instant::now());
    }

    /// Notes the head of a response.
    pub(crate) fn responded(&mut self, status: StatusCode, length: Option<u64>) {
        (self.status, self.response_size) = (Some(status), length);
    }

    /// Measures the attempt that ended. An attempt that sent nothing is not measured.
    pub(crate) fn end_attempt(&mut self, error_type: Option<String>) {
        let Some(started) = self.attempt_started.take() else {
            return;
        };
        let instruments = Instruments::get();
        let attributes = self.attributes(error_type);
        let duration = started.elapsed().as_secs_f64();
        instruments.request_duration.record(duration, &attributes);
        if let Some(size) = self.request_size {
            instruments.request_size.record(size, &attributes);
        }
        if let Some(size) = self.response_size {
            instruments.response_size.record(size, &attributes);
        }
    }

    /// Measures the call that ended.
    pub(crate) fn end_call(&self, attempts: u32, error_type: Option<String>) {
        let instruments = Instruments::get();
        let attributes = self.attributes(error_type);
        let duration = self.call_started.elapsed().as_secs_f64();
        instruments.call_duration.record(duration, &attributes);
        let resends = u64::from(attempts.saturating_sub(1));
        instruments.call_resends.record(resends, &attributes);
    }

    fn attributes(&self, error_type: Option<String>) -> Vec<KeyValue> {
        let mut attributes = self.attributes.clone();
        let status = self.status.map(|status| i64::from(status.as_u16()));
        attributes.extend(status.map(|it| KeyValue::new("http.response.status_code", it)));
        attributes.extend(error_type.map(|it| KeyValue::new("error.type", it)));
        attributes
    }
}

/// Adds the context of the current span to a request; see [`propagate`].
pub(crate) fn propagate_current(request: &mut Request) {
    propagate(&Context::current(), request.headers_mut());
}

/// Adds the headers of the global propagator, and those of W3C Trace Context if it sets none.
/// Headers of the caller stay, and no state of another trace joins them.
fn propagate(context: &Context, headers: &mut HeaderMap) {
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(context, &mut Headers::new(headers));
    });
    let span = context.span();
    let span = span.span_context();
    if !span.is_valid() || headers.contains_key(TRACEPARENT) {
        return;
    }
    let (trace, id, flags) = (span.trace_id(), span.span_id(), span.trace_flags());
    let traceparent = format!("00-{trace}-{id}-{flags:02x}");
    if let Ok(value) = HeaderValue::try_from(traceparent) {
        headers.insert(TRACEPARENT, value);
    }
    let tracestate = span.trace_state().header();
    if let Ok(value) = HeaderValue::try_from(tracestate)
        && !value.is_empty()
    {
        headers.insert(TRACESTATE, value);
    }
}

/// Headers into which a propagator writes.
struct Headers<'h> {
    headers: &'h mut HeaderMap,
    /// The caller set `traceparent`, to which the `tracestate` of a span does not belong.
    has_parent: bool,
}

impl<'h> Headers<'h> {
    fn new(headers: &'h mut HeaderMap) -> Self {
        Self {
            has_parent: headers.contains_key(TRACEPARENT),
            headers,
        }
    }
}

impl Injector for Headers<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value))
            && !(self.has_parent && name == TRACESTATE)
        {
            self.headers.entry(name).or_insert(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
    use opentelemetry_sdk::propagation::TraceContextPropagator;

    use super::*;

    fn context() -> Context {
        let state = TraceState::from_key_value([("vendor", "1")]).unwrap();
        Context::new().with_remote_span_context(SpanContext::new(
            TraceId::from_hex("0af7651916cd43dd8448eb211c80319c").unwrap(),
            SpanId::from_hex("b7ad6b7169203331").unwrap(),
            TraceFlags::SAMPLED,
            true,
            state,
        ))
    }

    #[test]
    fn trace_context_is_written_as_w3c_says() {
        let mut headers = HeaderMap::new();
        propagate(&context(), &mut headers);
        let expected = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(headers["traceparent"], expected);
        assert_eq!(headers["tracestate"], "vendor=1");
    }

    #[test]
    fn no_context_and_no_header_of_the_caller_changes() {
        let mut headers = HeaderMap::new();
        propagate(&Context::new(), &mut headers);
        assert!(headers.is_empty());
        headers.insert("traceparent", HeaderValue::from_static("own"));
        propagate(&context(), &mut headers);
        let propagator = TraceContextPropagator::new();
        propagator.inject_context(&context(), &mut Headers::new(&mut headers));
        assert_eq!(headers["traceparent"], "own");
        assert!(!headers.contains_key("tracestate"));
    }
}
