//! The `ETag` of the document that we have, so that a server need not send it again.
//!
//! It is kept under `target/`, and holds only for the very file that it was given with.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::fetch::Source;
use crate::project::{self, Project};

pub struct Seen;

impl Seen {
    /// The tag under which a server knows the present document.
    pub fn read(project: &Project, source: &Source, present: &str) -> Option<String> {
        let text = fs::read_to_string(path(project)).ok()?;
        let seen: Value = serde_json::from_str(&text).ok()?;
        let field = |name: &str| seen.get(name).and_then(Value::as_str);
        (field("source")? == source.name() && field("document")? == fingerprint(present))
            .then(|| field("etag").map(str::to_owned))?
    }

    /// Remembers the tag. Without it the next fetch is longer, and that is all.
    pub fn write(project: &Project, source: &Source, document: &str, etag: Option<&str>) {
        let path = path(project);
        let Some(etag) = etag else {
            let _ = fs::remove_file(path);
            return;
        };
        let seen = json!({
            "source": source.name(),
            "etag": etag,
            "document": fingerprint(document),
        });
        let kept = path
            .parent()
            .map(fs::create_dir_all)
            .map(|_| project::replace(&path, &seen.to_string()));
        if let Some(Err(error)) = kept {
            eprintln!("note: the ETag is not kept: {error}");
        }
    }
}

fn path(project: &Project) -> PathBuf {
    project.root().join("target").join("spec-etag.json")
}

/// Tells one document from another; an accident is what it guards against.
fn fingerprint(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{}-{hash:016x}", text.len())
}
