//! Facts about the document as a whole: its title, its server, the shape of its error responses.

use std::collections::BTreeMap;

use serde_json::Value;

use super::security::{Requirements, SecurityScheme, SecuritySchemeKind};

/// The description of an API for the runtime.
#[derive(Debug, Default, Clone)]
pub(crate) struct Api {
    pub(crate) title: String,
    pub(crate) version: String,
    /// The first server with an absolute URL, without a trailing slash.
    pub(crate) server: Option<String>,
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

    pub(super) fn of(document: &Value) -> Self {
        let info = |name: &str| {
            let text = document.get("info")?.get(name)?.as_str()?;
            Some(text.to_owned())
        };
        Self {
            title: info("title").unwrap_or_else(|| "API".to_owned()),
            version: info("version").unwrap_or_default(),
            server: server(document),
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

/// The first server with an absolute URL, with the defaults of its variables.
fn server(document: &Value) -> Option<String> {
    let servers = document.get("servers")?.as_array()?;
    servers.iter().find_map(|server| {
        let mut url = server.get("url")?.as_str()?.to_owned();
        let variables = server.get("variables").and_then(Value::as_object);
        for (name, variable) in variables.into_iter().flatten() {
            if let Some(default) = variable.get("default").and_then(Value::as_str) {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        let has_host = |scheme: &str| {
            url.strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        };
        let is_absolute = has_host("https://") || has_host("http://");
        let is_legal = |it: char| it.is_ascii_graphic() && !"{}\"\\`<>?#@".contains(it);
        let is_usable = is_absolute && url.chars().all(is_legal);
        is_usable.then(|| url.trim_end_matches('/').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::server;

    #[test]
    fn server_first_absolute_url_is_taken() {
        let of = |servers: Value| server(&json!({ "servers": servers }));
        assert_eq!(
            of(json!([{ "url": "/v1" }, { "url": "https://a.example/v1/" }])).as_deref(),
            Some("https://a.example/v1")
        );
        let variable =
            json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu" } } }]);
        assert_eq!(of(variable).as_deref(), Some("https://eu.example"));
        for servers in [
            json!([]),
            json!(null),
            json!([{ "url": "https://{gone}.example" }]),
            json!([{ "url": "https://a.example/\"x" }]),
            json!([{ "url": "https://a.example/x\nconst A: u8 = 1;//" }]),
            json!([{ "url": "ftp://x" }]),
            json!([{ "url": "https://" }]),
        ] {
            assert_eq!(of(servers), None);
        }
    }
}
