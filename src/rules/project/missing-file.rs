//! `missing-file`: a file or directory that the project cannot do without is not there.

use crate::compose::paths::{Missing, PathUse, Purpose, Reach, file_uses, path_uses};
use crate::compose::project::Project;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::fs::Kind;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "missing-file",
    summary: "a Dockerfile, build context, env file, label file, secret or config is not there",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/missing-file.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check_service), Check::Project(check_project)],
};

fn check_service(service: Service<'_>, cx: &mut Context<'_>) {
    let project = service.project();
    if project.deployment.is_fragment {
        return;
    }
    let uses = path_uses(service);
    // Without the directory nothing is said of what would be in it.
    let has_context = uses
        .iter()
        .filter(|it| it.purpose == Purpose::Context)
        .all(|it| project.paths().reach(&it.path) == Some(&Reach::Found(Kind::Directory)));
    for path_use in uses {
        if path_use.purpose == Purpose::Bind || path_use.purpose == Purpose::Dockerfile && !has_context {
            continue;
        }
        check(project, &path_use, cx);
    }
}

fn check_project(project: &Project, cx: &mut Context<'_>) {
    if project.deployment.is_fragment {
        return;
    }
    for path_use in file_uses(project) {
        check(project, &path_use, cx);
    }
}

fn check(project: &Project, path_use: &PathUse<'_>, cx: &mut Context<'_>) {
    let what = match path_use.purpose {
        Purpose::Context => "build context",
        Purpose::Dockerfile => "Dockerfile",
        Purpose::EnvFile => "env file",
        Purpose::LabelFile => "label file",
        Purpose::Secret => "secret's file",
        Purpose::Config => "config's file",
        Purpose::Bind => return,
    };
    let path = shown(&path_use.path);
    match project.paths().reach(&path_use.path) {
        Some(Reach::Missing(missing)) => report(path_use, missing, what, &path, cx),
        Some(Reach::Found(Kind::Directory))
            if matches!(path_use.purpose, Purpose::Dockerfile | Purpose::EnvFile | Purpose::LabelFile) =>
        {
            cx.report(path_use.span, format!("the {what} `{path}` is a directory")).help("name a file");
        }
        Some(Reach::Found(_)) | None => {}
    }
}

fn report(path_use: &PathUse<'_>, missing: &Missing, what: &str, path: &str, cx: &mut Context<'_>) {
    let is_optional = path_use.purpose == Purpose::EnvFile && !path_use.is_required;
    // What need not be there is worth a word only where it looks misspelt.
    if is_optional && (missing.near.is_none() || missing.is_ignored) {
        return;
    }
    // The engine reads env and label files when it loads the project, and refuses it without them. A
    // build, a secret or a config only fails once it is used.
    let is_loaded = matches!(path_use.purpose, Purpose::EnvFile | Purpose::LabelFile);
    // What is copied from a sample on each machine is missing in every fresh checkout.
    let severity = match (missing.is_ignored, &missing.sample) {
        (true, Some(_)) => Severity::Info,
        (false, None) if path_use.is_required && is_loaded => Severity::Error,
        _ => Severity::Warning,
    };
    let message = if missing.is_ignored {
        format!("the {what} `{path}`, which git ignores, does not exist")
    } else {
        format!("the {what} `{path}` does not exist")
    };
    let help = match (&missing.sample, &missing.near) {
        (Some(sample), _) => format!("copy `{}` to `{path}`", shown(sample)),
        (None, Some(near)) => format!("write `{}`, or create `{path}`", shown(near)),
        (None, None) if path_use.purpose == Purpose::EnvFile => {
            "create it, or say `required: false` if the service runs without it".into()
        }
        (None, None) => "create it, or correct the path".into(),
    };
    cx.report(path_use.span, message).help(help).severity(severity);
}

fn shown(path: &std::path::Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
