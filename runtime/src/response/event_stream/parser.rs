//! The parser of the event stream format: WHATWG HTML, section 9.2.6, "Interpreting an event
//! stream".

use std::borrow::Cow;
use std::mem;
use std::time::Duration;

use bytes::{Buf, Bytes};

use super::event::Event;

/// The maximum size of an id in bytes. Each following event has a copy of the id, and no server
/// accepts a longer one in a header.
const LONGEST_ID: usize = 16 * 1024;

/// Parses events from chunks of any size. Holds at most one event.
#[derive(Debug, Clone)]
pub(crate) struct Parser {
    /// The maximum number of bytes of a line, and of all lines of one event.
    limit: usize,
    /// The beginning of a line whose end has not arrived.
    line: Vec<u8>,
    /// The last byte was a carriage return: a following line feed belongs to the same line end.
    after_return: bool,
    /// No line has ended yet: the first line may begin with a byte order mark.
    is_first_line: bool,
    event: String,
    data: String,
    has_data: bool,
    retry: Option<Duration>,
    /// The data of the current event.
    id: Option<String>,
    /// The id of the last complete event that had one. It stays for the events that follow.
    last_event_id: String,
    /// The last complete event had an id of its own.
    had_id: bool,
    /// The last `retry` value of the stream.
    reconnection_time: Option<Duration>,
    /// The first line, if it begins like a JSON object.
    stray: Option<Vec<u8>>,
}

/// A line or an event exceeds the limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Parser {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            after_return: false,
            is_first_line: true,
            event: String::new(),
            data: String::new(),
            has_data: false,
            retry: None,
            id: None,
            last_event_id: String::new(),
            had_id: false,
            reconnection_time: None,
            stray: None,
        }
    }

    /// Returns the id of the last complete event; empty if no event had an id.
    pub(super) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Returns whether the event that was yielded last has an id of its own, not of an earlier
    /// event.
    pub(super) fn had_id(&self) -> bool {
        self.had_id
    }

    /// Returns the minimum time that the server wants to pass before a reconnection.
    pub(super) fn reconnection_time(&self) -> Option<Duration> {
        self.reconnection_time
    }

    /// Discards an incomplete event: another connection continues after the last event id.
    pub(super) fn restart(&mut self) {
        *self = Self {
            last_event_id: mem::take(&mut self.last_event_id),
            reconnection_time: self.reconnection_time,
            ..Self::new(self.limit)
        };
    }

    /// Returns an event at the end of the stream that lacks its empty line.
    pub(super) fn unfinished(mut self) -> Option<Event> {
        let line = mem::take(&mut self.line);
        if !line.is_empty() {
            self.end_of_line(&line);
        }
        self.dispatch()
    }

    /// Returns the first line of a stream if it is none of an event stream but may be JSON.
    pub(super) fn stray_json(&self) -> Option<&[u8]> {
        let is_json = |line: &&[u8]| line.starts_with(b"{");
        let unfinished = self.is_first_line.then_some(&*self.line);
        self.stray.as_deref().or(unfinished).filter(is_json)
    }

    /// Takes bytes from `input` up to the end of an event; returns `None` when all bytes were
    /// taken.
    pub(crate) fn next(&mut self, input: &mut Bytes) -> Result<Option<Event>, TooLarge> {
        loop {
            match input.first() {
                None => return Ok(None),
                Some(b'\n') if mem::take(&mut self.after_return) => input.advance(1),
                Some(_) => self.after_return = false,
            }
            let Some(end) = memchr::memchr2(b'\n', b'\r', input) else {
                self.check(input.len())?;
                self.line.extend_from_slice(input);
                input.clear();
                return Ok(None);
            };
            self.check(end)?;
            let line = input.split_to(end);
            self.after_return = input.first() == Some(&b'\r');
            input.advance(1);
            let event = if self.line.is_empty() {
                self.end_of_line(&line)
            } else {
                let mut whole = mem::take(&mut self.line);
                whole.extend_from_slice(&line);
                let event = self.end_of_line(&whole);
                whole.clear();
                self.line = whole;
                event
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    /// Returns whether `more` bytes exceed the limit of a line.
    fn check(&self, more: usize) -> Result<(), TooLarge> {
        let held = self.line.len() + self.data.len() + self.event.len();
        if held + more > self.limit {
            return Err(TooLarge);
        }
        Ok(())
    }

    fn end_of_line(&mut self, line: &[u8]) -> Option<Event> {
        let line = match line.strip_prefix(b"\xEF\xBB\xBF") {
            Some(rest) if self.is_first_line => rest,
            _ => line,
        };
        if self.is_first_line && line.starts_with(b"{") {
            self.stray = Some(line.to_vec());
        }
        self.is_first_line = false;
        if line.is_empty() {
            return self.dispatch();
        }
        // A comment begins with a colon: a field without a name, which is ignored like any unknown
        // field.
        let (name, value) = match memchr::memchr(b':', line) {
            Some(colon) => line.split_at(colon),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        self.field(name, value);
        None
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                match String::from_utf8_lossy(value) {
                    Cow::Borrowed(text) => self.data.push_str(text),
                    Cow::Owned(text) => self.data.push_str(&text),
                }
            }
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) && value.len() <= LONGEST_ID => {
                self.id = Some(String::from_utf8_lossy(value).into_owned());
            }
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                let digits = String::from_utf8_lossy(value);
                self.retry = digits.parse().ok().map(Duration::from_millis);
                self.reconnection_time = self.retry.or(self.reconnection_time);
            }
            _ => {}
        }
    }

    /// Ends an event. An event without data is discarded, except for its id and its retry time.
    fn dispatch(&mut self) -> Option<Event> {
        let (event, data) = (mem::take(&mut self.event), mem::take(&mut self.data));
        let retry = self.retry.take();
        let id = self.id.take();
        self.had_id = id.is_some();
        if let Some(id) = id {
            self.last_event_id = id;
        }
        if !mem::take(&mut self.has_data) {
            return None;
        }
        Some(Event {
            id: self.last_event_id.clone(),
            event: if event.is_empty() {
                "message".to_owned()
            } else {
                event
            },
            data,
            retry,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the events of the chunks of a stream, one line for each event.
    fn parse_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let mut parser = Parser::new(1000);
        let mut events = Vec::new();
        for piece in pieces {
            let mut input = Bytes::copy_from_slice(piece);
            while let Some(event) = parser.next(&mut input).unwrap() {
                let Event {
                    id,
                    event,
                    data,
                    retry,
                } = event;
                events.push(format!("{id}|{event}|{data:?}|{retry:?}"));
            }
        }
        events
    }

    /// The grammar and the examples of the specification, and what lies beside them.
    const STREAMS: &[(&[u8], &[&str])] = &[
        (b"data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\ndata: This is the third message.\n\n",
         &["|message|\"This is the first message.\"|None",
           "|message|\"This is the second message, it\\nhas two lines.\"|None",
           "|message|\"This is the third message.\"|None"]),
        (b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
         &["|add|\"73857293\"|None", "|remove|\"2153\"|None"]),
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", &["|message|\"YHOO\\n+2\\n10\"|None"]),
        (b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
         &["1|message|\"first event\"|None", "|message|\"second event\"|None", "|message|\" third event\"|None"]),
        (b"data\n\ndata\ndata\n\ndata:", &["|message|\"\"|None", "|message|\"\\n\"|None"]),
        (b"data:test\n\ndata: test\n\n", &["|message|\"test\"|None", "|message|\"test\"|None"]),
        (b"data: a\r\n\r\ndata: b\r\rdata: c\n\n", &["|message|\"a\"|None", "|message|\"b\"|None", "|message|\"c\"|None"]),
        (b"data: a\r\ndata: b\rdata: c\ndata: d\r\n\n", &["|message|\"a\\nb\\nc\\nd\"|None"]),
        (b"\xEF\xBB\xBFdata: a\n\n\xEF\xBB\xBFdata: b\n\n", &["|message|\"a\"|None"]),
        (b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\n", &[]),
        (b"data: \xF0\x9F\x90\xA6 \xC3\xA4\n\n", &["|message|\"\u{1F426} \u{e4}\"|None"]),
        (b"data: a\xFFb\xC3\ndata: c\n\n", &["|message|\"a\u{FFFD}b\u{FFFD}\\nc\"|None"]),
        (b"id: 7\ndata: a\n\ndata: b\n\nid: 8\x009\ndata: c\n\nid: x\n\ndata: d\n\n",
         &["7|message|\"a\"|None", "7|message|\"b\"|None", "7|message|\"c\"|None", "x|message|\"d\"|None"]),
        (b"retry: 1500\ndata: a\n\nretry: 1s\ndata: b\n\nretry:\ndata: c\n\nretry: 99999999999999999999\ndata: d\n\n",
         &["|message|\"a\"|Some(1.5s)", "|message|\"b\"|None", "|message|\"c\"|None", "|message|\"d\"|None"]),
        (b"event: x\n\ndata: a\n\n", &["|message|\"a\"|None"]),
        (b"Data: a\nDATA: b\n data: c\nunknown: d\nunknown\n:\n::\n: data: e\ndata: f\n\n", &["|message|\"f\"|None"]),
        (b"data: a\n\ndata: not complete\n", &["|message|\"a\"|None"]),
        (b"data: a: b\nevent::\n\n", &["|:|\"a: b\"|None"]),
        (b"\n\n\r\n\r", &[]),
        (b"", &[]),
    ];

    #[test]
    fn event_grammar_survives_any_split() {
        for (stream, expected) in STREAMS {
            assert_eq!(parse_pieces([*stream]), *expected, "{stream:?}");
            for cut in 0..=stream.len() {
                let (head, tail) = stream.split_at(cut);
                assert_eq!(parse_pieces([head, tail]), *expected, "{stream:?} at {cut}");
            }
            assert_eq!(parse_pieces(stream.chunks(1)), *expected, "{stream:?}");
        }
    }

    #[test]
    fn event_id_counts_after_its_event_retry_at_once() {
        let mut parser = Parser::new(1000);
        let mut parse = |text: &'static str| {
            let mut input = Bytes::from_static(text.as_bytes());
            while parser.next(&mut input).unwrap().is_some() {}
            (
                parser.last_event_id().to_owned(),
                parser.had_id(),
                parser.reconnection_time(),
            )
        };
        let wait = Some(Duration::from_millis(7));
        assert_eq!(parse("id: 1\ndata: a\n"), (String::new(), false, None));
        assert_eq!(parse("\nid: 2\nretry: 7\n"), ("1".to_owned(), true, wait));
        assert_eq!(parse("\nid: 3\n\n"), ("3".to_owned(), true, wait));
        assert_eq!(
            parse("data: a\n\nretry: x\nid: 4\n"),
            ("3".to_owned(), false, wait)
        );
        parser.restart();
        let mut input = Bytes::from_static(b"data: b\n\n");
        assert_eq!(parser.next(&mut input).unwrap().unwrap().id, "3");
        assert_eq!(parser.reconnection_time(), wait);
    }

    #[test]
    fn event_id_unsendable_is_ignored() {
        let mut parser = Parser::new(10 * LONGEST_ID);
        let mut id = |length: usize| {
            let stream = format!("id: {}\ndata: a\n\n", "i".repeat(length));
            let event = parser.next(&mut Bytes::from(stream)).unwrap().unwrap();
            (
                event.id.len(),
                parser.last_event_id().len(),
                parser.had_id(),
            )
        };
        assert_eq!(id(1), (1, 1, true));
        assert_eq!(id(LONGEST_ID + 1), (1, 1, false));
        assert_eq!(id(LONGEST_ID), (LONGEST_ID, LONGEST_ID, true));
    }

    #[test]
    fn event_too_large_is_rejected_before_buffering() {
        let parse = |limit: usize, stream: &[u8]| {
            let mut parser = Parser::new(limit);
            for piece in stream.chunks(3) {
                let mut input = Bytes::copy_from_slice(piece);
                while parser.next(&mut input)?.is_some() {}
                assert!(parser.line.len() + parser.data.len() <= limit);
            }
            Ok::<(), TooLarge>(())
        };
        assert_eq!(parse(12, b"data: 123456\n\ndata: 123456\n\n"), Ok(()));
        assert_eq!(parse(12, b"data: 1234567\n\n"), Err(TooLarge));
        assert_eq!(parse(12, b": a comment that goes on and on"), Err(TooLarge));
        assert_eq!(
            parse(12, b"data: 1234\ndata: 1234\ndata: 1234\n"),
            Err(TooLarge)
        );
        assert_eq!(parse(12, &b"data\n".repeat(11)), Err(TooLarge));
    }
}
