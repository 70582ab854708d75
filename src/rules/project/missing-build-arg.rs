//! `missing-build-arg`: a base image is named by a build argument that nothing gives a value.

use std::collections::{BTreeSet, HashMap};

use crate::compose::image::ImageReference;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::{Dockerfile, Instruction, Pair, Stage};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::SourceMap;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "missing-build-arg",
    summary: "a base image needs a build argument that nothing gives a value",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/missing-build-arg.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Build(check)],
};

/// The stages of a build that are looked at.
const MOST_STAGES: usize = 100;

/// The bytes of a value from which on it is not known.
const LONGEST: usize = 4096;

fn check(service: Service<'_>, stage: Stage<'_>, cx: &mut Context<'_>) {
    let dockerfile = stage.dockerfile();
    let Some(build) = service.entry("build").filter(|_| service.is_in_view()) else { return };
    let args = build.value.get("args");
    if dockerfile.is_foreign() || !dockerfile.errors().is_empty() || args.is_some_and(|it| it.is_unknown()) {
        return;
    }
    let given: HashMap<&str, Option<&str>> = service
        .build_args()
        .into_iter()
        .map(|arg| (arg.name.value, arg.value.map(|value| value.value)))
        .collect();
    let globals = globals(dockerfile, &given);
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    for stage in stage.needed().into_iter().take(MOST_STAGES) {
        let Some(word) = stage.from().base().map(|base| &base.image) else { continue };
        if word.variables.is_empty() {
            continue;
        }
        let Some(image) = word.expand(&|name| globals.get(name)?.value.clone()) else { continue };
        // A registry before the name may well be left out.
        if ImageReference::parse(&image, &SourceMap::empty()).is_ok() {
            continue;
        }
        let unset = word.variables.iter().find_map(|variable| globals.get(variable.name.as_str())?.unset);
        let Some(pair) = unset else { continue };
        let name = pair.key.raw.as_str();
        if !reported.insert(name) {
            continue;
        }
        let written = &word.raw;
        cx.report(
            build.key.span(),
            format!("nothing gives `{name}` a value, and `FROM {written}` needs one"),
        )
        .label(pair.span, "no default here")
        .label(word.span, "needed here")
        .help(format!("give `{name}` under `args` of `build`, or a default in the Dockerfile"));
    }
}

/// An argument that `FROM` sees.
struct Global<'d> {
    /// What it comes to, blank where nothing gives it a value; `None` if that is not known.
    value: Option<String>,
    /// The `ARG`, if it has no default and the service gives it nothing.
    unset: Option<&'d Pair>,
}

/// The arguments before the first `FROM`, with what the service gives. One that is not declared is another
/// matter, and so are those of the platform, which have values.
fn globals<'d>(
    dockerfile: &'d Dockerfile,
    given: &HashMap<&str, Option<&str>>,
) -> HashMap<&'d str, Global<'d>> {
    let mut globals: HashMap<&str, Global<'_>> = HashMap::new();
    for pair in dockerfile.global_args().flat_map(Instruction::pairs) {
        let name = pair.key.raw.as_str();
        let is_open = is_given_by_the_engine(name);
        let (value, unset) = match (given.get(name), &pair.value) {
            (Some(value), _) => (value.map(str::to_owned), None),
            _ if is_open => (None, None),
            (None, Some(word)) => (word.expand(&|name| globals.get(name)?.value.clone()), None),
            (None, None) => (Some(String::new()), Some(pair)),
        };
        let value = value.filter(|value| value.len() <= LONGEST);
        globals.insert(name, Global { value, unset });
    }
    globals
}

fn is_given_by_the_engine(name: &str) -> bool {
    name.starts_with("TARGET") || name.starts_with("BUILD") || name.to_ascii_lowercase().ends_with("_proxy")
}
