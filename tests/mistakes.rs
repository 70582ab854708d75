//! The page of frequent mistakes is executed: what it shows is what comes out. `BLESS=1` writes it.

use std::path::{Path, PathBuf};

use composelint::compose::file::Workspace;
use composelint::diagnostic::Severity;
use composelint::discover::discover;
use composelint::fs::Memory;
use composelint::lint::{self, Request, Selection};
use composelint::output::{self, Format};
use composelint::report::Report;
use composelint::rule::Preset;

const INPUT: &str = "```yaml\n";
const OUTPUT: &str = "```output\n";
const END: &str = "```\n";

fn checked(text: &str) -> Report {
    let memory = Memory::new();
    memory.insert("compose.yaml", text.as_bytes());
    let found = discover(&memory, &Workspace::new(&memory), &[PathBuf::from(".")], false);
    let selection = Selection { preset: Some(Preset::Essential), select: Vec::new(), ignore: Vec::new() };
    let request = Request { deployments: found.deployments, selection, ..Request::default() };
    lint::check(&memory, &request)
}

fn printed(report: &Report) -> String {
    let options = output::Options {
        color: false,
        unicode: true,
        width: 100,
        quiet: true,
        root: None,
        fail_on: Severity::Warning,
        category: |rule| rule.category(),
    };
    let mut bytes = Vec::new();
    output::render(report, Format::Text, &options, &mut bytes).expect("a vector takes all");
    let text = String::from_utf8(bytes).expect("the output is text");
    // The last line counts the findings.
    let findings = text.trim().rsplit_once("\n\n").map_or("", |(findings, _)| findings);
    let lines: Vec<&str> = findings.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// The page with the outputs that its inputs have now, and the number of mistakes.
fn page(text: &str) -> (String, usize) {
    let mut written = String::new();
    let mut rest = text;
    let mut mistakes = 0;
    while let Some((before, after)) = rest.split_once(INPUT) {
        let (input, after) = after.split_once(END).expect("the input ends");
        let (between, after) = after.split_once(OUTPUT).expect("an output follows the input");
        let (_, after) = after.split_once(END).expect("the output ends");
        let report = checked(input);
        let title = before.lines().rfind(|line| line.starts_with("## ")).unwrap_or_default();
        assert!(!report.diagnostics.is_empty(), "{title} is found");
        for finding in &report.diagnostics {
            assert!(finding.help.is_some(), "{title}: `{}` says what to write", finding.message);
        }
        written.extend([before, INPUT, input, END, between, OUTPUT, &printed(&report), END]);
        rest = after;
        mistakes += 1;
    }
    (written + rest, mistakes)
}

#[test]
fn every_mistake_is_found_and_has_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mistakes.md");
    let text = std::fs::read_to_string(&path).expect("the page can be read").replace("\r\n", "\n");
    let (wanted, mistakes) = page(&text);
    assert!(mistakes >= 30, "{mistakes} mistakes");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, wanted).expect("the page can be written");
        return;
    }
    assert!(text == wanted, "docs/mistakes.md is not what comes out: run `BLESS=1 cargo test`");
}
