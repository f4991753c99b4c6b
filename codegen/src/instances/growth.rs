//! Instances as a newer server sends them: with properties and enumeration values that the document
//! does not list.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::instances::generator::Instance;
use crate::instances::random::Random;

/// An instance as a newer server sends it.
#[derive(Debug, Clone)]
pub struct Grown {
    /// The instance.
    pub value: Value,
    /// The pointers of the added properties.
    pub added: BTreeSet<String>,
    /// The pointers of the new enumeration values.
    pub renamed: BTreeSet<String>,
}

impl Grown {
    /// Returns whether a property of the object at a pointer has a new enumeration value, so that
    /// the variant of a union may be unknown.
    pub fn is_renamed(&self, at: &str) -> bool {
        self.renamed.iter().any(|renamed| {
            renamed
                .rsplit_once('/')
                .is_some_and(|(around, _)| around == at)
                || renamed == at
        })
    }
}

/// Returns the instance with unknown properties and enumeration values.
pub fn grown(instance: &Instance, seed: u64) -> Grown {
    let mut random = Random::new(seed);
    let mut value = instance.value.clone();
    let (mut added, mut renamed) = (BTreeSet::new(), BTreeSet::new());
    for at in &instance.enums {
        if random.percent(25)
            && let Some(place) = value.pointer_mut(at)
        {
            *place = json!("unheard-of");
            renamed.insert(at.clone());
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
    Grown {
        value,
        added,
        renamed,
    }
}
