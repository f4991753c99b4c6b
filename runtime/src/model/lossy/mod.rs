//! Decodes as much of a value as fits its type, and tells what was lost.
//!
//! The deserializer of this module reads a JSON value and knows the location of each part. Its
//! errors say that the part can be left out, so that the readers of optional properties and of
//! lists go on behind the part. The errors of all other deserializers do not say so: the readers
//! return them, and unions choose a variant as strictly as ever.

mod failure;
mod key;
mod part;
#[cfg(test)]
mod tests;
#[cfg(feature = "chrono")]
mod time;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use failure::forgive;
use failure::{Failure, Losses};
pub use failure::{Lost, Misfit, Segment, shown};
use part::Part;

/// Decodes a value and leaves nothing out. Fails at the first part that does not fit.
pub fn strictly<T: DeserializeOwned>(value: &Value) -> Result<T, Misfit> {
    T::deserialize(Part::whole(value, &Losses::strict())).map_err(Failure::misfit)
}

/// Decodes a value without the parts that do not fit. Returns `None` if a required part does not
/// fit.
pub fn decode<T: DeserializeOwned>(value: &Value) -> Option<(T, Vec<Lost>)> {
    let losses = Losses::default();
    let decoded = T::deserialize(Part::whole(value, &losses)).ok()?;
    Some((decoded, losses.take()))
}

/// Decodes a list without the items that do not fit.
pub fn decode_items<T: DeserializeOwned>(items: &[Value]) -> Option<(T, Vec<Lost>)> {
    let losses = Losses::default();
    let mut fitting = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match part::read_item::<T>(item, index, &losses) {
            Ok(_) => fitting.push(item.clone()),
            Err(failure) => forgive(failure).ok()?,
        }
    }
    // The losses within an item were noted above.
    let whole = Value::Array(fitting);
    let decoded = T::deserialize(Part::whole(&whole, &Losses::default())).ok()?;
    Some((decoded, losses.take()))
}
