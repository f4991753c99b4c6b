//! The module `types`, which is printed in parts.

use std::collections::BTreeMap;

use syn::{ItemMod, parse_quote};

use crate::print::{Code, Printer};
use crate::refine::{Definition, builder_module};

/// Types by name, printed.
#[derive(Default)]
pub(crate) struct Types(BTreeMap<String, Printed>);

struct Printed {
    definition: Code,
    builder: Code,
}

impl Types {
    pub(crate) fn of(definitions: Vec<Definition>, runtime: &syn::Path) -> Self {
        let mut types = Printer::default();
        types.enter(module());
        types.take();
        let mut builders = Printer::default();
        builders.enter(module());
        builders.enter(builder_module(runtime));
        builders.take();
        let print = |definition: Definition| {
            types.item(definition.item);
            for item in definition.implementations {
                types.item(item);
            }
            if let Some(builder) = definition.builder {
                builders.item(builder);
            }
            let printed = Printed {
                definition: types.take(),
                builder: builders.take(),
            };
            (definition.name, printed)
        };
        Self(definitions.into_iter().map(print).collect())
    }

    pub(crate) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    pub(crate) fn print(self, printer: &mut Printer, runtime: &syn::Path) {
        printer.enter(module());
        let mut builders = Vec::new();
        for printed in self.0.into_values() {
            printer.append(printed.definition);
            builders.push(printed.builder);
        }
        builders.retain(|builder| !builder.source.is_empty());
        if !builders.is_empty() {
            printer.enter(builder_module(runtime));
            for builder in builders {
                printer.append(builder);
            }
            printer.leave();
        }
        printer.leave();
    }
}

fn module() -> ItemMod {
    parse_quote! {
        /// Types of request and reply bodies and of parameters.
        #[allow(clippy::all, missing_docs, nonstandard_style, rustdoc::all)]
        pub mod types {}
    }
}
