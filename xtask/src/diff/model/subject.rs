//! Names locations in sentences: `Pet.tags[]`, `limit` (query), `id` of the 200 response.

use crate::diff::model::location::Location;
use neo_client_codegen::openapi::pointer::unescape;

/// Returns the name of a location.
pub fn subject(location: &Location) -> String {
    let tokens: Vec<_> = location.stable().split('/').skip(1).map(unescape).collect();
    let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    match tokens.as_slice() {
        [] => "the document".to_owned(),
        ["components", "schemas", name, rest @ ..] => {
            format!("`{}`", schema_path((*name).to_owned(), rest))
        }
        ["components", "securitySchemes", name, ..] => format!("security scheme `{name}`"),
        ["components", kind, name, rest @ ..] => {
            within(rest, &format!("{} `{name}`", singular(kind)))
        }
        ["paths" | "webhooks", path, rest @ ..] => operation(path, rest),
        [room, ..] => format!("`{room}`"),
    }
}

/// Returns the word for one component of a kind.
fn singular(kind: &str) -> &str {
    match kind {
        "requestBodies" => "request body",
        "pathItems" => "path item",
        "mediaTypes" => "media type",
        kind => kind.strip_suffix('s').unwrap_or(kind),
    }
}

fn operation(path: &str, rest: &[&str]) -> String {
    match rest {
        [] => format!("`{path}`"),
        ["parameters", rest @ ..] => parameter(rest),
        [method] => format!("`{} {path}`", method.to_uppercase()),
        [_, "callbacks", name, _, path, rest @ ..] => {
            format!("{} of callback `{name}`", operation(path, rest))
        }
        [_, "callbacks", name, ..] => format!("callback `{name}`"),
        [_, "parameters", rest @ ..] => parameter(rest),
        [_, "requestBody", rest @ ..] => within(rest, "the request body"),
        [_, "responses", status, rest @ ..] => within(rest, &format!("the {status} response")),
        [method, ..] => format!("`{} {path}`", method.to_uppercase()),
    }
}

fn parameter(rest: &[&str]) -> String {
    match rest {
        [label, rest @ ..] => {
            let (location, name) = label.split_once(' ').unwrap_or(("", label));
            let of = format!("{location} parameter `{name}`");
            within(rest, of.trim_start())
        }
        [] => "the parameters".to_owned(),
    }
}

/// Names a schema, a media type or a header within something else.
fn within(rest: &[&str], of: &str) -> String {
    match rest {
        ["headers", name, rest @ ..] => within(rest, &format!("header `{name}` of {of}")),
        ["content", media_type] => format!("`{media_type}` of {of}"),
        ["content", _, "schema", rest @ ..] | ["schema", rest @ ..] => {
            let path = schema_path(String::new(), rest);
            match path.strip_prefix('.').unwrap_or(&path) {
                "" => of.to_owned(),
                path => format!("`{path}` of {of}"),
            }
        }
        _ => of.to_owned(),
    }
}

/// Names properties and elements like an expression of code.
fn schema_path(mut path: String, tokens: &[&str]) -> String {
    let mut rest = tokens;
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match *token {
            "properties" | "patternProperties" | "dependentSchemas" => {
                if let Some((name, after)) = rest.split_first() {
                    path.push('.');
                    path.push_str(name);
                    rest = after;
                }
            }
            "items" | "contains" | "unevaluatedItems" => path.push_str("[]"),
            "prefixItems" => {
                if let Some((index, after)) = rest.split_first() {
                    path.push_str(&format!("[{index}]"));
                    rest = after;
                }
            }
            "additionalProperties" | "unevaluatedProperties" | "propertyNames" => {
                path.push_str("{}");
            }
            "allOf" => rest = rest.get(1..).unwrap_or_default(),
            "oneOf" | "anyOf" => {
                if let Some((label, after)) = rest.split_first() {
                    if label.parse::<usize>().is_err() {
                        path.push_str(&format!("({})", label.trim_matches(['"', ' '])));
                    }
                    rest = after;
                }
            }
            _ => break,
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn location_has_a_name() {
        for (stable, expected) in [
            ("", "the document"),
            (
                "/components/schemas/Pet/properties/tags/items",
                "`Pet.tags[]`",
            ),
            ("/components/schemas/Pet/allOf/0/properties/a", "`Pet.a`"),
            ("/components/schemas/Pet/oneOf/Cat", "`Pet(Cat)`"),
            (
                "/components/schemas/Pet/oneOf/\"integer\" ",
                "`Pet(integer)`",
            ),
            (
                "/components/responses/Pets/content/a~1b/schema/properties/c",
                "`c` of response `Pets`",
            ),
            ("/paths/~1pets/get", "`GET /pets`"),
            (
                "/paths/~1pets/get/parameters/query limit/schema",
                "query parameter `limit`",
            ),
            (
                "/paths/~1pets/post/requestBody/content/application~1json/schema/properties/a",
                "`a` of the request body",
            ),
            (
                "/paths/~1pets/get/responses/200/headers/x-next/schema",
                "header `x-next` of the 200 response",
            ),
            (
                "/paths/~1pets/get/responses/200/content/text~1csv",
                "`text/csv` of the 200 response",
            ),
        ] {
            let location = Location {
                pointer: "".into(),
                named: Some(stable.into()),
            };
            assert_eq!(subject(&location), expected);
        }
    }
}
