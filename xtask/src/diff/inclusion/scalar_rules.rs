//! Reads the keywords for numbers and texts.

use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::inclusion::facts::Fact;
use crate::diff::inclusion::items::{Rule, at_least, at_most};
use crate::diff::model::decimal::Decimal;
use crate::diff::model::member::member;
use crate::diff::model::types::Types;
use crate::diff::normalize::format_table;
use crate::diff::normalize::keyword_types::matches_all;

/// Returns whether a format applies to values of a type.
pub fn is_of_class(format: &Value, types: Types) -> bool {
    let class = format.as_str().map(format_table::class);
    (class == Some("string")) == (types == Types::STRING)
}

/// Adds the rule of a keyword for numbers or texts.
pub fn scalar_rules<'d>(
    rules: &mut Vec<Rule<'d>>,
    claim: Claim<'d>,
    (keyword, value): (&str, &'d Value),
) {
    // In OpenAPI 3.0, the exclusive bounds are flags.
    let flag = |key| member(claim.schema, key) == Some(&Value::Bool(true));
    let lower = |is_more: bool| {
        let bound = value.as_f64()?;
        let fails = vec![vec![Fact::AtMost(bound, !is_more)]];
        Some(Rule::facts(vec![Fact::AtLeast(bound, is_more)], fails))
    };
    let upper = |is_less: bool| {
        let bound = value.as_f64()?;
        let fails = vec![vec![Fact::AtLeast(bound, !is_less)]];
        Some(Rule::facts(vec![Fact::AtMost(bound, is_less)], fails))
    };
    rules.extend(match keyword {
        "minimum" => lower(flag("exclusiveMinimum")),
        "exclusiveMinimum" => lower(true),
        "maximum" => upper(flag("exclusiveMaximum")),
        "exclusiveMaximum" => upper(true),
        "multipleOf" => Some(match Decimal::of(value) {
            Some(of) => Rule::facts(vec![Fact::Multiple(of)], vec![vec![Fact::NotMultiple(of)]]),
            None => Rule::unknown(),
        }),
        "minLength" => at_least(value),
        "maxLength" => at_most(value),
        "pattern" => value
            .as_str()
            .filter(|pattern| !matches_all(pattern))
            .map(|pattern| {
                let fails = vec![vec![Fact::NotPattern(pattern)]];
                Rule::facts(vec![Fact::Pattern(pattern)], fails)
            }),
        "format" => value
            .as_str()
            .filter(|format| !format_table::is_hint(format))
            .map(|format| {
                let fails = vec![vec![Fact::NotFormat(format)]];
                Rule::facts(vec![Fact::Format(format)], fails)
            }),
        "contentSchema" if member(claim.schema, "contentMediaType").is_some() => {
            let inner = Claim {
                schema: value,
                ..claim
            };
            let fails = vec![vec![Fact::Embedded(inner.not())]];
            Some(Rule::facts(vec![Fact::Embedded(inner)], fails))
        }
        _ => None,
    });
}
