//! What a rule says about a place, and how to mend it.

use std::borrow::Cow;

use crate::rule::{Preset, Rule};
use crate::source::Span;
use crate::yaml::parse::Problem;

/// How much a finding matters.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Hardening that is absent, advice.
    Info,
    /// It runs, and is wrong or proven risky.
    Warning,
    /// The engine refuses it, it cannot work, it leaks a secret or hands over the host.
    Error,
}

impl Severity {
    /// The severity's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Another place that matters to a diagnostic, and why in a few words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place, in any file of the run.
    pub span: Span,
    /// Why it matters, in about five words.
    pub text: String,
}

/// Whether a fix may be applied without asking.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// What Compose resolves, or the image that is built, stays the same.
    Safe,
    /// What Compose resolves or the build gives changes.
    Unsafe,
}

/// A replacement of bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What to write in their place.
    pub text: String,
}

/// A way to mend a finding: all of its edits or none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What applying it does, as an imperative.
    pub title: String,
    /// Whether it may be applied without asking.
    pub applicability: Applicability,
    /// The edits in source order; they do not overlap.
    pub edits: Vec<Edit>,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it matters: the rule's severity, or what the rule says of this case.
    pub severity: Severity,
    /// The smallest preset that wants it.
    pub(crate) preset: Preset,
    /// The fact in one line, without the subject's name.
    pub message: String,
    /// The bytes that it is about.
    pub span: Span,
    /// The service or stage that it is about.
    pub subject: Option<String>,
    /// Other places that matter, in the order of the rule's choice.
    pub labels: Vec<Label>,
    /// One imperative that ends the problem.
    pub help: Option<Cow<'static, str>>,
    /// How to mend it without a person.
    pub fix: Option<Box<Fix>>,
    /// The same check in other tools, as `peer:rule`.
    pub equivalents: Cow<'static, [&'static str]>,
    /// The deployments that have it, as indices into the report's; ascending.
    pub deployments: Vec<usize>,
    /// Whether it holds only if every deployment that reads the file has it.
    pub is_everywhere: bool,
    /// The comment that silences it.
    pub suppressed_by: Option<Box<SuppressedBy>>,
    /// Whether the baseline has it.
    pub in_baseline: bool,
}

impl Diagnostic {
    /// What is wrong with a file that could not be read as what it is: an error without a fix.
    pub(crate) fn of_problem(rule: &'static Rule, problem: Problem) -> Self {
        Self {
            rule,
            severity: Severity::Error,
            preset: Preset::Essential,
            message: problem.message,
            span: problem.span,
            subject: None,
            labels: problem.label.into_iter().map(|(span, text)| Label { span, text }).collect(),
            help: problem.help.map(Cow::Owned),
            fix: None,
            equivalents: Cow::default(),
            deployments: Vec::new(),
            is_everywhere: false,
            suppressed_by: None,
            in_baseline: false,
        }
    }

    /// Whether a comment or the baseline silences it.
    pub fn is_suppressed(&self) -> bool {
        self.suppressed_by.is_some() || self.in_baseline
    }
}

/// A comment that silences a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuppressedBy {
    /// The comment.
    pub span: Span,
    /// Why it is there, in its author's words.
    pub reason: Option<String>,
}
