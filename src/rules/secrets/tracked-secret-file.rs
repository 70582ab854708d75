//! `tracked-secret-file`: a file with secrets is in the repository.

use crate::compose::env_file::EnvFile;
use crate::compose::paths::{PathUse, Purpose, file_uses, path_uses};
use crate::compose::project::{Project, normal};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

pub static RULE: Rule = Rule {
    name: "tracked-secret-file",
    summary: "a file with secrets is in the repository",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Reader, Gain::Credential, Needs::Fault)],
        weaknesses: &[312],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/tracked-secret-file.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

/// Words of the names of files that are there to be copied, or hold what is made up for tests.
const MADE_UP: &[&str] = &[
    "ci",
    "default",
    "defaults",
    "demo",
    "dev",
    "development",
    "dist",
    "dummy",
    "e2e",
    "example",
    "fake",
    "fixture",
    "fixtures",
    "local",
    "sample",
    "samples",
    "template",
    "test",
    "testing",
    "tests",
];

fn check(project: &Project, cx: &mut Context<'_>) {
    let services = project.service_names().filter_map(|name| project.service(name));
    let mut seen: HashSet<PathBuf> = HashSet::new();
    let uses: Vec<PathUse<'_>> = services.flat_map(path_uses).chain(file_uses(project)).collect();
    for file in project.env_files().iter().filter(|file| !file.readers.is_empty()) {
        for value in &file.values {
            cx.mask(*value);
        }
    }
    for path_use in uses {
        let path = &path_use.path;
        if !project.paths().is_tracked(path) || is_made_up(path) || !seen.insert(path.clone()) {
            continue;
        }
        let shown = path.display();
        match path_use.purpose {
            Purpose::Secret => {
                cx.report(path_use.span, format!("`{shown}` is a secret, and git does not ignore it"))
                    .help("add it to `.gitignore`, and give out a new secret if it was committed");
            }
            Purpose::EnvFile => {
                let Some(file) = env_file(project, path) else { continue };
                let Some(secret) = file.entries.iter().find(|entry| entry.is_secret) else { continue };
                cx.report(path_use.span, format!("`{shown}` holds secrets, and git does not ignore it"))
                    .label(secret.key.span, "a secret in clear text")
                    .help("add it to `.gitignore`, and give out new secrets if it was committed");
            }
            _ => {}
        }
    }
}

/// What was read at a path relative to the project's directory.
fn env_file<'p>(project: &'p Project, path: &Path) -> Option<&'p EnvFile> {
    let full = normal(&project.directory().join(path));
    project.env_files().iter().find(|file| normal(&file.path) == full)
}

/// Whether the path says that what is there is no secret.
fn is_made_up(path: &Path) -> bool {
    path.to_string_lossy()
        .to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| MADE_UP.contains(&word))
}
