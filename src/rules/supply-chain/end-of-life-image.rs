//! `end-of-life-image`: an image whose release line gets no fixes any more.
//!
//! It is judged on the first day of the month in which the table of images was compiled, and not on the
//! day of the run: the same files give the same findings on every machine and every day.

use crate::compose::image::ImageReference;
use crate::compose::project::Build;
use crate::compose::service::{Service, known};
use crate::diagnostic::Severity;
use crate::dockerfile::{Instruction, Origin, Stage, Word};
use crate::images::{self, EndOfLife, READ};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceMap, Span};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "end-of-life-image",
    summary: "the release line of a well-known image has ended",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Network, Gain::Code, Needs::Fault)],
        weaknesses: &[1104],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/supply-chain/end-of-life-image.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(of_service), Check::Stage(of_stage), Check::Build(of_build)],
};

/// The stages with build arguments that are looked at.
const MOST_STAGES: usize = 100;

/// A line that has ended.
struct Ended {
    /// What is over: an image, or the distribution that it is built upon.
    name: String,
    line: &'static EndOfLife,
    /// A line of the same that is supported.
    supported: Option<&'static str>,
    /// Whether it is the distribution.
    is_base: bool,
}

fn ended(image: &ImageReference<'_>) -> Option<Ended> {
    let tag = image.tag?.value;
    let of = known(image)?;
    if let Some(line) = of.end_of_life(tag).filter(|line| line.is_over(READ)) {
        let name = image.familiar_name().to_owned();
        return Some(Ended { name, line, supported: of.supported, is_base: false });
    }
    let (name, line) = images::base_end_of_life(tag)?;
    let supported = images::lookup(name, None).and_then(|base| base.supported);
    line.is_over(READ).then(|| Ended { name: name.to_owned(), line, supported, is_base: true })
}

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    if !matches!(service.build(), Build::None) {
        return;
    }
    let Some(image) = service.image() else { return };
    if cx.built().has_image(image.familiar_name()) {
        return;
    }
    let span = image.tag.map_or(image.span, |tag| tag.span);
    report(&image, span, cx);
}

fn report(image: &ImageReference<'_>, span: Span, cx: &mut Context<'_>) {
    let Some(ended) = ended(image) else { return };
    let (name, line, date) = (&ended.name, ended.line.line, ended.line.date);
    let finding = cx.report(span, format!("support of `{name}` {line} ended on {date}"));
    let supported = ended.supported.map(|supported| match (ended.is_base, name.as_str()) {
        (_, _) if line.starts_with("pg") => format!("pg{supported}"),
        (true, "debian") => "trixie".to_owned(),
        (true, "ubuntu") => "noble".to_owned(),
        (true, _) => format!("{name}{supported}"),
        (false, _) => supported.to_owned(),
    });
    finding.help(match supported {
        Some(tag) if ended.is_base => format!("move to a tag on a supported release, such as `{tag}`"),
        Some(tag) => format!("move to a supported release, such as `{name}:{tag}`"),
        None => "move to a supported release".to_owned(),
    });
}

/// The image that a stage's own `FROM` names; `None` if that is an earlier stage.
fn image_of<'d>(stage: Stage<'d>) -> Option<&'d Word> {
    match stage.base()? {
        Origin::Image(word) => Some(word),
        Origin::Stage(_) => None,
    }
}

fn of_stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    let Some(word) = image_of(stage) else { return };
    // What a service gives decides, where one builds the file.
    let is_open = !word.variables.is_empty();
    let mut stages = stage.dockerfile().stages().take(MOST_STAGES);
    if is_open && stages.any(|stage| cx.built().has_stage(stage)) {
        return;
    }
    let Some(text) = stage.external_image() else { return };
    let map = SourceMap::verbatim(word.span);
    // In a quoted or folded text the bytes are not those of the word.
    let is_plain = !is_open && word.raw == text && word.span.len() == text.len();
    let map = if is_plain { map } else { SourceMap::empty() };
    let Ok(image) = ImageReference::parse(text, &map) else { return };
    let span = image.tag.map(|tag| tag.span).filter(|_| is_plain).unwrap_or(word.span);
    report(&image, span, cx);
}

fn of_build(service: Service<'_>, stage: Stage<'_>, cx: &mut Context<'_>) {
    let given = service.build_args();
    let mut globals = stage.dockerfile().global_args().flat_map(Instruction::pairs);
    let gives =
        !given.is_empty() && globals.any(|global| given.iter().any(|arg| arg.name.value == global.key.raw));
    for stage in stage.dockerfile().stages().take(MOST_STAGES) {
        let Some(word) = image_of(stage).filter(|word| !word.variables.is_empty()) else { continue };
        let text = if gives {
            stage.base_image(&|name| service.build_arg(name))
        } else {
            stage.external_image().map(str::to_owned)
        };
        let Some(text) = text else { continue };
        let Ok(image) = ImageReference::parse(&text, &SourceMap::empty()) else { continue };
        report(&image, word.span, cx);
    }
}
