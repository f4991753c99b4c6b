//! Providers of credentials that expire.

use futures_core::future::BoxFuture;

use crate::auth::credential::Credential;
use crate::error::BoxError;

/// Where credentials that expire come from.
///
/// The client asks for one when it needs the first, shortly before one [expires](Credential::expires_in), and once after
/// the server answered 401; in between it keeps it. Whatever the number of calls under way, only one asks at a time. The
/// others use the credential there is while it is valid, and else wait for the answer, an error too. The future counts
/// towards the time limit of the call that asks, and is dropped when that has passed.
///
/// Before a credential expires, the future has 5 seconds, or half of the time that is left when that is less. If it gives
/// none, the call uses the credential there is, and for 5 seconds no other is asked for.
pub trait CredentialsProvider: Send + Sync + 'static {
    /// A credential that is valid now.
    ///
    /// # Errors
    /// Whatever went wrong; it becomes the [`source`](std::error::Error::source) of the error of each call that waited, so
    /// it must not hold a secret. Those calls share it: it is to be downcast to `Arc<dyn Error + Send + Sync>` first.
    fn credentials(&self) -> impl Future<Output = Result<Credential, BoxError>> + Send;
}

/// [`CredentialsProvider`] as an object.
pub(crate) trait Provider: Send + Sync {
    fn provide(&self) -> BoxFuture<'_, Result<Credential, BoxError>>;
}

impl<P: CredentialsProvider> Provider for P {
    fn provide(&self) -> BoxFuture<'_, Result<Credential, BoxError>> {
        Box::pin(self.credentials())
    }
}
