//! Chooses the credentials of a call: the first alternative of its security requirements that the
//! client can satisfy.

use std::error::Error as StdError;
use std::sync::Arc;

use reqwest::Request;
use tokio::time::timeout_at;

use crate::auth::placement::Issued;
use crate::auth::scheme::{SecurityScheme, SecuritySchemeKind};
use crate::auth::source::{CredentialSource, SourceKind};
use crate::call::context::Call;
use crate::client::Client;
use crate::error::{BoxError, Error, ErrorKind};

/// The credentials of a client, as one call needs them.
pub(super) struct Credentials<'c> {
    client: &'c Client,
}

impl<'c> Credentials<'c> {
    /// Returns the credentials of `client`.
    pub(super) fn new(client: &'c Client) -> Self {
        Self { client }
    }

    /// Returns the credentials to send.
    ///
    /// # Errors
    /// When the client lacks what each alternative needs, or a provider fails.
    pub(super) async fn issue(&self, call: &Call) -> Result<Vec<Issued>, Error> {
        let alternatives = call.endpoint.security();
        for alternative in alternatives.iter().filter(|it| !it.is_empty()) {
            if let Some(issued) = self.satisfy(call, alternative).await? {
                return Ok(issued);
            }
        }
        if alternatives.is_empty() || alternatives.iter().any(|it| it.is_empty()) {
            return Ok(Vec::new());
        }
        Err(call.error(ErrorKind::Credentials, self.missing(alternatives)))
    }

    /// Returns whether another credential may be available after a 401. A fixed credential would be
    /// rejected again.
    pub(super) fn discard(&self, call: &Call) -> bool {
        let mut is_discarded = false;
        for issued in &call.issued {
            let source = self.source(issued.scheme);
            if let (Some(generation), Some(source)) = (issued.generation, source)
                && let SourceKind::Provider(cache) = &source.kind
            {
                cache.reject(generation);
                is_discarded = true;
            }
        }
        is_discarded
    }

    /// Puts the credentials of a call into a request.
    pub(super) fn apply(&self, call: &Call, request: &mut Request) -> Result<(), Error> {
        for (index, issued) in call.issued.iter().enumerate() {
            let header = |issued: &Issued| issued.scheme.kind.header().unwrap_or_default();
            let mut earlier = call.issued.iter().take(index);
            let is_first = !earlier.any(|it| header(it).eq_ignore_ascii_case(header(issued)));
            issued
                .credential
                .apply(issued.scheme, request, is_first)
                .map_err(|why| call.error(ErrorKind::Credentials, why))?;
        }
        Ok(())
    }

    /// The credentials for all schemes of an alternative; `None` if one is missing.
    async fn satisfy(
        &self,
        call: &Call,
        alternative: &'static [&'static str],
    ) -> Result<Option<Vec<Issued>>, Error> {
        if alternative.len() > 1 && self.rivals(alternative).len() > 1 {
            return Ok(None);
        }
        // A provider is asked only if nothing else is missing.
        if !alternative.iter().all(|name| self.has(name)) {
            return Ok(None);
        }
        let mut all = Vec::with_capacity(alternative.len());
        for name in alternative {
            let scheme = self.client.api().security_scheme(name);
            let needed = scheme.and_then(|scheme| Some((scheme, self.source(scheme)?)));
            // Without a source, the HTTP client of the caller has the certificate.
            let Some((scheme, source)) = needed else {
                continue;
            };
            match self.credential(call, scheme, source).await? {
                Some(issued) => all.push(issued),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// Returns whether the client has something for a scheme.
    fn has(&self, name: &str) -> bool {
        match self.client.api().security_scheme(name) {
            // The certificate is that of the caller's HTTP client.
            Some(scheme) if scheme.kind == SecuritySchemeKind::MutualTls => {
                self.has_own_http_client()
            }
            Some(scheme) => self.source(scheme).is_some(),
            None => false,
        }
    }

    fn source(&self, scheme: &SecurityScheme) -> Option<&'c CredentialSource> {
        let mut sources = self.client.settings().credentials.iter();
        sources.find(|source| source.schemes.contains(&scheme.name))
    }

    /// Returns the credential of a source; `None` if a provider's credential is for another scheme.
    async fn credential(
        &self,
        call: &Call,
        scheme: &'static SecurityScheme,
        source: &CredentialSource,
    ) -> Result<Option<Issued>, Error> {
        let issued = match &source.kind {
            SourceKind::Fixed(credential) => Issued {
                scheme,
                credential: Arc::clone(credential),
                generation: None,
            },
            SourceKind::Provider(cache) => {
                let provided = timeout_at(call.deadline, cache.current(call.deadline))
                    .await
                    .map_err(|_| call.out_of_time("the credentials provider gave nothing"))?
                    .map_err(|error| {
                        call.error(ErrorKind::Credentials, "the credentials provider failed")
                            .temporary_if(may_pass(&error))
                            .caused_by(error)
                    })?;
                Issued {
                    scheme,
                    credential: provided.credential,
                    generation: Some(provided.generation),
                }
            }
        };
        // Otherwise the credential could be sent where another one belongs.
        let is_ambiguous = issued.generation.is_some() && source.schemes.len() > 1;
        if is_ambiguous && issued.credential.scheme().is_none() {
            let why = "the provider serves several schemes, and its credential must name the scheme with `for_scheme`";
            return Err(call.error(ErrorKind::Credentials, why));
        }
        let is_for_it = issued
            .credential
            .scheme()
            .is_none_or(|name| name == scheme.name);
        Ok(is_for_it.then_some(issued))
    }

    /// Returns whether the caller brought the HTTP client, which may have a client certificate.
    fn has_own_http_client(&self) -> bool {
        self.client.settings().http.is_of_caller()
    }

    /// The schemes of an alternative that use the `Authorization` header, which holds only one
    /// credential.
    fn rivals<'n>(&self, alternative: &[&'n str]) -> Vec<&'n str> {
        let mut rivals = Vec::new();
        for name in alternative {
            let scheme = self.client.api().security_scheme(name);
            let header = scheme.and_then(|scheme| scheme.kind.header());
            if header.is_some_and(|header| header.eq_ignore_ascii_case("authorization")) {
                rivals.push(*name);
            }
        }
        rivals
    }

    /// Names what is missing, and the methods of the builder that take it. Never empty.
    fn missing(&self, alternatives: &[&[&str]]) -> String {
        let mut setters: Vec<String> = Vec::new();
        let mut obstacles: Vec<String> = Vec::new();
        for alternative in alternatives {
            match self.missing_of(alternative) {
                Missing::Setters(text) => setters.push(text),
                Missing::Obstacle(text) if obstacles.contains(&text) => {}
                Missing::Obstacle(text) => obstacles.push(text),
            }
        }
        let what = match self.client.settings().credentials.is_empty() {
            true => "it needs a credential and the client has none",
            false => "it needs a credential that the client lacks",
        };
        if !setters.is_empty() {
            let (hint, setters) = (self.client.api().credential_hint, setters.join(", or "));
            let remedy = format!("{hint}call {setters} of the client's builder");
            obstacles.insert(0, remedy);
        }
        format!("{what}: {}", obstacles.join("; "))
    }

    fn missing_of(&self, alternative: &[&str]) -> Missing {
        let rivals = self.rivals(alternative);
        if rivals.len() > 1 {
            let rivals = quoted(&rivals, " and ");
            return Missing::Obstacle(format!(
                "the schemes {rivals} together, of which `Authorization` can hold only one"
            ));
        }
        let mut setters = Vec::new();
        let mut given = Vec::new();
        for name in alternative {
            let Some(scheme) = self.client.api().security_scheme(name) else {
                return Missing::Obstacle(format!(
                    "the scheme `{name}`, which this client cannot send"
                ));
            };
            if scheme.kind == SecuritySchemeKind::MutualTls {
                if !self.has_own_http_client() {
                    setters.push(format!(
                        "`http_client` with a client certificate (`{name}`)"
                    ));
                }
            } else if self.source(scheme).is_some() {
                given.push(*name);
            } else {
                setters.push(format!("`{}` (`{name}`)", scheme.setter));
            }
        }
        if !setters.is_empty() {
            return Missing::Setters(setters.join(" and "));
        }
        let given = quoted(&given, " or ");
        Missing::Obstacle(format!(
            "the credential given for {given} names another scheme with `for_scheme`"
        ))
    }
}

/// Returns whether a failure of a provider may pass. Only an error of this crate can say that it
/// does not, such as the error of an invalid credential.
fn may_pass(error: &BoxError) -> bool {
    let shared = error.downcast_ref::<Arc<dyn StdError + Send + Sync>>();
    let own = shared.and_then(|shared| shared.downcast_ref::<Error>());
    own.is_none_or(Error::is_retryable)
}

/// The parts that an alternative lacks.
enum Missing {
    /// Methods of the client's builder that supply it.
    Setters(String),
    /// The reason why no method helps.
    Obstacle(String),
}

fn quoted(names: &[&str], between: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(between)
}
