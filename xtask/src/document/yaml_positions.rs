//! Lines and columns of JSON pointers in a YAML text.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser};

use crate::document::position::Position;
use neo_client_codegen::openapi::pointer::escape;

/// A mapping or sequence that is being read.
enum Open {
    /// The key that was read last, if its value is still to come.
    Mapping(Option<String>),
    Sequence(usize),
}

/// Finds the key or the element that each pointer names. Pointers that lead nowhere have no
/// position, nor have pointers through an alias.
pub fn positions(text: &str, pointers: &[Option<&str>]) -> Vec<Option<Position>> {
    let mut found = vec![None; pointers.len()];
    let mut wanted: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, pointer) in pointers.iter().enumerate() {
        if let Some(pointer) = pointer {
            wanted.entry(pointer).or_default().push(index);
        }
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut key_at = Position { line: 1, column: 1 };
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else {
            return found;
        };
        let at = position(span.start.line(), span.start.col());
        let scalar = match &event {
            Event::Scalar(text, ..) => Some(text),
            Event::MappingStart(..) | Event::SequenceStart(..) | Event::Alias(_) => None,
            Event::MappingEnd | Event::SequenceEnd => {
                stack.pop();
                path.pop();
                continue;
            }
            _ => continue,
        };
        let token: Option<Cow<'_, str>> = match stack.last_mut() {
            None => None,
            Some(Open::Mapping(key)) => match key.take() {
                None => {
                    // A key that is not a scalar has no pointer.
                    *key = Some(scalar.map_or(String::new(), |text| escape(text).into_owned()));
                    key_at = at;
                    continue;
                }
                Some(token) => Some(token.into()),
            },
            Some(Open::Sequence(index)) => {
                let token = index.to_string();
                *index += 1;
                key_at = at;
                Some(token.into())
            }
        };
        let is_root = token.is_none();
        let parent = path.last().cloned().unwrap_or_default();
        let pointer = token.map_or(String::new(), |token| format!("{parent}/{token}"));
        for index in wanted.remove(pointer.as_str()).into_iter().flatten() {
            if let Some(slot) = found.get_mut(index) {
                *slot = Some(if is_root { at } else { key_at });
            }
        }
        match event {
            Event::MappingStart(..) => {
                stack.push(Open::Mapping(None));
                path.push(pointer);
            }
            Event::SequenceStart(..) => {
                stack.push(Open::Sequence(0));
                path.push(pointer);
            }
            _ => {}
        }
    }
    found
}

fn position(line: usize, column: usize) -> Position {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position {
        line: number(line),
        column: number(column).saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_into_yaml_have_line_and_column() {
        let text = "a:\n  b/c: [1, {d: 2}]\n  list:\n  - x\n  - y: |\n      text\n'e': 3\n";
        let pointers = [
            "/a",
            "/a/b~1c/1/d",
            "/a/list/1",
            "/a/list/1/y",
            "/e",
            "/none",
            "",
        ];
        let pointers: Vec<_> = pointers.into_iter().map(Some).collect();
        let found = positions(text, &pointers).into_iter();
        let found: Vec<_> = found.map(|at| at.map(|at| (at.line, at.column))).collect();
        assert_eq!(
            found,
            [
                Some((1, 1)),
                Some((2, 13)),
                Some((5, 5)),
                Some((5, 5)),
                Some((7, 1)),
                None,
                Some((1, 1)),
            ]
        );
    }
}
