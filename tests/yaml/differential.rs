//! A second opinion: `serde_yaml`, which like the engine's YAML library is a port of libyaml.

use std::path::{Path, PathBuf};

use composelint::yaml::scalar::Scalar;
use composelint::yaml::{Kind, Yaml};
use proptest::prelude::*;
use serde::Deserialize as _;
use serde_yaml::Value;

use crate::generated::{document, render};
use crate::support::read;

/// The documents that `serde_yaml` reads; its error where it does not. Documents without content
/// are left out.
fn second(text: &str) -> Result<Vec<Value>, String> {
    // It refuses a byte order mark, which the engine's library skips.
    serde_yaml::Deserializer::from_str(text.trim_start_matches('\u{feff}'))
        .map(|document| Value::deserialize(document).map_err(|error| error.to_string()))
        .filter(|document| !matches!(document, Ok(Value::Null)))
        .collect()
}

/// What the two disagree about; `None` where they agree.
fn difference(text: &str) -> Option<String> {
    let ours = read(text);
    let theirs = second(text);
    let theirs = match (ours.problems.first(), theirs) {
        (None, Ok(theirs)) => theirs,
        (Some(_), Err(_)) => return None,
        (None, Err(error)) => return Some(format!("accepted, but refused by serde_yaml: {error}")),
        (Some(problem), Ok(_)) => {
            return Some(format!("refused, but accepted by serde_yaml: {}", problem.message));
        }
    };
    let ours: Vec<Yaml<'_>> =
        ours.documents.iter().filter_map(|tree| tree.root()).filter(|root| !root.is_null()).collect();
    if ours.len() != theirs.len() {
        return Some(format!("{} documents, but {} by serde_yaml", ours.len(), theirs.len()));
    }
    ours.iter().zip(&theirs).find_map(|(ours, theirs)| node_difference(*ours, theirs))
}

fn node_difference(ours: Yaml<'_>, theirs: &Value) -> Option<String> {
    let theirs = match theirs {
        Value::Tagged(tagged) => &tagged.value,
        theirs => theirs,
    };
    let unlike = || Some(format!("{:?} {:?}, but {theirs:?} by serde_yaml", ours.kind(), ours.raw_str()));
    match (ours.kind(), theirs) {
        (Kind::Sequence, Value::Sequence(items)) if items.len() == ours.items().len() => {
            ours.items().zip(items).find_map(|(ours, theirs)| node_difference(ours, theirs))
        }
        (Kind::Mapping, Value::Mapping(entries)) if entries.len() == ours.entries().len() => {
            ours.entries().zip(entries).find_map(|(ours, (key, value))| {
                node_difference(ours.key, key).or_else(|| node_difference(ours.value, value))
            })
        }
        (Kind::Scalar, Value::String(text)) => (ours.raw_str() != Some(text)).then(unlike).flatten(),
        (Kind::Scalar, Value::Null | Value::Bool(_) | Value::Number(_)) => match ours.scalar() {
            Some(Scalar::Str(_)) | None => unlike(),
            _ => None,
        },
        _ => unlike(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_documents_mean_the_same_to_both(value in document(), crlf in any::<bool>(), ended in any::<bool>()) {
        let text = render(&value, crlf, ended);
        prop_assert_eq!(read(&text).problems, []);
        if let Some(difference) = difference(&text) {
            prop_assert!(false, "{}\n{}\n{:?}", difference, text, text);
        }
    }
}

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let given = std::env::var_os("COMPOSELINT_CORPUS").map(PathBuf::from);
    given.or(Some(beside)).map(|root| root.join("compose")).filter(|root| root.is_dir())
}

fn yaml_files(directory: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            found.push(path);
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test and an exception are to be seen")]
fn real_files_mean_the_same_to_both() {
    let Some(root) = corpus() else {
        eprintln!("skipped: no corpus at COMPOSELINT_CORPUS or ../shared/corpus");
        return;
    };
    let mut files = Vec::new();
    yaml_files(&root, &mut files);
    files.sort();
    let mut differing = 0;
    for path in &files {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        if let Some(difference) = difference(&text) {
            eprintln!("{}: {difference}", path.display());
            differing += 1;
        }
        for tree in &read(&text).documents {
            crate::properties::check_spans(tree, &text);
        }
    }
    eprintln!("{} files, {differing} differ", files.len());
}
