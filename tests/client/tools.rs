//! The tool list of an agent, built from the table of operations, and a call of a tool.

use neo_client::api::body_schema;
use neo_client::mock::MockServer;
use neo_client::serde_json::{Map, Value, json, to_value};
use neo_client::{
    Client, Error, ErrorKind, Method, OPERATIONS, Operation, Parameter, ParameterLocation,
    ResponseKind, ValueKind,
};

/// Returns a tool in the form that agents take: a name, a description and a JSON Schema.
fn tool(operation: &Operation) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in operation.parameters {
        properties.insert(parameter.name.to_owned(), schema_of(parameter));
        if parameter.required {
            required.push(parameter.name);
        }
    }
    let mut definitions = json!({});
    if let Some(body) = &operation.body {
        let schema = body_schema(operation).map(to_value);
        let mut schema = schema.transpose().unwrap().unwrap_or(json!({}));
        let object = schema.as_object_mut().unwrap();
        definitions = object.remove("$defs").unwrap_or(definitions);
        object.remove("$schema");
        properties.insert("body".to_owned(), schema);
        if body.required {
            required.push("body");
        }
    }
    json!({
        "name": operation.name.replace('.', "_"),
        "description": format!("{}\n\n{}", operation.summary, operation.description),
        "input_schema": {
            "type": "object",
            "properties": properties,
            "required": required,
            "$defs": definitions,
        },
    })
}

fn schema_of(parameter: &Parameter) -> Value {
    let mut schema = json!({ "description": parameter.description });
    if let Some(kind) = parameter.kind.as_str() {
        schema["type"] = kind.into();
    }
    let values = match parameter.kind {
        ValueKind::Array(items) => {
            schema["items"] = json!({ "type": items.as_str().unwrap_or("string") });
            &mut schema["items"]
        }
        _ => &mut schema,
    };
    if !parameter.values.is_empty() {
        values["enum"] = parameter.values.into();
    }
    schema
}

/// Calls the operation of a tool with the arguments of an agent.
async fn call(neo: &Client, operation: &Operation, arguments: &Value) -> Result<Value, Error> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (mut in_path, mut query) = (Vec::new(), Vec::new());
    for parameter in operation.parameters {
        let Some(value) = arguments.get(parameter.name) else {
            continue;
        };
        let pair = (parameter.name, text(value));
        match parameter.location {
            ParameterLocation::Path => in_path.push(pair),
            _ => query.push(pair),
        }
    }
    let path = operation.path_with(in_path)?;
    let mut request = neo.request(operation.method(), path).query(&query);
    if let Some(body) = arguments.get("body") {
        request = request.json(body);
    }
    request.send_as().await
}

#[test]
fn every_operation_is_a_tool_with_a_schema() {
    for operation in OPERATIONS {
        let tool = tool(operation);
        let name = tool["name"].as_str().unwrap();
        let is_plain = |it: char| it.is_ascii_alphanumeric() || it == '_';
        assert!(name.len() <= 64 && name.chars().all(is_plain), "{name}");
        assert!(!operation.summary.is_empty(), "{name}");
        jsonschema::validator_for(&tool["input_schema"]).expect(name);
        let in_path = operation.path.matches('{').count();
        let required = operation.parameters.iter().filter(|it| it.required);
        assert!(required.count() >= in_path, "{name}");
    }
}

#[test]
fn tool_describes_arguments_and_body() {
    let find = |name: &str| OPERATIONS.iter().find(|one| one.name == name).unwrap();
    let files = tool(find("files.list_user_files"));
    let size = &files["input_schema"]["properties"]["page_size"];
    assert_eq!(size["type"], "integer");
    assert_ne!(size["description"], "");

    let task = tool(find("tasks.create_task"));
    assert_eq!(task["input_schema"]["required"], json!(["body"]));
    let validator = jsonschema::validator_for(&task["input_schema"]).unwrap();
    assert!(validator.is_valid(&json!({ "body": { "task": "scan example.com" } })));
    assert!(!validator.is_valid(&json!({ "body": { "task": 7 } })));
    assert!(!validator.is_valid(&json!({})));
}

#[tokio::test]
async fn tool_is_called_by_the_table_alone() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    for operation in OPERATIONS {
        if operation.method() != Method::GET || operation.response != ResponseKind::Json {
            continue;
        }
        let mut arguments = json!({});
        for parameter in operation.parameters.iter().filter(|it| it.required) {
            arguments[parameter.name] = match (parameter.values, parameter.kind) {
                ([first, ..], _) => json!(first),
                (_, ValueKind::Integer) => json!(1),
                _ => json!("x"),
            };
        }
        call(&neo, operation, &arguments)
            .await
            .expect(operation.name);
        let last = server.requests().pop().unwrap();
        assert_eq!(last.operation(), Some(operation));
    }
}

#[tokio::test]
async fn tool_stays_in_its_path() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    let find = |name: &str| OPERATIONS.iter().find(|one| one.name == name).unwrap();
    let details = find("tasks.get_task_details");
    let id = "a/b c?x#y";
    call(&neo, details, &json!({ "id": id })).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].operation(), Some(details));
    assert_eq!(requests[0].path_parameter("id"), Some(id));
    for hostile in ["..", "x/../../billing/credits", "", "a\\b"] {
        let error = call(&neo, details, &json!({ "id": hostile }))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{hostile}");
    }
    assert_eq!(server.requests().len(), 1);
}
