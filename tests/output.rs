//! `--format`, `--output` and `--statistics` from the outside.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn composelint(directory: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("composelint").expect("the binary is built");
    command.current_dir(directory).args(["check", "--no-config", "--color", "never"]).args(arguments);
    command.output().expect("it runs")
}

fn project() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let text = "version: \"3\"\nservices:\n  a:\n    image: redis\n    environment:\n      API_TOKEN: hunter2hunter2\n";
    fs::write(directory.path().join("compose.yaml"), text).expect("it is written");
    directory
}

#[test]
fn one_run_writes_several_formats_and_prints_one() {
    let project = project();
    let directory = project.path();
    let output =
        composelint(directory, &["--format", "concise", "-o", "sarif=a.sarif", "--output", "junit=b.xml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("compose.yaml:1:1: warning[obsolete-version]"));
    let sarif: serde_json::Value =
        serde_json::from_slice(&fs::read(directory.join("a.sarif")).expect("it is there")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "compose.yaml");
    let junit = fs::read_to_string(directory.join("b.xml")).expect("it is there");
    assert!(junit.contains("<testsuite name=\"compose.yaml\""));
}

#[test]
fn a_file_without_a_format_takes_the_place_of_the_standard_output() {
    let project = project();
    let output = composelint(project.path(), &["--format", "concise", "--output", "a.txt"]);
    assert_eq!((output.status.code(), output.stdout), (Some(1), Vec::new()));
    let text = fs::read_to_string(project.path().join("a.txt")).expect("it is there");
    assert!(text.starts_with("compose.yaml:1:1: warning[obsolete-version]"), "{text}");
}

#[test]
fn a_report_that_cannot_be_written_is_an_incomplete_job() {
    let project = project();
    let output = composelint(project.path(), &["--output", "json=none/a.json"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("cannot write `none/a.json`"), "{errors}");
}

#[test]
fn no_format_shows_a_secret() {
    let project = project();
    for format in [
        "text",
        "concise",
        "json",
        "jsonl",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "rdjson",
        "markdown",
    ] {
        let output = composelint(project.path(), &["--preset", "strict", "--format", format]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("secret-in-environment"), "{format}: {text}");
        assert!(!text.contains("hunter2hunter2"), "{format}");
    }
}

#[test]
fn statistics_say_how_often_each_rule_fires() {
    let project = project();
    let output = composelint(project.path(), &["--statistics"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.lines().any(|line| line.starts_with("1  warning  obsolete-version")), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn code_scanning_gets_a_number_and_tags_for_rules_about_attacks_only() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let text = "services: {db: {image: 'example.com/db:1.2', privileged: true, \
                environment: {DB_PASSWORD: 'vu4ZeefohK3n'}, healthcheck: {disable: true}}}\n";
    fs::write(folder.path().join("compose.yaml"), text).expect("it can be written");
    let output = composelint(folder.path(), &["--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("there are rules");
    let told = |name: &str| {
        let rule = rules.iter().find(|rule| rule["id"] == name).unwrap_or_else(|| panic!("no {name}"));
        let number = rule["properties"].get("security-severity").cloned();
        (number, rule["properties"]["tags"].clone())
    };
    assert_eq!(
        told("privileged-container"),
        (Some("9.3".into()), serde_json::json!(["security", "external/cwe/cwe-250"]))
    );
    assert_eq!(
        told("secret-in-environment"),
        (
            Some("8.9".into()),
            serde_json::json!(["secrets", "security", "external/cwe/cwe-526", "external/cwe/cwe-798"])
        )
    );
    assert_eq!(told("disabled-healthcheck"), (None, serde_json::json!(["reliability"])));
}
