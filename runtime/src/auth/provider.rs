//! Providers of credentials that expire.

use futures_core::future::BoxFuture;

use crate::auth::credential::Credential;
use crate::error::BoxError;

/// A source of credentials that expire.
///
/// The client asks the provider when it needs the first credential, shortly before a credential
/// [expires](Credential::expires_in), and once after the server responded with 401. Only one call
/// renews the credential at a time. Other calls use the current credential while it is valid;
/// otherwise they wait for the result, including an error. The future counts towards the timeout of
/// the call that asks, and is dropped when that timeout passes.
///
/// An early renewal may take 5 seconds, or half of the remaining lifetime if that is shorter. If
/// the provider returns nothing in time, the call uses the current credential, and the provider is
/// not asked again for 5 seconds.
///
/// ```
/// # use neo_client_runtime::{BoxError, Credential, CredentialsProvider};
/// use std::time::Duration;
///
/// /// Reads a token that another program renews.
/// struct TokenFile;
///
/// impl CredentialsProvider for TokenFile {
///     async fn credentials(&self) -> Result<Credential, BoxError> {
///         let token = tokio::fs::read_to_string("/run/secrets/token").await?;
///         let token = Credential::bearer_token(token.trim())?;
///         Ok(token.expires_in(Duration::from_secs(600)))
///     }
/// }
/// ```
pub trait CredentialsProvider: Send + Sync + 'static {
    /// Returns a credential that is valid now.
    ///
    /// # Errors
    /// Any error is accepted. The error becomes the [`source`](std::error::Error::source) of the
    /// error of each call that waited, so it must not contain a secret. A call asks again, after a
    /// wait, as often as its [`RetryPolicy`](crate::RetryPolicy) permits attempts, unless the error
    /// is an [`Error`](crate::Error) of this crate that is not
    /// [retryable](crate::Error::is_retryable), such as that of an invalid token. The waiting calls
    /// share the error: downcast it to `Arc<dyn Error + Send + Sync>` first.
    fn credentials(&self) -> impl Future<Output = Result<Credential, BoxError>> + Send;
}

/// The object-safe form of [`CredentialsProvider`].
pub(crate) trait Provider: Send + Sync {
    fn provide(&self) -> BoxFuture<'_, Result<Credential, BoxError>>;
}

impl<P: CredentialsProvider> Provider for P {
    fn provide(&self) -> BoxFuture<'_, Result<Credential, BoxError>> {
        Box::pin(self.credentials())
    }
}
