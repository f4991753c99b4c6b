//! Serializes generated structs.
//!
//! A chain of calls keeps the first error, so that the compiler checks no branch for each field.
//! serde's derive took several times as long to compile, and is a crate of its own.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// Begins a struct with this number of properties.
pub fn object<S: Serializer>(
    serializer: S,
    name: &'static str,
    properties: usize,
) -> StructWriter<S> {
    StructWriter(serializer.serialize_struct(name, properties))
}

/// Begins a struct that keeps additional properties. Their number is unknown.
pub fn map<S: Serializer>(serializer: S) -> MapWriter<S> {
    MapWriter(serializer.serialize_map(None))
}

/// Returns the number of properties: the required ones, and those of the optional ones that are
/// present.
#[must_use]
pub fn count(required: usize, optional: &[bool]) -> usize {
    required + optional.iter().filter(|is_present| **is_present).count()
}

/// Writes a struct property by property, up to the first error.
pub struct StructWriter<S: Serializer>(Result<S::SerializeStruct, S::Error>);

impl<S: Serializer> StructWriter<S> {
    /// Writes a property.
    #[must_use]
    pub fn required<T: Serialize>(mut self, name: &'static str, value: &T) -> Self {
        if let Ok(to) = &mut self.0
            && let Err(error) = to.serialize_field(name, value)
        {
            self.0 = Err(error);
        }
        self
    }

    /// Writes a property that has a value.
    #[must_use]
    pub fn optional<T: Serialize>(self, name: &'static str, value: &Option<T>) -> Self {
        self.unless(value.is_none(), name, value)
    }

    /// Writes a property, unless it is absent.
    #[must_use]
    pub fn unless<T: Serialize>(mut self, is_absent: bool, name: &'static str, value: &T) -> Self {
        if !is_absent {
            return self.required(name, value);
        }
        if let Ok(to) = &mut self.0
            && let Err(error) = to.skip_field(name)
        {
            self.0 = Err(error);
        }
        self
    }

    /// Ends the struct.
    ///
    /// # Errors
    ///
    /// Returns the first error of the serializer.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}

/// Writes a struct that keeps additional properties, as a map.
pub struct MapWriter<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> MapWriter<S> {
    /// Writes a property.
    #[must_use]
    pub fn required<T: Serialize>(self, name: &'static str, value: &T) -> Self {
        self.entry(name, value)
    }

    /// Writes a property that has a value.
    #[must_use]
    pub fn optional<T: Serialize>(self, name: &'static str, value: &Option<T>) -> Self {
        self.unless(value.is_none(), name, value)
    }

    /// Writes a property, unless it is absent.
    #[must_use]
    pub fn unless<T: Serialize>(self, is_absent: bool, name: &'static str, value: &T) -> Self {
        match is_absent {
            true => self,
            false => self.entry(name, value),
        }
    }

    /// Writes the additional properties.
    #[must_use]
    pub fn flatten<'a, K, V>(self, properties: impl IntoIterator<Item = (&'a K, &'a V)>) -> Self
    where
        K: Serialize + 'a,
        V: Serialize + 'a,
    {
        let properties = properties.into_iter();
        properties.fold(self, |map, (name, value)| map.entry(name, value))
    }

    fn entry<K: Serialize + ?Sized, V: Serialize>(mut self, name: &K, value: &V) -> Self {
        if let Ok(to) = &mut self.0
            && let Err(error) = to.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
        self
    }

    /// Ends the struct.
    ///
    /// # Errors
    ///
    /// Returns the first error of the serializer.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}

#[cfg(test)]
mod tests;
