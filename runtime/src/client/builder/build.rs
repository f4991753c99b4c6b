//! Checks the settings and builds the client.

use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::{ClientBuilder, CredentialSetting};
use crate::auth::source::{CredentialSource, SourceKind};
use crate::auth::token_cache::TokenCache;
use crate::client::http_client::{HttpClient, Recipe};
use crate::client::known_urls::KnownUrls;
use crate::client::request_limit::RequestLimit;
use crate::client::retry_budget::RetryBucket;
use crate::client::servers::Servers;
use crate::client::transport::{HttpService, TransportSlot};
use crate::client::{Client, Settings, tls};
use crate::error::Error;

impl ClientBuilder {
    /// Validates the settings and builds the client. Opens no connection.
    ///
    /// # Errors
    /// Returns an error for the first invalid setting. The error says why and does not show the
    /// value.
    pub fn build(self) -> Result<Client, Error> {
        let mut credentials = Vec::new();
        for (schemes, setting) in self.credentials {
            let unknown = schemes
                .iter()
                .find(|name| self.api.security_scheme(name).is_none());
            if let Some(unknown) = unknown {
                let mut known = Vec::new();
                for scheme in self.api.security_schemes {
                    known.push(scheme.name);
                }
                let known = known.join("`, `");
                let why = format!(
                    "the document has no security scheme `{unknown}`: name one of `{known}`"
                );
                return Err(Error::configuration(why));
            }
            let kind = match setting {
                CredentialSetting::Fixed(credential) => {
                    let credential = credential?;
                    for name in &schemes {
                        if let Some(scheme) = self.api.security_scheme(name) {
                            credential.check(scheme).map_err(Error::configuration)?;
                        }
                    }
                    SourceKind::Fixed(Arc::new(credential))
                }
                CredentialSetting::Provider(provider) => {
                    SourceKind::Provider(TokenCache::new(provider))
                }
            };
            credentials.push(CredentialSource { schemes, kind });
        }
        let extras = &self.options.extras;
        extras.check(self.api).map_err(Error::configuration)?;
        let Servers {
            base,
            of_operations,
        } = self.servers.resolve(self.api)?;
        for (name, limit) in [
            ("timeout", self.options.timeout),
            ("attempt timeout", self.options.attempt_timeout),
            ("connect timeout", self.connect_timeout),
        ] {
            if limit.is_zero() {
                let why = format!("the {name} must be longer than zero");
                return Err(Error::configuration(why));
            }
        }
        let has_changes = !self.http_changes.is_empty();
        let http = match self.http_client {
            Some(_) if has_changes => {
                return Err(Error::configuration(
                    "`http` changes the HTTP client of this crate and has no effect on that of `http_client`: set one of them",
                ));
            }
            Some(client) => HttpClient::of_caller(client, &base)?,
            None if !tls::IS_PRESENT && !has_changes && base.is_https() => {
                return Err(Error::configuration(
                    "an https base URL needs TLS: enable the feature `rustls` or `native-tls`, or give `http_client` a client with TLS",
                ));
            }
            None => HttpClient::build(Recipe {
                base: base.clone(),
                connect_timeout: self.connect_timeout,
                changes: self.http_changes,
            })?,
        };
        let mut servers = Vec::new();
        for (_, server) in &of_operations {
            if let Ok(server) = server {
                servers.push(server);
            }
        }
        http.check_servers(&servers)?;
        let http = Arc::new(http);
        let transport = self.transport.map(|wrap| {
            let service = HttpService::new(Arc::clone(&http));
            TransportSlot::new(wrap(service))
        });
        let settings = Settings {
            api: self.api,
            credentials,
            retry_budget: RetryBucket::new(self.retry_budget),
            requests: self.max_requests.map(RequestLimit::new),
            user_agent: user_agent(self.api.user_agent, self.user_agent_suffix.as_deref())?,
            known_urls: KnownUrls::default(),
            http,
            transport,
            base,
            servers: of_operations,
        };
        Ok(Client::new(settings, self.options))
    }
}

fn user_agent(own: &'static str, suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(suffix) = suffix else {
        return Ok(HeaderValue::from_static(own));
    };
    let is_legal = |it: char| it == ' ' || it.is_ascii_graphic();
    let value = HeaderValue::from_str(&format!("{own} {suffix}"));
    match value {
        Ok(value) if suffix.chars().all(is_legal) => Ok(value),
        _ => Err(Error::configuration(
            "the user agent suffix may hold visible ASCII characters and spaces only",
        )),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Proxy;

    use crate::client::{Api, Client};
    use crate::operation::{Operation, Server};

    const FILES: Server = Server::new("https://files.example", "");
    const OPERATIONS: &[Operation] = &[Operation::new("a", "a.a", "GET", "/a").server(&FILES)];
    static API: Api = Api::new("a", "A", "1")
        .default_server("https://api.example")
        .operations(OPERATIONS);

    #[test]
    fn server_on_this_machine_goes_to_no_proxy() {
        let proxy = Proxy::all("http://127.0.0.1:9").unwrap();
        let builder = |url: &str| {
            let proxy = proxy.clone();
            let builder = Client::builder(&API).server_url(&FILES, url);
            builder.http(move |http| http.proxy(proxy.clone()))
        };
        let error = builder("http://127.0.0.1:8080").build().unwrap_err();
        assert!(error.to_string().contains("`NO_PROXY`"), "{error}");
        for url in ["https://127.0.0.1:8080", "https://files.example"] {
            builder(url).build().unwrap();
        }
        // The guard of a base URL on this machine includes its servers.
        let local = builder("http://127.0.0.1:8080").base_url("http://localhost:8080");
        local.build().unwrap();
    }
}
