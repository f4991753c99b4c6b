//! Finds the edits that make a Markdown text safe, in one pass over the events of the parser.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::parser::parser;

/// Replace this range of the text.
pub(super) struct Edit {
    pub range: Range<usize>,
    pub by: String,
}

/// Collects the edits of one text.
pub(super) struct Edits<'t> {
    text: &'t str,
    found: Vec<Edit>,
    /// Text outside of code. The parser returns it in pieces; adjacent pieces form one run.
    run: Range<usize>,
    /// The number of open block quotes and lists.
    containers: usize,
    /// The open code block.
    code: Option<CodeBlock>,
    /// The open links and images, outermost first.
    links: Vec<Link>,
}

enum CodeBlock {
    Fenced,
    /// The text of each line, which may be followed by empty lines.
    Indented(Vec<Range<usize>>),
}

enum Link {
    Kept,
    /// Only this range, the text in the brackets, remains.
    Unwrapped(Range<usize>),
}

impl<'t> Edits<'t> {
    pub fn find(text: &'t str) -> Vec<Edit> {
        let mut edits = Self {
            text,
            found: Vec::new(),
            run: 0..0,
            containers: 0,
            code: None,
            links: Vec::new(),
        };
        for (event, range) in parser(text) {
            edits.visit(event, range);
        }
        edits.end_run();
        if edits.found.is_empty() {
            edits.escape_star_lines();
        }
        edits.found
    }

    /// rustc takes a first or last line of only asterisks as the frame of a comment, and drops it.
    fn escape_star_lines(&mut self) {
        let last = self.text.rfind('\n').map_or(0, |end| end + 1);
        for start in [0, last] {
            let line = self
                .text
                .get(start..)
                .and_then(|rest| rest.lines().next())
                .unwrap_or_default();
            if !line.is_empty() && line.bytes().all(|byte| byte == b'*') {
                self.replace(start..start, "\\");
                break;
            }
        }
    }

    fn visit(&mut self, event: Event<'_>, range: Range<usize>) {
        // The end of a link has the range of the whole link.
        if !matches!(event, Event::End(_))
            && let Some(Link::Unwrapped(inner)) = self.links.last_mut()
        {
            inner.end = inner.end.max(range.end);
        }
        if let (Event::Text(_), None) = (&event, &self.code) {
            if self.run.end != range.start {
                self.end_run();
                self.run.start = range.start;
            }
            self.run.end = range.end;
            return;
        }
        self.end_run();
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(_) => {
                if let Some(CodeBlock::Indented(lines)) = &mut self.code {
                    lines.push(range);
                }
            }
            Event::InlineHtml(html) if is_line_break(&html) => self.replace(range, " "),
            Event::Html(_) | Event::InlineHtml(_) => self.escape_all(range, b"<"),
            Event::FootnoteReference(_) => self.escape(range.start),
            Event::Rule => self.replace_stars(range, "_"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                self.fence(&info, range);
                self.code = Some(CodeBlock::Fenced);
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.code = Some(CodeBlock::Indented(Vec::new()))
            }
            Tag::BlockQuote(_) | Tag::List(_) => self.containers += 1,
            Tag::Item => self.replace_stars(range.start..range.start + 1, "-"),
            Tag::FootnoteDefinition(_) => {
                self.containers += 1;
                self.escape(range.start);
            }
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.link(link_type, &dest_url, range.start, "["),
            Tag::Image {
                link_type,
                dest_url,
                ..
            } => self.link(link_type, &dest_url, range.start, "!["),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::CodeBlock => {
                if let Some(CodeBlock::Indented(lines)) = self.code.take() {
                    self.fence_lines(&lines);
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition => {
                self.containers = self.containers.saturating_sub(1);
            }
            TagEnd::Link | TagEnd::Image => {
                if let Some(Link::Unwrapped(inner)) = self.links.pop() {
                    self.replace(range.start..inner.start, "");
                    self.replace(inner.end..range.end, "");
                }
            }
            _ => {}
        }
    }

    /// Keeps links and images to the web, and unwraps the others.
    fn link(&mut self, kind: LinkType, destination: &str, start: usize, opening: &str) {
        let web = ["http://", "https://"].iter().any(|scheme| {
            destination
                .get(..scheme.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
        });
        let link = match kind {
            LinkType::Email => Link::Kept,
            _ if web => Link::Kept,
            // `<scheme:something>` without the link would be HTML.
            LinkType::Autolink => {
                self.escape(start);
                Link::Kept
            }
            _ => {
                let inner = start + opening.len();
                Link::Unwrapped(inner..inner)
            }
        };
        self.links.push(link);
    }

    /// Gives a fenced block the info string `text`, and a closing fence if it has none.
    fn fence(&mut self, info: &CowStr<'_>, range: Range<usize>) {
        let block = self.text.get(range.clone()).unwrap_or_default();
        let opening = block.lines().next().unwrap_or_default();
        let fence = fence_of(opening);
        if info.as_ref() != "text" {
            self.replace(
                range.start + fence.len()..range.start + opening.len(),
                "text",
            );
        }
        // The end of an enclosing list or quote closes the block.
        if self.containers == 0 && range.end == self.text.len() && !is_closed(block, fence) {
            self.replace(range.end..range.end, &format!("\n{fence}"));
        }
    }

    /// Turns an indented block into a fenced one. `lines` are the lines as the parser sees them,
    /// without indentation.
    fn fence_lines(&mut self, lines: &[Range<usize>]) {
        let code = |line: &Range<usize>| self.text.get(line.clone()).unwrap_or_default();
        let (Some(first), Some(last)) = (
            lines.first(),
            lines.iter().rfind(|line| !code(line).trim().is_empty()),
        ) else {
            return;
        };
        let ticks = lines
            .iter()
            .map(|line| longest_run(code(line), '`'))
            .max()
            .unwrap_or(0);
        let fence = "`".repeat(3.max(ticks + 1));
        let end = last.start + code(last).trim_end().len();

        let begin = self.text.get(..first.start).unwrap_or_default();
        let before = begin.rsplit('\n').next().unwrap_or_default();
        let before = before
            .get(..before.len().saturating_sub(4))
            .unwrap_or_default();
        // The continuation of the markers of quotes and list items.
        let prefix: String = before
            .chars()
            .map(|marker| if marker == '>' { '>' } else { ' ' })
            .collect();

        let mut edits = Vec::with_capacity(lines.len() + 1);
        for line in lines {
            let begin = self.text.get(..line.start).unwrap_or_default();
            let indentation = begin
                .bytes()
                .rev()
                .take(4)
                .take_while(|byte| *byte == b' ')
                .count();
            edits.push((line.start - indentation..line.start, String::new()));
        }
        if let Some((_, by)) = edits.first_mut() {
            *by = format!("{fence}text\n{prefix}");
        }
        edits.push((end..end, format!("\n{prefix}{fence}")));
        self.found
            .extend(edits.into_iter().map(|(range, by)| Edit { range, by }));
    }

    /// Escapes the markup that is left in a run of text, and turns bare URLs into links.
    fn end_run(&mut self) {
        let mut run = std::mem::replace(&mut self.run, 0..0);
        if self.links.is_empty() {
            while let Some(url) = self.text.get(run.clone()).and_then(find_url) {
                let url = run.start + url.start..run.start + url.end;
                self.escape_all(run.start..url.start, b"[]`<");
                self.replace(url.start..url.start, "<");
                self.replace(url.end..url.end, ">");
                run.start = url.end;
            }
        }
        self.escape_all(run, b"[]`<");
    }

    fn replace(&mut self, range: Range<usize>, by: &str) {
        self.found.push(Edit {
            range,
            by: by.to_owned(),
        });
    }

    /// Replaces the character of a list or rule. A column of asterisks would be taken as the frame
    /// of a comment.
    fn replace_stars(&mut self, range: Range<usize>, by: &str) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        for (index, _) in text.match_indices('*') {
            let star = range.start + index;
            self.replace(star..star + 1, by);
        }
    }

    fn escape_all(&mut self, range: Range<usize>, special: &[u8]) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        for (index, byte) in text.bytes().enumerate() {
            if special.contains(&byte)
                && (byte != b'<' || opens_tag(text.as_bytes().get(index + 1)))
            {
                self.escape(range.start + index);
            }
        }
    }

    /// Adds a backslash before the character at `index`, unless there is one.
    fn escape(&mut self, index: usize) {
        let before = self.text.get(..index).unwrap_or_default();
        let backslashes = before
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'\\')
            .count();
        if backslashes % 2 == 0 {
            self.replace(index..index, "\\");
        }
    }
}

/// Returns whether `<` before this byte may open a tag, a comment, a declaration or an autolink.
fn opens_tag(next: Option<&u8>) -> bool {
    next.is_none_or(|byte| byte.is_ascii_alphabetic() || b"/!?".contains(byte))
}

fn is_line_break(html: &str) -> bool {
    let name = html
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/')
        .trim_end();
    name.eq_ignore_ascii_case("br")
}

/// Returns the backticks or tildes at the beginning of a line.
fn fence_of(line: &str) -> &str {
    let other = line.find(|character| !line.starts_with(character));
    line.get(..other.unwrap_or(line.len())).unwrap_or_default()
}

/// Returns whether the last line of a fenced block outside of containers closes it.
fn is_closed(block: &str, fence: &str) -> bool {
    let Some((_, last)) = block.trim_end().rsplit_once('\n') else {
        return false;
    };
    let closing = last.trim_start_matches(' ');
    last.len() - closing.len() < 4 && closing.starts_with(fence) && fence_of(closing) == closing
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|character| character != of)
        .map(str::len)
        .max()
        .unwrap_or(0)
}

/// Returns the first `http(s)://` URL in a text, without the punctuation that follows it.
fn find_url(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let rest = text.get(from..)?;
        let start = from + rest.find("http")?;
        let url = text.get(start..)?;
        let host = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        let length = host.map_or(0, |host| host.find(ends_url).unwrap_or(host.len()));
        if let (Some(host), 1..) = (host, length) {
            let length = url.len() - host.len() + length;
            return Some(start..start + trimmed(url.get(..length)?));
        }
        from = start + "http".len();
    }
}

fn ends_url(character: char) -> bool {
    character.is_whitespace() || r#"<>[]"\`|"#.contains(character)
}

/// Returns the length of a URL without the punctuation of the surrounding sentence.
fn trimmed(url: &str) -> usize {
    let mut open = url.matches('(').count();
    let mut close = url.matches(')').count();
    let mut url = url;
    while let Some(last) = url.chars().next_back() {
        match last {
            ')' if close > open => close -= 1,
            '(' => open -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => {}
            _ => break,
        }
        url = url.strip_suffix(last).unwrap_or_default();
    }
    url.len()
}
