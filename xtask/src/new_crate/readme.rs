//! README.md of a new crate, which is also its crate documentation.

use neo_client_codegen::Output;
use neo_client_codegen::openapi::security::{Scheme, SchemeKind, requirements, schemes};
use serde_json::Value;

use crate::new_crate::call_example::CallExample;
use crate::new_crate::identity::{CrateIdentity, plain_line};

/// Returns the text of README.md.
pub fn readme(identity: &CrateIdentity, document: &Value, output: &Output) -> String {
    let CrateIdentity {
        name,
        title,
        api_version,
        ..
    } = identity;
    let schemes = schemes(document);
    let mut text = format!(
        "# {name}\n\n\
         A Rust client for {title} {api_version}, generated from its OpenAPI document.\n\n"
    );
    text += &example(identity, document, &setters(&schemes, output), output);
    text += &match &output.default_server {
        Some(url) => {
            format!("Requests go to `{url}`; `ClientBuilder::base_url` sets another server.\n")
        }
        None => match &output.server_path {
            Some(path) => format!(
                "The document names the server `{path}` without a host: set the host with \
                 `ClientBuilder::base_url`, and the path follows.\n"
            ),
            None => {
                "The document names no server: set one with `ClientBuilder::base_url`.\n".to_owned()
            }
        },
    };
    text += "\n## Authentication\n\n";
    text += &authentication(&setters(&schemes, output));
    let coverage = output.coverage;
    text += &format!(
        "\n## Coverage\n\n\
         The client calls {} of {} operations; `OPERATIONS` lists them. `public-api.txt` lists every public \
         item.\n`ledger.txt` lists every part of `openapi.json` that the types do not express.\n",
        coverage.generated, coverage.operations,
    );
    text
}

/// Returns an example that compiles: a client with credentials, and one call.
fn example(
    identity: &CrateIdentity,
    document: &Value,
    setters: &[Setter<'_>],
    output: &Output,
) -> String {
    let call = CallExample::of(output);
    let operation = call.operation.as_ref();
    let own = operation.and_then(|pointer| document.pointer(pointer)?.get("security"));
    let alternatives = requirements(document, own);
    let required = alternatives.first().map_or(&[][..], Vec::as_slice);
    let credentials: String = setters
        .iter()
        .filter(|setter| required.contains(&setter.scheme.name))
        .map(|setter| format!(".{}", setter.call))
        .collect();
    let base_url = match &output.default_server {
        Some(_) => "",
        None => ".base_url(\"https://api.example.com\")",
    };
    let import = match call.operation {
        Some(_) => "",
        None => "Method, ",
    };
    format!(
        "```rust,no_run\n\
         use {identifier}::{{{import}Client, Error}};\n\n\
         #[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), Error> {{\n    \
             let client = Client::builder(){base_url}{credentials}.build()?;\n    \
             let response = {code};\n    \
             println!(\"{{response:?}}\");\n    \
             Ok(())\n\
         }}\n\
         ```\n\n",
        code = call.code,
        identifier = identity.identifier(),
    )
}

/// A builder setter for the credential of a security scheme.
struct Setter<'d> {
    scheme: Scheme<'d>,
    /// The call, with a placeholder for the credential.
    call: String,
}

/// Returns the setters of the schemes that the client can send, in the order of the document.
fn setters<'d>(schemes: &[Scheme<'d>], output: &Output) -> Vec<Setter<'d>> {
    schemes
        .iter()
        .filter_map(|scheme| {
            let name = output.setters.get(scheme.name)?;
            let arguments = match scheme.kind {
                SchemeKind::Http(kind) if kind.eq_ignore_ascii_case("basic") => {
                    "\"user\", \"password\""
                }
                _ => "\"secret\"",
            };
            Some(Setter {
                scheme: scheme.clone(),
                call: format!("{name}({arguments})"),
            })
        })
        .collect()
}

/// Lists the security schemes with their setters.
fn authentication(setters: &[Setter<'_>]) -> String {
    if setters.is_empty() {
        return "The document describes no credentials that the client can send.\n".to_owned();
    }
    let mut text = "`ClientBuilder` has a setter for each security scheme. Each call sends the \
                    credentials that its\noperation requires.\n\n\
                    | scheme | setter | sent as |\n|---|---|---|\n"
        .to_owned();
    for Setter { scheme, call } in setters {
        let sent_as = match scheme.kind {
            SchemeKind::Header(name) => format!("header `{}`", plain_line(name)),
            SchemeKind::Query(name) => format!("query parameter `{}`", plain_line(name)),
            SchemeKind::Cookie(name) => format!("cookie `{}`", plain_line(name)),
            SchemeKind::Http(kind) => {
                format!("`Authorization: {}`", capitalized(&plain_line(kind)))
            }
            SchemeKind::OAuth2 | SchemeKind::OpenIdConnect => "`Authorization: Bearer`".to_owned(),
            _ => "client certificate".to_owned(),
        };
        text += &format!("| {} | `{call}` | {sent_as} |\n", plain_line(scheme.name));
    }
    text
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
