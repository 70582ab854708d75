//! `redundant-platform`: `--platform` with the platform that holds anyway.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::edit;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "redundant-platform",
    summary: "a `FROM` asks for the platform that it gets anyway",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::fault(Harm::Waste, When::Start)
            .departs(Severity::Warning, "the builder warns of the same at each build")],
        weaknesses: &[],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/supply-chain/redundant-platform.md"),
    equivalents: &["buildkit:RedundantTargetPlatform", "hadolint:DL3065"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for stage in dockerfile.stages() {
        let Some(flag) = stage.from().flag("platform") else { continue };
        let Some(value) = &flag.value else { continue };
        if !matches!(value.raw.trim_matches('"'), "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
            continue;
        }
        // An argument of that name may hold another platform.
        let is_set = dockerfile.global_args().flat_map(|arg| arg.pairs());
        if is_set.into_iter().any(|pair| pair.key.raw == "TARGETPLATFORM" && pair.value.is_some()) {
            continue;
        }
        let fix = file.dockerfile_text().and_then(|text| {
            Some(Fix {
                title: "remove `--platform`".to_owned(),
                applicability: Applicability::Safe,
                edits: vec![edit::remove_flag(text, flag)?],
            })
        });
        cx.report(flag.span, "the target platform is the one that holds without the flag")
            .stage(stage.name().map(|name| name.value.as_str()))
            .help("remove `--platform`")
            .fix(fix);
    }
}
