//! `untrusted-registry`: an image comes from a registry that the configuration does not list.

use crate::compose::image::ImageReference;
use crate::compose::service::Service;
use crate::configuration::options::{Form, OptionKey, Options, OptionsType};
use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Origin, Stage, Word};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceMap, Span};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "untrusted-registry",
    summary: "an image comes from a registry that the configuration does not list",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Publisher, Gain::Code, Needs::Fault).departs(
            Severity::Error,
            "the list is what the project itself decided, and this image breaks it",
        )],
        weaknesses: &[829],
    },
    severity: Severity::Error,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    equivalents: &["hadolint:DL3026"],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/supply-chain/untrusted-registry.md"),
    checks: &[Check::Service(of_service), Check::Stage(of_stage)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Trusted>();

/// Where images may come from.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Trusted {
    registries: Vec<String>,
}

impl Options for Trusted {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "registries",
        about: "The registries that images may come from: `docker.io` is Docker Hub, `*.example.com` any host \
                below, `ghcr.io/team` what is below that path. Nothing is reported while the list is empty.",
        form: Form::Texts,
    }];
}

impl Trusted {
    /// Whether an image may come from there.
    fn has(&self, image: &ImageReference<'_>) -> bool {
        let host = if image.is_on_hub() {
            "docker.io"
        } else {
            image.registry.map_or("docker.io", |registry| registry.value)
        };
        let path = image.name_without_registry();
        self.registries.iter().any(|trusted| {
            let (name, below) = trusted.trim_end_matches('/').split_once('/').unwrap_or((trusted, ""));
            let is_host = match name.strip_prefix('*') {
                Some(end) => host.len() > end.len() && host.ends_with(end),
                None => host.eq_ignore_ascii_case(name) || host == "docker.io" && name == "hub.docker.com",
            };
            let rest = path.strip_prefix(below);
            is_host && (below.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        })
    }
}

/// Reports the image that `text` is, if it is from elsewhere; nothing for what a service builds.
fn judge(text: &str, span: Span, cx: &mut Context<'_>) {
    let trusted = cx.options::<Trusted>();
    if trusted.registries.is_empty() || text == "scratch" {
        return;
    }
    let Ok(image) = ImageReference::parse(text, &SourceMap::empty()) else { return };
    let is_built = cx.built().has_image(image.familiar_name()) || cx.built().has_image(image.name.value);
    if is_built || trusted.has(&image) {
        return;
    }
    let host = image.registry.map_or("docker.io", |registry| registry.value);
    cx.report(span, format!("`{}` comes from `{host}`, which is not trusted", image.name.value))
        .help("take it from one of the registries that the configuration lists");
}

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    if service.get("build").is_some() || service.get("provider").is_some() {
        return;
    }
    if let Some(image) = service.text("image") {
        judge(image.value, image.span, cx);
    }
}

fn of_stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    if let Some(Origin::Image(word)) = stage.base()
        && let Some(text) = stage.external_image()
    {
        judge(text, word.span, cx);
    }
    let named = |word: &Word| {
        let text = word.literal()?;
        // A bare word is a stage, or a context that the build is given.
        let is_image = stage.dockerfile().stage(&text).is_none() && text.contains([':', '/']);
        is_image.then_some(text)
    };
    for instruction in stage.instructions() {
        if instruction.keyword == Keyword::Copy
            && let Some(word) = instruction.flag("from").and_then(|flag| flag.value.as_ref())
            && let Some(text) = named(word)
        {
            judge(&text, word.span, cx);
        }
        for mount in instruction.flags.iter().filter(|flag| flag.name.value == "mount") {
            let Some(word) = &mount.value else { continue };
            let Some(text) = word.literal() else { continue };
            let Some(from) = text.split(',').find_map(|part| part.trim().strip_prefix("from=")) else {
                continue;
            };
            if stage.dockerfile().stage(from).is_none() && from.contains([':', '/']) {
                judge(from, word.span, cx);
            }
        }
    }
}
