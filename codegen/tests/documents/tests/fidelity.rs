//! Valid instances of every schema go through the generated types and come back the same, as the
//! variants that accept them, also with what a newer server adds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};

use neo_client_codegen::instances::{Generator, Verdict, compare, grown, verdicts};
use neo_client_documents::DOCUMENTS;
use serde_json::Value;

/// The number of instances of each schema.
const INSTANCES: u64 = 12;

#[test]
fn instance_of_every_schema_is_kept() {
    let (mut problems, mut unions, mut count) = (Vec::new(), 0, 0);
    for document in DOCUMENTS {
        let json: Value = serde_json::from_str(document.json).unwrap();
        let generator = Generator::new(&json);
        let types: BTreeMap<String, String> = document
            .types
            .iter()
            .map(|of| (of.pointer.to_owned(), of.name.to_owned()))
            .collect();
        for of in document.types {
            // Some constructs are known to change.
            let changes = json.pointer(of.pointer).unwrap()["x-changes"] == true;
            if changes || !Generator::stands_alone(of.pointer) {
                continue;
            }
            for instance in
                (0..INSTANCES).filter_map(|number| generator.instance(of.pointer, number))
            {
                // A type is not `null`; the places that use it are.
                if instance.value.is_null() {
                    continue;
                }
                let newer = grown(&instance, count);
                let same = (instance.value.clone(), BTreeSet::new());
                for (value, added) in [same, (newer.value.clone(), newer.added.clone())] {
                    count += 1;
                    let mut problem = |what: String| {
                        problems.push(format!("{} {}: {value}: {what}", document.name, of.name));
                    };
                    let back = match (of.round_trip)(&value) {
                        Ok(back) => back,
                        Err(error) => {
                            problem(format!("does not decode: {error}"));
                            continue;
                        }
                    };
                    let found = compare(&value, &back, &added);
                    if !found.is_empty() {
                        problem(format!("came back as {back}: {found:?}"));
                    }
                    let debug = (of.debug)(&value).unwrap();
                    for verdict in verdicts(&instance, &debug, &types, &generator) {
                        unions += 1;
                        // A value of a newer server may fit no variant.
                        let is_right = match verdict {
                            Verdict::Right => true,
                            Verdict::Json { .. } => value != instance.value,
                            Verdict::Wrong { ref at, .. } => {
                                value != instance.value && newer.is_renamed(at)
                            }
                        };
                        if !is_right {
                            problem(format!("{verdict:?} in {debug}"));
                        }
                    }
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        count > 500 && unions > 100,
        "{count} values, {unions} unions"
    );
}
