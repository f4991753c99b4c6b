//! The words for the state of a job, and how they are compared.

use serde_json::Value;

use crate::error::Outcome;

/// The maximum length of a status that is compared with words.
const LONGEST_WORD: usize = 256;

/// The state of a job, as a status word names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// The job continues.
    Running,
    /// The job waits for a person.
    Blocked,
    /// The job is over.
    Ended(Outcome),
}

/// The statuses of an API, and where its details state them.
///
/// A crate for one API declares them once, as a `static`.
#[derive(Debug, Clone, Copy)]
pub struct StatusWords {
    /// The locations of a status in the details, as JSON pointers (RFC 6901).
    pub pointers: &'static [&'static str],
    /// The known words. Case and punctuation do not matter.
    pub words: &'static [(&'static str, JobState)],
    /// Returns whether the details state by something else than a word that the job is over; `None`
    /// if they state nothing.
    pub is_over: fn(&Value) -> Option<bool>,
}

/// The status of a job, as stated by its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobStatus<'d> {
    /// The status in the words of the server, if there is one.
    pub text: Option<&'d str>,
    /// The state that the status names; `None` if the word is unknown, or if there is no status.
    pub state: Option<JobState>,
}

impl StatusWords {
    /// Returns the status in the details of a job.
    ///
    /// The first known word decides, at any of the locations. Without a known word,
    /// [`is_over`](StatusWords::is_over) decides, and the outcome is [`Outcome::Unknown`].
    pub fn read<'d>(&self, details: &'d Value) -> JobStatus<'d> {
        self.read_with(&[], details)
    }

    /// Does what [`StatusWords::read`] does. `own` words precede the known ones.
    pub(super) fn read_with<'d>(
        &self,
        own: &[(String, JobState)],
        details: &'d Value,
    ) -> JobStatus<'d> {
        let statuses = || {
            let found = self.pointers.iter();
            let found = found.filter_map(|pointer| details.pointer(pointer)?.as_str());
            found.filter(|status| !status.trim().is_empty())
        };
        for status in statuses() {
            let own = own.iter().find(|(word, _)| is_same_word(word, status));
            let mut known = self.words.iter();
            let known = known.find(|(word, _)| is_same_word(word, status));
            let state = own.map(|it| it.1).or(known.map(|it| it.1));
            if state.is_some() {
                return JobStatus {
                    text: Some(status),
                    state,
                };
            }
        }
        JobStatus {
            text: statuses().next(),
            state: (self.is_over)(details).and_then(|is_over| match is_over {
                true => Some(JobState::Ended(Outcome::Unknown)),
                // An unknown word says more.
                false => statuses().next().is_none().then_some(JobState::Running),
            }),
        }
    }
}

/// Returns whether two words are equal except for case and punctuation.
fn is_same_word(word: &str, status: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase)
    }
    status.len() <= LONGEST_WORD && letters(word).eq(letters(status))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static WORDS: StatusWords = StatusWords {
        pointers: &["/state", "/job/state"],
        words: &[
            ("done", JobState::Ended(Outcome::Succeeded)),
            ("timed_out", JobState::Ended(Outcome::Failed)),
            ("running", JobState::Running),
        ],
        is_over: |details| Some(!details.get("ended_at")?.is_null()),
    };

    fn read(details: &Value) -> (Option<&str>, Option<JobState>) {
        let status = WORDS.read(details);
        (status.text, status.state)
    }

    #[test]
    fn known_word_wins_over_unknown() {
        let failed = Some(JobState::Ended(Outcome::Failed));
        let details = json!({"state": "polishing", "job": {"state": "Timed-Out"}});
        assert_eq!(read(&details), (Some("Timed-Out"), failed));
        let details = json!({"state": "polishing", "job": {"state": " "}});
        assert_eq!(read(&details), (Some("polishing"), None));
    }

    #[test]
    fn details_without_word_may_state_the_end() {
        let unknown = Some(JobState::Ended(Outcome::Unknown));
        assert_eq!(read(&json!({"ended_at": "now"})), (None, unknown));
        assert_eq!(
            read(&json!({"state": "x", "ended_at": "now"})),
            (Some("x"), unknown)
        );
        assert_eq!(
            read(&json!({"ended_at": null})),
            (None, Some(JobState::Running))
        );
        assert_eq!(
            read(&json!({"state": "x", "ended_at": null})),
            (Some("x"), None)
        );
        assert_eq!(read(&json!({})), (None, None));
        assert_eq!(read(&json!(null)), (None, None));
    }

    #[test]
    fn word_of_the_caller_comes_first() {
        let own = [("DONE".to_owned(), JobState::Running)];
        let details = json!({"state": "done"});
        let status = WORDS.read_with(&own, &details);
        assert_eq!(status.state, Some(JobState::Running));
    }
}
