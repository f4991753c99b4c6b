//! The module `types`, which is printed in parts.

use std::collections::BTreeMap;

use syn::parse_quote;

use crate::names::Taken;
use crate::print::{Code, Files};
use crate::refine::Definition;

/// Types by name, printed.
#[derive(Default)]
pub(crate) struct Types(BTreeMap<String, Printed>);

struct Printed {
    definition: Code,
    deserialize: Code,
}

impl Types {
    /// Prints types. `names` holds the names of all types.
    pub(crate) fn of(definitions: Vec<Definition>, names: &Taken) -> Self {
        let print = |definition: Definition| {
            let mut types = Code::beside(names);
            types.public("types::", definition.item);
            for item in definition
                .implementations
                .into_iter()
                .chain(definition.builder)
            {
                types.public("types::", item);
            }
            let mut deserialize = Code::default();
            for item in definition.deserialize {
                deserialize.private(item);
            }
            let printed = Printed {
                definition: types,
                deserialize,
            };
            (definition.name, printed)
        };
        Self(definitions.into_iter().map(print).collect())
    }

    pub(crate) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    pub(crate) fn print(self, names: &Taken, import: &syn::Item) -> Files {
        let mut types = Code::beside(names);
        types.private(import.clone());
        types.private(parse_quote! {
            #[allow(unused_imports)]
            use runtime::{error, setter};
        });
        if !names.contains("Display") {
            types.private(parse_quote! {
                #[allow(unused_imports)]
                use ::std::fmt::Display;
            });
        }
        let mut deserialize = Code::default();
        deserialize.private(import.clone());
        deserialize.private(parse_quote! {
            #[allow(unused_imports)]
            use runtime::deserialize;
        });
        deserialize.private(parse_quote! {
            #[allow(unused_imports)]
            use runtime::serde::de::{Deserialize, Deserializer, MapAccess};
        });
        deserialize.private(parse_quote! {
            #[allow(unused_imports)]
            use super::types;
        });
        for printed in self.0.into_values() {
            types.append(printed.definition);
            deserialize.append(printed.deserialize);
        }
        let mut files = Files::default();
        files.add(
            "types.rs",
            "Types of request and response bodies and of parameters.",
            types,
        );
        files.add(
            "deserialize.rs",
            "How the types are deserialized.",
            deserialize,
        );
        files
    }
}
