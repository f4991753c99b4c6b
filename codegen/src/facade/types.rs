//! The module `types`, which is printed in parts.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Item, parse_quote};

use super::tag_features::{Mentions, any_of};
use crate::names::Taken;
use crate::print::{Code, Files};
use crate::refine::Definition;
use crate::runtime_features::{Mentioned, RuntimeFeatures};

/// Types by name, printed.
#[derive(Default)]
pub(crate) struct Types(BTreeMap<String, Printed>);

struct Printed {
    /// The code of each item.
    definition: Vec<Code>,
    builder: Vec<Code>,
    deserialize: Vec<Code>,
    serialize: Vec<Code>,
    /// The items that the code mentions.
    mentioned: Mentioned,
}

impl Types {
    /// Prints types. `names` holds the names of all types.
    pub(crate) fn of(definitions: Vec<Definition>, names: &Taken) -> Self {
        let print = |definition: Definition| {
            let mut mentioned = Mentioned::default();
            let mut code = |item: Item, is_public: bool| {
                mentioned.add(item.to_token_stream());
                let mut code = Code::default();
                match is_public {
                    true => {
                        code = Code::beside(names);
                        code.public("types::", item);
                    }
                    false => code.private(item),
                }
                code
            };
            let items = [definition.item].into_iter();
            let items = items.chain(definition.implementations);
            let builder = definition.builder.into_iter();
            let deserialize = definition.deserialize.into_iter();
            let serialize = definition.serialize.into_iter();
            let printed = Printed {
                definition: items.map(|item| code(item, true)).collect(),
                builder: builder.map(|item| code(item, true)).collect(),
                deserialize: deserialize.map(|item| code(item, false)).collect(),
                serialize: serialize.map(|item| code(item, false)).collect(),
                mentioned,
            };
            (definition.name, printed)
        };
        Self(definitions.into_iter().map(print).collect())
    }

    pub(crate) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Prints the files, and returns the features of the runtime that the whole code needs.
    /// `features` says which tags mention which types; without tags, every type is always compiled.
    /// The builders of types that no request holds are compiled with the feature
    /// `response_builders`, or always.
    pub(crate) fn print(
        self,
        names: &Taken,
        import: &syn::Item,
        features: &Mentions,
        response_builders: Option<&str>,
    ) -> (Files, RuntimeFeatures) {
        let mentioned_by = self.0.iter();
        let mentioned_by = mentioned_by.map(|(name, of)| (name.as_str(), &of.mentioned));
        let mentioned_by = mentioned_by.collect();
        let needs = features.needs(&mentioned_by);
        let sent = features.sent(&mentioned_by);
        let runtime_features = features.runtime_features(&mentioned_by);
        let of_responses = response_builders.map(|feature| any_of(vec![feature]));
        let mut types = Code::beside(names);
        types.private(import.clone());
        types.private(parse_quote! {
            #[allow(unused_imports)]
            use runtime::{error, scalar, setter};
        });
        if !names.contains("Display") {
            types.private(parse_quote! {
                #[allow(unused_imports)]
                use ::std::fmt::Display;
            });
        }
        let implementations = |uses: [Item; 2]| {
            let mut code = Code::default();
            code.private(import.clone());
            for item in uses {
                code.private(item);
            }
            code.private(parse_quote! {
                #[allow(unused_imports)]
                use super::types;
            });
            code
        };
        let mut deserialize = implementations([
            parse_quote! { #[allow(unused_imports)] use runtime::deserialize; },
            parse_quote! {
                #[allow(unused_imports)]
                use runtime::serde::de::{Deserialize, Deserializer, MapAccess};
            },
        ]);
        let mut serialize = implementations([
            parse_quote! { #[allow(unused_imports)] use runtime::serialize; },
            parse_quote! {
                #[allow(unused_imports)]
                use runtime::serde::ser::{Serialize, Serializer};
            },
        ]);
        let condition = |(name, printed): (&String, &Printed)| {
            features.condition(&printed.mentioned, needs.get(name), &mentioned_by)
        };
        let conditions: Vec<_> = self.0.iter().map(condition).collect();
        for ((name, printed), condition) in self.0.into_iter().zip(conditions) {
            for code in printed.definition {
                types.append(code.under(condition.as_ref()));
            }
            let of_responses = of_responses.as_ref().filter(|_| !sent.contains(&name));
            for code in printed.builder {
                types.append(code.under(of_responses).under(condition.as_ref()));
            }
            for code in printed.deserialize {
                deserialize.append(code.under(condition.as_ref()));
            }
            for code in printed.serialize {
                serialize.append(code.under(condition.as_ref()));
            }
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
        files.add("serialize.rs", "How the types are serialized.", serialize);
        (files, runtime_features)
    }
}
