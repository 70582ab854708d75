//! A second opinion: `serde_yaml`, which like the engine's YAML library is a port of libyaml.

use std::path::{Path, PathBuf};

use composelint::yaml::scalar::{Scalar, resolve};
use composelint::yaml::{Kind, Style, Yaml};
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
        .filter(|document| !document.as_ref().is_ok_and(|value| untagged(value).is_null()))
        .collect()
}

fn untagged(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) => &tagged.value,
        value => value,
    }
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
    let theirs = untagged(theirs);
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
    assert_eq!(differing, 0, "of {} files", files.len());
}

/// The value of a plain scalar to `serde_yaml`, in words.
fn second_word(text: &str) -> String {
    match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Null) => "null".into(),
        Ok(Value::Bool(value)) => format!("bool {value}"),
        Ok(Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => format!("int {value}"),
            (None, Some(value)) => format!("float {value}"),
            (None, None) => "number".into(),
        },
        Ok(Value::String(_)) => "text".into(),
        other => format!("{other:?}"),
    }
}

/// The same to us.
fn word(text: &str) -> String {
    match resolve(text, Style::Plain, None) {
        Scalar::Null => "null".into(),
        Scalar::Bool(value) => format!("bool {value}"),
        Scalar::Int(value) => format!("int {value}"),
        Scalar::Float(value) => format!("float {value}"),
        Scalar::Timestamp(_) => "timestamp".into(),
        Scalar::Str(_) => "text".into(),
    }
}

#[test]
fn most_plain_scalars_mean_the_same_to_both() {
    for text in [
        "~",
        "null",
        "Null",
        "NULL",
        "nULL",
        "none",
        "nil",
        "true",
        "True",
        "TRUE",
        "tRUE",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "0",
        "1",
        "-1",
        "+1",
        "-0",
        "12345",
        "0x1F",
        "-0x1f",
        "0o17",
        "0b101",
        "0xg",
        "0o8",
        "0b2",
        "0x",
        "0o",
        "0b",
        "1.5",
        "-1.5",
        "+1.5",
        ".5",
        "-.5",
        "5.",
        "1e3",
        "1E-3",
        "1.5e+3",
        "1e",
        "e1",
        ".",
        "+",
        "..",
        "1.2.3",
        "1.",
        ".inf",
        "-.inf",
        "+.inf",
        ".Inf",
        ".INF",
        ".iNF",
        "inf",
        ".nan",
        ".NaN",
        "nan",
        "22:22",
        "1:2:3",
        "10m",
        "5s",
        "1_",
        "_1",
        "a1",
        "1a",
        "--1",
        "+-1",
        "1-2",
        "0.0",
        "00.5",
        "9223372036854775807",
        "-9223372036854775808",
        "80:80",
        "127.0.0.1",
        "3.8",
        "1,000",
        "1 2",
        "<<",
        "=",
        "0xFFFFFFFF",
        "18446744073709551615",
    ] {
        if !DIFFERENT.iter().any(|(different, ..)| *different == text) {
            assert_eq!(word(text), second_word(text), "{text}");
        }
    }
}

/// Scalars that the engine's library reads otherwise than `serde_yaml`, with its value, the other's
/// and the reason.
const DIFFERENT: &[(&str, &str, &str, &str)] = &[
    ("0777", "int 511", "text", "a leading zero makes an octal number, as in YAML 1.1"),
    ("-0777", "int -511", "text", "the same with a sign"),
    ("08", "float 8", "text", "no octal number, but a decimal of any form is a float"),
    ("00", "int 0", "text", "an octal zero"),
    ("1_000", "int 1000", "text", "underscores separate digits"),
    ("0x_1F", "int 31", "text", "after a prefix too"),
    ("1_000.5", "float 1000.5", "text", "and in floats"),
    ("1_", "int 1", "text", "wherever they stand behind a digit"),
    ("0X1F", "int 31", "text", "prefixes may be upper case"),
    ("0B11", "int 3", "text", "prefixes may be upper case"),
    ("2024-01-01", "timestamp", "text", "dates have a type of their own"),
    ("2024-01-01T10:00:00Z", "timestamp", "text", "dates have a type of their own"),
];

#[test]
fn some_plain_scalars_mean_what_the_engine_makes_of_them() {
    for (text, ours, theirs, reason) in DIFFERENT {
        assert_eq!(word(text), *ours, "{text}: {reason}");
        assert_eq!(second_word(text), *theirs, "{text}: {reason}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_mean_the_same_to_both(text in "[+-]?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?") {
        prop_assert_eq!(word(&text), second_word(&text));
    }

    #[test]
    fn words_mean_the_same_to_both(text in "[a-zA-Z~][a-zA-Z.]{0,5}|[.][a-zA-Z]{1,5}") {
        prop_assert_eq!(word(&text), second_word(&text));
    }
}
