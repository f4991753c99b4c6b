//! Compares real documents with rewritten copies: respelled copies have no changes, and thinned
//! copies have symmetric ones.

use std::{
    collections::BTreeSet,
    fs,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde_json::{Value, json};

use crate::comparison::{here, ids, pairs, wire_diff};

/// Real documents: the vendored one, and those of other vendors.
fn real_documents() -> Vec<(String, Value)> {
    let samples = fs::read_dir(here().join("../codegen/tests/samples")).unwrap();
    let mut paths: Vec<_> = samples
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 12);
    paths.push(here().join("../openapi.json"));
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

/// Runs on two threads.
fn each_document(documents: &[(String, Value)], test: impl Fn(&str, &Value) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((name, document)) =
                    documents.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    test(name, document);
                }
            });
        }
    });
}

#[test]
fn respelled_document_has_no_changes() {
    let mut documents = real_documents();
    documents.extend(
        pairs()
            .into_iter()
            .step_by(9)
            .map(|(name, pair)| (name, pair["revision"].clone())),
    );
    each_document(&documents, |name, document| {
        assert_eq!(
            wire_diff(document, document)["changes"],
            json!([]),
            "{name}"
        );
        for (index, (rewrite, respell)) in crate::respell::ALL.into_iter().enumerate() {
            let other = respell(document);
            let directions = [(document, &other), (&other, document)];
            // Of a large document one direction has to do.
            let is_large = document["paths"].as_object().unwrap().len() > 10;
            let enough = |(direction, _): &(usize, _)| !is_large || *direction == index % 2;
            for (_, (base, revision)) in directions.into_iter().enumerate().filter(enough) {
                let report = wire_diff(base, revision);
                let effects: Vec<&Value> = report["changes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|change| change["wire"] != "none")
                    .take(3)
                    .collect();
                assert!(effects.is_empty(), "{rewrite} of {name}: {effects:#?}");
                assert_eq!(report["verdict"]["wire"], "none", "{rewrite} of {name}");
                // A name is no change, and nothing else differs.
                let renames = ids(&report);
                let allowed = BTreeSet::from(["component-renamed"]);
                assert!(
                    renames.is_subset(&allowed),
                    "{rewrite} of {name}: {renames:?}"
                );
            }
        }
    });
}

#[test]
fn removed_one_way_is_added_the_other_way() {
    let counted = |report: &Value, ids: [&[&str]; 3]| -> [usize; 3] {
        ids.map(|ids| {
            let changes = report["changes"].as_array().unwrap();
            let found = changes.iter().map(|change| change["id"].as_str().unwrap());
            found.filter(|id| ids.contains(id)).count()
        })
    };
    each_document(&real_documents(), |name, document| {
        let thin = crate::respell::thinned(document);
        let removed = counted(
            &wire_diff(document, &thin),
            [
                &["operation-removed", "operation-removed-after-deprecation"],
                &[
                    "optional-property-removed",
                    "property-no-longer-declared",
                    "required-property-removed",
                ],
                &["enum-value-removed"],
            ],
        );
        let added = counted(
            &wire_diff(&thin, document),
            [
                &["operation-added"],
                &["optional-property-added", "required-property-added"],
                &["enum-value-added"],
            ],
        );
        assert!(added[0] > 0, "{name}");
        assert_eq!(removed, added, "{name}");
    });
}
