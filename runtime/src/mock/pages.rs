//! A list that is served page by page, in the way that its operation declares.

use std::sync::{Mutex, PoisonError};

use hyper::StatusCode;
use reqwest::Url;
use serde_json::{Map, Value, json};

use super::response::{Reply, problem};
use crate::operation::{PageStyle, Pagination};
use crate::pages::text;
use crate::request::parameters;

/// What the first item's place is as a cursor.
const FIRST_CURSOR: usize = 0xc0_ffee;

/// The pages of a list.
pub(super) struct Pages {
    declared: Pagination,
    items: Vec<Value>,
    /// How many items a page has, unless the request asks for fewer.
    size: usize,
    /// What a page has beside its items.
    sample: Value,
    /// The page that was served before.
    last: Mutex<Option<Reply>>,
}

impl Pages {
    /// The pages of `items`; the number of an item without the key by which pages are chosen is an error.
    pub(super) fn new(
        declared: Pagination,
        items: Vec<Value>,
        size: usize,
        sample: Value,
    ) -> Result<Self, usize> {
        let pages = Self {
            declared,
            items,
            size: size.max(1),
            sample,
            last: Mutex::new(None),
        };
        let is_lost = |item: &Value| declared.key.is_some() && pages.key(item).is_none();
        match pages.items.iter().position(is_lost) {
            Some(index) => Err(index),
            None => Ok(pages),
        }
    }

    /// Whether a request asks for another page than the first.
    pub(super) fn is_behind_the_first(&self, query: Option<&str>) -> bool {
        url(query).is_some_and(|url| self.position(&url).is_some())
    }

    /// The page that a request asks for; if it `repeats`, one that leads nowhere new.
    pub(super) fn page(&self, query: Option<&str>, repeats: bool) -> Reply {
        let url = url(query);
        let position = url.as_ref().and_then(|url| self.position(url));
        let range = url.and_then(|url| self.range(&url, position.as_deref()));
        let Some(mut range) = range else {
            return problem(
                StatusCode::BAD_REQUEST,
                "invalid_position",
                "no page is there",
            );
        };
        range.end = range.end.min(self.items.len());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let by_cursor = self.declared.style == PageStyle::Cursor;
        if let (true, false, Some(before)) = (repeats, by_cursor, &*last) {
            return before.clone();
        }
        let next = match position.filter(|_| repeats) {
            Some(asked) => Some(asked),
            None => (range.end < self.items.len()).then(|| self.cursor(range.end)),
        };
        let has_more = range.end < self.items.len() || repeats;
        let page = self.items.get(range).unwrap_or_default();
        let reply = Reply::json(StatusCode::OK, &self.reply(page, has_more, next));
        *last = Some(reply.clone());
        reply
    }

    fn position(&self, url: &Url) -> Option<String> {
        parameters::in_query(url, self.declared.parameter?)
    }

    fn key(&self, item: &Value) -> Option<String> {
        item.pointer(self.declared.key?).and_then(text)
    }

    /// The places of the items of a page; `None` where the position is none.
    fn range(&self, url: &Url, position: Option<&str>) -> Option<std::ops::Range<usize>> {
        let asked = self
            .declared
            .size
            .and_then(|name| parameters::in_query(url, name));
        let size = match asked {
            Some(asked) => asked.parse::<usize>().ok()?.clamp(1, self.size),
            None => self.size,
        };
        let begin = match (self.declared.style, position) {
            (PageStyle::Single, _) => return Some(0..self.items.len()),
            (_, None) => 0,
            (PageStyle::Cursor, Some(cursor)) => self.place(cursor)?,
            (PageStyle::Offset, Some(offset)) => offset.parse().ok()?,
            (PageStyle::Page, Some(page)) => {
                let page: u64 = page.parse().ok()?;
                let before = usize::try_from(page.checked_sub(self.declared.first)?).ok()?;
                before.saturating_mul(size)
            }
            (PageStyle::After, Some(key)) => {
                let is_it = |item: &Value| self.key(item).as_deref() == Some(key);
                self.items.iter().position(is_it)? + 1
            }
            (PageStyle::Sequence, Some(key)) => {
                let is_behind = |item: &Value| self.key(item).is_some_and(|it| is_behind(&it, key));
                let behind = self.items.iter().position(is_behind);
                behind.unwrap_or(self.items.len())
            }
        };
        Some(begin..begin.saturating_add(size))
    }

    /// Whether cursors are numbers.
    fn counts(&self) -> bool {
        let sample = self
            .declared
            .next
            .and_then(|next| self.sample.pointer(next));
        sample.is_some_and(Value::is_number)
    }

    /// The cursor of the page that begins here. A text says nothing to who reads it, but is the same each time.
    fn cursor(&self, place: usize) -> String {
        match self.counts() {
            true => place.to_string(),
            false => format!("{:x}", place.wrapping_add(FIRST_CURSOR)),
        }
    }

    fn place(&self, cursor: &str) -> Option<usize> {
        match self.counts() {
            true => cursor.parse().ok(),
            false => usize::from_str_radix(cursor, 16)
                .ok()?
                .checked_sub(FIRST_CURSOR),
        }
    }

    fn reply(&self, items: &[Value], has_more: bool, next: Option<String>) -> Value {
        let Pagination {
            has_more: more_at,
            total: total_at,
            next: next_at,
            ..
        } = self.declared;
        let mut reply = self.sample.clone();
        put(&mut reply, self.declared.items, json!(items));
        if let Some(pointer) = more_at {
            put(&mut reply, pointer, json!(has_more));
        }
        if let Some(pointer) = total_at {
            put(&mut reply, pointer, json!(self.items.len()));
        }
        if let Some(pointer) = next_at {
            let next = match (next, self.counts()) {
                (Some(next), true) => json!(self.place(&next)),
                (Some(next), false) => json!(next),
                (None, true) => Value::Null,
                (None, false) => json!(""),
            };
            put(&mut reply, pointer, next);
        }
        reply
    }
}

/// The documented sample as the only page: a walk through the list ends with it.
pub(super) fn only_page(declared: Option<Pagination>, reply: Reply) -> Reply {
    let Some(declared) = declared else {
        return reply;
    };
    let Ok(sample) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    let items = sample.pointer(declared.items).and_then(Value::as_array);
    let Some(items) = items.cloned() else {
        return reply;
    };
    let mut page = sample;
    let mut replace = |pointer: Option<&str>, with: Value| {
        let Some(member) = pointer.and_then(|pointer| page.pointer_mut(pointer)) else {
            return;
        };
        // Another kind of value might not be what the schema asks for.
        let is_alike = matches!(
            (&*member, &with),
            (Value::Bool(_), Value::Bool(_))
                | (Value::Number(_), Value::Number(_))
                | (Value::String(_), Value::String(_))
        );
        if is_alike {
            *member = with;
        }
    };
    replace(declared.has_more, json!(false));
    replace(declared.total, json!(items.len()));
    replace(declared.next, json!(""));
    Reply {
        body: page.to_string().into(),
        ..reply
    }
}

/// Any URL with this query.
fn url(query: Option<&str>) -> Option<Url> {
    let mut url = Url::parse("http://localhost/").ok()?;
    url.set_query(query);
    Some(url)
}

/// Whether a key comes behind another: by number, else by text.
fn is_behind(key: &str, other: &str) -> bool {
    match (key.parse::<i128>(), other.parse::<i128>()) {
        (Ok(key), Ok(other)) => key > other,
        _ => match (key.parse::<f64>(), other.parse::<f64>()) {
            (Ok(key), Ok(other)) => key > other,
            _ => key > other,
        },
    }
}

/// Puts a value where a JSON pointer leads, with the objects on the way.
fn put(into: &mut Value, pointer: &str, value: Value) {
    let mut here = into;
    for token in pointer.split('/').skip(1) {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        let Value::Object(members) = here else { return };
        let name = token.replace("~1", "/").replace("~0", "~");
        here = members.entry(name).or_insert(Value::Null);
    }
    *here = value;
}
