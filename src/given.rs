//! Values as setters take them: converted at once, complained about when the whole is made.

use std::fmt::Display;

/// What a setter was given, if it was called: the value, or why it could not be converted.
pub(crate) type Given<T> = Option<Result<T, String>>;

pub(crate) fn value<T>(value: impl TryInto<T, Error: Display>) -> Given<T> {
    Some(value.try_into().map_err(|problem| problem.to_string()))
}

pub(crate) fn list<T>(
    values: impl IntoIterator<Item: TryInto<T, Error: Display>>,
) -> Given<Vec<T>> {
    let convert = |(index, value): (usize, _)| {
        TryInto::try_into(value).map_err(|problem| format!("element {index}: {problem}"))
    };
    Some(values.into_iter().enumerate().map(convert).collect())
}

pub(crate) fn map<M, K, T>(
    entries: impl IntoIterator<Item = (impl Into<K>, impl TryInto<T, Error: Display>)>,
) -> Given<M>
where
    M: FromIterator<(K, T)>,
    K: Display,
{
    let convert = |(key, value)| {
        let key: K = Into::into(key);
        match TryInto::try_into(value) {
            Ok(value) => Ok((key, value)),
            Err(problem) => Err(format!("entry `{key}`: {problem}")),
        }
    };
    Some(entries.into_iter().map(convert).collect())
}

/// The value, or `None` if the setter was not called.
pub(crate) fn optional<T>(name: &str, given: Given<T>) -> Result<Option<T>, String> {
    match given {
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(problem)) => Err(format!("{name}: {problem}")),
        None => Ok(None),
    }
}

/// The value, or an error that names what is missing.
pub(crate) fn required<T>(name: &str, given: Given<T>) -> Result<T, String> {
    optional(name, given)?.ok_or_else(|| format!("{name} is required"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_does_not_convert_is_named() {
        assert_eq!(optional("limit", value::<u8>(7)), Ok(Some(7)));
        assert_eq!(optional::<u8>("limit", None), Ok(None));
        assert_eq!(
            optional("limit", value::<u8>(700)).unwrap_err(),
            "limit: out of range integral type conversion attempted"
        );
        assert_eq!(
            required("ids", list::<u8>([1, 700])).unwrap_err(),
            "ids: element 1: out of range integral type conversion attempted"
        );
        assert_eq!(
            required("ages", map::<BTreeMap<String, u8>, _, _>([("tom", -1)])).unwrap_err(),
            "ages: entry `tom`: out of range integral type conversion attempted"
        );
        assert_eq!(required::<u8>("id", None).unwrap_err(), "id is required");
    }
}
