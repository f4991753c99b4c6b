//! A server with a list, and what is read of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use neo_client::reqwest::Url;
use neo_client::serde_json::{Value, json};
use neo_client::{Error, Items, Pages};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::server::{self, Received, Server};

/// The pairs of a query, decoded.
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn of(request: &Received) -> Self {
        let url = Url::parse(&format!("http://h{}", request.target)).unwrap();
        Self(url.query_pairs().into_owned().collect())
    }

    /// The only value of this name.
    pub fn one(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() < 2, "`{name}` came {} times", all.len());
        all.first().copied()
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        let found = self.0.iter().filter(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).collect()
    }

    pub fn number(&self, name: &str) -> Option<usize> {
        self.one(name).map(|text| text.parse().unwrap())
    }
}

/// More requests than any test makes, so that one that finds no end fails.
const TOO_MANY: usize = 300;

/// Answers with the JSON that `answer` makes of a query.
pub fn serving(answer: impl Fn(&Query) -> Value + Send + Sync + 'static) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request| {
        if count.fetch_add(1, Ordering::SeqCst) > TOO_MANY {
            return server::json(400, r#"{"error": "no end"}"#);
        }
        server::json(200, &answer(&Query::of(request)).to_string())
    })
}

/// Answers the requests with these, in this order, and after them with none.
pub fn in_turn(replies: impl IntoIterator<Item = Value>) -> Server {
    let replies: Vec<Value> = replies.into_iter().collect();
    let next = AtomicUsize::new(0);
    serving(move |_| replies[next.fetch_add(1, Ordering::SeqCst)].clone())
}

/// The values of a parameter in all requests that came.
pub fn asked(server: &Server, name: &str) -> Vec<Option<String>> {
    let all = server.received();
    let value = |request| Query::of(request).one(name).map(str::to_owned);
    all.iter().map(value).collect()
}

/// What [`asked`] is compared with: an empty text is none.
pub fn values(texts: &[&str]) -> Vec<Option<String>> {
    let value = |text: &&str| Some((*text).to_owned()).filter(|text| !text.is_empty());
    texts.iter().map(value).collect()
}

/// Files with these keys.
pub fn files(keys: impl IntoIterator<Item = usize>) -> Vec<Value> {
    keys.into_iter()
        .map(|key| json!({ "key": key.to_string() }))
        .collect()
}

/// All that is given, and the error at the end.
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

/// All items; the test ends at an error.
pub async fn all<P, T>(items: Items<P, T>) -> Vec<T>
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize,
{
    let (given, error) = read(items).await;
    assert!(error.is_none(), "{error:?}");
    given
}

/// All pages, and the error at the end.
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

/// A usage record of this task.
pub fn usage(task: impl ToString) -> Value {
    json!({
        "task_id": task.to_string(), "created_at": "2026-01-31T08:00:00Z", "model": "m", "status": "s",
        "agent_triggers": 0, "step_count": 0, "tool_calls": 0,
    })
}
