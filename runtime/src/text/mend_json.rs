//! Mends what is not JSON and yet has one meaning: `NaN`, half a surrogate pair, a control
//! character in a string, bytes that are not UTF-8. Widely used writers of JSON let them pass.

use std::fmt;
use std::ops::Range;

use serde::de::IgnoredAny;

/// The replacement for characters that cannot be read.
const UNREADABLE: &str = "\\ufffd";

/// The maximum number of levels. No parser of JSON here reads more.
const DEEPEST: usize = 128;

/// The maximum number of flaws that are told.
const MOST_FLAWS: usize = 10;

/// Something that was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A number that is not finite, or too large for a float, which became `null`.
    Number,
    /// A character that became U+FFFD.
    Unreadable,
    /// A control character that was not escaped.
    Control,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a number that JSON cannot express is read as `null`",
            Self::Unreadable => "a character that cannot be read is replaced by U+FFFD",
            Self::Control => "a control character in a string is not escaped",
        })
    }
}

/// Mended JSON.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mended {
    pub(crate) json: Vec<u8>,
    /// The flaws with their locations, at most ten.
    pub(crate) flaws: Vec<(String, Flaw)>,
}

/// Returns `json` without flaws, and everything else as it is. Returns `None` if there are no
/// flaws, or if the result is not JSON either.
pub(crate) fn mended(json: &[u8]) -> Option<Mended> {
    let is_json = |it: &Mended| serde_json::from_slice::<IgnoredAny>(&it.json).is_ok();
    let may_be_double_byte = || json.windows(2).any(|it| matches!(it, [0x80..=0xFF, b'\\']));
    let mended = mend(json, false).filter(is_json);
    mended.or_else(|| match may_be_double_byte() {
        true => mend(json, true).filter(is_json),
        false => None,
    })
}

/// Returns `json` without flaws; `None` if there are none.
fn mend(json: &[u8], is_double_byte: bool) -> Option<Mended> {
    let mut mender = Mender {
        input: json,
        is_double_byte,
        at: 0,
        output: Vec::with_capacity(json.len()),
        last_string: 0..0,
        path: Vec::new(),
        flaws: Vec::new(),
    };
    while let Some(byte) = mender.peek(0) {
        match byte {
            b'"' => mender.string(),
            b'-' | b'0'..=b'9' | b'N' | b'I' => mender.number(),
            _ => {
                mender.step(byte);
                mender.keep(1);
            }
        }
        if mender.path.len() > DEEPEST {
            return None;
        }
    }
    (!mender.flaws.is_empty()).then_some(Mended {
        json: mender.output,
        flaws: mender.flaws,
    })
}

struct Mender<'j> {
    input: &'j [u8],
    /// `true` if the second byte of a character may be a backslash, as in Shift_JIS, GBK and Big5.
    is_double_byte: bool,
    at: usize,
    output: Vec<u8>,
    /// The last string in the output, without its quotation marks.
    last_string: Range<usize>,
    /// The location in the JSON.
    path: Vec<Step>,
    flaws: Vec<(String, Flaw)>,
}

/// A step from a value to a part of it.
enum Step {
    /// A property, by its name in the output.
    Name(Range<usize>),
    Index(usize),
}

impl Mender<'_> {
    /// Follows the structure of the JSON.
    fn step(&mut self, byte: u8) {
        match (byte, self.path.last_mut()) {
            (b'{', _) => self.path.push(Step::Name(0..0)),
            (b'[', _) => self.path.push(Step::Index(0)),
            (b'}' | b']', _) => drop(self.path.pop()),
            (b',', Some(Step::Index(index))) => *index += 1,
            (b':', Some(Step::Name(name))) => *name = self.last_string.clone(),
            _ => {}
        }
    }

    /// Returns the location as errors show it, such as `items[1].size`.
    fn location(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            match step {
                Step::Index(index) => text.push_str(&format!("[{index}]")),
                Step::Name(name) => {
                    let name = self.output.get(name.clone()).unwrap_or_default();
                    let separator = if text.is_empty() { "" } else { "." };
                    text.push_str(separator);
                    text.push_str(&String::from_utf8_lossy(name));
                }
            }
        }
        text
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.input.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.input.get(self.at..).unwrap_or_default()
    }

    /// Copies bytes.
    fn keep(&mut self, count: usize) {
        let end = (self.at + count).min(self.input.len());
        let kept = self.input.get(self.at..end).unwrap_or_default();
        self.output.extend_from_slice(kept);
        self.at = end;
    }

    /// Replaces bytes.
    fn replace(&mut self, count: usize, by: &str, flaw: Flaw) {
        if self.flaws.len() < MOST_FLAWS {
            let location = self.location();
            self.flaws.push((location, flaw));
        }
        self.output.extend_from_slice(by.as_bytes());
        self.at += count;
    }

    /// Copies a number, or replaces one that JSON cannot express.
    fn number(&mut self) {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        let length = self.rest().iter().take_while(is_part).count();
        let word = std::str::from_utf8(self.rest().get(..length).unwrap_or_default());
        let is_beyond = match word.unwrap_or_default() {
            "NaN" | "-NaN" | "Infinity" | "-Infinity" => true,
            number if number.ends_with(|it: char| it.is_ascii_digit()) => {
                number.parse::<f64>().is_ok_and(f64::is_infinite)
            }
            _ => false,
        };
        match is_beyond {
            true => self.replace(length, "null", Flaw::Number),
            false => self.keep(length.max(1)),
        }
    }

    /// Copies a string up to its end.
    fn string(&mut self) {
        self.keep(1);
        let start = self.output.len();
        while let Some(byte) = self.peek(0) {
            match byte {
                b'"' => {
                    self.last_string = start..self.output.len();
                    return self.keep(1);
                }
                b'\\' => self.escape(),
                0..=0x1F => self.replace(1, &format!("\\u{byte:04x}"), Flaw::Control),
                0x20..=0x7F => self.keep(1),
                _ => self.characters(),
            }
        }
    }

    /// Copies an escape sequence, or replaces half a surrogate pair.
    fn escape(&mut self) {
        match self.unit(0) {
            None => self.keep(2),
            Some(0xD800..=0xDBFF) if matches!(self.unit(6), Some(0xDC00..=0xDFFF)) => self.keep(12),
            Some(0xD800..=0xDFFF) => self.replace(6, UNREADABLE, Flaw::Unreadable),
            Some(_) => self.keep(6),
        }
    }

    /// Returns the UTF-16 code unit of an escape sequence.
    fn unit(&self, ahead: usize) -> Option<u16> {
        let sequence = self.rest().get(ahead..ahead + 6)?.strip_prefix(b"\\u")?;
        let digits = std::str::from_utf8(sequence).ok()?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    }

    /// Copies characters other than ASCII, and replaces bytes that are none.
    fn characters(&mut self) {
        let rest = self.rest();
        let end = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
        let bytes = rest.get(..end).unwrap_or_default();
        let Err(wrong) = std::str::from_utf8(bytes) else {
            return self.keep(end);
        };
        if self.is_double_byte {
            let is_half = end % 2 == 1 && self.peek(end) == Some(b'\\');
            let characters = UNREADABLE.repeat(end.div_ceil(2));
            return self.replace(end + usize::from(is_half), &characters, Flaw::Unreadable);
        }
        let bad = wrong.error_len().unwrap_or(end - wrong.valid_up_to());
        self.keep(wrong.valid_up_to());
        self.replace(bad, UNREADABLE, Flaw::Unreadable);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(json: &[u8]) -> (Value, Vec<Flaw>) {
        let mended = mended(json).unwrap();
        let flaws = mended.flaws.iter().map(|(_, flaw)| *flaw).collect();
        (serde_json::from_slice(&mended.json).unwrap(), flaws)
    }

    #[test]
    fn number_that_json_lacks_is_null() {
        let numbers = br#"{"a": NaN, "b": [-Infinity, Infinity, 1e999, -1e999, 1e9], "c": "NaN"}"#;
        let expected = json!({"a": null, "b": [null, null, null, null, 1e9], "c": "NaN"});
        assert_eq!(read(numbers), (expected, vec![Flaw::Number; 5]));
    }

    #[test]
    fn flaw_has_its_location() {
        let json = br#"{"a": [1, {"b": "x", "c": [[], NaN]}], "d": "\ud83d"}"#;
        let mended = mended(json).unwrap();
        let locations: Vec<&str> = mended.flaws.iter().map(|(at, _)| &**at).collect();
        assert_eq!(locations, ["a[1].c[1]", "d"]);
        assert_eq!(super::mended("[".repeat(1000).as_bytes()), None);
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        for (given, expected) in [
            (r#""a\ud83d""#, "a\u{FFFD}"),
            (r#""\ud83d\ud83d\ude00b""#, "\u{FFFD}\u{1F600}b"),
            (r#""\ude00\n""#, "\u{FFFD}\n"),
            (r#""\uD83Dx\\ud83d""#, "\u{FFFD}x\\ud83d"),
        ] {
            let (value, flaws) = read(given.as_bytes());
            assert_eq!(value, expected, "{given}");
            assert_eq!(flaws, [Flaw::Unreadable], "{given}");
        }
    }

    #[test]
    fn bytes_of_a_string_are_mended() {
        let (value, flaws) = read(b"[\"a\tb\nc\", \"caf\xE9 \xC3\xA9\xFF\xF0\x9F\"]");
        assert_eq!(value, json!(["a\tb\nc", "caf\u{FFFD} é\u{FFFD}\u{FFFD}"]));
        assert_eq!(flaws.len(), 5);
        assert_eq!(flaws[0], Flaw::Control);
    }

    #[test]
    fn backslash_of_a_double_byte_character_is_mended() {
        // Shift_JIS of "機能" and "表示\n", and an escape that follows two bytes.
        let (value, flaws) = read(b"[\"\x8B@\x94\\\", \"\x95\\\x8E\xA6\\n\"]");
        assert_eq!(value[0], "\u{FFFD}@\u{FFFD}");
        assert_eq!(value[1], "\u{FFFD}\u{FFFD}\n");
        assert_eq!(flaws[0], Flaw::Unreadable);
        // A single byte before an escape, as in windows-1251.
        assert_eq!(read(b"\"\xE9\\n\"").0, "\u{FFFD}\n");
    }

    #[test]
    fn other_text_is_not_touched() {
        for json in [
            &b""[..],
            br#"{"a": [1, -2.5e3, true, null, "\"\u00e9\ud83d\ude00"]}"#,
            b"\"caf\xC3\xA9\"",
            b"None",
            b"INF",
            b"1e",
            b"-",
            b"\"unfinished \\",
            b"\"\\u12",
            b"<html>5 < 6</html>",
        ] {
            assert_eq!(mended(json), None, "{json:?}");
        }
        let many = format!("[{}0]", "NaN,".repeat(99));
        let mended = mended(many.as_bytes()).unwrap();
        assert_eq!(
            (mended.flaws.len(), mended.json.len()),
            (MOST_FLAWS, 99 * 5 + 3)
        );
        assert_eq!(super::mended(b"NaN,"), None);
    }
}
