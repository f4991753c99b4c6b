//! The module `types`, which is printed in parts.

use std::collections::BTreeMap;

use syn::parse_quote;

use crate::print::{Code, Files};
use crate::refine::{Definition, builder_uses};

/// Types by name, printed.
#[derive(Default)]
pub(crate) struct Types(BTreeMap<String, Printed>);

struct Printed {
    definition: Code,
    builder: Code,
}

impl Types {
    pub(crate) fn of(definitions: Vec<Definition>) -> Self {
        let print = |definition: Definition| {
            let mut types = Code::default();
            types.public("types::", definition.item);
            for item in definition.implementations {
                types.public("types::", item);
            }
            let mut builder = Code::default();
            if let Some(item) = definition.builder {
                builder.public("types::builder::", item);
            }
            let printed = Printed {
                definition: types,
                builder,
            };
            (definition.name, printed)
        };
        Self(definitions.into_iter().map(print).collect())
    }

    pub(crate) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    pub(crate) fn print(self, runtime: &syn::Path) -> Files {
        let mut types = Code::default();
        types.private(parse_quote! { pub mod builder; });
        let mut builders = Code::default();
        for item in builder_uses(runtime) {
            builders.private(item);
        }
        for printed in self.0.into_values() {
            types.append(printed.definition);
            builders.append(printed.builder);
        }
        let mut files = Files::default();
        files.add(
            "types.rs",
            "Types of request and response bodies and of parameters.",
            types,
        );
        files.add(
            "types/builder.rs",
            "Builders of the types with fields.",
            builders,
        );
        files
    }
}
