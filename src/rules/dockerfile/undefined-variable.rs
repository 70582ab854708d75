//! `undefined-variable`: a variable that nothing defines.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::compose::image::ImageReference;
use crate::diagnostic::Severity;
use crate::dockerfile::{Binding, Instruction, Keyword, Operator, Pair, Stage, Variable, Word};
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::SourceMap;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "undefined-variable",
    summary: "a variable is used that no `ARG` or `ENV` defines",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/undefined-variable.md"),
    equivalents: &[
        "buildkit:InvalidDefaultArgInFrom",
        "buildkit:UndefinedArgInFrom",
        "buildkit:UndefinedVar",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Images that set `PATH` and nothing else.
const BARE: &[&str] = &["alpine", "amazonlinux", "busybox", "debian", "scratch", "ubuntu"];
/// Variables that the builder knows by itself once an `ARG` asks for them; in a `FROM` also without.
const OF_PLATFORM: &[&str] = &[
    "BUILDARCH",
    "BUILDOS",
    "BUILDPLATFORM",
    "BUILDVARIANT",
    "TARGETARCH",
    "TARGETOS",
    "TARGETPLATFORM",
    "TARGETSTAGE",
    "TARGETVARIANT",
];
/// Variables that the builder passes on by itself.
const PASSED: &[&str] = &["all_proxy", "ftp_proxy", "http_proxy", "https_proxy", "no_proxy", "path"];
/// How many stages below are looked through.
const DEEPEST: usize = 64;

struct Names<'d> {
    /// The arguments before the first `FROM`.
    global: BTreeMap<&'d str, &'d Pair>,
    /// What each stage defines itself.
    own: Vec<BTreeSet<&'d str>>,
    looks: usize,
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let globals = dockerfile.global_args().flat_map(|arg| arg.pairs());
    let mut names = Names {
        global: globals.map(|pair| (pair.key.raw.as_str(), pair)).collect(),
        own: Vec::new(),
        looks: 0,
    };
    // The arguments that a service gives are known where it is judged.
    let is_lone = !dockerfile.stages().any(|stage| cx.built().has_stage(stage));
    for stage in dockerfile.stages() {
        of_from(stage, &mut names, is_lone, cx);
        names.own.push(BTreeSet::new());
        for instruction in stage.instructions() {
            // What a child image defines is not known here.
            if !matches!(instruction.keyword, Keyword::Onbuild | Keyword::Maintainer) && !stage.is_windows() {
                of_instruction(stage, instruction, &mut names, cx);
            }
            if let (Keyword::Env | Keyword::Arg, Some(own)) = (instruction.keyword, names.own.last_mut()) {
                own.extend(instruction.pairs().iter().map(|pair| pair.key.raw.as_str()));
            }
        }
    }
}

/// Whether a variable without a value says so itself.
fn handles_absence(variable: &Variable) -> bool {
    matches!(variable.operator, Some(Operator::Default | Operator::Alternative | Operator::Required))
}

fn of_from(stage: Stage<'_>, names: &mut Names<'_>, is_lone: bool, cx: &mut Context<'_>) {
    let name = stage.name().map(|name| name.value.as_str());
    let mut is_defined = true;
    for variable in stage.from().words().into_iter().flat_map(|word| &word.variables) {
        let is_known = names.global.contains_key(variable.name.as_str());
        if handles_absence(variable) || is_known || OF_PLATFORM.contains(&variable.name.as_str()) {
            continue;
        }
        is_defined = false;
        names.looks += 1;
        let is_worth_it = names.looks <= MAX_LOOKS;
        let near = is_worth_it.then(|| nearest(&variable.name, names.global.keys().copied())).flatten();
        let help = match near {
            Some(near) => format!("write `{near}`"),
            None => format!("add `ARG {}` above the first `FROM`", variable.name),
        };
        cx.report(variable.span, format!("no `ARG` above the first `FROM` defines `{}`", variable.name))
            .stage(name)
            .help(help)
            .equivalents(&["buildkit:UndefinedArgInFrom"]);
    }
    let Some(base) = stage.from().base() else { return };
    let absent = base.image.variables.iter().filter(|it| is_defined && !handles_absence(it)).find_map(|it| {
        let pair = names.global.get(it.name.as_str())?;
        Some((it, *pair))
    });
    let Some((variable, pair)) = absent.filter(|_| is_lone) else { return };
    let value = |name: &str| match names.global.get(name) {
        Some(pair) => match &pair.value {
            Some(value) => value.literal().map_or(Binding::Unknown, Binding::Value),
            None => Binding::Value(String::new()),
        },
        None => Binding::Unknown,
    };
    let Some(image) = base.image.resolve(&value) else { return };
    if ImageReference::parse(&image, &SourceMap::empty()).is_ok() {
        return;
    }
    let message = match &pair.value {
        None => format!("without `--build-arg`, `{}` is empty and `{image}` is no image", variable.name),
        Some(_) => format!("with the default of `{}`, `{image}` is no image", variable.name),
    };
    cx.report(base.image.span, message)
        .stage(name)
        .severity(Severity::Info)
        .label(pair.span, "defined here")
        .help(format!("give `{}` a default that makes a whole reference", variable.name))
        .equivalents(&["buildkit:InvalidDefaultArgInFrom"]);
}

fn of_instruction<'d>(
    stage: Stage<'d>,
    instruction: &'d Instruction,
    names: &mut Names<'d>,
    cx: &mut Context<'_>,
) {
    let set: HashSet<&str> = instruction.pairs().iter().map(|pair| pair.key.raw.as_str()).collect();
    let words: Vec<(&Word, Option<&str>)> = match instruction.pairs() {
        [] => instruction.words().into_iter().map(|word| (word, None)).collect(),
        pairs => pairs
            .iter()
            .flat_map(|pair| {
                let key = pair.key.raw.as_str();
                std::iter::once((&pair.key, None)).chain(pair.value.iter().map(move |it| (it, Some(key))))
            })
            .collect(),
    };
    for (variable, key) in words.iter().flat_map(|(word, key)| word.variables.iter().map(|it| (it, *key))) {
        let name = variable.name.as_str();
        let mut chain = stage.chain().take(DEEPEST).filter_map(|stage| names.own.get(stage.index()));
        if handles_absence(variable)
            || PASSED.contains(&name.to_ascii_lowercase().as_str())
            || chain.any(|own| own.contains(name))
        {
            continue;
        }
        // `ENV X=$X:more` adds to what may be there; what another part of the instruction sets is not a
        // matter of this rule.
        let adds = instruction.keyword == Keyword::Env && key == Some(name);
        if set.contains(name) && !adds {
            continue;
        }
        let finding = if let Some(global) = names.global.get(name) {
            cx.report(variable.span, format!("`{name}` is empty: the stage does not repeat its `ARG`"))
                .label(global.span, "holds in `FROM` only")
                .help(format!("add `ARG {name}` to the stage"))
        } else if OF_PLATFORM.contains(&name) {
            cx.report(variable.span, format!("`{name}` is empty: the stage has no `ARG {name}`"))
                .help(format!("add `ARG {name}` to the stage"))
        } else {
            names.looks += 1;
            let near = if names.looks > MAX_LOOKS {
                None
            } else {
                let own = stage.chain().take(DEEPEST).filter_map(|stage| names.own.get(stage.index()));
                nearest(name, ["PATH"].into_iter().chain(own.flatten().copied()))
            };
            let is_bare = stage.external_image().is_some_and(|image| {
                ImageReference::parse(image, &SourceMap::empty())
                    .is_ok_and(|image| BARE.contains(&image.familiar_name()))
            });
            // Any other image may set it; only a slip of a name that is there is worth a word.
            let is_slip = near.is_some_and(|near| name.len() > 3 && strsim::osa_distance(near, name) == 1);
            if !is_bare && (adds || !is_slip) {
                continue;
            }
            let help = match near {
                Some(near) => format!("write `{near}`"),
                None => {
                    format!("define it above with `ARG {name}` or `ENV {name}=…`, or write `${{{name}:-}}`")
                }
            };
            let message = format!("no `ARG` or `ENV` above defines `{name}`");
            let finding = cx.report(variable.span, message).help(help);
            if adds { finding.severity(Severity::Info) } else { finding }
        };
        finding.stage(stage.name().map(|name| name.value.as_str())).equivalents(&["buildkit:UndefinedVar"]);
    }
}
