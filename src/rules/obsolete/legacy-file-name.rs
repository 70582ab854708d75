//! `legacy-file-name`: a file has the name that Compose files had before `compose.yaml`.

use crate::diagnostic::Severity;
use crate::rule::{Check, Content, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "legacy-file-name",
    summary: "a file has the name that Compose files had before `compose.yaml`",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Style,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/obsolete/legacy-file-name.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Content::Compose(compose) = file.content else { return };
    let Some(name) = compose.path.file_name().and_then(|name| name.to_str()) else { return };
    let Some(rest) = name.strip_prefix("docker-compose.") else { return };
    let entry =
        file.documents().iter().filter_map(|document| document.root()).find_map(|root| root.entries().next());
    let Some(entry) = entry else { return };
    let rest = rest.strip_suffix(".yml").map_or(rest.to_owned(), |rest| format!("{rest}.yaml"));
    let rest = if rest == "yml" { "yaml".to_owned() } else { rest };
    cx.report(entry.key.span(), format!("`{name}` is an old name for `compose.{rest}`"))
        .help(format!("rename it to `compose.{rest}`"));
}
