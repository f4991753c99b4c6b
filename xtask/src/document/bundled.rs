//! Documents whose references lead to other files beside them.

use std::path::{Component, Path};

use neo_client_codegen::openapi::bundle::bundle;
use serde_json::Value;

use crate::result::Result;
use crate::workspace;

/// The size limit of one file in bytes.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// Reads a document with the files to which its references lead. References that are not followed
/// are reported on stderr.
pub fn read(path: &Path) -> Result<Value> {
    Ok(with_files(path, workspace::read_json(path)?))
}

/// Returns a document of the file at `path` with the files to which its references lead.
///
/// Only files in the folder of the document are read, and no symbolic links: a document of
/// somebody else must not copy a private file into a crate. Nothing is fetched from the web.
pub fn with_files(path: &Path, document: Value) -> Value {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let bundle = bundle(document, &mut |file| load(folder, file));
    for problem in &bundle.problems {
        eprintln!("warning: {}: {problem}", path.display());
    }
    bundle.document
}

fn load(folder: &Path, file: &str) -> std::result::Result<Value, String> {
    let relative = Path::new(file);
    let mut path = folder.to_owned();
    for component in relative.components() {
        let Component::Normal(name) = component else {
            return Err("is outside of the folder of the document".to_owned());
        };
        path.push(name);
        let metadata = path.symlink_metadata().map_err(|error| error.to_string())?;
        if metadata.is_symlink() {
            return Err("is a symbolic link".to_owned());
        }
    }
    let metadata = path.symlink_metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() || metadata.len() > MAX_SIZE {
        return Err(format!("is no file of at most {MAX_SIZE} bytes"));
    }
    workspace::read_json(&path).map_err(|error| workspace::in_one_line(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    #[test]
    fn files_beside_the_document_are_read() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("api");
        fs::create_dir_all(folder.join("schemas")).unwrap();
        fs::write(outer.path().join("secret.json"), r#"{"canary": 1}"#).unwrap();
        fs::write(folder.join("schemas/user.yaml"), "type: object\n").unwrap();
        fs::write(folder.join("broken.yaml"), "a: [\n").unwrap();
        let path = folder.join("openapi.yaml");
        let references = [
            "schemas/user.yaml",
            "../secret.json",
            "broken.yaml",
            "schemas",
        ];
        let schemas: serde_json::Map<String, Value> = references
            .iter()
            .map(|reference| ((*reference).to_owned(), json!({ "$ref": reference })))
            .collect();
        let text = json!({ "components": { "schemas": schemas } }).to_string();
        fs::write(&path, text).unwrap();
        let schemas = read(&path).unwrap()["components"]["schemas"].clone();
        assert_eq!(schemas["user"], json!({ "type": "object" }));
        assert_eq!(schemas[references[0]]["$ref"], "#/components/schemas/user");
        for kept in &references[1..] {
            assert_eq!(schemas[kept]["$ref"], *kept);
        }
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_are_refused() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("api");
        fs::create_dir_all(&folder).unwrap();
        fs::write(outer.path().join("secret.json"), r#"{"canary": 1}"#).unwrap();
        std::os::unix::fs::symlink(outer.path().join("secret.json"), folder.join("a.json"))
            .unwrap();
        std::os::unix::fs::symlink(outer.path(), folder.join("up")).unwrap();
        for file in ["a.json", "up/secret.json"] {
            let error = load(&folder, file).unwrap_err();
            assert!(error.contains("symbolic link"), "{error}");
        }
    }
}
