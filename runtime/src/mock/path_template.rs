//! Matches the path of a request against a path template.

use percent_encoding::percent_decode_str;

/// A path template such as `/api/v1/tasks/{id}`, split at its slashes.
pub(super) struct PathTemplate(Vec<Segment>);

enum Segment {
    Literal(String),
    /// A segment with a parameter: the text before its first and after its last brace (`{id}.json`,
    /// `v{n}`).
    Parameter {
        before: String,
        after: String,
        pieces: Vec<Piece>,
    },
}

/// A parameter of a segment, and the text after it up to the next parameter.
struct Piece {
    name: String,
    after: String,
}

impl PathTemplate {
    pub(super) fn new(path: &str) -> Self {
        let segment = |text: &str| match (text.split_once('{'), text.rsplit_once('}')) {
            (Some((before, _)), Some((_, after))) => Segment::Parameter {
                before: before.to_owned(),
                after: after.to_owned(),
                pieces: pieces(text),
            },
            _ => Segment::Literal(text.to_owned()),
        };
        Self(path.split('/').map(segment).collect())
    }

    /// Returns how literally the template matches `path`, or `None` if it does not match.
    ///
    /// The greatest of several results wins: concrete paths match before templated ones (OpenAPI
    /// 3.1 section 4.8.8.2).
    pub(super) fn matches(&self, path: &str) -> Option<Vec<Literalness>> {
        let segments: Vec<&str> = path.split('/').collect();
        if segments.len() != self.0.len() {
            return None;
        }
        self.0
            .iter()
            .zip(segments)
            .map(|(segment, text)| segment.matches(text))
            .collect()
    }

    /// Returns the parameters of a path that matches, with their decoded values.
    pub(super) fn parameters(&self, path: &str) -> Vec<(String, String)> {
        let segments = self.0.iter().zip(path.split('/'));
        let values = segments.flat_map(|(segment, text)| segment.parameters(text));
        values.collect()
    }
}

/// Splits the text of a segment after the first brace.
fn pieces(segment: &str) -> Vec<Piece> {
    let pieces = segment.split('{').skip(1);
    let piece = |text: &str| {
        let (name, after) = text.split_once('}')?;
        Some(Piece {
            name: name.to_owned(),
            after: after.to_owned(),
        })
    };
    pieces.filter_map(piece).collect()
}

/// How literally one segment matched, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Literalness {
    Parameter,
    PartlyLiteral,
    Literal,
}

impl Segment {
    fn matches(&self, text: &str) -> Option<Literalness> {
        match self {
            Self::Literal(literal) => (literal == text).then_some(Literalness::Literal),
            Self::Parameter { before, after, .. } => {
                let value = text
                    .strip_prefix(before.as_str())?
                    .strip_suffix(after.as_str())?;
                let whole = before.is_empty() && after.is_empty();
                let literalness = if whole {
                    Literalness::Parameter
                } else {
                    Literalness::PartlyLiteral
                };
                (!value.is_empty()).then_some(literalness)
            }
        }
    }

    /// Returns the decoded values of the parameters. Each value but the last ends where the text
    /// after the parameter begins.
    fn parameters(&self, text: &str) -> Vec<(String, String)> {
        let Self::Parameter { before, pieces, .. } = self else {
            return Vec::new();
        };
        let mut rest = text.strip_prefix(before.as_str()).unwrap_or(text);
        let mut values = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let is_last = index + 1 == pieces.len();
            let split = match is_last {
                true => rest
                    .strip_suffix(piece.after.as_str())
                    .map(|value| (value, "")),
                false => rest.split_once(piece.after.as_str()),
            };
            let (value, after) = split.unwrap_or((rest, ""));
            rest = after;
            let value = percent_decode_str(value).decode_utf8_lossy();
            values.push((piece.name.clone(), value.into_owned()));
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::PathTemplate;

    fn best<'t>(templates: &[&'t str], path: &str) -> Option<&'t str> {
        let matched = templates
            .iter()
            .filter_map(|text| Some((PathTemplate::new(text).matches(path)?, *text)));
        matched.max().map(|(_, text)| text)
    }

    #[test]
    fn literal_segments_win_from_the_left() {
        let templates = [
            "/tasks/{id}",
            "/tasks/search",
            "/tasks/{id}.json",
            "/{kind}/search",
            "/tasks/{id}/share",
        ];
        assert_eq!(best(&templates, "/tasks/search"), Some("/tasks/search"));
        assert_eq!(best(&templates, "/tasks/7"), Some("/tasks/{id}"));
        assert_eq!(best(&templates, "/tasks/7.json"), Some("/tasks/{id}.json"));
        assert_eq!(best(&templates, "/files/search"), Some("/{kind}/search"));
        assert_eq!(
            best(&templates, "/tasks/7/share"),
            Some("/tasks/{id}/share")
        );
    }

    #[test]
    fn parameter_matches_one_segment_with_text() {
        let templates = ["/tasks/{id}", "/v{major}/x"];
        for path in [
            "/tasks/",
            "/tasks/a/b",
            "/tasks",
            "tasks/7",
            "",
            "*",
            "/v/x",
        ] {
            assert_eq!(best(&templates, path), None, "{path:?}");
        }
    }

    #[test]
    fn parameters_have_decoded_values() {
        let values = |template, path| PathTemplate::new(template).parameters(path);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(values("/tasks/{id}", "/tasks/a%20b"), [pair("id", "a b")]);
        assert_eq!(
            values("/{kind}/v{major}.{minor}/x", "/a/v1.2/x"),
            [pair("kind", "a"), pair("major", "1"), pair("minor", "2")]
        );
        assert_eq!(values("/{id}.json", "/a.b.json"), [pair("id", "a.b")]);
        assert_eq!(values("/tasks", "/tasks"), []);
    }
}
