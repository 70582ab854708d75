//! What a rule is, and what it is given.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use crate::compose::file::{ComposeFile, DockerfileFile};
use crate::compose::load::LoadProblem;
use crate::compose::project::{Built, Project};
use crate::compose::service::Service;
use crate::configuration::options::Options;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::dockerfile::{Dockerfile, Stage};
use crate::schema::ViolationKind;
use crate::source::{SourceId, Span};
use crate::stakes::Stakes;
use crate::suppress::FileSuppressions;
use crate::yaml::Tree;
use crate::yaml::parse::Problem;

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
    /// What is at stake where it finds something: why it has its severity.
    pub stakes: Stakes,
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
    /// Whether it asks what only matters where the project ships: it is then judged on the
    /// deployment for production, if the directory has one.
    pub is_for_production: bool,
    /// How it finds what it reports; several where one concept has several scopes.
    pub checks: &'static [Check],
}

impl Rule {
    /// A rule that is none of the registry's: what is told under its name is an error.
    pub(crate) const fn apart(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            summary,
            since: "0.1.0",
            stakes: Stakes::NONE,
            severity: Severity::Error,
            preset: Preset::Essential,
            fix: FixAvailability::None,
            page: "",
            equivalents: &[],
            deviations: &[],
            is_for_production: false,
            checks: &[],
        }
    }

    /// The category: the folder of the rule, or that of policies for what is not in the registry.
    pub fn category(&self) -> &'static str {
        crate::rules::RULES
            .binary_search_by_key(&self.name, |(_, rule)| rule.name)
            .map_or(crate::policy::CATEGORY, |at| crate::rules::RULES[at].0)
    }
}

/// A file of the run, as rules of the file scope see it.
#[derive(Copy, Clone, Debug)]
pub struct File<'a> {
    /// What it is.
    pub content: Content<'a>,
    /// The file.
    pub source: SourceId,
    /// The whole text.
    pub text: &'a str,
}

/// What a file is.
#[derive(Copy, Clone, Debug)]
pub enum Content<'a> {
    /// A Compose file.
    Compose(&'a ComposeFile),
    /// A Dockerfile.
    Dockerfile(&'a DockerfileFile),
}

impl<'a> File<'a> {
    /// The Compose file's documents, as written; nothing for a Dockerfile.
    pub fn documents(self) -> &'a [Tree] {
        match self.content {
            Content::Compose(file) => &file.documents,
            Content::Dockerfile(_) => &[],
        }
    }

    /// The Dockerfile.
    pub fn dockerfile(self) -> Option<&'a Dockerfile> {
        match self.content {
            Content::Compose(_) => None,
            Content::Dockerfile(file) => Some(&file.dockerfile),
        }
    }

    /// The text in which an instruction can be edited. `None` for a Dockerfile that stands in YAML,
    /// whose quotes and indentation an edit does not know, and for a Compose file.
    pub fn dockerfile_text(self) -> Option<&'a str> {
        match self.content {
            Content::Dockerfile(file) if !file.inline => Some(self.text),
            _ => None,
        }
    }

    /// Why the text could not be read to its end.
    pub fn problems(self) -> &'a [Problem] {
        match self.content {
            Content::Compose(file) => &file.problems,
            Content::Dockerfile(file) => &file.problems,
        }
    }
}

/// How a rule finds what it reports, by the scope that it looks at.
#[derive(Copy, Clone, Debug)]
pub enum Check {
    /// Every file of the run, once.
    File(fn(File<'_>, &mut Context<'_>)),
    /// Every service of every deployment.
    Service(fn(Service<'_>, &mut Context<'_>)),
    /// Every deployment.
    Project(fn(&Project, &mut Context<'_>)),
    /// Every stage of every Dockerfile, once.
    Stage(fn(Stage<'_>, &mut Context<'_>)),
    /// Every service with the stage that it builds.
    Build(fn(Service<'_>, Stage<'_>, &mut Context<'_>)),
    /// What is silenced in every file with such comments, when all other rules have run.
    Suppressions(fn(&FileSuppressions, &mut Context<'_>)),
}

/// What a rule is given besides what it looks at, and where it puts what it finds.
#[derive(Debug)]
pub struct Context<'a> {
    rule: &'static Rule,
    subject: Option<&'a str>,
    built: &'a Built,
    options: Option<Arc<dyn Any + Send + Sync>>,
    found: &'a mut Vec<Diagnostic>,
    secrets: &'a mut Vec<Span>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        rule: &'static Rule,
        subject: Option<&'a str>,
        built: &'a Built,
        options: Option<Arc<dyn Any + Send + Sync>>,
        found: &'a mut Vec<Diagnostic>,
        secrets: &'a mut Vec<Span>,
    ) -> Self {
        Self { rule, subject, built, options, found, secrets }
    }

    /// What the configuration tells the rule, or the defaults: `T` is the type that the rule's file
    /// registers as `OPTIONS`.
    pub fn options<T: Options>(&self) -> Arc<T> {
        let given = self.options.clone().and_then(|options| options.downcast().ok());
        given.unwrap_or_default()
    }

    /// What is built here: by the services of the project, or, for checks of files and stages, by the
    /// services of every deployment of the run.
    pub fn built(&self) -> &'a Built {
        self.built
    }

    /// Reports the fact `message` about the bytes at `span`. The subject is the service or stage that
    /// is being looked at; the message does not name it.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> Finding<'_> {
        self.found.push(Diagnostic {
            rule: self.rule,
            severity: self.rule.severity,
            preset: Preset::Essential,
            message: message.into(),
            span,
            subject: self.subject.map(str::to_owned),
            labels: Vec::new(),
            help: None,
            fix: None,
            equivalents: Cow::Borrowed(self.rule.equivalents),
            deployments: Vec::new(),
            suppressed_by: None,
            in_baseline: false,
            is_everywhere: false,
        });
        Finding { found: self.found.last_mut().expect("a finding was pushed above") }
    }

    /// Reports why a text could not be read, with what there is to say about it.
    pub fn report_problem(&mut self, problem: &Problem) {
        let mut finding = self.report(problem.span, problem.message.clone());
        if let Some(help) = &problem.help {
            finding = finding.help(help.clone());
        }
        if let Some((span, text)) = &problem.label {
            finding.label(*span, text.clone());
        }
    }

    /// Reports why a project could not be put together, with what there is to say about it.
    pub fn report_load_problem(&mut self, problem: &LoadProblem) -> Finding<'_> {
        let mut finding = self.report(problem.span, problem.message.clone());
        if let Some(help) = &problem.help {
            finding = finding.help(help.clone());
        }
        if let Some((span, text)) = &problem.label {
            finding = finding.label(*span, text.clone());
        }
        finding
    }

    /// Reports what the schema refuses of the project's files, of one kind.
    pub fn report_violations(&mut self, project: &Project, kind: ViolationKind) {
        for violation in project.violations().iter().filter(|violation| violation.kind == kind) {
            let mut finding =
                self.report(violation.span, violation.message.clone()).fix(violation.fix.clone());
            // What the engine reads may be a placeholder that another program fills in.
            if violation.is_late {
                finding = finding.severity(Severity::Warning);
            }
            if let Some(service) = &violation.service {
                finding = finding.subject(service.clone());
            }
            if let Some(help) = &violation.help {
                finding = finding.help(help.clone());
            }
            if let Some((span, text)) = &violation.label {
                finding.label(*span, text.clone());
            }
        }
    }

    /// Says that the bytes are a secret: no output shows them, whether or not they are reported.
    pub fn mask(&mut self, span: Span) {
        self.secrets.push(span);
    }
}

/// A finding that is being written.
#[derive(Debug)]
pub struct Finding<'c> {
    found: &'c mut Diagnostic,
}

impl Finding<'_> {
    /// Another severity than the rule's.
    pub fn severity(self, severity: Severity) -> Self {
        self.found.severity = severity;
        self
    }

    /// The finding is wanted from this preset on, though the rule is in a smaller one.
    pub fn only_in(self, preset: Preset) -> Self {
        self.found.preset = preset;
        self
    }

    /// The finding holds only if every deployment that reads the file has it: what one of them does not
    /// use, another may.
    pub fn everywhere(self) -> Self {
        self.found.is_everywhere = true;
        self
    }

    /// Another subject than the service or stage that is being looked at.
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.found.subject = Some(subject.into());
        self
    }

    /// The subject is the stage of this name; nothing without one.
    pub fn stage(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.subject(name),
            None => self,
        }
    }

    /// Another place that matters, and why in about five words.
    pub fn label(self, span: Span, text: impl Into<String>) -> Self {
        // Most have one, and room for no more.
        if self.found.labels.is_empty() {
            self.found.labels.reserve_exact(1);
        }
        self.found.labels.push(Label { span, text: text.into() });
        self
    }

    /// One imperative that ends the problem.
    pub fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        self.found.help = Some(help.into());
        self
    }

    /// How to mend it without a person; nothing for `None`.
    pub fn fix(self, fix: impl Into<Option<Fix>>) -> Self {
        self.found.fix = fix.into().map(Box::new);
        self
    }

    /// The equivalents that fit this finding, where they are not all of the rule's.
    pub fn equivalents(self, equivalents: &[&'static str]) -> Self {
        self.found.equivalents = Cow::Owned(equivalents.to_vec());
        self
    }
}
