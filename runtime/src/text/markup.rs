//! Reduces HTML and XML to their text, so that an error page shows its reason.

use memchr::memmem;

/// The elements whose content is not text.
const HIDDEN: [&str; 3] = ["script", "style", "head"];

/// Returns whether a body looks like HTML or XML.
pub(crate) fn is_markup(body: &str) -> bool {
    let start = body.trim_start();
    let mut characters = start.chars();
    characters.next() == Some('<')
        && characters
            .next()
            .is_some_and(|it| it.is_ascii_alphabetic() || matches!(it, '!' | '?'))
}

/// Returns the text of HTML or XML. Each tag becomes a space, so that no two parts of a text are
/// joined.
///
/// Comments, scripts and styles are left out. The title of a page comes first, unless the page
/// repeats it.
pub(crate) fn text(markup: &str) -> String {
    let visible = without_tags(markup);
    let title = without_tags(title(markup).unwrap_or_default());
    match visible.contains(title.trim()) {
        true => visible,
        false => format!("{title} {visible}"),
    }
}

fn title(markup: &str) -> Option<&str> {
    let start = markup.get(find(markup, "<title")?..)?;
    let content = start.get(start.find('>')? + 1..)?;
    content.get(..find(content, "</title").unwrap_or(content.len()))
}

fn without_tags(markup: &str) -> String {
    let mut text = String::new();
    let mut rest = markup;
    while let Some((before, tag)) = rest.split_once('<') {
        push(&mut text, before);
        text.push(' ');
        rest = after(tag);
    }
    push(&mut text, rest);
    text
}

/// Returns what follows a tag, which begins after its `<`.
fn after(tag: &str) -> &str {
    let past = |end: &str| match memmem::find(tag.as_bytes(), end.as_bytes()) {
        Some(index) => tag.get(index + end.len()..).unwrap_or_default(),
        None => "",
    };
    if tag.starts_with("!--") {
        return past("-->");
    }
    if let Some(content) = tag.strip_prefix("![CDATA[") {
        // The content is text.
        return content;
    }
    let hidden = HIDDEN.iter().find(|name| {
        let is_name = tag
            .get(..name.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(name));
        let ends = tag.as_bytes().get(name.len());
        is_name && ends.is_none_or(|it| matches!(it, b'>' | b'/') || it.is_ascii_whitespace())
    });
    if let Some(name) = hidden {
        let end = format!("</{name}");
        let Some(index) = find(tag, &end) else {
            return "";
        };
        let tag = tag.get(index + 1..).unwrap_or_default();
        return tag.split_once('>').map_or("", |(_, rest)| rest);
    }
    past(">")
}

/// Appends text with the usual character references resolved.
fn push(text: &mut String, piece: &str) {
    const REFERENCES: [(&str, &str); 6] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let mut resolved = piece.to_owned();
    for (from, to) in REFERENCES {
        resolved = resolved.replace(from, to);
    }
    text.push_str(resolved.trim_end_matches("]]>"));
}

/// Finds ASCII text without regard to case.
fn find(text: &str, wanted: &str) -> Option<usize> {
    let mut windows = text.as_bytes().windows(wanted.len());
    windows.position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::one_line::one_line;

    #[test]
    fn page_is_reduced_to_its_text() {
        for (page, expected) in [
            (
                "<html>\r\n<head><title>502 Bad Gateway</title><style>a{}</style></head>\r\n<body><h1>502 Bad Gateway</h1><hr>proxy</html>",
                "502 Bad Gateway proxy",
            ),
            ("<html><head><title>Log in</title></head></html>", "Log in"),
            (
                "<html><title>Blocked</title><p>Ask us</html>",
                "Blocked Ask us",
            ),
            (
                "<!DOCTYPE html><HTML><SCRIPT>var a = '<b>';</SCRIPT><p>No&nbsp;access &amp; more",
                "No access & more",
            ),
            (
                "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Not &lt;you&gt;</Message></Error>",
                "AccessDenied Not <you>",
            ),
            ("<a><!-- canary > --><![CDATA[text]]></a>", "text"),
            ("<p>a < b</p>", "a"),
            ("<headline>News</headline>", "News"),
            ("<html><script>", ""),
        ] {
            assert!(is_markup(page));
            assert_eq!(one_line(&text(page)), expected, "{page}");
        }
        for other in ["", "no", "{\"a\": \"<p>\"}", "< 7", "<3"] {
            assert!(!is_markup(other), "{other}");
        }
    }

    #[test]
    fn tag_between_two_parts_joins_nothing() {
        assert_eq!(text("<p>key<b>_canary</b>"), " key _canary ");
    }
}
