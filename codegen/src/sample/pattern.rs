//! Builds a short string that matches a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Characters that are tried first for a class, because they read well.
const READABLE: &str = "aA0-_ ";

/// How many parts of a pattern may be written, repetitions included, to find one string.
const MAX_STEPS: usize = 20_000;

/// Returns a string that matches `pattern` and has `least` to `most` characters.
///
/// Returns `None` if the pattern is not regular (look-around, back-references), if it takes too
/// many steps, or if no tried string has the right length.
pub(super) fn example(pattern: &str, least: usize, most: usize) -> Option<String> {
    let pattern = regex_syntax::parse(pattern).ok()?;
    let mut steps = MAX_STEPS;
    let mut with_repetitions = |repetitions: usize| {
        let mut text = String::new();
        write(&pattern, &mut { repetitions }, &mut steps, &mut text)?;
        Some(text)
    };
    let shortest = with_repetitions(0)?.chars().count();
    // Each added repetition adds at least one character, so this many are enough.
    (0..=least.saturating_sub(shortest))
        .map_while(with_repetitions)
        .find(|text| (least..=most).contains(&text.chars().count()))
}

/// Writes the shortest match, with up to `more` repetitions beyond the required ones.
fn write(pattern: &Hir, more: &mut usize, steps: &mut usize, text: &mut String) -> Option<()> {
    *steps = steps.checked_sub(1)?;
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class)?),
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            let room = max.map_or(usize::MAX, |max| (max - min) as usize);
            let extra = room.min(*more);
            *more -= extra;
            for _ in 0..*min as usize + extra {
                write(sub, more, steps, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, steps, text)?,
        HirKind::Concat(sequence) => {
            for part in sequence {
                write(part, more, steps, text)?;
            }
        }
        HirKind::Alternation(branches) => write(branches.first()?, more, steps, text)?,
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
