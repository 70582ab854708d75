//! What the README and the guide say is what the command does: outputs and sessions are run, command
//! lines are parsed, links lead somewhere. `BLESS=1` writes the outputs.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use clap::Parser;
use clap::error::ErrorKind;
use composelint::cli::Cli;
use composelint::rules::RULES;
use regex::{Captures, Regex};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder and below that end in `.md`, relative to the repository.
fn pages_in(folder: &str) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).expect("it can be listed").flatten() {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// The README and the guide.
fn guide() -> Vec<PathBuf> {
    let mut pages = pages_in("docs");
    pages.push("README.md".into());
    pages
}

/// Held by a test that may write pages, so that no other writes them meanwhile.
static WRITING: Mutex<()> = Mutex::new(());

fn read(page: &Path) -> String {
    std::fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{}: {error}", page.display()))
}

/// A fenced block of a page.
struct Block<'t> {
    /// The word behind the fence.
    language: &'t str,
    /// The comment of the line above, without its marks.
    marker: Option<&'t str>,
    /// The lines.
    content: Range<usize>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Option<&str>, usize, usize)> = None;
    let (mut at, mut above) = (0, "");
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let indent = bare.len() - bare.trim_start().len();
        match (bare.trim_start().strip_prefix("```"), open) {
            (Some(language), None) => {
                let marker = above.trim().strip_prefix("<!-- ").and_then(|it| it.strip_suffix(" -->"));
                open = Some((language, marker, at + line.len(), indent));
            }
            (Some(""), Some((language, marker, start, at_indent))) if indent == at_indent => {
                blocks.push(Block { language, marker, content: start..at });
                open = None;
            }
            _ => {}
        }
        above = line;
        at += line.len();
    }
    assert!(open.is_none(), "a block has no end");
    blocks
}

/// The text without code, line by line as it was.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut at = 0;
    for block in blocks(text) {
        prose.push_str(&text[at..block.content.start]);
        prose.extend(text[block.content.clone()].matches('\n'));
        at = block.content.end;
    }
    prose.push_str(&text[at..]);
    let code = Regex::new("`[^`\n]*`").expect("it is a pattern");
    code.replace_all(&prose, |found: &Captures<'_>| if found[0].len() > 2 { "`_`" } else { "``" })
        .into_owned()
}

/// The anchors of a page's headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let hidden: Vec<Range<usize>> = blocks(text).into_iter().map(|it| it.content).collect();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_code = hidden.iter().any(|it| it.contains(&at));
        at += line.len();
        let title = line.trim_start_matches('#');
        if is_code || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let slug: String = title
            .trim()
            .to_lowercase()
            .chars()
            .filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'))
            .map(|it| if it == ' ' { '-' } else { it })
            .collect();
        anchors.insert(slug);
    }
    anchors
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let link = Regex::new(r"\]\(<?([^)\s>]+)>?\)").expect("it is a pattern");
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in guide().into_iter().chain(pages_in("rules")) {
        let text = read(&page);
        let folder = page.parent().expect("a page is in a folder").to_owned();
        for found in link.captures_iter(&prose(&text)) {
            let target = &found[1];
            if target.contains("://") {
                continue;
            }
            count += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() { page.clone() } else { normal(&folder.join(path)) };
            if !root().join(&file).exists() {
                wrong.push(format!("{}: `{target}` leads nowhere", page.display()));
            } else if !anchor.is_empty() && !anchors(&read(&file)).contains(anchor) {
                wrong.push(format!("{}: `{target}` names no heading", page.display()));
            } else if page.starts_with("docs")
                && !["docs", "rules", "schemas"].iter().any(|it| file.starts_with(it))
            {
                wrong.push(format!("{}: `{target}` is not in the book", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 500, "links are found: {count}");
}

/// The path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(normal.pop()),
            std::path::Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

#[test]
fn the_summary_has_every_page_once() {
    let summary = read(Path::new("docs/SUMMARY.md"));
    let link = Regex::new(r"\]\(([^)]+)\)").expect("it is a pattern");
    let mut listed: Vec<String> = link.captures_iter(&summary).map(|it| it[1].to_owned()).collect();
    listed.sort();
    let mut there: Vec<String> = pages_in("docs")
        .into_iter()
        .map(|it| it.strip_prefix("docs").expect("it is there").to_string_lossy().into_owned())
        .filter(|it| it != "SUMMARY.md")
        .collect();
    there.sort();
    assert_eq!(listed, there);
}

#[test]
fn the_architecture_names_every_module() {
    let table = read(Path::new("docs/architecture.md"));
    let library = read(Path::new("src/lib.rs"));
    let names = library.lines().filter_map(|it| it.strip_prefix("pub mod ")?.strip_suffix(';'));
    let rows: Vec<&str> = table.lines().filter(|it| it.starts_with("| `")).collect();
    for name in names {
        let count = rows.iter().filter(|it| it.contains(&format!("`{name}`"))).count();
        assert!(count >= 1, "`{name}` has no row in docs/architecture.md");
    }
}

/// The words of a command line, as a shell would split these simple ones; nothing behind a comment, a
/// pipe or a redirection.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for character in line.chars().chain([' ']) {
        match (character, quote) {
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, Some(open)) if character == open => quote = None,
            (' ', None) => words.extend(word.take()),
            ('#' | '|' | '<' | '>' | ';' | '&', None) if word.is_none() => break,
            _ => word.get_or_insert_default().push(character),
        }
    }
    words
}

#[test]
fn every_command_line_of_the_guide_is_one() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in guide() {
        let text = read(&page);
        for block in blocks(&text).into_iter().filter(|it| it.language == "console") {
            for line in
                text[block.content.clone()].lines().filter_map(|it| it.trim_start().strip_prefix("$ "))
            {
                let words =
                    words(line.trim_start_matches("cargo run -- ").trim_start_matches("composelint "));
                let is_ours = ["composelint", "cargo run -- "].iter().any(|it| line.starts_with(it));
                if !is_ours {
                    continue;
                }
                count += 1;
                let words: Vec<String> = words.into_iter().filter(|it| it != "composelint").collect();
                let parsed = Cli::try_parse_from(std::iter::once("composelint".to_owned()).chain(words));
                if let Err(error) = parsed
                    && !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
                {
                    wrong.push(format!("{}: `{line}`: {error}", page.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "command lines are found: {count}");
}

/// What a shell prints of a command in a folder. `composelint` is the one that was built.
fn shell(command: &str, folder: &Path) -> String {
    let binary = assert_cmd::cargo::cargo_bin("composelint");
    let binaries = binary.parent().expect("a binary is in a folder");
    let path = std::env::join_paths([binaries.to_path_buf(), "/usr/bin".into(), "/bin".into()]);
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path.expect("no path has a colon"))
        .output()
        .expect("a shell is there");
    let text = String::from_utf8(output.stdout).expect("the output is text");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

/// Copies a folder of the repository.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("it can be made");
    for entry in std::fs::read_dir(from).expect("it can be listed").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("it can be copied");
        }
    }
}

/// The commands of a session with what they print, run one after the other in a copy of `folder`.
fn session(commands: &str, folder: &str) -> String {
    let scratch = tempfile::tempdir().expect("a folder");
    copy(&root().join(folder), scratch.path());
    let mut text = String::new();
    for line in commands.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            text.push_str(&format!("{line}\n{}", shell(command, scratch.path())));
        }
    }
    text
}

/// What a marker's command prints: `output FOLDER: COMMAND`.
fn output(marker: &str) -> Option<String> {
    let (folder, command) = marker.strip_prefix("output ")?.split_once(": ")?;
    Some(shell(command, &root().join(folder)))
}

#[test]
fn every_output_is_what_the_command_prints() {
    let _held = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut count = 0;
    for page in guide() {
        let text = read(&page);
        let mut wanted = String::new();
        let mut at = 0;
        for block in blocks(&text) {
            let Some(marker) = block.marker else { continue };
            let content = &text[block.content.clone()];
            let printed = match marker.strip_prefix("session ") {
                Some(folder) => session(content, folder),
                None => match output(marker) {
                    Some(printed) => printed,
                    None => continue,
                },
            };
            count += 1;
            wanted.push_str(&text[at..block.content.start]);
            wanted.push_str(&printed);
            at = block.content.end;
        }
        wanted.push_str(&text[at..]);
        if std::env::var_os("BLESS").is_some() {
            if wanted != text {
                std::fs::write(root().join(&page), &wanted).expect("the repository can be written");
            }
            continue;
        }
        assert!(
            wanted == text,
            "{} is not up to date; run `BLESS=1 cargo test --test docs`\n--- it would say\n{wanted}",
            page.display()
        );
    }
    assert!(count > 5, "outputs are found: {count}");
}

/// The numbers of the README that the registry decides on, each behind a comment that says which.
#[test]
fn the_numbers_of_the_readme_are_true() {
    let _held = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut of_peer: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, rule) in RULES {
        for theirs in rule.equivalents.iter().chain(rule.deviations.iter().map(|(theirs, _)| theirs)) {
            let (peer, name) = theirs.split_once(':').expect("an equivalent is `peer:rule`");
            of_peer.entry(peer).or_default().insert(name);
        }
    }
    let number = Regex::new(r"<!-- ([a-z0-9-]+) -->\d*").expect("it is a pattern");
    let text = read(Path::new("README.md"));
    let mut seen = 0;
    let wanted = number.replace_all(&text, |found: &Captures<'_>| {
        seen += 1;
        let count = match &found[1] {
            "rules" => RULES.len(),
            peer => of_peer.get(peer).unwrap_or_else(|| panic!("who is `{peer}`?")).len(),
        };
        format!("<!-- {} -->{count}", &found[1])
    });
    if std::env::var_os("BLESS").is_some() && wanted != text {
        std::fs::write(root().join("README.md"), wanted.as_ref()).expect("the README can be written");
        return;
    }
    assert!(wanted == text, "README.md is not up to date; run `BLESS=1 cargo test --test docs`");
    assert!(seen > 5, "numbers are found");
}

/// How many times as long the README says that other linters take.
#[test]
fn the_readme_claims_no_more_than_was_measured() {
    let (readme, measured) = (read(Path::new("README.md")), read(Path::new("docs/performance.md")));
    for tool in ["compose-lint", "hadolint", "dclint"] {
        let row = measured.lines().find(|line| line.starts_with(&format!("| {tool} ")));
        let cells: Vec<&str> = row.expect("it has a row").split('|').map(str::trim).collect();
        let times: u32 = cells[4].parse().expect("the fourth cell is about all files");
        let words: Vec<&str> = readme.split_whitespace().collect();
        let said =
            words.windows(4).find(|it| it[0] == tool && it.iter().any(|word| word.starts_with("times")));
        let said = said.into_iter().flatten().find_map(|word| word.parse::<u32>().ok());
        assert!(said.is_some_and(|said| said <= times), "{tool}: {said:?} of {times}");
    }
}
