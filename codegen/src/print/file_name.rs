//! File names of modules that every file system takes.

use std::collections::BTreeMap;

use crate::names::Taken;

/// Longer names are cut: 255 bytes are the most that file systems take.
const MAX_LENGTH: usize = 100;

/// Device names of Windows, which no file may have, whatever its extension.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// Gives each module a file name without extension: ASCII, not too long, and unique without regard
/// to case.
pub(crate) fn file_names<'m>(modules: impl Iterator<Item = &'m str>) -> BTreeMap<&'m str, String> {
    let modules: Vec<&str> = modules.collect();
    let (usual, odd): (Vec<&str>, Vec<&str>) =
        modules.into_iter().partition(|module| is_usual(module));
    let mut taken = Taken::with(["mod"]);
    let mut names = BTreeMap::new();
    // Names that can stay as they are come first.
    for module in usual {
        names.insert(module, taken.unique(module));
    }
    for module in odd {
        let ascii: String = module
            .chars()
            .map(|character| if is_plain(character) { character } else { '_' })
            .take(MAX_LENGTH - 10)
            .collect();
        names.insert(module, taken.unique(&format!("{ascii}_tag")));
    }
    names
}

fn is_usual(module: &str) -> bool {
    let lower = module.to_lowercase();
    let is_port = |name: &str| {
        lower
            .strip_prefix(name)
            .is_some_and(|number| number.len() == 1 && number.bytes().all(|it| it.is_ascii_digit()))
    };
    module.chars().all(is_plain)
        && module.len() <= MAX_LENGTH - 10
        && !DEVICES.contains(&lower.as_str())
        && !is_port("com")
        && !is_port("lpt")
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_name_of_any_module_is_portable() {
        let long = "a".repeat(300);
        let modules = [
            "billing", "mod", "aux", "Com1", "com12", "é", "è", "Billing", &long,
        ];
        let names = file_names(modules.into_iter());
        for (module, expected) in [
            ("billing", "billing"),
            ("Billing", "Billing2"),
            ("mod", "mod2"),
            ("aux", "aux_tag"),
            ("Com1", "Com1_tag"),
            ("com12", "com12"),
            ("é", "__tag"),
            ("è", "__tag2"),
        ] {
            assert_eq!(names[module], expected);
        }
        assert!(names[long.as_str()].len() <= MAX_LENGTH);
        let lower: std::collections::BTreeSet<String> =
            names.values().map(|name| name.to_lowercase()).collect();
        assert_eq!(lower.len(), modules.len());
    }
}
