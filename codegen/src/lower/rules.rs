//! The table of lowering rules.

use serde_json::{Map, Value};

use super::references::References;
use super::schema::{constraints, documented, objects, spelling};
use crate::ledger::{Effect, Ledger};

/// A schema object and its place, as a rule sees it.
pub(crate) struct Site<'a> {
    pub(crate) schema: &'a mut Map<String, Value>,
    pub(crate) pointer: &'a str,
    pub(crate) references: &'a References<'a>,
    pub(crate) ledger: &'a mut Ledger,
}

impl Site<'_> {
    pub(crate) fn report(&mut self, rule: &'static str, effect: Effect, detail: impl Into<String>) {
        self.ledger.add(self.pointer, rule, effect, detail);
    }
}

/// A way in which lowering changes a document.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// The name that ledger lines carry.
    pub name: &'static str,
    /// What the rule meets and what it makes of it.
    pub about: &'static str,
    apply: Apply,
}

#[derive(Clone, Copy)]
enum Apply {
    /// To each schema object, in the order of the table.
    Schema(fn(&mut Site<'_>)),
    /// Where the construct is met while paths and components are walked.
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

/// Applies the schema rules, in order, to one schema object; not to what it holds.
pub(crate) fn apply(site: &mut Site<'_>) {
    for rule in RULES {
        if let Apply::Schema(apply) = rule.apply {
            apply(site);
        }
    }
}

const fn schema(name: &'static str, about: &'static str, apply: fn(&mut Site<'_>)) -> Rule {
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

/// Every rule; schema rules in the order in which they apply. A rule that costs the user nothing, such
/// as another spelling of the same, puts no line into the ledger.
pub const RULES: &[Rule] = &[
    // The document.
    in_place(
        "overlay",
        "A correction that is optional (`x-optional`) is left out when the document has nothing to correct any more.",
    ),
    in_place(
        "webhooks",
        "`webhooks` are dropped: a client receives no calls.",
    ),
    in_place(
        "security-scheme",
        "Of `security` the client follows whether credentials are asked for; it sends its own, in a header.",
    ),
    in_place(
        "method",
        "Operations of a method that OpenAPI 3.1 lacks, such as `query`, are left out.",
    ),
    in_place("operation", "What is not an operation object is left out."),
    in_place(
        "operation-name",
        "Two methods of one tag with the same name: the later one gets its HTTP method or a number.",
    ),
    in_place(
        "tag-name",
        "A tag with the name of one of the client's own methods gets `_api` behind it.",
    ),
    in_place(
        "tags",
        "An operation with several tags is found under the first one.",
    ),
    in_place(
        "callbacks",
        "`callbacks` are dropped: a client receives no calls.",
    ),
    in_place(
        "dangling",
        "A parameter or reply behind a reference that leads nowhere is dropped; such a body is any JSON value.",
    ),
    in_place(
        "pagination",
        "`x-pagination` gives an operation `pages` and `items`, unless the declaration has another shape or names what is not there.",
    ),
    // Parameters and bodies.
    in_place(
        "parameter",
        "A parameter without a name or a known place is dropped; one the path template lacks as well; one it names and nobody declares is a string.",
    ),
    in_place(
        "path-parameter",
        "A path parameter is required and never null, whatever the document says.",
    ),
    in_place(
        "parameter-style",
        "A `style` or `allowReserved` that has no meaning in its place is ignored. Where OpenAPI leaves a style open (what is nested in an exploded form, lists in a `deepObject`), what is nested is JSON, and lists repeat the name.",
    ),
    in_place(
        "servers",
        "`servers` of a path or operation are not followed: the client has one base URL.",
    ),
    in_place(
        "parameter-content",
        "A parameter described by `content` that is not JSON is a string, sent as given.",
    ),
    in_place(
        "body-encoding",
        "Of the `encoding` of a part, the content type is followed; the caller sets its headers.",
    ),
    in_place(
        "body-media-type",
        "Of several media types of a request body one is chosen: JSON, then `multipart`, then a URL-encoded form, then bytes, whose media type the caller may set. Bytes have no type, whatever their schema says.",
    ),
    in_place(
        "form",
        "A `multipart` body without described fields is a form that takes any part.",
    ),
    // Replies.
    in_place(
        "error-reply",
        "Error replies of every status, documented or not, are one error type of the client; their schemas stay available as types.",
    ),
    in_place(
        "redirect-reply",
        "3xx replies are the transport's business.",
    ),
    in_place(
        "reply-media-type",
        "Of several media types of one reply one is chosen, JSON first.",
    ),
    in_place(
        "reply-shape",
        "Several success replies of different shape become a union; the status says which one came.",
    ),
    in_place(
        "dual-reply",
        "An operation that replies JSON or an event stream becomes two methods, each asking for its own media type.",
    ),
    in_place(
        "resume",
        "`x-resume` says how an event stream is resumed: `{header}` or `{parameter}`, one of the query, carries the id of the last event when the same request is sent again. It is for operations that may be repeated; another declaration is ignored.",
    ),
    in_place(
        "long-running",
        "`x-long-running` of the operation that starts work gives a method that waits for its end; a declaration that does not hold is ignored.",
    ),
    in_place(
        "reply-header",
        "Reply headers are not typed; they are readable by name.",
    ),
    in_place(
        "links",
        "`links` of a reply are dropped: the caller makes the next call.",
    ),
    // Schemas, in this order.
    in_place(
        "depth",
        "A schema too deep inside others is any JSON value.",
    ),
    in_place(
        "boolean-schema",
        "What is not a schema object, `false` among it, is any JSON value.",
    ),
    in_place(
        "all-of",
        "`allOf`, and what stands beside a `$ref`, is merged into one schema. Where its parts contradict each other, the latter is taken; unions that hold at once are combined, up to 64 branches.",
    ),
    in_place(
        "all-of-cycle",
        "A schema that is composed of itself through `allOf` is cut where the circle closes.",
    ),
    in_place(
        "condition",
        "Properties of `then`, `else` and `dependentSchemas` are optional ones; the condition is not checked.",
    ),
    in_place(
        "requirements",
        "A union whose branches only say which fields are required together is not checked.",
    ),
    in_place(
        "union-size",
        "A union of more than 2,000 branches is any JSON value.",
    ),
    in_place(
        "discriminator",
        "A component with a discriminator that others are composed of by `allOf` is a union of them and itself.",
    ),
    schema(
        "secret",
        "`x-secret`, `format: password` and `writeOnly` values print as `[redacted]` in `Debug`.",
        constraints::marks,
    ),
    schema(
        "reference",
        "A `$ref` that leads to no schema of the document becomes any JSON value.",
        spelling::reference,
    ),
    schema(
        "ref-siblings",
        "Limits and formats beside a `$ref` are not checked.",
        spelling::ref_siblings,
    ),
    schema(
        "const",
        "`const` of a string is an enumeration of one; of anything else it is not checked. A builder sets it by itself.",
        spelling::constant,
    ),
    schema(
        "type-array",
        "A type array with `null` is nullable; with several other types it is a union.",
        spelling::type_array,
    ),
    schema(
        "null-type",
        "A value that is always `null` is any JSON value, usually null.",
        spelling::null_type,
    ),
    schema(
        "enum",
        "Enumerations of strings stay open; of other values they are not checked.",
        constraints::enumeration,
    ),
    schema(
        "pattern-properties",
        "Fields described by a pattern of their name are further fields, their names not checked.",
        objects::further_fields,
    ),
    schema(
        "closed-object",
        "`additionalProperties: false` is not enforced: a field that is added tomorrow breaks nobody.",
        objects::closed_object,
    ),
    schema(
        "open-object",
        "Fields allowed beside described ones are kept in a map named `extra`.",
        objects::open_object,
    ),
    schema(
        "tuple",
        "`prefixItems` is an array of any JSON value.",
        spelling::tuple,
    ),
    schema(
        "required",
        "A required property that is not described is any JSON value.",
        objects::required,
    ),
    schema(
        "number-format",
        "`format: float` is read as a double, so that no digit is lost.",
        constraints::number_format,
    ),
    schema(
        "format",
        "A format of no use to a Rust type is dropped.",
        constraints::format,
    ),
    schema(
        "default",
        "A default is documented, not sent: absence stays absence.",
        documented::default,
    ),
    schema(
        "limits",
        "Bounds, lengths and patterns are documented, not checked: the server has the last word.",
        documented::limits,
    ),
    schema(
        "keyword",
        "Keywords without a counterpart in a Rust type are not checked.",
        documented::keywords,
    ),
    // Components.
    in_place(
        "nullable-component",
        "A nullable component is nullable wherever it is used instead.",
    ),
    in_place(
        "type-name",
        "A component gets a valid Rust name that no other has.",
    ),
    in_place(
        "property-name",
        "Two properties with the same name in Rust: the later one gets a number.",
    ),
    in_place(
        "read-only",
        "A required `readOnly` property of what is sent is optional, and so is a required `writeOnly` one of a reply.",
    ),
    in_place(
        "alias",
        "A component that is nothing but a reference is another name of the same type.",
    ),
    in_place(
        "union-cycle",
        "A union that is a branch of itself through others is left out of them.",
    ),
    in_place(
        "variant-name",
        "Two values of an enumeration with the same Rust name: the later one gets a number; `Unknown` is kept for values that are not listed.",
    ),
    in_place(
        "null-or-absent",
        "An optional nullable property of a request cannot be sent as `null`: `None` leaves it out.",
    ),
    in_place(
        "request-list",
        "An optional list or map of a request is an `Option`: absent and empty are told apart.",
    ),
    in_place(
        "union",
        "A value that fits no branch of a union is kept as JSON.",
    ),
    // Isolation.
    in_place(
        "isolated-schema",
        "A schema that progenitor fails on becomes any JSON value.",
    ),
    in_place(
        "isolated-operation",
        "An operation that progenitor fails on is left out.",
    ),
];

/// The rules as Markdown, in the order in which they apply.
pub fn rules_as_markdown() -> String {
    let mut text = "\
# Rules

What code generation changes in a document, by the names that lines of the ledger carry. Rules about schemas come
in the order in which they apply.

| rule | what it meets, and what it makes of it |
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
    fn rule_names_are_words_and_explained() {
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
