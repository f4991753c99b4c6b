//! The table of operations, as a generic caller reads it.

use neo_client_fixture::OPERATIONS;
use neo_client_runtime::{Operation, ParameterLocation, ValueKind};

fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|one| one.id == id).unwrap()
}

#[test]
fn table_tells_parameters_in_the_order_of_the_path() {
    let scans = operation("get-parcels-id-scans");
    assert_eq!(scans.summary, "List scans");
    assert!(
        scans
            .description
            .starts_with("Lists the scans of a parcel.")
    );
    assert!(scans.body.is_none() && !scans.deprecated);
    let [id, limit, starting_after, status] = scans.parameters else {
        panic!("{:?}", scans.parameters);
    };
    assert_eq!(
        (id.name, id.location, id.kind, id.required),
        ("id", ParameterLocation::Path, ValueKind::String, true)
    );
    assert_eq!(
        (limit.name, limit.location, limit.kind, limit.required),
        ("limit", ParameterLocation::Query, ValueKind::Integer, false)
    );
    assert_eq!(starting_after.kind.as_str(), Some("integer"));
    assert_eq!(status.values, ["passed", "failed"]);
    assert_eq!(status.location.to_string(), "query");
}

#[test]
fn table_tells_the_body() {
    let body = operation("post-orders").body.unwrap();
    assert_eq!((body.media_type, body.required), ("application/json", true));
}
