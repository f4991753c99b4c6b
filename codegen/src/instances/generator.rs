//! The generator: instances of a schema, with a note of each variant that was taken.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::instances::dialect::modernized;
use crate::instances::making::{Choice, Making, Presence};
use crate::instances::random::{Random, seed_of};

/// How many values are tried for one instance.
const ATTEMPTS: u64 = 30;

/// Makes instances of the schemas of one document.
pub struct Generator {
    document: Value,
    validators: RefCell<BTreeMap<String, Option<Rc<Validator>>>>,
}

/// A valid instance of a schema.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The instance.
    pub value: Value,
    /// The unions in the instance.
    pub choices: Vec<Choice>,
    /// The objects with described properties, as JSON pointers.
    pub objects: Vec<String>,
    /// The values of enumerations and discriminators that may grow, as JSON pointers.
    pub enums: Vec<String>,
}

impl Generator {
    /// Returns a generator for an OpenAPI document.
    pub fn new(document: &Value) -> Self {
        Self {
            document: modernized(document.clone()),
            validators: RefCell::default(),
        }
    }

    /// Returns the instance of a schema with this number, if a valid one was found.
    pub fn instance(&self, pointer: &str, number: u64) -> Option<Instance> {
        let schema = self.document.pointer(pointer)?;
        let validator = self.validator(pointer)?;
        (0..ATTEMPTS).find_map(|attempt| {
            let mut random = Random::new(seed_of(pointer, number * ATTEMPTS + attempt));
            let presence = match random.below(5) {
                0 => Presence::Least,
                1 => Presence::Most,
                _ => Presence::Usual,
            };
            let mut making = Making {
                document: &self.document,
                random,
                choices: Vec::new(),
                objects: Vec::new(),
                enums: Vec::new(),
                at: String::new(),
                depth: 0,
                presence,
            };
            let value = making.value(&[(schema, pointer.to_owned())], &[])?;
            validator.is_valid(&value).then(|| Instance {
                value,
                choices: making.choices,
                objects: making.objects,
                enums: making.enums,
            })
        })
    }

    /// Returns whether a schema stands for itself: not a part of an `allOf`, or a variant of a
    /// union, to which the schemas around add more.
    pub fn stands_alone(pointer: &str) -> bool {
        let mut tokens = pointer.rsplit('/').skip(1);
        let is_variant = matches!(tokens.next(), Some("oneOf" | "anyOf"));
        !is_variant && !pointer.contains("/allOf/")
    }

    /// Returns whether a schema accepts a value; `false` if the schema cannot be compiled.
    pub fn accepts(&self, pointer: &str, value: &Value) -> bool {
        self.validator(pointer)
            .is_some_and(|validator| validator.is_valid(value))
    }

    fn validator(&self, pointer: &str) -> Option<Rc<Validator>> {
        if let Some(known) = self.validators.borrow().get(pointer) {
            return known.clone();
        }
        let reference = pointer
            .replace('%', "%25")
            .replace('{', "%7B")
            .replace('}', "%7D");
        let mut root = Map::new();
        root.insert("$ref".to_owned(), json!(format!("#{reference}")));
        for keyword in ["components", "paths"] {
            if let Some(value) = self.document.get(keyword)
                && (keyword == "components" || pointer.starts_with("/paths"))
            {
                root.insert(keyword.to_owned(), value.clone());
            }
        }
        let made = jsonschema::draft202012::options()
            .build(&Value::Object(root))
            .ok()
            .map(Rc::new);
        let mut validators = self.validators.borrow_mut();
        validators.insert(pointer.to_owned(), made.clone());
        made
    }
}
