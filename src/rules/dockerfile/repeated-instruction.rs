//! `repeated-instruction`: an instruction of which only the last counts.

use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "repeated-instruction",
    summary: "a stage has several `CMD`, `ENTRYPOINT` or `HEALTHCHECK`, of which only the last counts",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/repeated-instruction.md"),
    equivalents: &[
        "buildkit:MultipleInstructionsDisallowed",
        "hadolint:DL3012",
        "hadolint:DL4003",
        "hadolint:DL4004",
        "kics:multiple_cmd_instructions_listed",
        "kics:multiple_entrypoint_instructions_listed",
        "semgrep:multiple-cmd-instructions",
        "semgrep:multiple-entrypoint-instructions",
        "trivy:multiple_cmd_instructions_listed",
        "trivy:multiple_entrypoint_instructions_listed",
        "trivy:multiple_healthcheck_instructions",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The instructions, with the equivalents of each; the last of them looks at the last stage only.
const ONCE: &[(Keyword, &[&str])] = &[
    (
        Keyword::Cmd,
        &[
            "buildkit:MultipleInstructionsDisallowed",
            "hadolint:DL4003",
            "semgrep:multiple-cmd-instructions",
            "trivy:multiple_cmd_instructions_listed",
            "kics:multiple_cmd_instructions_listed",
        ],
    ),
    (
        Keyword::Entrypoint,
        &[
            "buildkit:MultipleInstructionsDisallowed",
            "hadolint:DL4004",
            "semgrep:multiple-entrypoint-instructions",
            "trivy:multiple_entrypoint_instructions_listed",
            "kics:multiple_entrypoint_instructions_listed",
        ],
    ),
    (
        Keyword::Healthcheck,
        &[
            "buildkit:MultipleInstructionsDisallowed",
            "hadolint:DL3012",
            "trivy:multiple_healthcheck_instructions",
        ],
    ),
];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for (keyword, equivalents) in ONCE {
            let Some(last) = part.of(*keyword).last() else { continue };
            let is_of_last = |it: &&'static str| part.is_last() || !it.starts_with("kics:");
            let equivalents: Vec<&'static str> = equivalents.iter().copied().filter(is_of_last).collect();
            for early in part.of(*keyword).take_while(|early| early.span != last.span) {
                let name = keyword.name();
                cx.report(early.span, format!("a later `{name}` takes the place of this one"))
                    .stage(part.name())
                    .label(last.span, "only this one counts")
                    .help("remove all but one")
                    .equivalents(&equivalents);
            }
        }
    }
}
