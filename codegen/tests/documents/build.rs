//! Generates each document of this folder into a module of its own, and lists what there is to exercise.

use std::{env, error::Error, fs, path::Path};

use neo_client_codegen::{Output, Settings, generate, read};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=.");
    let mut names = Vec::new();
    for entry in fs::read_dir(".")? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            names.extend(
                path.file_stem()
                    .and_then(|name| name.to_str())
                    .map(str::to_owned),
            );
        }
    }
    names.sort();
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let mut modules = String::new();
    for name in &names {
        module(name, out, &mut modules).map_err(|error| format!("{name}.yaml: {error}"))?;
    }
    let list: String = names
        .iter()
        .map(|name| format!("{name}::DOCUMENT,"))
        .collect();
    // In the place of what the layer's own document gives: it has no operation.
    let source = format!(
        "pub const OPERATIONS: &[crate::Operation] = &[];
         pub mod api {{}}
         /// The documents, by the names of their files.
         pub mod types {{
            /// A document, and what can be done with it.
            pub struct Document {{
                pub name: &'static str,
                pub json: &'static str,
                /// The ledger's lines about operations that are missing.
                pub left_out: &'static [&'static str],
                /// All lines of the ledger.
                pub ledger: &'static str,
                pub types: &'static [Type],
            }}
            /// A type that was generated.
            pub struct Type {{
                pub name: &'static str,
                /// Where its schema stands.
                pub pointer: &'static str,
                /// Decodes a value and encodes it again.
                pub round_trip: fn(&::serde_json::Value) -> ::std::result::Result<::serde_json::Value, ::std::string::String>,
            }}
            fn round_trip<T: ::serde::Serialize + ::serde::de::DeserializeOwned>(
                value: &::serde_json::Value,
            ) -> ::std::result::Result<::serde_json::Value, ::std::string::String> {{
                let typed: T = ::serde_path_to_error::deserialize(value).map_err(|error| error.to_string())?;
                ::serde_json::to_value(&typed).map_err(|error| error.to_string())
            }}
            pub const DOCUMENTS: &[Document] = &[{list}];
            {modules}
         }}"
    );
    let root = out.join("generated");
    fs::create_dir_all(&root)?;
    fs::write(root.join("mod.rs"), source)?;
    Ok(())
}

/// The module of one document. Its client is a type of its own, so that its tags may be those of another.
fn module(name: &str, out: &Path, modules: &mut String) -> Result<(), Box<dyn Error>> {
    let document = read(&fs::read_to_string(format!("{name}.yaml"))?)?;
    let runtime = format!("crate::generated::types::{name}::runtime");
    let output = generate(&document, None, &Settings::default().runtime(runtime))?;
    output.write_to(&out.join(name))?;
    fs::write(
        out.join(format!("{name}.ledger.txt")),
        output.ledger.to_string(),
    )?;
    *modules += &format!(
        "#[deny(warnings)]
         pub mod {name} {{
            mod runtime {{
                #![allow(unused_imports)]
                pub(crate) use crate::runtime::*;
                /// Calls the operations of this document.
                #[derive(Debug, Clone)]
                pub struct Client(crate::Client);
                impl ::std::ops::Deref for Client {{
                    type Target = crate::Client;
                    fn deref(&self) -> &crate::Client {{ &self.0 }}
                }}
                impl ::std::convert::From<crate::Client> for Client {{
                    fn from(client: crate::Client) -> Self {{ Self(client) }}
                }}
            }}
            pub use runtime::Client;
            include!({:?});
            pub(super) const DOCUMENT: super::Document = super::Document {{
                name: {name:?},
                json: {:?},
                left_out: &{:?},
                ledger: {:?},
                types: &[{}],
            }};
         }}",
        out.join(name).join("mod.rs"),
        document.to_string(),
        output
            .ledger
            .left_out()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        output.ledger.to_string(),
        exercised(&document, &output),
    );
    Ok(())
}

/// The types whose schemas stand in the document.
fn exercised(document: &Value, output: &Output) -> String {
    output
        .types
        .iter()
        .filter(|(_, pointer)| document.pointer(pointer).is_some())
        .map(|(name, pointer)| {
            format!("super::Type {{ name: {name:?}, pointer: {pointer:?}, round_trip: super::round_trip::<types::{name}> }},")
        })
        .collect()
}
