//! Finds the operation of a request by its method and path.

use std::collections::BTreeMap;

use hyper::Method;

use super::path_template::PathTemplate;
use crate::operation::{Operation, Pagination};

/// The operations of an API, by method and path template, such as `GET /cats/{id}`.
pub(super) struct Routes(BTreeMap<String, MockEndpoint>);

/// One operation of the API.
pub(super) struct MockEndpoint {
    /// Method and path template.
    pub(super) key: String,
    /// The method's calls: two if it responds as JSON or as a stream.
    calls: Vec<&'static Operation>,
    template: PathTemplate,
}

/// The result of a search.
pub(super) enum Route<'r> {
    Found(&'r MockEndpoint),
    /// The path exists, but only with these methods.
    OtherMethods(Vec<Method>),
    Unknown,
}

impl Routes {
    pub(super) fn new(operations: &'static [Operation]) -> Self {
        let mut endpoints = BTreeMap::new();
        for operation in operations {
            let key = format!("{} {}", operation.method, operation.path);
            let endpoint = endpoints
                .entry(key.clone())
                .or_insert_with(|| MockEndpoint {
                    key,
                    calls: Vec::new(),
                    template: PathTemplate::new(operation.path),
                });
            endpoint.calls.push(operation);
        }
        Self(endpoints)
    }

    /// Returns the endpoint of a request. `HEAD` has the endpoint of `GET` (RFC 9110 section
    /// 9.3.2).
    pub(super) fn find(&self, method: &Method, path: &str) -> Route<'_> {
        let literalness = |endpoint: &MockEndpoint| endpoint.template.matches(path);
        let matching = self.0.values();
        let known: Vec<_> = matching
            .filter_map(|endpoint| Some((literalness(endpoint)?, endpoint)))
            .collect();
        let with = |method: &Method| {
            let mut with_method: Vec<_> = known.iter().collect();
            with_method.retain(|(_, endpoint)| endpoint.method().as_ref() == Some(method));
            let best = with_method
                .into_iter()
                .max_by_key(|(literalness, _)| literalness);
            best.map(|(_, endpoint)| *endpoint)
        };
        let fallback = (method == Method::HEAD).then_some(&Method::GET);
        match with(method).or_else(|| with(fallback?)) {
            Some(endpoint) => Route::Found(endpoint),
            None if known.is_empty() => Route::Unknown,
            None => {
                let methods = known.iter().filter_map(|(_, endpoint)| endpoint.method());
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

    /// Finds an endpoint by its `operationId`, or by the name of one of its calls in Rust.
    pub(super) fn named(&self, name: &str) -> Option<&MockEndpoint> {
        let with = |is_named: &dyn Fn(&Operation) -> bool| {
            let mut endpoints = self.0.values();
            endpoints.find(|endpoint| endpoint.calls.iter().any(|call| is_named(call)))
        };
        with(&|call| call.id == name).or_else(|| with(&|call| call.name == name))
    }
}

impl MockEndpoint {
    /// The call that stands for the operation.
    pub(super) fn operation(&self) -> Option<&'static Operation> {
        self.calls.first().copied()
    }

    /// How its list is read page by page, if one of its calls is paged.
    pub(super) fn pagination(&self) -> Option<Pagination> {
        self.calls.iter().find_map(|call| call.pagination)
    }

    /// Returns the data of the event that ends a stream of events, if one of the calls declares it.
    pub(super) fn end_marker(&self) -> Option<&'static str> {
        self.calls.iter().find_map(|call| call.end_marker)
    }

    fn method(&self) -> Option<Method> {
        self.operation().map(|operation| operation.method())
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::{Route, Routes};
    use crate::operation::Operation;

    static OPERATIONS: &[Operation] = &[
        Operation::new("get", "a.get", "GET", "/a/{id}"),
        Operation::new("get", "a.get_stream", "GET", "/a/{id}"),
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
        let key = |name: &str| routes.named(name).map(|endpoint| endpoint.key.as_str());
        for name in ["get", "a.get", "a.get_stream"] {
            assert_eq!(key(name), Some("GET /a/{id}"), "{name}");
        }
        assert_eq!(key("special"), Some("POST /a/special"));
        assert_eq!(key("a.nothing"), None);
    }
}
