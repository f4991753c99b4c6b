//! Setter arguments. Conversion happens immediately; `build` reports errors.

use std::fmt::Display;

/// The argument of a setter, if the setter was called: the value, or the reason why the conversion
/// failed.
pub type Given<T> = Option<Result<T, String>>;

/// Converts the argument of a setter.
pub fn value<T>(value: impl TryInto<T, Error: Display>) -> Given<T> {
    Some(value.try_into().map_err(|problem| problem.to_string()))
}

/// Converts each element of the argument of a setter.
pub fn list<T>(values: impl IntoIterator<Item: TryInto<T, Error: Display>>) -> Given<Vec<T>> {
    let convert = |(index, value): (usize, _)| {
        TryInto::try_into(value).map_err(|problem| format!("element {index}: {problem}"))
    };
    Some(values.into_iter().enumerate().map(convert).collect())
}

/// Converts each entry of the argument of a setter.
pub fn map<M, K, T>(
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

/// Converts the argument of a setter of a nullable field.
pub fn nullable<T>(value: impl Nullable<T>) -> Given<Option<T>> {
    value.given(sealed::Seal)
}

/// The argument of a setter for a property that may be `null`: a value, or `None` for `null`.
///
/// Generated code implements the trait for `&str` and each enumeration.
///
/// ```
/// # use neo_client_runtime::Nullable;
/// fn take(name: impl Nullable<String>) {}
///
/// take("Tom");
/// take(Some("Tom".to_owned()));
/// take(None::<String>); // sends `null`
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be set where `{T}` or `null` is expected",
    label = "neither a `{T}` nor an `Option` of one",
    note = "the setter takes a value of the field's type, `Some` of one, or `None`, which sends `null`; \
            text may be a `&str`, and a list an array"
)]
pub trait Nullable<T> {
    /// Converts the value.
    #[doc(hidden)]
    fn given(self, _: sealed::Seal) -> Given<Option<T>>;
}

/// Seals [`Nullable`].
pub mod sealed {
    /// The argument of the trait's method, which users do not name.
    #[derive(Debug, Clone, Copy)]
    pub struct Seal;
}

impl<T> Nullable<T> for T {
    fn given(self, _: sealed::Seal) -> Given<Option<T>> {
        Some(Ok(Some(self)))
    }
}

impl<T> Nullable<T> for Option<T> {
    fn given(self, _: sealed::Seal) -> Given<Option<T>> {
        Some(Ok(self))
    }
}

impl<T> Nullable<Box<T>> for T {
    fn given(self, _: sealed::Seal) -> Given<Option<Box<T>>> {
        Some(Ok(Some(Box::new(self))))
    }
}

impl Nullable<String> for &str {
    fn given(self, _: sealed::Seal) -> Given<Option<String>> {
        Some(Ok(Some(self.into())))
    }
}

impl Nullable<String> for &String {
    fn given(self, _: sealed::Seal) -> Given<Option<String>> {
        Some(Ok(Some(self.clone())))
    }
}

impl<T, V: Into<T>, const N: usize> Nullable<Vec<T>> for [V; N] {
    fn given(self, _: sealed::Seal) -> Given<Option<Vec<T>>> {
        Some(Ok(Some(self.into_iter().map(Into::into).collect())))
    }
}

/// Returns the value, or `None` if the setter was not called.
pub fn optional<T>(name: &str, given: Given<T>) -> Result<Option<T>, String> {
    match given {
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(problem)) => Err(format!("{name}: {problem}")),
        None => Ok(None),
    }
}

/// Returns the value, or an error that names the missing field.
pub fn required<T>(name: &str, given: Given<T>) -> Result<T, String> {
    optional(name, given)?.ok_or_else(|| format!("{name} is required"))
}

/// Returns the value, or the default if the setter was not called.
pub fn or_default<T: Default>(name: &str, given: Given<T>) -> Result<T, String> {
    or(name, given, T::default)
}

/// Returns the value, or `other` if the setter was not called.
pub fn or<T>(name: &str, given: Given<T>, other: impl FnOnce() -> T) -> Result<T, String> {
    Ok(optional(name, given)?.unwrap_or_else(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn setter_takes_null_as_none() {
        let name = |given| optional::<Option<String>>("name", given).unwrap();
        assert_eq!(name(nullable("tom")), Some(Some("tom".to_owned())));
        assert_eq!(
            name(nullable("tom".to_owned())),
            Some(Some("tom".to_owned()))
        );
        assert_eq!(
            name(nullable(Some("tom".to_owned()))),
            Some(Some("tom".to_owned()))
        );
        let text = &"tom".to_owned();
        assert_eq!(name(nullable(text)), Some(Some("tom".to_owned())));
        assert_eq!(name(nullable(None)), Some(None));
        assert_eq!(name(None), None);
        let tags = |given| optional::<Option<Vec<String>>>("tags", given).unwrap();
        assert_eq!(tags(nullable(["a"])), Some(Some(vec!["a".to_owned()])));
        assert_eq!(tags(nullable(None)), Some(None));
        let boxed = |given| optional::<Option<Box<String>>>("boxed", given).unwrap();
        assert_eq!(
            boxed(nullable("a".to_owned())),
            Some(Some("a".to_owned().into()))
        );
        assert_eq!(boxed(nullable(None)), Some(None));
        let age = |given| optional::<Option<i64>>("age", given).unwrap();
        assert_eq!(age(nullable(7)), Some(Some(7)));
    }

    #[test]
    fn setter_error_names_the_field() {
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
