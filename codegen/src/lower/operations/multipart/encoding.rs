//! `encoding` of forms: the headers of parts.

use serde_json::Value;

use crate::ledger::Effect;
use crate::lower::model::Form;
use crate::lower::operations::context::OperationContext;
use crate::openapi::header;
use crate::openapi::pointer::join;
use crate::openapi::reference::resolve;

/// The header that `contentType` of the encoding sets.
const TYPE: &str = "content-type";

/// Reports the headers of parts whose value the document leaves open.
pub(super) fn report(context: &mut OperationContext<'_, '_>, encoding: &Value, pointer: &str) {
    for (name, encoding) in encoding.as_object().into_iter().flatten() {
        if open_header(context.document, encoding) {
            let detail = "the field is a part, whose headers the caller sets";
            let place = join(&join(pointer, name), "headers");
            context
                .ledger
                .add(place, "body-encoding", Effect::Widened, detail);
        }
    }
}

/// Reports the fields whose media type is one that only the caller can write.
pub(super) fn report_unwritten(
    context: &mut OperationContext<'_, '_>,
    encoding: &Value,
    form: &Form,
    pointer: &str,
) {
    for (name, encoding) in encoding.as_object().into_iter().flatten() {
        let field = form.fields.get(name);
        let is_unwritten = field.is_some_and(|field| field.is_part && !field.is_file);
        if is_unwritten && !open_header(context.document, encoding) {
            let detail = "the field is a part, whose content the caller writes";
            let place = join(&join(pointer, name), "contentType");
            context
                .ledger
                .add(place, "body-encoding", Effect::Widened, detail);
        }
    }
}

/// Returns whether a part has a header whose value the document leaves open.
pub(super) fn open_header(document: &Value, encoding: &Value) -> bool {
    let all = object(encoding, "headers").filter(|(name, _)| !name.eq_ignore_ascii_case(TYPE));
    let fixed = fixed_headers(document, encoding);
    all.count() > fixed.len()
}

/// Returns the headers of a part that have one value only: a `const`, an `enum` of one value, or a
/// `default`.
pub(super) fn fixed_headers(document: &Value, encoding: &Value) -> Vec<(String, String)> {
    let fixed = object(encoding, "headers").filter_map(|(name, described)| {
        let described = resolve(document, described).ok()?.value;
        let schema = resolve(document, described.get("schema")?).ok()?.value;
        let value = match schema
            .get("enum")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([only]) => Some(only),
            _ => schema.get("const").or(schema.get("default")),
        };
        let text = match value? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let is_value = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        let is_sent = header::is_name(name) && is_value && !name.eq_ignore_ascii_case(TYPE);
        is_sent.then(|| (name.to_owned(), text))
    });
    fixed.collect()
}

pub(super) fn object<'d>(
    schema: &'d Value,
    keyword: &str,
) -> impl Iterator<Item = (&'d str, &'d Value)> {
    schema
        .get(keyword)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}
