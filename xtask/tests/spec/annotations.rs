//! Tests that the formats `github` and `junit` name operations, Rust items and lines.

use std::fs;

use crate::loopback::text;

/// Prints the report of two texts in files with the names.
fn printed(files: [(&str, &str); 2], format: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(directory.path().join(name), content).unwrap();
    }
    let [base, revision] = files.map(|(name, _)| name);
    let arguments = ["spec", "diff", "--format", format, base, revision];
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

const YAML: &str = "\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      tags: [Pets]
      summary: Save a pet
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Pet'
      responses:
        '204': {description: saved}
components:
  schemas:
    Pet:
      type: object
      properties:
        name:
          type: string
          maxLength: 9
        age:
          type: integer
";

#[test]
fn annotation_points_at_the_changed_line() {
    let gone = YAML.replace("        age:\n          type: integer\n", "");
    let other = YAML.replace("          type: integer\n", "          type: string\n");
    let tighter = YAML.replace("maxLength: 9", "maxLength: 8");
    let added = format!("{YAML}        kind:\n          type: string\n");
    for (name, revision, github, junit, item) in [
        // A property that is gone has its line in the old file.
        (
            "gone",
            gone.as_str(),
            "file=base.yaml,line=24,col=9,",
            "file=\"base.yaml\" line=\"24\"",
            "field types::Pet.age",
        ),
        (
            "type",
            &other,
            "file=new.yaml,line=24,col=9,",
            "file=\"new.yaml\" line=\"24\"",
            "field types::Pet.age",
        ),
        (
            "limit",
            &tighter,
            "file=new.yaml,line=23,col=11,",
            "file=\"new.yaml\" line=\"23\"",
            "",
        ),
        (
            "added",
            &added,
            "file=new.yaml,line=26,col=9,",
            "file=\"new.yaml\" line=\"26\"",
            "field types::Pet.kind",
        ),
    ] {
        for (format, place) in [("github", github), ("junit", junit)] {
            let files = [("base.yaml", YAML), ("new.yaml", revision)];
            let shown = printed(files, format);
            assert!(shown.contains(place), "{name}: {shown}");
            assert!(shown.contains("POST /pets"), "{name}: {shown}");
            assert!(shown.contains(item), "{name}: {shown}");
        }
    }
}

#[test]
fn junit_fails_where_only_rust_breaks() {
    let renamed = YAML.replace("summary: Save a pet", "summary: Store a pet");
    let files = [("base.yaml", YAML), ("new.yaml", renamed.as_str())];
    let shown = printed(files, "junit");
    assert!(shown.contains("failures=\"0\""), "{shown}");
    assert!(shown.contains("rust: major"), "{shown}");
    assert!(shown.contains("save_a_pet"), "{shown}");
    let shown = printed(files, "github");
    assert!(shown.contains("save_a_pet"), "{shown}");
}

#[test]
fn change_of_unused_component_is_annotated() {
    let with = |of: &str| {
        format!(
            "{YAML}    Spare:\n      type: object\n      properties:\n        s:\n          type: {of}\n"
        )
    };
    let (old, new) = (with("string"), with("integer"));
    let files = [("base.yaml", old.as_str()), ("new.yaml", new.as_str())];
    let shown = printed(files, "github");
    let expected = "::warning file=new.yaml,line=26,col=5,title=rust (major)::";
    assert!(
        shown.contains(expected) && shown.contains("field types::Spare.s"),
        "{shown}"
    );
    let shown = printed(files, "junit");
    assert!(shown.contains("classname=\"rust\""), "{shown}");
    assert!(shown.contains("file=\"new.yaml\" line=\"26\""), "{shown}");
}
