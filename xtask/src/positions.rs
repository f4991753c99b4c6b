//! Lines and columns of JSON pointers in a JSON text.

use std::collections::HashMap;

use crate::pointer::unescape;

/// A place in a text, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// The pointers that are looked for, as a tree of their tokens.
#[derive(Default)]
struct Wanted<'p> {
    here: Option<&'p str>,
    below: HashMap<String, Wanted<'p>>,
}

/// Where the values stand that these pointers name: the member's name, or the element. What is not in the
/// text, and all of a text that is no JSON, has no position.
pub fn positions<'p>(
    text: &str,
    pointers: impl Iterator<Item = &'p str>,
) -> HashMap<&'p str, Position> {
    let mut root = Wanted::default();
    for pointer in pointers {
        let mut at = &mut root;
        for token in pointer.split('/').skip(1) {
            at = at.below.entry(unescape(token).into_owned()).or_default();
        }
        at.here = Some(pointer);
    }
    let mut scanner = Scanner {
        text,
        at: 0,
        counted: 0,
        position: Position { line: 1, column: 1 },
        found: HashMap::new(),
    };
    scanner.space();
    scanner.mark(&root);
    match scanner.value(Some(&root)) {
        Some(()) => scanner.found,
        None => HashMap::new(),
    }
}

struct Scanner<'t, 'p> {
    text: &'t str,
    at: usize,
    /// How far `position` has been counted.
    counted: usize,
    position: Position,
    found: HashMap<&'p str, Position>,
}

impl<'p> Scanner<'_, 'p> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Remembers where the scanner is, if that is looked for.
    fn mark(&mut self, wanted: &Wanted<'p>) {
        let Some(pointer) = wanted.here else { return };
        let passed = self.text.get(self.counted..self.at).unwrap_or_default();
        for character in passed.chars() {
            if character == '\n' {
                self.position.line += 1;
                self.position.column = 1;
            } else {
                self.position.column += 1;
            }
        }
        self.counted = self.at;
        self.found.insert(pointer, self.position);
    }

    /// Passes a value, deeper only where something is looked for; `None` if it is no JSON.
    fn value(&mut self, wanted: Option<&Wanted<'p>>) -> Option<()> {
        let wanted = wanted.filter(|wanted| !wanted.below.is_empty());
        match (self.peek()?, wanted) {
            (b'{', Some(wanted)) => self.object(wanted),
            (b'[', Some(wanted)) => self.array(wanted),
            _ => self.skip(),
        }
    }

    fn object(&mut self, wanted: &Wanted<'p>) -> Option<()> {
        self.at += 1;
        loop {
            self.space();
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                b'"' => {
                    let start = self.at;
                    self.string()?;
                    let name: String = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
                    let member = wanted.below.get(&name);
                    if let Some(member) = member {
                        let end = std::mem::replace(&mut self.at, start);
                        self.mark(member);
                        self.at = end;
                    }
                    self.space();
                    (self.peek()? == b':').then_some(())?;
                    self.at += 1;
                    self.space();
                    self.value(member)?;
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }

    fn array(&mut self, wanted: &Wanted<'p>) -> Option<()> {
        self.at += 1;
        let mut index = 0_usize;
        loop {
            self.space();
            match self.peek()? {
                b']' => break,
                b',' => self.at += 1,
                _ => {
                    let element = wanted.below.get(&index.to_string());
                    if let Some(element) = element {
                        self.mark(element);
                    }
                    self.value(element)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_at_their_name_and_elements_at_themselves() {
        let text = "{\n  \"a/b\": [1, {\"ü\": 2, \"c\": \"]\\\"\"}],\n  \"d\": {}\n}\n";
        let pointers = ["", "/a~1b", "/a~1b/1", "/a~1b/1/c", "/d", "/e"];
        let found = positions(text, pointers.into_iter());
        let at = |pointer: &str| found.get(pointer).map(|at| (at.line, at.column));
        assert_eq!(
            pointers.map(at),
            [
                Some((1, 1)),
                Some((2, 3)),
                Some((2, 14)),
                Some((2, 23)),
                Some((3, 3)),
                None
            ]
        );
        for other in ["openapi: 3.1.0\n", "{\"a\" 1}", "", "{a: 1}"] {
            let found = positions(other, ["/a"].into_iter());
            assert_eq!(found, HashMap::new(), "{other}");
        }
    }
}
