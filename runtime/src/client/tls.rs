//! The TLS library and, for rustls, the provider of its cryptography.

use crate::error::Error;

/// `true` if this crate brings a TLS library.
pub(crate) const IS_PRESENT: bool =
    cfg!(any(feature = "rustls-no-provider", feature = "native-tls"));

/// Checks that rustls has a provider, without which building an HTTP client would panic.
///
/// With the feature `rustls`, reqwest brings one, and uses it unless the program has installed
/// another.
///
/// # Errors
/// Fails if neither is there.
pub(crate) fn check_provider() -> Result<(), Error> {
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::configuration(
            "rustls has no cryptography provider: call `CryptoProvider::install_default` first, or \
             enable the feature `rustls`",
        ));
    }
    Ok(())
}

/// Chooses the library if there are two: rustls, unless only the other one is enabled.
pub(crate) fn choose(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(all(feature = "rustls-no-provider", feature = "native-tls"))]
    let builder = builder.tls_backend_rustls();
    builder
}
