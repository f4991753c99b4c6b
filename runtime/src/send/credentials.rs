//! Chooses the credentials of a call: the first alternative of its security requirements that the
//! client can satisfy.

use std::sync::Arc;

use tokio::time::timeout_at;

use super::runner::CallRunner;
use crate::auth::credential::Issued;
use crate::auth::scheme::{SecurityScheme, SecuritySchemeKind};
use crate::auth::source::{CredentialSource, Origin};
use crate::call::context::Call;
use crate::error::{Error, ErrorKind};

impl CallRunner<'_> {
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
    pub(super) async fn discard_credentials(&self, call: &Call) -> bool {
        let mut is_discarded = false;
        for issued in &call.issued {
            let source = self.source(issued.scheme);
            if let (Some(generation), Some(source)) = (issued.generation, source)
                && let Origin::Provider(cache) = &source.origin
            {
                let rejecting = timeout_at(call.deadline, cache.reject(generation));
                is_discarded |= rejecting.await.is_ok();
            }
        }
        is_discarded
    }

    /// The credentials for all schemes of an alternative; `None` if one is missing.
    async fn satisfy(
        &self,
        call: &Call,
        alternative: &'static [&'static str],
    ) -> Result<Option<Vec<Issued>>, Error> {
        let mut needed = Vec::new();
        for name in alternative {
            let Some(scheme) = self.client.api().security_scheme(name) else {
                return Ok(None);
            };
            // The certificate is the HTTP client's.
            if scheme.kind == SecuritySchemeKind::MutualTls {
                continue;
            }
            let Some(source) = self.source(scheme) else {
                return Ok(None);
            };
            needed.push((scheme, source));
        }
        let mut all = Vec::new();
        for (scheme, source) in needed {
            match self.credential(call, scheme, source).await? {
                Some(issued) => all.push(issued),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    fn source(&self, scheme: &SecurityScheme) -> Option<&CredentialSource> {
        let mut sources = self.client.settings().credentials.iter();
        sources.find(|source| source.schemes.contains(&scheme.name))
    }

    /// The credential that a source gives for a scheme; `None` if it gives one for another.
    async fn credential(
        &self,
        call: &Call,
        scheme: &'static SecurityScheme,
        source: &CredentialSource,
    ) -> Result<Option<Issued>, Error> {
        let issued = match &source.origin {
            Origin::Fixed(credential) => Issued {
                scheme,
                credential: Arc::clone(credential),
                generation: None,
            },
            Origin::Provider(cache) => {
                let provided = timeout_at(call.deadline, cache.current(call.deadline))
                    .await
                    .map_err(|_| call.out_of_time("the credentials provider gave nothing"))?
                    .map_err(|error| {
                        call.error(ErrorKind::Credentials, "the credentials provider failed")
                            .caused_by(error)
                    })?;
                Issued {
                    scheme,
                    credential: provided.credential,
                    generation: Some(provided.generation),
                }
            }
        };
        let is_for_it = issued
            .credential
            .scheme()
            .is_none_or(|name| name == scheme.name);
        Ok(is_for_it.then_some(issued))
    }

    /// Names what is missing, and the setters that take it.
    fn missing(&self, alternatives: &[&[&str]]) -> String {
        let settings = self.client.settings();
        let setter = |name: &&&str| {
            let scheme = self.client.api().security_scheme(name)?;
            let is_given =
                self.source(scheme).is_some() || scheme.kind == SecuritySchemeKind::MutualTls;
            (!is_given).then(|| format!("`{}` (`{}`)", scheme.setter, scheme.name))
        };
        let setters = alternatives.iter().map(|alternative| {
            let setters: Vec<String> = alternative
                .iter()
                .filter_map(|name| setter(&name))
                .collect();
            setters.join(" and ")
        });
        let setters: Vec<String> = setters.filter(|text| !text.is_empty()).collect();
        let what = match settings.credentials.is_empty() {
            true => "it needs a credential and the client has none",
            false => "it needs a credential that the client lacks",
        };
        let setters = setters.join(", or ");
        format!(
            "{what}: {}call {setters} of the client's builder",
            self.client.api().credential_hint
        )
    }
}
