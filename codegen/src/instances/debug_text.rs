//! Reads what `Debug` of a generated type prints.

/// A value as `Debug` prints it.
#[derive(Debug, PartialEq)]
pub(crate) enum Node {
    /// `Name { field: … }`, and a map without a name.
    Fields(String, Vec<(String, Node)>),
    /// `Name(…)`.
    Tuple(String, Vec<Node>),
    /// `[…]`.
    List(Vec<Node>),
    /// A text in quotes.
    Quoted(String),
    /// Everything else.
    Text(String),
}

/// Reads a text that `{:?}` wrote.
pub(crate) fn read(text: &str) -> Node {
    let mut reader = Reader {
        text: text.chars().collect(),
        at: 0,
    };
    reader.node()
}

struct Reader {
    text: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    fn quoted(&mut self) -> String {
        let mut text = String::new();
        self.at += 1;
        while let Some(character) = self.peek() {
            self.at += 1;
            match character {
                '"' => break,
                '\\' => {
                    text.extend(self.peek());
                    self.at += 1;
                }
                other => text.push(other),
            }
        }
        text
    }

    fn node(&mut self) -> Node {
        self.skip_spaces();
        let mut name = String::new();
        loop {
            match self.peek() {
                Some('"') if name.is_empty() => return Node::Quoted(self.quoted()),
                Some('(') => {
                    self.at += 1;
                    return Node::Tuple(name, self.nodes(')'));
                }
                Some('[') if name.is_empty() || name.ends_with(' ') => {
                    self.at += 1;
                    return Node::List(self.nodes(']'));
                }
                Some('{') => {
                    self.at += 1;
                    return self.fields(name.trim_end().to_owned());
                }
                None | Some(',' | ')' | ']' | '}') => {
                    return Node::Text(name.trim_end().to_owned());
                }
                Some(other) => {
                    name.push(other);
                    self.at += 1;
                }
            }
        }
    }

    fn nodes(&mut self, end: char) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            self.skip_spaces();
            match self.peek() {
                None => return nodes,
                Some(',') => self.at += 1,
                Some(close) if close == end => {
                    self.at += 1;
                    return nodes;
                }
                Some(')' | ']' | '}') => return nodes,
                Some(_) => nodes.push(self.node()),
            }
        }
    }

    fn fields(&mut self, name: String) -> Node {
        let mut fields = Vec::new();
        loop {
            self.skip_spaces();
            match self.peek() {
                None | Some(')' | ']') => break,
                Some(',') => self.at += 1,
                Some('}') => {
                    self.at += 1;
                    break;
                }
                Some('"') => {
                    let key = self.quoted();
                    self.value(key, &mut fields);
                }
                Some(_) => {
                    let mut key = String::new();
                    while let Some(character) = self.peek().filter(|it| !":,}".contains(*it)) {
                        key.push(character);
                        self.at += 1;
                    }
                    self.value(key, &mut fields);
                }
            }
        }
        Node::Fields(name, fields)
    }

    fn value(&mut self, key: String, fields: &mut Vec<(String, Node)>) {
        self.skip_spaces();
        if self.peek() == Some(':') {
            self.at += 1;
            let value = self.node();
            fields.push((key, value));
        } else {
            fields.push((key, Node::Text(String::new())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_text_is_read_as_tree() {
        let text = |text: &str| Node::Text(text.to_owned());
        let read = read(
            r#"Cat { name: Some("a \"b\", c"), at: 2024-01-01T00:00:00Z, of: [Dog(1)], m: {"k": None} }"#,
        );
        let expected = Node::Fields(
            "Cat".to_owned(),
            vec![
                (
                    "name".to_owned(),
                    Node::Tuple(
                        "Some".to_owned(),
                        vec![Node::Quoted("a \"b\", c".to_owned())],
                    ),
                ),
                ("at".to_owned(), text("2024-01-01T00:00:00Z")),
                (
                    "of".to_owned(),
                    Node::List(vec![Node::Tuple("Dog".to_owned(), vec![text("1")])]),
                ),
                (
                    "m".to_owned(),
                    Node::Fields(String::new(), vec![("k".to_owned(), text("None"))]),
                ),
            ],
        );
        assert_eq!(read, expected);
    }
}
