//! What the README shows is what the command prints. `BLESS=1` writes it.

use std::path::Path;

use assert_cmd::Command;

#[test]
fn the_output_in_the_readme_is_the_commands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("README.md")).expect("the README can be read");
    let start = text.find("<!-- composelint ").expect("the README has an example");
    let command = text[start..].lines().next().expect("it has a line");
    let arguments = command.trim_start_matches("<!-- composelint ").trim_end_matches(" -->");
    let output = Command::cargo_bin("composelint")
        .expect("the binary is built")
        .current_dir(root)
        .env_clear()
        .args(arguments.split(' '))
        .output()
        .expect("it runs");
    let output = String::from_utf8(output.stdout).expect("the output is text");
    let block = start + command.len() + 1 + "```text\n".len();
    let end = block + text[block..].find("```").expect("the block is closed");
    let wanted = format!("{}{output}{}", &text[..block], &text[end..]);
    if std::env::var_os("BLESS").is_some() && wanted != text {
        std::fs::write(root.join("README.md"), &wanted).expect("the README can be written");
        return;
    }
    assert_eq!(text, wanted, "run `BLESS=1 cargo test`");
}
