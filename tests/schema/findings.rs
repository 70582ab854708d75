//! What the rules on the schema say of whole projects.

use std::path::PathBuf;

use composelint::compose::file::Workspace;
use composelint::discover::discover;
use composelint::fs::Memory;
use composelint::lint::{self, Request, Selection, Selector};

/// What is found in the project of these files, as `path:line:column rule message`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let memory = Memory::new();
    for (path, text) in files {
        memory.insert(path, text.as_bytes());
    }
    let found = discover(&memory, &Workspace::new(&memory), &[PathBuf::from(".")], false);
    let select = vec![Selector::parse("schema").expect("it is a category")];
    let request = Request {
        deployments: found.deployments,
        selection: Selection { preset: None, select, ignore: Vec::new() },
        ..Request::default()
    };
    let report = lint::check(&memory, &request);
    let line = |it: &composelint::diagnostic::Diagnostic| {
        let source = report.sources.get(it.span.source);
        let place = source.position(it.span.start);
        format!("{}:{}:{} {} {}", source.path().display(), place.line, place.column, it.rule.name, it.message)
    };
    report.diagnostics.iter().map(line).collect()
}

#[test]
fn what_aliases_and_merge_keys_repeat_is_reported_once() {
    let text = "x-a: &a\n  tty: maybe\nx-b: &b [1, two]\nservices:\n  one:\n    <<: *a\n    image: x\n    dns: *b\n  two:\n    <<: *a\n    image: x\n    dns: *b\n";
    assert_eq!(
        found(&[("compose.yaml", text)]),
        [
            "compose.yaml:2:8 wrong-type `tty` takes `true` or `false`, and this is the text `maybe`",
            "compose.yaml:3:10 wrong-type an item of `dns` takes a text, and this is a number",
        ]
    );
}

#[test]
fn a_variable_is_judged_by_its_value_where_that_is_known() {
    let text = "services:\n  web:\n    image: x\n    restart: ${RESTART}\n    tty: ${TTY}\n    init: ${INIT:-perhaps}\n    ports: ${PORTS}\n";
    assert_eq!(
        found(&[("compose.yaml", text), (".env", "RESTART=sometimes\n")]),
        [
            ".env:1:9 invalid-value `sometimes` is not a restart policy",
            "compose.yaml:6:11 wrong-type `init` takes `true` or `false`, and this is the text `perhaps`",
            "compose.yaml:7:12 wrong-type `ports` takes a list, and this is a text",
        ]
    );
}

#[test]
fn tags_of_the_engine_are_understood() {
    let base = "services:\n  web:\n    image: x\n    ports: [\"80:80\"]\n    build: .\n";
    let over = "services:\n  web:\n    ports: !override [8080]\n    dns: !override 5\n    build: !reset null\n    comand: !reset []\n";
    assert_eq!(
        found(&[("compose.yaml", base), ("compose.override.yaml", over)]),
        ["compose.override.yaml:4:20 wrong-type `dns` takes a text or a list, and this is a number"]
    );
}

#[test]
fn what_one_file_lacks_another_may_have() {
    let base = "services:\n  web:\n    image: x\n    depends_on: [db]\n    environment: [A=b]\n  db:\n    image: x\n";
    let over = "services:\n  web:\n    environment:\n    depends_on:\n      db:\n        restart: true\n      cache:\n        restart: true\n  db:\n";
    assert_eq!(
        found(&[("compose.yaml", base), ("compose.override.yaml", over)]),
        ["compose.override.yaml:7:7 missing-key the dependency `cache` has no `condition`"]
    );
}

#[test]
fn a_fragment_is_not_told_what_it_lacks() {
    let text = "services:\n  web:\n    environment:\n    depends_on:\n      db:\n        restart: true\n";
    assert_eq!(found(&[("compose.prod.yaml", text)]), Vec::<String>::new());
}

#[test]
fn of_a_file_that_is_extended_only_what_is_used_is_judged() {
    let text = "services:\n  web:\n    extends:\n      file: base.yaml\n      service: used\n";
    let base = "anything: goes\nservices:\n  used:\n    image: x\n    comand: x\n  other:\n    comand: x\n";
    assert_eq!(
        found(&[("compose.yaml", text), ("base.yaml", base)]),
        ["base.yaml:5:5 unknown-key `comand` is not a key of a service"]
    );
}

#[test]
fn included_files_are_judged_whole() {
    let text = "include: [other.yaml]\nservices: {}\n";
    let other = "anything: goes\nservices:\n  db:\n    image: x\n    restart: 5\n";
    assert_eq!(
        found(&[("compose.yaml", text), ("other.yaml", other)]),
        [
            "other.yaml:1:1 unknown-key `anything` is not a key of a Compose file",
            "other.yaml:5:14 wrong-type `restart` takes a restart policy such as `unless-stopped`, and this is a number",
        ]
    );
}

#[test]
fn every_mistake_of_many_is_found() {
    let keys: String = (0..20_000).map(|number| format!("    kez{number}: {number}\n")).collect();
    let text = format!("services:\n  web:\n    image: x\n{keys}");
    assert_eq!(found(&[("compose.yaml", &text)]).len(), 20_000);
}

#[test]
fn no_message_shows_the_password_of_an_address() {
    let text = "services:\n  web:\n    image: https://user:hunter2@registry.example.com/web\n";
    let all = found(&[("compose.yaml", text)]);
    assert!(!all.is_empty() && all.iter().all(|line| !line.contains("hunter2")), "{all:?}");
}
