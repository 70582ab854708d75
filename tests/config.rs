//! The `config` command as its users meet it.

use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

const BASE: &str = "\
name: shop
services:
  web:
    image: example.com/web:${TAG}
    command: serve --all
    environment:
      PORT: 8080
      DB_PASSWORD: ${DB_PASSWORD}
      DB_URL: postgres://me:${DB_PASSWORD}@db/shop
    ports: ['8080:80']
  tools:
    image: example.com/tools:1
    profiles: [tools]
";

const ENV: &str = "TAG=1.2\nDB_PASSWORD=Xk29fLq1vv\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    }
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::cargo_bin("composelint")
        .expect("the binary is built")
        .current_dir(folder.path())
        .arg("config")
        .args(arguments)
        .env_clear()
        .output()
        .expect("it runs")
}

fn out(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    String::from_utf8(output.stdout.clone()).expect("the output is text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the output is text")
}

fn json(folder: &TempDir, arguments: &[&str]) -> Value {
    let mut all = vec!["--format", "json"];
    all.extend(arguments);
    serde_json::from_str(&out(&run(folder, &all))).expect("the output is JSON")
}

fn services(model: &Value) -> Vec<&String> {
    model["services"].as_object().expect("there are services").keys().collect()
}

#[test]
fn yaml_is_the_default_and_masks_what_is_secret() {
    let folder = folder(&[("compose.yaml", BASE), (".env", ENV)]);
    let expected = "\
name: shop
services:
  web:
    command:
      - serve
      - --all
    environment:
      DB_PASSWORD: \"***\"
      DB_URL: postgres://me:***@db/shop
      PORT: \"8080\"
    image: example.com/web:1.2
    networks:
      default: null
    ports:
      - mode: ingress
        target: 80
        published: \"8080\"
        protocol: tcp
networks:
  default:
    name: shop_default
";
    assert_eq!(out(&run(&folder, &[])), expected);
    let shown = out(&run(&folder, &["--show-secrets"]));
    assert!(shown.contains("DB_PASSWORD: Xk29fLq1vv\n"), "{shown}");
    assert!(shown.contains("DB_URL: postgres://me:Xk29fLq1vv@db/shop\n"), "{shown}");
}

#[test]
fn json_is_for_machines_and_masks_nothing() {
    let folder = folder(&[("compose.yaml", BASE), (".env", ENV)]);
    let model = json(&folder, &[]);
    assert_eq!(model["services"]["web"]["environment"]["DB_PASSWORD"], json!("Xk29fLq1vv"));
    assert_eq!(model["services"]["web"]["ports"][0]["target"], json!(80));
}

#[test]
fn yaml_and_json_say_the_same() {
    let text = "services:\n  web:\n    image: web\n    environment:\n      A: 'yes'\n      B: \"a\\nb\\n\"\n      C: \" x: #y'\"\n      D: '22:22'\n      E: \"\\t\\e\"\n      F: '- a'\n      G: \"a\\n\\n b\"\nx-n: [1, 1.5, null, true, '', {}, [[a], {b: c}]]\n";
    let folder = folder(&[("compose.yaml", text)]);
    let yaml: Value = serde_yaml::from_str(&out(&run(&folder, &[]))).expect("the output is YAML");
    assert_eq!(yaml, json(&folder, &[]));
}

#[test]
fn the_origin_names_file_and_line_of_each_value() {
    let files = [
        ("compose.yaml", "services:\n  web:\n    image: web:1\n    command: [a, b]\n"),
        ("compose.override.yaml", "services:\n  web:\n    image: web:2\n"),
    ];
    let printed = out(&run(&folder(&files), &["--origin"]));
    assert!(printed.contains("    image: web:2 # compose.override.yaml:3\n"), "{printed}");
    assert!(printed.contains("      - b # compose.yaml:4\n"), "{printed}");
    assert!(printed.contains("      default: null\n"), "{printed}");
}

#[test]
fn profiles_switch_services_on() {
    let folder = folder(&[("compose.yaml", BASE), (".env", ENV)]);
    assert_eq!(services(&json(&folder, &[])), ["web"]);
    assert_eq!(services(&json(&folder, &["--profile", "tools"])), ["tools", "web"]);
    assert_eq!(services(&json(&folder, &["--profile", "*"])), ["tools", "web"]);
    std::fs::write(folder.path().join(".env"), format!("{ENV}COMPOSE_PROFILES=tools\n"))
        .expect("it is written");
    assert_eq!(services(&json(&folder, &[])), ["tools", "web"]);
}

#[test]
fn the_files_of_a_directory_are_found_as_the_engine_finds_them() {
    let other = "services: {old: {image: old}}\n";
    let folder = folder(&[
        ("app/compose.yaml", BASE),
        ("app/docker-compose.yml", other),
        ("app/compose.override.yaml", "services: {web: {tty: true}}\n"),
        ("app/inner/readme.txt", ""),
        ("listed/a.yaml", other),
        ("listed/b.yaml", "services: {new: {image: new}}\n"),
        ("listed/.env", "COMPOSE_FILE=a.yaml:b.yaml\nCOMPOSE_PROJECT_NAME=given\n"),
    ]);
    assert_eq!(json(&folder, &["app"])["services"]["web"]["tty"], json!(true));
    assert_eq!(json(&folder, &["app/inner"])["name"], json!("shop"));
    let listed = json(&folder, &["listed"]);
    assert_eq!(services(&listed), ["new", "old"]);
    assert_eq!(listed["name"], json!("given"));
}

#[test]
fn an_env_file_takes_the_place_of_the_usual_one() {
    let folder = folder(&[("compose.yaml", BASE), (".env", ENV), ("prod.env", "TAG=9\n")]);
    let model = json(&folder, &["-f", "compose.yaml", "--env-file", "prod.env"]);
    assert_eq!(model["services"]["web"]["image"], json!("example.com/web:9"));
    assert_eq!(model["services"]["web"]["environment"]["DB_PASSWORD"], json!(""));
}

#[test]
fn an_invalid_project_is_explained_and_not_printed() {
    let folder = folder(&[
        ("compose.yaml", "services:\n  web:\n    image: web\n    ports: [x]\n"),
        ("broken.yaml", "services:\n\tweb: {}\n"),
    ]);
    for file in ["compose.yaml", "broken.yaml"] {
        let output = run(&folder, &["-f", file]);
        assert_eq!(output.status.code(), Some(1), "{file}");
        assert!(output.stdout.is_empty());
        assert!(err(&output).starts_with(&format!("{file}:")), "{}", err(&output));
    }
}

#[test]
fn what_cannot_be_done_ends_with_2() {
    let folder = folder(&[("compose.yaml", BASE)]);
    assert_eq!(run(&folder, &["-f", "gone.yaml"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["--env-file", "gone.env"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["--origin", "--format", "json"]).status.code(), Some(2));
    let empty = TempDir::new().expect("a temporary folder can be made");
    let output = run(&empty, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).ends_with("or above it; name one with `--file`\n"), "{}", err(&output));
}

#[test]
fn what_fails_only_once_containers_are_made_is_resolved_all_the_same() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let text = "services:\n  web:\n    image: MY_IMAGE\n    restart: sometimes\n";
    std::fs::write(folder.path().join("compose.yaml"), text).expect("it can be written");
    let run = |arguments: &[&str]| {
        assert_cmd::Command::cargo_bin("composelint")
            .expect("the binary is built")
            .current_dir(folder.path())
            .args(arguments)
            .output()
            .expect("it runs")
    };
    assert_eq!(run(&["config"]).status.code(), Some(0));
    assert_eq!(run(&["check"]).status.code(), Some(1));
}
