//! Rust expressions for sample values, as setters and methods take them.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};
use syn::visit_mut::VisitMut;
use syn::{Type, parse_quote};

use crate::facade::argument::Argument;
use crate::lower::Lowered;
use crate::refine::last_segment;
use crate::refine::requests::first_argument;

/// The longest text that an example shows.
const MAX_TEXT: usize = 80;

/// The most elements of a list that an example shows.
const MAX_ELEMENTS: usize = 2;

pub(super) struct Values<'a> {
    pub(super) root: &'a syn::Path,
    pub(super) lowered: &'a Lowered,
}

impl Values<'_> {
    /// Returns the expression of an argument.
    pub(super) fn argument(
        &self,
        argument: &Argument,
        sample: Option<&Value>,
    ) -> Option<TokenStream> {
        let root = self.root;
        if argument.is_bytes {
            let text = sample.and_then(Value::as_str).filter(|text| is_short(text));
            let text = text.unwrap_or("content");
            return Some(quote! { #text });
        }
        if last_segment(&argument.held).as_deref() == Some("Form") && !self.is_type(&argument.held)
        {
            return Some(quote! { #root::Form::new() });
        }
        self.of_type(&argument.held, sample?)
    }

    /// Returns whether a type is one of the module `types`.
    fn is_type(&self, of: &Type) -> bool {
        self.component_name(of).is_some()
    }

    fn component_name(&self, of: &Type) -> Option<String> {
        let Type::Path(path) = of else { return None };
        let segments: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        match segments.as_slice() {
            [module, name] if module == "types" && path.path.leading_colon.is_none() => {
                Some(name.clone())
            }
            _ => None,
        }
    }

    /// The expression of a value that is converted into a type.
    fn of_type(&self, of: &Type, sample: &Value) -> Option<TokenStream> {
        if let Some(name) = self.component_name(of) {
            return self.component(&name, sample);
        }
        let exact = match (last_segment(of)?.as_str(), sample) {
            ("String", Value::String(text)) => is_short(text).then(|| quote! { #text }),
            ("bool", Value::Bool(value)) => Some(quote! { #value }),
            (
                kind @ ("i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64"),
                Value::Number(_),
            ) => integer(sample, kind),
            (kind @ ("f32" | "f64"), Value::Number(number)) => float(number.as_f64()?, kind),
            ("Uuid" | "DateTime" | "NaiveDate", Value::String(text)) => {
                let of = self.outside(of);
                Some(quote! { #text.parse::<#of>()? })
            }
            ("Value", value) => Some(self.json(value)),
            ("Vec", Value::Array(items)) => first_argument(of).and_then(|item| {
                let items = items.iter().take(MAX_ELEMENTS);
                self.list(items.map(|value| self.of_type(&item, value)))
            }),
            _ => None,
        };
        exact.or_else(|| self.decoded(of, sample))
    }

    /// The expression of a component, which the setter converts.
    fn component(&self, name: &str, sample: &Value) -> Option<TokenStream> {
        let model = &self.lowered.model;
        let ident = format_ident!("{name}");
        if let Some(of) = model.enums.get(name) {
            let text = sample.as_str()?;
            let variant = of.values.iter().find(|(value, _)| value.as_str() == text);
            return Some(match variant {
                Some((_, variant)) => {
                    let variant = format_ident!("{variant}");
                    quote! { types::#ident::#variant }
                }
                None => quote! { types::#ident::from(#text) },
            });
        }
        let schema = self.lowered.schemas().get(name)?;
        let fields = schema.get("properties").and_then(Value::as_object);
        let built = match (fields, sample) {
            (Some(fields), Value::Object(sample)) if !model.unions.contains_key(name) => {
                self.builder(name, schema, fields, sample)
            }
            _ => None,
        };
        let is_form = model.forms.contains_key(name);
        built.or_else(|| {
            let of: Type = parse_quote! { types::#ident };
            (!is_form).then(|| self.decoded(&of, sample)).flatten()
        })
    }

    /// The builder of a struct, with its required fields.
    fn builder(
        &self,
        name: &str,
        schema: &Value,
        fields: &Map<String, Value>,
        sample: &Map<String, Value>,
    ) -> Option<TokenStream> {
        let model = &self.lowered.model;
        let ident = format_ident!("{name}");
        let form = model.forms.get(name);
        let mut setters = TokenStream::new();
        let required = schema.get("required").and_then(Value::as_array);
        for field in required.into_iter().flatten().filter_map(Value::as_str) {
            let described = fields.get(field)?;
            let wire = model.fields.get(name).and_then(|names| names.get(field));
            let wire = wire.map_or(field, String::as_str);
            let has = |of: &Value, keyword: &str| of.get(keyword).is_some();
            let constants = model.constants.get(name);
            if constants.is_some_and(|constants| constants.contains_key(wire))
                || has(described, "default")
            {
                continue;
            }
            if has(described, "nullable") {
                let setter = setter_name(field);
                let value = sample
                    .get(wire)
                    .and_then(|value| nullable(described, value));
                let value = value.unwrap_or_else(|| quote! { None });
                setters.extend(quote! { .#setter(#value) });
                continue;
            }
            let is_boxed = model
                .boxed
                .get(name)
                .is_some_and(|boxed| boxed.contains(field));
            if is_boxed {
                return None;
            }
            let is_part = form
                .and_then(|form| form.fields.get(wire))
                .is_some_and(|it| it.is_part);
            let value = if is_part {
                match described.get("type").and_then(Value::as_str) {
                    Some("array") => quote! { ["content"] },
                    _ => quote! { "content" },
                }
            } else {
                self.described(described, sample.get(wire)?)?
            };
            let setter = setter_name(field);
            setters.extend(quote! { .#setter(#value) });
        }
        Some(quote! { types::#ident::builder()#setters })
    }

    /// The expression of a value that a lowered schema describes.
    fn described(&self, schema: &Value, sample: &Value) -> Option<TokenStream> {
        if let Some(name) = component_of(schema) {
            return self.component(name, sample);
        }
        let has_limits = [
            "minimum",
            "maximum",
            "pattern",
            "minLength",
            "maxLength",
            "enum",
        ]
        .iter()
        .any(|keyword| schema.get(keyword).is_some());
        if has_limits {
            return None;
        }
        let format = schema.get("format").and_then(Value::as_str);
        let root = self.root;
        match (schema.get("type").and_then(Value::as_str), format, sample) {
            (Some("string"), None, Value::String(text)) => is_short(text).then(|| quote! { #text }),
            (Some("string"), Some("uuid"), Value::String(text)) => {
                Some(quote! { #text.parse::<#root::uuid::Uuid>()? })
            }
            (Some("string"), Some("date-time"), Value::String(text)) => {
                Some(quote! { #text.parse::<#root::chrono::DateTime<#root::chrono::Utc>>()? })
            }
            (Some("string"), Some("date"), Value::String(text)) => {
                Some(quote! { #text.parse::<#root::chrono::NaiveDate>()? })
            }
            (Some("integer"), None | Some("int32" | "int64"), value) => integer(value, "i64"),
            (Some("number"), None | Some("double"), Value::Number(number)) => {
                float(number.as_f64()?, "f64")
            }
            (Some("boolean"), _, Value::Bool(value)) => Some(quote! { #value }),
            (Some("array"), _, Value::Array(items)) => {
                let element = schema.get("items")?;
                let items = items.iter().take(MAX_ELEMENTS);
                self.list(items.map(|value| self.described(element, value)))
            }
            (None, None, value) if schema.as_object().is_some_and(is_any) => Some(self.json(value)),
            _ => None,
        }
    }

    /// A list, which must not be empty: the compiler could not tell of what it is.
    fn list(&self, items: impl Iterator<Item = Option<TokenStream>>) -> Option<TokenStream> {
        let items = items.collect::<Option<Vec<_>>>()?;
        (!items.is_empty()).then(|| quote! { [#(#items),*] })
    }

    /// The expression that decodes JSON: it compiles for every type that is received.
    fn decoded(&self, of: &Type, sample: &Value) -> Option<TokenStream> {
        let (root, of, json) = (self.root, self.outside(of), self.json(sample));
        Some(quote! { #root::serde_json::from_value::<#of>(#json)? })
    }

    fn json(&self, value: &Value) -> TokenStream {
        let value = literal(value);
        quote! { json!(#value) }
    }

    /// A type as users of the crate name it, who do not depend on the crates that it is from.
    fn outside(&self, of: &Type) -> Type {
        struct Outside<'a>(&'a syn::Path);
        impl VisitMut for Outside<'_> {
            fn visit_path_mut(&mut self, path: &mut syn::Path) {
                syn::visit_mut::visit_path_mut(self, path);
                let first = path.segments.first().map(|it| it.ident.to_string());
                let is_outside = matches!(first.as_deref(), Some("chrono" | "uuid" | "serde_json"));
                if path.leading_colon.is_some() && is_outside {
                    let (root, segments) = (self.0, path.segments.iter());
                    *path = parse_quote! { #root::#(#segments)::* };
                }
            }
        }
        let mut of = of.clone();
        Outside(self.root).visit_type_mut(&mut of);
        of
    }
}

/// The value of a nullable field, if it is text or a number; many a server rejects `null`.
fn nullable(schema: &Value, sample: &Value) -> Option<TokenStream> {
    let keyword = |name: &str| schema.get(name).and_then(Value::as_str);
    match (keyword("type")?, keyword("format"), sample) {
        ("string", None, Value::String(text)) if !is_limited_text(schema) => {
            is_short(text).then(|| quote! { #text })
        }
        ("number", None | Some("double"), Value::Number(number)) => float(number.as_f64()?, "f64"),
        _ => None,
    }
}

/// Returns whether text of a schema has a type of its own.
fn is_limited_text(schema: &Value) -> bool {
    let mut limits = ["pattern", "minLength", "maxLength", "enum"].iter();
    limits.any(|keyword| schema.get(*keyword).is_some())
}

/// The setter of a field: `build` makes the value.
fn setter_name(field: &str) -> syn::Ident {
    match field {
        "build" => format_ident!("build_"),
        field => format_ident!("{field}"),
    }
}

/// The component that a schema refers to, directly or by an `allOf` of one.
fn component_of(schema: &Value) -> Option<&str> {
    let reference =
        schema
            .get("$ref")
            .or_else(|| match schema.get("allOf")?.as_array()?.as_slice() {
                [only] => only.get("$ref"),
                _ => None,
            });
    reference?.as_str()?.strip_prefix("#/components/schemas/")
}

/// Returns whether a schema says nothing of its values.
fn is_any(schema: &Map<String, Value>) -> bool {
    schema.keys().all(|keyword| {
        matches!(
            keyword.as_str(),
            "title" | "description" | "example" | "examples"
        ) || keyword.starts_with("x-")
    })
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT
}

fn integer(value: &Value, kind: &str) -> Option<TokenStream> {
    let value = value.as_i64()?;
    if kind.starts_with('u') && value < 0 {
        return None;
    }
    let literal = match i32::try_from(value) {
        Ok(_) => Literal::i64_unsuffixed(value),
        Err(_) => Literal::i64_suffixed(value),
    };
    Some(quote! { #literal })
}

fn float(value: f64, kind: &str) -> Option<TokenStream> {
    if !value.is_finite() {
        return None;
    }
    let literal = match kind {
        #[allow(clippy::cast_possible_truncation)]
        "f32" => Literal::f32_suffixed(value as f32),
        _ => Literal::f64_unsuffixed(value),
    };
    Some(quote! { #literal })
}

/// A JSON value as the macro `json!` takes it.
fn literal(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote! { null },
        Value::Bool(value) => quote! { #value },
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), _, _) if i32::try_from(value).is_ok() => {
                let literal = Literal::i64_unsuffixed(value);
                quote! { #literal }
            }
            (Some(value), _, _) => quote! { #value },
            (_, Some(value), _) => quote! { #value },
            (_, _, Some(value)) => float(value, "f64").unwrap_or_else(|| quote! { null }),
            _ => quote! { null },
        },
        Value::String(text) => quote! { #text },
        Value::Array(items) => {
            let items = items.iter().map(literal);
            quote! { [#(#items),*] }
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let value = literal(value);
                quote! { #name: #value }
            });
            quote! { { #(#members),* } }
        }
    }
}
