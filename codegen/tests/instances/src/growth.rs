//! Instances as a newer server sends them: with properties and enumeration values that the document
//! does not list.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::generator::Instance;
use crate::random::Random;

/// Returns the instance with unknown properties and enumeration values, and the pointers of the
/// added properties.
pub fn grown(instance: &Instance, seed: u64) -> (Value, BTreeSet<String>) {
    let mut random = Random::new(seed);
    let mut value = instance.value.clone();
    let mut added = BTreeSet::new();
    for at in &instance.enums {
        if random.percent(25)
            && let Some(place) = value.pointer_mut(at)
        {
            *place = json!("unheard-of");
        }
    }
    for at in &instance.objects {
        if random.percent(50)
            && let Some(Value::Object(object)) = value.pointer_mut(at)
        {
            let extra = match random.below(4) {
                0 => json!("more"),
                1 => json!(7),
                2 => json!({ "more": [1] }),
                _ => Value::Null,
            };
            object.insert("unheardOf".to_owned(), extra);
            added.insert(format!("{at}/unheardOf"));
        }
    }
    (value, added)
}
