//! Servers that send lists page by page, and readers of such lists.

use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client_runtime::{Error, Items, Pages};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::server::{self, Received, Server};

/// The decoded pairs of a query.
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Parses the query of a request.
    pub fn of(request: &Received) -> Self {
        let url = Url::parse(&format!("http://h{}", request.target)).unwrap();
        Self(url.query_pairs().into_owned().collect())
    }

    /// Returns the only value with this name.
    pub fn one(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() < 2, "`{name}` came {} times", all.len());
        all.first().copied()
    }

    /// Returns all values with this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let found = self.0.iter().filter(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).collect()
    }

    /// Returns the only value with this name, as a number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.one(name).map(|text| text.parse().unwrap())
    }
}

/// More requests than any test makes. A client that finds no end fails.
const TOO_MANY: usize = 300;

/// Starts a server that responds with the JSON that `answer` makes of a query.
pub fn serving(answer: impl Fn(&Query) -> Value + Send + Sync + 'static) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request| {
        if count.fetch_add(1, Ordering::SeqCst) > TOO_MANY {
            return server::json(400, r#"{"error": "no end"}"#);
        }
        server::json(200, &answer(&Query::of(request)).to_string())
    })
}

/// Starts a server that sends these pages in turn, and no other.
pub fn pages_in_turn(responses: impl IntoIterator<Item = Value>) -> Server {
    let responses: Vec<Value> = responses.into_iter().collect();
    let next = AtomicUsize::new(0);
    serving(move |_| responses[next.fetch_add(1, Ordering::SeqCst)].clone())
}

/// Returns the values of a parameter in all requests.
pub fn asked(server: &Server, name: &str) -> Vec<Option<String>> {
    let all = server.received();
    let value = |request| Query::of(request).one(name).map(str::to_owned);
    all.iter().map(value).collect()
}

/// Returns what [`asked`] is compared with. An empty text stands for an absent value.
pub fn values(texts: &[&str]) -> Vec<Option<String>> {
    let value = |text: &&str| Some((*text).to_owned()).filter(|text| !text.is_empty());
    texts.iter().map(value).collect()
}

/// Returns parcels with these keys.
pub fn parcels(keys: impl IntoIterator<Item = usize>) -> Vec<Value> {
    keys.into_iter()
        .map(|key| json!({ "key": key.to_string() }))
        .collect()
}

/// Reads all items, and the error at the end.
pub async fn read<P, T>(mut items: Items<P, T>) -> (Vec<T>, Option<Error>)
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    let mut given = Vec::new();
    let mut error = None;
    while let Some(item) = items.next_item().await {
        match item {
            Ok(item) => given.push(item),
            Err(wrong) => error = Some(wrong),
        }
    }
    assert!(items.next_item().await.is_none());
    (given, error)
}

/// Reads all items. An error fails the test.
pub async fn all<P, T>(items: Items<P, T>) -> Vec<T>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    let (given, error) = read(items).await;
    assert!(error.is_none(), "{error:?}");
    given
}

/// Reads all pages, and the error at the end.
pub async fn pages<P, T>(mut pages: Pages<P, T>) -> (Vec<P>, Option<Error>)
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    let mut given = Vec::new();
    let mut error = None;
    while let Some(page) = pages.next_page().await {
        match page {
            Ok(page) => given.push(page),
            Err(wrong) => error = Some(wrong),
        }
    }
    assert!(pages.next_page().await.is_none());
    (given, error)
}

/// Returns a movement of this parcel.
pub fn movement(parcel: impl ToString) -> Value {
    json!({
        "parcel_id": parcel.to_string(), "moved_at": "2026-01-31T08:00:00Z", "carrier": "c",
        "status": "s",
    })
}
