//! How work goes, as the reply about it says: read tolerantly, since words and places may be others tomorrow.

use serde_json::Value;

use super::LongRunning;

/// The longest status that is compared with the words that are known.
const LONGEST_WORD: usize = 256;

/// How work ended.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It did what it was to do.
    Succeeded,
    /// It did not: it failed, ran out of time, or was stopped.
    Failed,
    /// It is over, and its status is none of those that are known.
    Unknown,
}

/// What a reply says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State<'j> {
    /// In the server's words.
    pub(super) status: Option<&'j str>,
    /// `None` while the work goes on.
    pub(super) end: Option<Outcome>,
}

impl LongRunning {
    /// What a reply about the work says. A known word wins, wherever it stands; what is not known means that the work
    /// goes on, unless the reply tells when it ended.
    pub(super) fn state<'j>(&self, reply: &'j Value) -> State<'j> {
        let statuses = || {
            let found = self
                .status
                .iter()
                .filter_map(|place| reply.pointer(place)?.as_str());
            found.filter(|status| !status.trim().is_empty())
        };
        for status in statuses() {
            let is_it = |word: &&str| is_same_word(word, status);
            let ended = self.ended.iter().find(|(word, _)| is_it(word));
            if ended.is_some() || self.running.iter().any(is_it) {
                return State {
                    status: Some(status),
                    end: ended.map(|(_, outcome)| *outcome),
                };
            }
        }
        let is_over = self.ended_at.iter().any(|place| is_set(reply, place));
        State {
            status: statuses().next(),
            end: is_over.then_some(Outcome::Unknown),
        }
    }

    /// The id of the work in the reply that acknowledges it.
    pub(super) fn id(&self, reply: &Value) -> Option<String> {
        let mut found = self
            .id_in_reply
            .iter()
            .filter_map(|place| reply.pointer(place));
        found.find_map(id)
    }
}

/// A value that can be an id, as text.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether two words are one, but for case and what stands between their parts.
fn is_same_word(word: &str, status: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase)
    }
    status.len() <= LONGEST_WORD && letters(word).eq(letters(status))
}

/// Whether there is a value at `place`; with `*` in it, in each element of a list that is not empty.
fn is_set(reply: &Value, place: &str) -> bool {
    let is_value = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
    match place.split_once("/*") {
        None => is_value(reply.pointer(place)),
        Some((list, rest)) => reply
            .pointer(list)
            .and_then(Value::as_array)
            .is_some_and(|list| {
                !list.is_empty() && list.iter().all(|one| is_value(one.pointer(rest)))
            }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::long_running::declaration::tests::DECLARATION;

    fn state(reply: &Value) -> (Option<&str>, Option<Outcome>) {
        let State { status, end } = DECLARATION.state(reply);
        (status, end)
    }

    #[test]
    fn a_known_word_wins_and_any_other_goes_on() {
        for (reply, expected) in [
            (
                json!({"state": "done"}),
                (Some("done"), Some(Outcome::Succeeded)),
            ),
            (
                json!({"state": "Timed-OUT "}),
                (Some("Timed-OUT "), Some(Outcome::Failed)),
            ),
            (
                json!({"state": "timedOut"}),
                (Some("timedOut"), Some(Outcome::Failed)),
            ),
            (json!({"state": "running"}), (Some("running"), None)),
            (json!({"state": "polishing"}), (Some("polishing"), None)),
            (
                json!({"state": "x", "job": {"state": "done"}}),
                (Some("done"), Some(Outcome::Succeeded)),
            ),
            (
                json!({"state": "running", "job": {"state": "done"}}),
                (Some("running"), None),
            ),
            (
                json!({"state": " ", "job": {"state": "x"}}),
                (Some("x"), None),
            ),
            (json!({"state": 7}), (None, None)),
            (json!({}), (None, None)),
            (json!(null), (None, None)),
            (json!(["done"]), (None, None)),
            (json!("done"), (None, None)),
        ] {
            assert_eq!(state(&reply), expected, "{reply}");
        }
        let long = json!({"state": "done".repeat(3_000_000)});
        assert_eq!(state(&long).1, None);
        let padded = json!({"state": format!("done{}", "_".repeat(10_000_000))});
        assert_eq!(state(&padded).1, None);
    }

    #[test]
    fn the_time_of_the_end_counts_where_no_word_is_known() {
        let at = |status: &str, parts: Value| state(&json!({"state": status, "parts": parts})).1;
        let (over, open) = (json!({"at": {"end": "2026"}}), json!({"at": {"end": null}}));
        assert_eq!(at("x", json!([over, over])), Some(Outcome::Unknown));
        assert_eq!(at("x", json!([over, open])), None);
        assert_eq!(at("x", json!([over, {}])), None);
        assert_eq!(at("x", json!([])), None);
        assert_eq!(at("x", json!({"at": {"end": 1}})), None);
        assert_eq!(at("running", json!([over])), None);
        assert_eq!(at("failed", json!([open])), Some(Outcome::Failed));
        assert_eq!(state(&json!({"end": 1})).1, Some(Outcome::Unknown));
    }

    #[test]
    fn an_id_is_a_text_or_a_number() {
        let id = |reply: Value| DECLARATION.id(&reply);
        assert_eq!(id(json!({"id": "a/b"})).as_deref(), Some("a/b"));
        assert_eq!(
            id(json!({"id": "", "job": {"id": 7}})).as_deref(),
            Some("7")
        );
        for none in [
            json!({"id": true}),
            json!({"id": [1]}),
            json!([]),
            json!(null),
            json!("x"),
        ] {
            assert_eq!(id(none), None);
        }
    }
}
