//! `quoted-volume`: a volume stands in quotes that it does not need.

use crate::diagnostic::{Applicability, Fix, Severity};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::{Kind, Style, Yaml, edit};

pub static RULE: Rule = Rule {
    name: "quoted-volume",
    summary: "a volume stands in quotes that it does not need",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::Always,
    page: include_str!("../../../rules/style/quoted-volume.md"),
    equivalents: &["dclint:no-quotes-in-volumes"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for root in file.documents().iter().filter_map(|document| document.root()) {
        for service in root.get("services").into_iter().flat_map(|services| services.entries()) {
            if let Some(volumes) = service.value.get("volumes").filter(|_| !service.value.is_alias()) {
                volumes.items().for_each(|item| look(item, service.name(), cx));
            }
        }
    }
}

fn look(node: Yaml<'_>, service: &str, cx: &mut Context<'_>) {
    if node.is_alias() {
        return;
    }
    match node.kind() {
        Kind::Mapping => node.entries().for_each(|entry| look(entry.value, service, cx)),
        Kind::Sequence => {}
        Kind::Scalar if matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted) => {
            let Some(edits) = edit::unquote(node) else { return };
            let shown = node.raw_str().unwrap_or_default();
            cx.report(node.span(), format!("`{shown}` needs no quotes"))
                .subject(service)
                .help("remove the quotes")
                .fix(Fix { title: "remove the quotes".into(), applicability: Applicability::Safe, edits });
        }
        Kind::Scalar => {}
    }
}
