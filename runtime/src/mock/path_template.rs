//! Matches the path of a request against a path template.

/// A path template such as `/api/v1/tasks/{id}`, split at its slashes.
pub(super) struct PathTemplate(Vec<Segment>);

enum Segment {
    Literal(String),
    /// A segment with a parameter: the text before its first and after its last brace (`{id}.json`,
    /// `v{n}`).
    Parameter {
        before: String,
        after: String,
    },
}

impl PathTemplate {
    pub(super) fn new(path: &str) -> Self {
        let segment = |text: &str| match (text.split_once('{'), text.rsplit_once('}')) {
            (Some((before, _)), Some((_, after))) => Segment::Parameter {
                before: before.to_owned(),
                after: after.to_owned(),
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
            Self::Parameter { before, after } => {
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
}
