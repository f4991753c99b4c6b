//! Lines and columns of JSON pointers in a text.

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::document::position::Position;
use crate::document::yaml_positions;
use neo_client_codegen::openapi::pointer::unescape;

/// Finds the property name or the array element that each pointer names.
///
/// The text is JSON or YAML. Pointers that lead nowhere have no position.
pub fn positions(text: &str, pointers: &[Option<&str>]) -> Vec<Option<Position>> {
    let mut found = vec![None; pointers.len()];
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
    let Some(root) = parsed.ok().and_then(|parsed| parsed.value) else {
        return yaml_positions::positions(text, pointers);
    };
    let mut offsets: Vec<(usize, usize)> = pointers
        .iter()
        .enumerate()
        .filter_map(|(index, pointer)| Some((offset(&root, (*pointer)?)?, index)))
        .collect();
    // One pass over the text in the order of the offsets.
    offsets.sort_unstable();
    let (mut passed, mut position) = (0, Position { line: 1, column: 1 });
    for (offset, index) in offsets {
        for character in text.get(passed..offset).unwrap_or_default().chars() {
            if character == '\n' {
                position.line = position.line.saturating_add(1);
                position.column = 1;
            } else {
                position.column = position.column.saturating_add(1);
            }
        }
        passed = offset;
        if let Some(slot) = found.get_mut(index) {
            *slot = Some(position);
        }
    }
    found
}

/// Finds the nearest parent of what each pointer would name, if the text has a parent of it.
pub fn parents(text: &str, pointers: &[Option<&str>]) -> Vec<Option<Position>> {
    let ancestors = |pointer: &str| -> Vec<String> {
        let ends = pointer.match_indices('/').map(|(end, _)| end).rev();
        let ends = ends.filter(|end| *end > 0);
        ends.filter_map(|end| pointer.get(..end).map(str::to_owned))
            .collect()
    };
    let lists: Vec<Vec<String>> = pointers
        .iter()
        .map(|pointer| pointer.map(ancestors).unwrap_or_default())
        .collect();
    let all: Vec<Option<&str>> = lists.iter().flatten().map(|it| Some(it.as_str())).collect();
    if all.is_empty() {
        return vec![None; pointers.len()];
    }
    let mut found = positions(text, &all).into_iter();
    let nearest = lists.iter().map(|list| {
        let of_list: Vec<Option<Position>> = found.by_ref().take(list.len()).collect();
        of_list.into_iter().flatten().next()
    });
    nearest.collect()
}

/// Returns the byte offset of the value at a pointer, or of the property name in front of it.
fn offset(root: &Value<'_>, pointer: &str) -> Option<usize> {
    let (mut value, mut start) = (root, jsonc_parser::common::Ranged::start(root));
    for token in pointer.split('/').skip(1) {
        let token = unescape(token);
        match value {
            Value::Object(object) => {
                // Of two properties with one name, the last counts in JSON readers.
                let mut properties = object.properties.iter().rev();
                let property = properties.find(|property| property.name.as_str() == token)?;
                (value, start) = (&property.value, property.range.start);
            }
            Value::Array(array) => {
                value = array.elements.get(token.parse::<usize>().ok()?)?;
                start = jsonc_parser::common::Ranged::start(value);
            }
            _ => return None,
        }
    }
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_have_line_and_column() {
        let text = "{\n  \"a/b\": [1, {\"ü\": 2, \"c\": \"]\\\"\"}],\n  \"d\": {}, \"a-\": 1\n}\n";
        let pointers = [
            Some("/d"),
            None,
            Some("/a~1b/1"),
            Some(""),
            Some("/a~1b"),
            Some("/a~1b/1/c"),
            Some("/a-"),
            Some("/a~1b"),
            Some("/e"),
        ];
        let found = positions(text, &pointers);
        let found: Vec<_> = found
            .into_iter()
            .map(|at| at.map(|at| (at.line, at.column)))
            .collect();
        assert_eq!(
            found,
            [
                Some((3, 3)),
                None,
                Some((2, 14)),
                Some((1, 1)),
                Some((2, 3)),
                Some((2, 23)),
                Some((3, 12)),
                Some((2, 3)),
                None
            ]
        );
    }

    #[test]
    fn missing_property_has_the_place_of_its_parent() {
        let text = "{\n  \"a\": {\n    \"b\": {}\n  }\n}\n";
        let pointers = [Some("/a/b/c/d"), None, Some("/a/x"), Some("/z")];
        let found = parents(text, &pointers);
        let lines: Vec<_> = found.iter().map(|at| at.map(|at| at.line)).collect();
        assert_eq!(lines, [Some(3), None, Some(2), None]);
    }

    #[test]
    fn unreadable_text_has_no_positions() {
        for text in ["", "{\"a\"", "[b"] {
            assert_eq!(positions(text, &[Some("/a")]), [None], "{text}");
        }
    }
}
