//! Recognizes operations that return a list page by page, and suggests an `x-pagination`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use neo_client_codegen::openapi::pointer::escape;
use neo_client_codegen::openapi::{media_type, reference};

/// Names of query parameters and properties, in lower case and without separators.
const CURSORS: &[&str] = &[
    "continuation",
    "continuationtoken",
    "cursor",
    "marker",
    "nextcursor",
    "nexttoken",
    "pagecursor",
    "pagetoken",
];
const OFFSETS: &[&str] = &["offset", "skip", "startindex"];
const PAGES: &[&str] = &["page", "pageindex", "pageno", "pagenum", "pagenumber"];
const AFTERS: &[&str] = &[
    "after",
    "afterid",
    "lastid",
    "sinceid",
    "startafter",
    "startingafter",
];
/// Cursors that go backwards, which no declaration can name.
const BEFORES: &[&str] = &["before", "beforeid", "endingbefore"];
const SIZES: &[&str] = &[
    "itemsperpage",
    "limit",
    "maxitems",
    "maxpagesize",
    "maxresults",
    "pagelimit",
    "pagesize",
    "perpage",
    "resultsperpage",
    "take",
];
const NEXTS: &[&str] = &[
    "after",
    "continuationtoken",
    "cursor",
    "endcursor",
    "next",
    "nextcursor",
    "nextmarker",
    "nextpagetoken",
    "nexttoken",
];
const HAS_MORE: &[&str] = &["hasmore", "hasnext", "hasnextpage", "istruncated", "more"];
const TOTALS: &[&str] = &["count", "total", "totalcount", "totalitems", "totalresults"];
/// Keys that order the items, and that several items may share.
const SEQUENCES: &[&str] = &["seq", "sequence", "sequencenumber", "timestamp"];
const IDS: &[&str] = &["id", "uuid", "key"];

/// The depth to which a response is searched for a list.
const DEPTH: usize = 2;

/// The signs that an operation returns a list page by page.
#[derive(Default)]
pub struct PageSigns {
    cursor: Option<String>,
    offset: Option<String>,
    page: Option<String>,
    after: Option<String>,
    before: Option<String>,
    size: Option<String>,
    /// JSON pointers into the response.
    items: Option<String>,
    next: Option<String>,
    has_more: Option<String>,
    total: Option<String>,
    /// The key of an item, and whether items may share it.
    key: Option<(String, bool)>,
}

impl PageSigns {
    pub fn of(document: &Value, item: &Value, operation: &Value) -> Self {
        let mut signs = Self::default();
        let Some(response) = response_schema(document, operation) else {
            return signs;
        };
        for holder in [operation, item] {
            let parameters = holder.get("parameters").and_then(Value::as_array);
            for parameter in parameters.into_iter().flatten() {
                signs.note_parameter(resolve(document, parameter));
            }
        }
        signs.look_into(document, response, "", 0);
        signs
    }

    fn note_parameter(&mut self, parameter: &Value) {
        let text = |member: &str| parameter.get(member).and_then(Value::as_str);
        let (Some(name), Some("query")) = (text("name"), text("in")) else {
            return;
        };
        let place = match plain(name) {
            name if CURSORS.contains(&&*name) => &mut self.cursor,
            name if OFFSETS.contains(&&*name) => &mut self.offset,
            name if PAGES.contains(&&*name) => &mut self.page,
            name if AFTERS.contains(&&*name) => &mut self.after,
            name if BEFORES.contains(&&*name) => &mut self.before,
            name if SIZES.contains(&&*name) => &mut self.size,
            _ => return,
        };
        place.get_or_insert_with(|| name.to_owned());
    }

    /// Searches a schema for the list and for the properties around it.
    fn look_into(&mut self, document: &Value, schema: &Value, pointer: &str, depth: usize) {
        let schema = resolve(document, schema);
        if is(schema, "array") {
            if self.items.is_none() {
                self.items = Some(pointer.to_owned());
                let items = schema.get("items").unwrap_or(&Value::Null);
                self.look_at_item(document, items);
            }
            return;
        }
        let properties = properties(document, schema);
        for (name, of) in &properties {
            let pointer = format!("{pointer}/{}", escape(name));
            let name = plain(name);
            let place = if NEXTS.contains(&&*name) && (is(of, "string") || is(of, "integer")) {
                &mut self.next
            } else if HAS_MORE.contains(&&*name) && is(of, "boolean") {
                &mut self.has_more
            } else if TOTALS.contains(&&*name) && (is(of, "integer") || is(of, "number")) {
                &mut self.total
            } else {
                continue;
            };
            place.get_or_insert(pointer);
        }
        // A list at this level comes before a list in a nested object.
        for wanted in ["array", "object"] {
            for (name, of) in properties.iter().filter(|(_, of)| is(of, wanted)) {
                if depth < DEPTH {
                    let pointer = format!("{pointer}/{}", escape(name));
                    self.look_into(document, of, &pointer, depth + 1);
                }
            }
        }
    }

    fn look_at_item(&mut self, document: &Value, item: &Value) {
        let properties = properties(document, resolve(document, item));
        let named = |names: &[&str]| {
            let mut found = properties.iter().map(|(name, _)| name);
            found.find(|name| names.contains(&&*plain(name))).cloned()
        };
        let sequence = named(SEQUENCES).map(|name| (name, true));
        let key = sequence.or_else(|| named(IDS).map(|name| (name, false)));
        self.key = key.map(|(name, is_shared)| (format!("/{}", escape(&name)), is_shared));
    }

    /// Returns whether there is a paging parameter, or a list whose response says that more
    /// follows.
    pub fn any(&self) -> bool {
        let is_told = self.next.is_some() || self.has_more.is_some();
        self.parameters().next().is_some() || (self.items.is_some() && is_told)
    }

    fn parameters(&self) -> impl Iterator<Item = &String> {
        let all = [
            &self.cursor,
            &self.offset,
            &self.page,
            &self.after,
            &self.before,
            &self.size,
        ];
        all.into_iter().flatten()
    }

    /// Returns the signs as texts.
    pub fn why(&self) -> Vec<String> {
        let parameters = self.parameters();
        let parameters = parameters.map(|name| format!("query parameter `{name}`"));
        let properties = [&self.next, &self.has_more, &self.total]
            .into_iter()
            .flatten();
        let properties = properties.map(|pointer| format!("response property `{pointer}`"));
        let list = self.items.iter().map(|pointer| match &**pointer {
            "" => "the response is a list".to_owned(),
            pointer => format!("list `{pointer}`"),
        });
        parameters.chain(properties).chain(list).collect()
    }

    /// Returns the declaration as far as it is known, and the names of the missing properties.
    pub fn suggestion(&self) -> (Value, Vec<&'static str>) {
        let (style, parameter) = if self.cursor.is_some() {
            ("cursor", &self.cursor)
        } else if self.offset.is_some() {
            ("offset", &self.offset)
        } else if self.page.is_some() {
            ("page", &self.page)
        } else if self.after.is_some() {
            let is_shared = self.key.as_ref().is_some_and(|(_, is_shared)| *is_shared);
            (if is_shared { "sequence" } else { "after" }, &self.after)
        } else if self.next.is_some() {
            ("cursor", &None)
        } else {
            ("offset", &None)
        };
        let key = self.key.as_ref().map(|(key, _)| key.clone());
        let mut declaration = Map::new();
        let mut lacks = Vec::new();
        declaration.insert("style".to_owned(), json!(style));
        let mut put = |member: &'static str, value: Option<String>, is_needed: bool| match value {
            Some(value) => {
                declaration.insert(member.to_owned(), json!(value));
            }
            None if is_needed => lacks.push(member),
            None => {}
        };
        put("items", self.items.clone(), true);
        put("parameter", parameter.clone(), true);
        put("size", self.size.clone(), style == "sequence");
        match style {
            "cursor" => put("next", self.next.clone(), true),
            "after" | "sequence" => put("key", key, true),
            _ => {}
        }
        put("has_more", self.has_more.clone(), false);
        put("total", self.total.clone(), false);
        (Value::Object(declaration), lacks)
    }
}

/// Returns a name in lower case without separators.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|character| character.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Returns whether a schema has a type, besides `null`.
fn is(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
        _ => wanted == "object" && schema.get("properties").is_some(),
    }
}

/// Returns the properties of an object, with those of `allOf`.
fn properties<'d>(document: &'d Value, schema: &'d Value) -> Vec<(String, &'d Value)> {
    let mut found = Vec::new();
    let mut names = BTreeSet::new();
    let mut pending = vec![schema];
    let mut left = 64;
    while let Some(schema) = pending.pop() {
        left -= 1;
        if left == 0 {
            break;
        }
        let schema = resolve(document, schema);
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, of) in properties.into_iter().flatten() {
            if names.insert(name) {
                found.push((name.clone(), resolve(document, of)));
            }
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        pending.extend(parts.into_iter().flatten());
    }
    found
}

/// Returns the schema of the successful JSON response.
fn response_schema<'d>(document: &'d Value, operation: &'d Value) -> Option<&'d Value> {
    let responses = operation.get("responses")?.as_object()?;
    let (_, response) = responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))?;
    let content = resolve(document, response).get("content")?.as_object()?;
    let is_json = |name: &str| media_type::is_json(name) || name == "*/*";
    let (_, media) = content.iter().find(|(name, _)| is_json(name))?;
    Some(media.get("schema").unwrap_or(&Value::Null))
}

/// Follows a reference. A reference without a target stays as it is.
pub fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    reference::resolve(document, value).map_or(value, |target| target.value)
}
