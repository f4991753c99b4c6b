//! The README of a package.

use std::path::Path;

/// Returns a README whose relative links lead to the source browser of docs.rs: crates.io and rustdoc
/// show a README alone, without the files beside it.
pub fn with_absolute_links(text: &str, name: &str, folder: &Path) -> String {
    let mut parts = text.split("](");
    let mut linked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        linked += "](";
        let target = part.split([')', '#', ' ']).next().unwrap_or_default();
        if !target.is_empty() && folder.join(target).is_file() {
            linked += &format!("https://docs.rs/crate/{name}/latest/source/");
        }
        linked += part;
    }
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_to_files_become_absolute() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = "[a](src/main.rs#x), [b](https://example.com/), [c](#part), [d](missing.md)";
        let expected = "[a](https://docs.rs/crate/cats/latest/source/src/main.rs#x), \
                        [b](https://example.com/), [c](#part), [d](missing.md)";
        assert_eq!(with_absolute_links(text, "cats", folder), expected);
    }
}
