//! The page about policies is executed: its blocks with a name are files, and its commands say what it shows.
//! `BLESS=1` writes what they say.

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// What the commands of a block say, each behind its line.
fn session(folder: &Path, block: &str, shown: bool) -> String {
    let mut text = String::new();
    for line in block.lines().filter(|line| line.starts_with("$ ")) {
        let mut words = line[2..].split_whitespace();
        assert_eq!(words.next(), Some("composelint"), "{line}");
        let output = Command::cargo_bin("composelint")
            .expect("the binary is built")
            .current_dir(folder)
            .args(words)
            .env_clear()
            .output()
            .expect("it runs");
        assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        text.extend([line, "\n"]);
        if shown {
            text.push_str(&String::from_utf8(output.stdout).expect("the output is text").replace('\\', "/"));
        } else {
            assert!(!output.stdout.is_empty(), "{line} prints something");
        }
    }
    text
}

#[test]
fn the_page_shows_what_comes_out() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policies.md");
    let page = std::fs::read_to_string(&path).expect("the page can be read").replace("\r\n", "\n");
    let root = TempDir::new().expect("a temporary folder can be made");
    let folder = root.path().join("shop");
    std::fs::create_dir(&folder).expect("it can be made");
    let mut written = String::new();
    let mut rest = page.as_str();
    let (mut files, mut commands) = (0, 0);
    while let Some((before, after)) = rest.split_once("```") {
        let (fence, after) = after.split_once('\n').expect("a fence ends");
        let (block, after) = after.split_once("```\n").expect("a block ends");
        written.extend([before, "```", fence, "\n"]);
        match fence.split_once(" file=") {
            Some((_, name)) => {
                let file = folder.join(name);
                std::fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
                std::fs::write(file, block).expect("it can be written");
                written.push_str(block);
                files += 1;
            }
            None => {
                assert_eq!(fence, "console", "a block is a file or a command");
                // What is long is left to the reader.
                let is_shown = !block.trim_end().ends_with("policy input");
                written.push_str(&session(&folder, block, is_shown));
                commands += 1;
            }
        }
        written.push_str("```\n");
        rest = after;
    }
    written.push_str(rest);
    assert!(files > 15 && commands > 5, "{files} files, {commands} commands");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, written).expect("the page can be written");
        return;
    }
    assert!(page == written, "docs/policies.md is not what comes out: run `BLESS=1 cargo test`");
}
