//! A request as its bytes say, read without the crates of the client.

use neo_client_codegen::openapi::reference::percent_decoded;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub method: String,
    pub path: String,
    /// The names and values of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers, with their names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    /// Reads a request. Fails for bytes that are no request of HTTP/1.1.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let end = find(bytes, b"\r\n\r\n").ok_or("the head of the request has no end")?;
        let (head, body) = bytes.split_at(end);
        let head = std::str::from_utf8(head).map_err(|_| "the head is not UTF-8")?;
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let [method, target, "HTTP/1.1"] = *first.split(' ').collect::<Vec<_>>() else {
            return Err(format!("the request line is `{first}`"));
        };
        let is_legal =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        if !target.bytes().all(is_legal) || target.contains('#') {
            return Err(format!("the target `{target}` has characters to escape"));
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = lines
            .map(|line| {
                let (name, value) = line.split_once(':').ok_or("a header has no colon")?;
                Ok((name.to_ascii_lowercase(), value.trim().to_owned()))
            })
            .collect::<Result<Vec<_>, String>>()?;
        let received = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: pairs(query),
            headers,
            body: body.get(4..).unwrap_or_default().to_vec(),
        };
        let length = received.header("content-length").unwrap_or("0");
        let is_chunked = received.header("transfer-encoding") == Some("chunked");
        if !is_chunked && length != received.body.len().to_string() {
            return Err(format!("content-length is {length}"));
        }
        Ok(received)
    }

    /// Returns the value of the first header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the names of the parts of a `multipart` body. Fails if the body is no such body.
    pub fn parts(&self) -> Result<Vec<String>, String> {
        let media_type = self.header("content-type").unwrap_or_default();
        let (_, boundary) = media_type
            .split_once("boundary=")
            .ok_or("the media type has no boundary")?;
        let body = String::from_utf8_lossy(&self.body);
        let delimiter = format!("--{}", boundary.trim_matches('"'));
        let Some(inner) = body.trim_end().strip_suffix(&format!("{delimiter}--")) else {
            return Err("the body does not end with the boundary".to_owned());
        };
        let mut parts = Vec::new();
        for part in inner.split(&format!("{delimiter}\r\n")).skip(1) {
            let (head, content) = part.split_once("\r\n\r\n").ok_or("a part has no content")?;
            if !content.ends_with("\r\n") {
                return Err("a part does not end with a line break".to_owned());
            }
            let name = head
                .split_once("name=\"")
                .and_then(|(_, rest)| rest.split_once('"'));
            parts.push(name.ok_or("a part has no name")?.0.to_owned());
        }
        Ok(parts)
    }

    /// Returns the names and values of a form.
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&String::from_utf8_lossy(&self.body))
    }
}

/// Returns the names and values of a query or form.
fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decoded(&text.replace('+', " ")).into_owned();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(pair).collect()
}

/// Returns the place of the first `needle`.
pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_is_read_from_its_bytes() {
        let bytes = b"POST /a%20b?x=1&y=%26 HTTP/1.1\r\nContent-Length: 2\r\nX-A: b\r\n\r\n{}";
        let received = Received::parse(bytes).unwrap();
        assert_eq!(
            (received.method.as_str(), received.path.as_str()),
            ("POST", "/a%20b")
        );
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(received.query, [pair("x", "1"), pair("y", "&")]);
        assert_eq!(received.header("x-a"), Some("b"));
        for wrong in [
            "GET / HTTP/1.1\r\n",
            "GET /a b HTTP/1.1\r\n\r\n",
            "GET /a{b} HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\ncontent-length: 3\r\n\r\n{}",
        ] {
            assert!(Received::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_of_a_form_are_read() {
        let form = "--b\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n";
        let head = format!(
            "POST / HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: {}",
            form.len()
        );
        let received = Received::parse(format!("{head}\r\n\r\n{form}").as_bytes()).unwrap();
        assert_eq!(received.parts().unwrap(), ["a"]);
        let cut = form.replace("--b--", "--b");
        let received = Received {
            body: cut.into_bytes(),
            ..received
        };
        assert!(received.parts().is_err());
    }
}
