//! The `WWW-Authenticate` header (RFC 9110 section 11.6.1): which credentials a server accepts, and
//! why it refused one (RFC 6750 section 3).

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

/// The challenges of a response.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Challenges {
    /// The authentication schemes, such as `Bearer`.
    pub(crate) schemes: Vec<String>,
    /// The error code of the first challenge that has one, such as `invalid_token`.
    pub(crate) error: Option<String>,
    /// The text that explains the error.
    pub(crate) description: Option<String>,
}

impl Challenges {
    /// Reads all `WWW-Authenticate` headers.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut this = Self::default();
        for value in headers.get_all(WWW_AUTHENTICATE) {
            let text = String::from_utf8_lossy(value.as_bytes());
            for piece in pieces(&text) {
                this.read(piece.trim());
            }
        }
        this
    }

    /// Reads a parameter, or a scheme with its first parameter.
    fn read(&mut self, piece: &str) {
        let (first, rest) = match piece.find(|it: char| it.is_whitespace() || it == '=') {
            Some(end) => piece.split_at(end),
            None => (piece, ""),
        };
        let rest = rest.trim_start();
        if let Some(value) = rest.strip_prefix('=') {
            return self.set(first, value.trim());
        }
        let is_token = first
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "-._".contains(it));
        if is_token && !first.is_empty() {
            self.schemes.push(first.to_owned());
        }
        if let Some((name, value)) = rest.split_once('=') {
            self.set(name.trim(), value.trim());
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let field = match name.to_ascii_lowercase().as_str() {
            "error" => &mut self.error,
            "error_description" => &mut self.description,
            _ => return,
        };
        let value = unquoted(value);
        if field.is_none() && !value.trim().is_empty() {
            *field = Some(value);
        }
    }

    /// Returns the reason to show, if the body of the response has none.
    pub(crate) fn reason(&self) -> Option<String> {
        if let Some(reason) = self.description.as_ref().or(self.error.as_ref()) {
            return Some(reason.clone());
        }
        let mut schemes: Vec<String> = Vec::new();
        for scheme in &self.schemes {
            let scheme = format!("`{scheme}`");
            if !schemes.contains(&scheme) {
                schemes.push(scheme);
            }
        }
        let schemes = schemes.join(" or ");
        (!schemes.is_empty()).then(|| format!("the server asks for credentials of {schemes}"))
    }
}

/// Splits at commas outside of quoted strings.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |character| {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ',' => return !is_quoted,
            _ => {}
        }
        false
    })
}

/// Returns the content of a quoted string, or a token as it is.
fn unquoted(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let mut text = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenges(values: &[&'static str]) -> Challenges {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
        }
        Challenges::of(&headers)
    }

    #[test]
    fn challenge_tells_why_a_token_is_refused() {
        let found = challenges(&[
            r#"Bearer realm="a, error=\"x\"", error="invalid_token", error_description="It \"expired\", twice""#,
        ]);
        assert_eq!(found.schemes, ["Bearer"]);
        assert_eq!(found.error.as_deref(), Some("invalid_token"));
        assert_eq!(found.reason().as_deref(), Some("It \"expired\", twice"));
        let found = challenges(&["Bearer error=insufficient_scope"]);
        assert_eq!(found.reason().as_deref(), Some("insufficient_scope"));
    }

    #[test]
    fn challenge_names_the_schemes() {
        for values in [
            &["Basic realm=\"x\", Bearer"][..],
            &["Basic", "Bearer realm = y"],
            &["Basic dG9rZW4=, Bearer abc, Bearer"],
        ] {
            let expected = "the server asks for credentials of `Basic` or `Bearer`";
            assert_eq!(
                challenges(values).reason().as_deref(),
                Some(expected),
                "{values:?}"
            );
        }
        for values in [&[][..], &[""], &[", ,"], &["=x"], &["\"", "a=\"\\"]] {
            assert_eq!(challenges(values).reason(), None, "{values:?}");
        }
    }
}
