//! Applies the table of edits outside of schemas: each object of OpenAPI, each field.

use serde_json::Value;

use super::judge;
use crate::diff::model::verdict::Wire;

/// Returns the document with one field set, removed with `null`, or extended by an element.
pub fn edited(base: &Value, at: &str, field: &str, value: &Value) -> Value {
    let mut edited = base.clone();
    let list = field.strip_suffix("/-");
    let target = list.map_or(at.to_owned(), |list| format!("{at}/{list}"));
    let target = edited
        .pointer_mut(&target)
        .unwrap_or_else(|| panic!("{target} is not in the document"));
    match (list, value) {
        (Some(_), value) => target.as_array_mut().unwrap().push(value.clone()),
        (None, Value::Null) => {
            target.as_object_mut().unwrap().shift_remove(field).unwrap();
        }
        (None, value) => target[field] = value.clone(),
    }
    edited
}

/// Returns the documents, each with its table of edits.
pub fn tables() -> [(Value, Value); 3] {
    let documents = [
        (include_str!("document.yaml"), include_str!("objects.yaml")),
        (include_str!("shop.yaml"), include_str!("shop-edits.yaml")),
        (include_str!("depot.yaml"), include_str!("depot-edits.yaml")),
    ];
    documents.map(|(base, table)| (read(base), read(table)))
}

#[test]
fn every_edit_of_an_object_has_its_verdict() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (base, table) in tables() {
        for (at, rows) in table.as_object().unwrap() {
            for row in rows.as_array().unwrap() {
                let (field, value) = (row[0].as_str().unwrap(), &row[1]);
                let expected = row[2].as_str().and_then(Wire::named).unwrap();
                let (wire, ids) = judge(&base, &edited(&base, at, field, value));
                if wire != expected {
                    wrong.push(format!(
                        "{at} {field} {value}: {wire}, not {expected}: {ids:?}"
                    ));
                }
                count += 1;
            }
        }
    }
    println!("{count} edits of objects, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn read(yaml: &str) -> Value {
    neo_client_codegen::read(yaml).unwrap()
}
