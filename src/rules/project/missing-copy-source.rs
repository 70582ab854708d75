//! `missing-copy-source`: a build copies what is not in its context, or what `.dockerignore` leaves out.

use crate::compose::context::{Lost, sources};
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Content, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "missing-copy-source",
    summary: "a build copies what is not in its context",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/missing-copy-source.md"),
    equivalents: &["buildkit:CopyIgnoredFile"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(of_service), Check::File(of_file)],
};

const EXCEPT: &str = "take the path in again with a `!` line below it, or copy something else";

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(build) = service.entry("build") else { return };
    for source in service.lost_sources() {
        let (path, context) = (&source.path, &source.context);
        match &source.why {
            Lost::Hidden(pattern) => {
                cx.report(source.span, format!("`{path}` is left out of the context by `.dockerignore`"))
                    .label(*pattern, "left out here")
                    .help(EXCEPT);
            }
            Lost::Missing { is_output, near, is_above } => {
                let help = match near {
                    Some(near) => format!("write `{near}`"),
                    None if *is_output => "make it before the build, or in a stage of its own".to_owned(),
                    None if *is_above => {
                        format!("copy from within `{context}`, or set `context` to the directory that has it")
                    }
                    None => format!("add it to `{context}`, or remove it here"),
                };
                let finding = cx.report(source.span, format!("`{path}` is not in the context `{context}`"));
                // What is made before the build is mostly not there when files are linted.
                let severity = if *is_output { Severity::Info } else { Severity::Error };
                finding
                    .severity(severity)
                    .label(build.key.span(), "the context is set here")
                    .help(help)
                    .equivalents(&[]);
            }
        }
    }
}

/// A Dockerfile that no service builds, with the `.dockerignore` beside it.
fn of_file(file: File<'_>, cx: &mut Context<'_>) {
    let Content::Dockerfile(content) = file.content else { return };
    let (dockerfile, Some(ignore)) = (&content.dockerfile, &content.ignore) else { return };
    let Some(stage) = dockerfile.final_stage() else { return };
    if dockerfile.is_foreign()
        || !dockerfile.errors().is_empty()
        || dockerfile.stages().any(|stage| cx.built().has_stage(stage))
    {
        return;
    }
    for (word, path) in sources(stage) {
        let Some(pattern) = ignore.hides(&path).filter(|_| !ignore.takes_in_below(&path)) else { continue };
        cx.report(word.span, format!("`{path}` is left out of the context by `.dockerignore`"))
            .severity(Severity::Warning)
            .label(pattern.span, "left out here")
            .help(EXCEPT);
    }
}
