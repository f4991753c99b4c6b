//! The lengths of the texts that a regular expression matches.

use std::collections::VecDeque;

/// The least and the greatest length, which may be infinite.
type Lengths = (f64, f64);

/// Returns the lengths of texts in which a pattern is found, or `None` for a pattern with parts
/// that are not read.
pub fn lengths(pattern: &str) -> Option<Lengths> {
    let mut reader = Reader {
        rest: pattern.chars().collect(),
    };
    let is_anchored = pattern.starts_with('^') && pattern.ends_with('$') && !pattern.contains('|');
    let (least, most) = reader.alternatives()?;
    let is_whole = is_anchored && !pattern.ends_with("\\$");
    reader
        .rest
        .is_empty()
        .then_some((least, if is_whole { most } else { f64::INFINITY }))
}

struct Reader {
    rest: VecDeque<char>,
}

impl Reader {
    fn take(&mut self, expected: char) -> bool {
        let is_next = self.rest.front() == Some(&expected);
        if is_next {
            self.rest.pop_front();
        }
        is_next
    }

    fn alternatives(&mut self) -> Option<Lengths> {
        let mut all = self.sequence()?;
        while self.take('|') {
            let (least, most) = self.sequence()?;
            all = (all.0.min(least), all.1.max(most));
        }
        Some(all)
    }

    fn sequence(&mut self) -> Option<Lengths> {
        let mut all = (0.0, 0.0);
        while !matches!(self.rest.front(), None | Some('|' | ')')) {
            let (least, most) = self.atom()?;
            let (fewest, highest) = self.times()?;
            let most = if highest == 0.0 { 0.0 } else { most * highest };
            all = (all.0 + least * fewest, all.1 + most);
        }
        Some(all)
    }

    /// Reads a character, a class or a group.
    fn atom(&mut self) -> Option<Lengths> {
        const ONE: Lengths = (1.0, 1.0);
        match self.rest.pop_front()? {
            '^' | '$' => Some((0.0, 0.0)),
            '(' => {
                // Only plain groups and groups without a number.
                if self.take('?') && !self.take(':') {
                    return None;
                }
                let within = self.alternatives()?;
                self.take(')').then_some(within)
            }
            '[' => loop {
                match self.rest.pop_front()? {
                    '\\' => {
                        self.rest.pop_front()?;
                    }
                    ']' => return Some(ONE),
                    _ => {}
                }
            },
            '\\' => match self.rest.pop_front()? {
                'b' | 'B' => Some((0.0, 0.0)),
                'd' | 'D' | 'w' | 'W' | 's' | 'S' | 't' | 'n' | 'r' => Some(ONE),
                other => (!other.is_alphanumeric()).then_some(ONE),
            },
            '*' | '+' | '?' | '{' => None,
            _ => Some(ONE),
        }
    }

    /// Reads how often an atom is repeated.
    fn times(&mut self) -> Option<Lengths> {
        let times = match self.rest.front() {
            Some('*') => (0.0, f64::INFINITY),
            Some('+') => (1.0, f64::INFINITY),
            Some('?') => (0.0, 1.0),
            Some('{') => {
                let end = self.rest.iter().position(|it| *it == '}')?;
                let written: String = self.rest.drain(..end).skip(1).collect();
                match written.split_once(',') {
                    None => {
                        let count = written.parse().ok()?;
                        (count, count)
                    }
                    Some((least, "")) => (least.parse().ok()?, f64::INFINITY),
                    Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                }
            }
            _ => return Some((1.0, 1.0)),
        };
        self.rest.pop_front();
        self.take('?');
        Some(times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_patterns_follow_their_atoms() {
        for (pattern, expected) in [
            ("^[a-z]+$", Some((1.0, f64::INFINITY))),
            ("^x-", Some((2.0, f64::INFINITY))),
            ("^[A-Z]{2}$", Some((2.0, 2.0))),
            ("^a(bc)?d{1,3}$", Some((2.0, 6.0))),
            ("^(?:ab|c)\\d$", Some((2.0, f64::INFINITY))),
            ("ab|c", Some((1.0, f64::INFINITY))),
            ("^(?=a)b$", None),
            ("^\\p{L}+$", None),
            ("[", None),
        ] {
            assert_eq!(lengths(pattern), expected, "{pattern}");
        }
    }
}
