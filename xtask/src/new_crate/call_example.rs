//! Finds a call for the examples of README and rustdoc.

use std::collections::BTreeMap;

use neo_client_codegen::Output;

/// A call that compiles.
pub struct CallExample {
    /// An expression that calls an operation of `client`.
    pub code: String,
    /// The JSON pointer to the operation. `None` if the call names a path instead.
    pub operation: Option<String>,
}

impl CallExample {
    /// Returns a simple call: preferably a `GET` without arguments.
    pub fn of(output: &Output) -> Self {
        let mut calls: Vec<(bool, usize, String, &String)> = output
            .requests
            .iter()
            .filter_map(|(name, pointer)| {
                let (code, arguments) = method_call(output, name)?;
                Some((!pointer.ends_with("/get"), arguments, code, pointer))
            })
            .collect();
        calls.sort();
        match calls.into_iter().next() {
            Some((_, _, code, pointer)) => Self {
                code,
                operation: Some(pointer.clone()),
            },
            None => Self {
                code: "client.request(Method::GET, \"/\").send().await?".to_owned(),
                operation: None,
            },
        }
    }
}

/// Returns the call of a method such as `api::pets::list_pets`, and the number of its arguments.
fn method_call(output: &Output, name: &str) -> Option<(String, usize)> {
    let (module, method) = name.rsplit_once("::")?;
    // Requests are listed by method and by request type.
    if method.starts_with(char::is_uppercase) {
        return None;
    }
    let accessors: BTreeMap<&str, &str> = output
        .surface
        .iter()
        .filter_map(|it| accessor(it))
        .collect();
    let (handle, accessor) = accessors
        .iter()
        .find(|(handle, _)| handle.rsplit_once("::").is_some_and(|(of, _)| of == module))?;
    let start = format!("fn {handle}::{method}(&self");
    let line = output
        .surface
        .iter()
        .find(|line| line.starts_with(&start))?;
    let (parameters, request) = line.strip_prefix(&start)?.split_once(") -> ")?;
    let await_line = format!("await {module}::{request} -> ");
    if !output
        .surface
        .iter()
        .any(|line| line.starts_with(&await_line))
    {
        return None;
    }
    let parameters: Vec<&str> = parameters
        .split(", ")
        .filter(|it| it.contains(": impl "))
        .collect();
    let arguments: Option<Vec<&str>> = parameters.iter().copied().map(argument).collect();
    let arguments = arguments?;
    let code = format!(
        "client.{accessor}().{method}({}).await?",
        arguments.join(", ")
    );
    Some((code, arguments.len()))
}

/// Reads a line such as `fn Client::pets(&self) -> api::pets::Pets`.
fn accessor(line: &str) -> Option<(&str, &str)> {
    let (accessor, handle) = line
        .strip_prefix("fn Client::")?
        .split_once("(&self) -> ")?;
    Some((handle, accessor))
}

/// Returns a value for a parameter such as `id: impl TryInto<String, Error: Display>`.
fn argument(parameter: &str) -> Option<&'static str> {
    let (_, of) = parameter.split_once(": impl TryInto<")?;
    match of.split([',', '>']).next()? {
        "String" => Some("\"id\""),
        "i64" | "i32" | "u64" | "u32" => Some("1"),
        _ => None,
    }
}
