//! The method that starts work which goes on behind the reply, and waits for its end.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::request::Request;
use crate::lower::{LongRunning, Model, Name, Operation, Outcome, parameter_of};
use crate::refine::requests::Function;

/// What the method needs to know of the client's other methods.
struct Parts<'a> {
    declared: &'a LongRunning,
    start: usize,
    stream: Option<usize>,
    poll: (usize, &'a Operation),
    stop: Option<&'a Operation>,
}

/// The methods of the work that this request starts.
pub(super) fn methods<'a>(
    request: &'a Request<'_>,
    functions: &'a BTreeMap<String, Function>,
    model: &'a Model,
    runtime: &'a syn::Path,
) -> impl Iterator<Item = TokenStream> + 'a {
    let name = Name::of(request.operation);
    model
        .long_running
        .iter()
        .filter(move |declared| declared.start == name)
        .filter_map(|declared| method(declared, request, functions, model, runtime))
}

/// `None` if an operation that it needs could not be generated.
fn method(
    declared: &LongRunning,
    request: &Request<'_>,
    functions: &BTreeMap<String, Function>,
    model: &Model,
    runtime: &syn::Path,
) -> Option<TokenStream> {
    let find = |name: &Name| {
        let mut operations = model.operations.iter().enumerate();
        operations.find(|(_, operation)| Name::of(operation) == *name)
    };
    let parts = Parts {
        declared,
        start: find(&declared.start)?.0,
        stream: declared
            .stream
            .as_ref()
            .and_then(find)
            .map(|(index, _)| index),
        poll: find(&declared.poll)?,
        stop: declared
            .stop
            .as_ref()
            .and_then(find)
            .map(|(_, operation)| operation),
    };
    let (poll_index, poll) = parts.poll;
    let function = functions.get(&poll.function)?;
    let is_id = |(ident, _): &&(syn::Ident, Type)| {
        let parameter = parameter_of(&ident.to_string(), &poll.parameters);
        parameter.is_some_and(|it| it.name == declared.poll_parameter)
    };
    let (_, of) = function.arguments.iter().find(is_id)?;
    let details = &function.success;

    let doc = parts.doc(request.operation);
    let deprecated = request
        .operation
        .deprecated
        .then(|| quote! { #[deprecated] });
    let method = format_ident!("{}", declared.method);
    let start = format_ident!("{}", declared.start.method);
    let (parameters, arguments): (Vec<_>, Vec<_>) = request
        .required()
        .map(|argument| {
            let (ident, of) = (&argument.ident, argument.argument());
            (quote! { #ident: #of }, ident)
        })
        .unzip();
    let (accessor, poll_method) = (
        format_ident!("{}", poll.accessor),
        format_ident!("{}", poll.method),
    );
    let id = id(of, &declared.poll_parameter, poll_index, runtime);
    let table = parts.table(runtime);
    Some(quote! {
        #[doc = #doc]
        #deprecated
        #[allow(deprecated)]
        pub fn #method(&self, #(#parameters),*) -> #runtime::Run<'c, #details> {
            static DECLARATION: #runtime::LongRunning = #table;
            let client = self.client;
            let start = self.#start(#(#arguments),*).build_request();
            #runtime::Run::new(client, &DECLARATION, start, move |id| {
                #id
                client.#accessor().#poll_method(id).build_request()
            })
        }
    })
}

/// The statement that makes the text of an id what the operation takes.
fn id(of: &Type, parameter: &str, index: usize, runtime: &syn::Path) -> Option<TokenStream> {
    let held: Type = match of {
        Type::Reference(reference) => (*reference.elem).clone(),
        other => other.clone(),
    };
    let name = match &held {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    if matches!(name.as_deref(), Some("str" | "String" | "Uuid")) {
        return None;
    }
    let problem = format!("{parameter}: the id is of another type");
    Some(quote! {
        let id: #held = id.parse().map_err(|_| {
            #runtime::Error::invalid_request(&super::super::OPERATIONS[#index], #problem)
        })?;
    })
}

impl Parts<'_> {
    fn table(&self, runtime: &syn::Path) -> TokenStream {
        let LongRunning {
            id_in_reply,
            status,
            running,
            ended_at,
            ..
        } = self.declared;
        let (start, (poll, _)) = (self.start, self.poll);
        let operation = |index: usize| quote! { &super::super::OPERATIONS[#index] };
        let (start, poll) = (operation(start), operation(poll));
        let option = |value: Option<TokenStream>| match value {
            Some(value) => quote! { Some(#value) },
            None => quote! { None },
        };
        let stream = option(self.stream.map(operation));
        let id_in_request = self.declared.id_in_request.as_ref();
        let id_in_request = option(id_in_request.map(|place| quote! { #place }));
        let values = |values: &[(String, String)]| {
            let pairs = values
                .iter()
                .map(|(place, value)| quote! { (#place, #value) });
            quote! { &[#(#pairs),*] }
        };
        let request = values(&self.declared.request);
        let stream_request = values(&self.declared.stream_request);
        let ended = self.declared.ended.iter().map(|(word, outcome)| {
            let outcome = match outcome {
                Outcome::Succeeded => quote! { Succeeded },
                Outcome::Failed => quote! { Failed },
            };
            quote! { (#word, #runtime::Outcome::#outcome) }
        });
        quote! {
            #runtime::LongRunning {
                start: #start,
                stream: #stream,
                poll: #poll,
                id_in_request: #id_in_request,
                id_in_reply: &[#(#id_in_reply),*],
                request: #request,
                stream_request: #stream_request,
                status: &[#(#status),*],
                ended: &[#(#ended),*],
                running: &[#(#running),*],
                ended_at: &[#(#ended_at),*],
            }
        }
    }

    /// What it does, and all that it relies on.
    fn doc(&self, start: &Operation) -> String {
        let LongRunning {
            id_in_request,
            id_in_reply,
            request,
            stream_request,
            status,
            ended,
            running,
            ended_at,
            ..
        } = self.declared;
        let (_, poll) = self.poll;
        let form = self
            .declared
            .stream
            .as_ref()
            .map(|stream| format!(", or `{}` to follow its events,", stream.method))
            .unwrap_or_default();
        let mut doc = format!(
            "Starts with `{}`{form} and waits for the end of the work.\n\n\
             {}, then {} until it is over. Awaited, it gives what that replies at last, also if the work failed; \
             `send` tells the outcome, and `deadline`, `on_progress`, `follow` and `cancel_when` say how to wait.\n\n\
             The server goes on with the work when nobody waits any more.",
            start.method,
            code(&format!(
                "{} {}",
                start.http_method.to_uppercase(),
                start.path
            )),
            code(&format!("GET {}", poll.path)),
        );
        if let Some(stop) = self.stop {
            doc += &format!(
                " `{}.{}` stops what can be stopped.",
                stop.accessor, stop.method
            );
        }
        doc += "\n\n# What it relies on\n\n";
        let mut line = |text: String| doc += &format!("- {text}\n");
        if let Some(place) = id_in_request {
            line(format!(
                "The id of the work is {} of the request; a random UUID is put there if there is none.",
                code(place)
            ));
        }
        if !id_in_reply.is_empty() {
            let also = if id_in_request.is_some() {
                "If the acknowledgement has one, that counts"
            } else {
                "The id of the work stands in the acknowledgement"
            };
            line(format!(
                "{also}: the first of {}.",
                list(id_in_reply.iter())
            ));
        }
        for (place, value) in request {
            line(format!(
                "{} of the request is set to {}.",
                code(place),
                code(value)
            ));
        }
        for (place, value) in stream_request {
            line(format!(
                "{} is {} to follow the events.",
                code(place),
                code(value)
            ));
        }
        if !status.is_empty() {
            line(format!(
                "The status is the first of {} that is a known word; case and punctuation do not matter.",
                list(status.iter())
            ));
        }
        for (outcome, text) in [
            (Outcome::Succeeded, "Succeeded"),
            (Outcome::Failed, "Failed"),
        ] {
            let words = ended.iter().filter(|(_, one)| *one == outcome);
            let words = list(words.map(|(word, _)| word));
            if !words.is_empty() {
                line(format!("{text}: {words}."));
            }
        }
        if !running.is_empty() {
            line(format!("Still at work: {}.", list(running.iter())));
        }
        if !ended_at.is_empty() {
            line(format!(
                "With any other status it is over when {} has a value (`*`: in every element); how it ended is then `Unknown`.",
                list(ended_at.iter())
            ));
        }
        line("Otherwise the work goes on.".to_owned());
        doc.trim_end().to_owned()
    }
}

/// Words as code, with commas between them.
fn list<'w>(words: impl Iterator<Item = &'w String>) -> String {
    words.map(|word| code(word)).collect::<Vec<_>>().join(", ")
}

/// A text of the document as code on one line, whatever it holds: it must not become an example that is run.
fn code(text: &str) -> String {
    let plain = |letter: char| match letter {
        '`' => '\'',
        other if other.is_control() || other.is_whitespace() => ' ',
        other => other,
    };
    format!("`{}`", text.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn no_text_leaves_its_line() {
        assert_eq!(code("a`b\n\n    c\u{85}```"), "`a'b      c '''`");
    }
}
