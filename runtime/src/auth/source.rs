//! Where a client takes its credentials from.

use std::fmt;
use std::sync::Arc;

use crate::auth::credential::Credential;
use crate::auth::token_cache::TokenCache;

/// Where a client's credentials come from.
pub(crate) enum CredentialSource {
    None,
    Fixed(Arc<Credential>),
    Provider(TokenCache),
}

impl fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CredentialSource::None => f.write_str("none"),
            CredentialSource::Fixed(credential) => f.write_str(credential.scheme_name()),
            CredentialSource::Provider(_) => f.write_str("provider"),
        }
    }
}
