//! `x-pagination`: how the list of an operation is read page by page.
//!
//! Other vendors have an extension of this name too. So a declaration that does not hold is a line of the ledger, and
//! never an error.

use serde_json::{Map, Value};

use super::model::{Location, Parameter, Reply, Style};
use super::operations::{OperationSite, resolve};
use crate::ledger::Effect;
use crate::openapi::pointer::join;

/// The name of the extension.
const EXTENSION: &str = "x-pagination";

/// The rule that ledger lines about declarations carry.
pub(crate) const RULE: &str = "pagination";

/// Members that every style may have.
const OF_ALL: &[&str] = &["style", "items", "has_more", "total"];

/// What `x-pagination` declares; the runtime's `Pagination` says the same.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    pub(crate) style: PagingStyle,
    /// JSON pointer to the list in the reply.
    pub(crate) items: String,
    /// The query parameter that says which page.
    pub(crate) parameter: Option<String>,
    /// JSON pointer to the next cursor.
    pub(crate) next: Option<String>,
    /// JSON pointer to the key in an item.
    pub(crate) key: Option<String>,
    /// The query parameter that says how many items a page has.
    pub(crate) size: Option<String>,
    /// What that may be at most.
    pub(crate) largest: Option<u64>,
    /// JSON pointer to whether another page follows.
    pub(crate) has_more: Option<String>,
    /// JSON pointer to the number of all items.
    pub(crate) total: Option<String>,
    /// The number of the first page.
    pub(crate) first: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PagingStyle {
    Cursor,
    Offset,
    Page,
    After,
    Sequence,
    Single,
}

impl PagingStyle {
    pub(crate) const ALL: [Self; 6] = [
        Self::Cursor,
        Self::Offset,
        Self::Page,
        Self::After,
        Self::Sequence,
        Self::Single,
    ];

    /// As a declaration names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Offset => "offset",
            Self::Page => "page",
            Self::After => "after",
            Self::Sequence => "sequence",
            Self::Single => "single",
        }
    }

    /// The variant of the runtime's enum.
    pub(crate) fn variant(self) -> &'static str {
        match self {
            Self::Cursor => "Cursor",
            Self::Offset => "Offset",
            Self::Page => "Page",
            Self::After => "After",
            Self::Sequence => "Sequence",
            Self::Single => "Single",
        }
    }

    /// The members of a declaration that mean something in this style, beside those of all styles.
    pub(crate) fn members(self) -> &'static [&'static str] {
        match self {
            Self::Cursor => &["parameter", "next", "size"],
            Self::Offset => &["parameter", "size"],
            Self::Page => &["parameter", "size", "first"],
            Self::After | Self::Sequence => &["parameter", "key", "size"],
            Self::Single => &["next"],
        }
    }

    /// Those of them that a declaration must have.
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            Self::Cursor => &["parameter", "next"],
            Self::Offset | Self::Page => &["parameter"],
            Self::After => &["parameter", "key"],
            // A page may have to be asked for anew with more items.
            Self::Sequence => &["parameter", "key", "size"],
            Self::Single => &[],
        }
    }
}

/// What is wrong with a declaration: the member to blame, empty for the whole, and why.
#[derive(Debug)]
pub(crate) struct Flaw {
    pub(crate) member: &'static str,
    pub(crate) why: String,
}

impl Flaw {
    pub(crate) fn of(member: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { member, why }
    }

    /// Where the flaw stands in the document.
    pub(crate) fn pointer(&self, operation: &str) -> String {
        let declaration = join(operation, EXTENSION);
        match self.member {
            "" => declaration,
            member => join(&declaration, member),
        }
    }

    pub(crate) fn detail(&self) -> String {
        format!("no `pages` and `items`: {}", self.why)
    }
}

/// The declaration of an operation, as far as it can be judged without the types of the reply.
pub(super) fn declared(
    site: &mut OperationSite<'_, '_>,
    parameters: &[Parameter],
    replies: &[Reply],
) -> Option<Paging> {
    let declared = site.source.operation.get(EXTENSION)?;
    let read = match replies.contains(&Reply::Json) {
        true => read(site, declared, parameters),
        false => Err(Flaw::of("", "the reply is not JSON")),
    };
    read.map_err(|flaw| {
        let pointer = flaw.pointer(&site.source.pointer);
        site.ledger
            .add(pointer, RULE, Effect::Dropped, flaw.detail());
    })
    .ok()
}

fn read(
    site: &OperationSite<'_, '_>,
    declared: &Value,
    parameters: &[Parameter],
) -> Result<Paging, Flaw> {
    let declared = declared
        .as_object()
        .ok_or_else(|| Flaw::of("", "the declaration is not an object"))?;
    let style = style(declared)?;
    let known = OF_ALL.iter().chain(style.members());
    let known: Vec<&str> = known.copied().collect();
    if let Some(stray) = declared
        .keys()
        .find(|member| !known.contains(&member.as_str()))
    {
        let style = style.name();
        return Err(Flaw::of(
            "",
            format!("`{stray}` means nothing in the style `{style}`"),
        ));
    }
    let pointer = |member| pointer(declared, member);
    let text = |member| text(declared, member);
    let paging = Paging {
        style,
        items: pointer("items")?.ok_or_else(|| Flaw::of("", "`items` is missing"))?,
        parameter: text("parameter")?,
        next: pointer("next")?,
        key: pointer("key")?,
        size: text("size")?,
        largest: None,
        has_more: pointer("has_more")?,
        total: pointer("total")?,
        first: first(declared)?,
    };
    for required in style.required() {
        if !declared.contains_key(*required) {
            let style = style.name();
            return Err(Flaw::of(
                "",
                format!("`{required}` is missing, which the style `{style}` needs"),
            ));
        }
    }
    for (member, name) in [("parameter", &paging.parameter), ("size", &paging.size)] {
        if let Some(name) = name {
            is_settable(name, parameters).map_err(|why| Flaw::of(member, why))?;
        }
    }
    if paging.parameter.is_some() && paging.parameter == paging.size {
        return Err(Flaw::of("size", "it is the parameter that moves"));
    }
    let largest = paging.size.as_ref().and_then(|name| largest(site, name));
    Ok(Paging { largest, ..paging })
}

fn style(declared: &Map<String, Value>) -> Result<PagingStyle, Flaw> {
    let name = match declared.get("style") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(Flaw::of("style", "`style` is not a text")),
        None => return Err(Flaw::of("", "`style` is missing")),
    };
    PagingStyle::ALL
        .into_iter()
        .find(|style| style.name() == name)
        .ok_or_else(|| {
            let known = PagingStyle::ALL.map(PagingStyle::name).join(", ");
            Flaw::of("style", format!("`{name}` is none of {known}"))
        })
}

fn text(declared: &Map<String, Value>, member: &'static str) -> Result<Option<String>, Flaw> {
    match declared.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Flaw::of(member, format!("`{member}` is not a text"))),
    }
}

/// A JSON pointer (RFC 6901).
fn pointer(declared: &Map<String, Value>, member: &'static str) -> Result<Option<String>, Flaw> {
    let pointer = text(declared, member)?;
    let is_pointer =
        |text: &String| text.is_empty() || (text.starts_with('/') && tokens(text).is_some());
    match pointer {
        Some(pointer) if !is_pointer(&pointer) => Err(Flaw::of(
            member,
            format!("`{pointer}` is no JSON pointer, such as `/{member}`"),
        )),
        pointer => Ok(pointer),
    }
}

/// The reference tokens of a JSON pointer; `None` where an escape is not one (RFC 6901 section 3).
pub(crate) fn tokens(pointer: &str) -> Option<Vec<String>> {
    let unescaped = |token: &str| {
        let mut parts = token.split('~');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (escaped, rest) = match part.strip_prefix('0') {
                Some(rest) => ('~', rest),
                None => ('/', part.strip_prefix('1')?),
            };
            text.push(escaped);
            text.push_str(rest);
        }
        Some(text)
    };
    pointer.split('/').skip(1).map(unescaped).collect()
}

/// The number of the first page.
fn first(declared: &Map<String, Value>) -> Result<u64, Flaw> {
    match declared.get("first") {
        None => Ok(1),
        Some(number) => number
            .as_u64()
            .ok_or_else(|| Flaw::of("first", format!("{number} is no number of a page"))),
    }
}

/// Whether a page can be chosen with the parameter of this name.
fn is_settable(name: &str, parameters: &[Parameter]) -> Result<(), String> {
    let parameter = parameters
        .iter()
        .find(|parameter| parameter.name == name && parameter.location == Location::Query)
        .ok_or_else(|| format!("the operation has no query parameter `{name}`"))?;
    match parameter.writing.map(|writing| writing.style) {
        None | Some(Style::Form { .. }) => Ok(()),
        Some(_) => Err(format!("`{name}` is not written as plain text")),
    }
}

/// The `maximum` of the schema of a query parameter.
fn largest(site: &OperationSite<'_, '_>, name: &str) -> Option<u64> {
    let source = site.source;
    let lists = [&source.operation, &source.item].map(|holder| holder.get("parameters"));
    let parameter = lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(|parameter| Some(resolve(site.document, parameter)?.0))
        .find(|parameter| {
            let is = |member: &str, text: &str| parameter.get(member) == Some(&Value::from(text));
            is("name", name) && is("in", "query")
        })?;
    let (schema, _) = resolve(site.document, parameter.get("schema")?)?;
    schema.get("maximum")?.as_u64()
}
