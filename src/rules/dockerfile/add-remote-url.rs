//! `add-remote-url`: `ADD` of a download that nothing checks.

use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::dockerfile::files::{is_archive, is_download};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "add-remote-url",
    summary: "`ADD` downloads a file without a checksum",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Publisher, Gain::Code, Needs::Attack)],
        weaknesses: &[494],
    },
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/add-remote-url.md"),
    equivalents: &["checkov:AddExists", "kics:curl_or_wget_instead_of_add"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            if instruction.keyword != Keyword::Add || instruction.flag("checksum").is_some() {
                continue;
            }
            let Some(files) = instruction.files() else { continue };
            for source in files.sources.iter().filter(|source| is_download(&source.text())) {
                let finding = cx.report(source.span, "nothing checks what is downloaded here");
                let finding = finding.stage(part.name());
                if is_archive(&source.text()) {
                    finding.help("add `--checksum=sha256:…`, or fetch, check and unpack it in one `RUN`");
                } else {
                    finding.help("add `--checksum=sha256:…`");
                }
            }
        }
    }
}
