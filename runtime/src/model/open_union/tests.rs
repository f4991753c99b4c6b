//! Unions by discriminator, by constant, and by what fits.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Cat {
    #[serde(skip_serializing_if = "Option::is_none")]
    lives: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    friend: Option<Box<Pet>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Dog {
    #[serde(skip_serializing_if = "Option::is_none")]
    tricks: Option<Vec<String>>,
}

crate::__open_union! {
    #[derive(Debug)]
    pub enum Pet {
        Cat(Cat) = Branch::tagged("kind", &["cat", "kitten"], &[
            Shape { constants: &[("kind", &["cat", "kitten"])], ..Shape::OBJECT },
        ]),
        Dog(Dog) = Branch::tagged("kind", &["dog"], &[
            Shape { constants: &[("kind", &["dog"])], ..Shape::OBJECT },
        ]),
        Name(String) = Branch::of(&[Shape::STRING]),
    }
}

crate::__open_union! {
    #[derive(Debug)]
    pub enum Animal {
        Dog(Dog) = Branch::of(&[Shape { optional: &["tricks"], ..Shape::OBJECT }]),
        Cat(Cat) = Branch::of(&[Shape { optional: &["lives", "friend"], ..Shape::OBJECT }]),
        Age(i64) = Branch::of(&[Shape::INTEGER]),
        Weight(f64) = Branch::of(&[Shape::NUMBER]),
        Pets(Vec<Pet>) = Branch::of(&[Shape::ARRAY]),
    }
}

#[track_caller]
fn pet(value: Value) -> Pet {
    let pet: Pet = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&pet).unwrap(), value);
    pet
}

#[test]
fn discriminator_decides_and_is_written() {
    assert!(matches!(pet(json!({ "kind": "dog" })), Pet::Dog(_)));
    assert!(matches!(pet(json!("tom")), Pet::Name(name) if name == "tom"));
    let cat = Pet::Cat(Cat {
        lives: Some(9),
        friend: None,
    });
    assert_eq!(
        serde_json::to_value(&cat).unwrap(),
        json!({ "kind": "cat", "lives": 9 })
    );
}

#[test]
fn unknown_branch_is_kept_and_hidden_in_debug() {
    for value in [
        json!({ "kind": "bird", "wings": 2 }),
        json!({ "kind": "cat", "lives": "nine" }),
        json!(7),
        json!(null),
    ] {
        let unknown = pet(value.clone());
        assert!(matches!(&unknown, Pet::Unknown(it) if *it.as_json() == value));
    }
    let bird = pet(json!({ "kind": "hunter2" }));
    assert_eq!(format!("{bird:?}"), r#"Unknown({"kind"})"#);
}

#[test]
fn undiscriminated_value_takes_best_branch() {
    let animal = |value: Value| serde_json::from_value::<Animal>(value).unwrap();
    assert!(matches!(animal(json!({ "lives": 9 })), Animal::Cat(_)));
    assert!(matches!(animal(json!({ "tricks": [] })), Animal::Dog(_)));
    assert!(matches!(animal(json!({ "new": 1 })), Animal::Dog(_)));
    assert!(matches!(animal(json!(3)), Animal::Age(3)));
    assert!(matches!(animal(json!(3.5)), Animal::Weight(_)));
    assert!(matches!(animal(json!(["tom"])), Animal::Pets(_)));
    let both = json!({ "lives": 9, "tricks": ["sit"] });
    assert!(matches!(animal(both.clone()), Animal::Unknown(it) if *it.as_json() == both));
}

/// Each level could be two branches: trying all of them at each would never end.
#[test]
fn nested_unions_terminate() {
    let mut value = json!({ "kind": "cat", "lives": "x" });
    for _ in 0..100 {
        value = json!({ "friend": value, "tricks": 1 });
    }
    let animal: Animal = crate::model::choice::from_json(value);
    assert!(matches!(animal, Animal::Cat(_)));
}
