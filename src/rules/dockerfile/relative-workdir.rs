//! `relative-workdir`: a working directory that depends on the one before it.

use std::collections::HashMap;

use crate::diagnostic::Severity;
use crate::dockerfile::files::is_absolute;
use crate::dockerfile::{Arguments, Keyword, Origin, Pair, Setting, Word};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "relative-workdir",
    summary: "a `WORKDIR` is not an absolute path",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/relative-workdir.md"),
    equivalents: &[
        "buildkit:WorkdirRelativePath",
        "checkov:WorkdirIsAbsolute",
        "hadolint:DL3000",
        "kics:workdir_path_not_absolute",
        "semgrep:use-absolute-workdir",
        "trivy:workdir_path_not_absolute",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

const HELP: &str = "write the path from the root";

/// The equivalents that ask for an absolute path whatever stands before.
const ALWAYS: &[&str] = &[
    "checkov:WorkdirIsAbsolute",
    "hadolint:DL3000",
    "kics:workdir_path_not_absolute",
    "semgrep:use-absolute-workdir",
    "trivy:workdir_path_not_absolute",
];

/// What a relative path starts from.
#[derive(Clone)]
enum Outer {
    /// The directory of an image that is not in view.
    Image,
    /// An absolute path, said at this place.
    Path(Span),
    /// A path that is not known.
    Unknown,
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let under = part.stage.and_then(|stage| match stage.base()? {
            Origin::Stage(under) => Some(under),
            Origin::Image(_) => None,
        });
        let mut outer = match under.map(|under| under.workdir()) {
            Some(Setting::Known(path)) if is_absolute(path.value) => Outer::Path(path.span),
            Some(Setting::Unknown(_)) => Outer::Unknown,
            _ => Outer::Image,
        };
        let mut values: HashMap<String, Option<String>> = HashMap::new();
        for instruction in part.instructions {
            let lookup = |name: &str| match values.get(name) {
                Some(value) => value.clone(),
                None => under.and_then(|under| under.env(name).known()).map(|it| it.value.to_owned()),
            };
            match (&instruction.arguments, instruction.keyword) {
                (Arguments::Pairs(pairs), Keyword::Env | Keyword::Arg) => {
                    let is_env = instruction.keyword == Keyword::Env;
                    let value = |pair: &Pair| pair.value.as_ref().filter(|_| is_env)?.expand(&lookup);
                    let found: Vec<_> = pairs.iter().map(|pair| (pair.key.text(), value(pair))).collect();
                    for (name, value) in found {
                        // What `ENV` sets stands above a later `ARG` of the same name.
                        if is_env || !values.contains_key(&name) {
                            values.insert(name, value);
                        }
                    }
                }
                (Arguments::Word(word), Keyword::Workdir) => {
                    let path = word.expand(&lookup);
                    let is_known_start =
                        path.is_some() || word.variables.first().is_none_or(|first| first.range.start > 1);
                    let path = path.unwrap_or_else(|| word.text());
                    if !is_known_start || path.is_empty() {
                        outer = Outer::Unknown;
                    } else if is_absolute(&path) {
                        outer = Outer::Path(word.span);
                    } else {
                        report(word, &outer, part.name(), cx);
                    }
                }
                _ => {}
            }
        }
    }
}

fn report(word: &Word, outer: &Outer, stage: Option<&str>, cx: &mut Context<'_>) {
    let shown = word.raw.as_str();
    match outer {
        Outer::Image => {
            cx.report(word.span, format!("`{shown}` is relative to whatever directory the image has"))
                .stage(stage)
                .help(HELP);
        }
        Outer::Path(span) => {
            cx.report(word.span, format!("`{shown}` is relative to the `WORKDIR` before it"))
                .stage(stage)
                .severity(Severity::Info)
                .only_in(Preset::Strict)
                .label(*span, "the directory that it starts from")
                .help(HELP)
                .equivalents(ALWAYS);
        }
        Outer::Unknown => {}
    }
}
