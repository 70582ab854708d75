//! The checker and a validator of JSON Schema accept the same documents.

use std::path::{Path, PathBuf};

use composelint::schema;
use composelint::source::{Source, SourceMap, Sources};
use composelint::yaml::expand::{Interpolated, expand};
use composelint::yaml::parse::parse;
use composelint::yaml::scalar::Scalar;
use composelint::yaml::{Interpolation, Kind, Tree, Yaml};
use serde_json::{Map, Number, Value, json};

/// The number of documents that are changed at random.
const MUTATIONS: usize = 10_000;

/// What a format takes: what the checker takes, and any text with a variable.
fn takes(format: &str, text: &str) -> bool {
    text.contains('$') || schema::is_of_format(format, text).expect("the format is known")
}

fn validator() -> jsonschema::Validator {
    let mut options = jsonschema::options().should_validate_formats(true);
    for format in schema::formats() {
        options = options.with_format(format, move |text: &str| takes(format, text));
    }
    options.build(&super::schema()).expect("the schema is one")
}

/// Takes every text with a `$` for one that nobody knows.
fn unknown(scalar: Yaml<'_>) -> Option<Interpolated> {
    let interpolation =
        Interpolation { raw: scalar.raw_str()?.into(), raw_map: scalar.raw_map(), map: SourceMap::empty() };
    Some((interpolation, None))
}

/// The documents of a text, if it has no error, with aliases resolved.
fn documents(text: &str) -> Vec<Tree> {
    let parsed = parse(Sources::new().add(Source::new("compose.yaml", Vec::new())), &text.into());
    if !parsed.problems.is_empty() {
        return Vec::new();
    }
    let whole = |document| {
        let (tree, refusal) = expand(document, &mut unknown);
        (refusal.is_none() && document.duplicates().is_empty()).then_some(tree)
    };
    parsed.documents.iter().filter_map(whole).collect()
}

/// The value as JSON, without what it resets; `None` if it has keys that are no texts. `texts` numbers
/// the texts with variables, so that no two are the same.
fn to_json(yaml: Yaml<'_>, texts: &mut usize) -> Option<Value> {
    let is_reset = |yaml: Yaml<'_>| yaml.tag().is_some_and(|tag| &*tag.name == "!reset");
    Some(match yaml.kind() {
        Kind::Mapping => {
            let mut object = Map::new();
            for entry in yaml.entries() {
                if !matches!(entry.key.scalar(), None | Some(Scalar::Str(_)))
                    || entry.key.kind() != Kind::Scalar
                {
                    return None;
                }
                if !is_reset(entry.value) {
                    object.insert(entry.name().to_owned(), to_json(entry.value, texts)?);
                }
            }
            Value::Object(object)
        }
        Kind::Sequence => {
            let items = yaml.items().filter(|item| !is_reset(*item));
            Value::Array(items.map(|item| to_json(item, texts)).collect::<Option<_>>()?)
        }
        Kind::Scalar => match yaml.scalar() {
            None => {
                *texts += 1;
                Value::String(format!("{}${{N{texts}}}", yaml.raw_str().unwrap_or_default()))
            }
            Some(Scalar::Null) => Value::Null,
            Some(Scalar::Bool(value)) => Value::Bool(value),
            Some(Scalar::Int(number)) => Value::Number(number.into()),
            // What JSON has no number for stands for a fraction.
            Some(Scalar::Float(number)) => Value::Number(Number::from_f64(number).or(Number::from_f64(0.5))?),
            Some(Scalar::Timestamp(text) | Scalar::Str(text)) => Value::String(text.to_owned()),
        },
    })
}

/// Asserts that both accept or both refuse; says whether they accept.
fn assert_agreement(validator: &jsonschema::Validator, tree: &Tree, value: &Value, from: &str) -> bool {
    let violations = schema::check(tree);
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(
        violations.is_empty(),
        errors.is_empty(),
        "{from}: the checker says {:#?}, the validator {errors:#?}, of\n{value:#}",
        violations.iter().map(|it| &it.message).collect::<Vec<_>>()
    );
    errors.is_empty()
}

/// Asserts that each violation is about something in the text, says what, and helps.
fn assert_well_said(tree: &Tree, text: &str) {
    for violation in schema::check(tree) {
        let covered = text.get(violation.span.range());
        assert!(covered.is_some_and(|covered| !covered.is_empty()), "{violation:?} of {text}");
        let message = &violation.message;
        assert!(
            !message.is_empty() && !message.ends_with('.') && message.len() < 500,
            "{violation:?} of {text}"
        );
        assert!(
            violation.help.is_some_and(|help| !help.is_empty() && help.len() < 500),
            "{message} of {text}"
        );
    }
}

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, extensions, found);
        } else if path.extension().is_some_and(|it| extensions.iter().any(|extension| it == *extension)) {
            found.push(path);
        }
    }
}

/// The texts to judge: the fixtures, the examples of all pages, and the reference corpus if it is
/// beside the project.
fn texts() -> Vec<(String, String)> {
    let root = super::root();
    let mut paths = Vec::new();
    collect(&root.join("fixtures"), &["yml", "yaml"], &mut paths);
    collect(&root.join("../shared/corpus/compose"), &["yml", "yaml"], &mut paths);
    let read = |path: &PathBuf| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?));
    let mut texts: Vec<(String, String)> = paths.iter().filter_map(read).collect();
    let mut pages = Vec::new();
    collect(&root.join("rules"), &["md"], &mut pages);
    collect(&root.join("docs"), &["md"], &mut pages);
    for (name, page) in pages.iter().filter_map(read) {
        let blocks =
            page.split("```yaml").skip(1).filter_map(|rest| rest.split_once('\n')?.1.split("```").next());
        texts.extend(blocks.map(|block| (name.clone(), block.to_owned())));
    }
    texts
}

/// Every document with what it is as JSON.
fn all() -> Vec<(String, Tree, Value)> {
    let mut all = Vec::new();
    for (from, text) in texts() {
        for tree in documents(&text) {
            let value = tree.root().filter(|root| !root.is_null()).and_then(|root| to_json(root, &mut 0));
            if let Some(value) = value {
                all.push((from.clone(), tree, value));
            }
        }
    }
    all
}

#[test]
fn the_checker_and_a_validator_agree_about_every_file() {
    let validator = validator();
    let all = all();
    let accepted =
        all.iter().filter(|(from, tree, value)| assert_agreement(&validator, tree, value, from)).count();
    assert!(accepted > 100, "{accepted} of {} documents are accepted", all.len());
    assert!(accepted < all.len(), "some are refused");
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }

    fn pick<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.roll(values.len())]
    }
}

/// The number of values in a value.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(object) => object.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

/// The value with this number, in the order in which they are written.
fn nth<'v>(value: &'v mut Value, at: &mut usize) -> Option<&'v mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Object(object) => object.values_mut().find_map(|value| nth(value, at)),
        Value::Array(items) => items.iter_mut().find_map(|value| nth(value, at)),
        _ => None,
    }
}

const WORDS: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1",
    "1.5",
    "80",
    "8080:80",
    "65536",
    "127.0.0.1:80:80/udp",
    "::1",
    "10.0.0.1",
    "a:b:c:d",
    "30s",
    "1h30m",
    "30",
    "512m",
    "1.5 GiB",
    "0x10",
    "1e3",
    "inf",
    "true",
    "Yes",
    "off",
    "no",
    "always",
    "on-failure:3",
    "every_12h",
    "every_",
    "missing",
    "all",
    "CMD",
    "CMD-SHELL",
    "NONE",
    "linux/amd64",
    "amd64",
    "a/b/c/d",
    "nginx:1.27",
    "Nginx",
    "https://x/y",
    "name=value",
    "name =value",
    "=",
    "db:10.0.0.2",
    "0440",
    "0o7",
    "999",
    "x-y",
    "a b",
    "./a:/b:ro",
    "/dev/a:/dev/b",
    "service_healthy",
    "bind",
    "rebuild",
    "z",
    "${A}",
    "a${B}c",
    "sh -c \"x",
    "(",
    "\u{e9}\u{e0}",
    "na\u{ef}ve ",
    "\t",
    "a\nb",
    "9999999999999999999999",
];

const KEYS: &[&str] = &[
    "image",
    "build",
    "ports",
    "x-a",
    "x",
    "services",
    "condition",
    "test",
    "type",
    "target",
    "name",
    "external",
    "a b",
    "path",
    "\u{e9}",
    "${A}",
    "",
    "<<",
    "123",
];

fn random(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(dice.roll(2) == 0),
        2 => json!(*dice.pick(&[-2000_i64, -1, 0, 1, 2, 80, 101, 65536, 1 << 40])),
        3 => json!(*dice.pick(&[0.5, 1.0, -3.25, 100.5, 1e20])),
        4 | 5 => json!(dice.pick(WORDS)),
        6 => (0..dice.roll(3)).map(|_| random(dice, depth - 1)).collect(),
        _ => Value::Object(
            (0..dice.roll(3)).map(|_| ((*dice.pick(KEYS)).to_owned(), random(dice, depth - 1))).collect(),
        ),
    }
}

/// Changes one value, or a key of it.
fn mutate(value: &mut Value, dice: &mut Dice) {
    let mut at = dice.roll(size(value));
    let Some(chosen) = nth(value, &mut at) else { return };
    match (dice.roll(6), &mut *chosen) {
        (0, Value::Object(object)) => {
            object.insert((*dice.pick(KEYS)).to_owned(), random(dice, 2));
        }
        (1, Value::Object(object)) if !object.is_empty() => {
            let key = object.keys().nth(dice.roll(object.len())).cloned().unwrap_or_default();
            object.remove(&key);
        }
        (2, Value::Object(object)) if !object.is_empty() => {
            let key = object.keys().nth(dice.roll(object.len())).cloned().unwrap_or_default();
            let value = object.remove(&key).unwrap_or_default();
            let mut letters: Vec<char> = key.chars().collect();
            if letters.is_empty() || dice.roll(2) == 0 {
                letters.push(*dice.pick(&['s', 'x', '_', ' ']));
            } else {
                letters.remove(dice.roll(letters.len()));
            }
            object.insert(letters.into_iter().collect(), value);
        }
        (0, Value::Array(items)) => items.push(random(dice, 2)),
        (1, Value::Array(items)) if !items.is_empty() => items.push(items[dice.roll(items.len())].clone()),
        (0..=2, Value::String(text)) => {
            let mut letters: Vec<char> = text.chars().collect();
            let place = dice.roll(letters.len() + 1);
            if place < letters.len() && dice.roll(2) == 0 {
                letters.remove(place);
            } else {
                letters.insert(
                    place,
                    *dice.pick(&[':', '/', '=', ' ', '0', '9', 'a', 'Z', '.', '-', '"', '$', '{']),
                );
            }
            *text = letters.into_iter().collect();
        }
        (3, _) => *chosen = json!([chosen.take()]),
        (4, _) => *chosen = json!({ *dice.pick(KEYS): chosen.take() }),
        _ => *chosen = random(dice, 2),
    }
}

#[test]
fn the_checker_and_a_validator_agree_about_changed_files() {
    let validator = validator();
    let bases: Vec<(String, Value)> = all()
        .into_iter()
        .filter(|(_, _, value)| size(value) < 200)
        .map(|(from, _, value)| (from, value))
        .collect();
    let mut dice = Dice(0x5eed_c0de_ba5e_0001);
    let (mut judged, mut accepted) = (0, 0);
    while judged < MUTATIONS {
        let (from, base) = dice.pick(&bases).clone();
        let mut value = base;
        for _ in 0..=dice.roll(3) {
            mutate(&mut value, &mut dice);
        }
        // JSON is YAML.
        let text = value.to_string();
        let [tree] = documents(&text).try_into().unwrap_or_else(|_| [Tree::default()]);
        let Some(root) = tree.root().filter(|root| !root.is_null()) else { continue };
        let value = to_json(root, &mut 0).expect("keys in quotes are texts");
        assert_well_said(&tree, &text);
        accepted += usize::from(assert_agreement(&validator, &tree, &value, &from));
        judged += 1;
    }
    assert!(accepted > MUTATIONS / 20 && accepted < MUTATIONS, "{accepted} are accepted");
}
