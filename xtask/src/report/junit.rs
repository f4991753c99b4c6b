//! The JUnit format: a test case for each change, which fails where clients break.

use crate::diff::model::verdict::{Bump, Wire};
use crate::document::position::Position;
use crate::report::items::{AlikeItems, Items};
use crate::report::judgement::{JudgedChange, Report, bump_name};
use crate::report::place::{of_change, of_item};
use crate::report::summary::operations;

pub fn render(report: &Report<'_>) -> String {
    let failures = report.count(Wire::Breaking);
    let left = Items::default().left(report, |item| item.bump == Bump::Major);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{}\">\n",
        escape(&format!("{} → {}", report.base, report.revision)),
        report.changes.len() + left.len(),
        report
            .changes
            .iter()
            .filter(|it| it.accepted.is_some())
            .count(),
    );
    text.extend(report.changes.iter().map(|judged| case(report, judged)));
    text.extend(left.iter().filter_map(|alike| case_of_items(report, alike)));
    text + "</testsuite>\n"
}

fn case(report: &Report<'_>, judged: &JudgedChange<'_>) -> String {
    let change = &judged.change;
    let location = change.revision.as_ref().or(change.base.as_ref());
    let pointer = location.map_or("", |location| &*location.pointer);
    let file = place(of_change(report, judged));
    let head = format!(
        "  <testcase classname=\"{}\" name=\"{}\"{file}",
        escape(change.check.id),
        escape(&format!(
            "{}: {pointer} {}",
            operations(judged),
            judged.fingerprint
        )),
    );
    let sentence = escape(&judged.sentence());
    let items = Items::default().of_change(report, judged);
    let items: Vec<String> = items.iter().map(AlikeItems::sentence).collect();
    let items = escape(&items.join("; "));
    match (&judged.accepted, judged.wire) {
        (Some(entry), _) => format!(
            "{head}><skipped message=\"{}\"/></testcase>\n",
            escape(&format!("accepted {}: {}", entry.date, entry.reason))
        ),
        (None, Wire::Breaking) => {
            format!(
                "{head}><failure type=\"breaking\" message=\"{sentence}\">{items}</failure></testcase>\n"
            )
        }
        (None, wire) => {
            let items = if items.is_empty() {
                items
            } else {
                format!("; {items}")
            };
            let rust = bump_name(judged.rust);
            format!(
                "{head}><system-out>{wire}, rust: {rust}: {sentence}{items}</system-out></testcase>\n"
            )
        }
    }
}

/// Returns the test case of items that changed alike and that no change caused.
fn case_of_items(report: &Report<'_>, alike: &AlikeItems<'_>) -> Option<String> {
    let (index, item) = alike.first()?;
    Some(format!(
        "  <testcase classname=\"rust\" name=\"{}\"{}><system-out>rust: {}: {}</system-out></testcase>\n",
        escape(&item.name),
        place(of_item(report, index, item)),
        item.bump.as_str(),
        escape(&alike.sentence())
    ))
}

/// Returns the attributes that name a place.
fn place(place: Option<(&str, Option<Position>)>) -> String {
    match place {
        Some((name, Some(at))) => format!(" file=\"{}\" line=\"{}\"", escape(name), at.line),
        Some((name, None)) => format!(" file=\"{}\"", escape(name)),
        None => String::new(),
    }
}

/// Escapes text for an XML 1.0 attribute. Characters that XML cannot hold are replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\r' | '\t' => escaped.push(' '),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            other => escaped.push(other),
        }
    }
    escaped
}
