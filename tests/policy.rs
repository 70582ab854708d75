//! Policies as their users meet them.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const PROJECT: &str = "\
services:
  web:
    image: nginx:latest
    ports: [\"127.0.0.1:8080:80\"]
    restart: always
  db:
    image: postgres:17
";

const NO_LATEST: &str = "\
package composelint.images

import rego.v1

deny contains {\"msg\": sprintf(\"`%s` moves\", [service.image]), \"path\": [\"services\", name, \"image\"]} if {
\tsome name, service in input.services
\tendswith(service.image, \":latest\")
}
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::cargo_bin("composelint")
        .expect("the binary is built")
        .current_dir(folder)
        .args(arguments)
        .env_clear()
        .output()
        .expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is text").replace('\\', "/")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the output is text").replace('\\', "/")
}

/// The findings of policies, a line each, and the exit code.
fn found(folder: &TempDir, arguments: &[&str]) -> (Vec<String>, i32) {
    let mut all = vec!["check", "--format", "concise", "--select", "policy", "--policy", "policies"];
    all.extend(arguments);
    let output = run(folder.path(), &all);
    let lines = out(&output);
    let lines = lines.lines().filter(|line| line.contains('[')).map(str::to_owned).collect();
    (lines, output.status.code().expect("it ends by itself"))
}

fn json(folder: &TempDir, arguments: &[&str]) -> Value {
    let mut all = vec!["check", "--format", "json"];
    all.extend(arguments);
    serde_json::from_slice(&run(folder.path(), &all).stdout).expect("the output is JSON")
}

/// A folder with a copy of the policies at `from`.
fn with_policies(from: &str, files: &[(&str, &str)]) -> TempDir {
    let folder = folder(files);
    let to = folder.path().join("policies");
    std::fs::create_dir_all(&to).expect("it can be made");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
    for entry in std::fs::read_dir(from).expect("the policies are there") {
        let entry = entry.expect("they can be listed");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("they can be copied");
    }
    folder
}

#[test]
fn the_shipped_policies_pass_their_tests() {
    let output = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["policy", "test", "docs/policies"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let text = out(&output);
    for name in ["binds", "cis", "production", "proxy", "registry"] {
        assert!(text.contains(&format!("docs/policies/{name}_test.rego")), "{name} has tests:\n{text}");
    }
}

#[test]
fn the_shipped_policies_find_what_they_are_about() {
    let compose = "\
services:
  web:
    image: nginx:1.27
    privileged: true
    ports: [\"8080:80\"]
    volumes: [\"/etc/ssl:/ssl:ro\", \"./data:/data\"]
  app:
    build: .
";
    let folder = with_policies(
        "docs/policies",
        &[("shop/compose.yaml", compose), ("shop/Dockerfile", "FROM alpine:3.20\nUSER 1000\n")],
    );
    let (lines, code) = found(&folder, &["shop"]);
    let lines: Vec<&str> =
        lines.iter().map(String::as_str).filter(|line| !line.contains("[policy/cis-")).collect();
    assert_eq!(
        lines,
        [
            "shop/Dockerfile:1:6: error[policy/registry] `alpine:3.20` is not from one of our registries",
            "shop/compose.yaml:2:3: error[policy/unlimited-memory] production runs it without a limit of memory (web)",
            "shop/compose.yaml:3:12: error[policy/registry] `nginx:1.27` is not from one of our registries (web)",
            "shop/compose.yaml:3:12: error[policy/unpinned-image] production runs `nginx:1.27`, which is not pinned to \
             a digest (web)",
            "shop/compose.yaml:5:13: error[policy/proxy] port 8080 of `web` is published beside the proxy (web)",
            "shop/compose.yaml:6:15: error[policy/binds] `/etc/ssl` is mounted from outside of the project (web)",
            "shop/compose.yaml:7:3: error[policy/unlimited-memory] production runs it without a limit of memory (app)",
        ]
    );
    assert_eq!(code, 1);
    let arguments =
        ["check", "--format", "concise", "--policy", "policies", "--select", "policy/cis-5.5", "shop"];
    assert_eq!(
        out(&run(folder.path(), &arguments)).lines().next(),
        Some("shop/compose.yaml:4:17: error[policy/cis-5.5] the container is privileged (web)"),
        "a policy may name the rules of its findings"
    );
}

#[test]
fn policies_for_conftest_run_unchanged_on_compose_files() {
    let compose = "\
services:
  web:
    image: nginx:latest
    ports: [\"80:80\", \"8080:80\"]
    restart: always
    environment: [DB_PASSWORD=hunter2hunter2, DEBUG=1]
  agent:
    image: agent
    volumes: [\"/var/run/docker.sock:/var/run/docker.sock\"]
";
    let folder = with_policies("tests/policies/compose", &[("compose.yaml", compose)]);
    let expected = [
        "compose.yaml:1:1: error[policy/latest] service 'agent' has an image without a tag",
        "compose.yaml:1:1: error[policy/latest] service 'web' uses the tag latest",
        "compose.yaml:1:1: error[policy/plain-secret] web sets DB_PASSWORD in the open",
        "compose.yaml:1:1: warning[policy/ports] web publishes 80:80",
        "compose.yaml:1:1: warning[policy/restart] web restarts without end",
        "compose.yaml:1:1: error[policy/socket] agent mounts /var/run/docker.sock:/var/run/docker.sock",
    ];
    assert_eq!(found(&folder, &["compose.yaml"]), (expected.map(str::to_owned).to_vec(), 1));
    std::fs::write(
        folder.path().join("compose.yaml"),
        "version: \"3\"\nservices:\n  web:\n    image: web:1\n",
    )
    .expect("it can be written");
    let (lines, _) = found(&folder, &["compose.yaml"]);
    assert_eq!(lines, ["compose.yaml:1:1: error[policy/old-version] version 3 is set"]);
    let excepted = "version: \"3\"\nservices:\n  web:\n    image: web:1\n    labels: {legacy: \"true\"}\n";
    std::fs::write(folder.path().join("compose.yaml"), excepted).expect("it can be written");
    assert_eq!(found(&folder, &["compose.yaml"]), (Vec::new(), 0));
}

#[test]
fn policies_for_conftest_run_unchanged_on_dockerfiles() {
    let dockerfile = "\
ARG TAG=8
FROM openjdk:latest AS build
ENV API_TOKEN=abcdefabcdef
ADD . /src
RUN apt-get update
RUN make
RUN true
FROM scratch
COPY --from=build /src/app /app
HEALTHCHECK NONE
USER root
";
    let folder = with_policies("tests/policies/dockerfile", &[("Dockerfile", dockerfile)]);
    let (lines, code) = found(&folder, &["Dockerfile"]);
    assert_eq!(
        lines,
        [
            "Dockerfile:1:1: warning[policy/add] no owner in stage 1: [\"/src/app\", \"/app\"]",
            "Dockerfile:1:1: error[policy/add] use COPY instead of ADD: . /src",
            "Dockerfile:1:1: warning[policy/base] line 1: do not use latest",
            "Dockerfile:1:1: error[policy/env] potential secret in ENV: API_TOKEN",
            "Dockerfile:1:1: error[policy/env] the health check is switched off",
            "Dockerfile:1:1: warning[policy/run] 3 RUN instructions",
            "Dockerfile:1:1: error[policy/user] the image runs as root",
            "Dockerfile:5:5: error[policy/run] unallowed commands found [\"apt-get update\"]",
        ]
    );
    assert_eq!(code, 1);
    // Nothing of it is asked of a Compose file.
    std::fs::write(folder.path().join("compose.yaml"), PROJECT).expect("it can be written");
    assert_eq!(found(&folder, &["compose.yaml"]), (Vec::new(), 0));
}

#[test]
fn a_finding_of_a_policy_is_a_finding_like_any_other() {
    let folder = folder(&[
        ("compose.yaml", PROJECT),
        ("policies/images.rego", NO_LATEST),
        (".composelint.yaml", "policies: [policies]\n"),
    ]);
    let line = "compose.yaml:3:12: error[policy/images] `nginx:latest` moves (web)";
    let concise = |arguments: &[&str]| {
        let mut all = vec!["check", "--format", "concise"];
        all.extend(arguments);
        let output = run(folder.path(), &all);
        (out(&output).contains(line), output.status.code())
    };
    assert_eq!(concise(&["--fail-on", "error"]), (true, Some(1)), "the configuration names the policies");
    assert_eq!(concise(&["--fail-on", "error", "--no-config"]), (false, Some(0)));
    assert_eq!(concise(&["--fail-on", "error", "--ignore", "policy/images"]), (false, Some(0)));
    assert_eq!(concise(&["--select", "policy/images"]), (true, Some(1)));
    assert_eq!(concise(&["--select", "port-conflict"]), (false, Some(0)));

    let set = |text: &str| {
        let text = format!("policies: [policies]\nrules:\n  {text}\n");
        std::fs::write(folder.path().join(".composelint.yaml"), text).expect("it can be written");
    };
    set("policy/images: info");
    let report = json(&folder, &["--select", "policy"]);
    let schema = include_str!("../schemas/report.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    assert!(jsonschema::is_valid(&schema, &report), "the report is as its schema says: {report}");
    assert_eq!(report["diagnostics"][0]["severity"], "info");
    assert_eq!(report["diagnostics"][0]["category"], "policy");
    for off in ["policy/images: off", "policy: off"] {
        set(off);
        assert_eq!(concise(&["--fail-on", "error"]), (false, Some(0)), "{off}");
    }
    set("policy/images: error");

    let log: Value =
        serde_json::from_slice(&run(folder.path(), &["--format", "sarif", "--select", "policy"]).stdout)
            .expect("it is JSON");
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "policy/images");
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "policy/images");

    let arguments = ["--select", "policy", "--write-baseline"];
    assert_eq!(run(folder.path(), &arguments).status.code(), Some(0));
    let baseline = [".", "--select", "policy", "--baseline", ".composelint-baseline.json"];
    assert_eq!(run(folder.path(), &baseline).status.code(), Some(0));
}

#[test]
fn a_comment_silences_a_policy_and_an_unused_one_is_told() {
    let silenced = PROJECT.replace(
        "    image: nginx:latest",
        "    # composelint: ignore[policy/images] -- it is replaced in spring\n    image: nginx:latest",
    );
    let unused = silenced.replace("nginx:latest", "nginx:1.27");
    let folder = folder(&[("compose.yaml", &silenced), ("policies/images.rego", NO_LATEST)]);
    let arguments =
        ["check", "--format", "concise", "--policy", "policies", "--select", "policy,unused-suppression"];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    std::fs::write(folder.path().join("compose.yaml"), unused).expect("it can be written");
    let output = run(folder.path(), &arguments);
    assert!(out(&output).contains("[unused-suppression]"), "{}", out(&output));
    // Without the policies nobody can tell.
    let output = run(folder.path(), &["check", "--format", "concise", "--select", "syntax"]);
    assert!(!out(&output).contains("suppression"), "{}", out(&output));
}

#[test]
fn what_is_wrong_with_a_policy_is_told_at_its_place_and_the_others_report() {
    let broken = [
        (
            "syntax.rego",
            "package composelint\n\nimport rego.v1\n\ndeny contains msg if {\n\tmsg :=\n}\n",
            "syntax.rego:6:8",
        ),
        ("old.rego", "package main\n\ndeny[msg] {\n  msg := \"a\" +\n}\n", "old.rego:3:11"),
        (
            "unsafe.rego",
            "package composelint\n\nimport rego.v1\n\ndeny contains \"a\" if name == 1\n",
            "unsafe.rego:5:22",
        ),
        (
            "network.rego",
            "package composelint\n\nimport rego.v1\n\ndeny contains r if r := http.send({\"url\": input.name}).body\n",
            "network.rego:5:25",
        ),
        (
            "conflict.rego",
            "package composelint.a\n\nimport rego.v1\n\nx := 1\n\nx := 2 if input.services\n\ndeny contains \"a\" if x\n",
            "conflict.rego:7:1",
        ),
        ("number.rego", "package composelint\n\nimport rego.v1\n\ndeny contains 1\n", "number.rego:5:1"),
        (
            "range.rego",
            "package composelint\n\nimport rego.v1\n\ndeny contains \"a\" if count(numbers.range(1, 9999999)) > 1\n",
            "range.rego:5:",
        ),
    ];
    for (name, text, place) in broken {
        let folder = folder(&[
            ("compose.yaml", PROJECT),
            ("policies/images.rego", NO_LATEST),
            (&format!("policies/{name}"), text),
        ]);
        let output = run(
            folder.path(),
            &["check", "--format", "concise", "--policy", "policies", "--preset", "strict"],
        );
        let text = out(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {text}");
        assert!(text.contains(&format!("policies/{place}")), "{name}: {text}");
        assert!(text.contains("error[broken-policy]"), "{name}: {text}");
        assert!(text.contains("`nginx:latest` moves"), "the other policy reports beside {name}: {text}");
        assert!(text.contains("missing-healthcheck"), "the built-in rules report beside {name}: {text}");
        assert!(text.contains(&format!("cannot run all of the policy `policies/{name}`")), "{name}: {text}");
    }
}

#[test]
fn functions_that_policies_call_answer_as_opa_does() {
    let new = r#"package composelint

import rego.v1

cases := {
	"an address": net.cidr_contains("10.0.0.0/8", "10.1.2.3"),
	"a network": net.cidr_contains("10.0.0.0/8", "10.1.0.0/16"),
	"everything": net.cidr_contains("0.0.0.0/0", "11.0.0.1"),
	"a long address": net.cidr_contains("2001:db8::/32", "2001:db8::1"),
	"not a wider network": net.cidr_contains("10.1.0.0/16", "10.0.0.0/8"),
	"not another address": net.cidr_contains("10.0.0.0/8", "11.0.0.1"),
	"not another family": net.cidr_contains("::/0", "1.2.3.4"),
	"a range": numbers.range(3, 1) == [3, 2, 1],
	"steps": numbers.range_step(1, 6, 2) == [1, 3, 5],
	"a pattern": re_match("a+$", "baa"),
	"not a pattern": re_match("^a", "baa"),
}

deny contains name if some name, true in cases

deny contains "undefined" if not net.cidr_contains("10.0.0.0/33", "10.1.2.3")

deny contains "no step" if not numbers.range_step(1, 6, 0)
"#;
    let old = r#"package composelint.old

deny["one is true"] { any([false, true]) }
deny["all are true"] { all({true}) }
deny["none is there"] { all([]) }
deny["not one"] { any([]) }
deny["not all"] { all([true, false]) }
"#;
    let folder = folder(&[("compose.yaml", PROJECT), ("policies/a.rego", new), ("policies/b.rego", old)]);
    let (lines, _) = found(&folder, &["compose.yaml"]);
    let mut said: Vec<&str> = lines.iter().filter_map(|line| line.split("] ").nth(1)).collect();
    said.sort_unstable();
    let wanted = [
        "a long address",
        "a network",
        "a pattern",
        "a range",
        "all are true",
        "an address",
        "everything",
        "no step",
        "none is there",
        "one is true",
        "steps",
        "undefined",
    ];
    assert_eq!(said, wanted, "{lines:#?}");
}

#[test]
fn what_never_ends_is_stopped() {
    let endless = "package composelint\n\nimport rego.v1\n\nf(x) := g(x)\n\ng(x) := f(x + 1)\n\ndeny contains \"a\" if f(1)\n";
    let long = "package composelint\n\nimport rego.v1\n\ndeny contains \"a\" if {\n\tsome a in numbers.range(1, 100000)\n\
                \tsome b in numbers.range(1, 100000)\n\ta + b == 0\n}\n";
    let deep = format!("package composelint\n\nx := {}1{}\n", "[".repeat(400), "]".repeat(400));
    for (text, message) in [
        (endless, "calls itself"),
        (long, "the policy takes longer than the 2 seconds that it has"),
        (deep.as_str(), "brackets stand in brackets too deep"),
    ] {
        let folder = folder(&[("compose.yaml", PROJECT), ("policies/a.rego", text)]);
        let (lines, code) = found(&folder, &["compose.yaml"]);
        assert!(lines.iter().any(|line| line.contains(message)), "{lines:?}");
        assert_eq!(code, 2);
    }
}

#[test]
fn any_bytes_are_answered() {
    let texts: [&[u8]; 8] = [
        b"",
        b"\xff\xfe\x00",
        b"package",
        b"package main\ndeny[\"\\",
        b"\xef\xbb\xbfpackage main\ndeny contains `a` if true\n",
        b"package main\n\0",
        b"package composelint[\"x\"]\nimport rego.v1\ndeny contains 1",
        b"}{][)(\"`",
    ];
    for (index, text) in texts.into_iter().enumerate() {
        let folder = folder(&[("compose.yaml", PROJECT)]);
        for name in ["a.rego", "b.yaml", "c.json"] {
            let policies = folder.path().join("policies");
            std::fs::create_dir_all(&policies).expect("it can be made");
            std::fs::write(policies.join(name), text).expect("it can be written");
        }
        let output = run(folder.path(), &["check", "--policy", "policies"]);
        assert!(matches!(output.status.code(), Some(0..=2)), "{index}: {output:?}");
        assert!(!err(&output).contains("panicked"), "{index}: {}", err(&output));
    }
}

#[test]
fn no_secret_that_a_policy_quotes_is_printed() {
    let compose = "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: Xk29fLq1mmZz\n      \
                   URL: postgres://me:Yk29fLq1mmZz@db/x\n";
    let policy = "package composelint\n\nimport rego.v1\n\nwarn contains sprintf(\"%v\", [input])\n";
    let dockerfile = "package main\n\nwarn[msg] { msg := sprintf(\"%v\", [input]); input[_].Cmd }\n";
    let folder = folder(&[
        ("compose.yaml", compose),
        ("Dockerfile", "FROM alpine:3.20\nENV API_TOKEN=Zk29fLq1mmZz\n"),
        ("policies/all.rego", policy),
        ("policies/docker.rego", dockerfile),
    ]);
    for format in ["text", "concise", "json", "sarif", "github", "markdown", "junit"] {
        let text = out(&run(folder.path(), &["check", "--policy", "policies", "--format", format, "."]));
        assert!(text.contains("POSTGRES_PASSWORD") && text.contains("API_TOKEN"), "{format}: {text}");
        assert!(!text.contains("29fLq1mmZz"), "{format}: {text}");
    }
}

#[test]
fn a_path_leads_to_the_file_that_says_the_value() {
    let policy = "\
package composelint

import rego.v1

warn contains {\"msg\": \"by list\", \"path\": [\"services\", \"web\", \"environment\", \"MODE\"]}
warn contains {\"msg\": \"by text\", \"path\": \"services.web.labels['a.b']\"}
warn contains {\"msg\": \"within the service\", \"path\": [\"image\"], \"service\": \"web\"}
warn contains {\"msg\": \"an absent one\", \"path\": [\"services\", \"web\", \"mem_limit\"]}
warn contains {\"msg\": \"the service\", \"service\": \"db\"}
warn contains {\"msg\": \"the file\", \"file\": \"compose.override.yaml\"}
warn contains {\"msg\": \"the section\", \"path\": \"services.db.volumes\"}
warn contains {\"msg\": \"the stage\", \"path\": [\"builds\", \"db\", \"stage\", \"user\"]}
warn contains \"nowhere\"
";
    let folder = folder(&[
        (
            "compose.yaml",
            "# shop\nservices:\n  web:\n    image: web:1\n    environment: [MODE=a]\n  db:\n    build: .\n    volumes:\n    \
             - data:/data\n",
        ),
        ("compose.override.yaml", "services:\n  web:\n    environment: [MODE=b]\n    labels: {a.b: c}\n"),
        ("Dockerfile", "FROM alpine:3.20\nUSER app\n"),
        ("policies/a.rego", policy),
    ]);
    let (lines, _) = found(&folder, &["."]);
    assert_eq!(
        lines,
        [
            "Dockerfile:2:6: warning[policy/a] the stage (db)",
            "compose.override.yaml:1:1: warning[policy/a] the file",
            "compose.override.yaml:3:19: warning[policy/a] by list (web)",
            "compose.override.yaml:4:19: warning[policy/a] by text (web)",
            "compose.yaml:2:1: warning[policy/a] nowhere",
            "compose.yaml:3:3: warning[policy/a] an absent one (web)",
            "compose.yaml:4:12: warning[policy/a] within the service (web)",
            "compose.yaml:6:3: warning[policy/a] the service (db)",
            "compose.yaml:8:5: warning[policy/a] the section (db)",
        ]
    );
}

#[test]
fn what_no_file_sets_is_given_as_it_is_written() {
    let folder = folder(&[(
        "compose.yaml",
        "services:\n  web:\n    image: ${IMAGE}\n    ports: [\"${PORT}:80\"]\n    mem_limit: ${LIMIT}\n",
    )]);
    let output = run(folder.path(), &["policy", "input"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let input: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(input["services"]["web"]["image"], "${IMAGE}");
    assert_eq!(input["services"]["web"]["ports"][0], "${PORT}:80");
    assert_eq!(input["services"]["web"]["mem_limit"], "${LIMIT}");
    let unresolved = serde_json::json!([
        ["services", "web", "image"],
        ["services", "web", "ports", 0],
        ["services", "web", "mem_limit"]
    ]);
    assert_eq!(input["deployment"]["unresolved"], unresolved);
}

#[test]
fn the_input_of_main_keeps_the_short_forms() {
    let folder = folder(&[
        ("compose.yaml", "services:\n  web:\n    image: web:1\n    ports: [\"8080:80\"]\n"),
        (
            "Dockerfile",
            "FROM alpine:3.20 AS base\nRUN --mount=type=cache,target=/c [\"a\", \"b\"]\nENV A=b\n",
        ),
    ]);
    let output = run(folder.path(), &["policy", "input", "--package", "main"]);
    let inputs: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout)
        .into_iter()
        .map(|it| it.expect("it is JSON"))
        .collect();
    assert_eq!(inputs[0]["services"]["web"]["ports"][0], "8080:80");
    let command = |cmd: &str, json: bool, flags: Value, value: Value| serde_json::json!({"Cmd": cmd, "SubCmd": "", "JSON": json, "Flags": flags, "Value": value, "Stage": 0});
    let none = serde_json::json!([]);
    assert_eq!(
        inputs[1][0],
        command("from", false, none.clone(), serde_json::json!(["alpine:3.20", "AS", "base"]))
    );
    let mount = serde_json::json!(["--mount=type=cache,target=/c"]);
    assert_eq!(inputs[1][1], command("run", true, mount, serde_json::json!(["a", "b"])));
    assert_eq!(inputs[1][2], command("env", false, none, serde_json::json!(["A", "b", "="])));
}

#[test]
fn tests_pass_fail_and_break() {
    let tests = "\
package composelint.images_test

import rego.v1

import data.composelint.images

test_pass if count(images.deny) == 1 with input as {\"services\": {\"a\": {\"image\": \"x:latest\"}}}

test_fail if {
\tprint(\"found\", images.deny)
\tcount(images.deny) == 1 with input as {}
}
";
    let folder = folder(&[("p/images.rego", NO_LATEST), ("p/images_test.rego", tests)]);
    let output = run(folder.path(), &["policy", "test", "p"]);
    assert_eq!(
        out(&output),
        "p/images_test.rego\n  pass  composelint.images_test.test_pass\n  FAIL  composelint.images_test.test_fail (line \
         9)\n        p/images_test.rego:10: found {}\n2 tests: 1 passed, 1 failed\n"
    );
    assert_eq!(output.status.code(), Some(1));
    let output = run(folder.path(), &["policy", "test", "p", "-q"]);
    assert!(!out(&output).contains("pass "), "{}", out(&output));

    let good = tests.split("test_fail").next().expect("there is a first part");
    std::fs::write(folder.path().join("p/images_test.rego"), good).expect("it can be written");
    assert_eq!(run(folder.path(), &["policy", "test", "p"]).status.code(), Some(0));

    let conflict = format!("{good}\nx := 1\n\nx := 2\n\ntest_error if x\n");
    std::fs::write(folder.path().join("p/images_test.rego"), conflict).expect("it can be written");
    let output = run(folder.path(), &["policy", "test", "p"]);
    assert!(out(&output).contains("ERROR composelint.images_test.test_error"), "{}", out(&output));
    assert_eq!(output.status.code(), Some(2));

    std::fs::write(folder.path().join("p/images_test.rego"), "package a\n").expect("it can be written");
    let output = run(folder.path(), &["policy", "test", "p"]);
    assert!(err(&output).contains("there is no test"), "{}", err(&output));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn policies_that_are_not_there_are_said_to_be_missing() {
    let folder = folder(&[("compose.yaml", PROJECT), (".composelint.yaml", "policies:\n  - gone\n")]);
    let output = run(folder.path(), &["check"]);
    assert!(err(&output).contains("there is nothing at `gone`"), "{}", err(&output));
    assert_eq!(output.status.code(), Some(2));
    let output = run(folder.path(), &["check", "--no-config", "--policy", "gone"]);
    assert!(out(&output).contains("cannot read the policies `gone`: nothing is there"), "{}", out(&output));
    assert_eq!(output.status.code(), Some(2));
    std::fs::create_dir(folder.path().join("gone")).expect("it can be made");
    let output = run(folder.path(), &["check", "--no-config", "--policy", "gone"]);
    assert!(out(&output).contains("there is no policy in `gone`"), "{}", out(&output));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn data_stand_under_the_directories_that_they_are_in() {
    let policy = "package composelint\n\nimport rego.v1\n\nwarn contains sprintf(\"%v\", [data.limits.small])\n\nwarn contains \
                  sprintf(\"%v\", [data.names])\n";
    let folder = folder(&[
        ("compose.yaml", PROJECT),
        ("policies/a.rego", policy),
        ("policies/limits/data.yaml", "small: {cpus: 0.5}\n"),
        ("policies/limits/more.json", "{\"large\": {\"cpus\": 4}}"),
        ("policies/names.yaml", "names: [a, b]\n"),
    ]);
    let (lines, _) = found(&folder, &["compose.yaml"]);
    assert_eq!(
        lines,
        [
            "compose.yaml:1:1: warning[policy/a] [\"a\", \"b\"]",
            "compose.yaml:1:1: warning[policy/a] {\"cpus\": 0.5}"
        ]
    );
    std::fs::write(folder.path().join("policies/other.yaml"), "names: []\n").expect("it can be written");
    let (lines, code) = found(&folder, &["compose.yaml"]);
    let message = "policies/other.yaml:1:1: error[broken-policy] another file has said what `names` is";
    assert!(lines.iter().any(|line| line == message), "{lines:?}");
    assert_eq!(code, 2);
}

#[test]
fn two_runs_say_the_same() {
    let folder = with_policies("docs/policies", &[("compose.yaml", PROJECT)]);
    let once = found(&folder, &["."]);
    assert!(once.0.len() > 5);
    assert_eq!(once, found(&folder, &["."]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_policy_that_fills_the_memory_ends_the_run_and_not_the_machine() {
    let policy = r#"package composelint

import rego.v1

deny contains msg if {
	long := concat("", [part | some _ in numbers.range(1, 10000); part := "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
	msg := substring(replace(long, "a", long), 0, 10)
}
"#;
    let folder = folder(&[("compose.yaml", "services: {web: {image: x}}\n"), ("policies/a.rego", policy)]);
    let output = run(folder.path(), &["--policy", "policies"]);
    assert_eq!(output.status.code(), None, "{}", err(&output));
    assert!(err(&output).contains("memory allocation of "), "{}", err(&output));
}
