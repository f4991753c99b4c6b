//! The paths of the lowered document.

use crate::lower::model::placeholder;
use crate::openapi::path_template::{Piece, names, pieces};

/// Returns the path for progenitor, with [`placeholder`]s for the names of its parameters.
///
/// Nothing is sent to this path, so characters that progenitor cannot handle are left out.
pub(super) fn lowered(path: &str) -> String {
    let names = names(path);
    let mut lowered = String::new();
    for piece in pieces(path) {
        match piece {
            Piece::Literal(text) => lowered.push_str(&text.replace(['{', '}'], "")),
            Piece::Parameter(name) => {
                let index = names.iter().position(|known| *known == name);
                let name = placeholder(index.unwrap_or_default());
                lowered.push_str(&format!("{{{name}}}"));
            }
        }
    }
    if lowered.starts_with('/') {
        lowered
    } else {
        format!("/{lowered}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_replace_names() {
        for (path, expected) in [
            ("/a/{id}/b/{key}", "/a/{p0}/b/{p1}"),
            ("/{p1}/{p0}", "/{p0}/{p1}"),
            ("/{a}/{b}/{a}", "/{p0}/{p1}/{p0}"),
            ("/{a}.{b}", "/{p0}.{p1}"),
            ("/plain", "/plain"),
            ("plain", "/plain"),
            ("/bad/{", "/bad/"),
            ("/{{c}}", "/{p0}"),
        ] {
            assert_eq!(lowered(path), expected);
        }
    }
}
