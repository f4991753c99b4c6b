//! Witnesses: the code of a user that compiles against the old crate and not against the new one.
//!
//! Each witness is one function that compiles after `use the_crate::*;`.

use crate::rust_api::names::TypeNames;
use crate::rust_api::signature::Signature;

/// The proof that a change of an item breaks users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// A function that stops compiling.
    Stops(String),
    /// A call that compiles and sends values as other arguments than before.
    Misleads(String),
}

impl Witness {
    /// Returns the code with a few words on what becomes of it.
    pub fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Stops(code) => ("stops compiling", code),
            Self::Misleads(code) => ("compiles with another meaning", code),
        }
    }
}

/// Returns a function that uses an item as it was. `after` is the item's line in the new surface.
pub fn of(before: &str, after: Option<&str>, names: &TypeNames) -> Option<String> {
    if let Some(signature) = Signature::of(before) {
        // A type parameter of an argument would have to be chosen.
        if !signature.generics.is_empty() && !signature.arguments.is_empty() {
            return None;
        }
        let new = after.and_then(Signature::of);
        return Some(of_function(&signature, new.as_ref(), names));
    }
    let (kind, rest) = before.split_once(' ')?;
    let path = |end: &str| rest.split_once(end).map_or(rest, |(path, _)| path);
    Some(match kind {
        "struct" if after.is_some() => {
            let of = path(": ");
            format!("fn witness(it: &{of}) -> {of} {{ it.clone() }}")
        }
        "struct" | "enum" => format!("fn witness(_: {}) {{}}", with_lifetime(path(": "))),
        "type" => {
            let (alias, of) = rest.split_once(" = ")?;
            let of = names.qualified(of, "types::");
            format!("fn witness(it: {alias}) -> {of} {{ it }}")
        }
        "static" | "const" => format!("fn witness() {{ let _ = &{}; }}", path(": ")),
        "impl" => {
            let (of, implemented) = rest.split_once(": ")?;
            match implemented.strip_prefix("From<") {
                Some(from) => {
                    let from = names.qualified(from.strip_suffix('>')?, "types::");
                    format!("fn witness(it: {from}) -> {of} {{ it.into() }}")
                }
                None => format!("fn witness() -> {of} {{ {of}::default() }}"),
            }
        }
        "field" => {
            let (field, of) = rest.split_once(": ")?;
            let (owner, name) = field.rsplit_once('.')?;
            match after {
                Some(_) => {
                    let of = names.qualified(of, "types::");
                    format!("fn witness(it: {owner}) -> {of} {{ it.{name} }}")
                }
                None => format!("fn witness(it: {owner}) {{ let _ = it.{name}; }}"),
            }
        }
        "variant" => {
            let variant = path(" = ");
            let (variant, held) = match variant.split_once('(') {
                Some((variant, held)) => (variant, held.strip_suffix(')')),
                None => (variant, None),
            };
            let (owner, _) = variant.rsplit_once("::")?;
            match held {
                Some(held) => {
                    let held = names.qualified(held, "types::");
                    format!("fn witness(it: {held}) -> {owner} {{ {variant}(it) }}")
                }
                None => format!("fn witness() -> {owner} {{ {variant} }}"),
            }
        }
        "await" => {
            let (request, output) = rest.split_once(" -> ")?;
            let output = names.qualified(output, &module_of(request));
            let request = with_lifetime(request);
            format!("async fn witness(it: {request}) -> {output} {{ it.await }}")
        }
        _ => return None,
    })
}

/// Returns a call whose arguments the new crate reads in another order.
pub fn of_reordered(before: &str, after: &str) -> Option<String> {
    let (old, new) = (Signature::of(before)?, Signature::of(after)?);
    let names = |of: &Signature<'_>| -> String {
        let names: Vec<&str> = of.arguments.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    };
    Some(format!(
        "{}({}) is read as {}({})",
        old.name,
        names(&old),
        new.name,
        names(&new)
    ))
}

fn of_function(of: &Signature<'_>, new: Option<&Signature<'_>>, names: &TypeNames) -> String {
    let module = module_of(of.owner);
    // A value that is converted by itself shows less code, but might be converted to another type.
    let is_gone = new.is_none_or(|new| new.arguments.len() != of.arguments.len());
    let mut parameters: Vec<String> = Vec::new();
    if of.has_receiver {
        parameters.push(format!("it: {}", with_lifetime(of.owner)));
    }
    let arguments = of.arguments.iter().map(|(name, argument)| {
        let converted = concrete(argument, is_gone);
        let argument = names.qualified(converted.as_deref().unwrap_or(argument), &module);
        format!("{name}: {argument}")
    });
    parameters.extend(arguments);
    let passed: Vec<&str> = of.arguments.iter().map(|(name, _)| *name).collect();
    let receiver = match of.has_receiver {
        true => "it.".to_owned(),
        false => format!("{}::", of.owner),
    };
    // Something must be decoded, and JSON always can be.
    let generics = if of.generics.is_empty() {
        ""
    } else {
        "::<serde_json::Value>"
    };
    let (start, end) = match of.is_async {
        true => ("async ", ".await"),
        false => ("", ""),
    };
    let is_same_output = new.is_none_or(|new| new.output == of.output);
    let output = match is_same_output || of.output.contains("Self") {
        true => String::new(),
        false => format!(": {}", names.qualified(of.output, &module)),
    };
    format!(
        "{start}fn witness({}) {{ let _{output} = {receiver}{}{generics}({}){end}; }}",
        parameters.join(", "),
        of.name,
        passed.join(", ")
    )
}

/// Returns a type that an argument accepts, if witnesses do not name what the argument is declared
/// as. The function of the new crate does not accept a reference in place of another type.
fn concrete(argument: &str, is_gone: bool) -> Option<String> {
    let between = |start: &str, end: &str| {
        let of = argument.strip_prefix(start)?.strip_suffix(end)?;
        Some(of.trim_start_matches("::"))
    };
    let reference = if is_gone { "" } else { "&" };
    if let Some(of) = between("impl scalar::Scalar<", ">") {
        return Some(format!("{reference}{of}"));
    }
    if let Some(of) = between("impl IntoIterator<Item: scalar::Scalar<", ">>") {
        return Some(format!("Vec<{reference}{of}>"));
    }
    let of = between("impl TryInto<", ", Error: Display>").filter(|_| is_gone);
    of.map(str::to_owned)
}

/// Returns the module of a type, in which lines name other types without a path.
fn module_of(owner: &str) -> String {
    match owner.rsplit_once("::") {
        Some((module, _)) => format!("{module}::"),
        None => String::new(),
    }
}

/// Handles and requests borrow the client.
fn with_lifetime(of: &str) -> String {
    match of.starts_with("api::") {
        true => format!("{of}<'_>"),
        false => of.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn witness_uses_the_item_as_it_was() {
        let names =
            TypeNames::of(&["struct types::Pet", "struct api::pets::Get"].map(String::from));
        for (before, after, expected) in [
            ("struct types::Pet", None, "fn witness(_: types::Pet) {}"),
            (
                "struct api::pets::Get",
                None,
                "fn witness(_: api::pets::Get<'_>) {}",
            ),
            (
                "field types::Pet.name: Option<String>",
                None,
                "fn witness(it: types::Pet) { let _ = it.name; }",
            ),
            (
                "field types::Pet.other: Option<Pet>",
                Some("field types::Pet.other: Pet"),
                "fn witness(it: types::Pet) -> Option<types::Pet> { it.other }",
            ),
            (
                "variant types::Mood::Good = \"good\"",
                None,
                "fn witness() -> types::Mood { types::Mood::Good }",
            ),
            (
                "variant types::Any::Pet(Pet)",
                None,
                "fn witness(it: types::Pet) -> types::Any { types::Any::Pet(it) }",
            ),
            (
                "impl types::Any: From<Pet>",
                None,
                "fn witness(it: types::Pet) -> types::Any { it.into() }",
            ),
            (
                "fn api::pets::Pets::get(&self, id: impl TryInto<String, Error: Display>) -> Get",
                None,
                "fn witness(it: api::pets::Pets<'_>, id: String) { let _ = it.get(id); }",
            ),
            (
                "fn api::pets::Get::n(mut self, n: impl TryInto<i32, Error: Display>) -> Self",
                Some(
                    "fn api::pets::Get::n(mut self, n: impl TryInto<i64, Error: Display>) -> Self",
                ),
                "fn witness(it: api::pets::Get<'_>, n: impl TryInto<i32, Error: std::fmt::Display>) \
                 { let _ = it.n(n); }",
            ),
            (
                "await api::pets::Get -> Result<types::Pet, Error>",
                Some("await api::pets::Get -> Result<(), Error>"),
                "async fn witness(it: api::pets::Get<'_>) -> Result<types::Pet, Error> { it.await }",
            ),
        ] {
            assert_eq!(of(before, after, &names).as_deref(), Some(expected));
        }
    }

    #[test]
    fn argument_of_an_id_has_a_type_that_users_can_name() {
        for (argument, gone, changed) in [
            (
                "impl scalar::Scalar<uuid::Uuid>",
                "uuid::Uuid",
                "&uuid::Uuid",
            ),
            (
                "impl IntoIterator<Item: scalar::Scalar<::chrono::DateTime<Utc>>>",
                "Vec<chrono::DateTime<Utc>>",
                "Vec<&chrono::DateTime<Utc>>",
            ),
        ] {
            assert_eq!(concrete(argument, true).as_deref(), Some(gone));
            assert_eq!(concrete(argument, false).as_deref(), Some(changed));
        }
    }

    #[test]
    fn reordered_call_is_shown_with_both_orders() {
        let line = |arguments: &str| format!("fn api::a::A::copy(&self, {arguments}) -> Copy");
        let shown = of_reordered(
            &line("from: String, to: String"),
            &line("to: String, zone: String"),
        );
        assert_eq!(
            shown.as_deref(),
            Some("copy(from, to) is read as copy(to, zone)")
        );
    }
}
