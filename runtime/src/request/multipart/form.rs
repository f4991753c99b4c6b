//! Multipart forms (`multipart/form-data`, RFC 7578): fields, JSON, and files.

use std::borrow::Cow;
use std::fmt;

use reqwest::Request;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use super::part::Part;
use super::writer::Writer;
use crate::model::encode;
use crate::request::parameter_style::{Escape, Style, pairs, text};

/// A multipart form, for a body whose fields the OpenAPI document does not describe.
///
/// Forms that the document describes are types of their own, and convert into this type.
///
/// ```no_run
/// # use neo_client_runtime::{Client, Error, Form, Method, Part, serde_json::Value};
/// # async fn show(client: Client, picture: Vec<u8>) -> Result<(), Error> {
/// let form = Form::new()
///     .part("name", "Tom")
///     .part("picture", Part::from(picture).file_name("tom.png"));
/// let request = client.request(Method::POST, "/v1/cats").multipart(form);
/// let cat: Value = request.send_as().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Form {
    parts: Vec<(Cow<'static, str>, Part)>,
    /// The first error is kept until the form is sent.
    problem: Option<String>,
}

impl Form {
    /// Creates an empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part. Several parts may have the same name.
    #[must_use]
    pub fn part(mut self, name: impl Into<String>, part: impl Into<Part>) -> Self {
        self.parts.push((Cow::Owned(name.into()), part.into()));
        self
    }

    /// Adds files. `media_type` applies to files without one, and the name of the field to files
    /// without a name: many servers tell a file from a text by its name.
    #[doc(hidden)]
    pub fn files(
        &mut self,
        name: &'static str,
        media_type: Option<&'static str>,
        files: impl IntoIterator<Item = Part>,
    ) {
        let named = files.into_iter().map(|mut file| {
            file.file_name.get_or_insert(Cow::Borrowed(name));
            file
        });
        self.parts(name, media_type, named);
    }

    /// Adds files, and texts as plain values: a server takes a part with a file name for a file.
    #[doc(hidden)]
    pub fn files_or_texts(
        &mut self,
        name: &'static str,
        media_type: Option<&'static str>,
        files: impl IntoIterator<Item = Part>,
    ) {
        for file in files {
            match file.is_text && file.file_name.is_none() {
                true => self.parts(name, None, [file]),
                false => self.files(name, media_type, [file]),
            }
        }
    }

    /// Adds parts. `media_type` applies to parts without one.
    #[doc(hidden)]
    pub fn parts(
        &mut self,
        name: &'static str,
        media_type: Option<&'static str>,
        parts: impl IntoIterator<Item = Part>,
    ) {
        for mut part in parts {
            if part.content_type.is_none() {
                part.content_type = media_type.map(Cow::Borrowed);
            }
            self.parts.push((Cow::Borrowed(name), part));
        }
    }

    /// Adds a field: one part, one part for each element of a list, or no part for `None`.
    ///
    /// Texts and numbers are written unchanged, other values as JSON. With a JSON media type, all
    /// values are written as JSON.
    #[doc(hidden)]
    pub fn field(&mut self, name: &str, media_type: Option<&'static str>, value: &impl Serialize) {
        match encode::to_value(value) {
            Ok(Value::Array(items)) => {
                for item in items {
                    self.value(name, media_type, &item);
                }
            }
            Ok(value) => self.value(name, media_type, &value),
            Err(why) => self.fail(format!("{name}: {why}")),
        }
    }

    /// Adds a field in a serialization of the OpenAPI document: one part for each pair that a query
    /// would have.
    #[doc(hidden)]
    pub fn styled(&mut self, name: &str, style: Style, value: &impl Serialize) {
        match encode::to_value(value) {
            Ok(value) => {
                let pairs = pairs(name, style, Escape::Nothing, &value).into_iter();
                let parts = pairs.map(|(name, text)| (Cow::Owned(name), Part::from(text)));
                self.parts.extend(parts);
            }
            Err(why) => self.fail(format!("{name}: {why}")),
        }
    }

    /// Adds each field of a map or struct.
    #[doc(hidden)]
    pub fn fields(&mut self, values: &impl Serialize) {
        match encode::to_value(values) {
            Ok(Value::Object(fields)) => {
                for (name, value) in &fields {
                    self.field(name, None, value);
                }
            }
            Ok(_) => {}
            Err(why) => self.fail(format!("body: {why}")),
        }
    }

    fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    fn value(&mut self, name: &str, media_type: Option<&'static str>, value: &Value) {
        let is_json = media_type.is_some_and(|media_type| {
            let essence = media_type.split(';').next().unwrap_or_default().trim();
            essence == "application/json" || essence.ends_with("+json")
        });
        let (text, default) = match value {
            Value::Null => return,
            Value::Array(_) | Value::Object(_) => (value.to_string(), Some("application/json")),
            scalar if is_json => (scalar.to_string(), None),
            scalar => (text(scalar), None),
        };
        let mut part = Part::from(text);
        part.content_type = media_type.or(default).map(Cow::Borrowed);
        self.parts.push((Cow::Owned(name.to_owned()), part));
    }

    /// Sets a header of the parts of a field, unless a part has the header already.
    #[doc(hidden)]
    pub fn header(&mut self, field: &str, name: &'static str, value: &'static str) {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        let (Ok(name), Ok(value)) = header else {
            return;
        };
        for (_, part) in self.parts.iter_mut().filter(|(of, _)| of == field) {
            part.headers.entry(name.clone()).or_insert(value.clone());
        }
    }

    /// Sets the body of a request. `media_type` is `multipart/form-data` or another multipart type.
    ///
    /// A form in memory becomes one buffer, so that it can be sent again.
    #[doc(hidden)]
    pub fn apply(self, mut request: Request, media_type: &str) -> Result<Request, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut writer = Writer::new()?;
        for (name, part) in self.parts {
            writer.add(&name, part)?;
        }
        let content_type = format!("{media_type}; boundary={}", writer.boundary());
        let content_type = HeaderValue::try_from(content_type)
            .map_err(|_| format!("body: `{media_type}` is not a media type"))?;
        let (body, length) = writer.finish();
        let is_in_memory = body.as_bytes().is_some();
        *request.body_mut() = Some(body);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, content_type);
        match length.filter(|_| !is_in_memory) {
            // The HTTP library cannot know the length of a stream.
            Some(length) => headers.insert(CONTENT_LENGTH, length.into()),
            None => headers.remove(CONTENT_LENGTH),
        };
        Ok(request)
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.parts.iter().map(|(name, _)| name))
            .finish()
    }
}
