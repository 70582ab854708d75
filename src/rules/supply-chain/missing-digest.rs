//! `missing-digest`: an image with a tag and no digest.

use crate::compose::image::{ImageReference, is_moving_tag};
use crate::compose::project::untagged;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Origin, Stage, Word};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceMap, Spanned};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "missing-digest",
    summary: "an image is named by a tag without a digest",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Publisher, Gain::Code, Needs::Attack)],
        weaknesses: &[494],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/supply-chain/missing-digest.md"),
    equivalents: &["compose-lint:CL-0019", "semgrep:dockerfile-source-not-pinned"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(of_service), Check::Stage(of_stage)],
};

const HELP: &str = "add the digest behind the tag: `@sha256:…`";

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    let is_local = service.text("pull_policy").is_some_and(|it| matches!(it.value, "never" | "build"));
    if service.get("build").is_some() || service.get("provider").is_some() || is_local {
        return;
    }
    let Some(value) = service.get("image") else { return };
    // A variable may hold the digest, or be set by whoever holds it.
    let (Some(text), Some(raw)) = (value.as_str(), value.raw_str()) else { return };
    if raw.contains('$') || cx.built().has_image(untagged(raw)) {
        return;
    }
    let map = value.map();
    let Ok(image) = ImageReference::parse(text, &map) else { return };
    if !cx.built().has_image(image.familiar_name())
        && let Some(tag) = plain_tag(&image)
    {
        cx.report(tag.span, message(tag.value)).help(HELP).equivalents(&["compose-lint:CL-0019"]);
    }
}

/// The tag of a reference without a digest. What has no tag, or one that moves, is no version to add a
/// digest to.
fn plain_tag<'t>(image: &ImageReference<'t>) -> Option<Spanned<&'t str>> {
    image.tag.filter(|tag| image.digest.is_none() && !is_moving_tag(tag.value))
}

fn message(tag: &str) -> String {
    format!("the tag `{tag}` may be given to another image")
}

fn of_stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    if let Some(Origin::Image(word)) = stage.base() {
        of_word(word, &["semgrep:dockerfile-source-not-pinned"], cx);
    }
    for instruction in stage.instructions().iter().filter(|it| it.keyword == Keyword::Copy) {
        let Some(word) = instruction.flag("from").and_then(|flag| flag.value.as_ref()) else { continue };
        if word.literal().is_some_and(|text| stage.dockerfile().stage(&text).is_none()) {
            of_word(word, &[], cx);
        }
    }
}

fn of_word(word: &Word, equivalents: &[&'static str], cx: &mut Context<'_>) {
    if !word.variables.is_empty() || word.span.len() != word.raw.len() {
        return;
    }
    // The digest may be a malformed one, which is none.
    let text = word.raw.split('@').next().unwrap_or_default();
    let has_digest = word.raw.split_once('@').is_some_and(|(_, digest)| digest.contains(':'));
    let map = SourceMap::verbatim(word.span);
    let Ok(image) = ImageReference::parse(text, &map) else { return };
    if has_digest || cx.built().has_image(image.familiar_name()) {
        return;
    }
    if let Some(tag) = plain_tag(&image) {
        cx.report(tag.span, message(tag.value)).help(HELP).equivalents(equivalents);
    }
}
