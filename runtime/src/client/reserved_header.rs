//! Headers that belong to the client, and that no caller may set.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue, PROXY_AUTHORIZATION};

use crate::auth::scheme::is_framing;
use crate::client::Api;

/// Checks a header of the caller.
///
/// # Errors
/// Fails for a header that carries a credential or frames the message, and for characters that no
/// header can hold. The error does not show the value.
pub(crate) fn check(
    api: &Api,
    name: &str,
    value: &str,
) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::try_from(name)
        .map_err(|_| "a header name holds illegal characters".to_owned())?;
    let mut of_schemes = api
        .security_schemes
        .iter()
        .filter_map(|scheme| scheme.kind.header());
    let is_credential = [AUTHORIZATION, PROXY_AUTHORIZATION].contains(&name)
        || of_schemes.any(|header| name.as_str().eq_ignore_ascii_case(header));
    if is_credential {
        return Err(format!(
            "the header `{name}` is set by the client: give the credential to its builder"
        ));
    }
    // A cookie of the caller is sent beside those of the client.
    if is_framing(name.as_str()) && name != reqwest::header::COOKIE {
        return Err(format!(
            "the header `{name}` is set by the client: leave it out"
        ));
    }
    let value = HeaderValue::try_from(value)
        .map_err(|_| format!("the value of the header `{name}` holds illegal characters"))?;
    Ok((name, value))
}
