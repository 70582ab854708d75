//! The text-level parsers against the reference corpus: what compose-go answered to its own tests.
//!
//! The corpus is `$COMPOSELINT_CORPUS`, or `../shared/corpus` from the package; without it, there is
//! nothing to check.

#![expect(clippy::print_stderr, reason = "a test says what it skips")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use composelint::compose::dotenv::{DotEnv, DotEnvValue};
use composelint::compose::extra_hosts::ExtraHost;
use composelint::compose::interpolate::{Lookup, Resolution, Template};
use composelint::compose::merge::merge;
use composelint::compose::mount::{Mount, MountKind};
use composelint::compose::port::Port;
use composelint::source::{Source, SourceMap, Sources, Span};
use composelint::yaml::expand::expand;
use composelint::yaml::parse::parse;
use composelint::yaml::scalar::Scalar;
use composelint::yaml::{Kind, Tree};
use serde_json::Value;
use serde_yaml::Value as Yaml;

/// The lines of a vector file; `None`, said aloud, without the corpus.
fn vectors(name: &str) -> Option<Vec<Value>> {
    let corpus = std::env::var_os("COMPOSELINT_CORPUS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    let path = corpus.join("vectors").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect())
}

/// Checks every line; the answer is `Ok(Some(reason))` for one that is skipped.
fn check_all(name: &str, check: impl Fn(&Value) -> Result<Option<&'static str>, String>) {
    let Some(lines) = vectors(name) else { return };
    let (mut passed, mut failures) = (0, Vec::new());
    for line in &lines {
        let id = line["id"].as_str().expect("a line has an id");
        match check(line) {
            Ok(None) => passed += 1,
            Ok(Some(reason)) => eprintln!("skipped: {id}: {reason}"),
            Err(failure) => failures.push(format!("{id}: {failure}")),
        }
    }
    eprintln!("{name}: {passed} of {} passed", lines.len());
    assert!(failures.is_empty(), "{name}:\n{}", failures.join("\n"));
}

/// The map of a text that is a file of its own.
fn map_of(text: &str) -> SourceMap {
    let id = Sources::new().add(Source::new("text", text.as_bytes().to_vec()));
    SourceMap::verbatim(Span::new(id, 0, text.len()))
}

fn yaml(text: &str) -> Yaml {
    serde_yaml::from_str(text).expect("the text is YAML")
}

fn string<'v>(line: &'v Value, key: &str) -> Option<&'v str> {
    line[key].as_str()
}

/// Compares an answer with the expected one: equal values, or an error where one is expected.
fn compare<T: PartialEq + std::fmt::Debug>(
    answer: Result<T, String>,
    expected: Option<T>,
) -> Result<Option<&'static str>, String> {
    match (answer, expected) {
        (Ok(answer), Some(expected)) if answer == expected => Ok(None),
        (Err(_), None) => Ok(None),
        (answer, expected) => Err(format!("{answer:?}, not {expected:?}")),
    }
}

// --- short syntaxes ---------------------------------------------------------------------------

fn mapping<const N: usize>(entries: [(&str, Option<Yaml>); N]) -> Yaml {
    Yaml::Mapping(entries.into_iter().filter_map(|(key, value)| Some((Yaml::from(key), value?))).collect())
}

fn ports(text: &str) -> Result<Vec<Yaml>, String> {
    let map = map_of(text);
    let port = Port::parse(text, &map).map_err(|error| error.to_string())?;
    let entry = |port: composelint::compose::port::SinglePort<'_>| {
        mapping([
            ("mode", Some("ingress".into())),
            ("host_ip", port.host_ip.map(Yaml::from)),
            ("target", Some(u64::from(port.target).into())),
            ("published", port.published.map(|range| range.to_string().into())),
            ("protocol", Some(port.protocol.name().into())),
        ])
    };
    Ok(port.expand().into_iter().map(entry).collect())
}

fn volume(text: &str) -> Result<Yaml, String> {
    let map = map_of(text);
    let mount = Mount::parse(text, &map).map_err(|error| error.to_string())?;
    let bind = mapping([
        ("propagation", mount.propagation().map(|it| it.value.into())),
        ("selinux", mount.selinux().map(|it| it.value.into())),
    ]);
    let volume = mapping([("nocopy", mount.is_nocopy().then(|| true.into()))]);
    let is_bind = mount.kind == MountKind::Bind;
    let has_bind = is_bind || mount.propagation().is_some() || mount.selinux().is_some();
    // The engine leaves the options of the kind out where the text is a target of one or two bytes.
    let has_volume = !is_bind && text.len() > 2 || mount.is_nocopy();
    Ok(mapping([
        ("type", Some(mount.kind.name().into())),
        ("source", mount.source.map(|it| it.value.into())),
        ("target", mount.target.map(|it| it.value.into())),
        ("read_only", mount.is_read_only().then(|| true.into())),
        ("bind", has_bind.then_some(bind)),
        ("volume", has_volume.then_some(volume)),
    ]))
}

fn extra_hosts(entries: &[Value]) -> Result<Yaml, String> {
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries {
        let text = entry.as_str().expect("an entry is a string");
        let host = ExtraHost::parse(text, &map_of(text)).map_err(|error| error.to_string())?;
        let addresses = host.addresses.iter().map(|address| address.value.to_owned());
        hosts.entry(host.host.value.to_owned()).or_default().extend(addresses);
    }
    serde_yaml::to_value(hosts).map_err(|error| error.to_string())
}

fn transform_ports(input: &Yaml) -> Result<Yaml, String> {
    let mut list = Vec::new();
    for entry in input.as_sequence().expect("the ports are a list") {
        match entry {
            Yaml::String(text) => list.extend(ports(text)?),
            Yaml::Number(_) => list.push(mapping([("target", Some(entry.clone()))])),
            _ => list.push(entry.clone()),
        }
    }
    Ok(Yaml::Sequence(list))
}

fn transform_env_file(input: &Yaml) -> Yaml {
    let entry = |entry: &Yaml| match entry {
        Yaml::String(_) => mapping([("path", Some(entry.clone())), ("required", Some(true.into()))]),
        other => other.clone(),
    };
    input.as_sequence().map_or_else(|| input.clone(), |list| Yaml::Sequence(list.iter().map(entry).collect()))
}

#[test]
fn short_syntaxes_are_read_as_the_engine_reads_them() {
    check_all("short.jsonl", |line| {
        let expected = string(line, "expected").map(yaml);
        let text = || string(line, "input").expect("the input is a string");
        let answer = match string(line, "kind").expect("a line has a kind") {
            "port" => ports(text()).map(Yaml::Sequence),
            "volume" => volume(text()),
            "extra_hosts" => extra_hosts(line["input"].as_array().expect("the input is a list")),
            "transformPorts" => {
                let input = yaml(text());
                match transform_ports(&input) {
                    Err(_) if line["ignore_parse_error"] == true => Ok(input),
                    answer => answer,
                }
            }
            // No text is parsed in these two: the short form is the path itself, and no form at all.
            "transformEnvFile" => Ok(transform_env_file(&yaml(text()))),
            "transformMaybeExternal" => Ok(yaml(text())),
            other => return Err(format!("{other} is not checked")),
        };
        compare(answer, expected)
    });
}

// --- interpolation ----------------------------------------------------------------------------

/// The environment of a line, which notes what it is asked in vain.
struct Environment {
    values: BTreeMap<String, String>,
    unset: RefCell<BTreeSet<String>>,
}

impl Environment {
    fn of(values: &Value) -> Self {
        let values = serde_json::from_value(values.clone()).unwrap_or_default();
        Self { values, unset: RefCell::default() }
    }

    fn lookup(&self, name: &str) -> Lookup<'_> {
        match self.values.get(name) {
            Some(value) => Lookup::Value { text: value.into(), span: None },
            None => {
                self.unset.borrow_mut().insert(name.to_owned());
                Lookup::Unset
            }
        }
    }

    /// Compares what was asked in vain with what the engine asked in vain.
    fn compare_unset(&self, line: &Value) -> Result<(), String> {
        let expected: BTreeSet<String> = serde_json::from_value(line["unset"].clone()).unwrap_or_default();
        let asked = self.unset.borrow();
        if *asked == expected { Ok(()) } else { Err(format!("asked for {asked:?}, not {expected:?}")) }
    }
}

/// The text that a template resolves to, or the engine's message.
fn substitute(text: &str, environment: &Environment) -> Result<String, String> {
    let map = map_of(text);
    let resolution = match Template::parse(text, &map) {
        Ok(template) => template.resolve(&|name| environment.lookup(name)),
        Err(error) => Resolution::Invalid(error),
    };
    match resolution {
        Resolution::Known(resolved) => {
            assert_eq!(resolved.map.len(), resolved.text.len());
            Ok(resolved.text)
        }
        Resolution::Missing(missing) => {
            let message = missing.message.expect("nothing is unknown");
            let separator = if message.is_empty() { "" } else { ": " };
            let name = missing.name.value;
            Err(format!("required variable {name} is missing a value{separator}{message}"))
        }
        Resolution::Invalid(_) => Err(format!("Invalid template: {text:?}")),
        other => Err(format!("{other:?}")),
    }
}

/// Compares texts, or messages to the letter.
fn compare_text(
    answer: Result<String, String>,
    line: &Value,
    prefix: &str,
) -> Result<Option<&'static str>, String> {
    let expected = match string(line, "error") {
        Some(error) => Err(error.to_owned()),
        None => Ok(string(line, "expected").expect("a line expects something").to_owned()),
    };
    let answer = answer.map_err(|error| format!("{prefix}{error}"));
    if answer == expected { Ok(None) } else { Err(format!("{answer:?}, not {expected:?}")) }
}

fn interpolate(value: &Yaml, path: &str, line: &Value, environment: &Environment) -> Result<Yaml, String> {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Yaml::String(text) => {
            let text = substitute(text, environment)
                .map_err(|error| format!("error while interpolating {path}: {error}"))?;
            let casts = line["casts"].as_array().expect("a line has casts");
            let field = path.rsplit('.').next().unwrap_or_default();
            let is_cast = casts.iter().any(|cast| cast.as_str() == Some(&format!("*.{field}")));
            Ok(if is_cast { yaml(&text) } else { text.into() })
        }
        Yaml::Sequence(list) => {
            let entry = |entry| interpolate(entry, &below("[]"), line, environment);
            Ok(Yaml::Sequence(list.iter().map(entry).collect::<Result<_, _>>()?))
        }
        Yaml::Mapping(entries) => {
            let entry = |(key, value): (&Yaml, &Yaml)| {
                let path = below(key.as_str().expect("a key is a string"));
                Ok((key.clone(), interpolate(value, &path, line, environment)?))
            };
            Ok(Yaml::Mapping(entries.iter().map(entry).collect::<Result<_, String>>()?))
        }
        other => Ok(other.clone()),
    }
}

/// What the engine says of a variable: its default, its alternative, and whether it is required.
type Facts = (String, String, bool);

fn collect_variables(value: &Yaml, variables: &mut BTreeMap<String, Facts>) {
    match value {
        Yaml::String(text) => {
            let map = map_of(text);
            let template = Template::parse(text, &map).expect("the template is valid");
            for variable in template.variables() {
                let facts = variables.entry(variable.name.value.to_owned()).or_default();
                let argument = variable.argument.map_or("", |argument| argument.value).to_owned();
                match variable.operator.map(|operator| operator.value) {
                    None => {}
                    Some(operator) if operator.is_required() => facts.2 = true,
                    Some(operator) if operator.is_default() => facts.0 = argument,
                    Some(_) => facts.1 = argument,
                }
            }
        }
        Yaml::Sequence(list) => list.iter().for_each(|entry| collect_variables(entry, variables)),
        Yaml::Mapping(entries) => entries.values().for_each(|entry| collect_variables(entry, variables)),
        _ => {}
    }
}

#[test]
fn templates_are_resolved_as_the_engine_resolves_them() {
    check_all("interpolation.jsonl", |line| {
        let environment = Environment::of(&line["env"]);
        let template = || string(line, "template").expect("a line has a template");
        let config = || yaml(string(line, "config").expect("a line has a configuration"));
        match string(line, "level").expect("a line has a level") {
            // In this one, a callback of the Go test makes up the text.
            "template" if line["custom_options"] == true && line["expected"] == "ok foobar" => {
                Ok(Some("the text comes from a callback of the test, not from the template"))
            }
            "template" => {
                compare_text(substitute(template(), &environment), line, "")?;
                environment.compare_unset(line)?;
                Ok(None)
            }
            "dotenv-expand" => compare_text(substitute(template(), &environment), line, ""),
            "tree" => {
                let answer = interpolate(&config(), "", line, &environment);
                match (answer, string(line, "error")) {
                    (Err(answer), Some(expected)) if answer == expected => Ok(None),
                    (Err(answer), Some(expected)) => Err(format!("{answer}, not {expected}")),
                    (answer, _) => compare(answer, string(line, "expected").map(yaml)),
                }
            }
            "variables" => {
                let mut variables = BTreeMap::new();
                collect_variables(&config(), &mut variables);
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let expected = line["expected"].as_object().expect("the variables are an object");
                let expected = expected.iter().map(|(name, facts)| {
                    let required = facts["Required"] == true;
                    let facts = (text(&facts["DefaultValue"]), text(&facts["PresenceValue"]), required);
                    (name.clone(), facts)
                });
                compare(Ok(variables), Some(expected.collect::<BTreeMap<_, Facts>>()))
            }
            other => Err(format!("{other} is not checked")),
        }
    });
}

// --- dotenv -----------------------------------------------------------------------------------

type Variables = BTreeMap<String, String>;

/// The variables of a dotenv file and the names that became blank.
fn read<'v>(
    text: &str,
    lookup: &dyn Fn(&str) -> Lookup<'v>,
    earlier: &dyn Fn(&str) -> Lookup<'v>,
) -> Result<(Variables, Vec<String>), String> {
    let map = map_of(text);
    let file = DotEnv::parse_after(text, &map, lookup, earlier);
    if let Some(error) = file.error {
        return Err(error.to_string());
    }
    let (mut values, mut blanks) = (BTreeMap::new(), Vec::new());
    for entry in file.entries {
        if let DotEnvValue::Known(value) = entry.value {
            blanks.extend(value.blanks.into_iter().map(|blank| blank.value));
            values.insert(entry.key.value.to_owned(), value.text);
        }
    }
    Ok((values, blanks))
}

#[test]
fn dotenv_files_are_read_as_the_engine_reads_them() {
    check_all("dotenv.jsonl", |line| {
        let function = string(line, "fn").expect("a line has a function");
        let environment = Environment::of(&line["env"]);
        let current = Environment::of(&line["current_env"]);
        let mut texts = Vec::from_iter(string(line, "text"));
        for file in line["files"].as_array().into_iter().flatten() {
            if !file["read_error"].is_null() {
                return Ok(Some("the error is that of reading a file that is not there or is none"));
            }
            texts.extend(string(file, "content"));
        }
        let mut values = Variables::new();
        let mut blanks = Vec::new();
        let mut answer = Ok(());
        for text in texts {
            let lookup = |name: &str| match function {
                "ParseWithLookup" | "ReadWithLookup" => environment.lookup(name),
                "GetEnvFromFile" => current.lookup(name),
                _ => Lookup::Unset,
            };
            let earlier = |name: &str| match values.get(name) {
                Some(text) if function == "GetEnvFromFile" => Lookup::Value { text: text.into(), span: None },
                _ => Lookup::Unset,
            };
            match read(text, &lookup, &earlier) {
                Ok((file, names)) => {
                    values.extend(file);
                    blanks.extend(names);
                }
                Err(error) => answer = Err(error),
            }
        }
        // These two functions, which Compose does not use, leave names that start with a digit out.
        if matches!(function, "Read" | "ReadWithLookup") {
            values.retain(|name, _| !name.trim_start().starts_with(|char: char| char.is_ascii_digit()));
        }
        let warn =
            |name: &String| format!("The \"{name}\" variable is not set. Defaulting to a blank string.");
        let warnings: Vec<String> = blanks.iter().map(warn).collect();
        let expected: Vec<String> = serde_json::from_value(line["warnings"].clone()).unwrap_or_default();
        if answer.is_ok() && warnings != expected {
            return Err(format!("warns {warnings:?}, not {expected:?}"));
        }
        if matches!(function, "ParseWithLookup" | "ReadWithLookup") {
            environment.compare_unset(line)?;
        }
        // `Load` answers only whether the files can be read.
        if function == "Load" {
            return if answer.is_ok() == line["error"].is_null() {
                Ok(None)
            } else {
                Err(format!("{answer:?}"))
            };
        }
        let expected = serde_json::from_value(line["expected"].clone()).expect("the variables are texts");
        compare(answer.map(|()| values), expected)
    });
}

// --- merging ----------------------------------------------------------------------------------

fn tree(text: &str) -> Tree {
    let sources = Sources::new();
    let id = sources.add(Source::new("text", text.as_bytes().to_vec()));
    let parsed = parse(id, &sources.get(id).shared_text());
    let document = parsed.documents.first().expect("the text is a document");
    expand(document, &mut |_| None).0
}

/// The value of a node.
fn value_of(node: composelint::yaml::Yaml<'_>) -> Yaml {
    match node.kind() {
        Kind::Scalar => match node.scalar().expect("nothing is unknown") {
            Scalar::Null => Yaml::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Int(value) => value.into(),
            Scalar::Float(value) => value.into(),
            Scalar::Str(text) | Scalar::Timestamp(text) => text.into(),
        },
        Kind::Sequence => Yaml::Sequence(node.items().map(value_of).collect()),
        Kind::Mapping => {
            let entry =
                |entry: composelint::yaml::Entry<'_>| (Yaml::from(entry.name()), value_of(entry.value));
            Yaml::Mapping(node.entries().map(entry).collect())
        }
    }
}

/// The text of a scalar as the engine writes it behind `KEY=`.
fn plain(value: &Yaml) -> String {
    value.as_str().map_or_else(
        || serde_yaml::to_string(value).expect("a scalar is YAML").trim_end().to_owned(),
        str::to_owned,
    )
}

/// One form for what has two: `KEY=value` lists become mappings of texts, lists of names mappings of
/// nothing, a single environment file or address a list.
fn normalised(value: Yaml, path: &[&str]) -> Yaml {
    let pair = |text: &str| match text.split_once('=') {
        Some((key, value)) => (key.into(), value.into()),
        None => (text.into(), Yaml::Null),
    };
    let is_pairs = matches!(
        path,
        ["services", _, "environment" | "labels" | "annotations" | "sysctls"]
            | ["services", _, "build", "args" | "labels" | "additional_contexts"]
            | ["services", _, "deploy", "labels"]
            | ["networks" | "volumes", _, "labels"]
    );
    let is_named = matches!(path, ["services", _, "networks" | "models" | "depends_on"]);
    match value {
        Yaml::Sequence(list) if is_pairs || is_named => {
            let text = |item: &Yaml| pair(item.as_str().expect("an item is a text"));
            Yaml::Mapping(list.iter().map(text).collect())
        }
        Yaml::Mapping(entries) if is_pairs => {
            let text = |value: Yaml| if value.is_null() { value } else { plain(&value).into() };
            Yaml::Mapping(entries.into_iter().map(|(key, value)| (key, text(value))).collect())
        }
        Yaml::Mapping(entries) => {
            let entry = |(key, value): (Yaml, Yaml)| {
                let name = key.as_str().unwrap_or_default().to_owned();
                let below: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
                let value = normalised(value, &below);
                (key, value)
            };
            Yaml::Mapping(entries.into_iter().map(entry).collect())
        }
        Yaml::String(_) if matches!(path, ["services", _, "env_file" | "dns" | "dns_search" | "tmpfs"]) => {
            Yaml::Sequence(vec![value])
        }
        other => other,
    }
}

/// What the engine adds when it loads a project, taken away, and the short mount of the vectors in
/// its long form.
fn unadorned(mut value: Yaml) -> Yaml {
    let name = value.get("name").map(plain).unwrap_or_default();
    let Some(project) = value.as_mapping_mut() else { return value };
    project.retain(|key, value| key == "name" || !value.as_mapping().is_some_and(|it| it.is_empty()));
    if let Some(Yaml::Mapping(networks)) = project.get_mut("networks") {
        for (key, network) in networks.iter_mut() {
            let scoped = format!("{name}_{}", plain(key));
            if network.get("name").map(plain) == Some(scoped) {
                network.as_mapping_mut().expect("it has a key").remove("name");
            }
        }
        networks.remove("default");
    }
    let services = project.get_mut("services").and_then(Yaml::as_mapping_mut);
    for (_, service) in services.into_iter().flat_map(|it| it.iter_mut()) {
        let Some(service) = service.as_mapping_mut() else { continue };
        if let Some(Yaml::Mapping(networks)) = service.get_mut("networks") {
            networks.remove("default");
        }
        for mount in service.get_mut("volumes").and_then(Yaml::as_sequence_mut).into_iter().flatten() {
            if let Some(text) = mount.as_str() {
                *mount = volume(text).expect("the mount is valid");
            }
            let mount = mount.as_mapping_mut().expect("a mount is a mapping");
            let source = mount.get("source").map(plain).unwrap_or_default();
            mount.insert("source".into(), source.trim_start_matches("./").into());
        }
        service.retain(|_, value| !value.as_mapping().is_some_and(|it| it.is_empty()));
    }
    project.retain(|_, value| !value.as_mapping().is_some_and(|it| it.is_empty()));
    value
}

#[test]
fn files_are_merged_as_the_engine_merges_them() {
    check_all("merge.jsonl", |line| {
        let field = |name: &str| string(line, name);
        let (base, over, expected) = match field("level").expect("a line has a level") {
            "merge" | "Merge" => (field("base"), field("override"), field("expected")),
            "unicity" => (None, field("input"), field("expected")),
            "loader" => (field("base"), field("override"), field("expected_project")),
            other => return Err(format!("{other} is not checked")),
        };
        let base = base.map(|text| merge(None, &tree(text)).0);
        let (merged, clashes) = merge(base.as_ref(), &tree(over.expect("something is merged")));
        assert_eq!(clashes, []);
        let answer = normalised(merged.root().map_or(Yaml::Null, value_of), &[]);
        let expected = normalised(yaml(expected.expect("something is expected")), &[]);
        if line["level"] == "loader" {
            return compare(Ok(unadorned(answer)), Some(unadorned(expected)));
        }
        compare(Ok(answer), Some(expected))
    });
}
