//! A rule's page, taken apart and put together.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use composelint::rule::Rule;

/// The peers that rules may name.
pub(crate) const PEERS: &[&str] = &[
    "buildkit",
    "checkov",
    "compose-go",
    "compose-lint",
    "dclint",
    "hadolint",
    "kics",
    "nbsp1221-composelint",
    "semgrep",
    "trivy",
    "yamllint",
];

/// The package's directory.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A project on a page with what comes out of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    /// Path to text.
    pub(crate) files: BTreeMap<String, String>,
    /// The concise lines.
    pub(crate) output: Option<String>,
    /// What the fixes change.
    pub(crate) diff: Option<String>,
    /// The number, from 0, of the last block of the page that is an input of this case.
    last_input: usize,
}

/// A `##` section.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// The heading.
    pub(crate) title: String,
    /// Everything under it.
    pub(crate) text: String,
    /// The projects in it.
    pub(crate) cases: Vec<Case>,
}

/// A page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    /// The `#` heading.
    pub(crate) title: String,
    /// The first paragraph.
    pub(crate) summary: String,
    /// The sections in order.
    pub(crate) sections: Vec<Section>,
}

struct Fence<'t> {
    info: &'t str,
    body: String,
}

/// The lines of a text as prose or fenced blocks.
enum Piece<'t> {
    Line(&'t str),
    Block(Fence<'t>),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut open: Option<Fence<'_>> = None;
    for line in text.lines() {
        match &mut open {
            None => match line.strip_prefix("```") {
                Some(info) => open = Some(Fence { info, body: String::new() }),
                None => pieces.push(Piece::Line(line)),
            },
            Some(_) if line == "```" => pieces.extend(open.take().map(Piece::Block)),
            Some(fence) => {
                fence.body.push_str(line);
                fence.body.push('\n');
            }
        }
    }
    assert!(open.is_none(), "a block is not closed");
    pieces
}

/// The file that a block is, and whether it starts a new project.
fn file_of(info: &str) -> Option<(String, bool)> {
    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
    if let Some(path) = rest.strip_prefix("file=") {
        return Some((path.to_owned(), false));
    }
    match language {
        "yaml" => Some(("compose.yaml".into(), true)),
        "dockerfile" => Some(("Dockerfile".into(), true)),
        _ => None,
    }
}

impl Page {
    pub(crate) fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let mut block = 0;
        for piece in pieces(text) {
            match piece {
                Piece::Line(line) => {
                    if let Some(title) = line.strip_prefix("# ") {
                        page.title = title.to_owned();
                    } else if let Some(title) = line.strip_prefix("## ") {
                        page.sections.push(Section { title: title.to_owned(), ..Section::default() });
                    } else if let Some(section) = page.sections.last_mut() {
                        section.text.push_str(line);
                        section.text.push('\n');
                    } else if !line.is_empty() {
                        if !page.summary.is_empty() {
                            page.summary.push(' ');
                        }
                        page.summary.push_str(line);
                    }
                }
                Piece::Block(fence) => {
                    let Some(section) = page.sections.last_mut() else { panic!("a block before a section") };
                    if let Some((path, starts)) = file_of(fence.info) {
                        let closed = section.cases.last().is_none_or(|case| case.output.is_some());
                        if starts || closed {
                            section.cases.push(Case::default());
                        }
                        if let Some(case) = section.cases.last_mut() {
                            assert!(
                                case.files.insert(path, fence.body).is_none(),
                                "a file twice in one project"
                            );
                            case.last_input = block;
                        }
                    } else if let Some(case) = section.cases.last_mut() {
                        match fence.info {
                            "output" => case.output = Some(fence.body),
                            "diff" => case.diff = Some(fence.body),
                            _ => {}
                        }
                    }
                    block += 1;
                }
            }
        }
        page
    }

    /// The page's own text with the blocks `output` and `diff`, the grades and the equivalents of this one.
    pub(crate) fn render(&self, original: &str) -> String {
        let mut text = String::new();
        let mut block = 0;
        let mut skip_section = false;
        let mut drop_blank = false;
        const WRITTEN: [&str; 2] = ["Severity", "Equivalents"];
        for piece in pieces(original) {
            match piece {
                Piece::Line(line) => {
                    if let Some(title) = line.strip_prefix("## ") {
                        skip_section = WRITTEN.contains(&title);
                        drop_blank = false;
                        writeln!(text, "{line}").expect("a string takes all");
                        if skip_section
                            && let Some(section) = self.sections.iter().find(|it| it.title == title)
                        {
                            write!(text, "\n{}", section.text).expect("a string takes all");
                        }
                        continue;
                    }
                    if skip_section || drop_blank && line.is_empty() {
                        drop_blank = false;
                        continue;
                    }
                    drop_blank = false;
                    writeln!(text, "{line}").expect("a string takes all");
                }
                Piece::Block(fence) => {
                    if matches!(fence.info, "output" | "diff") {
                        drop_blank = true;
                    } else if !skip_section {
                        write!(text, "```{}\n{}```\n", fence.info, fence.body).expect("a string takes all");
                    }
                    let ended = self
                        .sections
                        .iter()
                        .flat_map(|section| &section.cases)
                        .find(|case| case.last_input == block && !case.files.is_empty());
                    if let Some(case) = ended
                        && file_of(fence.info).is_some()
                    {
                        for (info, body) in [("output", &case.output), ("diff", &case.diff)] {
                            if let Some(body) = body {
                                write!(text, "\n```{info}\n{body}```\n").expect("a string takes all");
                            }
                        }
                    }
                    block += 1;
                }
            }
        }
        text
    }
}

/// The section on the same check in other tools.
pub(crate) fn equivalents(rule: &Rule) -> String {
    let mut text = String::new();
    if rule.equivalents.is_empty() && rule.deviations.is_empty() {
        text.push_str("No other tool has this check.\n");
    }
    for equivalent in rule.equivalents {
        let (peer, name) = equivalent.split_once(':').unwrap_or((equivalent, ""));
        writeln!(text, "- {peer}: `{name}`").expect("a string takes all");
    }
    for (peer, reason) in rule.deviations {
        let (peer, name) = peer.split_once(':').unwrap_or((peer, ""));
        writeln!(text, "- {peer}: `{name}`, answered otherwise: {reason}").expect("a string takes all");
    }
    text
}

/// The items on the severities of a rule, with which its section on them begins.
pub(crate) fn grades(rule: &Rule) -> String {
    let mut text = String::new();
    for grade in rule.stakes.grades {
        let mut item = format!("- `{}`", grade.severity.name());
        if let Some(score) = grade.stake.score() {
            write!(item, ", {score} of 10").expect("a string takes all");
        }
        if !grade.case.is_empty() {
            write!(item, ", {}", grade.case).expect("a string takes all");
        }
        write!(item, ": {}.", grade.stake.told()).expect("a string takes all");
        if !grade.departure.is_empty() {
            let follows = grade.stake.severity().name();
            write!(item, " From that `{follows}` would follow; but {}.", grade.departure)
                .expect("a string takes all");
        }
        text.push_str(&wrapped(&item));
    }
    text
}

/// The text in lines of at most 106 characters, those after the first indented.
fn wrapped(item: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in item.split(' ') {
        let length = word.chars().count();
        if width == 0 {
            width = length;
        } else if width + 1 + length > 106 {
            text.push_str("\n  ");
            width = 2 + length;
        } else {
            text.push(' ');
            width += 1 + length;
        }
        text.push_str(word);
    }
    text.push('\n');
    text
}

/// A section on severities without the items that are written into it, and without blank lines before.
pub(crate) fn without_grades(text: &str) -> &str {
    let mut rest = text;
    let mut in_item = false;
    while let Some((line, after)) = rest.split_once('\n') {
        in_item = line.starts_with("- `") || in_item && line.starts_with("  ");
        if !in_item && !line.is_empty() {
            break;
        }
        rest = after;
    }
    rest
}

/// The number of the weakness that a line of references is about.
pub(crate) fn weakness(line: &str) -> Option<u16> {
    let number = line.strip_prefix("- CWE-")?.split(',').next()?.parse().ok()?;
    line.ends_with(&format!("/definitions/{number}.html>")).then_some(number)
}
