//! The context in which an operation is lowered.

use serde_json::{Map, Value};

use crate::ledger::Ledger;
use crate::lower::components::Components;
use crate::lower::servers::Servers;
use crate::names::slug;

/// An operation of the document, with its location.
pub(in crate::lower) struct OperationSource<'d> {
    pub(in crate::lower) pointer: String,
    pub(in crate::lower) path: String,
    /// In lower case, except for methods of `additionalOperations`.
    pub(in crate::lower) http_method: &'d str,
    pub(in crate::lower) operation: &'d Map<String, Value>,
    /// The path item that contains the operation.
    pub(in crate::lower) item: &'d Map<String, Value>,
    pub(in crate::lower) item_pointer: String,
}

impl OperationSource<'_> {
    pub(in crate::lower) fn text(&self, keyword: &str) -> &str {
        self.operation
            .get(keyword)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The `operationId`, or one made of method and path.
    pub(in crate::lower) fn id(&self) -> String {
        match self.text("operationId") {
            "" => format!("{} {}", self.http_method, self.path),
            id => id.to_owned(),
        }
    }
}

/// The names of one operation.
#[derive(Debug, Clone)]
pub(in crate::lower) struct OperationNames {
    pub(in crate::lower) tag: String,
    pub(in crate::lower) accessor: String,
    /// The methods: one for each way in which the body is sent, and the operation responds.
    pub(in crate::lower) methods: Vec<MethodNames>,
    /// The prefix of the names of types that the operation defines inline.
    pub(in crate::lower) type_prefix: String,
}

/// The names of one method.
#[derive(Debug, Clone)]
pub(in crate::lower) struct MethodNames {
    /// The ends of the name for the ways of the body and of the response.
    pub(in crate::lower) suffixes: (String, String),
    pub(in crate::lower) method: String,
    /// The name in the lowered document and in progenitor's output; unique.
    pub(in crate::lower) function: String,
}

impl OperationNames {
    /// Returns the names of the method for these ways of body and response.
    pub(in crate::lower) fn of(&self, body: &str, response: &str) -> Option<&MethodNames> {
        self.methods
            .iter()
            .find(|one| one.suffixes.0 == body && one.suffixes.1 == response)
    }

    pub(in crate::lower) fn method_of(&self, body: &str, response: &str) -> &str {
        self.of(body, response).map_or("", |one| &one.method)
    }

    /// The page of the operation: its `externalDocs`, or the `x-reference` of the document, in
    /// which `{tag}` and `{page}` are replaced by the slugs of tag and summary.
    pub(in crate::lower) fn reference(
        &self,
        source: &OperationSource<'_>,
        document: &Value,
    ) -> Option<String> {
        let own = source
            .operation
            .get("externalDocs")
            .and_then(|docs| docs.get("url"))
            .and_then(Value::as_str);
        if let Some(own) = own {
            let is_plain = !own.contains(|c: char| c.is_whitespace() || c == '<' || c == '>');
            return is_plain.then(|| own.to_owned());
        }
        let (tag, page) = (slug(&self.tag), slug(source.text("summary")));
        let template = document.get("x-reference")?.as_str()?;
        (!tag.is_empty() && !page.is_empty())
            .then(|| template.replace("{tag}", &tag).replace("{page}", &page))
    }
}

/// The context for lowering one operation.
pub(in crate::lower) struct OperationContext<'a, 'd> {
    pub(in crate::lower) document: &'d Value,
    pub(in crate::lower) source: &'a OperationSource<'d>,
    pub(in crate::lower) names: OperationNames,
    pub(in crate::lower) components: &'a mut Components<'d>,
    pub(in crate::lower) servers: &'a mut Servers,
    pub(in crate::lower) ledger: &'a mut Ledger,
}
