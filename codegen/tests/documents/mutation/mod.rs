//! Documents that are nearly right: those of this folder, with changes that bytes decide on.

use std::{fs, path::Path};

use neo_client_codegen::read;
use serde_json::{Map, Value, json};

/// Every document of a folder, in the order of their names.
pub fn documents(folder: &Path) -> Vec<Value> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    paths.sort();
    let text = |path: &std::path::PathBuf| fs::read_to_string(path).unwrap();
    paths
        .iter()
        .map(|path| read(&text(path)).unwrap())
        .collect()
}

/// One of the documents, changed: the first byte chooses it, every few more are a change.
pub fn mutated(documents: &[Value], bytes: &[u8]) -> Value {
    let mut bytes = Bytes(bytes);
    let mut document = bytes.choose(documents).clone();
    while !bytes.0.is_empty() {
        change(&mut document, &mut bytes, documents);
    }
    document
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first)
    }

    fn choose<'c, T>(&mut self, of: &'c [T]) -> &'c T {
        &of[self.next() % of.len()]
    }
}

fn change(document: &mut Value, bytes: &mut Bytes<'_>, documents: &[Value]) {
    let donor = {
        let mut donor = bytes.choose(documents).clone();
        walk(&mut donor, bytes).take()
    };
    let action = bytes.next() % 9;
    let reference = reference(document, bytes);
    let place = walk(document, bytes);
    match action {
        0 => *place = odd(bytes),
        1 => *place = donor,
        2 => *place = json!({ "$ref": reference }),
        3 => {
            *place = json!({ bytes.choose(&["allOf", "oneOf", "anyOf"]).to_owned(): [place.take(), donor] })
        }
        4 => *place = json!({ "type": "array", "items": place.take() }),
        5 => remove(place, bytes),
        6 => put(place, bytes, donor),
        7 => {
            let value = odd(bytes);
            put(place, bytes, value);
        }
        _ => rename(place, bytes),
    }
}

/// A value inside, a few levels down.
fn walk<'v>(mut value: &'v mut Value, bytes: &mut Bytes<'_>) -> &'v mut Value {
    for _ in 0..bytes.next() % 14 {
        let is_empty = match &*value {
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => true,
        };
        if is_empty {
            break;
        }
        let index = bytes.next();
        value = match value {
            Value::Array(items) => {
                let length = items.len();
                &mut items[index % length]
            }
            Value::Object(members) => {
                let length = members.len();
                members.values_mut().nth(index % length).unwrap()
            }
            _ => break,
        };
    }
    value
}

/// A reference to some place of the document, or to none.
fn reference(document: &Value, bytes: &mut Bytes<'_>) -> String {
    let (mut value, mut pointer) = (document, "#".to_owned());
    for _ in 0..bytes.next() % 8 {
        let Value::Object(members) = value else { break };
        let Some((name, inner)) = members.iter().nth(bytes.next() % members.len().max(1)) else {
            break;
        };
        pointer += &format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        value = inner;
    }
    pointer
}

fn remove(value: &mut Value, bytes: &mut Bytes<'_>) {
    let index = bytes.next();
    match value {
        Value::Array(items) if !items.is_empty() => {
            items.remove(index % items.len());
        }
        Value::Object(members) if !members.is_empty() => {
            let name = members.keys().nth(index % members.len()).cloned().unwrap();
            members.shift_remove(&name);
        }
        _ => {}
    }
}

fn put(value: &mut Value, bytes: &mut Bytes<'_>, inner: Value) {
    match value {
        Value::Array(items) => items.push(inner),
        Value::Object(members) => {
            members.insert((*bytes.choose(KEYWORDS)).to_owned(), inner);
        }
        _ => {}
    }
}

/// Another name for a member, in the same place.
fn rename(value: &mut Value, bytes: &mut Bytes<'_>) {
    let Value::Object(members) = value else {
        return;
    };
    let (index, name) = (bytes.next(), *bytes.choose(NAMES));
    let length = members.len().max(1);
    *members = std::mem::take(members)
        .into_iter()
        .enumerate()
        .map(|(at, (old, inner))| {
            if at == index % length {
                (name.to_owned(), inner)
            } else {
                (old, inner)
            }
        })
        .collect::<Map<_, _>>();
}

fn odd(bytes: &mut Bytes<'_>) -> Value {
    let text = *bytes.choose(NAMES);
    match bytes.next() % 14 {
        0 => json!(null),
        1 => json!(true),
        2 => json!(false),
        3 => json!(0),
        4 => json!(-1.5),
        5 => json!(u64::MAX),
        6 => json!(1e300),
        7 => json!([]),
        8 => json!({}),
        9 => json!([text, text, null, 1]),
        10 => json!([{ "type": "null" }, {}]),
        11 => json!(["string", "null", "object"]),
        12 => json!({ text: { "type": "string" } }),
        _ => json!(text),
    }
}

const NAMES: &[&str] = &[
    "",
    "a",
    "A",
    "a b",
    "a-b",
    "a_b",
    "type",
    "self",
    "Self",
    "crate",
    "r#type",
    "0",
    "+1",
    "-1",
    "é",
    "💥",
    "{",
    "}",
    "{id}",
    "/",
    "~",
    "\"",
    "\\",
    "\n",
    "*/",
    "//",
    "#",
    "$ref",
    "null",
    "string",
    "object",
    "array",
    "integer",
    "number",
    "boolean",
    "uuid",
    "date-time",
    "binary",
    "password",
    "path",
    "query",
    "header",
    "cookie",
    "deepObject",
    "Option",
    "Vec",
    "String",
    "Default",
    "build",
    "new",
    "send",
    "client",
    "body",
    "Unknown",
    "extra",
    "value",
    "get",
    "post",
    "application/json",
    "multipart/form-data",
    "text/event-stream",
    "*/*",
    "200",
    "2XX",
    "default",
    "x-a",
    "#/components/schemas/A",
];

const KEYWORDS: &[&str] = &[
    "type",
    "format",
    "enum",
    "const",
    "default",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "if",
    "then",
    "else",
    "$ref",
    "$defs",
    "$id",
    "$anchor",
    "$dynamicRef",
    "discriminator",
    "nullable",
    "patternProperties",
    "unevaluatedProperties",
    "dependentRequired",
    "contentMediaType",
    "contentEncoding",
    "minimum",
    "maxLength",
    "pattern",
    "uniqueItems",
    "readOnly",
    "writeOnly",
    "deprecated",
    "title",
    "description",
    "example",
    "x-secret",
    "get",
    "post",
    "trace",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "schema",
    "headers",
    "links",
    "callbacks",
    "security",
    "servers",
    "tags",
    "operationId",
    "summary",
    "name",
    "in",
    "style",
    "explode",
    "allowReserved",
    "200",
    "default",
    "application/json",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "text/plain",
    "encoding",
    "x-method-name",
    "webhooks",
];
