//! The GitHub format: workflow commands, which become annotations of a run.

use crate::report::judgement::{Report, bump_name};
use crate::report::summary::counts;

/// The number of annotations that GitHub shows for one step.
const SHOWN: usize = 10;

pub fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    let file = if report.base.contains("://") {
        String::new()
    } else {
        format!("file={},", property(&report.base))
    };
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
        let [base, _] = judged.positions;
        let place = match (base, file.is_empty()) {
            (Some(at), false) => format!("{file}line={},col={},", at.line, at.column),
            _ => file.clone(),
        };
        text += &format!(
            "::{level} {place}title={}::{}\n",
            property(&format!("{} ({})", judged.change.check.id, judged.wire)),
            data(&format!(
                "{}\n{pointer}\nfingerprint {}",
                judged.sentence(),
                judged.fingerprint
            ))
        );
    }
    let more = counted.count().saturating_sub(SHOWN);
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

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
