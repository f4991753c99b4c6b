//! The JUnit format: a test case for each change, which fails where clients break.

use crate::diff::model::verdict::Wire;
use crate::report::judgement::{JudgedChange, Report};
use crate::report::summary::{Items, operations};

pub fn render(report: &Report<'_>) -> String {
    let failures = report.count(Wire::Breaking);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{}\">\n",
        escape(&format!("{} → {}", report.base, report.revision)),
        report.changes.len(),
        report
            .changes
            .iter()
            .filter(|it| it.accepted.is_some())
            .count(),
    );
    text.extend(report.changes.iter().map(|judged| case(report, judged)));
    text + "</testsuite>\n"
}

fn case(report: &Report<'_>, judged: &JudgedChange<'_>) -> String {
    let change = &judged.change;
    let location = change.revision.as_ref().or(change.base.as_ref());
    let pointer = location.map_or("", |location| &*location.pointer);
    let [base, revision] = judged.positions;
    let is_url = report.revision.contains(':');
    let file = match (revision.filter(|_| !is_url), base) {
        (Some(at), _) => format!(
            " file=\"{}\" line=\"{}\"",
            escape(&report.revision),
            at.line
        ),
        (None, Some(at)) => format!(" file=\"{}\" line=\"{}\"", escape(&report.base), at.line),
        (None, None) => String::new(),
    };
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
            format!("{head}><system-out>{wire}: {sentence}{items}</system-out></testcase>\n")
        }
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
