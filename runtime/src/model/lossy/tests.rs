//! Values that fit their type in part.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::de::MapAccess;

use serde::{Deserialize, Deserializer};
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
                _ => deserialize::skip(&mut properties, Self::NAME, &name)?,
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

#[test]
fn strict_decoding_tells_the_first_misfit() {
    let at = |value: serde_json::Value| strictly::<Crate>(&value).unwrap_err().at;
    let item = json!({ "id": 1, "labels": [], "contents": [{ "id": 2, "labels": [1, "x"] }] });
    assert_eq!(at(item).as_deref(), Some("contents[0].labels[1]"));
    let void = json!({ "id": 1, "labels": [], "lid": { "id": 2, "labels": [], "weight": "" } });
    assert_eq!(at(void).as_deref(), Some("lid.weight"));
    let zone = json!({ "id": 1, "labels": [], "packed_at": "2026-01-01T00:00:00" });
    assert_eq!(at(zone).as_deref(), Some("packed_at"));
    assert_eq!(at(json!({ "labels": [] })), None);
    assert_eq!(at(json!([])), None);
    assert!(strictly::<Crate>(&json!({ "id": 1, "labels": [] })).is_ok());
}

#[test]
fn value_is_read_as_serde_json_reads_it() {
    #[derive(Debug, PartialEq, PartialOrd, Eq, Ord, Deserialize)]
    enum Side {
        Left,
    }
    type Types = (
        BTreeMap<u8, i8>,
        BTreeMap<bool, u8>,
        BTreeMap<Side, Option<f64>>,
        BTreeMap<char, (u8, u8)>,
    );
    let value = json!([{ "7": -1 }, { "true": 1 }, { "Left": null }, { "a": [1, 2] }]);
    let expected: Types = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(strictly(&value), Ok(expected));
    for wrong in [json!({ "x": 1 }), json!({ "256": 1 })] {
        let misfit = strictly::<BTreeMap<u8, u8>>(&wrong).unwrap_err();
        assert_eq!(misfit.location(), ".", "{wrong}");
    }
}

#[test]
fn misfit_has_the_reason_of_serde_json() {
    for json in [
        r#"["x"]"#, "[null]", "[7.0]", "[1e3]", "[256]", "[true]", "[{}]",
    ] {
        let failure = serde_json::from_str::<Vec<u8>>(json).unwrap_err();
        let value = serde_json::from_str(json).unwrap();
        let misfit = strictly::<Vec<u8>>(&value).unwrap_err();
        assert!(misfit.is_reason_of(&failure), "{failure}: {misfit:?}");
        assert_eq!(misfit.location(), "[0]");
    }
    let failure = serde_json::from_str::<u8>("7.5").unwrap_err();
    let misfit = strictly::<u8>(&json!(7.51)).unwrap_err();
    assert!(!misfit.is_reason_of(&failure), "{failure}: {misfit:?}");
}

#[test]
fn name_with_space_is_no_number() {
    for name in ["7", "-7", " 7", "7\n", "+7", "07", ""] {
        let value = json!({ name: 1 });
        let read = strictly::<BTreeMap<i8, u8>>(&value);
        let expected = serde_json::from_str(&value.to_string());
        assert_eq!(read.ok(), expected.ok(), "{value}");
    }
    assert!(strictly::<BTreeMap<bool, u8>>(&json!({ " true": 1 })).is_err());
}

#[test]
fn list_too_long_for_tuple_is_cut_leniently() {
    let value = json!({ "a": [1, 2, 3] });
    type Pairs = BTreeMap<String, (u8, u8)>;
    let (read, losses) = decode::<Pairs>(&value).unwrap();
    assert_eq!((read["a"], losses), ((1, 2), Vec::new()));
    let misfit = strictly::<Pairs>(&value).unwrap_err();
    assert_eq!(misfit.at.as_deref(), Some("a"));
    assert!(misfit.reason.contains("invalid length 3"), "{misfit:?}");
}

#[derive(Debug, PartialEq, Deserialize)]
enum Shape {
    Point,
    Circle { r: u8 },
    Square(u8),
    Pair(u8, u8),
    Filled(Crate),
}

#[test]
fn variant_is_read_as_serde_json_reads_it() {
    for value in [
        json!("Point"),
        json!({ "Point": null }),
        json!({ "Circle": { "r": 1 } }),
        json!({ "Square": 1 }),
        json!({ "Pair": [1, 2] }),
        json!({ "Filled": { "id": 1, "labels": [] } }),
    ] {
        let expected: Shape = serde_json::from_str(&value.to_string()).unwrap();
        assert_eq!(strictly(&value), Ok(expected), "{value}");
    }
}

#[test]
fn misfit_of_a_variant_has_its_location() {
    for (shape, expected) in [
        (json!({ "Circle": { "r": "x" } }), "[0].Circle.r"),
        (json!({ "Circle": {} }), "[0].Circle"),
        (json!({ "Square": "x" }), "[0].Square"),
        (json!({ "Pair": [1, "x"] }), "[0].Pair[1]"),
        (json!({ "Pair": [1, 2, 3] }), "[0].Pair"),
        (json!({ "Point": 1 }), "[0].Point"),
        (
            json!({ "Filled": { "id": 1, "labels": ["x"] } }),
            "[0].Filled.labels[0]",
        ),
        (json!({ "Other": 1 }), "[0]"),
        (json!({ "Point": null, "Square": 1 }), "[0]"),
        (json!({}), "[0]"),
        (json!("Circle"), "[0]"),
        (json!("Pair"), "[0]"),
        (json!(7), "[0]"),
        (json!(null), "[0]"),
    ] {
        let misfit = strictly::<Vec<Shape>>(&json!([shape])).unwrap_err();
        assert_eq!(misfit.location(), expected, "{misfit:?}");
    }
}

#[test]
fn variant_loses_a_part_that_does_not_fit() {
    let value = json!([{ "Filled": { "id": 1, "labels": [], "weight": "heavy" } }]);
    let (read, losses) = decode::<Vec<Shape>>(&value).unwrap();
    let id = 1;
    let crate_ = Crate {
        id,
        ..Crate::default()
    };
    assert_eq!(read, [Shape::Filled(crate_)]);
    assert_eq!(lost(&losses), ["[0].Filled.weight at [0].Filled.weight"]);
}
