//! Facts about the document as a whole: its title, its server, the shape of its error responses.

use std::collections::BTreeMap;

use serde_json::Value;

use super::security::{Requirements, SecurityScheme, SecuritySchemeKind};
use super::servers::Server;
use crate::markdown;

/// The description of an API for the runtime.
#[derive(Debug, Default, Clone)]
pub(crate) struct Api {
    pub(crate) title: String,
    pub(crate) version: String,
    /// The descriptions of the tags, by name.
    pub(crate) tags: BTreeMap<String, String>,
    /// The servers of the document, then those that only paths and operations have.
    pub(crate) servers: Vec<Server>,
    /// The number of servers of the document.
    pub(crate) server_count: usize,
    pub(crate) security_schemes: Vec<SecurityScheme>,
    /// The requirements of requests to paths that the document lacks.
    pub(crate) security: Requirements,
    /// `x-error-body` of the document.
    pub(crate) error_body: Option<ErrorBody>,
}

/// The names of the properties in which error responses say what went wrong; `None` where the
/// runtime's defaults apply.
#[derive(Debug, Default, Clone)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<Vec<String>>,
    pub(crate) message: Option<Vec<String>>,
    pub(crate) id: Option<Vec<String>>,
    pub(crate) known_codes: Option<Vec<String>>,
}

impl Api {
    /// Returns the builder's setters by the names of the schemes.
    pub(crate) fn setters(&self) -> BTreeMap<String, String> {
        let with_credential = |it: &&SecurityScheme| it.kind != SecuritySchemeKind::MutualTls;
        let schemes = self.security_schemes.iter().filter(with_credential);
        schemes
            .map(|scheme| (scheme.name.clone(), scheme.setter.clone()))
            .collect()
    }

    /// Returns the servers of the document.
    pub(crate) fn own_servers(&self) -> &[Server] {
        self.servers.get(..self.server_count).unwrap_or_default()
    }

    /// Returns the URL of the first absolute server, without a trailing slash.
    pub(crate) fn default_server(&self) -> Option<String> {
        self.own_servers().iter().find_map(Server::absolute)
    }

    pub(super) fn of(document: &Value) -> Self {
        let info = |name: &str| {
            let text = document.get("info")?.get(name)?.as_str()?;
            Some(text.to_owned())
        };
        Self {
            title: info("title").unwrap_or_else(|| "API".to_owned()),
            version: version(document),
            tags: tags(document),
            servers: Vec::new(),
            server_count: 0,
            security_schemes: Vec::new(),
            security: Requirements::new(),
            error_body: document.get("x-error-body").map(ErrorBody::of),
        }
    }
}

impl ErrorBody {
    fn of(declared: &Value) -> Self {
        let names = |member: &str| {
            let names = declared.get(member)?.as_array()?.iter();
            Some(names.filter_map(Value::as_str).map(str::to_owned).collect())
        };
        Self {
            code: names("code"),
            message: names("message"),
            id: names("id"),
            known_codes: names("known_codes"),
        }
    }
}

/// Returns the descriptions of the tags, by name.
fn tags(document: &Value) -> BTreeMap<String, String> {
    let tags = document.get("tags").and_then(Value::as_array);
    let description = |tag: &Value| {
        let text = |name: &str| tag.get(name).and_then(Value::as_str);
        let description = markdown::safe(text("description")?);
        let description = description.trim();
        (!description.is_empty())
            .then(|| Some((text("name")?.to_owned(), description.to_owned())))?
    };
    tags.into_iter().flatten().filter_map(description).collect()
}

/// Returns the version of the API. YAML reads versions such as `1.0` as numbers.
fn version(document: &Value) -> String {
    match document.get("info").and_then(|info| info.get("version")) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Api;

    #[test]
    fn version_may_be_a_number() {
        let version = |version| Api::of(&json!({ "info": { "version": version } })).version;
        assert_eq!(version(json!("1.0")), "1.0");
        assert_eq!(version(json!(1.5)), "1.5");
        assert_eq!(version(json!(null)), "");
    }
}
