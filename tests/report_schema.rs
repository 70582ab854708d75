//! The JSON report is what `schemas/report.schema.json` says.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn schema() -> jsonschema::Validator {
    let text = include_str!("../schemas/report.schema.json");
    let schema: Value = serde_json::from_str(text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
}

fn report(folder: &Path) -> Value {
    let output = Command::cargo_bin("composelint")
        .expect("the binary is built")
        .current_dir(folder)
        .args(["check", "--format", "json", "--select", "all", "."])
        .output()
        .expect("it runs");
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}

fn assert_valid(validator: &jsonschema::Validator, report: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_report_of_every_fixture_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let report = report(&root);
    assert_valid(&schema(), &report);
    assert!(report["diagnostics"].as_array().is_some_and(|it| !it.is_empty()), "the fixtures have findings");
}

#[test]
fn a_report_without_findings_is_valid() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    assert_valid(&schema(), &report(folder.path()));
}

#[test]
fn the_snapshot_is_valid() {
    let snapshot = serde_json::from_str(include_str!("output/report.json")).expect("the snapshot is JSON");
    assert_valid(&schema(), &snapshot);
}

#[test]
fn a_report_of_another_form_is_not() {
    let mut snapshot: Value =
        serde_json::from_str(include_str!("output/report.json")).expect("the snapshot is JSON");
    snapshot["diagnostics"][0]["severity"] = "fatal".into();
    assert!(!schema().is_valid(&snapshot));
}
