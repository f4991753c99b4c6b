//! Writes calls with values from the document, which compile: the rustdoc example of a method and
//! of the client, and the calls of tests.

mod calls;
mod usage;
mod value;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::argument::Argument;
use super::request::Request;
use crate::lower::{Lowered, ResponseKind};
use crate::sample::Arguments;
use crate::settings::Settings;
pub(super) use calls::Calls;
pub(super) use usage::Usage;
use value::Values;

/// The context from which examples are written.
pub(super) struct Examples<'a> {
    /// The path of the generated code in the user's program, such as `neo_client`.
    root: syn::Path,
    lowered: &'a Lowered,
}

impl<'a> Examples<'a> {
    /// `None` if the settings do not say how users name the generated code.
    pub(super) fn new(settings: &Settings, lowered: &'a Lowered) -> Option<Self> {
        let root = settings.crate_path.as_deref()?;
        Some(Self {
            root: syn::parse_str(root).ok()?,
            lowered,
        })
    }

    /// Returns the code of the example of a method, or `None` if a value cannot be written down.
    pub(super) fn of(&self, request: &Request<'_>) -> Option<String> {
        let call = self.call(request)?;
        let call = quote! { #call.await?; };
        let statement = match request.operation.response {
            ResponseKind::Json => quote! { let response = #call },
            ResponseKind::Empty => call,
            ResponseKind::EventStream => quote! { let events = #call },
            ResponseKind::JsonLines => quote! { let lines = #call },
            ResponseKind::Text => quote! { let text = #call },
            ResponseKind::Bytes => quote! { let bytes = #call },
        };
        self.code(&statement)
    }

    /// Returns the expression that calls a method of `client`, without `.await`.
    fn call(&self, request: &Request<'_>) -> Option<TokenStream> {
        let operation = request.operation;
        let samples = self.lowered.samples.get(&operation.pointer)?;
        let values = Values {
            root: &self.root,
            lowered: self.lowered,
        };
        let arguments = request
            .required()
            .map(|argument| values.argument(argument, sample(argument, request, samples)))
            .collect::<Option<Vec<TokenStream>>>()?;
        let (accessor, method) = (
            format_ident!("{}", operation.accessor),
            format_ident!("{}", operation.method),
        );
        Some(quote! { client.#accessor().#method(#(#arguments),*) })
    }

    /// Returns the argument of the setter of a body that may be left out.
    fn optional_body(&self, request: &Request<'_>) -> Option<TokenStream> {
        let samples = self.lowered.samples.get(&request.operation.pointer)?;
        let values = Values {
            root: &self.root,
            lowered: self.lowered,
        };
        let mut optional = request.arguments.iter().filter(|it| it.optional);
        let body = optional.find(|argument| argument.ident == "body")?;
        values.argument(body, sample(body, request, samples))
    }

    /// The statement with what it imports and, hidden, the function that it stands in, with a
    /// client.
    fn code(&self, statement: &TokenStream) -> Option<String> {
        let root = &self.root;
        let root = quote!(#root).to_string().replace(' ', "");
        self.program(statement, &format!("client: {root}::Client"))
    }

    /// The statements with what they import and, hidden, the function that they stand in.
    fn program(&self, statement: &TokenStream, parameters: &str) -> Option<String> {
        let root = &self.root;
        let file: syn::File = syn::parse2(quote! { async fn example() { #statement } }).ok()?;
        let formatted = prettyplease::unparse(&file);
        let mut lines: Vec<&str> = formatted.lines().collect();
        lines.pop()?;
        let body: Vec<&str> = lines
            .into_iter()
            .skip(1)
            .map(|line| line.strip_prefix("    ").unwrap_or(line))
            .collect();
        let body = body.join("\n");
        let root = quote!(#root).to_string().replace(' ', "");
        let mut code = String::new();
        for (word, import) in [("json!(", "serde_json::json"), ("types::", "types")] {
            if body.contains(word) {
                code.push_str(&format!("use {root}::{import};\n"));
            }
        }
        if !code.is_empty() {
            code.push('\n');
        }
        code.push_str(&format!(
            "# async fn example({parameters}) -> Result<(), Box<dyn std::error::Error>> {{\n\
             {body}\n# Ok(())\n# }}"
        ));
        Some(code)
    }
}

/// The value that the document or the sampler has for an argument.
fn sample<'s>(
    argument: &Argument,
    request: &Request<'_>,
    samples: &'s Arguments,
) -> Option<&'s Value> {
    let operation = request.operation;
    if argument.ident == "body" {
        let body = operation.body.as_ref()?;
        return samples.body(body.content_type.as_deref());
    }
    let mut named = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.name == argument.label);
    named.find_map(|parameter| samples.parameter(parameter.location.as_str(), &parameter.name))
}
