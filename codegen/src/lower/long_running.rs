//! `x-long-running` of an operation: work that goes on behind its reply, and how to wait for the end.

use serde_json::{Map, Value};

use super::model::{BodyKind, Operation, Parameter, Reply, parameter_of};

use crate::ledger::{Effect, Ledger};
use crate::names::snake;
use crate::openapi::pointer::join;

const MEMBERS: &[&str] = &[
    "method", "id", "request", "stream", "poll", "status", "ended", "running", "ended_at", "stop",
];

/// A declaration that holds. Operations are named by accessor and method.
#[derive(Debug, Clone)]
pub(crate) struct LongRunning {
    /// Of the tag's handle.
    pub(crate) method: String,
    pub(crate) start: Name,
    /// The form of the same operation that replies with events.
    pub(crate) stream: Option<Name>,
    pub(crate) poll: Name,
    /// The only argument of that operation, as sent.
    pub(crate) poll_parameter: String,
    pub(crate) stop: Option<Name>,
    pub(crate) id_in_request: Option<String>,
    pub(crate) id_in_reply: Vec<String>,
    /// Places, and JSON.
    pub(crate) request: Vec<(String, String)>,
    pub(crate) stream_request: Vec<(String, String)>,
    pub(crate) status: Vec<String>,
    pub(crate) ended: Vec<(String, Outcome)>,
    pub(crate) running: Vec<String>,
    pub(crate) ended_at: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) accessor: String,
    pub(crate) method: String,
}

impl Name {
    pub(crate) fn of(operation: &Operation) -> Self {
        Self {
            accessor: operation.accessor.clone(),
            method: operation.method.clone(),
        }
    }
}

/// The runtime's enum of the same name, as far as a word can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    Failed,
}

/// The declarations that hold; each other is a line of the ledger.
pub(super) fn declared(
    document: &Value,
    paths: &Value,
    operations: &[Operation],
    ledger: &mut Ledger,
) -> Vec<LongRunning> {
    let mut all: Vec<LongRunning> = Vec::new();
    for operation in operations {
        let declaration = document
            .pointer(&operation.pointer)
            .and_then(|source| source.get("x-long-running"));
        let Some(declaration) = declaration else {
            continue;
        };
        let is_other_form =
            |one: &&Operation| one.function == operation.function && one.reply != operation.reply;
        let other = operations.iter().find(is_other_form);
        if operation.reply == Reply::EventStream && other.is_some() {
            continue;
        }
        let site = Site {
            declaration,
            paths,
            operations,
            start: operation,
            stream: other,
        };
        let taken = |method: &str| {
            let is_it = |name: Name| name.accessor == operation.accessor && name.method == method;
            operations.iter().map(Name::of).any(is_it)
                || all
                    .iter()
                    .any(|one| one.start.accessor == operation.accessor && one.method == method)
        };
        let place = join(&operation.pointer, "x-long-running");
        match site.read(taken) {
            Ok(declared) => all.push(declared),
            Err(flaw) => {
                let detail = format!("ignored: {flaw}");
                ledger.add(place, "long-running", Effect::Dropped, detail);
            }
        }
    }
    all
}

/// A declaration and what it is about.
struct Site<'a> {
    declaration: &'a Value,
    paths: &'a Value,
    operations: &'a [Operation],
    start: &'a Operation,
    stream: Option<&'a Operation>,
}

impl Site<'_> {
    fn read(&self, taken: impl Fn(&str) -> bool) -> Result<LongRunning, String> {
        let Some(declaration) = self.declaration.as_object() else {
            return Err("expected an object".to_owned());
        };
        only(declaration, MEMBERS, "")?;
        if !matches!(self.start.reply, Reply::Json | Reply::Empty) {
            return Err("the operation acknowledges nothing as JSON".to_owned());
        }
        let method = text(self.declaration, "method")?;
        if snake(&method) != method {
            return Err(format!(
                "`method`: `{method}` names no method in snake_case"
            ));
        }
        if taken(&method) {
            return Err(format!("`method`: `{method}` is another method of the tag"));
        }
        let nothing = Value::Null;
        let id = declaration.get("id").unwrap_or(&nothing);
        if let Some(id) = id.as_object() {
            only(id, &["request", "reply"], "id/")?;
        }
        let id_in_request = match id.get("request") {
            None => None,
            Some(place) => Some(pointer(place).ok_or("`id/request`: expected a JSON pointer")?),
        };
        let id_in_reply = pointers(id, "reply").map_err(|flaw| format!("`id/reply`: {flaw}"))?;
        if id_in_request.is_none() && id_in_reply.is_empty() {
            return Err("`id`: expected a place in the `request` or the `reply`".to_owned());
        }
        let [request, stream_request] = ["request", "stream"].map(|key| self.values(key));
        let (request, stream_request) = (request?, stream_request?);
        let body = self.start.body.as_ref();
        let is_json = body.is_some_and(|body| matches!(body.kind, BodyKind::Json));
        let needs_body =
            id_in_request.is_some() || !request.is_empty() || !stream_request.is_empty();
        if needs_body && !is_json {
            return Err("the request has no JSON body in which something could stand".to_owned());
        }
        let (poll, poll_parameter) = self.poll()?;
        let status =
            pointers(self.declaration, "status").map_err(|flaw| format!("`status`: {flaw}"))?;
        let ended_at =
            pointers(self.declaration, "ended_at").map_err(|flaw| format!("`ended_at`: {flaw}"))?;
        let ended = self.ended()?;
        if (status.is_empty() || ended.is_empty()) && ended_at.is_empty() {
            return Err(
                "the end is not known: expected `status` and `ended`, or `ended_at`".to_owned(),
            );
        }
        Ok(LongRunning {
            method,
            start: Name::of(self.start),
            stream: self.stream.map(Name::of),
            poll,
            poll_parameter,
            stop: self.stop()?,
            id_in_request,
            id_in_reply,
            request,
            stream_request,
            status,
            ended,
            running: words(self.declaration.get("running"))?,
            ended_at,
        })
    }

    /// The operation that this member names by its `operationId`.
    fn operation(&self, member: &str, reply: Option<Reply>) -> Result<&Operation, String> {
        let id = self
            .declaration
            .get(member)
            .and_then(|it| it.get("operation"));
        let id = id.and_then(Value::as_str);
        let id = id.ok_or_else(|| format!("`{member}/operation`: expected an operationId"))?;
        let is_it = |one: &&Operation| one.id == id && reply.is_none_or(|reply| one.reply == reply);
        let found = self.operations.iter().find(is_it);
        found.ok_or_else(|| match reply {
            Some(_) => format!("`{member}/operation`: no operation `{id}` replies JSON"),
            None => format!("`{member}/operation`: there is no operation `{id}`"),
        })
    }

    fn poll(&self) -> Result<(Name, String), String> {
        if let Some(poll) = self.declaration.get("poll").and_then(Value::as_object) {
            only(poll, &["operation", "parameter"], "poll/")?;
        }
        let poll = self.operation("poll", Some(Reply::Json))?;
        if poll.http_method != "get" {
            return Err(
                "`poll/operation`: it is asked again and again, so it must be a GET".to_owned(),
            );
        }
        let parameter = self
            .declaration
            .pointer("/poll/parameter")
            .and_then(Value::as_str);
        let parameter = parameter.ok_or("`poll/parameter`: expected the name of a parameter")?;
        let (required, of) = self.required(poll);
        if required.len() != 1 || required.iter().any(|one| one.name != parameter) {
            return Err(format!(
                "`poll/parameter`: `{parameter}` is not the one that `{}` requires",
                poll.id
            ));
        }
        let of = of.as_deref();
        if !matches!(of, Some("string" | "integer")) {
            return Err("`poll/parameter`: an id is a text or a whole number".to_owned());
        }
        Ok((Name::of(poll), parameter.to_owned()))
    }

    /// The parameters that an operation requires, and the type of the last of them.
    fn required<'o>(&self, operation: &'o Operation) -> (Vec<&'o Parameter>, Option<String>) {
        let lowered = self.paths.get(&operation.lowered_path).and_then(|item| {
            item.get(&operation.lowered_method)?
                .get("parameters")?
                .as_array()
        });
        let (mut required, mut of) = (Vec::new(), None);
        for one in lowered.into_iter().flatten() {
            let name = one.get("name").and_then(Value::as_str).unwrap_or_default();
            if one.get("required") != Some(&Value::Bool(true)) {
                continue;
            }
            required.extend(parameter_of(name, &operation.parameters));
            let schema = one.get("schema");
            let is_plain = schema.is_some_and(|schema| {
                let format = schema.get("format").and_then(Value::as_str);
                schema.get("type") != Some(&Value::from("string"))
                    || matches!(format, None | Some("uuid"))
            });
            of = schema
                .and_then(|schema| schema.get("type")?.as_str())
                .filter(|_| is_plain)
                .map(str::to_owned);
        }
        (required, of)
    }

    fn stop(&self) -> Result<Option<Name>, String> {
        if self.declaration.get("stop").is_none() {
            return Ok(None);
        }
        Ok(Some(Name::of(self.operation("stop", None)?)))
    }

    /// A member that maps places to values.
    fn values(&self, member: &str) -> Result<Vec<(String, String)>, String> {
        let Some(values) = self.declaration.get(member) else {
            return Ok(Vec::new());
        };
        let expected = || format!("`{member}`: expected JSON pointers and values");
        let values = values.as_object().ok_or_else(expected)?;
        let is_pointer = |place: &String| place.starts_with('/');
        if !values.keys().all(is_pointer) {
            return Err(expected());
        }
        Ok(values
            .iter()
            .map(|(place, value)| (place.clone(), value.to_string()))
            .collect())
    }

    fn ended(&self) -> Result<Vec<(String, Outcome)>, String> {
        let nothing = Map::new();
        let words = match self.declaration.get("ended") {
            None => &nothing,
            Some(words) => words.as_object().ok_or("`ended`: expected an object")?,
        };
        let outcome = |(word, outcome): (&String, &Value)| match outcome.as_str() {
            Some("succeeded") => Ok((word.clone(), Outcome::Succeeded)),
            Some("failed") => Ok((word.clone(), Outcome::Failed)),
            _ => Err(format!("`ended/{word}`: expected `succeeded` or `failed`")),
        };
        words.iter().map(outcome).collect()
    }
}

/// That there is nothing but these members, so that none is misspelt.
fn only(members: &Map<String, Value>, known: &[&str], within: &str) -> Result<(), String> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("`{within}{name}` is no member of it")),
        None => Ok(()),
    }
}

fn text(value: &Value, member: &str) -> Result<String, String> {
    let text = value.get(member).and_then(Value::as_str);
    text.map(str::to_owned)
        .ok_or_else(|| format!("`{member}`: expected a text"))
}

fn pointer(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    text.starts_with('/').then(|| text.to_owned())
}

/// JSON pointers: one or a list of them.
fn pointers(value: &Value, member: &str) -> Result<Vec<String>, &'static str> {
    let all: Option<Vec<String>> = match value.get(member) {
        None => Some(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(pointer).collect(),
        Some(one) => pointer(one).map(|one| vec![one]),
    };
    all.ok_or("expected JSON pointers")
}

fn words(value: Option<&Value>) -> Result<Vec<String>, String> {
    let words: Option<Vec<String>> = match value {
        None => Some(Vec::new()),
        Some(Value::Array(list)) => list
            .iter()
            .map(|word| word.as_str().map(str::to_owned))
            .collect(),
        Some(_) => None,
    };
    words.ok_or_else(|| "`running`: expected a list of words".to_owned())
}
