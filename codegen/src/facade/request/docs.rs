//! The documentation of the method that creates a request.

use super::Request;
use crate::lower::ResponseKind;
use crate::refine::last_segment;

impl Request<'_> {
    /// Returns the documentation of the method, with the code of an example.
    pub(super) fn doc(&self, example: Option<&str>) -> String {
        let operation = self.operation;
        let mut doc = String::new();
        let mut paragraph = |text: &str| {
            if !text.trim().is_empty() {
                doc.push_str(text.trim());
                doc.push_str("\n\n");
            }
        };
        paragraph(&operation.summary);
        if operation.description.trim() != operation.summary.trim() {
            paragraph(&operation.description);
        }
        let method = operation.method_token();
        paragraph(&format!("`{method} {}`", operation.path));
        paragraph(match operation.response {
            ResponseKind::EventStream => "The response is an event stream (`text/event-stream`).",
            ResponseKind::JsonLines => "The response is a stream of JSON values.",
            ResponseKind::Bytes => "The response comes as a stream of bytes.",
            ResponseKind::Text => "The response is text.",
            ResponseKind::Json if self.is_untyped() => {
                "The OpenAPI document does not describe the response: `send_as` decodes it as a type of \
                 your own."
            }
            ResponseKind::Json | ResponseKind::Empty => "",
        });
        let mut list = String::new();
        for argument in self
            .required()
            .chain(self.arguments.iter().filter(|one| one.optional))
        {
            let text = argument
                .description
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let kind = if argument.optional { " (optional)" } else { "" };
            let colon = if text.is_empty() { "" } else { ": " };
            list.push_str(&format!("- `{}`{kind}{colon}{text}\n", argument.ident));
        }
        if !list.is_empty() {
            paragraph(&format!("# Parameters\n\n{list}"));
        }
        paragraph(&self.errors());
        if let Some(example) = example {
            paragraph(&format!("# Example\n\n```no_run\n{example}\n```"));
        }
        if let Some(reference) = &operation.reference {
            paragraph(&format!("[Reference](<{reference}>)"));
        }
        doc.trim_end().to_owned()
    }

    /// Returns whether the value of a response is any JSON.
    fn is_untyped(&self) -> bool {
        last_segment(self.success).as_deref() == Some("Value")
    }

    /// Returns the section on errors: those of every call, and the documented error responses.
    fn errors(&self) -> String {
        let mut text =
            "# Errors\n\nFails if an argument is invalid, if no response arrives, or if \
             the server responds with an error"
                .to_owned();
        let mut listed = String::new();
        for (status, description) in &self.operation.errors {
            let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
            let colon = if description.is_empty() { "" } else { ": " };
            listed.push_str(&format!("\n- `{status}`{colon}{description}"));
        }
        text.push_str(if listed.is_empty() { "." } else { ":\n" });
        text + &listed
    }
}
