//! `secret-file-not-mounted`: a setting names a file of a secret that the service is not given.

use std::collections::BTreeSet;

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::nearest::{MAX_LOOKS, nearest};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "secret-file-not-mounted",
    summary: "a setting names the file of a secret that the service is not given",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Refused, When::Start)], weaknesses: &[] },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/secret-file-not-mounted.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// Where the engine puts secrets.
const DIRECTORY: &str = "/run/secrets/";

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    if !service.is_in_view() {
        return;
    }
    let Some(files) = files(service) else { return };
    let mut looks = 0;
    for variable in service.environment() {
        let Some(value) = variable.value else { continue };
        let path = value.value.trim();
        let Some(name) = path.strip_prefix(DIRECTORY) else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if name.is_empty() || !name.chars().all(is_name) || files.contains(path) {
            continue;
        }
        looks += 1;
        let given = files.iter().filter_map(|file| file.strip_prefix(DIRECTORY));
        let near = (looks <= MAX_LOOKS).then(|| nearest(name, given)).flatten();
        let help = match near {
            Some(near) => format!("write `{DIRECTORY}{near}`, which the service is given"),
            None => format!("add `{name}` to the `secrets` of the service"),
        };
        // A value with a variable is shown where it is written.
        let span = if value.span.is_empty() { variable.yaml.span() } else { value.span };
        cx.report(span, format!("the service is not given the secret `{name}`")).help(help);
    }
}

/// The files that the service's secrets, configs and mounts are; `None` if they cannot be told, or a
/// mount may hold any.
fn files(service: Service<'_>) -> Option<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for key in ["secrets", "configs"] {
        for item in service.get(key).into_iter().flat_map(Yaml::items) {
            let name = if item.get("source").is_some() { item.get("source")? } else { item };
            let name = name.as_str()?;
            let target = match item.get("target").filter(|target| !target.is_null()) {
                Some(target) => target.as_str()?,
                None => name,
            };
            files.insert(if target.starts_with('/') {
                target.to_owned()
            } else {
                format!("{DIRECTORY}{target}")
            });
        }
    }
    if service.get("volumes_from").is_some() || service.get("use_api_socket").is_some() {
        return None;
    }
    for item in service.get("volumes").into_iter().flat_map(Yaml::items) {
        if item.mentions("/run/secrets") || item.mentions("/run:") || item.is_unknown() {
            return None;
        }
    }
    let makes = ["command", "entrypoint", "tmpfs"];
    if makes.iter().any(|key| service.get(key).is_some_and(|value| value.mentions("/run/secrets"))) {
        return None;
    }
    Some(files)
}
