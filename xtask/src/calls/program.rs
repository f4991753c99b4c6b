//! A program that calls each operation of a generated client once.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use neo_client_codegen::{Output, Settings, generate};
use serde_json::Value;

use crate::new_crate::identity::CrateIdentity;
use crate::new_crate::package::Package;
use crate::new_crate::runtime::RuntimeDependency;
use crate::result::Result;

/// The program around the calls.
const MAIN: &str = include_str!("main.rs.txt");

/// The values that the credentials of the program consist of.
pub const CREDENTIAL: &str = "credential-of-a-call";

/// The compiled program.
pub struct Program {
    program: PathBuf,
    /// The security schemes of which the program has a credential.
    pub schemes: Vec<String>,
}

/// The output of the program: the operations without a call, and the problem of each call.
pub struct Said {
    pub without_call: usize,
    /// The problem of each call, by the name of the method.
    pub calls: BTreeMap<String, String>,
}

impl Program {
    /// Writes and compiles the client of a document, with a program that calls it.
    pub fn build(document: &Value, folder: &Path, target: &Path) -> Result<Self> {
        let identity = CrateIdentity::of(document);
        let (name, path) = (identity.name.clone(), identity.identifier());
        let settings = Settings::default().crate_path(path.clone());
        let output = generate(document, None, &settings)?;
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        let package = Package::new(identity, document, &output, &RuntimeDependency::here())?;
        package.write(folder)?;
        let examples = folder.join("examples");
        fs::create_dir_all(&examples)?;
        let credentials = credentials(&output);
        let statements: String = credentials
            .iter()
            .map(|(scheme, call)| {
                format!("if wants({scheme:?}) {{ builder = builder.{call}; }}\n        ")
            })
            .collect();
        let main = MAIN
            .replace("CRATE", &path)
            .replace("// CREDENTIALS", &statements);
        fs::write(examples.join("calls.rs"), main)?;
        let calls = output.calls.unwrap_or_default();
        fs::write(examples.join("calls.rs.txt"), calls)?;
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--no-default-features"])
            .args(["--example", "calls"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", std::path::absolute(target)?)
            .stdin(Stdio::null())
            .status()?;
        if !status.success() {
            return Err(format!("{}: {name} does not compile", folder.display()).into());
        }
        let program = target.join("debug").join("examples").join("calls");
        let schemes = credentials.into_iter().map(|(scheme, _)| scheme).collect();
        Ok(Self { program, schemes })
    }

    /// Makes each call to a server, with the credential of one scheme or of all.
    pub fn run(&self, url: &str, scheme: Option<&str>) -> Result<Said> {
        let output = Command::new(&self.program)
            .arg(url)
            .args(scheme)
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(format!("the program failed: {}", text.trim()).into());
        }
        let mut said = Said {
            without_call: 0,
            calls: BTreeMap::new(),
        };
        for line in String::from_utf8(output.stdout)?.lines() {
            match line.split_once(' ') {
                Some(("WITHOUT", count)) => said.without_call = count.parse()?,
                Some(("CALL", call)) => {
                    let (name, problem) = call.split_once(' ').unwrap_or((call, ""));
                    said.calls.insert(name.to_owned(), problem.to_owned());
                }
                _ => {}
            }
        }
        Ok(said)
    }
}

/// Returns the security schemes, each with the call that gives a builder its credential.
fn credentials(output: &Output) -> Vec<(String, String)> {
    let table = output
        .files
        .get("mod.rs")
        .map(String::as_str)
        .unwrap_or_default();
    let mut credentials = Vec::new();
    for scheme in table.split("SecurityScheme::new(").skip(1) {
        let mut texts = scheme.split('"').skip(1).step_by(2);
        let (Some(name), Some(setter)) = (texts.next(), texts.next()) else {
            continue;
        };
        let kind = scheme
            .split_once("SecuritySchemeKind::")
            .unwrap_or_default()
            .1;
        let arguments = match kind {
            basic if basic.starts_with("Basic") => format!("{CREDENTIAL:?}, {CREDENTIAL:?}"),
            // Sent by the connection.
            tls if tls.starts_with("MutualTls") => continue,
            _ => format!("{CREDENTIAL:?}"),
        };
        credentials.push((name.to_owned(), format!("{setter}({arguments})")));
    }
    credentials
}
