//! The README of a package.

use std::path::Path;

/// Returns a README whose relative links lead to the source browser of docs.rs: crates.io and
/// rustdoc show a README alone, without the files beside it.
pub fn with_absolute_links(text: &str, name: &str, folder: &Path) -> String {
    let linked = with_absolute_targets(text, "](", name, folder);
    // Definitions of reference links: `[name]: target`.
    with_absolute_targets(&linked, "]: ", name, folder)
}

/// Makes the targets behind a `mark` absolute, if they are files.
fn with_absolute_targets(text: &str, mark: &str, name: &str, folder: &Path) -> String {
    let mut parts = text.split(mark);
    let mut linked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        linked += mark;
        let target = part.split([')', '#', ' ', '\n']).next().unwrap_or_default();
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
        let text = "[a](src/main.rs#x), [b](https://example.com/), [c](#part), [d](missing.md)\n\n\
                    [e]: src/main.rs\n[f]: src/main.rs#x\n[g]: https://example.com/\n";
        let expected = "[a](https://docs.rs/crate/cats/latest/source/src/main.rs#x), \
                        [b](https://example.com/), [c](#part), [d](missing.md)\n\n\
                        [e]: https://docs.rs/crate/cats/latest/source/src/main.rs\n\
                        [f]: https://docs.rs/crate/cats/latest/source/src/main.rs#x\n\
                        [g]: https://example.com/\n";
        assert_eq!(with_absolute_links(text, "cats", folder), expected);
    }
}
