//! Request bodies.

use serde_json::{Value, json};

use super::{document, lowered};
use crate::lower::BodyKind;
use crate::lower::model::Body;

fn body(content: Value) -> (Option<Body>, Vec<String>) {
    let paths = json!({ "/a": { "post": { "requestBody": { "content": content } } } });
    let components = json!({ "Upload": { "type": "object", "properties": {
        "file": { "type": "string", "format": "binary" },
    } } });
    let (lowered, mut lines) = lowered(&document(paths, components));
    lines.retain(|line| !line.contains(" /components/"));
    (lowered.model.operations[0].body.clone(), lines)
}

#[test]
fn json_body_is_preferred_and_others_are_methods() {
    let (chosen, lines) = body(json!({
        "text/plain": {}, "application/merge-patch+json": {}, "application/x-www-form-urlencoded": {},
    }));
    let chosen = chosen.unwrap();
    assert!(matches!(chosen.kind, BodyKind::Json) && !chosen.required);
    assert_eq!(
        chosen.content_type.as_deref(),
        Some("application/merge-patch+json")
    );
    assert_eq!(
        lines,
        ["rewritten several-bodies /paths/~1a/post/requestBody/content"]
    );
}

#[test]
fn alternative_media_types_of_json_are_silent() {
    let schema = json!({ "schema": { "type": "object" } });
    let (chosen, lines) = body(json!({
        "application/*+json": schema, "text/json": schema, "application/json": schema,
    }));
    assert_eq!(chosen.unwrap().content_type, None);
    assert!(lines.is_empty(), "{lines:?}");
}

#[test]
fn every_media_type_is_sent_somehow() {
    for (media_type, schema, expected, content_type) in [
        (
            "application/json; charset=utf-8",
            json!({}),
            "Json",
            Some("application/json; charset=utf-8"),
        ),
        (
            "application/vnd.api+json",
            json!({}),
            "Json",
            Some("application/vnd.api+json"),
        ),
        (
            "application/json-patch+json",
            json!({}),
            "Json",
            Some("application/json-patch+json"),
        ),
        (
            "*/*",
            json!({ "type": "object" }),
            "Json",
            Some("application/json"),
        ),
        ("*/*", json!({}), "Bytes", Some("application/octet-stream")),
        (
            "image/*",
            json!({}),
            "Bytes",
            Some("application/octet-stream"),
        ),
        (
            "application/pdf",
            json!({ "type": "string", "format": "binary" }),
            "Bytes",
            Some("application/pdf"),
        ),
        (
            "text/plain",
            json!({ "type": "string" }),
            "Text",
            Some("text/plain"),
        ),
        (
            "application/xml",
            json!({ "type": "object" }),
            "Bytes",
            Some("application/xml"),
        ),
        (
            "application/x-www-form-urlencoded",
            json!({}),
            "UrlEncoded([])",
            Some("application/x-www-form-urlencoded"),
        ),
        (
            "multipart/form-data",
            json!({}),
            "Multipart { form: None }",
            Some("multipart/form-data"),
        ),
        (
            "multipart/mixed",
            json!({ "$ref": "#/components/schemas/Upload" }),
            "Multipart { form: Some(\"UploadForm\") }",
            Some("multipart/mixed"),
        ),
    ] {
        let (body, lines) = body(json!({ media_type: { "schema": schema } }));
        let body = body.unwrap();
        assert_eq!(format!("{:?}", body.kind), expected, "{media_type}");
        assert_eq!(body.content_type.as_deref(), content_type, "{media_type}");
        assert_eq!(body.content_type_is_open, media_type.contains('*'));
        let is_lossy = media_type == "application/xml";
        let lossy = lines
            .iter()
            .any(|line| line.starts_with("widened body-media-type"));
        assert_eq!(lossy, is_lossy, "{media_type}: {lines:?}");
    }
}

#[test]
fn body_dangling_is_any_json_empty_is_none() {
    let paths = json!({
        "/a": { "post": { "requestBody": { "$ref": "#/components/requestBodies/Gone" } } },
        "/b": { "post": { "requestBody": { "content": {} } } },
    });
    let (lowered, lines) = lowered(&document(paths, json!({})));
    let [a, b] = lowered.model.operations.as_slice() else {
        panic!("{:?}", lowered.model.operations)
    };
    assert!(matches!(a.body.as_ref().unwrap().kind, BodyKind::Json));
    assert!(b.body.is_none());
    assert_eq!(
        lines,
        [
            "widened dangling /paths/~1a/post/requestBody",
            "dropped body-media-type /paths/~1b/post/requestBody/content",
        ]
    );
}

#[test]
fn form_has_fields_of_all_subschemas() {
    let content = json!({ "multipart/form-data": {
        "schema": {
            "allOf": [
                { "$ref": "#/components/schemas/Upload" },
                { "required": ["note"], "properties": { "note": { "type": "string" } } },
            ],
            "oneOf": [{ "required": ["url"], "properties": { "url": { "type": "string" } } }],
        },
        "encoding": {
            "file": { "contentType": "image/png, image/jpeg", "headers": { "X-A": {} } },
            "note": { "style": "form", "explode": false },
        },
    } });
    let paths = json!({ "/a": { "post": { "summary": "Send it", "requestBody": { "content": content } } } });
    let components = json!({ "Upload": { "type": "object", "required": ["file"], "properties": {
        "file": { "type": "string", "format": "binary", "description": "The file." },
    } } });
    let (lowered, lines) = lowered(&document(paths, components));
    let lines: Vec<_> = lines
        .iter()
        .filter(|it| !it.contains(" /components/"))
        .collect();
    let form = &lowered.model.forms["SendItForm"];
    assert!(form.fields["file"].is_file);
    assert_eq!(
        form.fields["file"].content_type.as_deref(),
        Some("image/png")
    );
    assert!(form.fields["note"].serialization.is_some() && !form.fields["note"].is_file);
    let schema = &lowered.document["components"]["schemas"]["SendItForm"];
    assert_eq!(schema["required"], json!(["file", "note"]));
    assert_eq!(schema["properties"]["file"]["description"], "The file.");
    assert_eq!(
        lines,
        [
            "widened body-encoding /paths/~1a/post/requestBody/content/multipart~1form-data/encoding/file/headers"
        ]
    );
}
