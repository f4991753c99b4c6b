//! The output of refine and the facade, as generated source.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::Path;

use neo_client_codegen::{Output, Settings, generate};
use serde_json::{Value, json};

/// The text of all files.
fn source(output: &Output) -> String {
    let files = output.files.iter();
    let rust = files.filter(|(path, _)| path.ends_with(".rs"));
    rust.map(|(_, text)| text.as_str()).collect()
}

fn generated(paths: Value, schemas: Value) -> Output {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Test", "version": "ünïcode" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    generate(&document, None, &Settings::default()).unwrap()
}

/// A text without white space and trailing commas, so that formatting does not matter.
fn dense(text: &str) -> String {
    let mut dense: String = text.split_whitespace().collect();
    for close in [")", "]", "}"] {
        dense = dense.replace(&format!(",{close}"), close);
    }
    dense.trim_end_matches(',').to_owned()
}

#[track_caller]
fn holds(output: &Output, part: &str) {
    let part = dense(part);
    assert!(dense(&source(output)).contains(&part), "no `{part}`");
}

#[track_caller]
fn lacks(output: &Output, part: &str) {
    let part = dense(part);
    assert!(!dense(&source(output)).contains(&part), "there is `{part}`");
}

#[track_caller]
fn publishes(output: &Output, line: &str) {
    assert!(
        output.surface.iter().any(|one| one == line),
        "no `{line}` in {:#?}",
        output.surface
    );
}

#[test]
fn string_enum_becomes_open_enum() {
    let output = generated(
        json!({}),
        json!({
            "Mood": { "type": "string", "enum": ["good", "bad"], "description": "How it is." },
            "Holder": { "oneOf": [{ "$ref": "#/components/schemas/Mood" }, { "type": "integer" }] },
        }),
    );
    holds(
        &output,
        r#"runtime::open_enum! { /// How it is.
 pub enum Mood { Good = "good", Bad = "bad", } }"#,
    );
    lacks(&output, "struct Mood");
    lacks(&output, "for Mood {");
    holds(&output, "impl From<Mood> for Holder");
    publishes(&output, "variant types::Mood::Good = \"good\"");
}

#[test]
fn union_keeps_unknown_values() {
    let output = generated(
        json!({}),
        json!({
            "Flag": { "oneOf": [{ "type": "boolean" }, { "type": "array", "items": { "$ref": "#/components/schemas/Flag" } }] },
            "Pet": { "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
                "discriminator": { "propertyName": "kind", "mapping": { "cat": "Cat", "kitten": "Cat" } } },
            "Cat": { "type": "object", "properties": { "lives": { "type": "integer" } } },
            "Dog": { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "dog" }, "owner": { "$ref": "#/components/schemas/Pet" } } },
            "Beast": { "$ref": "#/components/schemas/Pet" },
        }),
    );
    holds(
        &output,
        r#"runtime::open_union! { /// `Flag`
 #[derive(Debug)] pub enum Flag {
            Boolean(bool) = Branch::of(&[Shape::BOOLEAN]),
            List(Vec<Flag>) = Branch::of(&[Shape::ARRAY]), } }"#,
    );
    // A variant without the discriminator gets a field for it; a constant writes itself.
    holds(
        &output,
        r#"Cat(Cat) = Branch::of(&[Shape { constants: &[("kind", &["cat", "kitten"])], ..Shape::OBJECT }]),
            Dog(Dog) = Branch::of(&[Shape { constants: &[("kind", &["dog"])], ..Shape::OBJECT }])"#,
    );
    holds(
        &output,
        r#"kind: setter::or("Dog.kind", self.kind, || "dog".into())?,"#,
    );
    publishes(
        &output,
        "fn types::DogBuilder::kind(mut self, value: impl TryInto<DogKind, Error: Display>) -> Self",
    );
    publishes(&output, "type types::Beast = Pet");
}

#[test]
fn struct_is_non_exhaustive_with_builder() {
    let output = generated(
        json!({}),
        json!({ "Cat": { "type": "object", "required": ["name"], "properties": {
            "name": { "type": "string" },
            "kittens": { "type": "array", "items": { "$ref": "#/components/schemas/Cat" } },
            "by-name": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Cat" } },
            "mother": { "$ref": "#/components/schemas/Cat" },
        } } }),
    );
    holds(&output, "#[non_exhaustive] /// `Cat`");
    publishes(&output, "fn types::Cat::builder() -> CatBuilder");
    publishes(
        &output,
        "fn types::CatBuilder::kittens(mut self, value: impl IntoIterator<Item: TryInto<Cat, Error: Display>>) -> Self",
    );
    holds(
        &output,
        r#"name: setter::required("Cat.name", self.name)?,"#,
    );
    holds(
        &output,
        r#"by_name: setter::optional("Cat.by-name", self.by_name)?,"#,
    );
}

#[test]
fn required_nullable_field_must_be_set() {
    let output = generated(
        json!({}),
        json!({ "Cap": { "type": "object", "required": ["cents"], "properties": {
            "cents": { "type": ["integer", "null"] },
            "note": { "type": ["string", "null"] },
        } } }),
    );
    publishes(
        &output,
        "fn types::CapBuilder::cents(mut self, value: impl Nullable<i64>) -> Self",
    );
    holds(
        &output,
        r#"
        cents: setter::required("Cap.cents", self.cents)?,
        note: setter::optional("Cap.note", self.note)?,
        "#,
    );
    holds(&output, "cents: deserialize::required_or_null(cents),");
    holds(&output, "pub note: Option<Option<String>>");
}

#[test]
fn tuples_and_null_are_aliases() {
    let output = generated(
        json!({}),
        json!({ "Point": { "type": "object", "required": ["at"], "properties": {
            "at": {
                "type": "array",
                "prefixItems": [{ "type": "string" }, { "type": "integer" }],
                "minItems": 2,
                "maxItems": 2,
            },
            "nothing": { "type": "null" },
        } } }),
    );
    holds(&output, "pub type PointAt = (String, i64);");
    holds(&output, "pub type Null = ();");
    holds(&output, "pub at: PointAt");
    holds(&output, "pub nothing: Option<Null>");
    holds(
        &output,
        r#""nothing" => deserialize::nullable(&mut properties, &mut nothing),"#,
    );
}

#[test]
fn field_is_decoded_by_its_kind() {
    let output = generated(
        json!({ "/cats": { "patch": {
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Cat" } } } },
            "responses": { "200": { "description": "" } },
        } } }),
        json!({ "Cat": { "type": "object", "required": ["toys", "name"], "additionalProperties": true, "properties": {
            "toys": { "type": "array", "items": { "type": "string" } },
            "by-name": { "type": "object", "additionalProperties": { "type": "string" } },
            "name": { "type": "string" },
            "age": { "type": "integer" },
            "owner": { "type": ["string", "null"] },
        } }, "Dog": { "type": "object", "properties": {
            "toys": { "type": "array", "items": { "type": "string" } },
        } } }),
    );
    let [properties, cat] = [
        "const PROPERTIES: &'static [&'static str]",
        "&mut properties, &mut",
    ];
    holds(
        &output,
        &format!(
            r#"
            impl<'de> deserialize::Object<'de> for types::Cat {{
                const NAME: &'static str = "Cat";
                {properties} = &["age", "by-name", "name", "owner", "toys"];
            "#
        ),
    );
    holds(
        &output,
        &format!(
            r#"
            let read = match &*property {{
                "age" => deserialize::optional({cat} age),
                "by-name" => deserialize::optional_list({cat} by_name),
                "name" => deserialize::value({cat} name),
                "owner" => deserialize::nullable({cat} owner),
                "toys" => deserialize::list({cat} toys),
                _ => deserialize::keep(&mut properties, property, &mut extra),
            }};
            read?;
            "#
        ),
    );
    holds(
        &output,
        r#"
        Ok(Self {
            age: age.unwrap_or_default(),
            by_name: by_name.unwrap_or_default(),
            name: deserialize::required(name, "name")?,
            owner: owner.unwrap_or_default(),
            toys: deserialize::required(toys, "toys")?,
            extra,
        })
        "#,
    );
    lacks(&output, "::serde::Deserialize");
}

#[test]
fn generated_code_derives_no_trait_of_serde() {
    let output = generated(
        json!({}),
        json!({
            "Cat": { "type": "object", "required": ["id"], "properties": {
                "first-name": { "type": "string" },
                "id": { "type": "integer" },
                "owner": { "type": ["string", "null"] },
            } },
            "Dog": { "type": "object", "additionalProperties": { "type": "string" }, "properties": {
                "name": { "type": "string", "default": "Rex" },
            } },
            "Tags": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
            "Name": { "type": "string", "pattern": "^[a-z]+$", "maxLength": 3 },
            "Size": { "type": "integer", "enum": [1, 2] },
        }),
    );
    holds(
        &output,
        r#"
        impl Serialize for types::Cat {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize::object(
                    serializer,
                    "Cat",
                    serialize::count(1, &[self.first_name.is_some(), self.owner.is_some()])
                )
                .optional("first-name", &self.first_name)
                .required("id", &self.id)
                .optional("owner", &self.owner)
                .end()
            }
        }
        "#,
    );
    holds(
        &output,
        r#"serialize::map(serializer).optional("name", &self.name).flatten(&self.extra).end()"#,
    );
    for newtype in ["Tags", "Name", "Size"] {
        holds(
            &output,
            &format!(
                "impl Serialize for types::{newtype} {{
                    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
                        Serialize::serialize(&self.0, serializer)
                    }}
                }}"
            ),
        );
        holds(
            &output,
            &format!(
                "impl<'de> Deserialize<'de> for types::{newtype} {{
                    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{
                        Deserialize::deserialize(deserializer).map(Self)
                    }}
                }}"
            ),
        );
    }
    for part in ["::serde::Serialize", "::serde::Deserialize", "#[serde("] {
        lacks(&output, part);
    }
}

#[test]
fn real_documents_need_no_derive_of_serde() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    for name in ["crates-io.json", "go-echo-huma.json", "museum.json"] {
        let path = folder.join(name);
        let document = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let output = generate(&document, None, &Settings::default()).unwrap();
        let mut isolated = output.ledger.entries().iter();
        let isolated = isolated.find(|entry| entry.rule == "isolated-schema");
        assert!(isolated.is_none(), "{path:?}: {isolated:?}");
        for (file, text) in &output.files {
            let derives = text.contains("::serde::Serialize") || text.contains("#[serde");
            assert!(!derives, "{path:?}: {file}");
        }
    }
}

#[test]
fn secret_field_is_redacted_in_debug() {
    let output = generated(
        json!({}),
        json!({
            "Login": { "type": "object", "properties": {
                "user": { "type": "string" },
                "pass-word": { "type": "string", "format": "password" },
                "type": { "type": "string", "x-secret": true },
            } },
            "Token": { "type": "string", "writeOnly": true },
        }),
    );
    holds(
        &output,
        r#"f.debug_struct("Login")
            .field("pass_word", &::std::format_args!("[redacted]"))
            .field("type_", &::std::format_args!("[redacted]"))
            .field("user", &self.user).finish()"#,
    );
    holds(
        &output,
        r#"f.debug_tuple("Token").field(&::std::format_args!("[redacted]")).finish()"#,
    );
}

#[test]
fn progenitor_functions_only_build_requests() {
    let output = generated(
        json!({ "/cats/{id}": { "put": {
            "tags": ["Cats"], "summary": "Put cat",
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "X-Trace", "in": "header", "schema": { "type": "string" } },
            ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object", "properties": { "name": { "type": "string" } } } } } },
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "type": "string" } } } } },
        } } }),
        json!({}),
    );
    for gone in [
        "api-version",
        "ACCEPT",
        ".exec(",
        "ClientHooks",
        "ResponseValue",
    ] {
        lacks(&output, gone);
    }
    holds(&output, r#""X-Trace""#);
    publishes(
        &output,
        "fn api::cats::Cats::put_cat(&self, id: impl TryInto<String, Error: Display>, body: impl TryInto<types::PutCatBody, Error: Display>) -> PutCat",
    );
    publishes(&output, "await api::cats::PutCat -> Result<String, Error>");
    holds(
        &output,
        r#"path::value( Self::OPERATION, "id", runtime::Style::Simple { explode: false"#,
    );
    holds(&output, ".idempotent(true)");
}

#[test]
fn optional_body_is_a_setter_raw_body_is_bytes() {
    let body = |media_type: &str, schema: Value, required: bool| json!({ "required": required, "content": { media_type: { "schema": schema } } });
    let object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let output = generated(
        json!({
            "/a": { "post": { "summary": "a", "requestBody": body("application/json", object.clone(), false) } },
            "/b": { "post": { "summary": "b", "requestBody": body("image/png", json!({}), true) } },
            "/c": { "post": { "summary": "c", "requestBody": body("application/x-www-form-urlencoded", object, false) } },
        }),
        json!({}),
    );
    publishes(
        &output,
        "fn api::default::A::body(mut self, body: impl TryInto<types::ABody, Error: Display>) -> Self",
    );
    publishes(
        &output,
        "fn api::default::Default::b(&self, body: impl Into<reqwest::Body>) -> B",
    );
    holds(&output, r#"HeaderValue::from_static("image/png")"#);
    holds(&output, "json::body(&mut request, &body)");
    holds(&output, "body.map_or(Ok(()), |body|");
}

#[test]
fn operations_table_lists_every_method() {
    let output = generated(
        json!({ "/tasks": { "post": { "operationId": "post-tasks", "tags": ["Tasks"], "summary": "Create", "responses": {
            "202": { "description": "", "content": { "application/json": { "schema": {} } } },
            "200": { "description": "", "content": { "text/event-stream": {} } },
        } } } }),
        json!({}),
    );
    for name in ["tasks.create", "tasks.create_stream"] {
        holds(
            &output,
            &format!(r#"runtime::Operation::new( "post-tasks", "{name}", "POST", "/tasks""#),
        );
    }
    publishes(&output, "const OPERATIONS: &[Operation]");
    publishes(
        &output,
        "await api::tasks::CreateStream -> Result<EventStream, Error>",
    );
    assert!(
        !output
            .surface
            .iter()
            .any(|line| line.contains("CreateStream::send_as"))
    );
}

#[test]
fn vendor_text_becomes_safe_documentation() {
    let output = generated(
        json!({ "/a": { "get": { "summary": "a", "deprecated": true, "description": "Run:\n\n```\nlet x = undefined();\n```\n\nSee [that] and <b>." } } }),
        json!({}),
    );
    holds(&output, "```text");
    holds(&output, "#[deprecated]");
    assert!(!source(&output).contains("See [that]"));
}

#[test]
fn same_input_gives_same_output() {
    let one = || {
        let output = generated(
            json!({ "/a": { "get": { "responses": {} } } }),
            json!({ "A": { "type": "object", "properties": { "b": { "enum": ["x"] } } } }),
        );
        (output.files, output.ledger.to_string(), output.surface)
    };
    assert_eq!(one(), one());
}

#[test]
fn file_field_of_any_name_is_a_part() {
    let form = json!({ "type": "object", "properties": {
        "profilePicture": { "type": "string", "format": "binary" },
    } });
    let output = generated(
        json!({ "/pictures": { "put": {
            "operationId": "put",
            "requestBody": { "content": { "multipart/form-data": { "schema": form } } },
            "responses": { "204": { "description": "" } },
        } } }),
        json!({}),
    );
    holds(&output, "pub profile_picture: Option<runtime::Part>");
}

#[test]
fn optional_body_is_passed_like_a_required_one() {
    let output = generated(
        json!({ "/flag": { "put": {
            "operationId": "put",
            "requestBody": { "content": { "application/json": { "schema": { "type": "boolean" } } } },
            "responses": { "204": { "description": "" } },
        } } }),
        json!({}),
    );
    holds(&output, "json::body(&mut request, &body)");
}

#[test]
fn numeric_discriminator_has_no_setter() {
    let output = generated(
        json!({}),
        json!({
            "Shape": { "oneOf": [{ "$ref": "#/components/schemas/One" }, { "$ref": "#/components/schemas/Two" }],
                "discriminator": { "propertyName": "kind", "mapping": { "1": "One", "2": "Two" } } },
            "One": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "integer" } } },
            "Two": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "integer" } } },
        }),
    );
    lacks(&output, "or(\"1\".into())");
    holds(
        &output,
        r#"kind: setter::required("Two.kind", self.kind)?,"#,
    );
}

#[test]
fn undescribed_struct_names_its_operations() {
    let cat = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Cat" } } });
    let output = generated(
        json!({ "/cats": { "post": {
            "tags": ["Cats"],
            "summary": "Add cat",
            "requestBody": { "required": true, "content": cat },
            "responses": { "200": { "description": "", "content": cat } },
        } } }),
        json!({
            "Cat": { "type": "object", "properties": { "tail": { "$ref": "#/components/schemas/Tail" } } },
            "Tail": { "type": "object", "description": "A tail.", "properties": { "length": { "type": "integer" } } },
        }),
    );
    holds(
        &output,
        "/// Sent by `cats.add_cat`. Returned by `cats.add_cat`.",
    );
    holds(&output, "/// A tail.");
}
