//! `copy-target-not-directory`: several files copied to one path that is not marked as a directory.

use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::dockerfile::files::file_name;
use crate::dockerfile::{Arguments, Keyword, Word};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "copy-target-not-directory",
    summary: "several files are copied to a path that does not end in `/`",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/copy-target-not-directory.md"),
    equivalents: &[
        "hadolint:DL3021",
        "kics:copy_with_more_than_two_arguments_not_ending_with_slash",
        "trivy:copy_with_more_than_two_arguments_not_ending_with_slash",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let mut workdir = None;
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            if let (Keyword::Workdir, Arguments::Word(word)) = (instruction.keyword, &instruction.arguments) {
                workdir = Some(word.text());
            }
            let Some(files) = instruction.files().filter(|files| files.sources.len() > 1) else { continue };
            let target = &files.destination;
            let path = target.text();
            let is_directory =
                path.ends_with(['/', '\\', '}']) || matches!(file_name(&path), "." | ".." | "");
            if is_directory {
                continue;
            }
            // BuildKit copies into a directory that is there.
            let is_known = STANDARD.contains(&path.as_str())
                && part.stage.is_none_or(|stage| stage.external_image() != Some("scratch"));
            let is_there = is_known
                || workdir.as_deref().is_some_and(|workdir| {
                    let workdir = workdir.trim_end_matches('/');
                    workdir == path || workdir.strip_prefix(&path).is_some_and(|rest| rest.starts_with('/'))
                });
            let fix = file.dockerfile_text().and_then(|text| slash(text, target));
            let message = format!("`{path}` is not marked as a directory, and several files go there");
            let finding =
                cx.report(target.span, message).stage(part.name()).help(format!("write `{path}/`")).fix(fix);
            if is_there {
                finding.severity(Severity::Info);
            }
        }
    }
}

/// Directories that every distribution has.
const STANDARD: &[&str] = &[
    "/bin",
    "/etc",
    "/home",
    "/lib",
    "/mnt",
    "/opt",
    "/root",
    "/sbin",
    "/srv",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/sbin",
    "/usr/share",
    "/var",
    "/var/lib",
    "/var/tmp",
];

/// The fix that adds the slash, within quotes. `None` for a path of Windows, and for part of a text in
/// quotes: without brackets they do not keep words together.
fn slash(text: &str, target: &Word) -> Option<Fix> {
    let range = target.span.range();
    let written = text.get(range.clone())?;
    let quotes = written.len() - written.trim_end_matches(['"', '\'']).len();
    let end = range.end.checked_sub(quotes)?;
    let is_whole = quotes < 2 && (quotes == 1) == written.starts_with(['"', '\'']);
    (is_whole && !written.contains(['\n', '\\'])).then(|| Fix {
        title: "add the slash".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: Span::new(target.span.source, end, end), text: "/".to_owned() }],
    })
}
