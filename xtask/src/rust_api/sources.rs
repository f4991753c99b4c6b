//! Compares generated code regardless of order: a change of the document that leaves the code as it
//! is needs no release.

use neo_client_codegen::Output;

/// The text before the index by which a request names its operation in the table. The order of the
/// table follows the document.
const INDEX: &str = "OPERATIONS[";

/// The start of a row of the table of operations.
const ROW: &str = "runtime::Operation::new(";

/// The difference between the files of two clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceChange {
    /// At most the order of items, fields and operations.
    None,
    /// Only the samples of the mock server, which follow examples and the order of values.
    Samples,
    Code,
}

impl SourceChange {
    /// Compares the files of two clients.
    pub fn between(old: &Output, new: &Output) -> Self {
        if old.files.keys().ne(new.files.keys()) {
            return Self::Code;
        }
        let files = old.files.iter().zip(new.files.values());
        let changes = files.filter(|((_, old), new)| old != new);
        let changes = changes.map(|((name, old), new)| match name.ends_with(".json") {
            true => Self::Samples,
            false if blocks(old) == blocks(new) => Self::None,
            false => Self::Code,
        });
        changes.max().unwrap_or(Self::None)
    }
}

/// Returns the items of a file, and the rows of the table of operations, in an order of their own.
fn blocks(text: &str) -> Vec<Vec<String>> {
    let mut blocks = Vec::new();
    let mut block = Vec::new();
    for line in text.lines() {
        let begins_impl = line.starts_with("impl") && line.ends_with('{');
        if line.is_empty() || line.trim_start().starts_with(ROW) {
            finish(&mut block, &mut blocks);
        }
        // The end of an item stands beside its last part.
        if !matches!(line, "" | "}" | "];") {
            block.push(without_index(line));
        }
        if begins_impl {
            finish(&mut block, &mut blocks);
        }
    }
    finish(&mut block, &mut blocks);
    blocks.sort_unstable();
    blocks
}

fn finish(block: &mut Vec<String>, blocks: &mut Vec<Vec<String>>) {
    if !block.is_empty() {
        block.sort_unstable();
        blocks.push(std::mem::take(block));
    }
}

fn without_index(line: &str) -> String {
    match line.split_once(INDEX) {
        Some((before, after)) => {
            let after = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
            format!("{before}{INDEX}{after}")
        }
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_items_does_not_count() {
        let code = |first: &str, second: &str| {
            format!(
                "{first}\n\n{second}\n\nconst A: &X = &OPERATIONS[{}];\n",
                first.len()
            )
        };
        let (a, b) = ("struct A {\n    x: u8,\n    y: u8,\n}", "struct B;");
        assert_eq!(blocks(&code(a, b)), blocks(&code(b, a)));
        let swapped = "struct A {\n    y: u8,\n    x: u8,\n}";
        assert_eq!(blocks(&code(a, b)), blocks(&code(swapped, b)));
        assert_ne!(blocks(&code(a, b)), blocks(&code(a, "struct C;")));
        let methods = |first: &str, second: &str| {
            blocks(&format!(
                "impl A {{\n    fn {first}() {{\n    }}\n\n    fn {second}() {{\n    }}\n}}\n"
            ))
        };
        assert_eq!(methods("a", "b"), methods("b", "a"));
        assert_ne!(methods("a", "b"), methods("a", "c"));
    }

    #[test]
    fn credentials_of_two_operations_do_not_mix() {
        let row = |id: &str, more: &str| format!("    {ROW}{id})\n        .tag(\"a\"){more},\n");
        let secured = "\n        .security(&[])";
        let table = |rows: [String; 2]| blocks(&rows.concat());
        let first = table([row("a", secured), row("b", "")]);
        assert_eq!(first, table([row("b", ""), row("a", secured)]));
        assert_ne!(first, table([row("a", ""), row("b", secured)]));
    }
}
