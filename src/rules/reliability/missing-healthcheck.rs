//! `missing-healthcheck`: nothing tells the engine whether a running container works.

use crate::compose::image::ImageReference;
use crate::compose::project::Build;
use crate::compose::service::{Health, Service};
use crate::configuration::options::{Form as OptionForm, OptionKey, Options, OptionsType, is_listed};
use crate::diagnostic::Severity;
use crate::dockerfile::Stage;
use crate::images::{self, Image, Kind};
use crate::probe::{Form, asking, recommended};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::SourceMap;
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "missing-healthcheck",
    summary: "neither the service nor its image has a healthcheck",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::fault(Harm::Unnoticed, When::Failure)
                .case("if something waits for it, or it is built here"),
            Grade::fault(Harm::Unnoticed, When::Depends)
                .case("if nothing waits for it, or the image may have one"),
        ],
        weaknesses: &[],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/missing-healthcheck.md"),
    equivalents: &[
        "checkov:HealthcheckExists",
        "hadolint:DL3057",
        "kics:healthcheck_instruction_missing",
        "kics:healthcheck_not_set",
        "nbsp1221-composelint:require-healthcheck",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check), Check::Stage(of_stage)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Allowed>();

/// What needs no healthcheck.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Allowed {
    allow: Vec<String>,
}

impl Options for Allowed {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "allow",
        about: "Images that need no healthcheck, by their names; `prom/*` is all that start so.",
        form: OptionForm::Texts,
    }];
}

/// The equivalents that look at Compose files.
const OF_COMPOSE: &[&str] = &["kics:healthcheck_not_set", "nbsp1221-composelint:require-healthcheck"];

/// The equivalents that look at Dockerfiles.
const OF_DOCKERFILE: &[&str] =
    &["checkov:HealthcheckExists", "hadolint:DL3057", "kics:healthcheck_instruction_missing"];

/// A Dockerfile that no service builds: whether its image serves anything, nobody knows.
fn of_stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    let is_last = stage.dockerfile().final_stage().is_some_and(|last| last.index() == stage.index());
    if !is_last || cx.built().has_stage(stage) || stage.healthcheck().is_some() {
        return;
    }
    let map = SourceMap::empty();
    let is_shipped = stage
        .external_image()
        .and_then(|image| ImageReference::parse(image, &map).ok())
        .and_then(|image| images::lookup(image.familiar_name(), image.tag.map(|tag| tag.value)))
        .is_some_and(|image| image.healthcheck == Some(true));
    if is_shipped {
        return;
    }
    let span = stage.from().base().map_or(stage.from().span, |base| base.image.span);
    cx.report(span, "no `HEALTHCHECK` tells whether the image's program works")
        .severity(Severity::Info)
        .only_in(Preset::Strict)
        .help("add a `HEALTHCHECK` of what the image serves")
        .equivalents(OF_DOCKERFILE);
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() || service.is_job() || is_idle(service) || is_allowed(service, cx) {
        return;
    }
    let known = service.known_image();
    let image = known.or(service.known_base());
    // A base, a runtime, a tool or another entrypoint may run anything, also what listens to nobody.
    let is_vague = service.ports().is_empty()
        && known.is_some_and(|image| {
            matches!(image.kind, Kind::Base | Kind::Runtime | Kind::Tool | Kind::Other)
                || service.get("entrypoint").is_some()
        });
    let has_no_shell = image.is_some_and(|image| image.shell == Some(false));
    let is_sure = match service.health() {
        Health::Missing => !is_vague && !has_no_shell,
        Health::Unknown => false,
        Health::Declared | Health::Built | Health::Shipped | Health::Disabled(_) => return,
    };
    let (span, message) = match service.healthcheck() {
        Some(own) if own.yaml().get("test").is_some_and(|test| !test.is_null()) => return,
        // Intervals without a test adjust the image's healthcheck, which may be there.
        Some(_) if !matches!(service.health(), Health::Missing) => return,
        Some(own) => (own.entry.key.span(), "`healthcheck` has no `test`, nor does the image"),
        None if !is_sure && !is_worth_a_word(service) => return,
        None if matches!(service.health(), Health::Unknown) => {
            (service.key().span(), "no healthcheck is declared, and the image is not known to have one")
        }
        None => (service.key().span(), "no healthcheck tells whether the container works"),
    };
    let is_built = matches!(service.build(), Build::Stage { .. });
    let mut finding = cx.report(span, message).help(advice(service, known));
    if let Some(stage) = service.stage() {
        let span = stage.external_base().map_or(stage.from().span, |base| base.span);
        finding = finding.label(span, "this build has no `HEALTHCHECK`");
    }
    if !is_sure {
        finding = finding.severity(Severity::Info).only_in(Preset::Strict);
    } else if !service.is_needed() && !is_built {
        // Nothing starts too early for lack of it, and the image is another's.
        finding = finding.severity(Severity::Info);
        let keeps_state = |image: &Image| matches!(image.kind, Kind::Database | Kind::Cache | Kind::Queue);
        if known.is_some_and(|image| !keeps_state(image)) {
            finding = finding.only_in(Preset::Strict);
        }
    }
    if !is_built {
        finding.equivalents(OF_COMPOSE);
    }
}

/// Whether the configuration says that the image needs none.
fn is_allowed(service: Service<'_>, cx: &Context<'_>) -> bool {
    let allow = &cx.options::<Allowed>().allow;
    service
        .image()
        .is_some_and(|image| is_listed(allow, image.familiar_name()) || is_listed(allow, image.name.value))
}

/// Whether anything can be said of a service of which little is known.
fn is_worth_a_word(service: Service<'_>) -> bool {
    match service.build() {
        Build::None => service.image().is_some(),
        Build::Stage { .. } => true,
        Build::OutOfReach => false,
    }
}

/// Whether the service waits for somebody to log in, or runs no container at all.
fn is_idle(service: Service<'_>) -> bool {
    let replicas = service.get("deploy").and_then(|deploy| deploy.get("replicas")).or(service.get("scale"));
    if replicas.is_some_and(|replicas| replicas.as_int() == Some(0)) || service.get("provider").is_some() {
        return true;
    }
    let is_on = |key: &str| service.get(key).is_some_and(|value| value.as_bool() == Some(true));
    let waits = ["command", "entrypoint"].iter().any(|key| {
        let words: Vec<&str> = service.names(key).iter().map(|word| word.value).collect();
        let line = words.join(" ");
        line.contains("sleep infinity")
            || line.contains("tail -f /dev/null")
            || matches!(line.trim(), "bash" | "/bin/bash" | "sh" | "/bin/sh" | "true" | "/bin/true")
    });
    waits || (is_on("tty") || is_on("stdin_open")) && service.ports().is_empty()
}

fn advice(service: Service<'_>, known: Option<&Image>) -> String {
    if let Some(line) = known.and_then(|image| recommended(image, Form::Compose)) {
        return format!("add `healthcheck:` with `{line}`");
    }
    let Some(stage) = service.stage() else {
        return "add a `healthcheck` with a `test` of what the service serves".to_owned();
    };
    let base = service.known_base();
    let has = |program: &str| {
        base.is_some_and(|base| base.has(program) == Some(true)) || stage.brings(program) == Some(true)
    };
    // What is published or exposed is mostly what is served, and mostly by HTTP.
    let exposed = || stage.exposed().first().and_then(|word| word.literal()?.split('/').next()?.parse().ok());
    let port = service.ports().first().map(|view| view.port.target.value.start).or_else(exposed);
    let line =
        port.and_then(|port: u16| asking(&format!("http://localhost:{port}/"), &has, Form::Dockerfile));
    match line {
        Some(line) => format!("add to the Dockerfile, with the path that answers, `{line}`"),
        None => {
            "add a `healthcheck` with a `test` of what the service serves, or `HEALTHCHECK` to the Dockerfile"
                .to_owned()
        }
    }
}
