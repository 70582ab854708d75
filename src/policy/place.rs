//! From what a policy says of a place to the bytes there.

use crate::compose::canonical::{Data, Value};
use crate::compose::file::Workspace;
use crate::compose::project::Project;
use crate::source::Span;
use crate::yaml::Yaml;

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The steps of a list, or of a text such as `services.web.ports[0]` or `services["a.b"].image`.
pub(super) fn steps(value: &regorus::Value) -> Vec<Step> {
    use regorus::Value as Rego;
    match value {
        Rego::Array(items) => items.iter().filter_map(step).collect(),
        Rego::String(text) => of_text(text),
        _ => Vec::new(),
    }
}

fn step(value: &regorus::Value) -> Option<Step> {
    if let Ok(text) = value.as_string() {
        return Some(Step::Key(text.to_string()));
    }
    Some(Step::Index(usize::try_from(value.as_u64().ok()?).ok()?))
}

fn of_text(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        rest = rest.trim_start_matches('.');
        if let Some(inner) = rest.strip_prefix('[') {
            let inner = inner.trim_start();
            let quote = inner.chars().next().filter(|it| matches!(it, '"' | '\''));
            let (word, behind) = match quote {
                Some(quote) => inner[1..].split_once(quote).unwrap_or((&inner[1..], "")),
                None => (inner.split(']').next().unwrap_or_default(), inner),
            };
            rest = behind.split_once(']').map_or("", |(_, rest)| rest);
            match (quote, word.trim().parse()) {
                (None, Ok(index)) => steps.push(Step::Index(index)),
                _ => steps.push(Step::Key(word.to_owned())),
            }
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end > 0 {
                steps.push(Step::Key(rest[..end].to_owned()));
            }
            rest = &rest[end..];
        }
    }
    steps
}

/// The value that a step leads to; an index may be written as a text.
fn entered<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match (&value.data, step) {
        (Data::Mapping(_), Step::Key(key)) => value.get(key),
        (Data::Mapping(_), Step::Index(index)) => value.get(&index.to_string()),
        (Data::Sequence(items), Step::Index(index)) => items.get(*index),
        (Data::Sequence(items), Step::Key(key)) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The first line of a place; the whole of it if it has one.
fn first_line(workspace: &Workspace<'_>, span: Span) -> Span {
    let source = workspace.sources().get(span.source);
    let text = source.text().get(span.range()).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim_end();
    Span::new(span.source, span.start as usize, span.start as usize + line.len())
}

/// What a policy is given, and where its parts are written.
pub(super) struct Map<'m> {
    pub(super) workspace: &'m Workspace<'m>,
    pub(super) input: &'m Value,
    /// `None` for a Dockerfile.
    pub(super) project: Option<&'m Project>,
    /// Where a finding lies of which nothing else is known.
    pub(super) fallback: Span,
}

impl Map<'_> {
    /// The bytes at the end of a path, or of as much of it as there is: a key for a list or mapping, the
    /// value for anything else. `None` if nothing is at its first step.
    pub(super) fn at(&self, steps: &[Step]) -> Option<Span> {
        let mut value = self.input;
        let mut found = None;
        let mut depth = 0;
        for step in steps {
            let Some(inner) = entered(value, step) else { break };
            value = inner;
            depth += 1;
            let is_one = !matches!(value.data, Data::Mapping(_) | Data::Sequence(_));
            let of_key = if is_one { None } else { self.key(&steps[..depth]) };
            let own = of_key.or(value.origin).filter(|span| !span.is_empty() || !is_one);
            // What the engine adds has no place, so that of what it is added to holds.
            found = own.or_else(|| self.key(&steps[..depth])).or(found);
        }
        if depth == 0 {
            return None;
        }
        Some(first_line(self.workspace, found?))
    }

    /// The key at the end of a path in the merged project; `None` for an item of a list.
    fn key(&self, steps: &[Step]) -> Option<Span> {
        let (last, before) = steps.split_last()?;
        let Step::Key(last) = last else { return None };
        let mut node: Yaml<'_> = self.project?.root()?;
        for step in before {
            node = match step {
                Step::Key(key) => node.get(key)?,
                Step::Index(index) => node.items().nth(*index)?,
            };
        }
        Some(node.entry(last)?.key.span())
    }

    /// The name of a service in its file.
    pub(super) fn service(&self, name: &str) -> Option<Span> {
        Some(self.project?.service(name)?.key().span())
    }

    /// The first line with something on it of the file that `name` ends the path of.
    pub(super) fn file(&self, name: &str) -> Option<Span> {
        let project = self.project?;
        let compose = project.files().iter().map(|file| (file.path.as_path(), file.source));
        let built =
            project.services().filter_map(|it| it.dockerfile()).map(|it| (it.path.as_path(), it.source));
        let (_, source) =
            compose.chain(built).find(|(path, _)| path.ends_with(name.trim_start_matches("./")))?;
        let text = self.workspace.sources().get(source).shared_text();
        let start = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
        Some(first_line(self.workspace, Span::new(source, start, text.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_be_one_text() {
        let key = |text: &str| Step::Key(text.to_owned());
        assert_eq!(
            of_text("services.web.ports[0]"),
            [key("services"), key("web"), key("ports"), Step::Index(0)]
        );
        assert_eq!(of_text("services[\"a.b\"].image"), [key("services"), key("a.b"), key("image")]);
        assert_eq!(of_text("services.web.ports.0"), [key("services"), key("web"), key("ports"), key("0")]);
        for text in ["", ".", "[", "[\"", "a[", "a]b", "[']é"] {
            of_text(text);
        }
    }
}
