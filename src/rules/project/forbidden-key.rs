//! `forbidden-key`: a key is used that the configuration forbids.

use std::collections::BTreeMap;

use crate::compose::service::Service;
use crate::configuration::options::{Form, OptionKey, Options, OptionsType};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::{Entry, Kind, Yaml};

pub static RULE: Rule = Rule {
    name: "forbidden-key",
    summary: "a key is used that the configuration forbids",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    page: include_str!("../../../rules/project/forbidden-key.md"),
    checks: &[Check::Service(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Keys>();

/// The keys that services must not have.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Keys {
    services: BTreeMap<String, String>,
}

impl Options for Keys {
    const KEYS: &'static [OptionKey] = &[OptionKey {
        name: "services",
        about: "Keys of services, `deploy.replicas` for one within another, and `*` for any; each with what to \
                do instead.",
        form: Form::TextByName,
    }];
}

/// The number of parts that a path may have.
const MAX_PARTS: usize = 16;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let keys = cx.options::<Keys>();
    for (path, advice) in &keys.services {
        let parts: Vec<&str> = path.split('.').take(MAX_PARTS).collect();
        for entry in found(service.yaml(), &parts) {
            let finding = cx.report(entry.key.span(), format!("`{path}` is forbidden here"));
            let advice = advice.trim().trim_end_matches('.');
            finding.help(if advice.is_empty() { "remove it".to_owned() } else { advice.to_owned() });
        }
    }
}

/// The entries that a path of keys leads to; a list on the way is gone through item by item.
fn found<'t>(value: Yaml<'t>, parts: &[&str]) -> Vec<Entry<'t>> {
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    match value.kind() {
        Kind::Scalar => Vec::new(),
        Kind::Sequence => value.items().flat_map(|item| found(item, parts)).collect(),
        Kind::Mapping => value
            .entries()
            .filter(|entry| *first == "*" || entry.name() == *first)
            .flat_map(|entry| if rest.is_empty() { vec![entry] } else { found(entry.value, rest) })
            .collect(),
    }
}
