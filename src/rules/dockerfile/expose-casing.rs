//! `expose-casing`: a protocol in upper case.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::dockerfile::{Arguments, Keyword, edit};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "expose-casing",
    summary: "the protocol of an exposed port is not in lower case",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/expose-casing.md"),
    equivalents: &["buildkit:ExposeProtoCasing"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let Arguments::Words(words) = &instruction.arguments else { continue };
            for word in words.iter().filter(|_| instruction.keyword == Keyword::Expose) {
                let Some((port, protocol)) = word.raw.rsplit_once('/') else { continue };
                let lower = protocol.to_ascii_lowercase();
                if lower == protocol || !matches!(lower.as_str(), "tcp" | "udp" | "sctp") {
                    continue;
                }
                let fix = file.dockerfile_text().and_then(|text| {
                    Some(Fix {
                        title: "write the protocol in lower case".to_owned(),
                        applicability: Applicability::Safe,
                        edits: vec![edit::replace(text, word.span, &word.raw, &format!("{port}/{lower}"))?],
                    })
                });
                cx.report(word.span, format!("the protocol `{protocol}` is not in lower case"))
                    .stage(part.name())
                    .help(format!("write `{port}/{lower}`"))
                    .fix(fix);
            }
        }
    }
}
