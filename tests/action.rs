//! The script of `action.yml`, as GitHub's runner would run it.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs the script in `directory`; its status, its output, and what it wrote for the runner.
fn action(directory: &Path, inputs: &[(&str, &str)]) -> (Option<i32>, String, String, String) {
    let binary = assert_cmd::cargo::cargo_bin("composelint");
    let binaries = binary.parent().expect("a binary is in a directory");
    let path = std::env::join_paths([binaries.to_path_buf(), "/usr/bin".into(), "/bin".into()]);
    let (summary, output) = (directory.join("summary"), directory.join("output"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/action.sh");
    let ran = Command::new("bash")
        .arg(script)
        .current_dir(directory)
        .env_clear()
        .env("PATH", path.expect("no path has a colon"))
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_OUTPUT", &output)
        .envs(inputs.iter().copied())
        .output()
        .expect("bash is there");
    let stdout = String::from_utf8_lossy(&ran.stdout).into_owned();
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    (ran.status.code(), stdout, read(&summary), read(&output))
}

fn project(name: &str, text: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir(directory.path().join(name)).expect("it is made");
    fs::write(directory.path().join(name).join("compose.yaml"), text).expect("it is written");
    directory
}

#[test]
fn the_action_annotates_sums_up_and_says_its_exit_code() {
    let project = project("a b", "version: '3'\nservices:\n  a:\n    image: example.com/a:1\n");
    let inputs = [("INPUT_PATHS", "a b\n"), ("INPUT_SARIF_FILE", "out.sarif"), ("INPUT_PRESET", "essential")];
    let (status, stdout, summary, output) = action(project.path(), &inputs);
    assert_eq!(status, Some(1), "{stdout}");
    assert!(stdout.starts_with("::warning file=a b/compose.yaml,line=1,"), "{stdout}");
    assert!(summary.starts_with("### composelint: 1 warning in 1 file\n"), "{summary}");
    assert_eq!(output, "exit-code=1\n");
    assert!(project.path().join("out.sarif").exists());
}

#[test]
fn an_input_is_never_part_of_the_script() {
    let project = project("x", "services:\n  a:\n    image: example.com/a:1\n");
    let evil = "x\"; touch pwned; $(touch pwned) `touch pwned`";
    for name in ["INPUT_PATHS", "INPUT_PRESET", "INPUT_FAIL_ON", "INPUT_ARGS", "INPUT_SARIF_FILE"] {
        action(project.path(), &[(name, evil)]);
        assert!(!project.path().join("pwned").exists(), "{name}");
    }
}

#[test]
fn without_findings_the_step_passes() {
    let project = project("x", "services:\n  a:\n    image: example.com/a:1\n");
    let inputs = [("INPUT_ARGS", "--preset\nessential\n"), ("INPUT_FAIL_ON", "error")];
    let (status, stdout, summary, output) = action(project.path(), &inputs);
    assert_eq!((status, &*stdout, &*output), (Some(0), "", "exit-code=0\n"));
    assert!(summary.contains("no problems"), "{summary}");
}
