//! Reading a text in one line.

use std::sync::Arc;

use composelint::source::{Source, SourceId, Sources, Span};
use composelint::yaml::parse::{Parsed, Problem, parse};
use composelint::yaml::{Tree, Yaml};

/// The number of the only file of a test.
pub(crate) fn file() -> SourceId {
    Sources::new().add(Source::new("compose.yaml", Vec::new()))
}

/// What is read of `text`.
pub(crate) fn read(text: &str) -> Parsed {
    parse(file(), &Arc::from(text))
}

/// The first document of a text without problems.
pub(crate) fn tree(text: &str) -> Tree {
    let mut parsed = read(text);
    assert_eq!(parsed.problems, [], "{text:?}");
    assert!(!parsed.documents.is_empty(), "{text:?} has no document");
    parsed.documents.swap_remove(0)
}

/// The only problem of a text.
pub(crate) fn problem(text: &str) -> Problem {
    let mut parsed = read(text);
    assert_eq!(parsed.problems.len(), 1, "{text:?}: {:?}", parsed.problems);
    parsed.problems.swap_remove(0)
}

/// The bytes of `text` at `span`.
pub(crate) fn slice(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or_else(|| panic!("{span:?} is not within {text:?}"))
}

/// The node that keys and item numbers lead to from the root.
pub(crate) fn at<'t>(tree: &'t Tree, path: &[&str]) -> Yaml<'t> {
    path.iter().fold(tree.root().expect("the document has a root"), |node, step| {
        let found = match step.parse::<usize>() {
            Ok(index) => node.items().nth(index),
            Err(_) => node.get(step),
        };
        found.unwrap_or_else(|| panic!("no `{step}` in {path:?}"))
    })
}
