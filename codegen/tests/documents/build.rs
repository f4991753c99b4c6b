//! Generates each document of this folder into a module of its own, and lists what there is to
//! exercise.

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
    let source = format!(
        "/// The documents, by the names of their files.
         pub const DOCUMENTS: &[Document] = &[{list}];
         {modules}"
    );
    fs::write(out.join("documents.rs"), source)?;
    Ok(())
}

/// The module of one document. Its client is a type of its own, so that its tags may be those of
/// another.
fn module(name: &str, out: &Path, modules: &mut String) -> Result<(), Box<dyn Error>> {
    let document = read(&fs::read_to_string(format!("{name}.yaml"))?)?;
    let output = generate(&document, None, &Settings::default())?;
    output.write_to(&out.join(name))?;
    fs::write(
        out.join(format!("{name}.ledger.txt")),
        output.ledger.to_string(),
    )?;
    *modules += &format!(
        "#[deny(warnings)]
         pub mod {name} {{
            impl Client {{
                /// Makes a client of the runtime the client of this document.
                pub fn of(client: ::neo_client_runtime::Client) -> Self {{ Self(client) }}
            }}
            impl ::std::convert::From<crate::Client> for Client {{
                fn from(client: crate::Client) -> Self {{ Self(client.0) }}
            }}
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
            format!("super::Type {{ name: {name:?}, pointer: {pointer:?}, round_trip: super::round_trip::<types::{name}>, debug: super::debug::<types::{name}> }},")
        })
        .collect()
}
