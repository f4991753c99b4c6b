//! `servers` of the document, of paths and of operations.

use serde_json::{Map, Value, json};

use crate::ledger::{Effect, Ledger};
use crate::names::{Taken, slug, snake};
use crate::openapi::pointer::join;

/// A server of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// The name of its constant, in lower case.
    pub(crate) name: String,
    /// The URL with variables in braces.
    pub(crate) url: String,
    pub(crate) description: String,
    pub(crate) variables: Vec<ServerVariable>,
}

/// A variable of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerVariable {
    pub(crate) name: String,
    pub(crate) default: String,
    pub(crate) values: Vec<String>,
    pub(crate) description: String,
}

/// All servers: those of the document, then those of paths and operations.
#[derive(Debug, Default)]
pub(super) struct Servers {
    all: Vec<Server>,
    taken: Taken,
    /// The URL of the document, if it is known.
    base: Option<String>,
}

impl Server {
    /// Returns the URL with the defaults of its variables, if it is absolute.
    pub(crate) fn absolute(&self) -> Option<String> {
        let url = self.with_defaults();
        is_absolute(&url).then(|| url.trim_end_matches('/').to_owned())
    }

    /// Returns the URL with the defaults of its variables.
    pub(crate) fn with_defaults(&self) -> String {
        let defaults = self.variables.iter();
        defaults.fold(self.url.clone(), |url, variable| {
            url.replace(&format!("{{{}}}", variable.name), &variable.default)
        })
    }
}

impl Servers {
    /// Returns the index of the first usable server that a path or operation has of its own.
    pub(super) fn of_operation(
        &mut self,
        holder: &Map<String, Value>,
        pointer: &str,
        ledger: &mut Ledger,
    ) -> Option<usize> {
        let base = self.base.as_deref();
        let servers = read(base, holder.get("servers")?, pointer, ledger);
        if servers.len() > 1 {
            let detail = "the first server is called";
            let place = join(pointer, "servers");
            ledger.add(place, "servers", Effect::Dropped, detail);
        }
        Some(self.add(servers.into_iter().next()?))
    }

    /// Adds a server, unless an equal one is known.
    fn add(&mut self, mut server: Server) -> usize {
        let known = |one: &Server| one.url == server.url && one.variables == server.variables;
        if let Some(index) = self.all.iter().position(known) {
            return index;
        }
        server.name = self.taken.unique(&server.name);
        self.all.push(server);
        self.all.len() - 1
    }

    /// Reads the servers of the document, which was found at the URL `source`.
    pub(super) fn read(document: &Value, source: Option<&str>, ledger: &mut Ledger) -> Self {
        let mut servers = Self {
            base: base(document, source),
            ..Self::default()
        };
        // OpenAPI 3.1 section 4.8.1: a document without servers is served by the host that has it.
        let origin = json!([{ "url": "/" }]);
        let listed = document.get("servers").filter(|all| **all != json!([]));
        for server in read(
            servers.base.as_deref(),
            listed.unwrap_or(&origin),
            "",
            ledger,
        ) {
            servers.add(server);
        }
        servers
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn finish(self) -> Vec<Server> {
        self.all
    }
}

/// Reads a list of servers. Servers that no request can reach are left out.
fn read(base: Option<&str>, servers: &Value, pointer: &str, ledger: &mut Ledger) -> Vec<Server> {
    let place = join(pointer, "servers");
    let mut found = Vec::new();
    for (index, described) in servers.as_array().into_iter().flatten().enumerate() {
        let place = join(&place, &index.to_string());
        let text = |keyword: &str| described.get(keyword).and_then(Value::as_str);
        let Some(url) = text("url") else {
            ledger.add(place, "servers", Effect::Dropped, "it has no URL");
            continue;
        };
        let mut server = Server {
            name: String::new(),
            url: base.map_or_else(|| url.to_owned(), |base| resolved(base, url)),
            description: text("description").unwrap_or_default().to_owned(),
            variables: variables(described),
        };
        server.name = name(text("name"), &server);
        let url = server.with_defaults();
        // `/` is the server of a document without servers.
        if url.trim_matches('/').is_empty() {
            continue;
        }
        match flaw(&url) {
            Some(why) => ledger.add(place, "servers", Effect::Dropped, why),
            None => {
                if !is_absolute(&url) {
                    let detail = format!("`{url}` follows the host that `base_url` names");
                    ledger.add(&place, "servers", Effect::Rewritten, detail);
                }
                found.push(server);
            }
        }
    }
    found
}

fn variables(server: &Value) -> Vec<ServerVariable> {
    let variables = server.get("variables").and_then(Value::as_object);
    let url = server
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let read = |(name, variable): (&String, &Value)| {
        let text = |keyword: &str| match variable.get(keyword)? {
            Value::String(text) => Some(text.clone()),
            // YAML reads `8443` and `true` as other types than text.
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        let values = variable.get("enum").and_then(Value::as_array);
        let values = values.into_iter().flatten().map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let values: Vec<String> = values.collect();
        let default = text("default").or_else(|| values.first().cloned())?;
        let is_used = url.contains(&format!("{{{name}}}"));
        is_used.then(|| ServerVariable {
            name: name.clone(),
            default,
            values,
            description: text("description").unwrap_or_default(),
        })
    };
    variables.into_iter().flatten().filter_map(read).collect()
}

/// Returns the name of a server: its `name` (OpenAPI 3.2), its description, or its host.
fn name(given: Option<&str>, server: &Server) -> String {
    let described = Some(server.description.as_str()).filter(|it| it.len() <= 40);
    let host = server.with_defaults();
    let host = host
        .split_once("://")
        .map_or(host.as_str(), |(_, rest)| rest);
    let host = host
        .split('/')
        .find(|it| !it.is_empty())
        .unwrap_or("server");
    let names = [given, described, Some(&host.replace(['.', ':'], "-"))];
    let mut names = names.into_iter().flatten().map(slug);
    let name = names.find(|name| !name.is_empty());
    snake(&name.unwrap_or_else(|| "server".to_owned()))
}

/// Returns the absolute URL of the document: `$self` (OpenAPI 3.2), which may be relative to where
/// the document was found.
fn base(document: &Value, source: Option<&str>) -> Option<String> {
    let source = source.filter(|source| is_absolute(source));
    let own = document.get("$self").and_then(Value::as_str);
    let own = own.map(|own| source.map_or_else(|| own.to_owned(), |source| resolved(source, own)));
    own.filter(|own| is_absolute(own))
        .or_else(|| source.map(str::to_owned))
}

/// Resolves a relative URL against an absolute one (RFC 3986 section 5.2).
fn resolved(base: &str, url: &str) -> String {
    let end = base.find("://").and_then(|at| {
        let from = at + 3;
        let end = base.get(from..)?.find(['/', '?', '#']);
        Some(end.map_or(base.len(), |end| from + end))
    });
    let Some(end) = end.filter(|_| !is_absolute(url) && !url.contains("://")) else {
        return url.to_owned();
    };
    let (origin, path) = base.split_at(end);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if let Some(rest) = url.strip_prefix("//") {
        let scheme = origin.split("://").next().unwrap_or("https");
        return format!("{scheme}://{rest}");
    }
    if url.starts_with('/') {
        return format!("{origin}{url}");
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for segment in url.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    format!("{origin}/{}", segments.join("/"))
}

fn is_absolute(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let has_host = |scheme: &str| {
        let rest = lower.strip_prefix(scheme);
        rest.is_some_and(|rest| !rest.is_empty())
    };
    has_host("https://") || has_host("http://")
}

/// Returns why no request can go to a server.
fn flaw(url: &str) -> Option<&'static str> {
    let is_legal = |it: char| it.is_ascii_graphic() && !"\"\\`<>?#@".contains(it);
    if url.contains(['{', '}']) {
        Some("its URL has a variable without a default")
    } else if !url.chars().all(is_legal) {
        Some("its URL holds characters that no base URL can hold")
    } else if (url.contains("://") && !is_absolute(url)) || url.starts_with("//") {
        Some("its URL is not one of https")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Servers;
    use crate::ledger::Ledger;

    fn read(document: &Value) -> (Vec<(String, String)>, usize) {
        let mut ledger = Ledger::default();
        let servers = Servers::read(document, None, &mut ledger).finish();
        let dropped = ledger.entries().iter();
        let dropped = dropped.filter(|it| it.effect.as_str() == "dropped").count();
        let servers = servers
            .into_iter()
            .map(|it| (it.name.clone(), it.with_defaults()));
        (servers.collect(), dropped)
    }

    #[test]
    fn servers_are_named_and_completed() {
        let document = json!({ "servers": [
            { "url": "/api/v3" },
            { "url": "https://{region}.example:{port}/", "description": "Production",
              "variables": { "region": { "default": "eu", "enum": ["eu", "us"] }, "port": { "default": 8443 } } },
            { "url": "https://a.example", "description": "Production" },
            { "url": "https://b.example", "name": "stage" },
            { "url": "/" }, { "url": "" },
        ] });
        let (servers, dropped) = read(&document);
        let servers: Vec<(&str, &str)> = servers
            .iter()
            .map(|(name, url)| (name.as_str(), url.as_str()))
            .collect();
        assert_eq!(
            servers,
            [
                ("api", "/api/v3"),
                ("production", "https://eu.example:8443/"),
                ("production2", "https://a.example"),
                ("stage", "https://b.example"),
            ]
        );
        assert_eq!(dropped, 0);
    }

    #[test]
    fn unreachable_servers_are_reported() {
        let urls = [
            "https://{gone}.example",
            "https://a.example/\"x",
            "https://a.example/x\nconst A: u8 = 1;//",
            "ftp://x",
            "https://",
            "https://u@a.example",
        ];
        let servers: Vec<Value> = urls.iter().map(|url| json!({ "url": url })).collect();
        let (servers, dropped) = read(&json!({ "servers": servers }));
        assert_eq!((servers, dropped), (vec![], urls.len()));
        for none in [json!(null), json!([]), json!([{}]), json!("x")] {
            assert_eq!(read(&json!({ "servers": none })).0, []);
        }
    }

    #[test]
    fn self_resolves_relative_servers() {
        for (url, expected) in [
            ("/v1", "https://h.example/v1"),
            ("v1", "https://h.example/docs/v1"),
            ("../v2/x", "https://h.example/v2/x"),
            ("./", "https://h.example/docs"),
            ("//other.example/v1", "https://other.example/v1"),
            ("https://a.example", "https://a.example"),
        ] {
            let document = json!({
                "$self": "https://h.example/docs/openapi.yaml?x=/y",
                "servers": [{ "url": url }],
            });
            assert_eq!(read(&document).0[0].1, expected, "{url}");
        }
    }

    #[test]
    fn source_resolves_relative_servers() {
        for (own, source, expected) in [
            (
                None,
                Some("https://h.example/docs/openapi.yaml"),
                "https://h.example/docs/v1",
            ),
            (
                Some("../api.yaml"),
                Some("https://h.example/docs/openapi.yaml"),
                "https://h.example/v1",
            ),
            (
                Some("https://s.example/a"),
                Some("https://h.example/b"),
                "https://s.example/v1",
            ),
            (Some("../api.yaml"), None, "v1"),
            (None, Some("openapi.yaml"), "v1"),
        ] {
            let document = json!({ "$self": own, "servers": [{ "url": "v1" }] });
            let servers = Servers::read(&document, source, &mut Ledger::default()).finish();
            assert_eq!(servers[0].url, expected, "{own:?} {source:?}");
        }
        let source = Some("https://h.example/docs/openapi.yaml");
        for document in [
            json!({}),
            json!({ "servers": [] }),
            json!({ "servers": [{ "url": "/" }] }),
        ] {
            let servers = Servers::read(&document, source, &mut Ledger::default()).finish();
            assert_eq!(servers[0].absolute().as_deref(), Some("https://h.example"));
        }
    }
}
