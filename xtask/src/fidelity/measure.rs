//! Measures one document: every schema, valid instances, and instances of a newer server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use neo_client_codegen::instances::{
    Generator, Grown, Instance, Verdict, compare, grown, verdicts,
};
use neo_client_codegen::{Settings, generate};
use serde_json::Value;

use crate::fidelity::counts::{Counts, Problem};
use crate::fidelity::driver::{Driver, Trip};
use crate::result::Result;

/// An instance on its way.
struct Sent<'a> {
    name: &'a str,
    instance: Instance,
    /// The instance as it is sent.
    sent: Grown,
}

/// Sends `count` instances of each schema of a document through its type, twice: as the document
/// describes them, and as a newer server sends them.
pub fn measure(document: &Value, count: u64, folder: &Path, target: &Path) -> Result<Counts> {
    let output = generate(document, None, &Settings::default())?;
    let types: BTreeMap<String, String> = output
        .types
        .iter()
        .filter(|(_, pointer)| {
            document.pointer(pointer).is_some() && Generator::stands_alone(pointer)
        })
        .map(|(name, pointer)| (name.clone(), pointer.clone()))
        .collect();
    let driver = Driver::build(document, &output, &types, folder, target)?;
    let by_schema = output
        .types
        .iter()
        .map(|(name, pointer)| (pointer.clone(), name.clone()))
        .collect();
    let generator = Generator::new(document);
    let mut counts = Counts {
        schemas: types.len(),
        ..Counts::default()
    };
    let mut all = Vec::new();
    for (name, pointer) in &types {
        let made: Vec<Instance> = (0..count)
            .filter_map(|number| generator.instance(pointer, number))
            // A type is not `null`; the places that use it are.
            .filter(|instance| !instance.value.is_null())
            .collect();
        counts.without_instances += usize::from(made.is_empty());
        for (number, instance) in made.into_iter().enumerate() {
            let newer = grown(&instance, number as u64);
            if newer.value != instance.value {
                all.push(Sent {
                    name,
                    instance: instance.clone(),
                    sent: newer,
                });
            }
            let sent = Grown {
                value: instance.value.clone(),
                added: BTreeSet::new(),
                renamed: BTreeSet::new(),
            };
            all.push(Sent {
                name,
                instance,
                sent,
            });
        }
    }
    counts.instances = all.len();
    let lines: Vec<(&str, Value)> = all
        .iter()
        .map(|it| (it.name, it.sent.value.clone()))
        .collect();
    for (sent, trip) in all.iter().zip(driver.trips(&lines)?) {
        judge(sent, trip, &by_schema, &generator, &mut counts);
    }
    Ok(counts)
}

fn judge(
    sent: &Sent<'_>,
    trip: Trip,
    types: &BTreeMap<String, String>,
    generator: &Generator,
    counts: &mut Counts,
) {
    let Sent {
        name,
        instance,
        sent,
    } = sent;
    let value = &sent.value;
    let (again, debug) = match trip {
        Trip::Error(error) => {
            return counts.add(Problem::Undecodable, || format!("{name}: {error}: {value}"));
        }
        Trip::Back(again, debug) => (again, debug),
    };
    let found = compare(value, &again, &sent.added);
    for (problem, places) in [
        (Problem::Lost, found.lost),
        (Problem::NullLost, found.nulls_lost),
        (Problem::Invented, found.invented),
        (Problem::Changed, found.changed),
    ] {
        for at in places {
            counts.add(problem, || format!("{name} {at}: {value} -> {again}"));
        }
    }
    let is_grown = *value != instance.value;
    for verdict in verdicts(instance, &debug, types, generator) {
        counts.unions += 1;
        match verdict {
            Verdict::Right => {}
            // A value of a newer server may fit no variant.
            Verdict::Json { .. } if is_grown => {}
            Verdict::Wrong { at, .. } if sent.is_renamed(&at) => {}
            Verdict::Json { at } => {
                counts.add(Problem::Json, || format!("{name} {at}: {value}"));
            }
            Verdict::Wrong {
                at,
                taken,
                expected,
            } => counts.add(Problem::WrongVariant, || {
                format!("{name} {at}: {taken} instead of {expected}: {value}")
            }),
        }
    }
}
