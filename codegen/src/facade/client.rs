//! Emits `Client` and `ClientBuilder`: newtypes over those of the runtime, documented for this API.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::servers;
use super::snippets::Snippets;
use crate::lower::{Api, SecurityScheme, SecuritySchemeKind};
use crate::markdown;

/// Emits the two types. `accessors` are the methods that return the handles of the tags.
pub(super) fn items(
    api: &Api,
    accessors: &[TokenStream],
    example: Option<&str>,
    snippets: &Snippets<'_>,
) -> TokenStream {
    let client = client(api, accessors, example, snippets);
    let builder = builder(api, snippets);
    quote! { #client #builder }
}

fn client(
    api: &Api,
    accessors: &[TokenStream],
    example: Option<&str>,
    snippets: &Snippets<'_>,
) -> TokenStream {
    let (request, with_options) = (snippets.request(), snippets.with_options());
    let example = example.map_or_else(String::new, |code| format!("\n\n```no_run\n{code}\n```"));
    let doc = format!(
        "A client for {}.\n\n\
         Clones share one connection pool, the credentials and the retry budget. Build one client \
         and clone it. Calls need a tokio runtime with I/O and timers enabled.{example}",
        title(api),
    );
    let builder_doc = match &api.default_server() {
        Some(server) => {
            format!("Returns a builder with the base URL `{server}` and no credentials.")
        }
        None => "Returns a builder without credentials and without a base URL.".to_owned(),
    };
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone)]
        pub struct Client(pub(crate) runtime::Client);

        impl Client {
            #[doc = #builder_doc]
            pub fn builder() -> ClientBuilder {
                ClientBuilder(runtime::Client::builder(&super::API))
            }

            /// Starts a request to a path that the OpenAPI document lacks. The request has the same
            /// credentials, checks and errors as any operation.
            ///
            /// `path` is relative to the base URL, begins with one `/`, and has no query; use
            /// [`RawRequest::query`](runtime::RawRequest::query). An invalid path is reported when
            /// the request is sent.
            #request
            pub fn request(
                &self,
                method: runtime::Method,
                path: impl AsRef<str>,
            ) -> runtime::RawRequest {
                self.0.request(method, path)
            }

            /// Returns this client with other timeouts, retries or limits, or with headers, query
            /// pairs or body properties that the OpenAPI document lacks, for one call or many.
            ///
            /// Both clients share connections, credentials and the retry budget.
            #with_options
            #[must_use = "this client stays as it is"]
            pub fn with_options(
                &self,
                change: impl FnOnce(runtime::CallOptions) -> runtime::CallOptions,
            ) -> Self {
                Self(self.0.with_options(change))
            }

            #(#accessors)*
        }

        impl ::std::convert::AsRef<runtime::Client> for Client {
            fn as_ref(&self) -> &runtime::Client {
                &self.0
            }
        }
    }
}

fn builder(api: &Api, snippets: &Snippets<'_>) -> TokenStream {
    let doc = format!(
        "Builds a [`Client`] for {}. [`build`](Self::build) validates the settings and reports the \
         first error.",
        title(api),
    );
    let setters = api
        .security_schemes
        .iter()
        .filter(|scheme| !scheme.is_by_hand)
        .filter_map(credential_setter);
    let setters: Vec<TokenStream> = setters.collect();
    let provider = (!setters.is_empty()).then(provider_setter);
    let base_url = match (api.default_server(), api.own_servers().first()) {
        (Some(server), _) => format!("Sets a server other than `{server}`."),
        (None, Some(relative)) => format!(
            "Sets the server. The OpenAPI document names the path `{}` without a host; the path \
             follows a URL without a path.",
            relative.with_defaults(),
        ),
        (None, None) => "Sets the server, which the OpenAPI document does not name.".to_owned(),
    };
    let taken: Vec<String> = api.setters().into_values().collect();
    let servers = servers::setters(api, &taken);
    let (options, settings) = (option_setters(snippets), snippets.settings());
    quote! {
        #[doc = #doc]
        #settings
        #[derive(Debug)]
        #[must_use]
        pub struct ClientBuilder(pub(crate) runtime::ClientBuilder);

        impl ClientBuilder {
            #(#setters)*
            #provider

            #[doc = #base_url]
            ///
            /// The URL is `https`, or `http` on a loopback host. It may have a path, which is
            /// prepended to the path of each request, and must have no user info, query or
            /// fragment. A trailing slash makes no difference.
            pub fn base_url(self, url: impl AsRef<str>) -> Self {
                Self(self.0.base_url(url))
            }

            #servers

            #options

            /// Validates the settings and builds the client. Opens no connection.
            ///
            /// # Errors
            ///
            /// Returns an error for the first invalid setting. The error says why and does not show
            /// the value.
            pub fn build(self) -> ::std::result::Result<Client, runtime::Error> {
                self.0.build().map(Client)
            }
        }
    }
}

/// Emits the setter of a scheme's credential. A client certificate has none.
fn credential_setter(scheme: &SecurityScheme) -> Option<TokenStream> {
    let (setter, name) = (format_ident!("{}", scheme.setter), &scheme.name);
    let sent = match &scheme.kind {
        SecuritySchemeKind::Header(header) => format!("in the header {}", code(header)),
        SecuritySchemeKind::Query(parameter) => {
            format!("in the query parameter {}", code(parameter))
        }
        SecuritySchemeKind::Cookie(cookie) => format!("in the cookie {}", code(cookie)),
        SecuritySchemeKind::Basic => "as `Authorization: Basic`".to_owned(),
        SecuritySchemeKind::Bearer => "as `Authorization: Bearer`".to_owned(),
        SecuritySchemeKind::Authorization(other) => {
            format!("as {}", code(&format!("Authorization: {other}")))
        }
        SecuritySchemeKind::MutualTls => return None,
    };
    let scheme_name = code(name);
    let mut doc = match scheme.kind {
        SecuritySchemeKind::Basic => "Sets the user name and the password".to_owned(),
        _ => "Sets the credential".to_owned(),
    };
    doc += &format!(" of the security scheme {scheme_name}, sent {sent}.");
    let description = markdown::safe(&scheme.description);
    if !description.trim().is_empty() {
        doc += &format!("\n\n{}", description.trim());
    }
    Some(match scheme.kind {
        SecuritySchemeKind::Basic => quote! {
            #[doc = #doc]
            pub fn #setter(self, user: impl Into<String>, password: impl Into<String>) -> Self {
                Self(self.0.user_and_password(#name, user, password))
            }
        },
        _ => quote! {
            #[doc = #doc]
            pub fn #setter(self, credential: impl Into<String>) -> Self {
                Self(self.0.secret(#name, credential))
            }
        },
    })
}

fn provider_setter() -> TokenStream {
    quote! {
        /// Sets a provider of credentials that expire, for a security scheme or several, by their
        /// names in the OpenAPI document. A provider for several schemes names the scheme of each
        /// credential with [`Credential::for_scheme`](runtime::Credential::for_scheme).
        pub fn credentials_provider(
            self,
            schemes: impl IntoIterator<Item = &'static str>,
            provider: impl runtime::CredentialsProvider,
        ) -> Self {
            Self(self.0.credentials_provider(schemes, provider))
        }
    }
}

/// Emits the setters that every API has.
fn option_setters(snippets: &Snippets<'_>) -> TokenStream {
    let http = snippets.http();
    quote! {
        /// Allows a base URL with `http` to a host that is not loopback. Everyone on the network
        /// path can then read the credentials.
        pub fn allow_insecure_http(self) -> Self {
            Self(self.0.allow_insecure_http())
        }

        /// Limits the duration of a call, including all attempts and the waits between them. The
        /// default is 90 seconds, and ends no upload that makes progress. See [`CallOptions::timeout`](runtime::CallOptions::timeout).
        pub fn timeout(self, limit: ::std::time::Duration) -> Self {
            Self(self.0.timeout(limit))
        }

        /// Limits the duration of one attempt; an upload that makes progress is not ended. The
        /// default is 30 seconds. See
        /// [`CallOptions::attempt_timeout`](runtime::CallOptions::attempt_timeout).
        pub fn attempt_timeout(self, limit: ::std::time::Duration) -> Self {
            Self(self.0.attempt_timeout(limit))
        }

        /// Limits the time to open a connection, with TLS. The default is 10 seconds.
        pub fn connect_timeout(self, limit: ::std::time::Duration) -> Self {
            Self(self.0.connect_timeout(limit))
        }

        /// Sets how often and after which waits a failed request is retried. The default is
        /// [`RetryPolicy::default`](runtime::RetryPolicy::default).
        pub fn retry_policy(self, policy: runtime::RetryPolicy) -> Self {
            Self(self.0.retry_policy(policy))
        }

        /// Adds a header to each request of the client, such as the key of a gateway. A header that a
        /// call itself sets takes precedence. See
        /// [`CallOptions::header`](runtime::CallOptions::header).
        pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
            Self(self.0.header(name, value))
        }

        /// Limits the number of bytes of a response that are read into memory. The default is 32
        /// MiB. See [`CallOptions::response_limit`](runtime::CallOptions::response_limit).
        pub fn response_limit(self, bytes: usize) -> Self {
            Self(self.0.response_limit(bytes))
        }

        /// Appends text to the `User-Agent` header, by convention `name/version` of the calling
        /// program.
        pub fn user_agent_suffix(self, suffix: impl Into<String>) -> Self {
            Self(self.0.user_agent_suffix(suffix))
        }

        /// Sets how many retries all calls of the client may make together. The default is
        /// [`RetryBudget::new`](runtime::RetryBudget::new).
        pub fn retry_budget(self, budget: runtime::RetryBudget) -> Self {
            Self(self.0.retry_budget(budget))
        }

        /// Limits the number of requests in flight at once, and with it the number of connections.
        /// There is no limit by default.
        ///
        /// A request counts until its response is complete, a stream as long as it is open. Further
        /// requests wait for their turn, within the timeout of their call.
        pub fn max_concurrent_requests(self, max: usize) -> Self {
            Self(self.0.max_concurrent_requests(max))
        }

        /// Changes settings of the HTTP client: proxies, root certificates, client certificates,
        /// DNS, connection pool, HTTP/2.
        ///
        /// The guards of the client stay in force, whatever `change` does: no redirect is followed
        /// to another origin, no proxy is used for a base URL on this machine, reqwest repeats no
        /// request by itself, and [`connect_timeout`](ClientBuilder::connect_timeout) applies.
        ///
        /// `change` runs again when a connection is replaced, so it must return the same settings
        /// each time.
        #http
        pub fn http(
            self,
            change: impl Fn(::reqwest::ClientBuilder) -> ::reqwest::ClientBuilder
                + ::std::marker::Send
                + ::std::marker::Sync
                + 'static,
        ) -> Self {
            Self(self.0.http(change))
        }

        /// Sends requests through a service of your own, beneath credentials, retries and
        /// redirects: tower layers around the HTTP client, or a fake in a test.
        ///
        /// `wrap` receives the HTTP client of this client, with all settings and guards, as a
        /// service. The service that it returns receives each request as it goes out; see
        /// [`Transport`](runtime::Transport).
        ///
        /// For example,
        /// `.transport(|http| ServiceBuilder::new().rate_limit(10, second).service(http))` sends at
        /// most ten requests a second. [`Transport`](runtime::Transport) shows a fake.
        pub fn transport<T: runtime::Transport>(
            self,
            wrap: impl FnOnce(runtime::HttpService) -> T + ::std::marker::Send + 'static,
        ) -> Self {
            Self(self.0.transport(wrap))
        }

        /// Uses your own HTTP client, for example with another TLS library. Prefer
        /// [`http`](ClientBuilder::http) for proxies and certificates.
        ///
        /// Your own client loses the guards that `http` keeps. **Build the client with
        /// `redirect::Policy::none()`**: the default policy of reqwest sends credential headers
        /// other than `Authorization` to any host that a redirect names. A call in which reqwest
        /// followed a redirect is an error, but the credential may have been sent by then. Also set
        /// `retry(reqwest::retry::never())`: reqwest repeats some requests by itself, which nothing
        /// counts. The timeouts of your client apply in addition, also to streaming responses.
        pub fn http_client(self, client: ::reqwest::Client) -> Self {
            Self(self.0.http_client(client))
        }
    }
}

fn title(api: &Api) -> String {
    let line: Vec<&str> = api.title.split_whitespace().collect();
    markdown::safe(&line.join(" "))
}

/// Returns inline code, or plain text if the text holds a backtick or a line break.
fn code(text: &str) -> String {
    match text.contains(['`', '\n', '\r']) || text.trim().is_empty() {
        true => markdown::safe(text),
        false => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use syn::{ImplItem, ItemImpl};

    use super::{Snippets, option_setters};
    use crate::lower::BUILDER_METHODS;

    #[test]
    fn setters_have_reserved_names() {
        let setters = option_setters(&Snippets::new(Some("api")));
        let setters: ItemImpl = syn::parse_quote! { impl ClientBuilder { #setters } };
        assert!(setters.items.len() > 10);
        for item in setters.items {
            let ImplItem::Fn(setter) = item else {
                panic!("not a setter");
            };
            let name = setter.sig.ident.to_string();
            assert!(BUILDER_METHODS.contains(&name.as_str()), "{name}");
        }
    }
}
