//! What is made of the command line for shells and manuals.

use assert_cmd::Command;

fn composelint(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("composelint").expect("the binary is built");
    command.args(arguments);
    command
}

#[test]
fn every_shell_completes_the_options_of_check() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = composelint(&["completions", shell]).output().expect("it runs");
        let script = String::from_utf8(output.stdout).expect("a script is text");
        assert!(output.status.success() && script.contains("unsafe-fixes"), "{shell}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_string_lossy().into_owned();
    composelint(&["man", &path]).assert().success();
    for page in ["composelint.1", "composelint-check.1", "composelint-config.1"] {
        let text = std::fs::read_to_string(directory.path().join(page)).expect("the page is written");
        assert!(text.starts_with(".ie") && text.contains("SYNOPSIS"), "{page}");
    }
    composelint(&["man", "/nowhere/at/all"]).assert().code(2);
}
