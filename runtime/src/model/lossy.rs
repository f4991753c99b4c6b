//! Decodes as much of a value as fits its type, and tells what was lost.
//!
//! The deserializer of this module reads a JSON value and knows the location of each part. Its
//! errors say that the part can be left out, so that the readers of optional properties and of
//! lists go on behind the part. The errors of all other deserializers do not say so: the readers
//! return them, and unions choose a variant as strictly as ever.

use std::cell::RefCell;
use std::error::Error as StdError;
use std::fmt;
use std::rc::Rc;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Expected, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::Value;

/// The maximum number of parts that are left out, so that a hostile response does not fill the memory
/// with their locations.
const MOST_LOST: usize = 1000;

/// A part of a response that does not fit its type and was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The location of the part.
    pub path: Vec<Segment>,
    /// The location of the value that does not fit: the part itself, or a value in it.
    pub at: Vec<Segment>,
    /// The reason, which may quote the value.
    pub reason: String,
}

/// A step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A property of an object.
    Name(String),
    /// An item of a list.
    Index(usize),
}

/// A location as errors show it, such as `items[1].size`.
pub fn shown(path: &[Segment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Index(index) => text.push_str(&format!("[{index}]")),
            Segment::Name(name) if text.is_empty() => text.push_str(name),
            Segment::Name(name) => text.push_str(&format!(".{name}")),
        }
    }
    text
}

/// Decodes a value without the parts that do not fit. Returns `None` if a required part does not
/// fit.
pub fn decode<T: DeserializeOwned>(value: &Value) -> Option<(T, Vec<Lost>)> {
    let losses = Losses::default();
    let decoded = T::deserialize(Part::whole(value, &losses)).ok()?;
    Some((decoded, losses.take()))
}

/// Decodes a list without the items that do not fit.
pub fn decode_items<T: DeserializeOwned>(items: &[Value]) -> Option<(T, Vec<Lost>)> {
    let losses = Losses::default();
    let mut fitting = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let alone = [item.clone()];
        let at = Rc::new(Node::whole());
        let list = List {
            items: alone.iter(),
            next: index,
            at,
            losses: losses.clone(),
        };
        match T::deserialize(de::value::SeqAccessDeserializer::new(list)) {
            Ok(_) => fitting.push(item.clone()),
            Err(failure) => forgive(failure).ok()?,
        }
    }
    // What is lost within an item was told above.
    let whole = Value::Array(fitting);
    let decoded = T::deserialize(Part::whole(&whole, &Losses::default())).ok()?;
    Some((decoded, losses.take()))
}

/// Leaves out the part that an error is about, if the error says that this is possible.
pub(super) fn forgive<E: de::Error>(error: E) -> Result<(), E> {
    let Some(found) = error
        .source()
        .and_then(<dyn StdError>::downcast_ref::<Place>)
    else {
        return Err(error);
    };
    if found.is_void {
        return Ok(());
    }
    let mut losses = found.losses.0.borrow_mut();
    let is_bearable = losses.len() < MOST_LOST;
    if is_bearable {
        losses.push(found.lost.clone());
    }
    drop(losses);
    if is_bearable { Ok(()) } else { Err(error) }
}

/// The parts that were left out so far.
#[derive(Debug, Clone, Default)]
struct Losses(Rc<RefCell<Vec<Lost>>>);

impl Losses {
    fn take(&self) -> Vec<Lost> {
        self.0.take()
    }
}

/// A location, from the inside to the outside.
struct Node {
    parent: Option<Rc<Node>>,
    segment: Option<Segment>,
}

impl Node {
    fn whole() -> Self {
        Self {
            parent: None,
            segment: None,
        }
    }

    fn below(parent: &Rc<Node>, segment: Segment) -> Rc<Self> {
        Rc::new(Self {
            parent: Some(Rc::clone(parent)),
            segment: Some(segment),
        })
    }

    fn path(&self) -> Vec<Segment> {
        let mut path = Vec::new();
        let mut next = Some(self);
        while let Some(node) = next {
            path.extend(node.segment.clone());
            next = node.parent.as_deref();
        }
        path.reverse();
        path
    }
}

/// A value and its location.
struct Part<'de> {
    value: &'de Value,
    at: Rc<Node>,
    losses: Losses,
}

impl<'de> Part<'de> {
    fn whole(value: &'de Value, losses: &Losses) -> Self {
        Self {
            value,
            at: Rc::new(Node::whole()),
            losses: losses.clone(),
        }
    }

    /// Reads the value. An error tells the location.
    fn read<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        let (at, losses, value) = (Rc::clone(&self.at), self.losses.clone(), self.value);
        let kept = losses.0.borrow().len();
        seed.deserialize(self).map_err(|failure| {
            // What was lost within the part is lost with it.
            losses.0.borrow_mut().truncate(kept);
            failure.located(&at, losses, value)
        })
    }
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.value {
            Value::Object(properties) => visitor.visit_map(Properties {
                properties: properties.iter(),
                value: None,
                at: self.at,
                losses: self.losses,
            }),
            Value::Array(items) => visitor.visit_seq(List {
                items: items.iter(),
                next: 0,
                at: self.at,
                losses: self.losses,
            }),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Null => visitor.visit_unit(),
            Value::Number(number) => number.deserialize_any(visitor).map_err(Failure::of),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let plain = self.value.deserialize_enum(name, variants, visitor);
        plain.map_err(Failure::of)
    }

    /// Reads a date and time without a zone as UTC, as RFC 3339 does not. Only dates are read by
    /// this method with such an expectation.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let expected = (&visitor as &dyn Expected).to_string();
        match self.value {
            Value::String(text) if expected.contains("RFC 3339") => match utc(text) {
                Some(time) => visitor.visit_string(time.to_rfc3339()),
                None => visitor.visit_borrowed_str(text),
            },
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// Returns the time of a text that lacks the zone, or writes it as ISO 8601 allows and RFC 3339
/// does not.
fn utc(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let naive = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
    ];
    let mut naive = naive.iter();
    let without_zone = naive.find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let with_zone = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").ok();
    match without_zone {
        Some(time) => Some(time.and_utc()),
        None => with_zone().map(|time| time.to_utc()),
    }
}

struct Properties<'de> {
    properties: serde_json::map::Iter<'de>,
    value: Option<Part<'de>>,
    at: Rc<Node>,
    losses: Losses,
}

impl<'de> MapAccess<'de> for Properties<'de> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        let Some((name, value)) = self.properties.next() else {
            return Ok(None);
        };
        let part = Part {
            value,
            at: Node::below(&self.at, Segment::Name(name.clone())),
            losses: self.losses.clone(),
        };
        self.value = Some(part);
        let name: StrDeserializer<'_, Failure> = de::IntoDeserializer::into_deserializer(&**name);
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        match self.value.take() {
            Some(part) => part.read(seed),
            None => Err(de::Error::custom("a value was read before its name")),
        }
    }
}

struct List<'de> {
    items: std::slice::Iter<'de, Value>,
    next: usize,
    at: Rc<Node>,
    losses: Losses,
}

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        let Some(value) = self.items.next() else {
            return Ok(None);
        };
        let part = Part {
            value,
            at: Node::below(&self.at, Segment::Index(self.next)),
            losses: self.losses.clone(),
        };
        self.next += 1;
        part.read(seed).map(Some)
    }
}

/// An error of this deserializer.
#[derive(Debug)]
struct Failure {
    reason: String,
    place: Option<Box<Place>>,
}

/// The part that an error is about.
#[derive(Debug)]
struct Place {
    lost: Lost,
    losses: Losses,
    /// The part is a property with `null` or an empty text, which is as good as its absence.
    is_void: bool,
}

impl Failure {
    fn of(error: serde_json::Error) -> Self {
        de::Error::custom(error)
    }

    /// Returns the error for the part around the one that it was about.
    fn located(self, node: &Node, losses: Losses, value: &Value) -> Self {
        let path = node.path();
        let at = match self.place {
            Some(inner) => inner.lost.at,
            None => path.clone(),
        };
        let reason = self.reason.clone();
        let is_item = matches!(path.last(), Some(Segment::Index(_)));
        let is_void = !is_item
            && (value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()));
        Self {
            reason: self.reason,
            place: Some(Box::new(Place {
                lost: Lost { path, at, reason },
                losses,
                is_void,
            })),
        }
    }
}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            reason: message.to_string(),
            place: None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.lost.path))
    }
}

impl StdError for Place {}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.place.as_deref().map(|place| place as _)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::model::deserialize::{self, Object};

    #[derive(Debug, Default, PartialEq)]
    struct Crate {
        id: u8,
        packed_at: Option<DateTime<Utc>>,
        weight: Option<f64>,
        labels: Vec<u8>,
        contents: Vec<Crate>,
        counts: BTreeMap<String, u8>,
        lid: Option<Box<Crate>>,
        dates: Option<Vec<DateTime<Utc>>>,
    }

    impl<'de> Object<'de> for Crate {
        const NAME: &'static str = "Crate";
        const PROPERTIES: &'static [&'static str] = &[];

        fn read<A: MapAccess<'de>>(mut properties: A) -> Result<Self, A::Error> {
            let (mut id, mut packed_at, mut weight, mut lid) = (None, None, None, None);
            let (mut labels, mut contents, mut counts, mut dates) = (None, None, None, None);
            while let Some(name) = deserialize::name(&mut properties)? {
                match &*name {
                    "id" => deserialize::value(&mut properties, &mut id)?,
                    "packed_at" => deserialize::optional(&mut properties, &mut packed_at)?,
                    "weight" => deserialize::optional(&mut properties, &mut weight)?,
                    "lid" => deserialize::optional(&mut properties, &mut lid)?,
                    "labels" => deserialize::list(&mut properties, &mut labels)?,
                    "contents" => deserialize::optional_list(&mut properties, &mut contents)?,
                    "counts" => deserialize::optional_list(&mut properties, &mut counts)?,
                    "dates" => deserialize::optional_list(&mut properties, &mut dates)?,
                    _ => deserialize::skip(&mut properties)?,
                }
            }
            Ok(Self {
                id: deserialize::required(id, "id")?,
                packed_at: packed_at.unwrap_or_default(),
                weight: weight.unwrap_or_default(),
                lid: lid.unwrap_or_default(),
                labels: deserialize::required(labels, "labels")?,
                contents: contents.unwrap_or_default(),
                counts: counts.unwrap_or_default(),
                dates: dates.unwrap_or_default(),
            })
        }
    }

    impl<'de> Deserialize<'de> for Crate {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserialize::object(deserializer)
        }
    }

    fn lost(losses: &[Lost]) -> Vec<String> {
        let shown = |it: &Lost| format!("{} at {}", shown(&it.path), shown(&it.at));
        losses.iter().map(shown).collect()
    }

    #[test]
    fn poisoned_value_loses_itself_alone() {
        let value = json!({
            "id": 1, "weight": "heavy", "packed_at": "yesterday", "labels": [1, "x", 3],
            "contents": [
                { "id": 2, "labels": [], "weight": 7.5 },
                { "id": "x", "labels": [] },
                { "labels": [] },
                { "id": 3, "labels": [], "weight": [] },
            ],
            "counts": { "a": 1, "b": -1, "c": 3 },
            "lid": { "id": 4, "labels": [], "lid": { "id": 999, "labels": [] } },
            "dates": ["2026-01-01T00:00:00Z", "soon"],
        });
        let (read, losses) = decode::<Crate>(&value).unwrap();
        assert_eq!((read.id, read.weight, read.packed_at), (1, None, None));
        assert_eq!(read.labels, [1, 3]);
        let ids: Vec<_> = read.contents.iter().map(|it| it.id).collect();
        assert_eq!(ids, [2, 3]);
        assert_eq!(read.contents[0].weight, Some(7.5));
        assert_eq!(read.counts.len(), 2);
        assert_eq!(read.lid.unwrap().lid, None);
        assert_eq!(read.dates.unwrap().len(), 1);
        let mut lost = lost(&losses);
        lost.sort();
        assert_eq!(
            lost,
            [
                "contents[1] at contents[1].id",
                "contents[2] at contents[2]",
                "contents[3].weight at contents[3].weight",
                "counts.b at counts.b",
                "dates[1] at dates[1]",
                "labels[1] at labels[1]",
                "lid.lid at lid.lid.id",
                "packed_at at packed_at",
                "weight at weight",
            ]
        );
    }

    #[test]
    fn required_value_is_not_left_out() {
        for value in [
            json!({ "labels": [] }),
            json!({ "id": -1, "labels": [] }),
            json!({ "id": 1 }),
            json!({ "id": 1, "labels": 7 }),
            json!([]),
            json!(null),
        ] {
            assert!(decode::<Crate>(&value).is_none(), "{value}");
            assert!(serde_json::from_value::<Crate>(value).is_err());
        }
    }

    #[test]
    fn strict_decoding_leaves_nothing_out() {
        for value in [
            json!({ "id": 1, "labels": [1, "x"] }),
            json!({ "id": 1, "labels": [], "weight": "heavy" }),
            json!({ "id": 1, "labels": [], "counts": { "a": [] } }),
        ] {
            assert!(serde_json::from_str::<Crate>(&value.to_string()).is_err());
            assert!(serde_json::from_value::<Crate>(value).is_err());
        }
    }

    #[test]
    fn date_without_zone_is_read_as_utc() {
        let utc = "2026-10-01T12:30:00Z".parse::<DateTime<Utc>>().unwrap();
        for text in [
            "2026-10-01T12:30:00",
            "2026-10-01 12:30:00.000",
            "2026-10-01T12:30",
            "2026-10-01T14:30:00+0200",
            "2026-10-01T12:30:00Z",
        ] {
            let value = json!({ "id": 1, "labels": [], "packed_at": text, "dates": [text] });
            let (read, losses) = decode::<Crate>(&value).unwrap();
            assert_eq!((read.packed_at, losses), (Some(utc), Vec::new()), "{text}");
            assert_eq!(read.dates, Some(vec![utc]));
        }
        // A text that is no date stays as it is.
        let (text, _) = decode::<Vec<String>>(&json!(["2026-10-01T12:30"])).unwrap();
        assert_eq!(text, ["2026-10-01T12:30"]);
    }

    #[test]
    fn empty_text_is_absence_of_an_optional_value() {
        let value = json!({ "id": 1, "labels": [], "packed_at": "", "weight": " " });
        let (read, losses) = decode::<Crate>(&value).unwrap();
        assert_eq!((read.packed_at, read.weight), (None, None));
        assert!(losses.is_empty(), "{losses:?}");
    }

    #[test]
    fn bare_list_loses_bad_items() {
        let items = [json!(1), json!("x"), json!(3)];
        let (read, losses) = decode_items::<Vec<u8>>(&items).unwrap();
        assert_eq!(
            (read, lost(&losses)),
            (vec![1, 3], vec!["[1] at [1]".to_owned()])
        );
    }
}
