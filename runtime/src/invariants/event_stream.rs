//! Invariants of event streams, for any content and any chunks.

use bytes::Bytes;

use crate::response::event_stream::parser::{Parser, TooLarge};

/// The events do not depend on the chunks of the stream, and no event is much larger than the
/// limit.
pub fn event_stream(limit: usize, piece: usize, stream: &[u8]) {
    let limit = limit % 200;
    let whole = events(limit, [stream]);
    assert_eq!(
        events(limit, stream.chunks(piece % 50 + 1)),
        whole,
        "{stream:?}"
    );
    let (head, tail) = stream.split_at(piece.min(stream.len()));
    assert_eq!(events(limit, [head, tail]), whole, "{stream:?}");
}

/// Returns the events of the parser until the stream ends or an event is too large.
fn events<'a>(
    limit: usize,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<String>, Option<TooLarge>) {
    let mut parser = Parser::new(limit);
    let mut events = Vec::new();
    for piece in pieces {
        let mut input = Bytes::copy_from_slice(piece);
        loop {
            match parser.next(&mut input) {
                Ok(None) => break,
                Err(too_large) => return (events, Some(too_large)),
                Ok(Some(event)) => {
                    // A byte that is not UTF-8 becomes a character of three bytes.
                    let longest = event.data.len().max(event.event.len()).max(event.id.len());
                    assert!(longest <= (3 * limit).max("message".len()), "{event:?}");
                    events.push(format!("{event:?}"));
                }
            }
        }
    }
    (events, None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::event_stream;
    use crate::invariants::strategies::config;

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_event_stream_is_parsed_the_same(
            limit in 0..200usize,
            piece in 0..60usize,
            stream in prop_oneof![
                any::<Vec<u8>>(),
                "((data|event|id|retry|x|\u{feff})?(: ?)?[0-9a\0ä]{0,9}(\r\n|\n|\r|\n\n)){0,12}".prop_map(String::into_bytes),
            ],
        ) {
            event_stream(limit, piece, &stream);
        }
    }
}
