//! The changes: one of each kind that a vendor makes.

use serde_json::{Value, json};

pub struct VendorChange {
    pub name: &'static str,
    pub apply: fn(&mut Value),
    /// Texts of the report.
    pub reported: &'static [&'static str],
    /// The line that Cargo.toml gets for a tag if all changes come together.
    pub feature: Option<&'static str>,
    /// The item that the compiler names, if the change hits hand-written code.
    pub breaks: Option<&'static str>,
    /// `true` if the change does not disturb the others.
    pub is_for_all: bool,
}

const fn change(
    name: &'static str,
    apply: fn(&mut Value),
    reported: &'static [&'static str],
) -> VendorChange {
    VendorChange {
        name,
        apply,
        reported,
        feature: None,
        breaks: None,
        is_for_all: true,
    }
}

impl VendorChange {
    const fn with_feature(mut self, line: &'static str) -> Self {
        self.feature = Some(line);
        self
    }
}

fn operation<'d>(document: &'d mut Value, path: &str, method: &str) -> &'d mut Value {
    &mut document["paths"][path][method]
}

fn schema<'d>(document: &'d mut Value, name: &str) -> &'d mut Value {
    &mut document["components"]["schemas"][name]
}

/// Renames a component and each reference to it.
fn rename_schema(document: &mut Value, from: &str, to: &str) {
    fn replace(value: &mut Value, from: &str, to: &str) {
        match value {
            Value::String(text) if text == from => *text = to.to_owned(),
            Value::Array(items) => items.iter_mut().for_each(|item| replace(item, from, to)),
            Value::Object(object) => object.values_mut().for_each(|item| replace(item, from, to)),
            _ => {}
        }
    }
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let schema = schemas.remove(from).unwrap();
    schemas.insert(to.to_owned(), schema);
    let reference = |name: &str| format!("#/components/schemas/{name}");
    replace(document, &reference(from), &reference(to));
}

pub const CHANGES: &[VendorChange] = &[
    change(
        "operation added, with a tag that is new",
        |document| {
            let mut added = operation(document, "/api/v1/user", "get").clone();
            added["operationId"] = json!("get-v1-whims");
            added["summary"] = json!("List whims");
            added["tags"] = json!(["Whims"]);
            document["paths"]["/api/v1/whims"] = json!({ "get": added });
        },
        &["`GET /api/v1/whims` was added"],
    )
    // The schema of the user gets a UUID below.
    .with_feature(r#"whims = ["uuid"]"#),
    change(
        "operation removed, which an action of the overlay names",
        |document| {
            document["paths"]
                .as_object_mut()
                .unwrap()
                .remove("/api/v1/files");
        },
        &[
            "`GET /api/v1/files` was removed",
            "['/api/v1/files'].get` selects nothing",
        ],
    ),
    change(
        "path renamed",
        |document| {
            let paths = document["paths"].as_object_mut().unwrap();
            let item = paths.remove("/api/v1/github/review-metadata").unwrap();
            paths.insert("/api/v1/github/metadata".to_owned(), item);
        },
        &["/api/v1/github/review-metadata"],
    ),
    change(
        "tag renamed",
        |document| {
            for path in ["/api/v1/memory", "/api/v1/memory/{task_id}"] {
                for operation in document["paths"][path]
                    .as_object_mut()
                    .unwrap()
                    .values_mut()
                {
                    if operation.is_object() {
                        operation["tags"] = json!(["Remembrance"]);
                    }
                }
            }
        },
        &["`memory.get_global_working_memory` keeps its name"],
    )
    .with_feature(r#"memory = ["chrono"]"#),
    change(
        "parameter required",
        |document| {
            operation(document, "/api/v1/secrets", "get")["parameters"][0]["required"] = json!(true)
        },
        &["`project_id`"],
    ),
    change(
        "parameters reordered",
        |document| {
            let parameters = &mut operation(document, "/api/v1/usage/summary", "get")["parameters"];
            parameters.as_array_mut().unwrap().reverse();
        },
        &[],
    ),
    change(
        "property removed",
        |document| {
            let removed = schema(document, "BillingInvoice")["properties"]
                .as_object_mut()
                .unwrap();
            let name = removed.keys().find(|name| *name != "id").unwrap().clone();
            removed.remove(&name);
        },
        &["`BillingInvoice."],
    ),
    change(
        "property required",
        |document| {
            schema(document, "AgentUserUpdateRequest")["required"] = json!(["name"]);
        },
        &["`AgentUserUpdateRequest"],
    ),
    change(
        "enum value added",
        |document| {
            schema(document, "SandboxAction")["enum"]
                .as_array_mut()
                .unwrap()
                .push(json!("defrost"));
        },
        &["defrost"],
    ),
    change(
        "enum value removed",
        |document| {
            let values = schema(document, "ByokProvider")["enum"]
                .as_array_mut()
                .unwrap();
            values.pop();
        },
        &["ByokProvider"],
    ),
    change(
        "format added",
        |document| {
            let parameter =
                &mut operation(document, "/api/v1/ssh-keys/{id}", "get")["parameters"][0];
            parameter["schema"]["format"] = json!("uuid");
        },
        &["/api/v1/ssh-keys/{id}"],
    ),
    change(
        "first format of a tag added",
        |document| {
            let tag = schema(document, "UserProfileResponse")["properties"]["tag"].as_object_mut();
            tag.unwrap().insert("format".to_owned(), json!("uuid"));
        },
        &["`UserProfileResponse.tag"],
    )
    .with_feature(r#"user = ["uuid"]"#),
    change(
        "last format of a tag removed",
        |document| {
            let status = schema(document, "SlackInstallationStatusResponse");
            let id = status["properties"]["installation_id"].as_object_mut();
            id.unwrap().remove("format");
        },
        &["`SlackInstallationStatusResponse.installation_id"],
    )
    .with_feature("slack = []"),
    change(
        "first event stream of a tag added",
        |document| {
            let mut added = operation(document, "/api/v1/issues", "get").clone();
            added["operationId"] = json!("get-v1-issue-events");
            added["summary"] = json!("Watch issues");
            let events = json!({ "text/event-stream": { "schema": { "type": "string" } } });
            added["responses"] = json!({ "200": { "description": "", "content": events } });
            document["paths"]["/api/v1/issue-events"] = json!({ "get": added });
        },
        &["`GET /api/v1/issue-events` was added"],
    )
    .with_feature(r#"issues = ["event-streams"]"#),
    change(
        "schema renamed",
        |document| rename_schema(document, "BillingCreditsResponse", "CreditBalanceV2"),
        &["`types::BillingCreditsResponse` keeps its name"],
    ),
    change(
        "media type added",
        |document| {
            let content =
                &mut operation(document, "/api/v1/projects", "post")["requestBody"]["content"];
            content["application/merge-patch+json"] = content["application/json"].clone();
        },
        &[],
    ),
    VendorChange {
        breaks: Some("CreateTaskStream"),
        is_for_all: false,
        ..change(
            "event stream of starting a task removed",
            |document| {
                let responses = &mut operation(document, "/api/v1/tasks", "post")["responses"];
                for response in responses.as_object_mut().unwrap().values_mut() {
                    if let Some(content) = response["content"].as_object_mut() {
                        content.remove("text/event-stream");
                    }
                }
            },
            &["text/event-stream"],
        )
    },
    VendorChange {
        is_for_all: false,
        ..change(
            "tag removed, which has hand-written code",
            |document| {
                let paths = document["paths"].as_object_mut().unwrap();
                let is_of_tasks = |operation: &Value| operation["tags"] == json!(["Tasks"]);
                for item in paths.values_mut() {
                    let item = item.as_object_mut().unwrap();
                    item.retain(|_, operation| !is_of_tasks(operation));
                }
            },
            &["no tag has the feature `tasks`"],
        )
    },
    change(
        "security removed",
        |document| operation(document, "/api/v1/teams/members", "get")["security"] = json!([]),
        &[],
    ),
    change(
        "summary changed",
        |document| operation(document, "/api/v1/user", "get")["summary"] = json!("Who am I"),
        &["`user.get_current_user` keeps its name; from the document it would be `user.who_am_i`"],
    ),
    change(
        "secret moved",
        |document| {
            let key = schema(document, "ApiKeyResponse")["properties"]
                .as_object_mut()
                .unwrap();
            let created = key.remove("created_at").unwrap();
            key.insert("created".to_owned(), created);
        },
        &["properties with names of secrets are redacted"],
    ),
];
