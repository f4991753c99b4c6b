//! Applies the table of edits outside of schemas: each object of OpenAPI, each field.

use serde_json::Value;

use super::judge;
use super::object_edits::{Row, rows};

fn edited(base: &Value, row: &Row) -> Value {
    let mut edited = base.clone();
    let (at, field) = match row.field.strip_suffix("/-") {
        Some(list) => (format!("{}/{list}", row.at), None),
        None => (row.at.to_owned(), Some(row.field)),
    };
    let target = edited
        .pointer_mut(&at)
        .unwrap_or_else(|| panic!("{at} is not in the document"));
    match (field, &row.value) {
        (None, value) => target.as_array_mut().unwrap().push(value.clone()),
        (Some(field), Value::Null) => {
            target.as_object_mut().unwrap().shift_remove(field).unwrap();
        }
        (Some(field), value) => {
            target
                .as_object_mut()
                .unwrap()
                .insert(field.to_owned(), value.clone());
        }
    }
    edited
}

#[test]
fn every_edit_of_an_object_has_its_verdict() {
    let base = neo_client_codegen::read(include_str!("document.yaml")).unwrap();
    let mut wrong = Vec::new();
    let rows = rows();
    for row in &rows {
        let (wire, ids) = judge(&base, &edited(&base, row));
        if wire != row.wire {
            wrong.push(format!(
                "{} {} {}: {wire} instead of {}, {ids:?}",
                row.at, row.field, row.value, row.wire
            ));
        }
    }
    println!("{} edits of objects", rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
