//! Tests of bundling.

use serde_json::json;

use super::*;

fn files(path: &str) -> Result<Value, String> {
    Ok(match path {
        "common.yaml" => json!({ "components": {
            "parameters": { "Limit": { "name": "limit", "in": "query", "schema": { "$ref": "#/components/schemas/Role" } } },
            "schemas": { "Role": { "enum": ["admin"] }, "Loop": { "properties": { "next": { "$ref": "#/components/schemas/Loop" } } } },
        } }),
        "schemas/user.yaml" => {
            json!({ "properties": { "role": { "$ref": "../common.yaml#/components/schemas/Role" } } })
        }
        "paths/index.yaml" => json!({ "/teams": { "$ref": "teams.yaml" } }),
        "paths/teams.yaml" => {
            json!({ "get": { "responses": { "200": { "$ref": "../responses.yaml#/Ok" } } } })
        }
        "responses.yaml" => json!({ "Ok": { "description": "ok" } }),
        other => return Err(format!("{other}: not found")),
    })
}

#[test]
fn references_to_files_lead_to_copies() {
    let document = json!({
        "paths": { "$ref": "paths/index.yaml" },
        "components": { "schemas": {
            "Role": { "type": "integer" },
            "Users": { "items": { "$ref": "./schemas/user.yaml" } },
            "Loop": { "$ref": "common.yaml#/components/schemas/Loop" },
            "Pet": { "discriminator": { "propertyName": "kind", "mapping": {
                "a": "schemas/user.yaml", "b": "Users", "c": "#/components/schemas/Users",
            } } },
            "Limits": { "properties": { "$ref": { "type": "string" } }, "example": { "$ref": "gone.yaml" } },
        }, "parameters": { "L": { "$ref": "common.yaml#/components/parameters/Limit" } } },
    });
    let bundle = bundle(document, &mut files);
    assert_eq!(bundle.problems, Vec::<String>::new());
    let all = &bundle.document["components"];
    assert_eq!(
        all["schemas"]["Users"]["items"]["$ref"],
        "#/components/schemas/user"
    );
    assert_eq!(
        all["schemas"]["user"]["properties"]["role"]["$ref"],
        "#/components/schemas/Role2"
    );
    assert_eq!(all["schemas"]["Role2"], json!({ "enum": ["admin"] }));
    assert_eq!(
        all["parameters"]["Limit"]["schema"]["$ref"],
        "#/components/schemas/Role2"
    );
    assert_eq!(
        all["schemas"]["Loop2"]["properties"]["next"]["$ref"],
        "#/components/schemas/Loop2"
    );
    assert_eq!(
        all["schemas"]["Pet"]["discriminator"]["mapping"],
        json!({ "a": "#/components/schemas/user", "b": "Users", "c": "#/components/schemas/Users" })
    );
    assert_eq!(all["schemas"]["Limits"]["example"]["$ref"], "gone.yaml");
    assert_eq!(
        bundle.document["paths"]["/teams"]["$ref"],
        "#/components/pathItems/teams"
    );
    assert_eq!(
        all["pathItems"]["teams"]["get"]["responses"]["200"]["$ref"],
        "#/components/responses/Ok"
    );
}

#[test]
fn references_out_of_the_folder_are_not_followed() {
    for hostile in [
        "../secret.yaml",
        "schemas/../../secret.yaml",
        "%2e%2e/secret.yaml",
        "/etc/passwd",
        "file:///etc/passwd",
        "https://evil.example/a.yaml",
        "//evil.example/a.yaml",
        "..\\secret.yaml",
        "C:/secret.yaml",
        "gone.yaml",
        "common.yaml#/nowhere",
    ] {
        let document = json!({ "components": { "schemas": { "A": { "$ref": hostile } } } });
        let mut load = |path: &str| {
            assert!(!path.contains("..") && !path.starts_with('/'), "{path}");
            files(path)
        };
        let bundle = bundle(document.clone(), &mut load);
        assert_eq!(bundle.document, document);
        assert_eq!(bundle.problems.len(), 1, "{hostile}");
    }
}

#[test]
fn reference_by_self_is_local() {
    let document = json!({
        "$self": "https://h.example/api.yaml",
        "components": { "schemas": {
            "A": { "$ref": "https://h.example/api.yaml#/components/schemas/B" },
            "B": {},
        } },
    });
    let bundle = bundle(document, &mut files);
    let reference = &bundle.document["components"]["schemas"]["A"]["$ref"];
    assert_eq!(reference, "#/components/schemas/B");
    assert!(bundle.problems.is_empty());
}

#[test]
fn reference_from_another_file_leads_back() {
    let document = json!({
        "paths": { "/a": { "$ref": "paths.yaml#/a" } },
        "components": { "schemas": { "A": { "type": "string" } } },
    });
    let original = document.clone();
    let mut load = |path: &str| match path {
        "paths.yaml" => Ok(json!({ "a": { "get": { "responses": { "200": { "content": {
            "application/json": { "schema": { "$ref": "api.yaml#/components/schemas/A" } },
        } } } } } })),
        _ => Ok(original.clone()),
    };
    let bundle = bundle(document, &mut load);
    let schemas = &bundle.document["components"]["schemas"];
    assert_eq!(schemas, &json!({ "A": { "type": "string" } }));
    let item = &bundle.document["components"]["pathItems"]["a"];
    let content = &item["get"]["responses"]["200"]["content"];
    let reference = &content["application/json"]["schema"]["$ref"];
    assert_eq!(reference, "#/components/schemas/A");
}
