//! Samples of the schemas in real documents.

use std::fs;
use std::path::Path;

use jsonschema::Registry;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use serde_json::{Value, json};

use crate::openapi::pointer::join;
use crate::sample::Sampler;

/// The characters of a JSON pointer that are escaped in a URI fragment.
const FRAGMENT: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'_');

/// The pointers of all component schemas, and of the schemas in `content` that are no references.
fn schemas(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let components = document.pointer("/components/schemas");
    let names = components.and_then(Value::as_object).into_iter().flatten();
    found.extend(names.map(|(name, _)| join("/components/schemas", name)));
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        find_content(item, &join("/paths", path), &mut found);
    }
    found
}

fn find_content(value: &Value, pointer: &str, found: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let pointer = join(pointer, name);
        if name == "content" {
            let is_inline = |media: &Value| {
                let schema = media.get("schema");
                schema.is_some_and(|schema| schema.get("$ref").is_none())
            };
            let media_types = member.as_object().into_iter().flatten();
            let inline = media_types.filter(|(_, media)| is_inline(media));
            found.extend(inline.map(|(name, _)| join(&join(&pointer, name), "schema")));
        } else {
            find_content(member, &pointer, found);
        }
    }
}

/// How many samples per document are invalid: `outpost.json` has `nullable` (OpenAPI 3.0) in a 3.1
/// document, and each document has a `oneOf` whose variants accept the same objects.
const INVALID: [(&str, usize); 2] = [("figma.json", 2), ("outpost.json", 36)];

#[test]
fn samples_of_real_documents_are_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let document: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let registry = Registry::new().add("urn:document", &document).unwrap();
        let registry = registry.prepare().unwrap();
        let problem = |pointer: &String| {
            let fragment = percent_encoding::utf8_percent_encode(pointer, &FRAGMENT);
            let schema = json!({ "$ref": format!("urn:document#{fragment}") });
            let validator = jsonschema::draft202012::options()
                .should_validate_formats(true)
                .with_registry(&registry)
                .build(&schema)
                .unwrap();
            let sample = Sampler::new(&document).value(document.pointer(pointer).unwrap());
            let error = validator.iter_errors(&sample).next()?;
            Some(format!("{pointer}: {error}"))
        };
        let invalid: Vec<String> = schemas(&document).iter().filter_map(problem).collect();
        let name = path.file_name().unwrap();
        let expected = INVALID.iter().find(|(of, _)| name == *of);
        let expected = expected.map_or(0, |(_, number)| *number);
        assert_eq!(invalid.len(), expected, "{name:?}: {invalid:#?}");
    }
}
