//! Signatures of functions, read from the lines of a public surface.

/// The signature of a function or method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature<'l> {
    pub is_async: bool,
    /// The type or module: `api::pets::Pets`.
    pub owner: &'l str,
    pub name: &'l str,
    /// The generic parameters with their brackets, or nothing.
    pub generics: &'l str,
    pub has_receiver: bool,
    /// Name and type of each argument except the receiver.
    pub arguments: Vec<(&'l str, &'l str)>,
    /// The return type, or nothing.
    pub output: &'l str,
}

/// The difference between two signatures of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureChange {
    /// Calls compile and mean the same: at most, arguments have other names.
    None,
    /// Calls compile, but values are sent as other arguments.
    Reordered,
    /// Calls stop compiling.
    Types,
}

impl<'l> Signature<'l> {
    /// Reads a line such as `fn api::pets::Pets::get(&self, id: &str) -> Get`.
    pub fn of(line: &'l str) -> Option<Self> {
        let is_async = line.starts_with("async ");
        let rest = line.strip_prefix("async ").unwrap_or(line);
        let rest = rest.strip_prefix("fn ")?;
        let path = rest.get(..rest.find(['<', '('])?)?;
        let (owner, name) = path.rsplit_once("::").unwrap_or(("", path));
        let rest = rest.get(path.len()..)?;
        let (generics, rest) = match rest.starts_with('<') {
            true => enclosed(rest)?,
            false => ("", rest),
        };
        let (inputs, rest) = enclosed(rest)?;
        let inputs = inputs.strip_prefix('(')?.strip_suffix(')')?;
        let mut has_receiver = false;
        let mut arguments = Vec::new();
        for input in split(inputs) {
            match input.split_once(": ") {
                Some((name, of)) => arguments.push((name.trim_start_matches("mut "), of)),
                None => has_receiver = true,
            }
        }
        Some(Self {
            is_async,
            owner,
            name,
            generics,
            has_receiver,
            arguments,
            output: rest.trim().strip_prefix("-> ").unwrap_or_default(),
        })
    }

    /// Compares two signatures. The first arguments are variables of the path: `in_path` counts
    /// them in both, and their names mean nothing, because the URL has them in this order.
    pub fn change(&self, new: &Self, in_path: Option<usize>) -> SignatureChange {
        let types = |of: &Self| -> Vec<String> {
            let arguments = of.arguments.iter();
            arguments.map(|(_, of)| (*of).to_owned()).collect()
        };
        let is_same = self.is_async == new.is_async
            && self.has_receiver == new.has_receiver
            && self.generics == new.generics
            && self.output == new.output
            && types(self) == types(new);
        if !is_same {
            return SignatureChange::Types;
        }
        let index_in_new = |name: &str| new.arguments.iter().position(|(other, _)| *other == name);
        let old = self.arguments.iter().enumerate();
        let is_moved = old
            .skip(in_path.unwrap_or_default())
            .any(|(index, (name, _))| index_in_new(name).is_some_and(|other| other != index));
        match is_moved {
            true => SignatureChange::Reordered,
            false => SignatureChange::None,
        }
    }
}

/// Splits a text after the bracket that closes the first one.
fn enclosed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut previous = ' ';
    for (index, character) in text.char_indices() {
        match character {
            '(' | '[' | '<' => depth += 1,
            '>' if previous == '-' => {}
            ')' | ']' | '>' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return text.split_at_checked(index + 1);
                }
            }
            _ => {}
        }
        previous = character;
    }
    None
}

/// Splits a text at the commas that no bracket encloses.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut previous) = (0_usize, 0, ' ');
    for (index, character) in text.char_indices() {
        match character {
            '(' | '[' | '<' => depth += 1,
            '>' if previous == '-' => {}
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(text.get(start..index));
                start = index + 1;
            }
            _ => {}
        }
        previous = character;
    }
    parts.extend(text.get(start..));
    let parts = parts.into_iter().map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_is_read_as_signature() {
        let line = "async fn api::a::B::send_as<T: Fn() -> u8>(mut self, a: impl Into<X, Y>, \
                    b: Map<String, (u8, u8)>) -> Result<T, Error>";
        let read = Signature::of(line).unwrap();
        assert_eq!((read.owner, read.name), ("api::a::B", "send_as"));
        assert_eq!(read.generics, "<T: Fn() -> u8>");
        assert!(read.is_async && read.has_receiver);
        assert_eq!(
            read.arguments,
            [("a", "impl Into<X, Y>"), ("b", "Map<String, (u8, u8)>")]
        );
        assert_eq!(read.output, "Result<T, Error>");
        assert!(Signature::of("fn unfinished(").is_none());
        assert!(Signature::of("struct types::Pet").is_none());
    }

    #[test]
    fn names_count_where_values_move() {
        let with = |arguments: &str| format!("fn A::f(&self, {arguments}) -> B");
        let old = with("x: String, from: String, to: String");
        let old = Signature::of(&old).unwrap();
        for (arguments, in_path, expected) in [
            (
                "y: String, from: String, to: String",
                1,
                SignatureChange::None,
            ),
            (
                "x: String, from: String, end: String",
                1,
                SignatureChange::None,
            ),
            (
                "x: String, to: String, from: String",
                1,
                SignatureChange::Reordered,
            ),
            (
                "from: String, x: String, to: String",
                2,
                SignatureChange::None,
            ),
            ("x: String, from: String", 1, SignatureChange::Types),
            ("x: String, from: u8, to: String", 1, SignatureChange::Types),
        ] {
            let new = with(arguments);
            let new = Signature::of(&new).unwrap();
            assert_eq!(old.change(&new, Some(in_path)), expected, "{arguments}");
        }
    }
}
