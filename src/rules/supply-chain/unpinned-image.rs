//! `unpinned-image`: an image whose tag is another image tomorrow.

use crate::compose::image::{ImageReference, is_moving_tag};
use crate::compose::project::untagged;
use crate::compose::service::Service;
use crate::configuration::options::{Form, OptionKey, Options, OptionsType, is_listed};
use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Origin, Stage, Word};
use crate::images;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceMap, Span};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "unpinned-image",
    summary: "an image has no tag, or one that moves from release to release",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Publisher, Gain::Code, Needs::Fault).case("for a tag that moves"),
            Grade::attack(Attacker::Publisher, Gain::Code, Needs::Attack)
                .case("if it is only the default of a variable"),
        ],
        weaknesses: &[494],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/supply-chain/unpinned-image.md"),
    equivalents: &[
        "checkov:ReferenceLatestTag",
        "compose-lint:CL-0004",
        "dclint:service-image-require-explicit-tag",
        "hadolint:DL3006",
        "hadolint:DL3007",
        "kics:image_version_not_explicit",
        "kics:image_version_using_latest",
        "nbsp1221-composelint:image-require-tag",
        "trivy:latest_tag",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(of_service), Check::Stage(of_stage)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Allowed>();

/// What may move, and what counts as moving.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Allowed {
    allow: Vec<String>,
    fixed: Vec<String>,
    moving: Vec<String>,
}

impl Options for Allowed {
    const KEYS: &'static [OptionKey] = &[
        OptionKey {
            name: "allow",
            about: "Images that may have a moving tag or none, by their names; `example.com/team/*` is all \
                    that start so.",
            form: Form::Texts,
        },
        OptionKey {
            name: "fixed",
            about: "Tags that stay the same image here, though their names sound like moving ones.",
            form: Form::Texts,
        },
        OptionKey {
            name: "moving",
            about: "Tags that move, besides those that are known; `*-lts` is all that end so.",
            form: Form::Texts,
        },
    ];
}

const OF_SERVICE: &[&str] = &[
    "compose-lint:CL-0004",
    "dclint:service-image-require-explicit-tag",
    "nbsp1221-composelint:image-require-tag",
];

const HELP: &str = "name the version that was tested, or a digest";

/// What of a reference is at fault.
struct Fault {
    /// The fact.
    message: String,
    /// The part of the text that is at fault: the tag, or the name without one.
    span: Span,
    /// The tag; `None` where there is none.
    tag: Option<String>,
}

/// The fault of an image that comes from elsewhere. `shown` is the name as its author knows it.
fn fault(image: &ImageReference<'_>, shown: &str, cx: &Context<'_>) -> Option<Fault> {
    let told = cx.options::<Allowed>();
    let is_moving =
        |tag: &str| !is_listed(&told.fixed, tag) && (is_moving_tag(tag) || is_listed(&told.moving, tag));
    // Of these the name says which release they are of, and no tag does.
    let is_line = |name: &str| name.starts_with("gcr.io/distroless/") && name.contains("-debian");
    if image.digest.is_some() || is_line(image.name.value) {
        return None;
    }
    match image.tag {
        None => Some(Fault {
            message: format!("`{shown}` has no tag, so it is whatever `latest` is"),
            span: image.name.span,
            tag: None,
        }),
        Some(tag) if is_moving(tag.value) => Some(Fault {
            message: format!("`{shown}:{}` is another image with every release", tag.value),
            span: tag.span,
            tag: Some(tag.value.to_owned()),
        }),
        Some(_) => None,
    }
}

/// Whether the configuration lets the image move.
fn is_allowed(image: &ImageReference<'_>, cx: &Context<'_>) -> bool {
    let allow = &cx.options::<Allowed>().allow;
    is_listed(allow, image.familiar_name()) || is_listed(allow, image.name.value)
}

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    let is_local = service.text("pull_policy").is_some_and(|it| matches!(it.value, "never" | "build"));
    if service.get("build").is_some() || service.get("provider").is_some() || is_local {
        return;
    }
    let Some(value) = service.get("image") else { return };
    let Some(raw) = value.raw_str() else { return };
    if cx.built().has_image(untagged(raw)) {
        return;
    }
    if let Some(text) = value.as_str() {
        let map = value.map();
        let Ok(image) = ImageReference::parse(text, &map) else { return };
        let name = image.familiar_name();
        // What is out of view may build the image under this name, unless the name is well known.
        let is_foreign = service.is_in_view() || images::lookup_any_tag(name).is_some();
        if cx.built().has_image(name) || !is_foreign || is_allowed(&image, cx) {
            return;
        }
        let Some(fault) = fault(&image, image.name.value, cx) else { return };
        // Whoever sets the variable pins the image; what moves is only its default.
        let last = raw.rfind('/').map_or(0, |slash| slash + 1);
        let is_default = raw[last..].contains('$') || raw.ends_with('}');
        let finding = cx.report(fault.span, fault.message).help(HELP).equivalents(OF_SERVICE);
        if is_default {
            finding.severity(Severity::Info);
        }
    } else if service.is_in_view() {
        // Of `${REGISTRY}/app` the end is known, and with it the tag.
        let Some((text, map)) = known_end(value, raw) else { return };
        let Ok(image) = ImageReference::parse(text, &map) else { return };
        if is_listed(&cx.options::<Allowed>().allow, untagged(raw)) {
            return;
        }
        if let Some(fault) = fault(&image, untagged(raw), cx) {
            cx.report(fault.span, fault.message).help(HELP).equivalents(OF_SERVICE);
        }
    }
}

/// The last part of a reference whose variables are all before it.
fn known_end<'t>(value: Yaml<'t>, raw: &'t str) -> Option<(&'t str, SourceMap)> {
    let slash = raw.rfind('/')?;
    let text = &raw[slash + 1..];
    if text.contains(['$', '}']) {
        return None;
    }
    let mut map = SourceMap::empty();
    map.push_part(&value.raw_map(), slash + 1..raw.len());
    Some((text, map))
}

fn of_stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    if let Some(Origin::Image(word)) = stage.base() {
        of_from(stage, word, cx);
    }
    for instruction in stage.instructions() {
        if !matches!(instruction.keyword, Keyword::Copy) {
            continue;
        }
        let Some(word) = instruction.flag("from").and_then(|flag| flag.value.as_ref()) else { continue };
        let Some(text) = word.literal() else { continue };
        // A bare word is a stage, or a context that the build is given.
        if stage.dockerfile().stage(&text).is_some() || !text.contains([':', '/']) {
            continue;
        }
        if let Some(fault) = judged(&text, word, cx) {
            cx.report(fault.span, fault.message).help(HELP).equivalents(&[]);
        }
    }
}

fn of_from(stage: Stage<'_>, word: &Word, cx: &mut Context<'_>) {
    let Some(text) = stage.external_image() else { return };
    if text == "scratch" {
        return;
    }
    let Some(fault) = judged(text, word, cx) else { return };
    let equivalents: &[&'static str] = match fault.tag.as_deref() {
        None => &[
            "checkov:ReferenceLatestTag",
            "hadolint:DL3006",
            "kics:image_version_not_explicit",
            "trivy:latest_tag",
        ],
        Some("latest") => &[
            "checkov:ReferenceLatestTag",
            "hadolint:DL3007",
            "kics:image_version_using_latest",
            "trivy:latest_tag",
        ],
        Some(_) => &[],
    };
    if word.variables.is_empty() {
        cx.report(fault.span, fault.message).help(HELP).equivalents(equivalents);
        return;
    }
    // Whoever gives the argument pins the image; what moves is only its default. It is written where
    // `ARG` gives it, or else in the `FROM` itself.
    let defaults: Vec<Span> = word
        .variables
        .iter()
        .filter_map(|variable| {
            let args = stage.dockerfile().global_args().flat_map(|arg| arg.pairs());
            let pair = args.filter(|pair| pair.key.raw == variable.name).last()?;
            pair.value.as_ref().map(|value| value.span)
        })
        .collect();
    let finding = match defaults.as_slice() {
        [only] => cx.report(*only, fault.message).label(word.span, "the image that it names"),
        _ => cx.report(word.span, fault.message),
    };
    finding.severity(Severity::Info).help(HELP).equivalents(&[]);
}

/// The fault of the image `text`, which `word` names, unless a service builds it.
fn judged(text: &str, word: &Word, cx: &Context<'_>) -> Option<Fault> {
    let map = if word.raw == text { SourceMap::verbatim(word.span) } else { SourceMap::empty() };
    let image = ImageReference::parse(text, &map).ok()?;
    let is_built = cx.built().has_image(image.familiar_name()) || cx.built().has_image(image.name.value);
    if is_built || is_allowed(&image, cx) {
        return None;
    }
    let mut fault = fault(&image, image.name.value, cx)?;
    // Over several lines or with quotes the place of a part cannot be told.
    if word.raw != text || word.span.len() != text.len() {
        fault.span = word.span;
    }
    Some(fault)
}
