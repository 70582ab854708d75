//! `missing-bind-source`: a file that is mounted is not there, so that Docker makes a directory of it.

use std::path::Path;

use crate::compose::paths::{Purpose, Reach, path_uses};
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "missing-bind-source",
    summary: "a file that is mounted from the project is not there, so Docker makes an empty directory of it",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/missing-bind-source.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The endings of files that somebody writes, and no program makes, sorted.
const WRITTEN: &[&str] = &[
    "cert",
    "cfg",
    "cnf",
    "conf",
    "config",
    "crt",
    "css",
    "csv",
    "env",
    "go",
    "hcl",
    "htm",
    "html",
    "ini",
    "j2",
    "jar",
    "js",
    "json",
    "jwt",
    "key",
    "lua",
    "md",
    "pem",
    "php",
    "pl",
    "properties",
    "ps1",
    "py",
    "rb",
    "rules",
    "sh",
    "sql",
    "tmpl",
    "toml",
    "tpl",
    "ts",
    "txt",
    "vcl",
    "war",
    "xml",
    "yaml",
    "yml",
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let project = service.project();
    if project.deployment.is_fragment {
        return;
    }
    for path_use in path_uses(service) {
        if path_use.purpose != Purpose::Bind {
            continue;
        }
        let Some(Reach::Missing(missing)) = project.paths().reach(&path_use.path) else { continue };
        let path = path_use.path.to_string_lossy().replace('\\', "/");
        let is_file = is_written(&path_use.path)
            && path_use.target.is_some_and(|target| {
                let target = target.value;
                !target.ends_with('/') && (is_written(Path::new(target)) || !has_ending(target))
            });
        // The directory of a file that a program makes is made by it too, and so is what git ignores.
        let is_expected = is_file && !missing.is_ignored && missing.has_directory;
        if let (Some(sample), true) = (&missing.sample, is_file) {
            let sample = sample.to_string_lossy().replace('\\', "/");
            cx.report(
                path_use.span,
                format!("`{path}` does not exist: Docker makes a directory of that name"),
            )
            .help(format!("copy `{sample}` to `{path}`"));
        } else if let (Some(near), false) = (&missing.near, missing.is_ignored) {
            let near = near.to_string_lossy().replace('\\', "/");
            cx.report(
                path_use.span,
                format!("`{path}` does not exist: Docker makes a directory of that name"),
            )
            .help(format!("write `{near}`, or create `{path}`"));
        } else if path_use.is_required && !missing.is_ignored {
            cx.report(path_use.span, format!("`{path}` does not exist, and `create_host_path` is off"))
                .help("create it, or correct the path");
        } else if is_expected {
            cx.report(
                path_use.span,
                format!("`{path}` does not exist: Docker makes a directory of that name"),
            )
            .help("create the file, or correct the path");
        }
    }
}

fn is_written(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    WRITTEN.binary_search(&ending.to_ascii_lowercase().as_str()).is_ok()
        || matches!(
            name,
            ".env" | "Caddyfile" | "Makefile" | "Dockerfile" | ".htpasswd" | ".pgpass" | ".npmrc"
        )
}

fn has_ending(target: &str) -> bool {
    Path::new(target).extension().is_some()
}
