//! `--baseline` and `--write-baseline` from the outside.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn composelint(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("composelint").expect("the binary is built");
    command.current_dir(directory).args(["check", "--no-config", "--format", "concise"]).args(arguments);
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

const PROJECT: &str = "services:
  a:
    image: redis
    privileged: true
    environment:
      API_TOKEN: hunter2hunter2
";

fn project() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("compose.yaml"), PROJECT).expect("it is written");
    directory
}

const NAME: &str = ".composelint-baseline.json";

#[test]
fn only_what_is_new_fails() {
    let project = project();
    let directory = project.path();
    assert_eq!(composelint(directory, &[]).0, Some(1));
    let (status, _, errors) = composelint(directory, &["--write-baseline"]);
    assert_eq!(status, Some(0), "{errors}");
    assert!(errors.contains(&format!("to `{NAME}`")), "{errors}");

    // Lines above, and other order of keys, are no news.
    let moved = PROJECT.replace("services:\n", "# moved\n\nname: x\nservices:\n");
    fs::write(directory.join("compose.yaml"), &moved).expect("it is written");
    let (status, text, errors) = composelint(directory, &["--baseline", NAME]);
    assert_eq!((status, &*errors), (Some(0), ""), "{text}");
    assert!(text.contains("in the baseline"), "{text}");

    let more = format!("{moved}  b:\n    image: redis\n");
    fs::write(directory.join("compose.yaml"), more).expect("it is written");
    let (status, text, _) = composelint(directory, &["--baseline", NAME]);
    assert_eq!(status, Some(1));
    assert!(text.contains("unpinned-image") && !text.contains("privileged"), "{text}");
}

#[test]
fn a_baseline_holds_no_secret_and_no_line() {
    let project = project();
    composelint(project.path(), &["--write-baseline"]);
    let text = fs::read_to_string(project.path().join(NAME)).expect("it is written");
    assert!(text.contains("secret-in-environment") && !text.contains("hunter2"), "{text}");
    assert!(!text.contains("line"), "{text}");
}

#[test]
fn what_is_fixed_is_said_and_taken_out() {
    let project = project();
    let directory = project.path();
    composelint(directory, &["--write-baseline"]);
    fs::write(directory.join("compose.yaml"), PROJECT.replace("    privileged: true\n", ""))
        .expect("it is written");
    let (_, _, errors) = composelint(directory, &["--baseline", NAME]);
    assert!(errors.contains("fixed; `--write-baseline` takes"), "{errors}");
    composelint(directory, &["--write-baseline"]);
    let (status, _, errors) = composelint(directory, &["--baseline", NAME]);
    assert_eq!((status, &*errors), (Some(0), ""));
}

#[test]
fn an_entry_may_expire() {
    let project = project();
    let directory = project.path();
    composelint(directory, &["--write-baseline"]);
    let path = directory.join(NAME);
    let text = fs::read_to_string(&path).expect("it is written");
    for (day, wanted) in [("2001-01-01", Some(1)), ("9999-12-31", Some(0))] {
        fs::write(&path, text.replace("\"fingerprint\"", &format!("\"until\":\"{day}\",\"fingerprint\"")))
            .expect("it is written");
        let (status, text, errors) = composelint(directory, &["--baseline", NAME]);
        assert_eq!(status, wanted, "{text}{errors}");
        assert_eq!(errors.contains("is over"), wanted == Some(1), "{errors}");
    }
}

#[test]
fn a_baseline_is_found_from_another_directory() {
    let project = project();
    let directory = project.path();
    fs::create_dir(directory.join("sub")).expect("it is made");
    composelint(directory, &["--write-baseline"]);
    let baseline = format!("../{NAME}");
    let (status, text, _) = composelint(&directory.join("sub"), &["--baseline", &baseline, ".."]);
    assert_eq!(status, Some(0), "{text}");
}

#[test]
fn what_is_no_baseline_is_refused() {
    let project = project();
    let directory = project.path();
    assert_eq!(composelint(directory, &["--baseline", "none.json"]).0, Some(2));
    for text in ["", "[]", "{\"version\": 2, \"findings\": []}", "{\"version\": 1, \"findings\": [{}]}"] {
        fs::write(directory.join("b.json"), text).expect("it is written");
        let (status, _, errors) = composelint(directory, &["--baseline", "b.json"]);
        assert_eq!(status, Some(2), "{text}");
        assert!(errors.contains("`b.json` is no baseline"), "{errors}");
    }
}

/// The command with the project's configuration.
fn configured(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("composelint").expect("the binary is built");
    let output =
        command.current_dir(directory).args(["check", "--format", "concise"]).args(arguments).output();
    let output = output.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_configuration_names_the_baseline() {
    let project = project();
    let directory = project.path();
    fs::create_dir(directory.join("sub")).expect("it is made");
    fs::write(directory.join(".composelint.yaml"), "baseline: known.json\n").expect("it is written");
    let (status, _, errors) = configured(directory, &[]);
    assert_eq!(status, Some(2));
    assert_eq!(errors, "error: cannot read `known.json`: no such file; `--write-baseline` writes one\n");
    assert_eq!(configured(&directory.join("sub"), &["..", "--write-baseline"]).0, Some(0));
    assert!(directory.join("known.json").exists());
    for arguments in [&[][..], &["compose.yaml"], &["-f", "compose.yaml"]] {
        assert_eq!(configured(directory, arguments).0, Some(0), "{arguments:?}");
    }
    assert_eq!(configured(&directory.join("sub"), &[".."]).0, Some(0));
    let shown = configured(directory, &["--show-config", "compose.yaml"]).1;
    assert!(shown.contains("baseline: known.json  # .composelint.yaml:1\n"), "{shown}");

    // What is known is shown when all is asked for, and another baseline takes the place of this one.
    assert_eq!(configured(directory, &["--ignore-suppressions"]).0, Some(1));
    assert_eq!(configured(directory, &["--no-config"]).0, Some(1));
    fs::write(directory.join("none.json"), "{\"version\": 1, \"findings\": []}").expect("it is written");
    assert_eq!(configured(directory, &["--baseline", "none.json"]).0, Some(1));
}

#[test]
fn what_is_known_gets_no_comment() {
    let project = project();
    let directory = project.path();
    composelint(directory, &["--write-baseline"]);
    let more = format!("{PROJECT}  b:\n    image: example.com/b:1\n    privileged: true\n");
    fs::write(directory.join("compose.yaml"), more).expect("it is written");
    let (status, _, errors) = composelint(directory, &["--baseline", NAME, "--add-ignore"]);
    assert_eq!(status, Some(0), "{errors}");
    let text = fs::read_to_string(directory.join("compose.yaml")).expect("it is there");
    assert!(text.starts_with(PROJECT), "{text}");
    assert!(text[PROJECT.len()..].contains("# composelint: ignore[privileged-container]"), "{text}");
}

/// A project of two directories, one of which builds an image as root, and its baseline.
fn two() -> tempfile::TempDir {
    let project = project();
    let directory = project.path();
    for part in ["shop", "shop/web"] {
        fs::create_dir(directory.join(part)).expect("it is made");
    }
    let shop = "services:\n  web:\n    build: ./web\n    privileged: true\n";
    fs::write(directory.join("shop/compose.yaml"), shop).expect("it is written");
    fs::write(directory.join("shop/web/Dockerfile"), "FROM node:24-alpine\nCMD [\"node\"]\n")
        .expect("it is written");
    fs::write(directory.join(".composelint.yaml"), format!("baseline: {NAME}\n")).expect("it is written");
    assert_eq!(configured(directory, &["--write-baseline"]).0, Some(0));
    project
}

#[test]
fn what_was_not_looked_at_is_not_said_to_be_fixed() {
    let project = two();
    let directory = project.path();
    let entries = fs::read_to_string(directory.join(NAME)).expect("it is written");
    assert!(entries.contains("\"path\":\"shop/web/Dockerfile\",\"rule\":\"root-user\""), "{entries}");
    for arguments in [
        &[][..],
        &["shop"],
        // As a hook names what changed: the Dockerfile without the service that builds it.
        &["shop/web/Dockerfile"],
        &["shop/compose.yaml"],
        &["--select", "root-user"],
        &["--ignore", "root-user"],
        &["--preset", "essential"],
        &["--profile", "none"],
    ] {
        let (status, text, errors) = configured(directory, arguments);
        assert_eq!((status, &*errors), (Some(0), ""), "{arguments:?}: {text}");
    }
    // Nor is what stands in a file that cannot be read to its end, or depends on one.
    fs::write(directory.join("shop/compose.yaml"), "services:\n  web:\n   - a: b\n  c\n")
        .expect("it is written");
    let (status, text, errors) = configured(directory, &[]);
    assert_eq!((status, &*errors), (Some(1), ""), "{text}");
    assert!(text.contains("yaml-syntax") && !text.contains("root-user"), "{text}");
}

#[test]
fn a_run_over_a_part_leaves_the_rest_of_the_baseline() {
    let project = two();
    let directory = project.path();
    let before = fs::read_to_string(directory.join(NAME)).expect("it is written");
    for arguments in [&["shop"][..], &["--select", "privileged-container"], &["compose.yaml"]] {
        assert_eq!(configured(directory, &[&["--write-baseline"], arguments].concat()).0, Some(0));
        let after = fs::read_to_string(directory.join(NAME)).expect("it is written");
        assert_eq!(after, before, "{arguments:?}");
    }
    fs::remove_dir_all(directory.join("shop")).expect("it is removed");
    let (_, _, errors) = configured(directory, &[]);
    assert!(errors.contains("are fixed"), "{errors}");
    assert_eq!(configured(directory, &["--write-baseline"]).0, Some(0));
    let after = fs::read_to_string(directory.join(NAME)).expect("it is written");
    assert!(!after.contains("shop") && after.contains("privileged-container"), "{after}");
}
