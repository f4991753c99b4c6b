//! The GitHub format: workflow commands, which become annotations of a run.

use crate::diff::model::verdict::Bump;
use crate::document::position::Position;
use crate::report::items::Items;
use crate::report::judgement::{JudgedChange, Report, bump_name};
use crate::report::place::{of_change, of_item};
use crate::report::summary::{counts, operations};

/// The number of annotations that GitHub shows for one step.
const SHOWN: usize = 10;

pub fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    let counted = report.changes.iter().filter(|it| it.accepted.is_none());
    for judged in counted.clone().take(SHOWN) {
        let level = match judged.severity() {
            "error" => "error",
            "info" => "warning",
            _ => "notice",
        };
        let location = judged
            .change
            .revision
            .as_ref()
            .or(judged.change.base.as_ref());
        let pointer = location.map_or("", |location| &*location.pointer);
        text += &format!(
            "::{level} {}title={}::{}\n",
            place(of_change(report, judged)),
            property(&format!("{} ({})", judged.change.check.id, judged.wire)),
            data(&message(report, judged, pointer))
        );
    }
    let left = Items::default().left(report, |item| item.bump == Bump::Major);
    let count = counted.count();
    let shown = left.iter().take(SHOWN.saturating_sub(count));
    for (alike, (index, item)) in shown.filter_map(|alike| Some((alike, alike.first()?))) {
        text += &format!(
            "::warning {}title={}::{}\n",
            place(of_item(report, index, item)),
            property(&format!("rust ({})", item.bump.as_str())),
            data(&alike.sentence())
        );
    }
    let more = (count + left.len()).saturating_sub(SHOWN);
    if more > 0 {
        text += &format!("::notice title=spec::{more} more changes\n");
    }
    for entry in &report.stale {
        let line = format!("{} matches no change: {}", entry.fingerprint, entry.reason);
        text += &format!("::warning title=stale decision::{}\n", data(&line));
    }
    for line in &report.findings {
        text += &format!("::warning title=finding::{}\n", data(line));
    }
    if let Some(version) = &report.version {
        let level = if version.is_enough() {
            "notice"
        } else {
            "error"
        };
        text += &format!("::{level} title=version::{}\n", data(&version.sentence()));
    }
    let summary = format!(
        "wire: {}, rust: {} ({})",
        report.wire,
        bump_name(report.rust),
        counts(report)
    );
    text += &format!("::notice title=spec::{}\n", data(&summary));
    text
}

/// Returns the message: the sentence, the operations, the Rust items and the fingerprint.
fn message(report: &Report<'_>, judged: &JudgedChange<'_>, pointer: &str) -> String {
    const SHOWN: usize = 5;
    let mut text = format!(
        "{}\nin {}\n{pointer}\n",
        judged.sentence(),
        operations(judged)
    );
    let items = Items::default().of_change(report, judged);
    for item in items.iter().take(SHOWN) {
        text += &format!("rust: {}\n", item.sentence());
    }
    if items.len() > SHOWN {
        text += &format!("rust: {} more items\n", items.len() - SHOWN);
    }
    text + &format!("fingerprint {}", judged.fingerprint)
}

/// Returns the properties of an annotation that name its place.
fn place(place: Option<(&str, Option<Position>)>) -> String {
    match place {
        Some((name, Some(at))) => {
            format!(
                "file={},line={},col={},",
                property(name),
                at.line,
                at.column
            )
        }
        Some((name, None)) => format!("file={},", property(name)),
        None => String::new(),
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
