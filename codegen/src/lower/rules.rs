//! The table of lowering rules.

use super::schema::{SchemaContext, annotations, constraints, dialect_3_1, object_keywords, types};

/// A rule by which lowering changes an OpenAPI document.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// The name of the rule, as the ledger shows it.
    pub name: &'static str,
    /// The construct to which the rule applies, and the effect.
    pub about: &'static str,
    apply: Apply,
}

#[derive(Clone, Copy)]
enum Apply {
    /// Applied to each schema object, in the order of the table.
    Schema(fn(&mut SchemaContext<'_>)),
    /// Applied where the construct is met while paths and components are walked.
    InPlace,
}

impl std::fmt::Debug for Apply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Schema(_) => "Schema",
            Self::InPlace => "InPlace",
        })
    }
}

/// Applies the schema rules, in order, to one schema object, but not to nested schemas.
pub(crate) fn apply(site: &mut SchemaContext<'_>) {
    for rule in RULES {
        if let Apply::Schema(apply) = rule.apply {
            apply(site);
        }
    }
}

const fn schema(
    name: &'static str,
    about: &'static str,
    apply: fn(&mut SchemaContext<'_>),
) -> Rule {
    Rule {
        name,
        about,
        apply: Apply::Schema(apply),
    }
}

const fn in_place(name: &'static str, about: &'static str) -> Rule {
    Rule {
        name,
        about,
        apply: Apply::InPlace,
    }
}

/// Lists every rule; schema rules come in the order in which they apply.
///
/// A rule that loses nothing adds no entry to the ledger.
pub const RULES: &[Rule] = &[
    // Document.
    in_place(
        "overlay",
        "An action of the overlay that matches nothing is skipped. If it marks secrets, properties with names of secrets are redacted in its place.",
    ),
    in_place(
        "webhooks",
        "`webhooks` are dropped: a client receives no calls.",
    ),
    in_place(
        "security-scheme",
        "The client sends the credentials that `security` requires. A scheme of an unknown kind, and alternatives that name one, are left out. A scheme that the document does not describe asks for no credential.",
    ),
    in_place(
        "method",
        "An operation of `additionalOperations` whose name is not a method, or repeats a field of the path item, is left out.",
    ),
    in_place(
        "operation",
        "A path item entry that is not an operation object is left out.",
    ),
    in_place(
        "operation-name",
        "If two methods of one tag have the same name, the later one gets its HTTP method or a number as a suffix. So does a method with the name of one that every Rust value has.",
    ),
    in_place(
        "tag-name",
        "A tag with the name of a method of the client gets the suffix `_api`.",
    ),
    in_place(
        "tags",
        "An operation with several tags is generated under the first one. `parent` and `kind` of a tag only group tags in documentation.",
    ),
    in_place(
        "callbacks",
        "`callbacks` are dropped: a client receives no calls.",
    ),
    in_place(
        "dangling",
        "A parameter or response whose `$ref` leads nowhere is dropped; a request body becomes any JSON value.",
    ),
    in_place(
        "pagination",
        "`x-pagination` gives an operation `pages` and `items`. A declaration that does not match the operation is dropped.",
    ),
    in_place(
        "end-marker",
        "`x-end-marker` is the data of the event that ends a complete event stream. A stream that ends without it is an error.",
    ),
    // Parameters and bodies.
    in_place(
        "parameter",
        "A parameter without a name or with an unknown location is dropped, and so is a path parameter that the path template lacks. An undeclared name in the path template becomes a string parameter.",
    ),
    in_place(
        "path-parameter",
        "A path parameter is required and never null, whatever the document says.",
    ),
    in_place(
        "parameter-style",
        "A `style` or `allowReserved` that has no meaning for the location of the parameter, or in the version of the document, is ignored. If OpenAPI leaves the serialization undefined (nested values in an exploded form, lists in a `deepObject`), nested values are written as JSON, and lists repeat the name.",
    ),
    in_place(
        "servers",
        "A server whose URL is relative follows the host that the caller names. Of several servers of a path or operation, the first is called. Servers that no request can reach are dropped.",
    ),
    in_place(
        "parameter-content",
        "A parameter with `content` other than JSON is a string, sent unchanged.",
    ),
    in_place(
        "body-encoding",
        "The content type and the fixed headers in the `encoding` of a part are sent. A field whose part has other headers, or whose media type is neither JSON nor text, is a part that the caller writes.",
    ),
    in_place(
        "body-media-type",
        "JSON, JSON Lines, `multipart`, URL-encoded forms, text and bytes are sent. A media type that repeats the JSON value in another format is not. The caller may set the media type if the document lists several, or a range. A schema for bytes is ignored.",
    ),
    in_place(
        "several-bodies",
        "An operation whose body has several formats or schemas becomes several methods.",
    ),
    in_place(
        "form",
        "A `multipart` body without described properties is a form that takes any part. A union of forms is a form with the fields of all variants.",
    ),
    // Responses.
    in_place(
        "error-response",
        "Error responses of every status, documented or not, become the error type of the client. Their schemas are still generated as types.",
    ),
    in_place(
        "redirect-response",
        "3xx responses are handled by the runtime: redirects are followed, other statuses are errors.",
    ),
    in_place(
        "interim-response",
        "1xx responses are handled by the HTTP library.",
    ),
    in_place(
        "response-media-type",
        "A media type that repeats the JSON value in another format is not requested. A schema for text or bytes is ignored.",
    ),
    in_place(
        "response-shape",
        "Success responses with different schemas become a union; the status and the media type select the variant.",
    ),
    in_place(
        "dual-response",
        "An operation that responds in several formats, such as JSON or an event stream, becomes several methods, each with its own `Accept` header.",
    ),
    in_place(
        "event-stream",
        "Events without a schema, or whose data is text, have no type of their own. Lines of JSON without a schema are any JSON value.",
    ),
    in_place(
        "response-header",
        "Response headers have no types; they are readable by name.",
    ),
    in_place(
        "links",
        "`links` of a response are dropped: the caller makes the next call.",
    ),
    // Schemas, in the order of application.
    in_place(
        "dynamic-reference",
        "A schema that refers to a generic one, and has a `$dynamicAnchor` for it in `$defs`, is a copy of the generic schema with its own types. Every other `$dynamicRef` leads to the nearest anchor.",
    ),
    in_place(
        "depth",
        "A schema that is nested too deeply becomes any JSON value.",
    ),
    in_place(
        "boolean-schema",
        "A schema that is not an object, such as `false`, becomes any JSON value.",
    ),
    in_place(
        "all-of",
        "`allOf` and the keywords beside a `$ref` are merged into one schema. If two subschemas contradict each other, the later one wins. Unions in several subschemas are combined, up to 64 variants; variants with different constants are not.",
    ),
    in_place(
        "all-of-cycle",
        "A schema that includes itself through `allOf` is cut where the cycle closes.",
    ),
    in_place(
        "condition",
        "Properties of `then`, `else` and `dependentSchemas` become optional properties, with a union where their types differ; the condition is not checked.",
    ),
    in_place(
        "requirements",
        "A union whose variants only list required properties is not checked.",
    ),
    in_place(
        "union-size",
        "A union of more than 2,000 variants becomes any JSON value.",
    ),
    in_place(
        "discriminator",
        "A component with a discriminator, its own or an inherited one, that other components extend by `allOf` becomes a union of these components and itself. A variant that does not describe the discriminator gets a field for the value, if all its uses agree on the value.",
    ),
    schema(
        "secret",
        "Values marked by `x-secret`, `format: password` or `writeOnly` print as `[redacted]` in `Debug`.",
        constraints::marks,
    ),
    schema(
        "reference",
        "A `$ref` that leads to no schema of the document becomes any JSON value.",
        dialect_3_1::reference,
    ),
    schema(
        "ref-siblings",
        "Limits and formats beside a `$ref` are not checked.",
        dialect_3_1::ref_siblings,
    ),
    schema(
        "type",
        "A type that JSON Schema does not have is read as the type of the same meaning, or becomes any JSON value.",
        types::known,
    ),
    schema(
        "const",
        "`const` of a string becomes an enumeration of one value, which builders set by default; other constants are not checked.",
        dialect_3_1::constant,
    ),
    schema(
        "type-array",
        "A type array with `null` is nullable; with several other types, it becomes a union.",
        dialect_3_1::type_array,
    ),
    schema(
        "null-type",
        "A type that allows only `null` is `()`.",
        dialect_3_1::null_type,
    ),
    schema(
        "enum",
        "Enumerations of strings stay open; other enumerations are not checked. Values of several types become a union.",
        constraints::enumeration,
    ),
    schema(
        "pattern-properties",
        "`patternProperties` become additional fields; their names are not checked. If several schemas may apply to a field, it is a union of them.",
        object_keywords::further_fields,
    ),
    schema(
        "closed-object",
        "`additionalProperties: false` is not enforced, so that new properties break nobody.",
        object_keywords::closed_object,
    ),
    schema(
        "open-object",
        "Additional properties beside described ones are kept in a map named `extra`.",
        object_keywords::open_object,
    ),
    schema(
        "tuple",
        "`prefixItems` of a fixed length becomes a tuple. Otherwise each element is a union of the types, and of any JSON value if more elements may follow.",
        dialect_3_1::tuple,
    ),
    schema(
        "required",
        "A required property without a schema becomes any JSON value.",
        object_keywords::required,
    ),
    schema(
        "number-format",
        "`format: float` is read as a double, so that no digit is lost. An integer with a limit beyond `i64` is a `u64`, unless it may be negative.",
        constraints::number_format,
    ),
    schema(
        "format",
        "A format without a matching Rust type is dropped.",
        constraints::format,
    ),
    schema(
        "default",
        "A default is documented and not sent: an absent property stays absent.",
        annotations::default,
    ),
    schema(
        "limits",
        "Limits, lengths and patterns are documented and not checked: the server decides.",
        annotations::limits,
    ),
    schema(
        "keyword",
        "Keywords without a counterpart in Rust types are not checked.",
        annotations::keywords,
    ),
    // Components.
    in_place(
        "nullable-component",
        "A nullable component becomes nullable wherever it is used.",
    ),
    in_place(
        "type-name",
        "A component gets a valid Rust name that no other component has.",
    ),
    in_place(
        "property-name",
        "If two properties have the same Rust name, the later one gets a number.",
    ),
    in_place(
        "read-only",
        "A required `readOnly` property is optional in requests, and a required `writeOnly` property is optional in responses.",
    ),
    in_place(
        "alias",
        "A component that only refers to another component becomes an alias of its type.",
    ),
    in_place(
        "union-cycle",
        "A union that is a variant of itself through other unions is left out of them.",
    ),
    in_place(
        "variant-name",
        "If two enumeration values have the same Rust name, the later one gets a number. `Unknown` is reserved for values that are not listed.",
    ),
    in_place(
        "null-or-absent",
        "An optional nullable property of a form cannot be sent as `null`: `None` leaves the property out. Neither can an optional body.",
    ),
    in_place(
        "any-value",
        "A property that the document does not describe, or requires without describing it, is any JSON value.",
    ),
    in_place(
        "union",
        "A value that matches no variant of a union is kept as JSON. An `anyOf` of up to three objects has a variant for values of all of them.",
    ),
    // Isolation.
    in_place(
        "isolated-schema",
        "A schema on which progenitor fails becomes any JSON value.",
    ),
    in_place(
        "isolated-operation",
        "An operation on which progenitor fails is left out.",
    ),
];

/// Returns the rules as Markdown, in the order in which they apply.
pub fn rules_as_markdown() -> String {
    let mut text = "\
# Rules

Code generation changes an OpenAPI document by these rules. The ledger refers to them by name. Schema rules are
listed in the order in which they apply.

| rule | effect |
|---|---|
"
    .to_owned();
    for rule in RULES {
        text += &format!("| `{}` | {} |\n", rule.name, rule.about.replace('|', "\\|"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_names_are_words_with_text() {
        for rule in RULES {
            assert!(
                rule.name
                    .chars()
                    .all(|character| character.is_ascii_lowercase() || character == '-'),
                "{}",
                rule.name
            );
            assert!(rule.about.ends_with('.'), "{}", rule.name);
        }
    }
}
