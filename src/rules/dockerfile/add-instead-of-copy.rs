//! `add-instead-of-copy`: `ADD` of local files, where `COPY` does the same and no more.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::files::{file_name, is_archive, is_remote};
use crate::dockerfile::{Files, Keyword, edit};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "add-instead-of-copy",
    summary: "`ADD` copies a local file that is no archive",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/add-instead-of-copy.md"),
    equivalents: &[
        "checkov:AddExists",
        "hadolint:DL3020",
        "kics:add_instead_of_copy",
        "semgrep:prefer-copy-over-add",
        "trivy:add_instead_of_copy",
    ],
    deviations: &[(
        "semgrep:prefer-copy-over-add",
        "an archive or a URL is what `ADD` is for, and a plain file is what `COPY` is for",
    )],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Flags that only `ADD` has, and that say that it is meant.
const ONLY_ADD: &[&str] = &["checksum", "keep-git-dir", "unpack"];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let Some(files) = instruction.files().filter(|_| instruction.keyword == Keyword::Add) else {
                continue;
            };
            if ONLY_ADD.iter().any(|flag| instruction.flag(flag).is_some()) {
                continue;
            }
            let Some(is_sure) = is_plain(files) else { continue };
            let fix = file.dockerfile_text().and_then(|text| {
                Some(Fix {
                    title: "write `COPY`".to_owned(),
                    applicability: if is_sure { Applicability::Safe } else { Applicability::Unsafe },
                    edits: vec![edit::keyword(text, instruction, "COPY")?],
                })
            });
            cx.report(instruction.name.span, "`ADD` does no more here than `COPY`")
                .stage(part.name())
                .help("write `COPY`")
                .fix(fix);
        }
    }
}

/// Whether nothing that is added is fetched or unpacked; `Some(false)` where names leave a doubt. `None`
/// if something may be.
fn is_plain(files: &Files) -> Option<bool> {
    let mut is_sure = true;
    for source in &files.sources {
        let name = source.text();
        if source.raw.starts_with("<<") {
            continue;
        }
        if is_remote(&name) || is_archive(&name) {
            return None;
        }
        if name.ends_with(['}', '*', '?', ']']) {
            // The end of the name is not known; that of the target may tell what it is.
            let is_named = !source.variables.is_empty() && has_plain_end(&files.destination.text());
            let is_pattern = name.ends_with(['*', '?', ']']) && !name.starts_with("${");
            if !is_named && !is_pattern {
                return None;
            }
            is_sure = false;
        }
    }
    Some(is_sure)
}

/// Whether a path ends in the name of a file that is no archive.
fn has_plain_end(path: &str) -> bool {
    let has_extension = file_name(path).rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && !end.is_empty() && end.chars().all(|char| char.is_ascii_alphanumeric())
    });
    has_extension && !path.ends_with('/') && !is_archive(path)
}
