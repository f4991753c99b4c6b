//! Path templates (OpenAPI 3.1 section 4.8.8.1).

/// A piece of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'p> {
    /// Text that is sent as it is.
    Literal(&'p str),
    /// The name of a parameter.
    Parameter(&'p str),
}

/// Splits a template into its pieces. A brace without its counterpart is part of a literal.
///
/// ```
/// use neo_client_codegen::openapi::path_template::{Piece, pieces};
///
/// assert_eq!(pieces("/cats/{id}"), [Piece::Literal("/cats/"), Piece::Parameter("id")]);
/// ```
pub fn pieces(path: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = path;
    // `rest` begins with a literal of at least this many bytes.
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

/// Returns the parameters of a template in its order, each once.
///
/// ```
/// use neo_client_codegen::openapi::path_template::names;
///
/// assert_eq!(names("/{b}/{a}/{b}"), ["b", "a"]);
/// ```
pub fn names(path: &str) -> Vec<&str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_split_at_parameters() {
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
}
