//! Facts about the values of a branch.

use std::borrow::Cow;

use regress::Regex;
use serde_json::Value;

use crate::diff::inclusion::claim::Claim;
use crate::diff::model::decimal::Decimal;
use crate::diff::model::types::Types;
use crate::diff::model::value::canonical;

/// Properties other than the named ones and those that match a pattern.
#[derive(Clone)]
pub struct Rest<'d> {
    pub names: Vec<&'d str>,
    pub patterns: Vec<&'d str>,
}

impl Rest<'_> {
    /// Returns whether a property is among them. A pattern that cannot be read matches nothing.
    pub fn holds(&self, name: &str) -> bool {
        !self.names.contains(&name) && !self.patterns.iter().any(|it| matches(it, name))
    }
}

/// A property that a value has, and that is not named.
#[derive(Clone)]
pub struct Stranger<'d> {
    pub rest: Rest<'d>,
    /// The pattern that the name matches.
    pub pattern: Option<&'d str>,
    /// The claim that its value satisfies.
    pub value: Option<Claim<'d>>,
    /// The claim that its name satisfies.
    pub name: Option<Claim<'d>>,
}

/// A fact about a value of one type. The measure of a value is its number, its length, or the
/// number of its elements or properties.
#[derive(Clone)]
pub enum Fact<'d> {
    OneOf(Vec<Cow<'d, Value>>),
    NoneOf(Vec<&'d Value>),
    /// The measure is at least, or more than, a number.
    AtLeast(f64, bool),
    /// The measure is at most, or less than, a number.
    AtMost(f64, bool),
    Multiple(Decimal),
    NotMultiple(Decimal),
    Pattern(&'d str),
    NotPattern(&'d str),
    Format(&'d str),
    NotFormat(&'d str),
    /// The value that a text encodes satisfies a claim.
    Embedded(Claim<'d>),
    Unique,
    NotUnique,
    /// The element at an index satisfies a claim, if there is one.
    At(usize, Claim<'d>),
    /// The elements from an index on satisfy a claim.
    From(usize, Claim<'d>),
    /// An element from an index on satisfies a claim.
    Somewhere(usize, Claim<'d>),
    /// At least so many elements satisfy a claim.
    Many(usize, Claim<'d>),
    /// At most so many elements satisfy a claim.
    Few(usize, Claim<'d>),
    Present(&'d str),
    Absent(&'d str),
    /// A property satisfies a claim, if it is present.
    Property(&'d str, Claim<'d>),
    /// Other properties satisfy a claim.
    Others(Rest<'d>, Claim<'d>),
    /// Properties that match a pattern satisfy a claim.
    Matching(&'d str, Claim<'d>),
    /// The names of all properties satisfy a claim.
    Names(Claim<'d>),
    Some(Stranger<'d>),
}

/// Returns whether a pattern matches a text. A pattern that cannot be read matches nothing.
pub fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.find(text).is_some())
}

/// Returns the values of a type that the facts list, or all values of a type with few.
pub fn listed<'d>(facts: &[Fact<'d>], types: Types) -> Option<Vec<Cow<'d, Value>>> {
    let mut listed: Option<Vec<Cow<'d, Value>>> = match types {
        Types::NULL => Some(vec![Cow::Owned(Value::Null)]),
        Types::BOOLEAN => Some([true, false].map(|it| Cow::Owned(it.into())).into()),
        _ => None,
    };
    for fact in facts {
        let Fact::OneOf(values) = fact else { continue };
        let of_type = values.iter().filter(|value| is_of(value, types)).cloned();
        listed = Some(match listed {
            None => of_type.collect(),
            Some(known) => {
                let texts: Vec<String> = of_type.map(|value| canonical(&value)).collect();
                let is_known = |value: &Cow<'_, Value>| texts.contains(&canonical(value));
                known.into_iter().filter(is_known).collect()
            }
        });
    }
    listed
}

/// Returns whether a value has a type.
fn is_of(value: &Value, types: Types) -> bool {
    match types {
        Types::FRACTION => Types::of(value) == Types::NUMBER,
        types => Types::of(value) == types,
    }
}

/// Returns whether a fact excludes a value.
pub fn refute(facts: &[Fact<'_>], value: &Value) -> bool {
    let measure = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => Some(text.chars().count() as f64),
        Value::Array(items) => Some(items.len() as f64),
        Value::Object(members) => Some(members.len() as f64),
        _ => None,
    };
    let text = value.as_str();
    let has = |name: &str| value.get(name).is_some();
    facts.iter().any(|fact| match fact {
        Fact::NoneOf(values) => {
            let written = canonical(value);
            values.iter().any(|it| canonical(it) == written)
        }
        Fact::AtLeast(least, is_more) => {
            measure.is_some_and(|it| it < *least || *is_more && it == *least)
        }
        Fact::AtMost(most, is_less) => {
            measure.is_some_and(|it| it > *most || *is_less && it == *most)
        }
        Fact::Multiple(of) => Decimal::of(value).is_some_and(|it| !it.is_multiple_of(*of)),
        Fact::NotMultiple(of) => Decimal::of(value).is_some_and(|it| it.is_multiple_of(*of)),
        Fact::Pattern(pattern) => {
            text.is_some_and(|text| Regex::new(pattern).is_ok_and(|it| it.find(text).is_none()))
        }
        Fact::NotPattern(pattern) => text.is_some_and(|text| matches(pattern, text)),
        Fact::Present(name) => value.is_object() && !has(name),
        Fact::Absent(name) => value.is_object() && has(name),
        _ => false,
    })
}

/// Returns the bounds of the measure, each with whether it is excluded.
pub fn bounds(facts: &[Fact<'_>]) -> ((f64, bool), (f64, bool)) {
    let mut least = (f64::NEG_INFINITY, false);
    let mut most = (f64::INFINITY, false);
    for fact in facts {
        match *fact {
            Fact::AtLeast(value, is_more)
                if value > least.0 || value == least.0 && is_more && !least.1 =>
            {
                least = (value, is_more);
            }
            Fact::AtMost(value, is_less)
                if value < most.0 || value == most.0 && is_less && !most.1 =>
            {
                most = (value, is_less);
            }
            _ => {}
        }
    }
    (least, most)
}

/// Returns the bounds of a count. No bound is infinite below.
pub fn counts(facts: &[Fact<'_>]) -> (f64, f64) {
    let ((least, _), (most, _)) = bounds(facts);
    (least.max(0.0), most)
}
