//! `healthcheck-command-not-found`: a healthcheck calls a program that its container does not have.

use crate::compose::image::ImageReference;
use crate::compose::project::Build;
use crate::compose::service::{Service, known};
use crate::diagnostic::Severity;
use crate::dockerfile::Stage;
use crate::images::Image;
use crate::probe::{Call, Form, Probe, asking, recommended};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceMap, Span};
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "healthcheck-command-not-found",
    summary: "a healthcheck calls a program that is not in the image",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Start)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/healthcheck-command-not-found.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(of_service), Check::Stage(of_stage)],
};

/// The directories of programs; a path elsewhere is the image's own affair.
const DIRECTORIES: &[&str] = &["/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/sbin"];

/// The calls of a probe that are looked at.
const MOST_CALLS: usize = 8;

/// Programs with the packages that have them, where the names differ.
const PACKAGES: &[(&str, &str)] = &[
    ("nc", "netcat-openbsd"),
    ("pgrep", "procps"),
    ("pkill", "procps"),
    ("ps", "procps"),
    ("pg_isready", "postgresql-client"),
];

/// What a container has.
struct Container<'p> {
    /// The image that it starts from, as it is written.
    name: String,
    /// Where that is written.
    at: Span,
    image: Image,
    stage: Option<Stage<'p>>,
    service: Option<Service<'p>>,
}

impl<'p> Container<'p> {
    fn of_service(service: Service<'p>) -> Option<Self> {
        if !service.is_in_view() {
            return None;
        }
        match service.build() {
            Build::OutOfReach => None,
            Build::None => {
                let image = service.image()?;
                let value = service.get("image")?;
                Some(Self {
                    name: value.as_str()?.to_owned(),
                    at: value.span(),
                    image: known(&image)?,
                    stage: None,
                    service: Some(service),
                })
            }
            Build::Stage { .. } => {
                Self::of_stage(service.stage()?, &|name| service.build_arg(name), Some(service))
            }
        }
    }

    fn of_stage(
        stage: Stage<'p>,
        arg: &dyn Fn(&str) -> Option<String>,
        service: Option<Service<'p>>,
    ) -> Option<Self> {
        if stage.is_windows() {
            return None;
        }
        let name = stage.base_image(arg)?;
        let image = known(&ImageReference::parse(&name, &SourceMap::empty()).ok()?)?;
        let at = stage.external_base().map_or(stage.from().span, |word| word.span);
        Some(Self { name, at, image, stage: Some(stage), service })
    }

    fn has(&self, program: &str) -> bool {
        self.image.has(program) == Some(true)
            || self.stage.is_some_and(|stage| stage.brings(program) == Some(true))
    }

    /// Whether the program is surely not there.
    fn lacks(&self, program: &str) -> bool {
        self.image.has(program) == Some(false)
            && self.stage.is_none_or(|stage| stage.brings(program) == Some(false))
            && self.service.is_none_or(|service| !gives(service, program))
    }
}

/// Whether the service may bring the program itself: by a mount, or by a command that installs things.
fn gives(service: Service<'_>, program: &str) -> bool {
    let mounts = service.get("volumes").into_iter().flat_map(Yaml::items).any(|item| {
        let target = match item.get("target") {
            Some(target) => target.raw_str(),
            None => item.raw_str().and_then(|text| text.split(':').nth(1)),
        };
        target.is_some_and(|target| target.contains("/bin") || target.ends_with(program))
    });
    mounts
        || ["command", "entrypoint"].iter().any(|key| {
            let Some(value) = service.get(key) else { return false };
            value
                .raw_str()
                .into_iter()
                .chain(value.items().filter_map(Yaml::raw_str))
                .any(|text| text.contains(program) || text.contains("install") || text.contains("apk add"))
        })
}

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    let own = service.healthcheck();
    let has_own = own.is_some_and(|own| own.test().is_some());
    if own.is_some_and(|own| own.disabled().is_some()) {
        return;
    }
    let (probe, form) = if has_own {
        (own.as_ref().and_then(Probe::of_service), Form::Compose)
    } else {
        let instruction = service.stage().and_then(Stage::healthcheck);
        (instruction.and_then(Probe::of_instruction), Form::Dockerfile)
    };
    let Some(probe) = probe else { return };
    if let Some(container) = Container::of_service(service) {
        judge(&probe, &container, form, cx);
    }
}

fn of_stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    // What is built upon the stage may add the program.
    let is_last = stage.dockerfile().final_stage().is_some_and(|last| last.index() == stage.index());
    if !is_last || cx.built().has_stage(stage) {
        return;
    }
    let Some(probe) = stage.healthcheck().and_then(Probe::of_instruction) else { return };
    if let Some(container) = Container::of_stage(stage, &|_| None, None) {
        judge(&probe, &container, Form::Dockerfile, cx);
    }
}

fn judge(probe: &Probe<'_>, container: &Container<'_>, form: Form, cx: &mut Context<'_>) {
    let name = container.name.split('@').next().unwrap_or(&container.name);
    if let Some(line) = probe.shell().filter(|_| container.lacks("sh")) {
        let help = match form {
            Form::Compose => "write the probe as `CMD` with a program that the image has, or `disable: true`",
            Form::Dockerfile => "write the probe in brackets, with a program that the image has",
        };
        cx.report(line, format!("the probe needs a shell, and `{name}` has none"))
            .label(container.at, "the image without a shell")
            .help(help);
        return;
    }
    let is_missing = |call: &Call| {
        let directory = call.name.rsplit_once('/').map(|(directory, _)| directory);
        directory.is_none_or(|directory| DIRECTORIES.contains(&directory))
            && container.lacks(&call.program.value)
    };
    let Some(call) = probe.calls().into_iter().take(MOST_CALLS).find(is_missing) else { return };
    let program = &call.program.value;
    let message = match container.stage {
        Some(_) => format!("`{program}` is neither in `{name}` nor installed"),
        None => format!("`{program}` is not in `{name}`"),
    };
    cx.report(call.program.span, message)
        .label(container.at, "the image without it")
        .help(advice(probe, program, container, form));
}

fn advice(probe: &Probe<'_>, program: &str, container: &Container<'_>, form: Form) -> String {
    let package = PACKAGES.iter().find(|(name, _)| *name == program).map_or(program, |(_, package)| package);
    let has = |program: &str| container.has(program);
    let url = probe.url().and_then(|url| asking(&url, &has, form));
    let own = recommended(&container.image, form).filter(|_| container.stage.is_none());
    match (own.or(url), container.stage) {
        (Some(line), _) => format!("write `{line}`"),
        (None, Some(_)) => {
            format!("install `{package}` in this stage, or probe with a program that is there")
        }
        (None, None) => "probe with a program that the image has".to_owned(),
    }
}
