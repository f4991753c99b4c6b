//! Drift: parts of a value that this version of the crate does not know, noted while decoding.
//!
//! Only [`watch`] starts to note. Values that callers decode by themselves cost nothing.

use std::cell::RefCell;

/// The number of different notes for one value.
const MAX_NOTES: usize = 32;

/// A part of a value that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drift {
    /// A property that a struct has no field for.
    Property {
        /// The name of the struct.
        of: &'static str,
        /// The name of the property.
        name: Box<str>,
    },
    /// A text that an enum has no variant for.
    Value {
        /// The name of the enum.
        of: &'static str,
        /// The text.
        text: Box<str>,
    },
    /// A value that fits no variant of a union.
    Variant {
        /// The name of the union.
        of: &'static str,
    },
}

thread_local! {
    static NOTES: RefCell<Option<Vec<Drift>>> = const { RefCell::new(None) };
}

/// Notes a property that the struct `of` has no field for.
pub fn property(of: &'static str, name: &str) {
    let is_same = |note: &Drift| match note {
        Drift::Property {
            of: known,
            name: same,
        } => *known == of && **same == *name,
        _ => false,
    };
    note(&is_same, &|| Drift::Property {
        of,
        name: name.into(),
    });
}

/// Notes a text that the enum `T` has no variant for.
pub fn value<T>(text: &str) {
    value_of(std::any::type_name::<T>(), text);
}

fn value_of(path: &'static str, text: &str) {
    let of = name_in(path);
    let is_same = |note: &Drift| matches!(note, Drift::Value { of: known, .. } if *known == of);
    note(&is_same, &|| Drift::Value {
        of,
        text: text.into(),
    });
}

/// Notes a value that fits no variant of the union `T`.
pub fn variant<T>() {
    variant_of(std::any::type_name::<T>());
}

fn variant_of(path: &'static str) {
    let of = name_in(path);
    let is_same = |note: &Drift| matches!(note, Drift::Variant { of: known } if *known == of);
    note(&is_same, &|| Drift::Variant { of });
}

fn note(is_same: &dyn Fn(&Drift) -> bool, make: &dyn Fn() -> Drift) {
    NOTES.with(|notes| {
        if let Some(notes) = &mut *notes.borrow_mut()
            && notes.len() < MAX_NOTES
            && !notes.iter().any(is_same)
        {
            notes.push(make());
        }
    });
}

/// Returns the name of a type, whose path is given, without the path.
fn name_in(path: &'static str) -> &'static str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Returns the result of `decode`, with what it noted.
pub fn watch<T>(decode: impl FnOnce() -> T) -> (T, Vec<Drift>) {
    let before = NOTES.with(|notes| notes.replace(Some(Vec::new())));
    let result = decode();
    let noted = NOTES.with(|notes| notes.replace(before));
    (result, noted.unwrap_or_default())
}

/// Returns the result of `decode`, with what it noted. The value around does not count these notes,
/// unless they are passed to [`add`].
pub fn attempt<T>(decode: impl FnOnce() -> T) -> (T, Vec<Drift>) {
    let is_watched = NOTES.with(|notes| notes.borrow().is_some());
    match is_watched {
        true => watch(decode),
        false => (decode(), Vec::new()),
    }
}

/// Adds notes to those of the value around.
pub fn add(noted: Vec<Drift>) {
    for one in noted {
        note(&|other| *other == one, &|| one.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_kept_once_while_watched() {
        property("Cat", "colour");
        let ((), noted) = watch(|| {
            for _ in 0..2 {
                property("Cat", "colour");
                value::<Option<u8>>("a");
                value::<Option<u8>>("b");
            }
            let ((), dropped) = attempt(|| property("Dog", "size"));
            assert_eq!(dropped.len(), 1);
            let ((), kept) = attempt(|| property("Cat", "age"));
            add(kept);
        });
        let name = |of: &'static str, name: &str| Drift::Property {
            of,
            name: name.into(),
        };
        assert_eq!(noted.len(), 3);
        assert!(noted.contains(&name("Cat", "colour")) && noted.contains(&name("Cat", "age")));
    }

    #[test]
    fn notes_of_one_value_are_limited() {
        let ((), noted) = watch(|| {
            for number in 0..1000 {
                property("Cat", &number.to_string());
            }
        });
        assert_eq!(noted.len(), MAX_NOTES);
    }
}
