//! The command as its users meet it.

#![allow(clippy::print_stdout, reason = "a test that cannot run says so")]

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const GOOD: &str = "services:\n  web:\n    image: example.com/web:1.2\n";
const OLD: &str = "version: \"3\"\n\nservices:\n  web:\n    image: example.com/web:1.2\n";

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
        .args(arguments)
        .env_clear()
        .output()
        .expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the output is text")
}

fn json(folder: &TempDir, arguments: &[&str]) -> Value {
    let mut all = vec!["check", "--format", "json"];
    all.extend(arguments);
    serde_json::from_slice(&run(folder, &all).stdout).expect("the output is JSON")
}

fn read(folder: &TempDir, path: &str) -> Vec<u8> {
    std::fs::read(folder.path().join(path)).expect("it can be read")
}

#[test]
fn the_exit_code_is_0_for_nothing_1_for_findings_and_2_for_an_incomplete_job() {
    let folder = folder(&[("good/compose.yaml", GOOD), ("old/compose.yaml", OLD)]);
    assert_eq!(run(&folder, &["good"]).status.code(), Some(0));
    assert_eq!(run(&folder, &["old"]).status.code(), Some(1));
    assert_eq!(run(&folder, &["old", "--fail-on", "error"]).status.code(), Some(0));
    assert_eq!(run(&folder, &["gone"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["old", "gone"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["--select", "no-such-rule"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["--no-such-option"]).status.code(), Some(2));
}

#[test]
fn an_invalid_file_is_a_finding_and_stops_no_other() {
    let folder = folder(&[("a/compose.yaml", "services:\n\tweb: {}\n"), ("b/compose.yaml", OLD)]);
    let output = run(&folder, &["--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("a/compose.yaml:2:1: error[yaml-syntax]"), "{}", out(&output));
    assert!(out(&output).contains("b/compose.yaml:1:1: warning[obsolete-version]"), "{}", out(&output));
}

#[test]
fn what_cannot_be_read_is_named_with_its_reason() {
    let folder = folder(&[]);
    let output = run(&folder, &["gone.yaml"]);
    assert!(
        out(&output).contains("cannot read `gone.yaml`: there is no such file or directory"),
        "{}",
        out(&output)
    );
}

#[test]
fn an_unknown_rule_is_answered_with_the_nearest() {
    let folder = folder(&[]);
    assert!(
        err(&run(&folder, &["--select", "obsolete-versoin"])).contains("`obsolete-version` is the nearest")
    );
    assert!(
        err(&run(&folder, &["explain", "obsolete-versoin"])).contains("`obsolete-version` is the nearest")
    );
}

#[test]
fn explain_prints_the_page() {
    let folder = folder(&[]);
    let output = run(&folder, &["explain", "obsolete-version"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).starts_with("# obsolete-version\n"));
}

#[test]
fn explain_says_what_is_known_of_an_image() {
    let folder = folder(&[]);
    let output = run(&folder, &["explain", "image:postgres:12"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).starts_with("postgres:12\n"), "{}", out(&output));
    assert!(out(&output).contains("12 ended on 2024-11-21"), "{}", out(&output));
    let output = run(&folder, &["explain", "image:docker.io/library/redis"]);
    assert!(out(&output).contains("redis-cli ping"), "{}", out(&output));
    let output = run(&folder, &["explain", "image:postgress"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("`postgres` is the nearest"), "{}", err(&output));
    assert_eq!(run(&folder, &["explain", "image:Not An Image"]).status.code(), Some(2));
}

#[test]
fn rules_lists_every_rule_with_what_a_machine_needs() {
    let folder = folder(&[]);
    let rules: Vec<Value> = serde_json::from_slice(&run(&folder, &["rules", "--format", "json"]).stdout)
        .expect("the output is JSON");
    assert_eq!(rules.len(), composelint::rules::RULES.len());
    let rule = rules.iter().find(|rule| rule["name"] == "obsolete-version").expect("it is a rule");
    assert_eq!(rule["category"], "obsolete");
    assert_eq!(rule["severity"], "warning");
    assert_eq!(rule["preset"], "essential");
    assert!(rule["equivalents"].as_array().is_some_and(|it| it.contains(&"dclint:no-version-field".into())));
    assert_eq!(rule["security_severity"], Value::Null, "an obsolete key is no attack");
    let rule = rules.iter().find(|rule| rule["name"] == "docker-socket-mount").expect("it is a rule");
    assert_eq!(rule["security_severity"], 9.3);
    assert_eq!(rule["weaknesses"], serde_json::json!(["CWE-250"]));
    assert_eq!(rule["grades"][1]["severity"], "warning");
    assert_eq!(rule["grades"][1]["attacker"], "container");
    assert!(rule["grades"][1]["departure"].is_string());
    assert!(out(&run(&folder, &["rules"])).lines().count() == rules.len());
}

#[test]
fn json_has_the_place_by_line_column_and_offset() {
    let folder = folder(&[("compose.yaml", "# ä\nversion: '3'\nservices: {web: {image: 'a:1'}}\n")]);
    let report = json(&folder, &["--select", "obsolete-version"]);
    let diagnostic = &report["diagnostics"][0];
    assert_eq!(report["version"], 1);
    assert_eq!(diagnostic["rule"], "obsolete-version");
    assert_eq!(diagnostic["category"], "obsolete");
    assert_eq!(diagnostic["path"], "compose.yaml");
    assert_eq!(diagnostic["span"]["start"], serde_json::json!({"line": 2, "column": 1, "offset": 5}));
    assert_eq!(diagnostic["fix"]["applicability"], "safe");
    assert_eq!(diagnostic["deployments"], serde_json::json!([["compose.yaml"]]));
}

#[test]
fn rules_are_chosen_by_preset_name_and_category() {
    let folder =
        folder(&[("compose.yaml", "version: '3'\nservices: {web: {image: 'a:1', privileged: true}}\n")]);
    let found = |arguments: &[&str]| -> Vec<String> {
        let report = json(&folder, arguments);
        let diagnostics = report["diagnostics"].as_array().expect("it is a list");
        diagnostics.iter().filter_map(|it| it["rule"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(found(&["--preset", "essential"]), ["obsolete-version"]);
    assert_eq!(found(&["--select", "obsolete"]), ["obsolete-version"]);
    assert_eq!(
        found(&[
            "--select",
            "all",
            "--ignore",
            "obsolete,reliability,style,supply-chain,security",
            "--select",
            "privileged-container"
        ]),
        ["privileged-container"]
    );
    assert!(!found(&["--ignore", "obsolete-version"]).contains(&"obsolete-version".to_owned()));
    assert_eq!(found(&["--no-config", "--preset", "essential", "--ignore", "all"]), [""; 0]);
}

#[test]
fn files_given_with_f_are_judged_as_one_project() {
    let folder = folder(&[
        ("base.yaml", "services: {web: {image: 'example.com/a:1', depends_on: [db]}}\n"),
        ("more.yaml", "services: {db: {image: 'example.com/b:1'}}\n"),
    ]);
    let select = ["--select", "undefined-service", "--format", "concise"];
    let both = run(&folder, &[&select[..], &["-f", "base.yaml", "-f", "more.yaml"]].concat());
    assert_eq!(both.status.code(), Some(0), "{}", out(&both));
    let alone = run(&folder, &[&select[..], &["-f", "base.yaml"]].concat());
    assert!(out(&alone).contains("base.yaml:1:57: error[undefined-service]"), "{}", out(&alone));
}

#[test]
fn profiles_choose_the_services_that_are_judged() {
    let folder = folder(&[(
        "compose.yaml",
        "services:\n  a: {image: 'x:1', privileged: true, profiles: [one]}\n  b: {image: 'x:1', privileged: true, profiles: [two]}\n  c: {image: 'x:1', privileged: true}\n",
    )]);
    let count = |arguments: &[&str]| {
        let all = [&["--select", "privileged-container"], arguments].concat();
        json(&folder, &all)["diagnostics"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count(&[]), 3);
    assert_eq!(count(&["--profile", "one"]), 2);
    assert_eq!(count(&["--profile", "*"]), 3);
}

#[test]
fn a_finding_of_several_deployments_is_one_that_names_them() {
    let folder = folder(&[
        ("compose.yaml", "services: {web: {image: 'x:1', privileged: true}}\n"),
        ("compose.prod.yaml", "services: {web: {privileged: false}}\n"),
        ("compose.test.yaml", "services: {web: {user: app}}\n"),
    ]);
    let report = json(&folder, &["--select", "privileged-container"]);
    assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        report["diagnostics"][0]["deployments"],
        serde_json::json!([["compose.yaml"], ["compose.yaml", "compose.test.yaml"]])
    );
}

#[test]
fn findings_outside_the_files_given_are_not_shown() {
    let folder =
        folder(&[("compose.yaml", OLD), ("compose.prod.yaml", "services: {web: {privileged: true}}\n")]);
    let output = run(&folder, &["--format", "concise", "compose.prod.yaml"]);
    assert!(out(&output).contains("privileged-container"), "{}", out(&output));
    assert!(!out(&output).contains("obsolete-version"), "{}", out(&output));
}

#[test]
fn a_name_that_starts_with_a_dash_is_a_file_behind_two_dashes() {
    let folder = folder(&[("-x.yaml", OLD)]);
    let output = run(&folder, &["check", "--format", "concise", "--", "-x.yaml"]);
    assert!(out(&output).contains("-x.yaml:1:1: warning[obsolete-version]"), "{}", out(&output));
}

#[test]
fn what_git_ignores_is_left_out_unless_it_is_asked_for() {
    let folder = folder(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".gitignore", "vendor/\n"),
        ("vendor/compose.yaml", OLD),
        (".devcontainer/compose.yaml", OLD),
    ]);
    let listed = |arguments: &[&str]| out(&run(&folder, &[&["--format", "concise"], arguments].concat()));
    assert!(!listed(&[]).contains("vendor"), "{}", listed(&[]));
    assert!(listed(&[]).contains(".devcontainer/compose.yaml"), "{}", listed(&[]));
    assert!(listed(&["--no-ignore"]).contains("vendor/compose.yaml"));
    assert!(listed(&["vendor/compose.yaml"]).contains("vendor/compose.yaml"));
}

#[test]
fn no_control_character_of_a_file_reaches_the_output() {
    let text = "services:\n  \"we\\eb\": {image: \"a:1\", privileged: true} # red\u{202e}\n";
    let raw = "services:\n  web: {image: \"\u{1b}[31m\", x: [}\n";
    let folder = folder(&[("compose.yaml", text), ("raw/compose.yaml", raw)]);
    for format in ["text", "concise", "json"] {
        let output = out(&run(&folder, &["--format", format, "--select", "all"]));
        let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!output.contains(bad), "{format}: {output:?}");
        assert!(output.contains("privileged-container") && output.contains("yaml-syntax"), "{output}");
    }
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let folder = folder(&[("compose.yaml", OLD)]);
    assert!(!out(&run(&folder, &[])).contains('\u{1b}'));
    assert!(out(&run(&folder, &["--color", "always"])).contains('\u{1b}'));
}

#[test]
fn quiet_says_nothing_about_nothing() {
    let folder = folder(&[("compose.yaml", GOOD)]);
    assert_eq!(out(&run(&folder, &["--quiet"])), "");
    assert_ne!(out(&run(&folder, &[])), "");
}

#[test]
fn fix_changes_the_bytes_it_must_and_no_others() {
    let text = "\u{feff}# shop\r\nversion: '3.8' # old\r\n\r\nservices:\r\n  web:\r\n    image: 'example.com/a:1'   # kept";
    let folder = folder(&[("compose.yaml", text)]);
    let output = run(&folder, &["--fix", "--select", "obsolete-version"]);
    assert_eq!(output.status.code(), Some(0), "nothing is left to find");
    let report = "no problems in 1 file\nfixed 1 finding in 1 file:\n  compose.yaml: obsolete-version\n";
    assert_eq!(out(&output), report);
    let wanted = "\u{feff}# shop\r\n\r\nservices:\r\n  web:\r\n    image: 'example.com/a:1'   # kept";
    assert_eq!(String::from_utf8_lossy(&read(&folder, "compose.yaml")), wanted);
    assert_eq!(run(&folder, &["--fix", "--select", "obsolete-version"]).status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&read(&folder, "compose.yaml")), wanted);
}

#[test]
fn diff_prints_the_change_and_makes_none() {
    let folder = folder(&[("compose.yaml", OLD)]);
    let output = run(&folder, &["--diff"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        out(&output),
        "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,5 +1,3 @@\n-version: \"3\"\n-\n services:\n   web:\n     image: example.com/web:1.2\n"
    );
    assert_eq!(read(&folder, "compose.yaml"), OLD.as_bytes());
    assert_eq!(run(&folder, &["--diff", "--ignore", "obsolete-version"]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn fix_keeps_the_mode_and_follows_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("real/stack.yaml", OLD)]);
    let real = folder.path().join("real/stack.yaml");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("it can be set");
    symlink("real/stack.yaml", folder.path().join("compose.yaml")).expect("it can be made");
    run(&folder, &["--fix", "compose.yaml"]);
    assert!(Path::is_symlink(&folder.path().join("compose.yaml")));
    assert_eq!(read(&folder, "real/stack.yaml"), &OLD.as_bytes()["version: \"3\"\n\n".len()..]);
    assert_eq!(std::fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened() {
    let folder = folder(&[]);
    let fifo = folder.path().join("compose.yaml");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: there is no mkfifo");
        return;
    }
    assert_eq!(run(&folder, &["compose.yaml"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["-f", "compose.yaml"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["."]).status.code(), Some(0));
}

#[test]
fn hostile_files_are_answered() {
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..9).map(|n| {
            let alias = format!("*a{}", n - 1);
            format!("a{n}: &a{n} [{}]\n", [alias.as_str(); 10].join(", "))
        }))
        .collect();
    let deep = "[".repeat(10_000);
    let files: &[(&str, &[u8], &str)] = &[
        ("utf16", b"\xff\xfes\x00e\x00r\x00", "the file is UTF-16, not UTF-8"),
        ("latin1", b"services:\n  web:\n    image: caf\xe9\n", "a byte that is not UTF-8"),
        ("nul", b"services:\n  web: \x00\n", "NUL"),
        ("deep", deep.as_bytes(), "nested more than 128 deep"),
        ("bomb", bomb.as_bytes(), "stand for more than 100000 values"),
        ("large", &vec![b'#'; (8 << 20) + 1], "more than the 8388608 that are read"),
    ];
    for (name, bytes, message) in files {
        let folder = folder(&[]);
        std::fs::write(folder.path().join("compose.yaml"), bytes).expect("it can be written");
        let output = run(&folder, &["--format", "concise", "."]);
        assert_eq!(output.status.code(), Some(1), "{name}: {}", err(&output));
        assert!(out(&output).contains(message), "{name}: {}", out(&output));
    }
}

#[test]
fn no_secret_of_a_file_is_printed_in_any_format() {
    // Put together here, so that no scanner takes this file for one with secrets.
    let secret = ["Tr0ub4dor", "and", "3"].join("-");
    let token =
        format!("ghp_{}", "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5".chars().take(36).collect::<String>());
    let whole = format!(
        "version: '3'\nservices:\n  db:\n    privileged: true\n    image: postgres # {token}\n    environment: {{POSTGRES_PASSWORD: {secret}, URL: \"pg://u:{secret}@db\", X: \"${{DB_PASSWORD:-{secret}}}\"}}\n"
    );
    let broken = format!("services:\n  db:\n    environment:\n      DB_PASSWORD: {secret}\n\timage: x\n");
    let dockerfile = format!("FROM alpine\nENV DB_PASSWORD={secret} BAD\n");
    let folder =
        folder(&[("compose.yaml", &whole), ("b/compose.yaml", &broken), ("b/Dockerfile", &dockerfile)]);
    for arguments in [
        &["--format", "text", "--select", "all"][..],
        &["--format", "concise", "--select", "all"],
        &["--format", "json", "--select", "all"],
        &["--format", "text", "--select", "privileged-container,yaml-syntax,dockerfile-syntax"],
    ] {
        let output = run(&folder, arguments);
        let all = format!("{}{}", out(&output), err(&output));
        assert!(all.contains("privileged-container"), "{all}");
        assert!(!all.contains(&secret), "{arguments:?}: {all}");
        assert!(!all.contains(&token), "{arguments:?}: {all}");
    }
}

#[test]
fn a_folder_without_anything_to_lint_is_said_to_be_one() {
    let folder = folder(&[("readme.txt", "hello\n")]);
    let output = run(&folder, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(err(&output).contains("there is no Compose file or Dockerfile"), "{}", err(&output));
}

#[test]
fn variables_may_come_from_other_files_than_env() {
    let folder = folder(&[
        ("compose.yaml", "services: {web: {image: 'a:1', privileged: '${SURE:-false}'}}\n"),
        ("ci.env", "SURE=true\n"),
    ]);
    let run = |arguments: &[&str]| {
        run(&folder, &[&["--select", "privileged-container", "--format", "concise"], arguments].concat())
    };
    assert_eq!(run(&[]).status.code(), Some(0));
    assert_eq!(run(&["--env-file", "ci.env"]).status.code(), Some(1));
    assert_eq!(run(&["--env-file", "gone.env"]).status.code(), Some(2));
}

#[test]
fn an_included_file_is_fixed_like_any_other() {
    let folder = folder(&[
        ("compose.yaml", "include: [parts/web.yaml]\nnetworks: {front: {}}\n"),
        (
            "parts/web.yaml",
            "services:\n  web:\n    image: nginx:1.27\n    networks: [front]\n    volumes:\n      - ./site.conf:/etc/nginx/nginx.conf\n",
        ),
        ("parts/site.conf", ""),
    ]);
    let select = ["--select", "writable-config-mount", "--fix", "--unsafe-fixes"];
    assert_eq!(run(&folder, &select).status.code(), Some(0));
    let fixed = String::from_utf8(read(&folder, "parts/web.yaml")).expect("it is text");
    assert!(fixed.contains("- ./site.conf:/etc/nginx/nginx.conf:ro\n"), "{fixed}");
}

#[test]
fn what_stops_a_named_file_is_told_wherever_it_stands() {
    let base = "include: [parts/b.yaml]\nservices:\n  web:\n    image: example.com/web:1\n";
    for (part, told) in [
        ("services:\n  x: [\n", "parts/b.yaml:2:6: error[yaml-syntax]"),
        ("include: [../compose.yaml]\nservices: {}\n", "parts/b.yaml:1:11: error[include-error]"),
    ] {
        let other = ("compose.prod.yaml", "services: [\n");
        let folder = folder(&[("compose.yaml", base), ("parts/b.yaml", part), other]);
        let output = run(&folder, &["--format", "concise", "compose.yaml"]);
        assert_eq!(output.status.code(), Some(1), "{}", out(&output));
        assert!(out(&output).starts_with(told), "{}", out(&output));
        assert!(!out(&output).contains("compose.prod.yaml"), "{}", out(&output));
    }
}

#[test]
fn what_a_comment_silences_is_counted_and_fails_nothing() {
    let silenced =
        OLD.replace("version: \"3\"", "version: \"3\" # composelint: ignore[obsolete-version] -- old");
    let folder = folder(&[("compose.yaml", &silenced)]);
    let output = run(&folder, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).ends_with("no problems in 1 file; 1 suppressed\n"), "{}", out(&output));
    assert_eq!(run(&folder, &["--ignore-suppressions"]).status.code(), Some(1));
    let report = json(&folder, &[]);
    assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(0));
    assert_eq!(report["suppressed"][0]["suppression"]["reason"], "old");
    assert_eq!(report["summary"]["suppressed"], 1);
    run(&folder, &["--fix"]);
    assert_eq!(read(&folder, "compose.yaml"), silenced.as_bytes());
}

#[test]
fn add_ignore_silences_what_is_there_and_leaves_the_project_as_it_was() {
    let text = "services:\n  db: &db\n    image: postgres # the database\n  other:\n    <<: *db\n    privileged: true\n";
    let folder = folder(&[("compose.yaml", text)]);
    let before = out(&run(&folder, &["config"]));
    let output = run(&folder, &["--preset", "strict", "--add-ignore", "--reason", "known  before"]);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    assert!(err(&output).starts_with("silenced "), "{}", err(&output));
    let written = String::from_utf8(read(&folder, "compose.yaml")).expect("it is text");
    assert!(
        written.contains("    # composelint: ignore[privileged-container] -- known before\n"),
        "{written}"
    );
    assert_eq!(out(&run(&folder, &["config"])), before);
    let again = run(&folder, &["--preset", "strict", "--add-ignore"]);
    assert_eq!((again.status.code(), err(&again)), (Some(0), String::new()));
    assert_eq!(read(&folder, "compose.yaml"), written.as_bytes());
    assert_eq!(run(&folder, &["--reason", "x"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["--add-ignore", "--reason", " "]).status.code(), Some(2));
}

#[test]
fn schemas_are_printed_as_they_are_in_the_repository() {
    let folder = folder(&[]);
    for (what, schema) in [
        ("compose", include_str!("../schemas/compose.schema.json")),
        ("config", include_str!("../schemas/config.schema.json")),
        ("report", include_str!("../schemas/report.schema.json")),
    ] {
        let output = run(&folder, &["schema", what]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), schema), "{what}");
    }
    assert_eq!(run(&folder, &["schema", "dockerfile"]).status.code(), Some(2));
}

fn piped(folder: &TempDir, arguments: &[&str], input: &str) -> Output {
    Command::cargo_bin("composelint")
        .expect("the binary is built")
        .current_dir(folder.path())
        .args(arguments)
        .write_stdin(input)
        .output()
        .expect("it runs")
}

const UNQUOTED: &str = "version: '3'\nservices:\n  web:\n    image: nginx:1.27\n    ports:\n      - 22:22\n";

#[test]
fn fix_only_applies_the_fixes_of_some_rules() {
    let folder = folder(&[("compose.yaml", UNQUOTED)]);
    run(&folder, &["--fix-only", "obsolete"]);
    let fixed = String::from_utf8(read(&folder, "compose.yaml")).expect("it is text");
    assert!(!fixed.contains("version") && fixed.contains("- 22:22"), "{fixed}");
    let diff = run(&folder, &["--diff", "--fix-only", "unquoted-port"]);
    assert!(out(&diff).contains("+      - '22:22'") || out(&diff).contains("+      - \"22:22\""), "{diff:?}");
    assert_eq!(String::from_utf8(read(&folder, "compose.yaml")).expect("it is text"), fixed);
    let wrong = run(&folder, &["--fix-only", "unqouted-port"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("`unquoted-port` is the nearest"), "{}", err(&wrong));
}

#[test]
fn a_hook_can_stop_at_a_change_and_a_report_can_end_well() {
    let folder = folder(&[("compose.yaml", OLD)]);
    assert_eq!(run(&folder, &["--exit-zero"]).status.code(), Some(0));
    assert_eq!(run(&folder, &["--diff", "--exit-zero"]).status.code(), Some(0));
    let select = ["--select", "obsolete-version", "--fix", "--exit-non-zero-on-fix"];
    assert_eq!(run(&folder, &select).status.code(), Some(1));
    assert_eq!(run(&folder, &select).status.code(), Some(0));
}

#[test]
fn what_does_not_go_together_is_said_before_anything_is_done() {
    let folder = folder(&[("compose.yaml", OLD), ("dir/x", "")]);
    for (arguments, message) in [
        (&["--unsafe-fixes"][..], "`--unsafe-fixes` goes with `--fix` or `--diff`"),
        (&["--add-ignore", "--ignore-suppressions"], "so `--ignore-suppressions` does not go with it"),
        (&["--add-ignore", "-"], "`--add-ignore` writes to files, and standard input is none"),
        (&["--watch", "-"], "standard input is none"),
        (&["--add-ignore", "--reason", "a\u{7}b"], "`--reason` holds characters that a comment cannot have"),
        (&["--stdin-filename", "x.yaml"], "`--stdin-filename` goes with the path `-`"),
        (&["--stdin-filename", "dir", "-"], "`--stdin-filename` is a file, and `dir` is none"),
        (&["-", "compose.yaml"], "`-` is standard input and goes with no other path"),
    ] {
        let output = piped(&folder, arguments, OLD);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(read(&folder, "compose.yaml"), OLD.as_bytes());
    let output = piped(&folder, &["-"], &" ".repeat((8 << 20) + 1));
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("standard input has more than the 8388608 bytes"), "{}", err(&output));
}

#[test]
fn standard_input_is_linted_where_it_would_stand() {
    let folder = folder(&[
        ("app/.env", "ALL=true\n"),
        ("app/compose.yaml", GOOD),
        ("app/compose.override.yaml", "services:\n  web:\n    cap_add: [ALL]\n"),
    ]);
    let text = "services:\n  web:\n    image: nginx:1.27\n    tty: true\n    privileged: ${ALL}\n";
    let arguments = ["check", "-", "--stdin-filename", "app/compose.yaml", "--format", "concise"];
    let output = piped(&folder, &arguments, text);
    assert!(out(&output).contains("app/compose.yaml:5:5: error[privileged-container]"), "{output:?}");
    assert!(!out(&output).contains("app/compose.override.yaml:"), "only the input was asked for");
    assert_eq!(read(&folder, "app/compose.yaml"), GOOD.as_bytes());
    assert_eq!(piped(&folder, &["-", "compose.yaml"], text).status.code(), Some(2));
    assert_eq!(run(&folder, &["--stdin-filename", "compose.yaml"]).status.code(), Some(2));
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let folder = folder(&[("compose.yaml", GOOD)]);
    let fixed = piped(&folder, &["--fix", "-"], UNQUOTED);
    let wanted = UNQUOTED.replace("version: '3'\n", "").replace("- 22:22", "- \"22:22\"");
    let also = wanted.replace('"', "'");
    assert!(out(&fixed) == wanted || out(&fixed) == also, "{fixed:?}");
    assert!(err(&fixed).contains("fixed 2 findings in 1 file"), "{}", err(&fixed));
    let same = piped(&folder, &["--fix", "-"], "services: [\n");
    assert_eq!(out(&same), "services: [\n");
    let diff = piped(&folder, &["--diff", "-", "--stdin-filename", "my app.yml"], UNQUOTED);
    assert!(out(&diff).starts_with("--- a/my app.yml"), "{diff:?}");
    assert_eq!(read(&folder, "compose.yaml"), GOOD.as_bytes());
}

#[test]
fn only_what_was_asked_for_is_changed() {
    let web = "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - 22:22\n";
    let folder = folder(&[("common/web.yaml", web), ("app/compose.yaml", "include: [../common/web.yaml]\n")]);
    let output = run(&folder, &["--fix", "app"]);
    assert_eq!(read(&folder, "common/web.yaml"), web.as_bytes());
    assert!(out(&output).contains("unquoted-port (web): the file was not asked for"), "{}", out(&output));
    run(&folder, &["--fix", "app", "common/web.yaml"]);
    assert_ne!(read(&folder, "common/web.yaml"), web.as_bytes());
}

#[test]
fn what_is_fixed_and_what_is_left_is_told() {
    let text = "version: '3'\nx-web: &web\n  volumes:\n    - ./site.conf:/etc/nginx/nginx.conf\nservices:\n  a:\n    image: nginx:1.27\n    <<: *web\n  b:\n    image: nginx:1.27\n    volumes:\n      - ./site.conf:/etc/nginx/nginx.conf\n";
    let folder = folder(&[("compose.yaml", text), ("site.conf", "")]);
    let select = "obsolete-version,writable-config-mount";
    let output = run(&folder, &["--fix", "--unsafe-fixes", "--select", select, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let fixed = &report["fixed"];
    assert_eq!(fixed.as_array().map(Vec::len), Some(2), "{fixed}");
    assert_eq!(fixed[1]["rule"], "writable-config-mount");
    let now = String::from_utf8(read(&folder, "compose.yaml")).expect("it is text");
    assert_eq!(now.matches(":ro").count(), 1, "{now}");
    assert!(
        now.starts_with("x-web: &web\n  volumes:\n    - ./site.conf:/etc/nginx/nginx.conf\nservices:"),
        "{now}"
    );
}

#[test]
fn a_configuration_holds_until_the_command_line_says_otherwise() {
    let folder = folder(&[
        ("compose.yaml", OLD),
        (".composelint.yaml", "preset: essential\nrules:\n  obsolete-version: error\nfail-on: error\n"),
    ]);
    assert_eq!(run(&folder, &[]).status.code(), Some(1));
    assert!(out(&run(&folder, &["--format", "concise"])).contains("error[obsolete-version]"));
    assert_eq!(run(&folder, &["--ignore", "obsolete-version"]).status.code(), Some(0));
    assert_eq!(run(&folder, &["--no-config", "--fail-on", "error"]).status.code(), Some(0));
    assert_eq!(run(&folder, &["-f", "compose.yaml"]).status.code(), Some(1));
    let shown = out(&run(&folder, &["--show-config", "compose.yaml"]));
    assert!(shown.contains("  obsolete-version: error  # .composelint.yaml:3\n"), "{shown}");
}

#[test]
fn a_wrong_configuration_ends_the_run_with_its_place() {
    let folder = folder(&[("compose.yaml", OLD), ("other.yaml", "rules:\n  obsolete-versoin: off\n")]);
    let output = run(&folder, &["--config", "other.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(out(&output), "");
    let told = err(&output);
    for part in ["`obsolete-versoin` is no rule or category", "other.yaml:2:3", "write `obsolete-version`"] {
        assert!(told.contains(part), "{told}");
    }
    assert_eq!(run(&folder, &["--config", "gone.yaml"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["--config", "other.yaml", "--no-config"]).status.code(), Some(2));
}

#[test]
fn init_writes_a_configuration_once() {
    let folder =
        folder(&[("compose.yaml", GOOD), ("compose.prod.yaml", "services:\n  web:\n    tty: true\n")]);
    assert_eq!(run(&folder, &["init"]).status.code(), Some(0));
    let written = read(&folder, ".composelint.yaml");
    assert_eq!(run(&folder, &[]).status.code(), Some(0));
    assert_eq!(run(&folder, &["init"]).status.code(), Some(2));
    assert_eq!(read(&folder, ".composelint.yaml"), written);
}

/// What the command prints on a terminal of `columns`, with these variables; `None` where nothing makes a
/// terminal.
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &TempDir, columns: usize, variables: &[(&str, &str)]) -> Option<String> {
    let binary = assert_cmd::cargo::cargo_bin("composelint");
    let command = format!("stty rows 24 cols {columns} && '{}'", binary.display());
    let output = std::process::Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .envs(variables.iter().copied())
        .stdin(std::process::Stdio::null())
        .output();
    match output {
        Ok(output) => Some(out(&output)),
        Err(error) => {
            println!("not checked, as there is no `script`: {error}");
            None
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_has_colour_and_a_width() {
    let folder = folder(&[("compose.yaml", "services:\n  web:\n    image: nginx\n")]);
    let Some(wide) = on_a_terminal(&folder, 150, &[]) else { return };
    let Some(narrow) = on_a_terminal(&folder, 50, &[]) else { return };
    assert!(wide.contains("\u{1b}[1;33mwarning[unpinned-image]"), "{wide}");
    let lines = |text: &str| text.lines().count();
    assert!(lines(&narrow) > lines(&wide), "{narrow}");
    assert_eq!(on_a_terminal(&folder, 150, &[("COLUMNS", "50")]).as_deref(), Some(&*narrow));
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let plain = on_a_terminal(&folder, 150, &[(name, value)]).unwrap_or_default();
        assert!(plain.contains("warning[unpinned-image]") && !plain.contains('\u{1b}'), "{plain:?}");
    }
    // A run of less than a second says nothing of how far it is.
    assert!(!wide.contains("judging") && !wide.contains("searching"), "{wide}");
}
