//! Headers, query pairs and body properties that a caller adds to the requests of a client.

use std::fmt;

use reqwest::Request;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::auth::scheme::SecuritySchemeKind;
use crate::client::{Api, reserved_header};
use crate::model::encode;
use crate::text::query::append_to_query;

/// Parts of the names of headers whose values are redacted like credentials.
const SECRET_NAMES: [&str; 7] = [
    "auth",
    "cookie",
    "key",
    "password",
    "secret",
    "signature",
    "token",
];

/// Everything that is added to requests. An argument of the call takes precedence.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Extras {
    headers: Vec<(String, String)>,
    query: Vec<(String, String)>,
    /// A value that cannot be encoded is kept as the reason.
    properties: Vec<(String, Result<Value, String>)>,
}

impl Extras {
    pub(crate) fn add_header(&mut self, name: String, value: String) {
        self.headers.push((name, value));
    }

    pub(crate) fn add_query(&mut self, name: String, value: String) {
        self.query.push((name, value));
    }

    pub(crate) fn add_property(&mut self, name: String, value: &impl Serialize) {
        let value = encode::to_value(value);
        let value = value.map_err(|why| format!("the body property `{name}`: {why}"));
        self.properties.push((name, value));
    }

    /// Checks the headers and names.
    ///
    /// # Errors
    /// Fails for a header or a query parameter that belongs to the client.
    pub(crate) fn check(&self, api: &Api) -> Result<(), String> {
        for (name, value) in &self.headers {
            reserved_header::check(api, name, value)?;
        }
        for (name, _) in &self.query {
            let mut schemes = api.security_schemes.iter();
            if schemes.any(|it| matches!(it.kind, SecuritySchemeKind::Query(own) if own == name)) {
                return Err(format!(
                    "the query parameter `{name}` is set by the client: give the credential to its builder"
                ));
            }
        }
        Ok(())
    }

    /// Adds everything to a request.
    ///
    /// # Errors
    /// Fails like [`Extras::check`], and if properties cannot be added to the body.
    pub(crate) fn apply(&self, api: &Api, request: &mut Request) -> Result<(), String> {
        if *self == Self::default() {
            return Ok(());
        }
        self.check(api)?;
        // Of two added values with one name, both are sent.
        let sent_headers = request.headers().clone();
        for (name, value) in &self.headers {
            let (name, mut value) = reserved_header::check(api, name, value)?;
            value.set_sensitive(true);
            if !sent_headers.contains_key(&name) {
                request.headers_mut().append(name, value);
            }
        }
        let sent_url = request.url().clone();
        for (name, value) in &self.query {
            if sent_url.query_pairs().all(|(sent, _)| sent != *name) {
                append_to_query(request.url_mut(), name, value);
            }
        }
        self.extend_body(request)
    }

    /// Adds the properties at the end of a body that is a JSON object. The rest stays unchanged.
    fn extend_body(&self, request: &mut Request) -> Result<(), String> {
        let Some(body) = request.body().filter(|_| !self.properties.is_empty()) else {
            return Ok(());
        };
        let wrong = || "a body property needs a body that is a JSON object".to_owned();
        let bytes = body.as_bytes().ok_or_else(wrong)?.trim_ascii();
        if bytes.is_empty() {
            return Ok(());
        }
        let Names(own) = serde_json::from_slice(bytes).map_err(|_| wrong())?;
        let mut added = serde_json::Map::new();
        for (name, value) in &self.properties {
            if !own.contains(name) {
                added.insert(name.clone(), value.clone()?);
            }
        }
        let start = bytes.strip_suffix(b"}").ok_or_else(wrong)?;
        let added = Value::Object(added).to_string();
        let added = added.strip_prefix('{').unwrap_or_default();
        let separator = match own.is_empty() || added == "}" {
            true => "",
            false => ",",
        };
        let extended = [start, separator.as_bytes(), added.as_bytes()].concat();
        *request.body_mut() = Some(extended.into());
        Ok(())
    }

    /// Adds the values of headers that look like credentials to `all`, so that they can be
    /// redacted.
    pub(crate) fn add_secrets<'s>(&'s self, all: &mut Vec<&'s str>) {
        for (name, value) in &self.headers {
            if is_secret_name(name) {
                all.push(value);
            }
        }
    }
}

/// The names of the properties of a JSON object.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = Names;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Names, A::Error> {
        let mut names = Vec::new();
        while let Some((name, IgnoredAny)) = object.next_entry()? {
            names.push(name);
        }
        Ok(Names(names))
    }
}

/// Returns whether a header or a parameter of this name may hold a credential.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

/// Shows the names only.
impl fmt::Debug for Extras {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.headers.iter().map(|(name, _)| name);
        let query = self.query.iter().map(|(name, _)| name);
        let properties = self.properties.iter().map(|(name, _)| name);
        f.debug_list()
            .entries(headers)
            .entries(query)
            .entries(properties)
            .finish()
    }
}
