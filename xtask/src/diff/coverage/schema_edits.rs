//! The table of edits of a schema: every keyword removed, changed and added.

use serde_json::{Map, Value, json};

/// An edited schema, and the name of the edit: `keyword verb detail`.
pub struct Edit {
    pub name: String,
    pub schema: Value,
}

/// Keywords with a value to add where they are absent.
fn additions() -> Vec<(&'static str, Value)> {
    vec![
        ("type", json!("string")),
        ("type", json!(["string", "integer"])),
        ("enum", json!(["a", "ab", 1])),
        ("const", json!("ab")),
        ("const", json!(5)),
        ("minLength", json!(3)),
        ("maxLength", json!(4)),
        ("minLength", json!(0)),
        ("pattern", json!("^a+$")),
        ("format", json!("date")),
        ("format", json!("int32")),
        ("minimum", json!(4)),
        ("maximum", json!(6)),
        ("exclusiveMinimum", json!(2)),
        ("exclusiveMaximum", json!(8)),
        ("multipleOf", json!(1)),
        ("multipleOf", json!(2)),
        ("multipleOf", json!(0.5)),
        ("minItems", json!(2)),
        ("maxItems", json!(2)),
        ("uniqueItems", json!(true)),
        ("uniqueItems", json!(false)),
        ("items", json!({"type": "integer"})),
        ("items", json!({})),
        ("items", json!(false)),
        ("prefixItems", json!([{"type": "integer"}])),
        ("contains", json!({"type": "integer"})),
        ("minContains", json!(0)),
        ("minContains", json!(2)),
        ("maxContains", json!(1)),
        ("minProperties", json!(1)),
        ("maxProperties", json!(2)),
        ("required", json!(["b"])),
        ("dependentRequired", json!({"a": ["b"]})),
        ("dependentSchemas", json!({"a": {"required": ["b"]}})),
        ("patternProperties", json!({"^zz": {"type": "string"}})),
        ("propertyNames", json!({"maxLength": 2})),
        ("additionalProperties", json!(false)),
        ("additionalProperties", json!(true)),
        ("additionalProperties", json!({"type": "integer"})),
        ("unevaluatedProperties", json!(false)),
        ("unevaluatedProperties", json!(true)),
        ("unevaluatedItems", json!(false)),
        ("not", json!({"const": "ab"})),
        ("not", json!({"type": "null"})),
        ("not", json!({"type": "boolean"})),
        ("not", json!({"required": ["a"]})),
        ("if", json!({"required": ["a"]})),
        ("then", json!({"required": ["b"]})),
        ("else", json!({"required": ["b"]})),
        ("allOf", json!([{}])),
        ("allOf", json!([{"maxLength": 4}])),
        ("allOf", json!([{"required": ["b"]}])),
        ("anyOf", json!([{"type": "string"}, {"type": "integer"}])),
        ("anyOf", json!([{}, {"type": "integer"}])),
        ("oneOf", json!([{"type": "string"}, {"type": "object"}])),
        ("contentEncoding", json!("base64")),
        ("contentMediaType", json!("text/csv")),
        ("contentSchema", json!({"type": "object"})),
        ("title", json!("Another title")),
        ("description", json!("Other words")),
        ("$comment", json!("For maintainers")),
        ("examples", json!(["a"])),
        ("example", json!("a")),
        ("externalDocs", json!({"url": "https://example.com"})),
        ("default", json!("a")),
        ("deprecated", json!(true)),
        ("readOnly", json!(true)),
        ("writeOnly", json!(true)),
        ("x-order", json!(3)),
        ("xml", json!({"name": "other"})),
    ]
}

/// Returns every edit of one schema object.
pub fn edits(schema: &Map<String, Value>) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut add = |name: String, edited: Map<String, Value>| {
        if edited != *schema {
            edits.push(Edit {
                name,
                schema: Value::Object(edited),
            });
        }
    };
    for (keyword, value) in schema {
        let mut removed = schema.clone();
        removed.remove(keyword);
        add(format!("{keyword} remove"), removed);
        for (detail, changed) in changes(keyword, value) {
            let mut edited = schema.clone();
            edited.insert(keyword.clone(), changed);
            add(format!("{keyword} {detail}"), edited);
        }
    }
    for (keyword, value) in additions() {
        if !schema.contains_key(keyword) {
            let mut edited = schema.clone();
            edited.insert(keyword.to_owned(), value.clone());
            add(format!("{keyword} add {value}"), edited);
        }
    }
    add("wrap allOf".to_owned(), wrapped("allOf", schema));
    add("wrap anyOf".to_owned(), wrapped("anyOf", schema));
    edits
}

fn wrapped(keyword: &str, schema: &Map<String, Value>) -> Map<String, Value> {
    Map::from_iter([(keyword.to_owned(), json!([schema]))])
}

/// Returns the changed values of a keyword.
fn changes(keyword: &str, value: &Value) -> Vec<(String, Value)> {
    let named = |list: Vec<(&str, Value)>| -> Vec<(String, Value)> {
        list.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    match keyword {
        "type" => types(value),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            let number = value.as_f64().unwrap();
            named(vec![
                ("raise", number_of(number + 1.0)),
                ("lower", number_of(number - 1.0)),
                ("lower a little", number_of(number - 0.5)),
                ("raise a little", number_of(number + 0.5)),
            ])
        }
        "multipleOf" => {
            let number = value.as_f64().unwrap();
            named(vec![
                ("double", number_of(number * 2.0)),
                ("triple", number_of(number * 3.0)),
                ("halve", number_of(number / 2.0)),
                ("change", number_of(number + 0.7)),
            ])
        }
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "minContains" | "maxContains" => {
            let number = value.as_u64().unwrap();
            named(vec![
                ("raise", json!(number + 1)),
                ("lower", json!(number.saturating_sub(1))),
            ])
        }
        "uniqueItems" => named(vec![("false", json!(false))]),
        "enum" => lists(value, &[json!("added"), json!(9), Value::Null]),
        "required" => lists(value, &[json!("b"), json!("undeclared")]),
        "const" => named(vec![
            ("change", json!("other")),
            ("change number", json!(8)),
        ]),
        "pattern" => named(vec![("change", json!("^[a-z0-9]+$"))]),
        "format" => named(vec![
            ("change", json!("uuid")),
            ("unknown", json!("shouted")),
        ]),
        "allOf" => lists(
            value,
            &[
                json!({"minLength": 3}),
                json!({}),
                json!({"required": ["b"]}),
            ],
        ),
        "anyOf" | "oneOf" => lists(
            value,
            &[
                json!({"type": "boolean"}),
                json!(false),
                json!({"type": "integer", "minimum": 4}),
                json!({"const": "b"}),
            ],
        ),
        "prefixItems" => lists(value, &[json!({"type": "boolean"})]),
        "properties" => {
            let mut all = members(value, json!({"type": "string"}));
            let object = value.as_object().unwrap();
            if let Some((name, schema)) = object.iter().next() {
                let mut renamed = object.clone();
                renamed.remove(name);
                renamed.insert(format!("{name}2"), schema.clone());
                all.push(("rename first".to_owned(), renamed.into()));
            }
            let mut mapped = object.clone();
            mapped.insert("added".to_owned(), json!({"type": "integer"}));
            all.push(("add added integer".to_owned(), mapped.into()));
            all
        }
        "patternProperties" => members(value, json!({"type": "string"})),
        "dependentSchemas" => members(value, json!({"required": ["zz"]})),
        "dependentRequired" => {
            let mut all = members(value, json!(["a"]));
            for (name, needs) in value.as_object().unwrap() {
                for (detail, changed) in lists(needs, &[json!("c")]) {
                    let mut edited = value.as_object().unwrap().clone();
                    edited.insert(name.clone(), changed);
                    all.push((format!("{name} {detail}"), edited.into()));
                }
            }
            all
        }
        "additionalProperties" | "items" | "unevaluatedProperties" | "unevaluatedItems" => {
            named(vec![
                ("false", json!(false)),
                ("true", json!(true)),
                ("text", json!({"type": "string"})),
                ("number", json!({"type": "number"})),
            ])
        }
        "contains" | "propertyNames" | "not" => {
            named(vec![("text", json!({"type": "string", "minLength": 2}))])
        }
        "if" => named(vec![
            (
                "other",
                json!({"properties": {"kind": {"const": "other"}}, "required": ["kind"]}),
            ),
            ("wider", json!({"required": ["kind"]})),
        ]),
        "then" | "else" => named(vec![("other", json!({"required": ["kind"]}))]),
        "$ref" => named(vec![
            ("other", json!("#/components/schemas/Cat")),
            ("equal", json!("#/components/schemas/Dog")),
        ]),
        "title" | "description" | "$comment" => named(vec![("change", json!("Changed"))]),
        "readOnly" | "writeOnly" | "deprecated" => named(vec![("false", json!(false))]),
        "contentEncoding" => named(vec![("change", json!("base16"))]),
        "contentMediaType" => named(vec![("change", json!("image/gif"))]),
        _ => Vec::new(),
    }
}

fn number_of(number: f64) -> Value {
    let rounded = (number * 1000.0).round() / 1000.0;
    if rounded.fract() == 0.0 {
        json!(rounded as i64)
    } else {
        json!(rounded)
    }
}

fn types(value: &Value) -> Vec<(String, Value)> {
    let names: Vec<Value> = match value {
        Value::Array(names) => names.clone(),
        one => vec![one.clone()],
    };
    let mut all = Vec::new();
    for other in ["string", "integer", "number", "null", "object"] {
        if !names.contains(&json!(other)) {
            let mut more = names.clone();
            more.push(json!(other));
            all.push((format!("add {other}"), json!(more)));
            if names.len() == 1 {
                all.push((format!("replace {other}"), json!(other)));
            }
        }
    }
    if names.len() > 1 {
        for index in 0..names.len() {
            let mut fewer = names.clone();
            fewer.remove(index);
            all.push((format!("remove {}", names[index]), json!(fewer)));
        }
        let mut turned = names.clone();
        turned.reverse();
        all.push(("reorder".to_owned(), json!(turned)));
    } else if value.is_string() {
        all.push(("as list".to_owned(), json!(names)));
    }
    all
}

/// Returns a list with each element removed, turned, and with each of `more` added.
fn lists(value: &Value, more: &[Value]) -> Vec<(String, Value)> {
    let items = value.as_array().unwrap();
    let mut all = Vec::new();
    for index in 0..items.len() {
        if items.len() > 1 {
            let mut fewer = items.clone();
            fewer.remove(index);
            all.push((format!("drop {index}"), json!(fewer)));
        }
    }
    for added in more.iter().filter(|added| !items.contains(added)) {
        let mut longer = items.clone();
        longer.push(added.clone());
        all.push((format!("add {added}"), json!(longer)));
    }
    if items.len() > 1 {
        let mut turned = items.clone();
        turned.reverse();
        all.push(("reorder".to_owned(), json!(turned)));
    }
    all
}

/// Returns a map with each member removed, and with a new one.
fn members(value: &Value, added: Value) -> Vec<(String, Value)> {
    let object = value.as_object().unwrap();
    let mut all = Vec::new();
    for name in object.keys() {
        let mut fewer = object.clone();
        fewer.remove(name);
        all.push((format!("drop {name}"), fewer.into()));
    }
    let mut more = object.clone();
    more.insert("c".to_owned(), added);
    all.push(("add c".to_owned(), more.into()));
    all
}
