//! Runs the command's own path over the folders of `fixtures/projects`: what it prints is each
//! folder's `expected.txt`, and what the folders were written to show is found at its exact place.

#![allow(clippy::print_stdout, reason = "a test says which rules it is still waiting for")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use composelint::compose::file::Workspace;
use composelint::diagnostic::Severity;
use composelint::discover::discover;
use composelint::fs::Disk;
use composelint::lint::{self, Request, Selection};
use composelint::output::{self, Format};
use composelint::report::Report;
use composelint::rule::Preset;
use composelint::rules::RULES;

/// A case, a rule, and where the rule finds something: the path and the exact text under the span.
type Finding = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The services of `codebase-mcp-as-found` that ship.
const CODEBASE_MCP: &[(&str, &str)] = &[
    ("docker-compose.yml", "codebase-mcp"),
    ("docker-compose.yml", "ollama"),
    ("docker-compose.yml", "postgresql"),
];

/// The base of the services in `containerisation-as-found` that are written in Python.
const PYTHON: &str =
    "python:3.13-slim@sha256:0123456789abc0ffee0123456789abc0ffee0123456789abc0ffee0123456789";

/// What a rule says of a case. Whatever else it finds there is wrong.
const FOUND: &[Finding] = &[
    // One service, a production file and a development overlay.
    (
        "conexus-as-found",
        "obsolete-version",
        &[("docker-compose.dev.yml", "version: \"3.8\""), ("docker-compose.yml", "version: \"3.8\"")],
    ),
    ("conexus-as-found", "end-of-life-image", &[("Dockerfile", "1.24-alpine"), ("Dockerfile", "3.19")]),
    ("conexus-as-found", "missing-memory-limit", &[("docker-compose.yml", "conexus")]),
    ("conexus-as-found", "missing-cpu-limit", &[("docker-compose.yml", "conexus")]),
    // Four services, and a production overlay whose `ports: []` does nothing.
    // The stage that is built in development never says `USER`, nor does the one it starts from.
    (
        "rag-as-found",
        "root-user",
        &[("backend/Dockerfile", "base"), ("frontend/Dockerfile", "node:20-alpine")],
    ),
    ("rag-as-found", "missing-healthcheck", &[("docker-compose.yml", "frontend")]),
    ("rag-as-found", "depends-on-without-condition", &[("docker-compose.yml", "api")]),
    ("rag-as-found", "missing-memory-limit", &[("docker-compose.yml", "frontend")]),
    ("rag-as-found", "missing-cpu-limit", &[("docker-compose.yml", "frontend")]),
    // Neither Qdrant's image nor `python:3.11-slim` has what the probes call.
    ("rag-as-found", "healthcheck-command-not-found", &[("docker-compose.yml", "curl")]),
    ("rag-as-found", "end-of-life-image", &[("frontend/Dockerfile", "20-alpine")]),
    ("rag-as-found", "credential-in-url", &[("docker-compose.yml", "rag-made-up-password")]),
    ("rag-as-found", "secret-default", &[("docker-compose.yml", "rag-made-up-default")]),
    // Two files of three services each, and a Dockerfile that both build. Both have what is wrong,
    // as the one for tests is no overlay of the other.
    (
        "codebase-mcp-as-found",
        "unpinned-image",
        &[("docker-compose.test.yml", "latest"), ("docker-compose.yml", "latest")],
    ),
    (
        "codebase-mcp-as-found",
        "secret-in-environment",
        &[
            ("docker-compose.test.yml", "codebase-made-up-test-password"),
            ("docker-compose.yml", "codebase-made-up-password"),
        ],
    ),
    (
        "codebase-mcp-as-found",
        "credential-in-url",
        &[
            ("docker-compose.test.yml", "codebase-made-up-test-password"),
            ("docker-compose.yml", "codebase-made-up-password"),
        ],
    ),
    (
        "codebase-mcp-as-found",
        "depends-on-without-condition",
        &[
            ("docker-compose.test.yml", "test-ollama"),
            ("docker-compose.test.yml", "test-postgresql"),
            ("docker-compose.yml", "ollama"),
            ("docker-compose.yml", "postgresql"),
        ],
    ),
    ("codebase-mcp-as-found", "missing-memory-limit", CODEBASE_MCP),
    ("codebase-mcp-as-found", "missing-cpu-limit", CODEBASE_MCP),
    // Neither `python:3.12-slim` with `libpq5` nor Ollama's image has what the probe calls.
    (
        "codebase-mcp-as-found",
        "healthcheck-command-not-found",
        &[("Dockerfile", "pgrep"), ("docker-compose.test.yml", "curl"), ("docker-compose.yml", "curl")],
    ),
    // A backend in three stages, another that runs as root, and an overlay for production.
    ("neuroagent-as-found", "root-user", &[("backend-py/Dockerfile", "python:3.11")]),
    ("neuroagent-as-found", "end-of-life-image", &[("backend-ts/Dockerfile", "18-alpine")]),
    (
        "neuroagent-as-found",
        "depends-on-without-condition",
        &[("docker-compose.yml", "postgres"), ("docker-compose.yml", "redis")],
    ),
    (
        "neuroagent-as-found",
        "secret-in-environment",
        &[
            ("docker-compose.yml", "neuroagent-made-up-password"),
            ("docker-compose.yml", "neuroagent-made-up-session-secret"),
        ],
    ),
    ("neuroagent-as-found", "credential-in-url", &[("docker-compose.yml", "neuroagent-made-up-password")]),
    // The one whose root file system is read-only, with memory for what is written, is not among them.
    (
        "neuroagent-as-found",
        "writable-root-filesystem",
        &[
            ("docker-compose.yml", "backend"),
            ("docker-compose.yml", "minio"),
            ("docker-compose.yml", "postgres"),
            ("docker-compose.yml", "redis"),
        ],
    ),
    ("neuroagent-as-found", "missing-memory-limit", &[("docker-compose.yml", "backend")]),
    ("neuroagent-as-found", "missing-cpu-limit", &[("docker-compose.yml", "backend")]),
    (
        "neuroagent-as-found",
        "missing-healthcheck",
        &[("docker-compose.yml", "backend"), ("docker-compose.yml", "minio")],
    ),
    // Five services and what they need; each item of a checklist is left out once.
    ("containerisation-as-found", "root-user", &[("api/Dockerfile", PYTHON)]),
    ("containerisation-as-found", "unknown-build-target", &[("compose.dev.yaml", "development")]),
    ("containerisation-as-found", "unknown-build-arg", &[("compose.yaml", "NODE_ENV")]),
    ("containerisation-as-found", "missing-copy-source", &[("nexus/Dockerfile", "go.sum")]),
    ("containerisation-as-found", "missing-init", &[("compose.yaml", "mcp")]),
    ("containerisation-as-found", "missing-healthcheck", &[("compose.yaml", "dataflow")]),
    ("containerisation-as-found", "stateful-without-volume", &[("compose.yaml", "database")]),
    (
        "containerisation-as-found",
        "secret-in-environment",
        &[("compose.yaml", "containerisation-made-up-password")],
    ),
    (
        "containerisation-as-found",
        "secret-file-not-mounted",
        &[("compose.yaml", "/run/secrets/grafana_password")],
    ),
    ("containerisation-as-found", "missing-memory-limit", &[("compose.yaml", "redis")]),
    ("containerisation-as-found", "depends-on-without-condition", &[("compose.yaml", "api")]),
    ("containerisation-as-found", "unpinned-image", &[("compose.yaml", "latest")]),
    ("containerisation-as-found", "end-of-life-image", &[("mcp/Dockerfile", "18-alpine")]),
    ("containerisation-as-found", "healthcheck-command-not-found", &[("mcp/Dockerfile", "curl")]),
    ("containerisation-as-found", "healthcheck-wrong-port", &[("compose.yaml", "3001")]),
    // Files that belong together.
    ("override-adds-healthcheck", "missing-healthcheck", &[("compose.yaml", "archive")]),
    ("production-overlay", "missing-memory-limit", &[("compose.yaml", "queue")]),
    ("production-overlay", "missing-cpu-limit", &[("compose.yaml", "queue")]),
    ("production-overlay", "reservation-over-limit", &[("compose.prod.yaml", "512M")]),
    ("override-weakens-base", "root-user", &[("compose.override.yaml", "root")]),
    ("override-weakens-base", "disabled-healthcheck", &[("compose.override.yaml", "true")]),
    ("override-weakens-base", "healthcheck-always-passes", &[("compose.override.yaml", "|| exit 0")]),
    ("override-weakens-base", "writable-config-mount", &[("compose.override.yaml", "./nginx.conf")]),
    ("override-weakens-base", "secret-in-environment", &[("compose.override.yaml", "made-up-root-password")]),
    ("override-weakens-base", "secret-default", &[("compose.override.yaml", "made-up-app-password")]),
    ("override-weakens-base", "credential-in-url", &[("compose.override.yaml", "made-up-replica-password")]),
    // Files that do not.
    (
        "fragment-without-base",
        "privileged-container",
        &[("docker-compose.monitoring.yml", "privileged: true")],
    ),
    ("two-projects-in-one-tree", "undefined-service", &[("shop/compose.yaml", "cache")]),
    ("two-projects-in-one-tree", "docker-socket-mount", &[("blog/compose.yaml", "/var/run/docker.sock")]),
    ("two-projects-in-one-tree", "sensitive-host-mount", &[("blog/compose.yaml", "/etc")]),
    ("broken-file-beside-good-ones", "obsolete-version", &[("good/compose.yaml", "version: \"3.9\"")]),
    ("broken-file-beside-good-ones", "yaml-syntax", &[("tab/compose.yaml", "\t")]),
    ("broken-file-beside-good-ones", "duplicate-key", &[("twice/compose.yaml", "image")]),
    ("broken-file-beside-good-ones", "dockerfile-syntax", &[("image/Dockerfile", "ENTRYPIONT")]),
    // Texts that stand elsewhere than in a file of their own.
    ("inline-dockerfile", "root-user", &[("compose.yaml", "root")]),
    ("inline-dockerfile", "dockerfile-syntax", &[("compose.yaml", "COPPY")]),
    ("shared-anchor", "privileged-container", &[("compose.yaml", "privileged: true")]),
    // What a service and its Dockerfile say of each other, where both are one file.
    ("inline-joined", "end-of-life-image", &[("compose.yaml", "3.8-slim")]),
    ("inline-joined", "healthcheck-command-not-found", &[("compose.yaml", "curl")]),
    ("inline-joined", "missing-copy-source", &[("compose.yaml", "missing.txt")]),
    ("inline-joined", "unknown-build-arg", &[("compose.yaml", "EXTRA")]),
    ("inline-joined", "unknown-build-target", &[("compose.yaml", "last")]),
    ("inline-joined", "build-secret-mismatch", &[("compose.yaml", "build")]),
    ("inline-joined", "port-not-exposed", &[("compose.yaml", "9000")]),
    // What services wait for.
    ("waiting-in-vain", "completed-never-met", &[("compose.yaml", "service_completed_successfully")]),
    ("waiting-in-vain", "healthcheck-exec-shell", &[("compose.yaml", "||")]),
    ("waiting-in-vain", "healthy-without-healthcheck", &[("compose.yaml", "service_healthy")]),
    ("waiting-in-vain", "dependency-cycle", &[("compose.yaml", "stock")]),
];

/// What a rule says of a case, perhaps among other things.
const AMONG: &[Finding] = &[
    ("rag-as-found", "unpinned-image", &[("docker-compose.yml", "latest")]),
    ("override-weakens-base", "unpinned-image", &[("compose.override.yaml", "latest")]),
];

/// Where a rule has nothing to say, though a reader of one file alone might think so.
const SILENT: &[(&str, &str)] = &[
    // The overlay has no image and no healthcheck, and the base has both.
    ("conexus-as-found", "missing-healthcheck"),
    ("conexus-as-found", "missing-image"),
    // The image ends in `USER conexus`, its configuration is mounted read-only, its tag is built here.
    ("conexus-as-found", "root-user"),
    ("conexus-as-found", "writable-config-mount"),
    ("conexus-as-found", "unpinned-image"),
    // Alpine's busybox has a `wget`.
    ("conexus-as-found", "healthcheck-command-not-found"),
    ("conexus-as-found", "secret-in-environment"),
    // The probes cannot work, but they are there; the key comes from outside.
    ("rag-as-found", "healthy-without-healthcheck"),
    ("rag-as-found", "secret-in-environment"),
    ("rag-as-found", "writable-config-mount"),
    ("rag-as-found", "known-token"),
    // Both files publish the same ports, and are never one project.
    ("codebase-mcp-as-found", "port-conflict"),
    ("codebase-mcp-as-found", "merge-duplicate"),
    ("codebase-mcp-as-found", "override-without-base"),
    // The image brings its healthcheck and ends in `USER mcp:mcp`; what is mounted is the source.
    ("codebase-mcp-as-found", "missing-healthcheck"),
    ("codebase-mcp-as-found", "root-user"),
    ("codebase-mcp-as-found", "writable-config-mount"),
    ("codebase-mcp-as-found", "sensitive-host-mount"),
    // Every variable is in the sample or has a default.
    ("codebase-mcp-as-found", "unset-variable"),
    ("neuroagent-as-found", "healthcheck-command-not-found"),
    ("neuroagent-as-found", "missing-copy-source"),
    ("neuroagent-as-found", "missing-init"),
    // What each checklist asks for.
    ("rag-as-found", "missing-copy-source"),
    ("conexus-as-found", "missing-copy-source"),
    ("codebase-mcp-as-found", "missing-copy-source"),
    ("override-adds-healthcheck", "healthy-without-healthcheck"),
    ("override-adds-healthcheck", "missing-memory-limit"),
    ("fragment-without-base", "missing-healthcheck"),
    ("fragment-without-base", "missing-memory-limit"),
    ("fragment-without-base", "undefined-service"),
    ("two-projects-in-one-tree", "duplicate-key"),
    ("inline-dockerfile", "missing-healthcheck"),
    ("shared-anchor", "duplicate-key"),
];

fn projects() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join("projects")
}

/// The names of the cases, sorted.
fn cases() -> Vec<String> {
    let folders = std::fs::read_dir(projects()).expect("the fixtures are there").flatten();
    let mut names: Vec<String> = folders
        .filter(|folder| folder.path().is_dir())
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// What the command finds in the folder.
fn lint(folder: &Path, selection: Selection) -> Report {
    let workspace = Workspace::new(&Disk);
    let found = discover(&Disk, &workspace, &[folder.to_owned()], true);
    let request = Request {
        deployments: found.deployments,
        dockerfiles: found.dockerfiles,
        shown: found.shown,
        failures: found.failures,
        selection,
        parallel: true,
        ..Request::default()
    };
    lint::check_in(workspace, &request)
}

/// What the command prints.
fn printed(folder: &Path, report: &Report) -> String {
    let options = output::Options {
        color: false,
        unicode: true,
        width: 100,
        quiet: false,
        root: Some(folder.to_owned()),
        fail_on: Severity::Warning,
        category: |rule| rule.category(),
    };
    let mut bytes = Vec::new();
    output::render(report, Format::Concise, &options, &mut bytes).expect("a vector takes all");
    String::from_utf8(bytes).expect("the output is text")
}

/// The findings as path and text under the span.
fn places(folder: &Path, report: &Report) -> BTreeSet<(String, String)> {
    let place = |span: composelint::source::Span| {
        let source = report.sources.get(span.source);
        let path = source.path().strip_prefix(folder).expect("what is found is in the folder");
        (path.to_string_lossy().replace('\\', "/"), source.text()[span.range()].to_owned())
    };
    report.diagnostics.iter().map(|diagnostic| place(diagnostic.span)).collect()
}

/// Rules of the recommended preset that say more in strict, where the cases want it.
const STRICTER: &[&str] = &["missing-memory-limit"];

/// What one rule finds in a case with the default preset, or with the smallest that has the rule;
/// `None` if there is no such rule yet.
fn found_by(case: &str, name: &str) -> Option<BTreeSet<(String, String)>> {
    let Some((_, rule)) = RULES.iter().find(|(_, rule)| rule.name == name) else {
        println!("skipped: {case} waits for the rule `{name}`");
        return None;
    };
    let folder = projects().join(case);
    let preset = if STRICTER.contains(&name) { Preset::Strict } else { rule.preset.max(Preset::Recommended) };
    let mut report = lint(&folder, Selection { preset: Some(preset), ..Selection::default() });
    report.diagnostics.retain(|diagnostic| diagnostic.rule.name == name);
    Some(places(&folder, &report))
}

#[test]
fn every_case_prints_what_it_expects() {
    let blessing = std::env::var_os("BLESS").is_some();
    let mut differ = Vec::new();
    for case in cases() {
        let folder = projects().join(&case);
        let report = lint(&folder, Selection::default());
        assert!(report.failures.is_empty(), "{case}: {:?}", report.failures);
        let text = printed(&folder, &report);
        let path = folder.join("expected.txt");
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if text == expected {
            continue;
        }
        if blessing {
            std::fs::write(&path, text).expect("the repository can be written");
        } else {
            differ.push(format!("=== {case}\n--- expected\n{expected}--- printed\n{text}"));
        }
    }
    assert!(
        differ.is_empty(),
        "these are not up to date; run `BLESS=1 cargo test` and read the difference\n{}",
        differ.join("\n")
    );
}

#[test]
fn the_command_prints_what_the_library_does() {
    for case in cases() {
        let folder = projects().join(&case);
        let output = Command::new(env!("CARGO_BIN_EXE_composelint"))
            .args(["check", "--no-config", "--format", "concise", "."])
            .current_dir(&folder)
            .output()
            .expect("the command runs");
        let report = lint(&folder, Selection::default());
        assert_eq!(String::from_utf8_lossy(&output.stdout), printed(&folder, &report), "{case}");
        let fails = report.diagnostics.iter().any(|diagnostic| diagnostic.severity >= Severity::Warning);
        assert_eq!(output.status.code(), Some(i32::from(fails)), "{case}");
    }
}

#[test]
fn what_a_case_shows_is_found_at_its_place() {
    let owned = |places: &[(&str, &str)]| -> BTreeSet<(String, String)> {
        places.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    };
    for (case, rule, wanted) in FOUND {
        let Some(found) = found_by(case, rule) else { continue };
        assert_eq!(found, owned(wanted), "{rule} in {case}");
    }
    for (case, rule, wanted) in AMONG {
        let Some(found) = found_by(case, rule) else { continue };
        assert!(found.is_superset(&owned(wanted)), "{rule} in {case}: {found:?}");
    }
}

#[test]
fn what_is_right_once_files_are_joined_is_not_reported() {
    for (case, rule) in SILENT {
        let Some(found) = found_by(case, rule) else { continue };
        assert!(found.is_empty(), "{rule} in {case}: {found:?}");
    }
}

#[test]
fn what_a_checklist_wants_is_silent() {
    for case in cases().iter().filter(|case| case.ends_with("-as-wanted")) {
        let report = lint(&projects().join(case), Selection::default());
        assert!(report.diagnostics.is_empty(), "{case}: {}", printed(&projects().join(case), &report));
    }
    // The one whose checklist asks for all hardening is silent with all of it.
    let folder = projects().join("containerisation-as-wanted");
    let report = lint(&folder, Selection { preset: Some(Preset::Strict), ..Selection::default() });
    assert!(report.diagnostics.is_empty(), "{}", printed(&folder, &report));
}

/// The files of each deployment, by name.
fn names<'a>(deployments: impl Iterator<Item = &'a Vec<PathBuf>>) -> Vec<Vec<String>> {
    let name = |file: &PathBuf| file.file_name().expect("a file").to_string_lossy().into_owned();
    deployments.map(|files| files.iter().map(name).collect()).collect()
}

#[test]
fn a_test_file_that_stands_alone_is_a_deployment_of_its_own() {
    for case in ["codebase-mcp-as-found", "codebase-mcp-as-wanted"] {
        let folder = projects().join(case);
        let workspace = Workspace::new(&Disk);
        let found = discover(&Disk, &workspace, std::slice::from_ref(&folder), true);
        let deployments = names(found.deployments.iter().map(|deployment| &deployment.files));
        assert_eq!(deployments, [["docker-compose.yml"], ["docker-compose.test.yml"]], "{case}");
        assert!(found.deployments.iter().all(|deployment| !deployment.is_fragment), "{case}");
    }

    // What is wrong in a file is wrong in that file's deployment only.
    let folder = projects().join("codebase-mcp-as-found");
    let report = lint(&folder, Selection::default());
    for file in ["docker-compose.yml", "docker-compose.test.yml"] {
        let in_file =
            |span: composelint::source::Span| report.sources.get(span.source).path().ends_with(file);
        let found: Vec<_> = report.diagnostics.iter().filter(|diagnostic| in_file(diagnostic.span)).collect();
        assert!(!found.is_empty(), "{file}");
        for diagnostic in found {
            let deployments = diagnostic.deployments.iter().map(|index| &report.deployments[*index].files);
            assert_eq!(names(deployments), [[file]], "{} in {file}", diagnostic.rule.name);
        }
    }
}

#[test]
fn what_follows_its_own_checklist_is_silent() {
    for case in cases().iter().filter(|case| case.ends_with("-as-wanted")) {
        let folder = projects().join(case);
        let report = lint(&folder, Selection::default());
        assert!(report.diagnostics.is_empty(), "{case}:\n{}", printed(&folder, &report));
    }
}

#[test]
fn every_assertion_names_a_case() {
    let cases = cases();
    let found = FOUND.iter().chain(AMONG).map(|(case, ..)| case);
    for case in found.chain(SILENT.iter().map(|(case, _)| case)) {
        assert!(cases.iter().any(|it| it == case), "{case} is no folder of fixtures/projects");
    }
}
