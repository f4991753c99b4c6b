//! Reads lists and maps item by item.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::doubt;
use super::lossy::forgive;

/// The memory that is reserved for a list before its items arrive, in items. The sender states the
/// number.
const MOST_RESERVED: usize = 1024;

/// A list or a map, or an optional one. The default is the value that `null` is read as.
pub trait Collection<'de>: Default {
    /// Reads a value other than `null`.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Returns the value that `null` is read as.
    fn of_null() -> Self {
        doubt::repaired();
        Self::default()
    }
}

/// Reads a collection or `null`.
pub(super) struct Items<T>(pub(super) PhantomData<T>);

impl<'de, T: Collection<'de>> DeserializeSeed<'de> for Items<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Collection<'de>> Visitor<'de> for Items<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or a map")
    }

    fn visit_none<E>(self) -> Result<T, E> {
        Ok(T::of_null())
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::of_null())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

impl<'de, T: Collection<'de>> Collection<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Some)
    }

    fn of_null() -> Self {
        None
    }
}

impl<'de, T: Deserialize<'de>> Collection<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let expected = items.size_hint().unwrap_or_default();
                let mut list = Vec::with_capacity(expected.min(MOST_RESERVED));
                loop {
                    match items.next_element() {
                        Ok(Some(item)) => list.push(item),
                        Ok(None) => return Ok(list),
                        Err(error) => forgive(error)?,
                    }
                }
            }
        }

        deserializer.deserialize_seq(List(PhantomData))
    }
}

/// Reads a map entry by entry.
struct Entries<M, K, V>(PhantomData<(M, K, V)>);

impl<'de, K, V, M> Visitor<'de> for Entries<M, K, V>
where
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    M: Default + Extend<(K, V)>,
{
    type Value = M;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<M, A::Error> {
        let mut map = M::default();
        while let Some(name) = entries.next_key::<K>()? {
            match entries.next_value() {
                Ok(value) => map.extend([(name, value)]),
                Err(error) => forgive(error)?,
            }
        }
        Ok(map)
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Collection<'de> for BTreeMap<K, V> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries::<Self, K, V>(PhantomData))
    }
}

impl<'de> Collection<'de> for Map<String, Value> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}
