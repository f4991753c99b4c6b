//! A short string that matches a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Characters that are tried first for a class, because they read well.
const READABLE: &str = "aA0-_ ";

/// A string that matches `pattern` and has `least` to `most` characters. None when the pattern is
/// none that a regular automaton knows (look-around, back-references) or when the lengths were not
/// met.
pub(super) fn example(pattern: &str, least: usize, most: usize) -> Option<String> {
    let pattern = regex_syntax::parse(pattern).ok()?;
    let shortest = {
        let mut text = String::new();
        write(&pattern, &mut 0, &mut text)?;
        text.chars().count()
    };
    // Each repetition more adds at least one character, so that this many are enough.
    (0..=least.saturating_sub(shortest)).find_map(|repetitions| {
        let mut text = String::new();
        write(&pattern, &mut { repetitions }, &mut text)?;
        (least..=most)
            .contains(&text.chars().count())
            .then_some(text)
    })
}

/// Writes the shortest match, with up to `more` repetitions beyond what is needed.
fn write(pattern: &Hir, more: &mut usize, text: &mut String) -> Option<()> {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class)?),
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            let room = max.map_or(usize::MAX, |max| (max - min) as usize);
            let extra = room.min(*more);
            *more -= extra;
            for _ in 0..*min as usize + extra {
                write(sub, more, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, text)?,
        HirKind::Concat(sequence) => {
            for part in sequence {
                write(part, more, text)?;
            }
        }
        HirKind::Alternation(branches) => write(branches.first()?, more, text)?,
    }
    Some(())
}

fn character(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let holds = |wanted: &char| {
        class
            .iter()
            .any(|range| (range.start()..=range.end()).contains(wanted))
    };
    READABLE
        .chars()
        .find(holds)
        .or_else(|| class.iter().next().map(|range| range.start()))
}
