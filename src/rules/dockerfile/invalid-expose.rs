//! `invalid-expose`: a port that `EXPOSE` cannot take.

use crate::diagnostic::Severity;
use crate::dockerfile::{Arguments, Keyword, Word};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "invalid-expose",
    summary: "`EXPOSE` names something that is no port of a container",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/invalid-expose.md"),
    equivalents: &[
        "buildkit:ExposeInvalidFormat",
        "hadolint:DL3011",
        "kics:unix_ports_out_of_range",
        "semgrep:invalid-port",
        "trivy:unix_ports_out_of_range",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

const OUT_OF_RANGE: &[&str] = &[
    "hadolint:DL3011",
    "kics:unix_ports_out_of_range",
    "semgrep:invalid-port",
    "trivy:unix_ports_out_of_range",
];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let Arguments::Words(words) = &instruction.arguments else { continue };
            for word in words.iter().filter(|_| instruction.keyword == Keyword::Expose) {
                let Some(text) = word.literal() else { continue };
                if word.raw.starts_with('#') {
                    cx.report(word.span, "a comment is an argument here: it does not start its line")
                        .stage(part.name())
                        .help("put the comment on a line of its own")
                        .equivalents(&[]);
                    // What follows is the rest of it.
                    break;
                }
                judge(word, &text, part.name(), cx);
            }
        }
    }
}

fn judge(word: &Word, text: &str, stage: Option<&str>, cx: &mut Context<'_>) {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    if let Some((_, port)) = ports.rsplit_once(':') {
        cx.report(word.span, format!("`{text}` names a port of the host, which `EXPOSE` ignores"))
            .stage(stage)
            .severity(Severity::Warning)
            .help(format!("write `{port}`, and publish it in `ports`"))
            .equivalents(&["buildkit:ExposeInvalidFormat"]);
        return;
    }
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (message, equivalents): (String, &[&str]) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first > 65535 || last > 65535 => {
            (format!("`{ports}` is no port: the highest is 65535"), OUT_OF_RANGE)
        }
        (Some(first), Some(last)) if first > last => {
            (format!("the range `{ports}` ends before it starts"), &[])
        }
        (Some(_), Some(_)) if !["tcp", "udp", "sctp"].contains(&protocol.to_ascii_lowercase().as_str()) => {
            (format!("`{protocol}` is neither `tcp`, `udp` nor `sctp`"), &[])
        }
        (Some(_), Some(_)) => return,
        _ => (format!("`{text}` is no port"), &[]),
    };
    cx.report(word.span, message)
        .stage(stage)
        .help("write a number from 1 to 65535, or a range such as `8000-8010`")
        .equivalents(equivalents);
}
