//! Texts and numbers that match formats, patterns and limits.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Value, json};

use crate::instances::flat::Flat;
use crate::instances::making::Making;
use crate::instances::random::Random;

impl<'d> Making<'d> {
    pub(crate) fn integer(&mut self, flat: &Flat<'d>) -> Value {
        let (least, most) = range(flat);
        let step = flat.numbers("multipleOf").first().copied();
        let mut number = if self.random.percent(35) {
            let edges: Vec<i128> = [least, most]
                .into_iter()
                .chain(EDGES.iter().copied())
                .filter(|edge| (least..=most).contains(edge))
                .collect();
            self.random.pick(&edges).copied().unwrap_or(least)
        } else {
            let from = least.max(0).min(most);
            let span = (most - from).clamp(0, 1000);
            from + self.random.below(usize::try_from(span).unwrap_or(0) + 1) as i128
        };
        if let Some(step) = step.filter(|step| *step >= 1.0) {
            let step = step as i128;
            number -= number.rem_euclid(step);
            if number < least {
                number += step;
            }
        }
        match (u64::try_from(number), i64::try_from(number)) {
            (Ok(number), _) => json!(number),
            (_, Ok(number)) => json!(number),
            _ => json!(0),
        }
    }

    pub(crate) fn number(&mut self, flat: &Flat<'d>) -> Value {
        let (least, most) = limits(flat, 1e-9);
        let (low, high) = (
            least.unwrap_or(f64::NEG_INFINITY),
            most.unwrap_or(f64::INFINITY),
        );
        let steps = flat.numbers("multipleOf");
        if steps.is_empty() && self.random.percent(35) {
            let edges: Vec<f64> = DOUBLES
                .iter()
                .copied()
                .chain(least)
                .chain(most)
                .filter(|edge| (low..=high).contains(edge))
                .collect();
            if let Some(edge) = self.random.pick(&edges) {
                return json!(edge);
            }
        }
        let least = least.unwrap_or(most.map_or(0.0, |most| most - 1e6));
        let most = most.unwrap_or(least + 1e6);
        let mut number = least + self.random.fraction() * (most - least);
        if let Some(step) = steps.first() {
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
        let odd = self.random.percent(40).then(|| self.random.pick(TEXTS));
        let mut text = match odd.flatten() {
            Some(odd) => (*odd).to_owned(),
            None => format!("text {number} é\"\\"),
        };
        // The longest text, at times.
        let least = match self.random.below(8) {
            0 if most <= 500 => most,
            _ => least,
        };
        while text.chars().count() < least {
            text.push('x');
        }
        text.chars().take(most).collect()
    }
}

/// Integers at the ends of types and of exact doubles.
const EDGES: &[i128] = &[
    0,
    1,
    -1,
    i32::MAX as i128,
    i32::MIN as i128,
    u32::MAX as i128,
    (1 << 53) + 1,
    i64::MAX as i128,
    i64::MIN as i128,
];

/// Doubles that are easily changed.
const DOUBLES: &[f64] = &[
    0.0,
    -0.0,
    0.1,
    -1.5,
    0.300_000_000_000_000_04,
    123_456.789_012_345_67,
    1e-7,
    5e-324,
    1e21,
    -1e300,
    f64::MAX,
    9_007_199_254_740_993.0,
];

/// Texts that are easily changed.
const TEXTS: &[&str] = &[
    "",
    " ",
    "null",
    "0",
    "日本語 🎉 e\u{301}",
    "\0\u{1f}\t\r\n\u{2028}\u{feff}",
    "a/b?c=d&e#f%20+",
    "</script>\\u0000",
    "2024-02-30",
];

/// Returns the least and the greatest integer that the schemas allow.
fn range(flat: &Flat<'_>) -> (i128, i128) {
    let bound = |value: &Value| -> Option<i128> {
        let whole = value.as_i64().map(i128::from);
        whole
            .or_else(|| value.as_u64().map(i128::from))
            .or_else(|| value.as_f64().map(|number| number as i128))
    };
    let format = flat.all("format").find_map(Value::as_str);
    let (mut least, mut most) = match format {
        Some("int8") => (i128::from(i8::MIN), i128::from(i8::MAX)),
        Some("int16") => (i128::from(i16::MIN), i128::from(i16::MAX)),
        Some("int32") => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Some("uint8") => (0, i128::from(u8::MAX)),
        Some("uint16") => (0, i128::from(u16::MAX)),
        Some("uint32") => (0, i128::from(u32::MAX)),
        Some("uint64") => (0, i128::from(u64::MAX)),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    let stated = |keyword: &'static str, more: i128| {
        let bounds = flat.all(keyword).filter_map(bound);
        bounds.map(|bound| bound + more).collect::<Vec<i128>>()
    };
    let above = [stated("minimum", 0), stated("exclusiveMinimum", 1)].concat();
    let below = [stated("maximum", 0), stated("exclusiveMaximum", -1)].concat();
    // A limit beyond `i64` says that the integer is larger.
    if let Some(limit) = below.iter().min()
        && *limit > most
        && !matches!(format, Some("int8" | "int16" | "int32"))
    {
        most = (*limit).min(i128::from(u64::MAX));
        least = 0;
    }
    let least = above.into_iter().fold(least, i128::max);
    let most = below.into_iter().fold(most, i128::min);
    (least, most.max(least))
}

/// Returns a text of a format.
fn formatted(format: &str, number: usize) -> Option<String> {
    let (day, hour) = (number % 28 + 1, number % 24);
    let one = |of: &[&str]| of.get(number % of.len()).map(|one| (*one).to_owned());
    Some(match format {
        "date-time" => {
            let zone = one(&[
                "Z",
                "Z",
                "+05:30",
                "-08:00",
                ".5Z",
                ".123Z",
                ".123456789+14:00",
            ])?;
            format!("2024-02-{day:02}T{hour:02}:30:05{zone}")
        }
        "date" if number.is_multiple_of(4) => one(&["2024-02-29", "0001-01-01", "9999-12-31"])?,
        "date" => format!("2024-02-{day:02}"),
        "time" => format!("{hour:02}:30:05{}", one(&["Z", "+01:00", ".25Z"])?),
        "uuid" if number.is_multiple_of(4) => one(&[
            "00000000-0000-0000-0000-000000000000",
            "67E55044-10B1-426F-9247-BB680E5F0C1A",
        ])?,
        "uuid" => format!("67e55044-10b1-426f-9247-bb680e5f{:04x}", number % 65536),
        "uri" | "url" | "uri-reference" | "iri" => {
            format!("https://example.com/{number}?a=%20b&c#d")
        }
        "email" | "idn-email" => format!("a{number}@example.com"),
        "ipv4" | "ip" => format!("10.0.0.{}", number % 256),
        "ipv6" => one(&[
            "2001:db8::1f",
            "::",
            "2001:DB8:0:0:0:0:0:1",
            "::ffff:10.0.0.1",
        ])?,
        "hostname" => format!("h{number}.example.com"),
        "byte" | "base64" => one(&["aGVsbG8=", "", "+/8=", "AA=="])?,
        "int64" | "uint64" | "int32" => number.to_string(),
        "decimal" => format!("{number}.10"),
        "duration" => format!("P{day}DT{hour}H"),
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
