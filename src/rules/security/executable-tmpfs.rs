//! `executable-tmpfs`: a tmpfs allows programs, setuid files or devices.

use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::{Kind, Style, Yaml};

pub static RULE: Rule = Rule {
    name: "executable-tmpfs",
    summary: "a tmpfs allows programs, setuid files or devices",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/security/executable-tmpfs.md"),
    equivalents: &["compose-lint:CL-0022"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(tmpfs) = service.get("tmpfs") else { return };
    let items: Vec<Yaml<'_>> = match tmpfs.kind() {
        Kind::Sequence => tmpfs.items().collect(),
        Kind::Scalar => vec![tmpfs],
        Kind::Mapping => Vec::new(),
    };
    for item in items {
        let Some(text) = item.as_str() else { continue };
        let Some((path, options)) = text.split_once(':') else { continue };
        let mut start = path.len() + 1;
        let mut loose: Option<(&str, std::ops::Range<usize>)> = None;
        for option in options.split(',') {
            let range = start..start + option.len();
            start = range.end + 1;
            match option {
                "exec" | "suid" | "dev" => loose = loose.or(Some((option, range))),
                // The last one said counts.
                "noexec" | "nosuid" | "nodev" => {
                    loose = loose.filter(|(loose, _)| option.strip_prefix("no") != Some(loose));
                }
                _ => {}
            }
        }
        let Some((option, range)) = loose else { continue };
        let what = match option {
            "exec" => "programs to be run from it",
            "suid" => "setuid files in it",
            _ => "devices in it",
        };
        let span = item.part(range);
        let fix = tighten(item, span, option);
        cx.report(span, format!("`{option}` on `{path}` allows {what}"))
            .help(format!("remove `{option}`, which Docker leaves off by itself"))
            .fix(fix);
    }
}

/// The fix that writes the opposite of the option.
fn tighten(item: Yaml<'_>, span: Span, option: &str) -> Option<Fix> {
    let is_text = matches!(item.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    if !is_text || item.is_alias() || item.interpolation().is_some() || span.is_empty() {
        return None;
    }
    Some(Fix {
        title: format!("write `no{option}`"),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span, text: format!("no{option}") }],
    })
}
