//! Setter arguments for UUIDs.

use uuid::Uuid;

use super::Scalar;
use super::text::{Text, texts, values};
use crate::model::setter::{Given, Nullable, sealed::Seal};

impl Text for Uuid {
    fn read(text: &str) -> Result<Self, String> {
        Uuid::parse_str(text).map_err(|problem| problem.to_string())
    }
}

texts!(Uuid);
values!(Uuid);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scalar::{scalar, scalars};
    use crate::model::setter;

    #[test]
    fn id_is_a_value_a_reference_or_text() {
        let id = Uuid::from_u128(7);
        let (reference, text) = (&id, &id.to_string());
        for given in [scalar::<Uuid>(id), scalar(reference), scalar(text)] {
            assert_eq!(given, Some(Ok(id)));
        }
        assert!(scalar::<Uuid>("7").unwrap().is_err());
        assert_eq!(setter::nullable::<Uuid>(text.as_str()), Some(Ok(Some(id))));
        assert_eq!(scalars::<Uuid>([&id]), Some(Ok(vec![id])));
        let problem = scalars::<Uuid>(["7"]).unwrap().unwrap_err();
        assert!(problem.starts_with("element 0: "), "{problem}");
    }
}
