//! Serves a list page by page, in the style of its operation.

use std::sync::{Mutex, PoisonError};

use hyper::StatusCode;
use reqwest::Url;
use serde_json::{Map, Value, json};

use super::response::WholeResponse;
use crate::operation::{PageStyle, Pagination};
use crate::pages::text;
use crate::text::query::{self, only_query};

/// The cursor of the first item.
const FIRST_CURSOR: usize = 0xc0_ffee;

/// The pages of a list.
pub(super) struct ServedPages {
    pagination: Pagination,
    items: Vec<Value>,
    /// The items of a page, unless the request asks for fewer.
    size: usize,
    /// A page with the other properties.
    sample: Value,
    /// The last page that was served.
    last: Mutex<Option<WholeResponse>>,
}

impl ServedPages {
    /// Returns the pages of `items`.
    ///
    /// Returns the index of the first item without the key that chooses its page as an error.
    pub(super) fn new(
        pagination: Pagination,
        items: Vec<Value>,
        size: usize,
        sample: Value,
    ) -> Result<Self, usize> {
        let pages = Self {
            pagination,
            items,
            size: size.max(1),
            sample,
            last: Mutex::new(None),
        };
        let lacks_key = |item: &Value| pagination.key.is_some() && pages.key(item).is_none();
        match pages.items.iter().position(lacks_key) {
            Some(index) => Err(index),
            None => Ok(pages),
        }
    }

    /// Returns whether a request asks for a page other than the first.
    pub(super) fn is_later_page(&self, query: Option<&str>) -> bool {
        only_query(query).is_some_and(|url| self.position(&url).is_some())
    }

    /// Returns the page that a request asks for, or `None` if the position does not exist.
    ///
    /// A page that `repeats` does not lead on.
    pub(super) fn page(&self, query: Option<&str>, repeats: bool) -> Option<WholeResponse> {
        let url = only_query(query)?;
        let position = self.position(&url);
        let mut range = self.range(&url, position.as_deref())?;
        range.end = range.end.min(self.items.len());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let by_cursor = self.pagination.style == PageStyle::Cursor;
        if let (true, false, Some(before)) = (repeats, by_cursor, &*last) {
            return Some(before.clone());
        }
        let next = match position.filter(|_| repeats) {
            Some(asked) => Some(asked),
            None => (range.end < self.items.len()).then(|| self.cursor(range.end)),
        };
        let has_more = range.end < self.items.len() || repeats;
        let page = self.items.get(range).unwrap_or_default();
        let body = self.body(page, has_more, next);
        *last = Some(WholeResponse::json(StatusCode::OK, &body));
        last.clone()
    }

    fn position(&self, url: &Url) -> Option<String> {
        query::in_query(url, self.pagination.parameter?)
    }

    fn key(&self, item: &Value) -> Option<String> {
        item.pointer(self.pagination.key?).and_then(text)
    }

    /// Returns the indices of the items of a page, or `None` if the position does not exist.
    fn range(&self, url: &Url, position: Option<&str>) -> Option<std::ops::Range<usize>> {
        let asked = self
            .pagination
            .size
            .and_then(|name| query::in_query(url, name));
        let size = match asked {
            Some(asked) => asked.parse::<usize>().ok()?.clamp(1, self.size),
            None => self.size,
        };
        let begin = match (self.pagination.style, position) {
            (_, None) => 0,
            (PageStyle::Cursor, Some(cursor)) => self.index(cursor)?,
            (PageStyle::Offset, Some(offset)) => offset.parse().ok()?,
            (PageStyle::Page, Some(page)) => {
                let page: u64 = page.parse().ok()?;
                let before = usize::try_from(page.checked_sub(self.pagination.first)?).ok()?;
                before.saturating_mul(size)
            }
            (PageStyle::After, Some(key)) => {
                let is_it = |item: &Value| self.key(item).as_deref() == Some(key);
                self.items.iter().position(is_it)? + 1
            }
            (PageStyle::Sequence, Some(key)) => {
                let is_later = |item: &Value| self.key(item).is_some_and(|it| is_greater(&it, key));
                let later = self.items.iter().position(is_later);
                later.unwrap_or(self.items.len())
            }
        };
        Some(begin..begin.saturating_add(size))
    }

    /// Returns whether cursors are numbers.
    fn is_numeric(&self) -> bool {
        let sample = self
            .pagination
            .next
            .and_then(|next| self.sample.pointer(next));
        sample.is_some_and(Value::is_number)
    }

    /// Returns the cursor of the page that starts at an index. A text is opaque, but the same each
    /// time.
    fn cursor(&self, index: usize) -> String {
        match self.is_numeric() {
            true => index.to_string(),
            false => format!("{:x}", index.wrapping_add(FIRST_CURSOR)),
        }
    }

    /// Returns the index at which the page of a cursor starts.
    fn index(&self, cursor: &str) -> Option<usize> {
        match self.is_numeric() {
            true => cursor.parse().ok(),
            false => usize::from_str_radix(cursor, 16)
                .ok()?
                .checked_sub(FIRST_CURSOR),
        }
    }

    fn body(&self, items: &[Value], has_more: bool, next: Option<String>) -> Value {
        let Pagination {
            has_more: has_more_pointer,
            total: total_pointer,
            next: next_pointer,
            ..
        } = self.pagination;
        let mut body = self.sample.clone();
        put(&mut body, self.pagination.items, json!(items));
        if let Some(pointer) = has_more_pointer {
            put(&mut body, pointer, json!(has_more));
        }
        if let Some(pointer) = total_pointer {
            put(&mut body, pointer, json!(self.items.len()));
        }
        if let Some(pointer) = next_pointer {
            let next = match (next, self.is_numeric()) {
                (Some(next), true) => json!(self.index(&next)),
                (Some(next), false) => json!(next),
                (None, true) => Value::Null,
                (None, false) => json!(""),
            };
            put(&mut body, pointer, next);
        }
        body
    }
}

/// Changes the documented sample so that it is the only page of its list.
pub(super) fn only_page(pagination: Pagination, response: WholeResponse) -> WholeResponse {
    let Ok(mut page) = serde_json::from_slice::<Value>(&response.body) else {
        return response;
    };
    let items = page.pointer(pagination.items).and_then(Value::as_array);
    let Some(number) = items.map(Vec::len) else {
        return response;
    };
    let mut replace = |pointer: Option<&str>, with: Value| {
        let Some(property) = pointer.and_then(|pointer| page.pointer_mut(pointer)) else {
            return;
        };
        // The schema may not accept another type.
        let is_alike = matches!(
            (&*property, &with),
            (Value::Bool(_), Value::Bool(_))
                | (Value::Number(_), Value::Number(_))
                | (Value::String(_), Value::String(_))
        );
        if is_alike {
            *property = with;
        }
    };
    replace(pagination.has_more, json!(false));
    replace(pagination.total, json!(number));
    replace(pagination.next, json!(""));
    WholeResponse {
        body: page.to_string().into(),
        ..response
    }
}

/// Returns whether a key comes after another: by number, otherwise by text.
fn is_greater(key: &str, other: &str) -> bool {
    match (key.parse::<i128>(), other.parse::<i128>()) {
        (Ok(key), Ok(other)) => key > other,
        _ => match (key.parse::<f64>(), other.parse::<f64>()) {
            (Ok(key), Ok(other)) => key > other,
            _ => key > other,
        },
    }
}

/// Sets the value at a JSON pointer, and creates the objects on the way.
fn put(into: &mut Value, pointer: &str, value: Value) {
    let mut here = into;
    for token in pointer.split('/').skip(1) {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        let Value::Object(object) = here else { return };
        let name = token.replace("~1", "/").replace("~0", "~");
        here = object.entry(name).or_insert(Value::Null);
    }
    *here = value;
}
