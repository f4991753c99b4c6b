//! Texts and numbers that match formats, patterns and limits.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Value, json};

use crate::instances::flat::Flat;
use crate::instances::making::Making;
use crate::instances::random::Random;

impl<'d> Making<'d> {
    pub(crate) fn integer(&mut self, flat: &Flat<'d>) -> Value {
        let huge = flat
            .all("maximum")
            .filter_map(Value::as_u64)
            .find(|most| i64::try_from(*most).is_err());
        let format = flat.all("format").find_map(Value::as_str);
        if let Some(most) = huge.or((format == Some("uint64")).then_some(u64::MAX))
            && self.random.percent(30)
        {
            return json!(most);
        }
        let (least, most) = limits(flat, 1.0);
        let least = least
            .unwrap_or(most.map_or(0.0, |most| most - 1000.0))
            .ceil();
        let most = most.unwrap_or(least + 1000.0).floor();
        let step = flat.numbers("multipleOf").first().copied();
        let span = (most - least).clamp(0.0, 1e15);
        let mut number = least + (self.random.fraction() * span).floor();
        if let Some(step) = step.filter(|step| *step >= 1.0) {
            number = (number / step).ceil() * step;
        }
        json!(number as i64)
    }

    pub(crate) fn number(&mut self, flat: &Flat<'d>) -> Value {
        let (least, most) = limits(flat, 1e-9);
        let least = least.unwrap_or(most.map_or(0.0, |most| most - 1e6));
        let most = most.unwrap_or(least + 1e6);
        let mut number = least + self.random.fraction() * (most - least);
        if let Some(step) = flat.numbers("multipleOf").first() {
            number = (number / step).round() * step;
        }
        // A whole number is written without a fraction at times.
        if self.random.percent(20) && number.floor() >= least {
            return json!(number.floor() as i64);
        }
        json!(number)
    }

    pub(crate) fn text(&mut self, flat: &Flat<'d>) -> String {
        let count = |keyword: &'static str| flat.all(keyword).filter_map(Value::as_u64);
        let least = usize::try_from(count("minLength").max().unwrap_or(0)).unwrap_or(0);
        let most = usize::try_from(count("maxLength").min().unwrap_or(4096)).unwrap_or(4096);
        if let Some(pattern) = flat.all("pattern").find_map(Value::as_str)
            && let Ok(pattern) = regex_syntax::parse(pattern)
        {
            for more in 0..40 {
                let mut text = String::new();
                write(&pattern, &mut self.random, more, &mut text);
                if (least..=most).contains(&text.chars().count()) {
                    return text;
                }
            }
        }
        let number = self.random.below(100_000);
        if let Some(text) = flat
            .all("format")
            .find_map(|format| formatted(format.as_str()?, number))
        {
            return text;
        }
        let mut text = format!("text {number} é\"\\");
        while text.chars().count() < least {
            text.push('x');
        }
        text.chars().take(most).collect()
    }
}

/// Returns a text of a format.
fn formatted(format: &str, number: usize) -> Option<String> {
    let (day, hour) = (number % 28 + 1, number % 24);
    Some(match format {
        "date-time" => format!("2024-02-{day:02}T{hour:02}:30:05Z"),
        "date" => format!("2024-02-{day:02}"),
        "time" => format!("{hour:02}:30:05Z"),
        "uuid" => format!("67e55044-10b1-426f-9247-bb680e5f{:04x}", number % 65536),
        "uri" | "url" | "uri-reference" | "iri" => format!("https://example.com/{number}"),
        "email" | "idn-email" => format!("a{number}@example.com"),
        "ipv4" | "ip" => format!("10.0.0.{}", number % 256),
        "ipv6" => format!("2001:db8::{:x}", number % 65536 + 1),
        "hostname" => format!("h{number}.example.com"),
        "byte" => "aGVsbG8=".to_owned(),
        "duration" => format!("P{day}D"),
        _ => return None,
    })
}

/// Returns the limits of a number, `step` within exclusive ones.
fn limits(flat: &Flat<'_>, step: f64) -> (Option<f64>, Option<f64>) {
    let highest = |all: Vec<f64>| all.into_iter().reduce(f64::max);
    let lowest = |all: Vec<f64>| all.into_iter().reduce(f64::min);
    let above = highest(flat.numbers("exclusiveMinimum")).map(|bound| bound + step);
    let below = lowest(flat.numbers("exclusiveMaximum")).map(|bound| bound - step);
    let least = highest(flat.numbers("minimum")).into_iter().chain(above);
    let most = lowest(flat.numbers("maximum")).into_iter().chain(below);
    (least.reduce(f64::max), most.reduce(f64::min))
}

/// Writes a match of a pattern, with up to `more` repetitions beyond the required ones.
fn write(pattern: &Hir, random: &mut Random, more: usize, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            if let Some(range) = random.pick(ranges) {
                let (from, to) = (range.start() as u32, range.end() as u32);
                let span = (to - from).min(60) as usize;
                let character = from + u32::try_from(random.below(span + 1)).unwrap_or_default();
                text.push(char::from_u32(character).unwrap_or(range.start()));
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            if let Some(range) = class.ranges().first() {
                text.push(char::from(range.start()));
            }
        }
        HirKind::Repetition(repetition) => {
            let room = repetition.max.map_or(more, |max| {
                more.min(max.saturating_sub(repetition.min) as usize)
            });
            for _ in 0..repetition.min as usize + room {
                write(&repetition.sub, random, more, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, random, more, text),
        HirKind::Concat(parts) => parts
            .iter()
            .for_each(|part| write(part, random, more, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = random.pick(parts) {
                write(part, random, more, text);
            }
        }
    }
}
