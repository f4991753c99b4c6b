//! Limits on the size of a document, checked without recursion before any stage recurses into it.

use serde_json::{Value, map};

use crate::error::Error;
use crate::openapi::pointer::join;

/// The maximum nesting depth of values. Parsed text nests at most 128 levels, the limit of the
/// parser.
const DEPTH: usize = 1_000;

/// The maximum number of values: forty times that of a 10 MB document.
const VALUES: usize = 40_000_000;

/// The maximum number of types. Each type takes progenitor and the later stages about 12 kB of
/// memory.
const TYPES: usize = 100_000;

/// The maximum number of operations. Each operation takes several times as much memory as a type.
const OPERATIONS: usize = 20_000;

/// The rest of an array or object to visit.
enum Rest<'d> {
    Array(std::iter::Enumerate<std::slice::Iter<'d, Value>>),
    Object(map::Iter<'d>),
}

impl<'d> Rest<'d> {
    fn of(value: &'d Value) -> Option<Self> {
        match value {
            Value::Array(items) => Some(Self::Array(items.iter().enumerate())),
            Value::Object(members) => Some(Self::Object(members.iter())),
            _ => None,
        }
    }

    fn next(&mut self) -> Option<(Token<'d>, &'d Value)> {
        match self {
            Self::Array(items) => items
                .next()
                .map(|(index, item)| (Token::Index(index), item)),
            Self::Object(members) => members
                .next()
                .map(|(name, value)| (Token::Name(name), value)),
        }
    }
}

#[derive(Clone, Copy)]
enum Token<'d> {
    Index(usize),
    Name(&'d str),
}

/// Rejects a document that is deeper or larger than the stages support.
pub(crate) fn check(document: &Value) -> Result<(), Error> {
    let mut path: Vec<Token<'_>> = Vec::new();
    let mut pending: Vec<Rest<'_>> = Rest::of(document).into_iter().collect();
    let mut values = 0;
    while let Some(rest) = pending.last_mut() {
        let Some((token, value)) = rest.next() else {
            pending.pop();
            path.pop();
            continue;
        };
        values += 1;
        if values > VALUES {
            return Err(Error::document(
                "",
                format!("holds more than {VALUES} values"),
            ));
        }
        if let Some(inner) = Rest::of(value) {
            path.push(token);
            if path.len() > DEPTH {
                return Err(Error::document(
                    pointer(&path),
                    format!("is more than {DEPTH} levels deep"),
                ));
            }
            pending.push(inner);
        }
    }
    Ok(())
}

/// Rejects a document that needs more types or operations than the memory allows.
pub(crate) fn check_lowered(types: usize, operations: usize) -> Result<(), Error> {
    let refused = |pointer: &str, number: usize, limit: usize, what: &str| {
        let problem = format!("makes {number} {what}; at most {limit} can be generated");
        Err(Error::document(pointer, problem))
    };
    if types > TYPES {
        return refused("/components/schemas", types, TYPES, "types");
    }
    if operations > OPERATIONS {
        return refused("/paths", operations, OPERATIONS, "methods");
    }
    Ok(())
}

/// Returns the pointer to the first levels of the value that is too deep: enough to find the value,
/// without its full length.
fn pointer(path: &[Token<'_>]) -> String {
    const SHOWN: usize = 12;
    let shown = path
        .iter()
        .take(SHOWN)
        .fold(String::new(), |pointer, token| match token {
            Token::Index(index) => format!("{pointer}/{index}"),
            Token::Name(name) => join(&pointer, name),
        });
    if path.len() > SHOWN {
        shown + "/…"
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_and_operations_are_limited() {
        let problem =
            |types, operations| check_lowered(types, operations).map_err(|error| error.to_string());
        assert_eq!(problem(TYPES, OPERATIONS), Ok(()));
        let refused = |pointer: &str, limit: usize, what: &str| {
            let number = limit + 1;
            Err(format!(
                "document at `{pointer}`: makes {number} {what}; at most {limit} can be generated"
            ))
        };
        assert_eq!(
            problem(TYPES + 1, 0),
            refused("/components/schemas", TYPES, "types")
        );
        assert_eq!(
            problem(0, OPERATIONS + 1),
            refused("/paths", OPERATIONS, "methods")
        );
    }

    #[test]
    fn depth_is_limited_with_pointer() {
        let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        let document = json!({ "a/b": [0, nested(DEPTH - 1)] });
        assert!(check(&document).is_ok());
        let document = json!({ "a/b": [0, nested(DEPTH)] });
        assert_eq!(
            check(&document).unwrap_err().to_string(),
            "document at `/a~1b/1/0/0/0/0/0/0/0/0/0/0/…`: is more than 1000 levels deep"
        );
        for flat in [
            json!(null),
            json!([[], {}]),
            json!({ "a": [], "b": { "c": [1, 2] } }),
        ] {
            assert!(check(&flat).is_ok());
        }
    }
}
