//! The list of rules, for people and machines.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::Severity;
use crate::rule::{FixAvailability, Preset};
use crate::rules::RULES;

/// What a machine is told of a rule.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// The name.
    pub name: &'static str,
    /// The category.
    pub category: &'static str,
    /// The severity of its findings, unless one says otherwise.
    pub severity: Severity,
    /// The smallest preset that has it.
    pub preset: Preset,
    /// Whether its findings can be fixed.
    pub fix: FixAvailability,
    /// What it reports.
    pub summary: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// The same check in other tools.
    pub equivalents: &'static [&'static str],
    /// The peer rules that are answered otherwise by design, with the reason.
    pub deviations: BTreeMap<&'static str, &'static str>,
}

/// Every rule, by name.
pub fn listed() -> impl Iterator<Item = Listed> {
    RULES.iter().map(|(category, rule)| Listed {
        name: rule.name,
        category,
        severity: rule.severity,
        preset: rule.preset,
        fix: rule.fix,
        summary: rule.summary,
        since: rule.since,
        equivalents: rule.equivalents,
        deviations: rule.deviations.iter().copied().collect(),
    })
}
