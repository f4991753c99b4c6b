//! Finds the operation of a request by its method and path.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use hyper::Method;
use hyper::header::HeaderMap;

use super::accept::{accepts, choose};
use super::audience::Audience;
use super::path_template::{Literalness, PathTemplate};
use crate::operation::{Operation, Pagination};

/// The operations of an API and the paths that a test has added, by method and path template, such
/// as `GET /cats/{id}`.
pub(super) struct Routes(RwLock<BTreeMap<String, Arc<MockEndpoint>>>);

/// One operation of the API, or a path that a test has added.
pub(super) struct MockEndpoint {
    /// Method and path template.
    pub(super) key: String,
    method: Method,
    /// The method's calls: two if it responds as JSON or as a stream, none if the document lacks
    /// the path.
    calls: Vec<&'static Operation>,
    pub(super) template: PathTemplate,
}

/// The result of a search.
pub(super) enum Route {
    Found(Arc<MockEndpoint>),
    /// The path exists, but only with these methods.
    OtherMethods(Vec<Method>),
    Unknown,
}

impl Routes {
    pub(super) fn new(operations: &'static [Operation]) -> Self {
        let mut calls: BTreeMap<(&str, &str), Vec<&Operation>> = BTreeMap::new();
        for operation in operations {
            let of_path = calls.entry((operation.method, operation.path)).or_default();
            of_path.push(operation);
        }
        let endpoints = calls.into_iter().filter_map(|((_, path), calls)| {
            let method = calls.first()?.method();
            Some(MockEndpoint::new(method, path, calls))
        });
        let endpoints = endpoints.map(|endpoint| (endpoint.key.clone(), Arc::new(endpoint)));
        Self(RwLock::new(endpoints.collect()))
    }

    /// Adds a path, unless it exists, and returns its endpoint.
    pub(super) fn add(&self, method: Method, path: &str) -> Arc<MockEndpoint> {
        let endpoint = MockEndpoint::new(method, path, Vec::new());
        let mut endpoints = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = endpoints.entry(endpoint.key.clone());
        Arc::clone(known.or_insert_with(|| Arc::new(endpoint)))
    }

    fn all(&self) -> Vec<Arc<MockEndpoint>> {
        let endpoints = self.0.read().unwrap_or_else(PoisonError::into_inner);
        endpoints.values().map(Arc::clone).collect()
    }

    /// Returns the endpoint of a request. `HEAD` has the endpoint of `GET` (RFC 9110 section
    /// 9.3.2). Of equal templates, the one that the test has added wins.
    pub(super) fn find(&self, method: &Method, path: &str) -> Route {
        let rank = |endpoint: &MockEndpoint| -> Option<(Vec<Literalness>, bool)> {
            Some((endpoint.template.matches(path)?, endpoint.calls.is_empty()))
        };
        let matching = self.all().into_iter();
        let known: Vec<_> = matching
            .filter_map(|endpoint| Some((rank(&endpoint)?, endpoint)))
            .collect();
        let with = |method: &Method| {
            let with_method = known
                .iter()
                .filter(|(_, endpoint)| endpoint.method == *method);
            let best = with_method.max_by_key(|(rank, _)| rank);
            best.map(|(_, endpoint)| Arc::clone(endpoint))
        };
        let fallback = (method == Method::HEAD).then_some(&Method::GET);
        match with(method).or_else(|| with(fallback?)) {
            Some(endpoint) => Route::Found(endpoint),
            None if known.is_empty() => Route::Unknown,
            None => {
                let methods = known.iter().map(|(_, endpoint)| endpoint.method.clone());
                let mut methods: Vec<Method> = methods.collect();
                if methods.contains(&Method::GET) {
                    methods.push(Method::HEAD);
                }
                methods.sort_by(|one, other| one.as_str().cmp(other.as_str()));
                methods.dedup();
                Route::OtherMethods(methods)
            }
        }
    }

    /// Finds an endpoint by its `operationId`, by the name of one of its calls in Rust, or by its
    /// method and path template.
    pub(super) fn named(&self, name: &str) -> Option<Arc<MockEndpoint>> {
        let endpoints = self.all();
        let with = |is_named: &dyn Fn(&Operation) -> bool| {
            let has_call =
                |endpoint: &&Arc<MockEndpoint>| endpoint.calls.iter().any(|call| is_named(call));
            endpoints.iter().find(has_call)
        };
        let by_key = || endpoints.iter().find(|endpoint| endpoint.key == name);
        with(&|call| call.id == name)
            .or_else(|| with(&|call| call.name == name))
            .or_else(by_key)
            .map(Arc::clone)
    }
}

impl MockEndpoint {
    fn new(method: Method, path: &str, calls: Vec<&'static Operation>) -> Self {
        Self {
            key: format!("{method} {path}"),
            method,
            calls,
            template: PathTemplate::new(path),
        }
    }

    /// The call that stands for the operation; `None` if the document lacks the path.
    pub(super) fn operation(&self) -> Option<&'static Operation> {
        self.calls.first().copied()
    }

    /// Returns the call that a request with these headers makes; `None` if the document lacks the
    /// path.
    pub(super) fn call_of(&self, headers: &HeaderMap) -> Option<&'static Operation> {
        choose(&self.calls, headers, |call| call.accept).copied()
    }

    /// How its list is read page by page, if one of its calls is paged.
    pub(super) fn pagination(&self) -> Option<Pagination> {
        self.calls.iter().find_map(|call| call.pagination)
    }

    /// Returns the data of the event that ends a stream of events, if one of the calls declares it.
    pub(super) fn end_marker(&self) -> Option<&'static str> {
        self.calls.iter().find_map(|call| call.end_marker)
    }

    /// Returns the audience of a request with these headers.
    pub(super) fn audience_of(&self, headers: &HeaderMap) -> Audience {
        self.accepting(self.call_of(headers))
    }

    /// Returns the audience of a response with this media type: the requests that `Accept` leads to
    /// it, if the operation has responses of several kinds.
    pub(super) fn audience_for(&self, media_type: &str) -> Audience {
        let mut calls = self.calls.iter();
        self.accepting(calls.find(|call| accepts(call.accept, media_type)).copied())
    }

    fn accepting(&self, call: Option<&'static Operation>) -> Audience {
        match call {
            Some(call) if self.calls.iter().any(|other| other.accept != call.accept) => {
                Audience::Accepting(call.accept)
            }
            _ => Audience::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;
    use hyper::header::{ACCEPT, HeaderMap, HeaderValue};

    use super::{Audience, Route, Routes};
    use crate::operation::{Operation, ResponseKind};

    static OPERATIONS: &[Operation] = &[
        Operation::new("get", "a.get", "GET", "/a/{id}").response(ResponseKind::Json),
        Operation::new("get", "a.get_stream", "GET", "/a/{id}").response(ResponseKind::EventStream),
        Operation::new("delete", "a.delete", "DELETE", "/a/{id}"),
        Operation::new("special", "a.special", "POST", "/a/special"),
    ];

    fn find(method: Method, path: &str) -> String {
        match Routes::new(OPERATIONS).find(&method, path) {
            Route::Found(endpoint) => endpoint.key.clone(),
            Route::OtherMethods(methods) => format!("{methods:?}"),
            Route::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn method_and_path_decide() {
        assert_eq!(find(Method::GET, "/a/1"), "GET /a/{id}");
        assert_eq!(find(Method::HEAD, "/a/1"), "GET /a/{id}");
        assert_eq!(find(Method::POST, "/a/special"), "POST /a/special");
        // The concrete path has no GET, so the template gets the request.
        assert_eq!(find(Method::GET, "/a/special"), "GET /a/{id}");
        assert_eq!(find(Method::PUT, "/a/special"), "[DELETE, GET, HEAD, POST]");
        assert_eq!(find(Method::GET, "/a"), "unknown");
    }

    #[test]
    fn endpoints_have_ids_and_names() {
        let routes = Routes::new(OPERATIONS);
        let key = |name: &str| routes.named(name).map(|endpoint| endpoint.key.clone());
        for name in ["get", "a.get", "a.get_stream", "GET /a/{id}"] {
            assert_eq!(key(name).as_deref(), Some("GET /a/{id}"), "{name}");
        }
        assert_eq!(key("special").as_deref(), Some("POST /a/special"));
        assert_eq!(key("a.nothing"), None);
    }

    #[test]
    fn media_type_decides_the_audience() {
        let routes = Routes::new(OPERATIONS);
        let endpoint = routes.named("get").unwrap();
        let events = Audience::Accepting("text/event-stream");
        let json = Audience::Accepting("application/json");
        assert_eq!(endpoint.audience_for("text/event-stream"), events);
        assert_eq!(
            endpoint.audience_for("application/json; charset=utf-8"),
            json
        );
        assert_eq!(endpoint.audience_for("text/html"), Audience::All);
        let with = |accept| {
            let accept = HeaderValue::from_static(accept);
            endpoint.audience_of(&HeaderMap::from_iter([(ACCEPT, accept)]))
        };
        assert_eq!(with("text/event-stream"), events);
        assert_eq!(
            with("application/json;q=0.5, text/event-stream;q=0.9"),
            events
        );
        assert_eq!(with("*/*"), json);
        let other = routes.named("special").unwrap();
        assert_eq!(other.audience_for("text/event-stream"), Audience::All);
        assert_eq!(other.audience_of(&HeaderMap::new()), Audience::All);
    }

    #[test]
    fn added_path_beats_an_equal_template() {
        let routes = Routes::new(OPERATIONS);
        routes.add(Method::GET, "/a/{name}");
        routes.add(Method::PUT, "/b");
        let key = |method, path| match routes.find(&method, path) {
            Route::Found(endpoint) => endpoint.key.clone(),
            _ => String::new(),
        };
        assert_eq!(key(Method::GET, "/a/1"), "GET /a/{name}");
        assert_eq!(key(Method::PUT, "/b"), "PUT /b");
        assert_eq!(key(Method::DELETE, "/a/1"), "DELETE /a/{id}");
    }
}
