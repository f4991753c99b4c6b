//! Applies the table of edits to schemas in each position, and compares the verdicts with the law.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::exceptions::{self, Case};
use super::oracle::{Oracle, SetEffect, Whole, inclusive};
use super::subschemas::{referenced, subschemas};
use super::{Place, document, judge_places, schema_edits};
use crate::diff::model::verdict::Wire;

/// The share of the edits that are made. All of them take minutes; `COVERAGE=all` makes them, and
/// `COVERAGE_UNIT` selects one schema.
const PARTS: usize = 4;

/// The counts and the wrong verdicts of some edits.
#[derive(Default)]
struct Tally {
    edits: usize,
    counts: BTreeMap<&'static str, usize>,
    reasons: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.edits += other.edits;
        for (name, count) in other.counts {
            *self.counts.entry(name).or_default() += count;
        }
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        self.wrong.extend(other.wrong);
    }
}

/// A schema of the table.
struct Unit<'t> {
    name: &'t str,
    components: &'t Value,
    schema: &'t Value,
}

/// An edit of a unit.
struct Edited<'e> {
    /// The pointer of the edited schema in the unit.
    pointer: &'e str,
    old: &'e Value,
    new: Value,
    edit: &'e schema_edits::Edit,
}

#[test]
fn schema_edits_follow_the_law() {
    let table = neo_client_codegen::read(include_str!("schemas.yaml")).unwrap();
    let only = std::env::var("COVERAGE_UNIT").ok();
    let is_whole = std::env::var("COVERAGE").is_ok_and(|value| value == "all");
    let parts = if is_whole { 1 } else { PARTS };
    let units = table["units"].as_object().unwrap().iter();
    let pending: Mutex<Vec<Unit<'_>>> = Mutex::new(
        units
            .filter(|(name, _)| only.as_ref().is_none_or(|only| only == *name))
            .map(|(name, schema)| Unit {
                name,
                components: &table["components"],
                schema,
            })
            .collect(),
    );
    let total = Mutex::new(Tally::default());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                loop {
                    let Some(unit) = pending.lock().unwrap().pop() else {
                        break;
                    };
                    let tally = of_unit(&unit, parts);
                    total.lock().unwrap().add(tally);
                }
            };
            let thread = std::thread::Builder::new().stack_size(16 << 20);
            thread.spawn_scoped(scope, work).unwrap();
        }
    });
    let mut total = total.into_inner().unwrap();
    total.wrong.sort();
    println!(
        "{} edits of schemas in {} places: {:?}",
        total.edits,
        Place::ALL.len(),
        total.counts
    );
    for (reason, count) in total.reasons {
        println!("{count} exceptions: {reason}");
    }
    assert!(
        total.wrong.is_empty(),
        "{} wrong:\n{}",
        total.wrong.len(),
        total.wrong.join("\n")
    );
}

fn of_unit(unit: &Unit<'_>, parts: usize) -> Tally {
    let mut tally = Tally::default();
    let mut oracle = Oracle::default();
    let whole = json!({"components": unit.components, "schema": unit.schema});
    let mut pointers = Vec::new();
    subschemas(unit.schema, "/schema".to_owned(), &mut pointers);
    let mut names = Vec::new();
    referenced(unit.components, unit.schema, &mut names);
    for name in names {
        let component = &unit.components[&name];
        subschemas(component, format!("/components/{name}"), &mut pointers);
    }
    for (offset, pointer) in pointers.into_iter().enumerate() {
        let node = whole.pointer(&pointer).unwrap().as_object().unwrap();
        for (index, edit) in schema_edits::edits(node).iter().enumerate() {
            if !(index + offset + unit.name.len()).is_multiple_of(parts) {
                continue;
            }
            let mut new = whole.clone();
            *new.pointer_mut(&pointer).unwrap() = edit.schema.clone();
            let edited = Edited {
                pointer: &pointer,
                old: &whole,
                new,
                edit,
            };
            of_edit(unit, &edited, &mut oracle, &mut tally);
        }
    }
    tally
}

fn of_edit(unit: &Unit<'_>, edited: &Edited<'_>, oracle: &mut Oracle, tally: &mut Tally) {
    tally.edits += 1;
    let (old, new) = (edited.old, &edited.new);
    let (effect, witnesses) = effect(edited, oracle);
    let pointer = format!("{}{}", unit.name, edited.pointer);
    let (verdicts, ids) = judge_places(
        &document(&old["components"], &old["schema"]),
        &document(&new["components"], &new["schema"]),
    );
    for (place, wire) in verdicts {
        let case = Case {
            pointer: &pointer,
            units: (old, new),
            schema: old.pointer(edited.pointer).unwrap().as_object().unwrap(),
            edited: &edited.edit.schema,
            edit: &edited.edit.name,
            place,
            effect,
        };
        let by_law = if place.is_sent() {
            effect.narrows
        } else {
            effect.widens
        };
        let excepted = exceptions::exception(&case);
        if let Some((exception, _)) = excepted {
            *tally.reasons.entry(exception.reason).or_default() += 1;
        }
        let Some(breaks) = excepted.map_or(Some(by_law), |(_, breaks)| breaks) else {
            *tally.counts.entry("waived").or_default() += 1;
            continue;
        };
        let is_changed = excepted.is_none() && (effect.narrows || effect.widens);
        let outcome = match (wire, breaks) {
            (Wire::Breaking, true) => "right",
            (Wire::Breaking, false) => "alarm",
            (_, true) => "missed",
            (Wire::None | Wire::DocsOnly, false) if is_changed => "unnoticed",
            (wire, false) if case.is_of_words() && wire != Wire::DocsOnly => "words",
            _ => "right",
        };
        *tally.counts.entry(outcome).or_default() += 1;
        if outcome != "right" {
            let shown: Vec<String> = witnesses.iter().take(3).map(Value::to_string).collect();
            tally.wrong.push(format!(
                "{outcome}\t{place:?}\t{pointer}\t{}\t{}\t{}",
                edited.edit.name,
                ids.join(","),
                shown.join(" ")
            ));
        }
    }
}

/// Returns the effect of an edit on the valid values, and values that show it.
fn effect(edited: &Edited<'_>, oracle: &mut Oracle) -> (SetEffect, Vec<Value>) {
    let (old, new) = (edited.old, &edited.new);
    // Validators do not look into encoded texts.
    if let Some((around, _)) = edited.pointer.split_once("/contentSchema") {
        let inner = format!("{around}/contentSchema");
        let both = [old, new].map(|whole| whole.pointer(&inner).unwrap());
        return of_schemas(oracle, (old, both[0]), (new, both[1]));
    }
    let of = |oracle: &mut Oracle, old: &Value, new: &Value| {
        of_schemas(oracle, (old, &old["schema"]), (new, &new["schema"]))
    };
    // Open objects may match two variants, or one.
    of(oracle, &inclusive(old), &inclusive(new))
}

fn of_schemas(
    oracle: &mut Oracle,
    old: (&Value, &Value),
    new: (&Value, &Value),
) -> (SetEffect, Vec<Value>) {
    let [old, new] = [old, new].map(|(whole, schema)| Whole {
        components: &whole["components"],
        schema,
    });
    oracle.effect(old, new)
}
