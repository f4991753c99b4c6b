//! The parameters and the body of an operation, as static data.

use std::fmt;

/// A parameter of an [`Operation`](crate::Operation), other than its body.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The name as sent.
    pub name: &'static str,
    /// The part of the request that holds the parameter.
    pub location: ParameterLocation,
    /// The type of a value.
    pub kind: ValueKind,
    /// `true` if the request is invalid without the parameter.
    pub required: bool,
    /// The values that the document lists, of the parameter or of its elements; any value if empty.
    pub values: &'static [&'static str],
    /// The description in the document, in Markdown, with the limits and the default of the value.
    pub description: &'static str,
}

/// The part of a request that holds a [`Parameter`].
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterLocation {
    /// A part of the path.
    Path,
    /// A pair of the query.
    Query,
    /// The whole query (OpenAPI 3.2).
    Querystring,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// The type of a value in JSON.
///
/// `Display` prints the type as JSON Schema does; a list prints `array`.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// Any type, or one of several.
    Any,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An object.
    Object,
    /// A list with elements of this type.
    Array(&'static ValueKind),
}

/// The body of a request, if its [`Operation`](crate::Operation) has one.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestBody {
    /// The media type that is sent.
    pub media_type: &'static str,
    /// `true` if the request is invalid without a body.
    pub required: bool,
    /// The description in the document, in Markdown.
    pub description: &'static str,
}

impl ParameterLocation {
    /// Returns the location as the document spells it: `path`, `query`, `querystring`, `header` or
    /// `cookie`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Querystring => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

impl fmt::Display for ParameterLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl ValueKind {
    /// Returns the value of `type` in JSON Schema; `None` for [`ValueKind::Any`].
    ///
    /// ```
    /// # use neo_client_runtime::ValueKind;
    /// assert_eq!(ValueKind::Integer.as_str(), Some("integer"));
    /// assert_eq!(ValueKind::Array(&ValueKind::String).as_str(), Some("array"));
    /// assert_eq!(ValueKind::Any.as_str(), None);
    /// ```
    #[must_use]
    pub const fn as_str(self) -> Option<&'static str> {
        Some(match self {
            Self::Any => return None,
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array(_) => "array",
        })
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str().unwrap_or("any"))
    }
}

/// Constructors for generated code.
impl Parameter {
    /// Returns an optional parameter without a description.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, location: ParameterLocation, kind: ValueKind) -> Self {
        Self {
            name,
            location,
            kind,
            required: false,
            values: &[],
            description: "",
        }
    }

    /// Sets [`required`](Parameter::required).
    #[doc(hidden)]
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets [`values`](Parameter::values).
    #[doc(hidden)]
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Sets [`description`](Parameter::description).
    #[doc(hidden)]
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }
}

/// Constructors for generated code.
impl RequestBody {
    /// Returns a body of this media type.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(media_type: &'static str, required: bool, description: &'static str) -> Self {
        Self {
            media_type,
            required,
            description,
        }
    }
}
