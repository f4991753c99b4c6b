//! Lines and columns of JSON pointers in a JSON text.

use std::borrow::Cow;

use serde::Serialize;

use crate::pointer::{escape, order};

/// A place in a text, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// A pointer that is looked for, and its index.
type Wanted<'p> = (&'p str, usize);

/// Where the values stand that these pointers name: the member's name, or the element. What is not in the
/// text, and all of a text that is no JSON, has no position.
pub fn positions(text: &str, pointers: &[Option<&str>]) -> Vec<Option<Position>> {
    let pointers = pointers.iter().enumerate();
    let mut wanted: Vec<Wanted<'_>> = pointers
        .clone()
        .filter_map(|(index, pointer)| Some(((*pointer)?, index)))
        .collect();
    // What is behind a token stands together.
    wanted.sort_by(|(a, _), (b, _)| order(a, b));
    let mut scanner = Scanner {
        text,
        at: 0,
        counted: 0,
        position: Position { line: 1, column: 1 },
        found: vec![None; pointers.len()],
    };
    scanner.space();
    scanner.mark(&wanted, 0);
    match scanner.value(&wanted, 0) {
        Some(()) => scanner.found,
        None => vec![None; scanner.found.len()],
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// How far `position` has been counted.
    counted: usize,
    position: Position,
    found: Vec<Option<Position>>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Remembers where the scanner is, for the pointers that end here.
    fn mark(&mut self, wanted: &[Wanted<'_>], length: usize) {
        let here = wanted
            .iter()
            .take_while(|(pointer, _)| pointer.len() == length);
        for (_, index) in here {
            self.count();
            if let Some(found) = self.found.get_mut(*index) {
                *found = Some(self.position);
            }
        }
    }

    /// Counts up to where the scanner is.
    fn count(&mut self) {
        let passed = self
            .text
            .as_bytes()
            .get(self.counted..self.at)
            .unwrap_or_default();
        let lines = passed.iter().filter(|byte| **byte == b'\n').count();
        let last = passed
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        // All bytes of a character but the first begin with the bits 10.
        let characters = last.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        if lines > 0 {
            self.position.line += as_u32(lines);
            self.position.column = 1;
        }
        self.position.column += as_u32(characters);
        self.counted = self.at;
    }

    /// Passes a value, deeper only where something is looked for; `None` if it is no JSON. All that is
    /// wanted begins with the same `length` bytes.
    fn value(&mut self, wanted: &[Wanted<'_>], length: usize) -> Option<()> {
        let here = wanted
            .iter()
            .take_while(|(pointer, _)| pointer.len() == length)
            .count();
        let below = wanted.get(here..).unwrap_or_default();
        match self.peek()? {
            b'{' if !below.is_empty() => self.object(below, length),
            b'[' if !below.is_empty() => self.array(below, length),
            _ => self.skip(),
        }
    }

    fn object(&mut self, wanted: &[Wanted<'_>], length: usize) -> Option<()> {
        let members: Vec<_> = by_token(wanted, length).collect();
        self.at += 1;
        loop {
            self.space();
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                b'"' => {
                    let start = self.at;
                    self.string()?;
                    let name = name(self.text.get(start..self.at)?)?;
                    let (wanted, length) = behind(&escape(&name), &members, length);
                    let end = std::mem::replace(&mut self.at, start);
                    self.mark(wanted, length);
                    self.at = end;
                    self.space();
                    (self.peek()? == b':').then_some(())?;
                    self.at += 1;
                    self.space();
                    self.value(wanted, length)?;
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }

    fn array(&mut self, wanted: &[Wanted<'_>], length: usize) -> Option<()> {
        let elements: Vec<_> = by_token(wanted, length).collect();
        self.at += 1;
        let mut index = 0_usize;
        loop {
            self.space();
            match self.peek()? {
                b']' => break,
                b',' => self.at += 1,
                _ => {
                    let (wanted, length) = behind(&index.to_string(), &elements, length);
                    self.mark(wanted, length);
                    self.value(wanted, length)?;
                    index += 1;
                }
            }
        }
        self.at += 1;
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    /// Passes a value without looking into it.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' if depth == 0 => break,
                _ => self.at += 1,
            }
            if depth == 0 && matches!(self.peek(), None | Some(b',' | b'}' | b']')) {
                break;
            }
        }
        Some(())
    }
}

/// What is wanted by the next token of each pointer.
fn by_token<'w, 'p>(
    wanted: &'w [Wanted<'p>],
    length: usize,
) -> impl Iterator<Item = (&'p str, &'w [Wanted<'p>])> {
    let token = move |(pointer, _): &Wanted<'p>| {
        let rest = pointer.get(length + 1..).unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    };
    let chunks = wanted.chunk_by(move |a, b| token(a) == token(b));
    chunks.filter_map(move |chunk| Some((token(chunk.first()?), chunk)))
}

/// What is wanted behind one of these tokens, and how much of that is behind us then.
fn behind<'w, 'p>(
    token: &str,
    tokens: &[(&'p str, &'w [Wanted<'p>])],
    length: usize,
) -> (&'w [Wanted<'p>], usize) {
    let found = tokens.binary_search_by(|(known, _)| (*known).cmp(token));
    let found = found.ok().and_then(|found| tokens.get(found));
    match found {
        Some((token, wanted)) => (wanted, length + 1 + token.len()),
        None => (&[], 0),
    }
}

/// The name that stands in quotes.
fn name(quoted: &str) -> Option<Cow<'_, str>> {
    if quoted.contains('\\') {
        return serde_json::from_str(quoted).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(quoted.strip_prefix('"')?.strip_suffix('"')?))
}

/// No text has more lines or columns than that.
fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_at_their_name_and_elements_at_themselves() {
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
        for other in ["openapi: 3.1.0\n", "{\"a\" 1}", "", "{a: 1}"] {
            assert_eq!(positions(other, &[Some("/a")]), [None], "{other}");
        }
    }
}
