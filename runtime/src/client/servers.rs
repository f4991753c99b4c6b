//! The destinations of a client: its base URL, and the servers that operations have of their own.

use reqwest::Url;

use super::Api;
use super::base_url::BaseUrl;
use crate::error::Error;
use crate::operation::Server;

/// The settings of servers.
#[derive(Default)]
pub(super) struct ServerSettings {
    pub(super) base_url: Option<String>,
    /// The server of the document that is used instead of the first.
    pub(super) server: Option<&'static Server>,
    /// The values of variables, by name.
    pub(super) variables: Vec<(String, String)>,
    /// The URLs that replace servers of the document, by the URL in the document.
    pub(super) replaced: Vec<(&'static str, String)>,
    pub(super) allow_insecure_http: bool,
}

/// The destinations of a client.
pub(super) struct Servers {
    pub(super) base: BaseUrl,
    /// The servers of operations, by the URL in the document. A server that cannot be called is
    /// kept with the reason.
    pub(super) of_operations: Vec<(&'static str, Result<BaseUrl, String>)>,
}

impl ServerSettings {
    /// Resolves the servers of an API.
    pub(super) fn resolve(&self, api: &Api) -> Result<Servers, Error> {
        self.check_variables(api)?;
        let base = BaseUrl::parse(&self.base(api)?, self.allow_insecure_http)?;
        let mut of_operations: Vec<(&'static str, Result<BaseUrl, String>)> = Vec::new();
        for server in api.operations.iter().filter_map(|it| it.server) {
            if of_operations.iter().all(|(url, _)| *url != server.url) {
                let resolved = self.of_operation(server, &base)?;
                of_operations.push((server.url, resolved));
            }
        }
        Ok(Servers {
            base,
            of_operations,
        })
    }

    fn expanded(&self, server: &Server) -> Result<String, Error> {
        let value = |name: &str| {
            let value = self.variables.iter().rev().find(|(of, _)| of == name);
            value.map(|(_, value)| value.as_str())
        };
        server.with_values(value).map_err(Error::configuration)
    }

    /// Returns the text of the base URL.
    fn base(&self, api: &Api) -> Result<String, Error> {
        let servers = match &self.server {
            Some(server) => std::slice::from_ref(server),
            None => api.servers,
        };
        let mut expanded = Vec::new();
        for server in servers {
            expanded.push((*server, self.expanded(server)?));
        }
        let absolute = expanded.iter().find(|(_, url)| is_absolute(url));
        let relative = expanded.first().filter(|_| absolute.is_none());
        let path = relative.map(|(_, url)| path(url)).unwrap_or_default();
        let replaced = absolute.and_then(|(server, _)| self.replacement(server));
        if let Some(given) = self.base_url.as_deref().or(replaced) {
            return Ok(match Url::parse(given) {
                // The host alone: the path of the document follows. Else the caller knows the path.
                Ok(url) if url.path() == "/" => given.trim_end_matches('/').to_owned() + &path,
                _ => given.to_owned(),
            });
        }
        if let Some((_, url)) = absolute {
            return Ok(url.clone());
        }
        if !path.is_empty() {
            return Err(Error::configuration(format!(
                "the document names the server `{path}` without a host: give the host to the builder with \
                 `base_url`, such as `https://api.example.com`, and `{path}` follows"
            )));
        }
        let default = api.default_server.map(str::to_owned);
        default.ok_or_else(|| {
            Error::configuration(
                "no server is known: give the base URL to the builder with `base_url`",
            )
        })
    }

    fn replacement(&self, server: &Server) -> Option<&str> {
        let replaced = self.replaced.iter().rev();
        let mut replaced = replaced.filter(|(url, _)| *url == server.url);
        replaced.next().map(|(_, url)| url.as_str())
    }

    /// Resolves the server of an operation.
    ///
    /// A relative URL is joined to the host of the base URL. A base URL on this machine stands for
    /// every server, so that a test or a mock server receives every call.
    fn of_operation(
        &self,
        server: &Server,
        base: &BaseUrl,
    ) -> Result<Result<BaseUrl, String>, Error> {
        if let Some(url) = self.replacement(server) {
            return BaseUrl::parse(url, self.allow_insecure_http).map(Ok);
        }
        let url = self.expanded(server)?;
        if !is_absolute(&url) {
            return BaseUrl::parse(&base.with_path(&path(&url)), self.allow_insecure_http).map(Ok);
        }
        if base.is_loopback() {
            return Ok(Ok(base.clone()));
        }
        if self.base_url.is_some() && !base.is_same(&url) {
            return Ok(Err(format!(
                "the document has another server for this operation, `{}`, and the base URL was replaced: name the \
                 URL of this server with `server_url` of the client's builder",
                server.url
            )));
        }
        // Such a server fails when it is called, because others may work.
        Ok(BaseUrl::parse(&url, self.allow_insecure_http).map_err(|error| error.to_string()))
    }

    /// Checks that a variable is one of the document.
    fn check_variables(&self, api: &Api) -> Result<(), Error> {
        let mut servers = api.servers.to_vec();
        for operation in api.operations {
            servers.extend(operation.server);
        }
        servers.extend(self.server);
        let mut known = Vec::new();
        for server in servers {
            for variable in server.variables {
                known.push(variable.name);
            }
        }
        match self
            .variables
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            Some((name, _)) => {
                let known = match known.is_empty() {
                    true => "leave it out".to_owned(),
                    false => format!("use one of `{}`", known.join("`, `")),
                };
                Err(Error::configuration(format!(
                    "no server of the document has a variable `{name}`: {known}"
                )))
            }
            None => Ok(()),
        }
    }
}

fn is_absolute(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// Returns the path of a relative URL, from the root and without a trailing slash (RFC 3986 section
/// 5.2).
fn path(url: &str) -> String {
    let root = Url::parse("https://host.invalid/").and_then(|root| root.join(url));
    root.map(|url| url.path().trim_end_matches('/').to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Operation, ServerVariable};

    const RELATIVE: Server = Server::new("/api/v3", "");
    const REGIONS: Server = Server::new("https://{region}.example/v1", "")
        .variables(&[ServerVariable::new("region", "eu", &["eu", "us"])]);
    const FILES: Server = Server::new("https://files.example/v2", "");
    const BESIDE: Server = Server::new("/beside", "");

    fn operations() -> &'static [Operation] {
        const ALL: &[Operation] = &[
            Operation::new("a", "a.a", "GET", "/a").server(&FILES),
            Operation::new("b", "a.b", "GET", "/b").server(&BESIDE),
        ];
        ALL
    }

    fn base(servers: &'static [&'static Server], settings: &ServerSettings) -> String {
        let api = Api::new("a", "A", "1").servers(servers);
        match settings.resolve(&api) {
            Ok(servers) => servers.base.as_str().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn at(base_url: &str) -> ServerSettings {
        ServerSettings {
            base_url: Some(base_url.to_owned()),
            ..ServerSettings::default()
        }
    }

    #[test]
    fn relative_server_follows_the_host_of_the_caller() {
        let error = base(&[&RELATIVE], &ServerSettings::default());
        assert!(
            error.contains("`/api/v3`") && error.contains("`base_url`"),
            "{error}"
        );
        for (given, expected) in [
            ("https://api.example", "https://api.example/api/v3"),
            ("https://api.example/", "https://api.example/api/v3"),
            ("https://api.example/gate", "https://api.example/gate"),
        ] {
            assert_eq!(base(&[&RELATIVE], &at(given)), expected);
        }
        for (url, expected) in [("/", ""), ("", ""), ("../v2/", "/v2"), ("v1", "/v1")] {
            assert_eq!(path(url), expected, "{url}");
        }
    }

    #[test]
    fn first_absolute_server_is_the_default() {
        let servers: &'static [&'static Server] = &[&RELATIVE, &REGIONS, &FILES];
        let mut settings = ServerSettings::default();
        assert_eq!(base(servers, &settings), "https://eu.example/v1");
        settings
            .variables
            .push(("region".to_owned(), "us".to_owned()));
        assert_eq!(base(servers, &settings), "https://us.example/v1");
        settings.server = Some(&FILES);
        assert_eq!(base(servers, &settings), "https://files.example/v2");
        settings
            .replaced
            .push((FILES.url, "https://other.example/x".to_owned()));
        assert_eq!(base(servers, &settings), "https://other.example/x");
        settings.variables.push(("zone".to_owned(), "a".to_owned()));
        assert!(base(servers, &settings).contains("`zone`"));
    }

    #[test]
    fn operation_server_is_called_or_refused() {
        let of = |settings: &ServerSettings| {
            let api = Api::new("a", "A", "1")
                .servers(&[&REGIONS])
                .operations(operations());
            let servers = settings.resolve(&api).unwrap();
            let mut urls = servers.of_operations.into_iter().map(|(_, url)| match url {
                Ok(url) => url.as_str().to_owned(),
                Err(why) => why,
            });
            (urls.next().unwrap(), urls.next().unwrap())
        };
        let (files, beside) = of(&ServerSettings::default());
        assert_eq!(files, "https://files.example/v2");
        assert_eq!(beside, "https://eu.example/beside");
        let (files, beside) = of(&at("http://127.0.0.1:8080/x"));
        assert_eq!(files, "http://127.0.0.1:8080/x");
        assert_eq!(beside, "http://127.0.0.1:8080/beside");
        let (files, _) = of(&at("https://staging.example"));
        assert!(files.contains("`server_url`"), "{files}");
        let mut settings = at("https://staging.example");
        settings
            .replaced
            .push((FILES.url, "https://files.staging.example".to_owned()));
        assert_eq!(of(&settings).0, "https://files.staging.example");
    }
}
