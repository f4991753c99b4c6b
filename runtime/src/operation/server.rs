//! Servers of an OpenAPI document, whose URLs may have variables or be relative.

/// A server of the OpenAPI document (OpenAPI 3.1 section 4.8.5).
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// The URL as written in the document, such as `https://{region}.example.com/v1`. A relative
    /// URL such as `/v1` is joined to the host of the base URL.
    pub url: &'static str,
    /// The description.
    pub description: &'static str,
    /// The variables in braces of the URL.
    pub variables: &'static [ServerVariable],
}

/// A variable in the URL of a [`Server`].
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerVariable {
    /// The name, without braces.
    pub name: &'static str,
    /// The value that is used unless the caller sets one.
    pub default: &'static str,
    /// The values that the document lists; any value if empty.
    pub values: &'static [&'static str],
}

/// Constructors for generated code.
impl Server {
    /// Returns a server without variables.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(url: &'static str, description: &'static str) -> Self {
        Self {
            url,
            description,
            variables: &[],
        }
    }

    /// Sets [`variables`](Server::variables).
    #[doc(hidden)]
    #[must_use]
    pub const fn variables(mut self, variables: &'static [ServerVariable]) -> Self {
        self.variables = variables;
        self
    }

    /// Returns the URL with the values of its variables. `value` returns the caller's value of a
    /// variable.
    ///
    /// # Errors
    ///
    /// Fails if the document does not list a value, or if a value would change the host or the
    /// structure of the URL.
    pub(crate) fn with_values<'v>(
        &self,
        value: impl Fn(&str) -> Option<&'v str>,
    ) -> Result<String, String> {
        let mut url = self.url.to_owned();
        for variable in self.variables {
            let Some(chosen) = value(variable.name) else {
                url = url.replace(&*variable.in_braces(), variable.default);
                continue;
            };
            self.check(variable, chosen)?;
            url = url.replace(&*variable.in_braces(), chosen);
        }
        Ok(url)
    }

    /// Checks a value of the caller.
    fn check(&self, variable: &ServerVariable, value: &str) -> Result<(), String> {
        let name = variable.name;
        if !variable.values.is_empty() && !variable.values.contains(&value) {
            let values = variable.values.join("`, `");
            return Err(format!(
                "the server variable `{name}` must be one of `{values}`"
            ));
        }
        let is_unsafe = |it: char| !it.is_ascii_graphic() || "@#?\\{}<>\"`^|".contains(it);
        let template = self.url.split_once(&variable.in_braces());
        let before = template.map_or("", |(before, _)| before);
        // In the authority, a slash would end the host.
        let in_authority = before
            .split_once("://")
            .is_some_and(|(_, authority)| !authority.contains('/'));
        if value.chars().any(is_unsafe) || (in_authority && value.contains('/')) {
            return Err(format!(
                "the server variable `{name}` holds characters that its place in the URL does not allow"
            ));
        }
        Ok(())
    }
}

/// Constructors for generated code.
impl ServerVariable {
    /// Returns a variable that may have any of `values`, or any value if there are none.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        default: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            default,
            values,
        }
    }

    fn in_braces(&self) -> String {
        format!("{{{}}}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: Server = Server::new("https://{region}.example{port}/{path}", "").variables(&[
        ServerVariable::new("region", "eu", &["eu", "us"]),
        ServerVariable::new("port", "", &[]),
        ServerVariable::new("path", "v1", &[]),
    ]);

    fn url(values: &[(&str, &'static str)]) -> Result<String, String> {
        let of = |name: &str| {
            let value = values.iter().find(|(of, _)| *of == name);
            value.map(|(_, value)| *value)
        };
        SERVER.with_values(of)
    }

    #[test]
    fn variable_takes_value_or_default() {
        assert_eq!(url(&[]).unwrap(), "https://eu.example/v1");
        let values = [("region", "us"), ("port", ":8443"), ("path", "a/b")];
        assert_eq!(url(&values).unwrap(), "https://us.example:8443/a/b");
    }

    #[test]
    fn value_never_changes_the_host() {
        let error = url(&[("region", "evil")]).unwrap_err();
        assert!(error.contains("`eu`, `us`"), "{error}");
        for (name, value) in [
            ("port", ".evil.example/"),
            ("port", "@evil.example"),
            ("port", ":1#"),
            ("path", "a?b"),
            ("path", "a b"),
            ("path", "a\r\nb"),
            ("path", "{region}"),
            ("path", "\\evil"),
        ] {
            let error = url(&[(name, value)]).unwrap_err();
            assert!(error.contains(name) && !error.contains("evil"), "{error}");
        }
    }
}
