//! Credentials: what is sent, and where it comes from.

pub(crate) mod characters;
pub(crate) mod credential;
pub(crate) mod placement;
pub(crate) mod provider;
pub(crate) mod scheme;
pub(crate) mod source;
pub(crate) mod token_cache;
mod webhook_secret;

pub use credential::Credential;
pub use provider::CredentialsProvider;
pub use scheme::{SecurityScheme, SecuritySchemeKind};
pub use webhook_secret::{WebhookError, WebhookSecret};
