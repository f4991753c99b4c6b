//! Tests of the encoding of requests.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::json;

use super::*;

#[derive(Serialize)]
struct Cap {
    amount: Option<f64>,
    #[serde(flatten)]
    more: BTreeMap<String, f32>,
}

#[derive(Serialize)]
enum Rule {
    Only(f64),
    Pair(u8, f64),
    Named { limit: f64 },
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Tagged {
    Cap(Cap),
}

fn pointer(value: &impl Serialize) -> String {
    let error = to_vec(value).unwrap_err();
    assert_eq!(to_value(value).unwrap_err(), error);
    let text = error.to_string();
    assert!(
        text.ends_with("cannot be sent: use a finite number"),
        "{text}"
    );
    error.pointer
}

#[test]
fn number_not_finite_is_refused_with_its_location() {
    let cap = |amount, more: &[(&str, f32)]| Cap {
        amount,
        more: more
            .iter()
            .map(|(key, it)| ((*key).to_owned(), *it))
            .collect(),
    };
    assert_eq!(pointer(&f64::NAN), "");
    assert_eq!(pointer(&[1.0, f64::INFINITY]), "/1");
    assert_eq!(pointer(&(1, "a", f32::NEG_INFINITY)), "/2");
    assert_eq!(pointer(&cap(Some(f64::NAN), &[])), "/amount");
    assert_eq!(pointer(&cap(None, &[("a/b~", f32::NAN)])), "/a~1b~0");
    assert_eq!(pointer(&vec![cap(Some(f64::NAN), &[])]), "/0/amount");
    assert_eq!(pointer(&Tagged::Cap(cap(Some(f64::NAN), &[]))), "/amount");
    assert_eq!(pointer(&Rule::Only(f64::NAN)), "/Only");
    assert_eq!(pointer(&Rule::Pair(1, f64::NAN)), "/Pair/1");
    assert_eq!(pointer(&Rule::Named { limit: f64::NAN }), "/Named/limit");
    assert_eq!(pointer(&BTreeMap::from([(7, [f64::NAN])])), "/7/0");
}

#[test]
fn value_without_json_form_names_its_location() {
    let text = |value: &dyn Fn() -> Result<Value, Unencodable>| value().unwrap_err().to_string();
    let keys = BTreeMap::from([("a", BTreeMap::from([((1, 2), 3)]))]);
    assert_eq!(
        text(&|| to_value(&keys)),
        "the value at `/a/[1,2]` has no JSON form: key must be a string"
    );
    assert_eq!(
        text(&|| to_value(&[i128::MAX])),
        "the value at `/0` has no JSON form: number out of range"
    );
    struct Picky;
    impl Serialize for Picky {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("canary"))
        }
    }
    let picky = json!({"a": 1});
    assert_eq!(to_value(&picky).unwrap(), picky);
    assert_eq!(
        text(&|| to_value(&BTreeMap::from([("p", Picky)]))),
        "the value at `/p` has no JSON form"
    );
}

#[test]
fn encodable_value_is_written_as_by_serde_json() {
    let value = json!({"a": [1.5, null, {"b": "c"}], "d": true, "e": -7});
    assert_eq!(to_vec(&value).unwrap(), serde_json::to_vec(&value).unwrap());
    let cap = Cap {
        amount: Some(0.1),
        more: BTreeMap::from([("x".to_owned(), 2.5)]),
    };
    assert_eq!(to_vec(&cap).unwrap(), br#"{"amount":0.1,"x":2.5}"#);
    assert_eq!(
        to_vec(&i128::MAX).unwrap(),
        i128::MAX.to_string().as_bytes()
    );
    assert_eq!(to_vec(&('c', (), Some("x"))).unwrap(), br#"["c",null,"x"]"#);
}
