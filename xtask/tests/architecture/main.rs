//! The structure of the workspace: imports between files form no cycle, and each layer of the
//! runtime imports only the layers below it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]

mod module_graph;

use std::fs;
use std::path::{Path, PathBuf};

use module_graph::ModuleGraph;

/// The layers of the runtime, lowest first. Folders of one layer do not import each other.
const LAYERS: &[&[&str]] = &[
    &["model", "text"],
    &["operation"],
    &["error"],
    &["auth"],
    &["client"],
    &["call"],
    &["response"],
    &["send"],
    &["request"],
    &["pages", "poll", "reconnect"],
    &["mock"],
    &["codegen", "invariants"],
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn layer(module: &[String]) -> usize {
    let folder = module.first().unwrap().as_str();
    let layer = LAYERS.iter().position(|layer| layer.contains(&folder));
    layer.unwrap_or_else(|| panic!("`{folder}` is in no layer"))
}

#[test]
fn imports_between_files_form_no_cycle() {
    for src in ["src", "runtime/src", "codegen/src", "xtask/src"] {
        let graph = ModuleGraph::read(&workspace().join(src));
        assert!(graph.imports().count() > 0, "{src} has imports");
        assert_eq!(graph.in_cycles(), Vec::<String>::new(), "{src}");
    }
}

/// Returns the headers that frame a message, as the list in a file has them.
fn framing_headers(file: &str) -> Vec<String> {
    let text = fs::read_to_string(workspace().join(file)).unwrap();
    let (_, list) = text.split_once("const FRAMING: ").unwrap();
    let (_, list) = list.split_once("= [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// codegen does not depend on the runtime, so that each has a list.
#[test]
fn framing_headers_of_codegen_and_runtime_agree() {
    let runtime = framing_headers("runtime/src/auth/scheme.rs");
    assert!(runtime.len() > 5 && runtime.contains(&"host".to_owned()));
    assert_eq!(framing_headers("codegen/src/openapi/header.rs"), runtime);
}

#[test]
fn runtime_layers_import_only_layers_below() {
    let graph = ModuleGraph::read(&workspace().join("runtime/src"));
    let upward: Vec<_> = graph
        .imports()
        .filter(|(from, to)| from.first() != to.first() && layer(from) <= layer(to))
        .map(|(from, to)| format!("{} imports {}", from.join("::"), to.join("::")))
        .collect();
    assert_eq!(upward, Vec::<String>::new());
}

#[test]
fn cycle_through_re_export_is_found() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::c::B;"),
        ("b.rs", "struct B(crate::a::A);"),
        ("c.rs", "pub use crate::b::*; fn g() {}"),
    ] {
        fs::write(folder.path().join(file), text).unwrap();
    }
    let graph = ModuleGraph::read(folder.path());
    assert_eq!(graph.in_cycles(), ["a", "b"]);
    fs::write(folder.path().join("b.rs"), "struct B;").unwrap();
    assert!(ModuleGraph::read(folder.path()).in_cycles().is_empty());
}
