//! What a hostile project is answered with: the documented limit, in words that help, and the right exit
//! code. Texts that are hostile to one parser are in `tests/yaml/hostile.rs`; how long all of them take
//! is in `docs/robustness.md`.

#![allow(clippy::print_stdout, reason = "a test that cannot run says so")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use composelint::compose::file::Workspace;
use composelint::discover::discover;
use composelint::fs::{FileSystem, Kind, Memory, ReadError, Walk, WalkOptions, WriteError};
use composelint::lint::{self, Request};
use composelint::mend;
use tempfile::TempDir;

const GOOD: &str = "services:\n  web:\n    image: example.com/web:1.2\n";
const OLD: &str = "version: \"3\"\n\nservices:\n  web:\n    image: example.com/web:1.2\n";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        std::fs::write(path, bytes).expect("it can be written");
    }
    folder
}

fn command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_composelint"));
    command.current_dir(folder.path()).args(arguments).env_clear().stdin(Stdio::null());
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the output is text")
}

/// Checks that a run over the folder ends with the code, and says `words`.
#[track_caller]
fn answered(folder: &TempDir, arguments: &[&str], code: i32, words: &str) {
    let output = run(folder, arguments);
    let printed = out(&output) + &err(&output);
    assert!(printed.contains(words), "{words:?} is not in {printed}");
    assert_eq!(output.status.code(), Some(code), "{printed}");
}

#[test]
fn a_key_of_a_megabyte_is_read() {
    let key = "k".repeat(1 << 20);
    let text = format!("services:\n  web:\n    image: example.com/web:1.2\n    labels:\n      {key}: x\n");
    let folder = folder(&[("compose.yaml", text.as_bytes())]);
    let output = run(&folder, &["--format", "json", "."]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", err(&output));
}

#[test]
fn an_unknown_key_of_a_megabyte_is_not_printed_whole() {
    let key = "k".repeat(1 << 20);
    let text = format!("services:\n  web:\n    image: example.com/web:1.2\n    {key}: x\n");
    let folder = folder(&[("compose.yaml", text.as_bytes())]);
    let output = run(&folder, &["."]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(output.stdout.len() < 1 << 16, "{} bytes", output.stdout.len());
}

#[test]
fn thousands_of_services_are_judged() {
    let services: String =
        (0..2_000).map(|number| format!("  s{number}: {{image: example.com/web:1.2}}\n")).collect();
    let folder = folder(&[("compose.yaml", format!("services:\n{services}").as_bytes())]);
    let output = run(&folder, &["--format", "concise", "."]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", err(&output));
}

#[test]
fn thousands_of_services_build_one_file_of_thousands_of_stages() {
    let services: String = (0..60)
        .map(|number| format!("  s{number}: {{build: {{context: ., target: t{number}}}}}\n"))
        .collect();
    let stages: String =
        (0..600).map(|number| format!("FROM debian:12.1 AS t{number}\nUSER 1000\n")).collect();
    let text = format!("services:\n{services}");
    let folder = folder(&[("compose.yaml", text.as_bytes()), ("Dockerfile", stages.as_bytes())]);
    let output = run(&folder, &["--format", "concise", "."]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", err(&output));
}

#[test]
fn a_chain_of_includes_is_followed_to_its_limit() {
    let chain = |length: usize| {
        let folder = folder(&[]);
        for number in 0..length {
            let text =
                format!("include: [part{}.yaml]\nservices: {{s{number}: {{image: a/b:1.0}}}}\n", number + 1);
            let name = if number == 0 { "compose.yaml".to_owned() } else { format!("part{number}.yaml") };
            std::fs::write(folder.path().join(name), text).expect("it can be written");
        }
        let last = format!("part{length}.yaml");
        std::fs::write(folder.path().join(last), "services: {last: {image: a/b:1.0}}\n")
            .expect("it can be written");
        folder
    };
    let words = "files include one another more than 64 deep";
    let output = run(&chain(64), &["--format", "concise", "."]);
    assert!(!out(&output).contains(words), "{}", out(&output));
    answered(&chain(65), &["--format", "concise", "."], 1, words);
}

#[test]
fn two_files_that_include_each_other_are_a_circle() {
    let folder = folder(&[
        ("compose.yaml", b"include: [part.yaml]\nservices: {a: {image: a/b:1.0}}\n"),
        ("part.yaml", b"include: [compose.yaml]\nservices: {b: {image: a/b:1.0}}\n"),
    ]);
    answered(&folder, &["--format", "concise", "."], 1, "in a circle");
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_a_circle_are_followed_nowhere() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("app/compose.yaml", GOOD.as_bytes())]);
    symlink("..", folder.path().join("app/up")).expect("a link can be made");
    symlink("self.yaml", folder.path().join("self.yaml")).expect("a link can be made");
    symlink("docker-compose.yaml", folder.path().join("docker-compose.yaml")).expect("a link can be made");
    answered(&folder, &["--format", "concise", "."], 0, "1 file");
    answered(&folder, &["--format", "concise", "self.yaml"], 2, "cannot read `self.yaml`");
}

#[cfg(unix)]
#[test]
fn devices_are_not_read_whoever_names_them() {
    if !Path::new("/dev/zero").exists() {
        println!("skipped: there is no /dev/zero");
        return;
    }
    let folder = folder(&[
        ("env/compose.yaml", b"services: {a: {image: a/b:1.0, env_file: /dev/zero}}\n"),
        ("include/compose.yaml", b"include: [/dev/zero]\nservices: {a: {image: a/b:1.0}}\n"),
        ("extends/compose.yaml", b"services: {a: {extends: {file: /dev/zero, service: a}}}\n"),
        ("build/compose.yaml", b"services: {a: {build: {context: ., dockerfile: /dev/zero}}}\n"),
        (
            "secret/compose.yaml",
            b"services: {a: {image: a/b:1.0, secrets: [s]}}\nsecrets: {s: {file: /dev/zero}}\n",
        ),
        ("ignored/compose.yaml", b"services: {a: {build: .}}\n"),
        ("ignored/Dockerfile", b"FROM a/b:1.0\nUSER 1000\n"),
    ]);
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("ignored/.dockerignore"))
        .expect("a link can be made");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("ignored/.env")).expect("a link can be made");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join(".composelint.yaml"))
        .expect("a link can be made");
    let output =
        run(&folder, &["--format", "json", "env", "include", "extends", "build", "secret", "ignored"]);
    assert!(matches!(output.status.code(), Some(0..=2)), "{}", err(&output));
    answered(&folder, &["/dev/zero"], 2, "it is neither a file nor a directory");
    answered(&folder, &["-f", "/dev/zero"], 2, "not a regular file");
    answered(&folder, &["--config", "/dev/zero", "env"], 2, "/dev/zero");
    answered(&folder, &["--baseline", "/dev/zero", "env"], 2, "/dev/zero");
    answered(&folder, &["--env-file", "/dev/zero", "env"], 2, "/dev/zero");
}

#[cfg(unix)]
#[test]
fn a_directory_that_nobody_may_list_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("open/compose.yaml", GOOD.as_bytes()), ("shut/compose.yaml", GOOD.as_bytes())]);
    let shut = folder.path().join("shut");
    let set =
        |mode| std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    set(0o000);
    if std::fs::read_dir(&shut).is_ok() {
        println!("skipped: this user may list every directory");
    } else {
        answered(&folder, &["--format", "concise", "."], 2, "shut");
    }
    set(0o755);
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_reaches_the_terminal_as_it_is() {
    use std::os::unix::ffi::OsStringExt;
    let folder = folder(&[]);
    let odd: &[&[u8]] =
        &[b"compose.\x1b[2J.yaml", b"compose.a\nb.yaml", b"compose.\xff.yaml", b"compose.%0A::error::x.yaml"];
    for name in odd {
        let path = folder.path().join(OsString::from_vec(name.to_vec()));
        if std::fs::write(path, GOOD).is_err() {
            println!("skipped: the file system takes no such name");
            return;
        }
    }
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
        let output = run(&folder, &["--format", format, "--select", "all", "."]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{format}: {}", err(&output));
        let printed = out(&output);
        assert!(!printed.contains(|c: char| c.is_control() && c != '\n'), "{format}: {printed:?}");
        let by_line = matches!(format, "text" | "concise" | "github" | "markdown" | "jsonl");
        let broken = printed.lines().any(|line| line.starts_with("b.yaml"));
        assert!(!by_line || !broken, "{format}: {printed:?}");
        assert!(
            printed.contains('\u{fffd}') || printed.contains("\\ufffd") || printed.contains("%EF%BF%BD"),
            "{format}: {printed:?}"
        );
    }
    let output = run(&folder, &["--diff", "--unsafe-fixes", "."]);
    assert!(!out(&output).contains(|c: char| c.is_control() && c != '\n'), "{:?}", out(&output));
}

#[test]
fn a_dockerfile_of_one_endless_line_is_past_the_limit_or_read() {
    let line = |length: usize| [b"RUN echo ".as_slice(), &vec![b'a'; length]].concat();
    let folder = folder(&[
        ("large/Dockerfile", &line(50_000_000)),
        ("small/Dockerfile", &[b"FROM a/b:1.0\nUSER 1000\n".as_slice(), &line(1_000_000)].concat()),
    ]);
    answered(
        &folder,
        &["--format", "concise", "large"],
        1,
        "50000009 bytes, more than the 8388608 that are read",
    );
    let output = run(&folder, &["small"]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", err(&output));
    assert!(output.stdout.len() < 1 << 16, "{} bytes", output.stdout.len());
}

#[test]
fn a_dockerfile_of_too_many_instructions_is_not_judged() {
    let text = format!("FROM a/b:1.0\n{}", "RUN apt-get update\n".repeat(20_000));
    let folder = folder(&[("Dockerfile", text.as_bytes()), ("compose.yaml", b"services: {a: {build: .}}\n")]);
    let output = run(&folder, &["--format", "concise", "."]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let about: Vec<String> =
        out(&output).lines().filter(|line| line.starts_with("Dockerfile")).map(str::to_owned).collect();
    assert_eq!(about.len(), 1, "{about:?}");
    assert!(
        about[0].starts_with("Dockerfile:20001:1: ") && about[0].contains("more than 20000 instructions")
    );
}

#[test]
fn a_text_of_too_many_dollars_is_refused() {
    let text = format!("services:\n  web:\n    image: a/b:1.0\n    command: \"{}\"\n", "$x ".repeat(30_000));
    let folder = folder(&[("compose.yaml", text.as_bytes())]);
    answered(&folder, &["--format", "concise", "."], 1, "the text has more than 20000 dollars");
}

#[test]
fn no_pattern_of_a_configuration_takes_forever() {
    let name = "a".repeat(60) + "!";
    let compose = format!("services:\n  web:\n    image: a/b:1.0\n    container_name: {name}\n");
    let with = |pattern: &str| {
        let configuration = format!("rules:\n  container-name-form:\n    pattern: '{pattern}'\n");
        folder(&[("compose.yaml", compose.as_bytes()), (".composelint.yaml", configuration.as_bytes())])
    };
    let arguments = ["--format", "concise", "--select", "container-name-form", "."];
    answered(&with("(a+)+(a*)*(a|aa)+"), &arguments, 1, "container-name-form");
    answered(&with("(((a{1000}){1000}){1000})"), &arguments, 2, "pattern");
    let globs = "{a,b}".repeat(40) + "*".repeat(200).as_str();
    let configuration = format!("exclude: ['{globs}/**/**/**/x']\n");
    let folder =
        folder(&[("compose.yaml", GOOD.as_bytes()), (".composelint.yaml", configuration.as_bytes())]);
    let output = run(&folder, &["--format", "concise", "."]);
    assert!(matches!(output.status.code(), Some(0..=2)), "{}", err(&output));
}

#[cfg(unix)]
#[test]
fn a_file_that_nobody_may_write_is_named_and_left() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("compose.yaml", OLD.as_bytes())]);
    let path = folder.path().join("compose.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).expect("it is ours");
    answered(&folder, &["--fix", "."], 2, "the file is read-only; make it writable");
    assert_eq!(std::fs::read(&path).expect("it is there"), OLD.as_bytes());
}

#[test]
fn two_that_fix_at_once_leave_whole_files() {
    let names: Vec<String> = (0..20).map(|number| format!("p{number}/compose.yaml")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), OLD.as_bytes())).collect();
    let folder = folder(&files);
    let start = || {
        command(&folder, &["--fix", "."])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs")
    };
    let both = [start(), start(), start()];
    for child in both {
        let output = child.wait_with_output().expect("it ends");
        // One that finds a file changed under its hands says so.
        let said = out(&output) + &err(&output);
        let told =
            output.status.code() == Some(2) && said.contains("it changed since it was read; run again");
        assert!(told || matches!(output.status.code(), Some(0 | 1)), "{said}");
    }
    for name in &names {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("it is there");
        assert_eq!(text, OLD["version: \"3\"\n\n".len()..], "{name}");
        let directory = folder.path().join(name);
        let beside = std::fs::read_dir(directory.parent().expect("it has one")).expect("it can be read");
        assert_eq!(beside.count(), 1, "no other file is left beside {name}");
    }
}

/// Files of which one is not what it was when it was listed.
struct Restless {
    files: Memory,
    path: PathBuf,
    now: Result<Vec<u8>, ReadError>,
}

impl FileSystem for Restless {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        if path != self.path {
            return self.files.read(path, limit);
        }
        match &self.now {
            Ok(bytes) if bytes.len() as u64 > limit => Err(ReadError::TooLarge { size: bytes.len() as u64 }),
            now => now.clone(),
        }
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.files.kind(path)
    }

    fn list(&self, directory: &Path) -> Vec<(OsString, Kind)> {
        self.files.list(directory)
    }

    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        self.files.canonical(path)
    }

    fn walk(&self, root: &Path, options: &WalkOptions, wanted: &dyn Fn(&Path) -> bool) -> Walk {
        self.files.walk(root, options, wanted)
    }

    fn write_atomic(&self, path: &Path, expected_old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        if path == self.path && self.now.as_deref() != Ok(expected_old) {
            return Err(WriteError::Changed);
        }
        self.files.write_atomic(path, expected_old, new)
    }
}

fn restless(path: &str, now: Result<Vec<u8>, ReadError>) -> Restless {
    let files = [("a/compose.yaml", OLD), ("b/compose.yaml", OLD), ("b/Dockerfile", "FROM a/b:1.0\n")];
    Restless { files: files.into_iter().collect(), path: PathBuf::from(path), now }
}

fn request(fs: &dyn FileSystem) -> Request {
    let found = discover(fs, &Workspace::new(fs), &[PathBuf::from(".")], false);
    Request {
        deployments: found.deployments,
        dockerfiles: found.dockerfiles,
        failures: found.failures,
        ..Request::default()
    }
}

#[test]
fn a_file_that_vanishes_is_named_and_stops_no_other() {
    for path in ["a/compose.yaml", "b/Dockerfile"] {
        let fs = restless(path, Err(ReadError::NotFound));
        let report = lint::check(&fs, &request(&fs));
        let failures: Vec<&str> = report.failures.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(failures, [format!("cannot read `{path}`: no such file")]);
        let others = report.diagnostics.iter().filter(|it| it.rule.name == "obsolete-version").count();
        assert_eq!(others, if path.starts_with('a') { 1 } else { 2 }, "{path}");
    }
}

#[test]
fn a_file_that_grows_past_the_limit_is_a_finding() {
    let fs = restless("a/compose.yaml", Ok(vec![b'#'; 9 << 20]));
    let report = lint::check(&fs, &request(&fs));
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    assert!(report.diagnostics.iter().any(|it| it.message.contains("more than the 8388608 that are read")));
}

#[test]
fn a_disk_that_is_full_leaves_every_file_as_it_was() {
    struct Full(Memory);
    impl FileSystem for Full {
        fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
            self.0.read(path, limit)
        }
        fn kind(&self, path: &Path) -> Option<Kind> {
            self.0.kind(path)
        }
        fn list(&self, directory: &Path) -> Vec<(OsString, Kind)> {
            self.0.list(directory)
        }
        fn canonical(&self, path: &Path) -> Option<PathBuf> {
            self.0.canonical(path)
        }
        fn walk(&self, root: &Path, options: &WalkOptions, wanted: &dyn Fn(&Path) -> bool) -> Walk {
            self.0.walk(root, options, wanted)
        }
        fn write_atomic(&self, _: &Path, _: &[u8], _: &[u8]) -> Result<(), WriteError> {
            Err(WriteError::Other("No space left on device".to_owned()))
        }
    }
    let fs = Full([("a/compose.yaml", OLD), ("b/compose.yaml", OLD)].into_iter().collect());
    let request = request(&fs);
    let report = lint::check(&fs, &request);
    let options = mend::Options::up_to(composelint::diagnostic::Applicability::Safe);
    let plan = mend::plan(&fs, &request, &report, &options);
    assert_eq!(plan.changes.len(), 2);
    let written = plan.write(&fs);
    assert!(written.fixed.is_empty());
    let failures: Vec<&str> = written.failures.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(failures.len(), 2);
    assert!(
        failures[0].contains("`a/compose.yaml`") && failures[0].contains("No space left on device"),
        "{failures:?}"
    );
    assert_eq!(fs.read(Path::new("a/compose.yaml"), 1 << 20), Ok(OLD.as_bytes().to_vec()));
}
