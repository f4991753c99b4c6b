//! Prints tokens of types and signatures as a person would write them, with short `std` paths.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;

pub(super) fn text(of: impl ToTokens) -> String {
    let mut text = String::new();
    write(of.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = trees.as_slice();
    while let [tree, after @ ..] = rest {
        if let Some((segments, after)) = path(rest) {
            write_path(&segments, text);
            rest = after;
            continue;
        }
        rest = match (tree, after) {
            // `<'c>` means nothing to a user.
            (open, [quote, TokenTree::Ident(_), close, after @ ..])
                if is(open, '<') && is(quote, '\'') && is(close, '>') =>
            {
                after
            }
            (comma, []) if is(comma, ',') => after,
            (hyphen, [arrow, after @ ..]) if is(hyphen, '-') && is(arrow, '>') => {
                text.push_str(" -> ");
                after
            }
            (TokenTree::Punct(mark), _) => {
                match mark.as_char() {
                    ',' | ';' | ':' => text.extend([mark.as_char(), ' ']),
                    '=' | '+' => text.extend([' ', mark.as_char(), ' ']),
                    mark => text.push(mark),
                }
                after
            }
            (TokenTree::Group(group), _) => {
                write_group(group, text);
                after
            }
            (TokenTree::Literal(literal), _) => {
                word(&literal.to_string(), text);
                after
            }
            (TokenTree::Ident(ident), _) => {
                word(&ident.to_string(), text);
                after
            }
        };
    }
}

fn write_group(group: &Group, text: &mut String) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::None => ("", ""),
    };
    text.push_str(open);
    write(group.stream(), text);
    text.push_str(close);
}

/// Returns the segments of a path, the first of them empty if the path begins with `::`, and the
/// rest.
fn path(mut rest: &[TokenTree]) -> Option<(Vec<String>, &[TokenTree])> {
    let mut segments = Vec::new();
    if let [first, second, ..] = rest
        && is(first, ':')
        && is(second, ':')
    {
        segments.push(String::new());
    } else {
        let [TokenTree::Ident(first), after @ ..] = rest else {
            return None;
        };
        segments.push(first.to_string());
        rest = after;
    }
    while let [first, second, TokenTree::Ident(segment), after @ ..] = rest
        && is(first, ':')
        && is(second, ':')
    {
        segments.push(segment.to_string());
        rest = after;
    }
    (segments.len() > 1).then_some((segments, rest))
}

fn write_path(segments: &[String], text: &mut String) {
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    let short = match words.as_slice() {
        ["", "std", _, last]
        | ["", "serde", "de", last]
        | ["runtime", "serde", "de", last]
        | ["runtime" | "error", last]
        | ["setter", last] => (*last).to_owned(),
        ["", "chrono", "offset", "Utc"] => "Utc".to_owned(),
        ["", "chrono", "DateTime"] => "chrono::DateTime".to_owned(),
        [
            "",
            outside @ ("serde_json" | "uuid" | "reqwest"),
            inner @ ..,
        ] => {
            format!("{outside}::{}", inner.join("::"))
        }
        other => other.join("::"),
    };
    word(&short, text);
}

/// Words are separated by a space.
fn word(word: &str, text: &mut String) {
    let follows_word = text
        .chars()
        .next_back()
        .is_some_and(|last| last.is_alphanumeric() || matches!(last, '_' | '"'));
    if follows_word {
        text.push(' ');
    }
    text.push_str(word);
}

fn is(tree: &TokenTree, mark: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == mark)
}
