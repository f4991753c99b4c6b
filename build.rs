//! Generates the client from `openapi.json` and `overlay.json` into `$OUT_DIR/generated`.

use std::{env, error::Error, fs, path::Path};

use neo_client_codegen::{Settings, generate, read};

fn main() -> Result<(), Box<dyn Error>> {
    let load = |file: &str| {
        println!("cargo::rerun-if-changed={file}");
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        read(&text).map_err(|error| format!("{file}: {error}"))
    };
    let (document, overlay) = (load("openapi.json")?, load("overlay.json")?);
    let settings = Settings::default()
        .crate_path("neo_client")
        .tag_features(true)
        .response_builders("mock")
        .credential_hint("set `NEO_API_KEY` or `NEO_BEARER_TOKEN` and use `Client::from_env`, or ");
    let output = generate(&document, Some(&overlay), &settings)?;
    for entry in output.ledger.left_out() {
        println!("cargo::warning={entry}");
    }

    let out = env::var("OUT_DIR")?;
    let write = |file: &str, text: &str| fs::write(Path::new(&out).join(file), text);
    output.write_to(&Path::new(&out).join("generated"))?;
    write("calls.rs", output.calls.as_deref().unwrap_or_default())?;
    write("ledger.txt", &output.ledger.to_string())?;
    write("public-api.txt", &(output.surface.join("\n") + "\n"))?;
    Ok(())
}
