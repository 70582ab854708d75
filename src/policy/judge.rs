//! Runs policies over projects and Dockerfiles.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;

use regorus::Engine;
use regorus::Value as Rego;

use super::input::{dockerfile, resolved, to_rego, written};
use super::library::{Definition, Library, Role, Subject, TOO_LONG};
use super::place::{Map, Step, steps};
use super::{id, rule};
use crate::compose::canonical::Value;
use crate::compose::file::{DockerfileFile, Workspace};
use crate::compose::project::Project;
use crate::config::Masks;
use crate::diagnostic::Diagnostic;
use crate::rule::{Preset, Rule};
use crate::source::Span;
use crate::yaml::parse::Problem;

/// The longest message of a finding, in characters.
const MAX_MESSAGE: usize = 1_000;

/// The most findings that one rule may have of one input.
const MAX_FINDINGS: usize = 10_000;

/// What policies found.
#[derive(Debug, Default)]
pub struct Judged {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
    /// Why a policy could not be run.
    pub problems: Vec<Problem>,
}

/// A run of policies.
#[derive(Copy, Clone)]
pub struct Judge<'j, 'f> {
    /// The files.
    pub workspace: &'j Workspace<'f>,
    /// The policies.
    pub library: &'j Library,
    /// The directory that relative paths are in.
    pub root: &'j Path,
    /// Whether the findings of a rule are wanted.
    pub wants: &'j (dyn Fn(&'static Rule) -> bool + Sync),
}

/// What a policy says of one thing.
#[derive(Debug, Default)]
struct Said {
    message: String,
    path: Vec<Step>,
    service: Option<String>,
    file: Option<String>,
    id: Option<String>,
    help: Option<String>,
}

impl Judge<'_, '_> {
    /// Judges a project.
    pub fn project(&self, project: &Project) -> Judged {
        let mut judged = Judged::default();
        let Some(engine) = &self.library.engine else { return judged };
        let fallback = project.files().first().and_then(|file| {
            let root = file.documents.first()?.root()?;
            Some(root.entries().next().map_or(root.span(), |entry| entry.key.span()))
        });
        // What cannot be read has nothing to judge.
        let Some(fallback) = fallback else { return judged };
        let mut engine = engine.clone();
        for subject in [Subject::Resolved, Subject::Written] {
            if !self.library.wants(subject) {
                continue;
            }
            let input = match subject {
                Subject::Resolved => {
                    resolved(self.workspace, project, self.root, self.library.wants_dockerfiles)
                }
                _ => written(project),
            };
            let map = Map { workspace: self.workspace, input: &input, project: Some(project), fallback };
            self.run(&mut engine, subject, &map, &mut judged);
        }
        judged
    }

    /// Judges a Dockerfile.
    pub fn dockerfile(&self, file: &DockerfileFile) -> Judged {
        let mut judged = Judged::default();
        let Some(engine) = self.library.engine.as_ref().filter(|_| self.library.wants(Subject::Dockerfile))
        else {
            return judged;
        };
        let Some(first) = file.dockerfile.instructions().first() else { return judged };
        let input = dockerfile(&file.dockerfile);
        let map = Map { workspace: self.workspace, input: &input, project: None, fallback: first.name.span };
        self.run(&mut engine.clone(), Subject::Dockerfile, &map, &mut judged);
        judged
    }

    fn run(&self, engine: &mut Engine, subject: Subject, map: &Map<'_>, judged: &mut Judged) {
        engine.set_input(to_rego(map.input));
        let of_subject =
            || self.library.definitions.iter().filter(|it| it.subjects.contains(&subject) && it.runs());
        let mut excepted: Vec<(&[String], String)> = Vec::new();
        for definition in of_subject().filter(|it| it.role == Role::Excepts) {
            if let Some(value) = self.value(engine, definition, judged) {
                let names = items(&value).flat_map(|it| items(it).cloned().collect::<Vec<_>>());
                let names = names.filter_map(|it| Some(it.as_string().ok()?.to_string()));
                excepted.extend(names.map(|name| (definition.package.as_slice(), name)));
            }
        }
        let mut masks: Option<Masks> = None;
        for definition in of_subject() {
            let Role::Finds(severity) = definition.role else { continue };
            let is_excepted = excepted
                .iter()
                .any(|(package, name)| *package == definition.package && name == definition.suffix());
            if is_excepted || !definition.has_ids && !(self.wants)(definition.rule) {
                continue;
            }
            let Some(value) = self.value(engine, definition, judged) else { continue };
            let said = match findings(&value, definition) {
                Ok(said) => said,
                Err(message) => {
                    judged.problems.push(self.library.explained(&message, Some(definition.span)));
                    continue;
                }
            };
            for said in said {
                let own = said.id.as_deref().map(|name| rule(&id(name), severity));
                let rule = own.unwrap_or(definition.rule);
                if !(self.wants)(rule) {
                    continue;
                }
                let masks = masks.get_or_insert_with(|| Masks::of(map.input, map.project));
                judged.diagnostics.push(diagnostic(rule, severity, &said, map, masks));
            }
        }
    }

    /// What a rule of a policy makes of the input; `None` for nothing, or if it fails.
    fn value(&self, engine: &mut Engine, definition: &Definition, judged: &mut Judged) -> Option<Rego> {
        let (module, number) = definition.at;
        let module = engine.get_modules().get(module)?.clone();
        let one = module.policy.get(number)?.clone();
        let outcome = catch_unwind(AssertUnwindSafe(|| engine.eval_rule_in_module(&module, &one, false)));
        drop(engine.take_prints());
        let problem = match outcome {
            Ok(Ok(data)) => {
                let mut value = &data;
                for part in definition.package.iter().chain([&definition.name]) {
                    value = value.as_object().ok()?.get(&Rego::from(part.as_str()))?;
                }
                return Some(value.clone());
            }
            Ok(Err(error)) => self.library.explained(&error.to_string(), Some(definition.span)),
            Err(_) => {
                // What is left of the interpreter after a panic is not to be relied on.
                if let Some(fresh) = &self.library.engine {
                    let input = engine_input(engine);
                    *engine = fresh.clone();
                    engine.set_input(input);
                }
                self.library
                    .explained("internal error: the interpreter of policies failed", Some(definition.span))
            }
        };
        // One that takes its time is not given more; others may fail with this input alone.
        if problem.message.contains(TOO_LONG) {
            definition.has_failed.store(true, Ordering::Relaxed);
        }
        judged.problems.push(problem);
        None
    }
}

/// The input that an engine has.
fn engine_input(engine: &mut Engine) -> Rego {
    let asked = catch_unwind(AssertUnwindSafe(|| engine.eval_query("input".to_owned(), false)));
    let first = asked.ok().and_then(Result::ok).and_then(|it| it.result.into_iter().next());
    first.and_then(|it| it.expressions.into_iter().next()).map_or(Rego::Undefined, |it| it.value)
}

/// The items of a list or set; none of anything else.
fn items(value: &Rego) -> Box<dyn Iterator<Item = &Rego> + '_> {
    match value {
        Rego::Array(items) => Box::new(items.iter()),
        Rego::Set(items) => Box::new(items.iter()),
        _ => Box::new(std::iter::empty()),
    }
}

/// What a rule says: a set of texts or objects, one of them alone, or `true`.
fn findings(value: &Rego, definition: &Definition) -> Result<Vec<Said>, String> {
    let mut said = match value {
        Rego::Undefined | Rego::Null | Rego::Bool(false) => Vec::new(),
        Rego::Bool(true) => {
            vec![Said { message: format!("`{}` holds", definition.name), ..Said::default() }]
        }
        Rego::String(_) => vec![finding(value)?],
        Rego::Object(entries) if entries.get(&Rego::from("msg")).is_some() => vec![finding(value)?],
        Rego::Object(entries) => {
            entries.iter_sorted().map(|(_, value)| finding(value)).collect::<Result<_, _>>()?
        }
        Rego::Array(_) | Rego::Set(_) => items(value).map(finding).collect::<Result<_, _>>()?,
        Rego::Number(_) => vec![finding(value)?],
    };
    said.truncate(MAX_FINDINGS);
    Ok(said)
}

fn finding(value: &Rego) -> Result<Said, String> {
    if let Ok(message) = value.as_string() {
        return Ok(Said { message: message.to_string(), ..Said::default() });
    }
    let kind = match value {
        Rego::Object(_) => "an object without a text `msg`",
        Rego::Number(_) => "a number",
        Rego::Bool(_) => "a boolean",
        Rego::Null => "null",
        _ => "a list",
    };
    let wrong =
        || format!("the policy gives {kind}, and a finding is a text or an object with the text `msg`");
    let entries = value.as_object().map_err(|_| wrong())?;
    let entry = |key: &str| entries.get(&Rego::from(key));
    let text = |key: &str| Some(entry(key)?.as_string().ok()?.to_string());
    Ok(Said {
        message: text("msg").ok_or_else(wrong)?,
        path: entry("path").map(steps).unwrap_or_default(),
        service: text("service"),
        file: text("file"),
        id: text("id"),
        help: text("help"),
    })
}

/// The text in one line, without what is secret in it.
fn line(text: &str, masks: &Masks) -> String {
    let words: Vec<&str> =
        text.split(|it: char| it.is_whitespace() || it.is_control()).filter(|it| !it.is_empty()).collect();
    let masked = masks.apply(&words.join(" "));
    match masked.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}

fn diagnostic(
    rule: &'static Rule,
    severity: crate::diagnostic::Severity,
    said: &Said,
    map: &Map<'_>,
    masks: &Masks,
) -> Diagnostic {
    let service = said.service.as_deref();
    // Within a service a path may start there.
    let within: Option<Vec<Step>> = service.map(|name| {
        let start = [Step::Key("services".to_owned()), Step::Key(name.to_owned())];
        start.into_iter().chain(said.path.iter().cloned()).collect()
    });
    let is_whole = said
        .path
        .first()
        .is_some_and(|first| matches!(first, Step::Key(key) if map.input.get(key).is_some()))
        || map.project.is_none();
    let span: Span = [
        (is_whole && !said.path.is_empty()).then(|| map.at(&said.path)).flatten(),
        within.as_ref().filter(|_| !said.path.is_empty()).and_then(|path| map.at(path)),
        service.and_then(|name| map.service(name)),
        said.file.as_deref().and_then(|name| map.file(name)),
    ]
    .into_iter()
    .flatten()
    .next()
    .unwrap_or(map.fallback);
    let named = match said.path.as_slice() {
        [Step::Key(first), Step::Key(name), ..] if first == "services" || first == "builds" => {
            Some(name.as_str())
        }
        _ => None,
    };
    let is_known = |name: &&str| map.project.is_some_and(|project| project.service(name).is_some());
    let subject = service.or(named).filter(is_known).map(str::to_owned);
    let message = line(&said.message, masks);
    Diagnostic {
        rule,
        severity,
        preset: Preset::Essential,
        message: if message.is_empty() { format!("`{}` is not kept", rule.name) } else { message },
        span,
        subject,
        labels: Vec::new(),
        help: said
            .help
            .as_deref()
            .map(|help| line(help, masks))
            .filter(|help| !help.is_empty())
            .map(Cow::Owned),
        fix: None,
        equivalents: Cow::default(),
        deployments: Vec::new(),
        suppressed_by: None,
        in_baseline: false,
        is_everywhere: false,
    }
}

/// The value that a policy is given, as it is printed.
pub(crate) fn shown(workspace: &Workspace<'_>, project: &Project, root: &Path, form: super::Form) -> Value {
    match form {
        super::Form::Resolved => resolved(workspace, project, root, true),
        super::Form::Written => written(project),
    }
}
