//! Path templates: their pieces, and the path that stands for one in the lowered document.

/// A piece of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'p> {
    Literal(&'p str),
    /// The name of a parameter.
    Parameter(&'p str),
}

/// The pieces of a template, in order. A brace without its counterpart is a literal.
pub(crate) fn pieces(path: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = path;
    // Where the literal ends that `rest` begins with, as far as it is known.
    let mut from = 0;
    while let Some(open) = rest.get(from..).and_then(|tail| tail.find('{')) {
        let open = from + open;
        let name = rest
            .get(open + 1..)
            .and_then(|tail| tail.split_once('}'))
            .filter(|(name, _)| !name.is_empty() && !name.contains(['{', '/']));
        let Some((name, tail)) = name else {
            from = open + 1;
            continue;
        };
        pieces.extend(
            rest.get(..open)
                .filter(|it| !it.is_empty())
                .map(Piece::Literal),
        );
        pieces.push(Piece::Parameter(name));
        (rest, from) = (tail, 0);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// The parameters of a template, in order, each once.
pub(super) fn names(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for piece in pieces(path) {
        if let Piece::Parameter(name) = piece
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The path as progenitor gets it, with [`placeholder`]s for the names of its parameters.
///
/// Nothing is sent to it, so what progenitor cannot take is left out.
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

/// What progenitor knows the parameter at `index` by.
///
/// Two names may look alike in Rust, or like a variable of the function that progenitor writes; these
/// do not. Refine puts the names back where they are sent.
pub(super) fn placeholder(index: usize) -> String {
    format!("p{index}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_falls_into_its_pieces() {
        use Piece::{Literal, Parameter};
        for (path, expected) in [
            ("/a", vec![Literal("/a")]),
            (
                "/{a}.{b}",
                vec![Literal("/"), Parameter("a"), Literal("."), Parameter("b")],
            ),
            (
                "/{a}{b}/",
                vec![Literal("/"), Parameter("a"), Parameter("b"), Literal("/")],
            ),
            ("/bad/{", vec![Literal("/bad/{")]),
            ("/{}/{a/b}/{c}", vec![Literal("/{}/{a/b}/"), Parameter("c")]),
            ("/{{c}}", vec![Literal("/{"), Parameter("c"), Literal("}")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(path), expected, "{path}");
        }
    }

    #[test]
    fn placeholders_take_the_place_of_names() {
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
