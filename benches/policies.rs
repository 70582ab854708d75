//! Fifty policies over many files, against the same run without them: run with
//! `cargo bench --bench policies`. Takes the Compose files below `COMPOSELINT_SHARED`, if that is set, else
//! five hundred of its own. Prints medians and their ratio.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 15;

/// What is asked of each service of the resolved project.
const RESOLVED: [&str; 25] = [
    "service.privileged == true",
    "not service.user",
    "not service.mem_limit\n\tnot service.deploy.resources.limits.memory",
    "not service.pids_limit",
    "not service.read_only",
    "not service.restart",
    "service.init == false",
    "service.network_mode == \"host\"",
    "service.pid == \"host\"",
    "service.ipc == \"host\"",
    "\"SYS_ADMIN\" in service.cap_add",
    "not \"ALL\" in service.cap_drop",
    "not service.healthcheck",
    "not service.logging",
    "endswith(service.image, \":latest\")",
    "not startswith(service.image, \"registry.example.com/\")",
    "not contains(service.image, \"@sha256:\")",
    "not regex.match(\"^[a-z-]+$\", service.container_name)",
    "some port in service.ports\n\tport.published == \"22\"",
    "some port in service.ports\n\tnot port.host_ip",
    "some mount in service.volumes\n\tcontains(mount.source, \"docker.sock\")",
    "some mount in service.volumes\n\tmount.type == \"bind\"\n\tnot startswith(mount.source, input.deployment.directory)",
    "some key, value in service.environment\n\tregex.match(\"(?i)password|secret\", key)\n\tvalue != \"\"",
    "not service.labels[\"owner\"]",
    "some _, value in service.labels\n\tnot regex.match(\"^[a-z0-9.-]+$\", value)",
];

/// What is asked of each service as it is written.
const WRITTEN: [&str; 15] = [
    "endswith(service.image, \":latest\")",
    "not service.image",
    "service.privileged",
    "service.ports[_] == \"22:22\"",
    "service.volumes[_] == \"/var/run/docker.sock:/var/run/docker.sock\"",
    "service.network_mode == \"host\"",
    "not service.restart",
    "contains(service.ports[_], \"0.0.0.0\")",
    "service.user == \"root\"",
    "service.cap_add[_] == \"ALL\"",
    "not service.healthcheck",
    "service.environment[_] == \"DEBUG=true\"",
    "startswith(service.image, \"mysql:5\")",
    "count(service.ports) > 5",
    "service.links",
];

/// The instructions that are asked about.
const COMMANDS: [&str; 10] =
    ["from", "user", "run", "add", "copy", "env", "expose", "label", "healthcheck", "cmd"];

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
    std::fs::write(path, text).expect("it can be written");
}

fn policies(folder: &Path) {
    for (index, body) in RESOLVED.iter().enumerate() {
        let text = format!(
            "package composelint.p{index}\n\nimport rego.v1\n\ndeny contains {{\"msg\": \"it is not kept\", \"service\": \
             name}} if {{\n\tsome name, service in input.services\n\t{body}\n}}\n"
        );
        write(&folder.join(format!("resolved-{index}.rego")), &text);
    }
    for (index, body) in WRITTEN.iter().enumerate() {
        let text = format!(
            "package main\n\ndeny[msg] {{\n  service := input.services[name]\n  {body}\n  msg := sprintf(\"service %s: \
             {index}\", [name])\n}}\n"
        );
        write(&folder.join(format!("written-{index}.rego")), &text);
    }
    for command in COMMANDS {
        let text = format!(
            "package main\n\ndeny[msg] {{\n  input[i].Cmd == \"{command}\"\n  value := concat(\" \", input[i].Value)\n  \
             contains(lower(value), \"latest\")\n  msg := sprintf(\"{command}: %s\", [value])\n}}\n"
        );
        write(&folder.join(format!("command-{command}.rego")), &text);
    }
}

/// Five hundred projects of eight services.
fn projects(folder: &Path) {
    for project in 0..500 {
        let mut text = String::from("services:\n");
        for service in 0..8 {
            write!(
                text,
                "  s{service}:\n    image: example.com/team/s{service}:1.{project}\n    ports: [\"127.0.0.1:80{service}0:80\"]\n    \
                 environment:\n      MODE: production\n      DB_HOST: db\n    volumes: [\"data{service}:/data\"]\n    depends_on: \
                 []\n"
            )
            .expect("a string takes all");
        }
        text.push_str("volumes:\n");
        for service in 0..8 {
            writeln!(text, "  data{service}: {{}}").expect("a string takes all");
        }
        write(&folder.join(format!("p{project}/compose.yaml")), &text);
    }
}

fn once(arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_composelint"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    assert!(matches!(status.code(), Some(0 | 1)), "it ends as it should: {status}");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}

fn main() {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let rules = folder.path().join("policies");
    policies(&rules);
    let files = match std::env::var_os("COMPOSELINT_SHARED") {
        Some(shared) => PathBuf::from(shared).join("corpus/compose"),
        None => {
            let files = folder.path().join("files");
            projects(&files);
            files
        }
    };
    let (rules, files) = (rules.to_string_lossy().into_owned(), files.to_string_lossy().into_owned());
    let without = ["check", "--no-config", "--no-ignore", "--format", "concise", &files];
    let with = ["check", "--no-config", "--no-ignore", "--format", "concise", &files, "--policy", &rules];
    let (mut base, mut all) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (one, other) = (once(&without), once(&with));
        // The first round fills the caches.
        if round > 0 {
            base.push(one);
            all.push(other);
        }
    }
    let (base, all) = (median(base), median(all));
    println!("without policies {base:8.1} ms");
    println!("fifty policies   {all:8.1} ms");
    println!("ratio            {:8.2}", all / base);
}
