//! Proves that every edit of every field of every object of OpenAPI has a row, or a waiver.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::structure::{edited, tables};

/// Edits without a row, with the reason: object, field, and whether the server makes the call.
const WAIVED: [(&str, &str, bool, &str); 7] = [
    (
        "Operation",
        "callbacks",
        true,
        "a receiver of a call asks for no further calls",
    ),
    (
        "Operation",
        "security",
        true,
        "the receiver decides which calls it trusts",
    ),
    (
        "Operation",
        "servers",
        true,
        "the server calls the address that it was given",
    ),
    (
        "PathItem",
        "servers",
        true,
        "the server calls the address that it was given",
    ),
    (
        "License",
        "identifier",
        false,
        "stands instead of `url`, which has rows",
    ),
    (
        "OpenAPI",
        "components",
        false,
        "each kind of component has rows",
    ),
    (
        "Contact",
        "email",
        false,
        "its addition is one of words, like those of `name` and `url`",
    ),
];

/// Fields that hold an operation.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// Marks the fields whose edits are known.
const SEEN: &str = "seen";

/// Objects that mean the same whoever sends the message.
const WITHOUT_SIDE: [&str; 6] = [
    "Server",
    "ServerVariable",
    "ExternalDocs",
    "Example",
    "Link",
    "Reference",
];

/// A kind of edit of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    object: String,
    field: String,
    edit: String,
    /// The server makes the call, in a webhook or a callback.
    is_by_server: bool,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.is_by_server { " by server" } else { "" };
        write!(f, "{} {} {}{side}", self.object, self.field, self.edit)
    }
}

/// A field of an object, on one side.
#[derive(Clone, Copy)]
struct Field<'s> {
    structure: &'s Value,
    object: &'s str,
    name: &'s str,
    is_by_server: bool,
}

/// The type of a value, as the table of the structure writes it.
enum Type<'s> {
    Text,
    Schema,
    Object(&'s str),
    List(&'s str),
    Map(&'s str),
}

impl<'s> Type<'s> {
    fn of(text: &'s str) -> Self {
        let within = |first: char, last: char| text.strip_prefix(first)?.strip_suffix(last);
        match (text, within('[', ']'), within('{', '}')) {
            ("text", ..) => Self::Text,
            ("Schema", ..) => Self::Schema,
            (_, Some(inner), _) => Self::List(inner),
            (.., Some(inner)) => Self::Map(inner),
            (name, ..) => Self::Object(name),
        }
    }
}

impl<'s> Field<'s> {
    fn cell(self, edit: &str, depth: usize) -> Cell {
        Cell {
            object: self.object.to_owned(),
            field: self.name.to_owned(),
            edit: format!("{edit}{}", " within".repeat(depth)),
            is_by_server: self.is_by_server,
        }
    }

    /// Returns the side of an object in this field.
    fn side_of(self, object: &str) -> bool {
        let is_by_server = self.is_by_server || ["webhooks", "callbacks"].contains(&self.name);
        is_by_server && !WITHOUT_SIDE.contains(&object)
    }

    /// Adds all edits of a value, and of the objects in it.
    fn edits(self, text: &'s str, depth: usize, found: &mut BTreeSet<Cell>) {
        let named = |edits: &[&str], found: &mut BTreeSet<Cell>| {
            found.extend(edits.iter().map(|edit| self.cell(edit, depth)));
        };
        match Type::of(text) {
            Type::Text | Type::Schema => named(&["change"], found),
            Type::Object(name) => fields(self.structure, name, self.side_of(name), found),
            Type::List(inner) | Type::Map(inner) => {
                named(&["add", "remove"], found);
                if inner != "text" {
                    self.edits(inner, depth + 1, found);
                }
            }
        }
    }

    /// Adds the edits that make a value from another.
    fn compare(
        self,
        (text, depth): (&str, usize),
        (old, new): (Option<&Value>, Option<&Value>),
        found: &mut Vec<Cell>,
    ) {
        let (old, new) = match (old, new) {
            (old, new) if old == new => return,
            (None, _) => return found.push(self.cell("add", depth)),
            (_, None) => return found.push(self.cell("remove", depth)),
            (Some(old), Some(new)) => (old, new),
        };
        match (Type::of(text), old, new) {
            (Type::Object(name), ..) => {
                let is_reference = old.get("$ref").or_else(|| new.get("$ref")).is_some();
                let name = if is_reference { "Reference" } else { name };
                objects(
                    self.structure,
                    (name, self.side_of(name)),
                    (old, new),
                    found,
                );
            }
            (Type::List(inner), Value::Array(old), Value::Array(new)) => {
                let kept =
                    |list: &[Value], other: &[Value]| list.iter().all(|it| other.contains(it));
                if old.len() < new.len() && kept(old, new) {
                    found.push(self.cell("add", depth));
                } else if old.len() > new.len() && kept(new, old) {
                    found.push(self.cell("remove", depth));
                } else if old.len() == new.len() && !kept(old, new) {
                    for (old, new) in old.iter().zip(new) {
                        self.compare((inner, depth + 1), (Some(old), Some(new)), found);
                    }
                }
            }
            (Type::Map(inner), Value::Object(old), Value::Object(new)) => {
                let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for name in names {
                    let both = (old.get(name), new.get(name));
                    // Entries come and go by the map.
                    let depth = if both.0.is_some() && both.1.is_some() {
                        depth + 1
                    } else {
                        depth
                    };
                    self.compare((inner, depth), both, found);
                }
            }
            _ => found.push(self.cell("change", depth)),
        }
    }
}

/// Adds all edits of an object that can be reached.
fn fields(structure: &Value, object: &str, is_by_server: bool, found: &mut BTreeSet<Cell>) {
    let Some((object, members)) = structure.as_object().unwrap().get_key_value(object) else {
        panic!("{object} is not in the table of objects");
    };
    for (name, text) in members.as_object().unwrap() {
        let field = Field {
            structure,
            object,
            name,
            is_by_server,
        };
        let (text, is_required) = written(text);
        if !found.insert(field.cell(SEEN, 0)) {
            continue;
        }
        let is_container = matches!(Type::of(text), Type::List(_) | Type::Map(_));
        if !is_required && !is_container {
            found.extend(["add", "remove"].map(|edit| field.cell(edit, 0)));
        }
        field.edits(text, 0, found);
    }
}

/// Returns a type without the mark of a field that must be there.
fn written(text: &Value) -> (&str, bool) {
    let text = text.as_str().unwrap();
    match text.strip_suffix('!') {
        Some(text) => (text, true),
        None => (text, false),
    }
}

/// Adds the edits that make an object from another.
fn objects(
    structure: &Value,
    (object, is_by_server): (&str, bool),
    (old, new): (&Value, &Value),
    found: &mut Vec<Cell>,
) {
    for (name, text) in structure[object].as_object().unwrap() {
        let keys: &[&str] = if name == "method" { &METHODS } else { &[name] };
        for key in keys {
            let field = Field {
                structure,
                object,
                name,
                is_by_server,
            };
            field.compare((written(text).0, 0), (old.get(key), new.get(key)), found);
        }
    }
}

#[test]
fn every_edit_of_a_field_has_a_row_or_a_waiver() {
    let structure = neo_client_codegen::read(include_str!("openapi.yaml")).unwrap();
    let mut cells = BTreeSet::new();
    fields(&structure, "OpenAPI", false, &mut cells);
    fields(&structure, "Reference", false, &mut cells);
    cells.retain(|cell| cell.edit != SEEN);
    let mut claimed = BTreeSet::new();
    for (base, table) in tables() {
        for (at, rows) in table.as_object().unwrap() {
            for row in rows.as_array().unwrap() {
                let revision = edited(&base, at, row[0].as_str().unwrap(), &row[1]);
                let mut found = Vec::new();
                objects(
                    &structure,
                    ("OpenAPI", false),
                    (&base, &revision),
                    &mut found,
                );
                // A row with several edits proves none of them.
                if let [cell] = found.as_slice() {
                    claimed.insert(cell.clone());
                }
            }
        }
    }
    let is_waived = |cell: &Cell| {
        WAIVED.iter().any(|(object, field, is_by_server, _)| {
            *object == cell.object && *field == cell.field && *is_by_server == cell.is_by_server
        })
    };
    let waived = cells.iter().filter(|cell| is_waived(cell)).count();
    let unclaimed: Vec<String> = cells
        .iter()
        .filter(|cell| !claimed.contains(cell) && !is_waived(cell))
        .map(Cell::to_string)
        .collect();
    println!(
        "{} edits of fields of {} objects, {waived} of them waived, {} unclaimed",
        cells.len(),
        structure.as_object().unwrap().len(),
        unclaimed.len()
    );
    assert!(
        unclaimed.is_empty(),
        "neither a row nor a waiver:\n{}",
        unclaimed.join("\n")
    );
}
