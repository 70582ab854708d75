//! What a rule is.

use crate::diagnostic::Severity;

/// The smallest preset that has a rule.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// What is broken, refused or leaked.
    Essential,
    /// The default; contains `essential`.
    Recommended,
    /// Hardening; contains `recommended`.
    Strict,
    /// Opt-in beside any preset.
    Style,
    /// Only once configured.
    Configured,
}

/// Whether a rule's findings can be fixed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FixAvailability {
    /// Never.
    None,
    /// Where the text allows it.
    Sometimes,
    /// Always.
    Always,
}

/// One rule: what it is called, what it reports and how it finds it.
#[derive(Debug)]
pub struct Rule {
    /// The kebab-case name, the only identifier.
    pub name: &'static str,
    /// What it reports, as one sentence without a period.
    pub summary: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// The severity of its findings, unless a finding says otherwise.
    pub severity: Severity,
    /// The smallest preset that has it.
    pub preset: Preset,
    /// Whether its findings can be fixed.
    pub fix: FixAvailability,
    /// The page `rules/<category>/<name>.md`.
    pub page: &'static str,
    /// The same check in other tools, as `peer:rule`.
    pub equivalents: &'static [&'static str],
    /// The peer rules that are answered otherwise by design, each with the reason.
    pub deviations: &'static [(&'static str, &'static str)],
}
