//! Properties of JSON objects.

use serde_json::Value;

/// Returns a property of an object. Comparators ask schemas for some fifty keywords, of which most
/// are absent: for small objects a linear search is faster than hashing.
pub fn member<'d>(value: &'d Value, key: &str) -> Option<&'d Value> {
    const FEW: usize = 8;
    let object = value.as_object()?;
    if object.len() > FEW {
        return object.get(key);
    }
    object
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(_, value)| value)
}
