//! The set of JSON types that a schema admits.

use serde_json::Value;

/// A set of JSON types. `integer` is a subset of `number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Types(u8);

/// Names and bits, in the order of output. A number is an integer or a fraction.
const NAMES: [(&str, u8); 7] = [
    ("array", 1),
    ("boolean", 2),
    ("null", 4),
    ("number", 8 | 16),
    ("integer", 8),
    ("object", 32),
    ("string", 64),
];

impl Types {
    pub const NONE: Self = Self(0);
    pub const ANY: Self = Self(127);
    pub const NULL: Self = Self(4);
    pub const ARRAY: Self = Self(1);
    pub const OBJECT: Self = Self(32);
    pub const STRING: Self = Self(64);
    pub const BOOLEAN: Self = Self(2);
    pub const NUMBER: Self = Self(24);
    pub const INTEGER: Self = Self(8);
    /// Numbers that are not integers.
    pub const FRACTION: Self = Self(16);
    /// The types that text can hold. In a query string, a number is a string.
    pub const SCALARS: Self = Self(2 | 8 | 16 | 64);

    pub fn named(name: &str) -> Option<Self> {
        NAMES
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, bits)| Self(bits))
    }

    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self(2),
            Value::Number(number) if number.is_f64() && !is_whole(number) => Self::NUMBER,
            Value::Number(_) => Self::INTEGER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Returns the equivalent value of the keyword `type`.
    pub fn to_value(self) -> Value {
        if self.without(Self::NULL) == Self::ANY.without(Self::NULL) {
            return Value::from("any");
        }
        let mut rest = self;
        let mut names = Vec::new();
        for (name, bits) in NAMES {
            if rest.0 & bits == bits && rest.0 & bits != 0 {
                names.push(Value::from(name));
                rest = rest.without(Self(bits));
            }
        }
        match <[Value; 1]>::try_from(names) {
            Ok([only]) => only,
            Err(names) => Value::from(names),
        }
    }
}

fn is_whole(number: &serde_json::Number) -> bool {
    number.as_f64().is_some_and(|number| number.fract() == 0.0)
}
