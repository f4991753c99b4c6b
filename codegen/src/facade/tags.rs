//! Emits the tags: a module for each, and the parts of other files that follow from operations.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::body_schema::BodySchemas;
use super::context::Context;
use super::example::{Calls, Usage};
use super::paging::Paged;
use super::request::Request;
use super::tag::Tag;
use super::tag_features::{Mentions, any_of, feature};
use crate::error::Error;
use crate::lower::Operation;
use crate::print::{Code, Files, file_names};

/// The code of the tags.
pub(super) struct Tags<'m> {
    context: &'m Context<'m>,
    /// The modules.
    pub(super) files: Files,
    /// The declarations of the modules.
    modules: Code,
    /// The methods of the client that return the handles.
    pub(super) accessors: Vec<TokenStream>,
    /// The pointer of the operation of each request and method, by its Rust name.
    pub(super) requests: BTreeMap<String, String>,
    /// The Cargo feature of each tag, by accessor.
    pub(super) features: BTreeMap<String, String>,
    /// The items that the code of each feature mentions.
    pub(super) mentions: Mentions,
    schemas: BodySchemas,
    pub(super) calls: Calls,
    pub(super) usage: Usage<'m>,
}

impl<'m> Tags<'m> {
    /// Emits all tags. `paged` has the operations whose pages can be read, by index.
    pub(super) fn emit(
        context: &'m Context<'m>,
        mut paged: BTreeMap<usize, Paged>,
    ) -> Result<Self, Error> {
        let mut operations: BTreeMap<&str, Vec<(usize, &Operation)>> = BTreeMap::new();
        for (index, operation) in context.model.operations.iter().enumerate() {
            let of_tag = operations.entry(&operation.accessor).or_default();
            of_tag.push((index, operation));
        }
        let mut tags = Self {
            context,
            files: Files::default(),
            modules: Code::default(),
            accessors: Vec::new(),
            requests: BTreeMap::new(),
            features: BTreeMap::new(),
            mentions: Mentions::new(context.settings.tag_features),
            schemas: BodySchemas::default(),
            calls: Calls::default(),
            usage: Usage::default(),
        };
        let files = file_names(operations.keys().copied());
        for (accessor, operations) in operations {
            let file = files.get(accessor).map_or(accessor, String::as_str);
            tags.add(accessor, file, &operations, &mut paged)?;
        }
        if let Some(item) = tags.schemas.item() {
            tags.modules.items(Some("api::"), item)?;
        }
        tags.files.add(
            "api/mod.rs",
            "The operations by tag: a handle for each tag, a request for each of its operations.",
            std::mem::take(&mut tags.modules),
        );
        Ok(tags)
    }

    fn add(
        &mut self,
        accessor: &str,
        file: &str,
        operations: &[(usize, &'m Operation)],
        paged: &mut BTreeMap<usize, Paged>,
    ) -> Result<(), Error> {
        let context = self.context;
        let feature = feature(accessor);
        let is_conditional = context.settings.tag_features;
        let condition = is_conditional.then(|| any_of(vec![&feature]));
        let mut tag = Tag::new(accessor, operations, &context.model.api);
        let of_tag = tag.accessor();
        self.accessors.push(quote! { #condition #of_tag });
        let module = tag.module(file);
        self.modules.items(None, quote! { #condition #module })?;
        let path = format!("api::{accessor}::");
        let mut code = Code::default();
        code.items(None, tag.uses(&context.import))?;
        for (index, operation) in operations {
            let name = tag.request(&operation.method);
            let request = self.request(*index, operation, name, paged.remove(index))?;
            self.schemas.add(&request, condition.as_ref());
            let item = request.item(&context.runtime);
            self.mentions.add_sent(request.sent());
            self.mentions.add(&feature, item.clone());
            code.items(Some(&path), item)?;
            let example = context.examples.as_ref().and_then(|it| it.of(&request));
            let method = request.method(example.as_deref());
            self.mentions.add(&feature, method.clone());
            tag.methods.push(method);
        }
        code.items(Some(&path), tag.handle(&context.runtime))?;
        self.files.add(format!("api/{file}.rs"), &tag.doc(), code);
        self.features.insert(accessor.to_owned(), feature);
        Ok(())
    }

    /// Returns the request of an operation, which may be called in tests and in the example of the
    /// client.
    fn request(
        &mut self,
        index: usize,
        operation: &'m Operation,
        name: Ident,
        paged: Option<Paged>,
    ) -> Result<Request<'m>, Error> {
        let Context {
            refined,
            model,
            runtime,
            examples,
            ..
        } = self.context;
        let function = refined.functions.get(&operation.function).ok_or_else(|| {
            Error::Refine(format!(
                "progenitor made no function `{}`",
                operation.function
            ))
        })?;
        for name in [name.to_string(), operation.method.clone()] {
            let name = format!("api::{}::{name}", operation.accessor);
            self.requests.insert(name, operation.pointer.clone());
        }
        let request = Request::new(index, operation, function, name, paged, model, runtime)?;
        if let Some(examples) = examples {
            self.calls.add(examples, &request);
            self.usage.consider(examples, &request);
        }
        Ok(request)
    }
}
