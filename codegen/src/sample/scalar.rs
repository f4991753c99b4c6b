//! Builds strings and numbers.

use serde_json::Value;

use super::check::number_fits;
use super::name_hints;
use super::parts::Parts;
use super::pattern;

/// The longest string that `minLength` gets.
const MAX_LENGTH: usize = 10_000;

/// Builds a string for the property `name` from its pattern, its format, or its name, in this
/// order.
pub(super) fn string(parts: &Parts<'_>, name: &str) -> String {
    let least = parts.least("minLength").unwrap_or(0).min(MAX_LENGTH);
    let most = parts.most("maxLength");
    if let Some(text) = parts
        .text("pattern")
        .and_then(|pattern| pattern::example(pattern, least, most))
    {
        return text;
    }
    let format = parts
        .text("format")
        .and_then(|format| formatted(format, name));
    let encoded = parts.text("contentEncoding").and_then(encoded);
    let text = format
        .or(encoded)
        .map_or_else(|| name_hints::string(name), str::to_owned);
    let missing = least.saturating_sub(text.chars().count());
    text.chars()
        .chain(std::iter::repeat_n('x', missing))
        .take(most)
        .collect()
}

/// Returns a string of a format of JSON Schema 2020-12 section 7.3 or the OpenAPI Format Registry.
fn formatted(format: &str, name: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => name_hints::date_time(name),
        "date" => name_hints::date_time(name).split('T').next()?,
        "time" => "09:30:00Z",
        "duration" => "PT30M",
        "uuid" => name_hints::UUID,
        "email" | "idn-email" => "ada@example.com",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/example",
        "uri-template" => "https://example.com/{id}",
        "hostname" | "idn-hostname" => "host.example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" | "base64url" => "c2FtcGxl",
        "json-pointer" => "/example",
        "relative-json-pointer" => "0/example",
        "regex" => "^example$",
        "decimal" | "decimal128" | "double-int" => "12.5",
        "int32" | "int64" | "uint64" => "12",
        _ => return None,
    })
}

/// Returns the word `sample` in an encoding of RFC 4648.
fn encoded(encoding: &str) -> Option<&'static str> {
    Some(match encoding {
        "base64" | "base64url" => "c2FtcGxl",
        "base32" => "ONQW24DMMU======",
        "base16" => "73616D706C65",
        _ => return None,
    })
}

/// Builds a number for the property `name`: the one that its name suggests, or else one that the
/// limits allow. Returns `None` if no candidate is within the limits.
pub(super) fn number(parts: &Parts<'_>, name: &str, integer: bool) -> Option<Value> {
    let hint = name_hints::number(name);
    let hint = if integer { hint.round() } else { hint };
    let step = parts.largest("multipleOf").filter(|step| *step > 0.0);
    let least = larger(parts.largest("minimum"), parts.largest("exclusiveMinimum"));
    let most = smaller(
        parts.smallest("maximum"),
        parts.smallest("exclusiveMaximum"),
    );
    let middle = least
        .zip(most)
        .map(|(least, most)| f64::midpoint(least, most));
    let size = step.unwrap_or(1.0);
    let above = least
        .into_iter()
        .flat_map(|least| (0..=1000).map(move |steps| least + f64::from(steps) * size));
    let below = most
        .into_iter()
        .flat_map(|most| (0..=1000).map(move |steps| most - f64::from(steps) * size));
    let tried = std::iter::once(hint)
        .chain(middle)
        .chain(above)
        .chain(below)
        .chain([1.0, 0.0]);
    let on_grid = tried.flat_map(|number| match step {
        Some(step) => [
            (number / step).ceil() * step,
            (number / step).floor() * step,
        ],
        None if integer => [number.ceil(), number.floor()],
        None => [number, number],
    });
    let accepted = |number: &f64| {
        (!integer || number.fract() == 0.0)
            && parts.objects().all(|part| number_fits(part, *number))
    };
    let number = on_grid.into_iter().find(accepted)?;
    // `as` keeps every whole number that a double holds exactly. Larger ones are not sampled.
    Some(if integer {
        Value::from(number as i64)
    } else {
        Value::from(number)
    })
}

fn larger(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}

fn smaller(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::min)
}
