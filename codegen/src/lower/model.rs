//! What lowering knows of a document and an OpenAPI 3.0 document for progenitor cannot say.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::long_running::LongRunning;
use super::pagination::Paging;

/// Handed from lowering to the stages behind progenitor.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) operations: Vec<Operation>,
    pub(crate) long_running: Vec<LongRunning>,
    /// Enumerations by the name of their component; progenitor sees plain strings.
    pub(crate) enums: BTreeMap<String, Enum>,
    /// Unions by the name of their component; progenitor sees a struct with a field for each branch.
    pub(crate) unions: BTreeMap<String, Union>,
    /// Other names of types.
    pub(crate) aliases: BTreeMap<String, String>,
    /// Properties as the document names them, by component and field, where the two differ.
    pub(crate) fields: BTreeMap<String, BTreeMap<String, String>>,
    /// The only value of a property, by component and property: a builder sets it.
    pub(crate) constants: BTreeMap<String, BTreeMap<String, Value>>,
    /// Properties for which `null` and absence are told apart, by component.
    pub(crate) nullable: BTreeMap<String, BTreeSet<String>>,
    /// Fields that hold a box, by component.
    pub(crate) boxed: BTreeMap<String, BTreeSet<String>>,
    /// Properties never shown by `Debug`: component, then property.
    pub(crate) secrets: BTreeMap<String, BTreeSet<String>>,
    /// Components that are secret as a whole.
    pub(crate) secret_types: BTreeSet<String>,
    /// Components that are the body of a `multipart` request.
    pub(crate) forms: BTreeMap<String, Form>,
    /// Where a component came from, as a JSON pointer into the original document.
    pub(crate) origins: BTreeMap<String, String>,
}

impl Model {
    /// What is said of these components, and with these operations alone.
    pub(crate) fn part(&self, components: &BTreeSet<&str>, operations: Vec<Operation>) -> Self {
        fn part<T: Clone>(
            all: &BTreeMap<String, T>,
            components: &BTreeSet<&str>,
        ) -> BTreeMap<String, T> {
            let of = |name: &&str| Some(((*name).to_owned(), all.get(*name)?.clone()));
            components.iter().filter_map(of).collect()
        }
        // Without `..`, so that what is new here is not forgotten.
        let Self {
            operations: _,
            long_running,
            enums,
            unions,
            aliases,
            fields,
            constants,
            nullable,
            boxed,
            secrets,
            secret_types,
            forms,
            origins,
        } = self;
        let present = |(_, of): &(&String, &String)| components.contains(of.as_str());
        Self {
            operations,
            long_running: long_running.clone(),
            enums: part(enums, components),
            unions: part(unions, components),
            aliases: aliases
                .iter()
                .filter(present)
                .map(|(alias, of)| (alias.clone(), of.clone()))
                .collect(),
            fields: part(fields, components),
            constants: part(constants, components),
            nullable: part(nullable, components),
            boxed: part(boxed, components),
            secrets: part(secrets, components),
            secret_types: secret_types
                .iter()
                .filter(|name| components.contains(name.as_str()))
                .cloned()
                .collect(),
            forms: part(forms, components),
            origins: part(origins, components),
        }
    }

    /// Forgets what a component was, when it has become any JSON value. That it is secret stays.
    pub(crate) fn forget(&mut self, component: &str) {
        self.enums.remove(component);
        self.unions.remove(component);
        self.forms.remove(component);
        if self.secrets.remove(component).is_some() {
            self.secret_types.insert(component.to_owned());
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) description: String,
    /// Values as sent, each with its variant's name.
    pub(crate) values: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Union {
    pub(crate) description: String,
    /// The discriminator that the document names.
    pub(crate) property: Option<String>,
    /// In the order of the fields of the struct that progenitor sees.
    pub(crate) branches: Vec<Branch>,
}

#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) variant: String,
    /// The component that the branch is.
    pub(crate) component: Option<String>,
    /// Values of the property that tells branches apart.
    pub(crate) tags: Vec<String>,
    /// Whether the union must see to it that the content has its tag.
    pub(crate) writes_tag: bool,
    pub(crate) shapes: Vec<Shape>,
}

/// What values of a branch look like on the outside; the runtime has a type of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The runtime's constant.
    pub(crate) kind: &'static str,
    pub(crate) required: Vec<String>,
    pub(crate) optional: Vec<String>,
    pub(crate) constants: BTreeMap<String, Vec<String>>,
    pub(crate) texts: Vec<String>,
}

impl Shape {
    pub(crate) fn of(kind: &'static str) -> Self {
        Self {
            kind,
            required: Vec::new(),
            optional: Vec::new(),
            constants: BTreeMap::new(),
            texts: Vec::new(),
        }
    }

    pub(crate) fn knows(&self, property: &str) -> bool {
        let is_it = |name: &String| name == property;
        self.required.iter().any(is_it) || self.optional.iter().any(is_it)
    }

    /// Whether a value of this shape has one of these values there, whoever made it.
    pub(crate) fn writes(&self, property: &str, values: &[String]) -> bool {
        self.required.iter().any(|name| name == property)
            && self
                .constants
                .get(property)
                .is_some_and(|own| own.len() == 1 && own.iter().all(|one| values.contains(one)))
    }
}

/// One callable method. An operation with a JSON and a streamed reply is two of them.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) pointer: String,
    /// `operationId` as the document has it, or one made of method and path.
    pub(crate) id: String,
    /// `operationId` in the lowered document, and so the name of progenitor's function.
    pub(crate) function: String,
    /// Lower case.
    pub(crate) http_method: String,
    pub(crate) path: String,
    /// Path and method in the lowered document.
    pub(crate) lowered_path: String,
    pub(crate) lowered_method: String,
    pub(crate) tag: String,
    pub(crate) accessor: String,
    pub(crate) method: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) reference: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) authenticated: bool,
    pub(crate) sensitive: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) reply: Reply,
    /// How the event stream that it replies is resumed.
    pub(crate) resume: Option<Resume>,
    /// How its list is read page by page, if that is declared.
    pub(crate) paging: Option<Paging>,
}

impl Operation {
    /// The operation as the `paths` of the lowered document have it.
    pub(crate) fn lowered<'p>(&self, paths: &'p Value) -> Option<&'p Value> {
        paths.get(&self.lowered_path)?.get(&self.lowered_method)
    }

    /// RFC 9110 section 9.2.2.
    pub(crate) fn is_idempotent(&self) -> bool {
        matches!(
            self.http_method.as_str(),
            "get" | "head" | "options" | "trace" | "put" | "delete"
        )
    }

    /// The header parameter that tells the server which requests are one (the IETF draft
    /// `draft-ietf-httpapi-idempotency-key-header`, and its older spelling), in lower case.
    pub(crate) fn idempotency_key(&self) -> Option<String> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Header)
            .map(|parameter| parameter.name.to_ascii_lowercase())
            .find(|name| matches!(name.as_str(), "idempotency-key" | "x-idempotency-key"))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// As sent.
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) description: String,
    /// How it is written; `None` where progenitor's function writes it.
    pub(crate) writing: Option<Writing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    pub(crate) fn of(text: &str) -> Option<Self> {
        match text {
            "path" => Some(Self::Path),
            "query" => Some(Self::Query),
            "header" => Some(Self::Header),
            "cookie" => Some(Self::Cookie),
            _ => None,
        }
    }
}

/// How a value is written where it may be more than one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Writing {
    pub(crate) style: Style,
    /// Whether reserved characters are sent as they are (`allowReserved`).
    pub(crate) reserved: bool,
}

/// The runtime's enum of the same name (OpenAPI 3.1 section 4.8.12.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Simple { explode: bool },
    Label { explode: bool },
    Matrix { explode: bool },
    Form { explode: bool },
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Json,
}

impl Style {
    /// The expression that makes the runtime's value.
    pub(crate) fn tokens(self, runtime: &syn::Path) -> TokenStream {
        let style = match self {
            Self::Simple { explode } => quote! { Simple { explode: #explode } },
            Self::Label { explode } => quote! { Label { explode: #explode } },
            Self::Matrix { explode } => quote! { Matrix { explode: #explode } },
            Self::Form { explode } => quote! { Form { explode: #explode } },
            Self::SpaceDelimited => quote! { SpaceDelimited },
            Self::PipeDelimited => quote! { PipeDelimited },
            Self::DeepObject => quote! { DeepObject },
            Self::Json => quote! { Json },
        };
        quote! { #runtime::Style::#style }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) kind: BodyKind,
    /// The media type to send where nothing else sets it.
    pub(crate) content_type: Option<String>,
    /// Whether the caller may name another media type: the document has several, or a range.
    pub(crate) content_type_is_open: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum BodyKind {
    Json,
    /// Anything that is sent as it is.
    Bytes,
    /// `application/x-www-form-urlencoded`, and the fields that are not written in the default way.
    UrlEncoded(Vec<(String, Writing)>),
    /// `multipart/*`, and the component if the document describes its fields.
    Multipart {
        form: Option<String>,
    },
}

impl BodyKind {
    /// Whether progenitor's function sends it.
    pub(crate) fn is_built_by_progenitor(&self) -> bool {
        matches!(self, Self::Json | Self::Bytes)
    }
}

/// The fields of a `multipart` body, by their names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub(crate) fields: BTreeMap<String, FormField>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct FormField {
    /// A file, or a list of them; any other value is written as text or JSON.
    pub(crate) is_file: bool,
    /// What the document says its content is.
    pub(crate) content_type: Option<String>,
    /// The style in which it falls into parts, if the document names one.
    pub(crate) writing: Option<Writing>,
}

/// Where the id of the last event goes: the runtime's enum of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resume {
    Header(String),
    Query(String),
}

impl Resume {
    /// The expression that makes the runtime's value.
    pub(crate) fn tokens(&self, runtime: &syn::Path) -> TokenStream {
        let (variant, name) = match self {
            Self::Header(name) => (quote! { Header }, name),
            Self::Query(name) => (quote! { Query }, name),
        };
        quote! { #runtime::Resume::#variant(::std::borrow::Cow::Borrowed(#name)) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    Json,
    Empty,
    EventStream,
    Text,
    Bytes,
}

impl Reply {
    /// The variant of the runtime's enum of the same name.
    pub(crate) fn variant(self) -> &'static str {
        match self {
            Self::Json => "Json",
            Self::Empty => "Empty",
            Self::EventStream => "EventStream",
            Self::Text => "Text",
            Self::Bytes => "Bytes",
        }
    }
}
