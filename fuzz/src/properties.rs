//! What holds for any bytes. A property panics where it does not hold.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use composelint::compose::cpus::Cpus;
use composelint::compose::device::Device;
use composelint::compose::dotenv::{DotEnv, DotEnvValue};
use composelint::compose::duration::Duration;
use composelint::compose::env_entry::EnvEntry;
use composelint::compose::extra_hosts::ExtraHost;
use composelint::compose::file::Workspace;
use composelint::compose::image::ImageReference;
use composelint::compose::interpolate::{Lookup, Part, Resolution, Template};
use composelint::compose::merge::merge as merge_trees;
use composelint::compose::mount::Mount;
use composelint::compose::port::{Port, PortRange};
use composelint::compose::size::Size;
use composelint::configuration::Configurations;
use composelint::configuration::show::show;
use composelint::diagnostic::{Applicability, Severity};
use composelint::discover::discover;
use composelint::dockerfile::Dockerfile;
use composelint::fs::{FileSystem, Memory};
use composelint::lint::{self, Request, Selection, Selector};
use composelint::mend;
use composelint::output::{self, Format};
use composelint::report::Report;
use composelint::shell::{self, Script, Token};
use composelint::source::{Source, SourceId, SourceMap, Sources, Span};
use composelint::suppress::insert;
use composelint::yaml::expand::expand;
use composelint::yaml::parse::parse;
use composelint::yaml::scalar::{Scalar, cast_bool, resolve};
use composelint::yaml::{Style, Tree};

/// A property's name and the property.
pub type Property = (&'static str, fn(&[u8]));

/// All properties, by name.
pub const ALL: &[Property] = &[
    ("configuration", configuration),
    ("dockerfile", dockerfile),
    ("dotenv", dotenv),
    ("fixes", fixes),
    ("interpolation", interpolation),
    ("merge", merge),
    ("run", run),
    ("scalar", scalar),
    ("shell", shell),
    ("short", short),
    ("suppressions", suppressions),
    ("yaml", yaml),
];

/// What separates the files of a project that is one text: a line with this and the file's name.
pub const FILE_MARK: &str = "=== ";

/// The names that the files of such a project may have; the first is that of the text before any mark.
pub const NAMES: &[&str] = &[
    "compose.yaml",
    "compose.override.yaml",
    "compose.prod.yaml",
    "part.yaml",
    "Dockerfile",
    ".env",
    "app.env",
    ".dockerignore",
    ".composelint.yaml",
];

/// The text of a file of these bytes, and the file.
fn text_of(bytes: &[u8]) -> (Sources, SourceId, Arc<str>) {
    let sources = Sources::new();
    let id = sources.add(Source::new("file", bytes.to_vec()));
    let text = sources.get(id).shared_text();
    (sources, id, text)
}

#[track_caller]
fn in_text(span: Span, text: &str) {
    assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} is not in {text:?}");
}

#[track_caller]
fn in_sources(span: Span, sources: &Sources) {
    in_text(span, sources.get(span.source).text());
}

fn spans_of_tree(tree: &Tree, text: &str) {
    for node in tree.nodes() {
        in_text(node.span(), text);
        for property in [node.tag(), node.anchor()].into_iter().flatten() {
            in_text(property.span, text);
        }
        let Some(value) = node.raw_str() else { continue };
        let map = node.raw_map();
        assert!(map.is_empty() || map.len() == value.len(), "the map of {value:?} in {text:?}");
        for (at, c) in value.char_indices().take(64) {
            in_text(node.part(at..at + c.len_utf8()), text);
        }
    }
    for comment in tree.comments() {
        in_text(comment.span, text);
    }
}

/// Every place of a tree is in its text, also once aliases are expanded; so are the problems.
pub fn yaml(bytes: &[u8]) {
    let (_sources, id, text) = text_of(bytes);
    let parsed = parse(id, &text);
    for problem in &parsed.problems {
        in_text(problem.span, &text);
        assert!(!problem.message.is_empty());
        if let Some((span, _)) = &problem.label {
            in_text(*span, &text);
        }
    }
    for tree in &parsed.documents {
        spans_of_tree(tree, &text);
        let (expanded, _) = expand(tree, &mut |_| None);
        assert!(expanded.nodes().all(|node| !node.is_alias()), "an alias is left in {text:?}");
        spans_of_tree(&expanded, &text);
    }
}

/// A scalar has one meaning, which its text can be told from.
pub fn scalar(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for style in [Style::Plain, Style::SingleQuoted, Style::DoubleQuoted, Style::Literal, Style::Folded] {
        for tag in [None, Some("!!str"), Some("!!int"), Some("!!float"), Some("!!bool"), Some("!x")] {
            match resolve(&text, style, tag) {
                Scalar::Str(value) | Scalar::Timestamp(value) => assert_eq!(value, text),
                Scalar::Int(value) => {
                    // A whole number is the one that its decimal digits say.
                    let again = value.to_string();
                    assert_eq!(resolve(&again, Style::Plain, None), Scalar::Int(value), "{text:?}");
                }
                Scalar::Float(_) => assert!(!text.is_empty()),
                Scalar::Bool(value) => assert_eq!(cast_bool(&text), Some(value), "{text:?}"),
                Scalar::Null => assert!(text.len() <= 4, "{text:?}"),
            }
        }
    }
}

/// Every short syntax has its parts in the text, or says which part of it is wrong.
pub fn short(bytes: &[u8]) {
    let (_sources, id, text) = text_of(bytes);
    let map = SourceMap::verbatim(Span::new(id, 0, text.len()));
    let wrong = |error: composelint::compose::syntax::SyntaxError| {
        assert!(!error.message.is_empty());
        if let Some(span) = error.span {
            in_text(span, &text);
        }
    };
    let part = |part: Option<composelint::source::Spanned<&str>>| {
        if let Some(part) = part {
            assert_eq!(text.get(part.span.range()), Some(part.value), "{text:?}");
        }
    };
    match Port::parse(&text, &map) {
        Ok(port) => {
            in_text(port.span, &text);
            in_text(port.target.span, &text);
            part(port.host_ip_text);
            if let Some(published) = port.published {
                in_text(published.span, &text);
            }
            assert!(port.expand().len() <= 65_536, "{text:?}");
        }
        Err(error) => wrong(error),
    }
    if let Some(range) = PortRange::parse(&text) {
        assert!(range.count() >= 1, "{text:?}");
    }
    match Mount::parse(&text, &map) {
        Ok(mount) => {
            in_text(mount.span, &text);
            part(mount.source);
            part(mount.target);
            for option in &mount.options {
                in_text(option.span, &text);
            }
            let _ = (mount.is_read_only(), mount.propagation(), mount.selinux());
            if let Some(target) = mount.clean_target() {
                assert_eq!(composelint::compose::mount::clean_path(&target), target, "{text:?}");
            }
        }
        Err(error) => wrong(error),
    }
    match ImageReference::parse(&text, &map) {
        Ok(image) => {
            in_text(image.span, &text);
            [Some(image.name), image.registry, Some(image.repository), image.tag, image.digest]
                .into_iter()
                .for_each(part);
            assert!(!image.familiar_name().is_empty(), "{text:?}");
            let _ = composelint::compose::service::known(&image);
        }
        Err(error) => wrong(error),
    }
    match Device::parse(&text, &map) {
        Ok(device) => [Some(device.source), device.target, device.permissions].into_iter().for_each(part),
        Err(error) => wrong(error),
    }
    match EnvEntry::parse(&text, &map) {
        Ok(entry) => [Some(entry.key), entry.value].into_iter().for_each(part),
        Err(error) => wrong(error),
    }
    match ExtraHost::parse(&text, &map) {
        Ok(host) => [host.host].into_iter().chain(host.addresses).map(Some).for_each(part),
        Err(error) => wrong(error),
    }
    match Duration::parse(&text, &map) {
        Ok(duration) => assert!(duration.seconds().is_finite(), "{text:?}"),
        Err(error) => wrong(error),
    }
    Size::parse(&text, &map).map_or_else(wrong, |_| ());
    match Cpus::parse(&text, &map) {
        Ok(cpus) => assert!(!cpus.count.is_nan(), "{text:?}"),
        Err(error) => wrong(error),
    }
}

/// What the fuzzer's variables are.
fn lookup(name: &str) -> Lookup<'static> {
    match name.as_bytes().first() {
        Some(b'a'..=b'd' | b'A'..=b'D') => Lookup::Value { text: "va$lue".into(), span: None },
        Some(b'u' | b'U') => Lookup::Unknown,
        Some(b'e' | b'E') => Lookup::Value { text: "".into(), span: None },
        _ => Lookup::Unset,
    }
}

/// The parts of a template are the text, and what it resolves to has a place for every byte.
pub fn interpolation(bytes: &[u8]) {
    let (_sources, id, text) = text_of(bytes);
    let map = SourceMap::verbatim(Span::new(id, 0, text.len()));
    match Template::parse(&text, &map) {
        Ok(template) => {
            let mut at = 0;
            for part in &template.parts {
                let range = match part {
                    Part::Literal(range) | Part::Escaped(range) => range,
                    Part::Variable(variable) => &variable.range,
                };
                assert_eq!(range.start, at, "{text:?}");
                at = range.end;
            }
            assert_eq!(at, text.len(), "{text:?}");
            for variable in template.variables() {
                in_text(variable.span, &text);
                assert_eq!(text.get(variable.name.span.range()), Some(variable.name.value), "{text:?}");
                if let Some(argument) = &variable.argument {
                    assert_eq!(text.get(argument.span.range()), Some(argument.value), "{text:?}");
                }
            }
            for error in template.nested_errors() {
                error.span.into_iter().for_each(|span| in_text(span, &text));
            }
            match template.resolve(&lookup) {
                Resolution::Known(resolved) => {
                    assert_eq!(resolved.map.len(), resolved.text.len(), "{text:?}");
                    resolved.blanks.iter().for_each(|blank| in_text(blank.span, &text));
                }
                Resolution::Missing(missing) => in_text(missing.name.span, &text),
                Resolution::Invalid(error) => error.span.into_iter().for_each(|span| in_text(span, &text)),
                Resolution::Unknown | Resolution::TooLong => {}
            }
        }
        Err(error) => error.span.into_iter().for_each(|span| in_text(span, &text)),
    }
}

/// The entries of a dotenv file are in it, in both formats.
pub fn dotenv(bytes: &[u8]) {
    let (_sources, id, text) = text_of(bytes);
    let map = SourceMap::verbatim(Span::new(id, 0, text.len()));
    for file in [DotEnv::parse(&text, &map, &lookup), DotEnv::parse_raw(&text, &map, &lookup)] {
        for entry in &file.entries {
            in_text(entry.key.span, &text);
            // A name alone at the end of the file is the value of a variable without a name.
            let key = text.get(entry.key.span.range());
            assert!(key == Some(entry.key.value) || entry.key.value.is_empty(), "{text:?}");
            if let Some(written) = &entry.written {
                assert_eq!(text.get(written.span.range()), Some(written.value), "{text:?}");
            }
            if let DotEnvValue::Known(resolved) = &entry.value {
                assert_eq!(Some(resolved.text.as_str()), entry.text());
            }
        }
        if let Some(error) = &file.error {
            assert!(!error.to_string().is_empty());
            error.span.into_iter().for_each(|span| in_text(span, &text));
        }
    }
}

/// Two files merged point into the two; nothing merged onto nothing is as it was.
pub fn merge(bytes: &[u8]) {
    let files = files_of(bytes);
    let sources = Sources::new();
    let mut trees = Vec::new();
    for (path, bytes) in files.iter().take(2) {
        let id = sources.add(Source::new(path, bytes.clone()));
        let parsed = parse(id, &sources.get(id).shared_text());
        let Some(document) = parsed.documents.first() else { return };
        trees.push(expand(document, &mut |_| None).0);
    }
    let [base, rest @ ..] = trees.as_slice() else { return };
    let (alone, clashes) = merge_trees(None, base);
    assert!(clashes.is_empty());
    assert!(alone.len() <= base.len(), "nothing is added by merging onto nothing");
    let over = rest.first().unwrap_or(base);
    let (merged, clashes) = merge_trees(Some(&alone), over);
    for node in merged.nodes() {
        in_sources(node.span(), &sources);
    }
    for clash in clashes {
        in_sources(clash.base, &sources);
        in_sources(clash.over, &sources);
    }
}

/// A Dockerfile is read to its end, and all that is said of it is in it.
pub fn dockerfile(bytes: &[u8]) {
    let (_sources, id, text) = text_of(bytes);
    let map = SourceMap::verbatim(Span::new(id, 0, text.len()));
    let file = Dockerfile::parse(&text, &map);
    let mut end = 0;
    for instruction in file.instructions() {
        in_text(instruction.span, &text);
        assert!(instruction.span.start >= end, "instructions overlap in {text:?}");
        end = instruction.span.end;
        in_text(instruction.name.span, &text);
        for word in instruction.words() {
            in_text(word.span, &text);
        }
        for flag in &instruction.flags {
            in_text(flag.span, &text);
        }
        instruction.empty_continuations.iter().for_each(|span| in_text(*span, &text));
        let _ = (instruction.script_text(), instruction.from_references());
    }
    for error in file.errors() {
        in_text(error.span, &text);
        assert!(!error.message.is_empty());
    }
    for comment in file.comments() {
        in_text(comment.span, &text);
    }
    for stage in file.stages() {
        let _ = (stage.base(), stage.user(), stage.workdir(), stage.env("PATH"), stage.ports());
        assert!(stage.chain().count() <= file.stages().count(), "{text:?}");
        assert!(stage.needed().len() <= file.stages().count(), "{text:?}");
    }
}

/// The pieces of a shell text are in it, in order.
pub fn shell(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let script = Script::parse(&text);
    let mut end = 0;
    for token in script.tokens() {
        let range = match token {
            Token::Word(word) => &word.range,
            Token::Operator(_, range) | Token::Comment(range) => range,
            Token::Redirection(redirection) => &redirection.range,
        };
        assert!(range.start >= end && text.get(range.clone()).is_some(), "{range:?} in {text:?}");
        end = range.end;
    }
    for command in script.all_commands() {
        for word in command.words.iter().chain(&command.assignments) {
            for part in &word.substitutions {
                assert!(part.start <= part.end, "{part:?} in {text:?}");
            }
        }
        let _ = (command.name(), command.program(), command.operator());
    }
    for command in script.commands() {
        assert!(text.get(command.range.clone()).is_some(), "{:?} in {text:?}", command.range);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(at) = shell::script_argument(&words) {
        assert!(at < words.len(), "{text:?}");
    }
}

/// The files of a project that is one text, see [`FILE_MARK`].
pub fn files_of(bytes: &[u8]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![(PathBuf::from(NAMES[0]), Vec::new())];
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(FILE_MARK.as_bytes()) {
            let name = String::from_utf8_lossy(name);
            let name = NAMES.iter().find(|known| **known == name.trim_end()).unwrap_or(&"part.yaml");
            files.push((PathBuf::from(name), Vec::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.extend_from_slice(line);
        }
    }
    if files.len() > 1 && files[0].1.is_empty() {
        files.remove(0);
    }
    files
}

fn memory(files: &[(PathBuf, Vec<u8>)]) -> Memory {
    let memory = Memory::new();
    for (path, bytes) in files {
        memory.insert(path, bytes.clone());
    }
    memory
}

/// All rules over what is there, with the configuration if there is a sound one.
fn request(fs: &Memory) -> Request {
    let mut found = discover(fs, &Workspace::new(fs), &[PathBuf::from(".")], false);
    let configuration = Path::new(".composelint.yaml");
    let mut configurations = Configurations::default();
    if fs.kind(configuration).is_some() {
        let read = Configurations::only(fs, Path::new(""), configuration);
        if read.problems.is_empty() && read.failures.is_empty() {
            configurations = read.configurations;
            configurations.apply(&mut found, &[PathBuf::from(".")]);
        }
    }
    Request {
        deployments: found.deployments,
        dockerfiles: found.dockerfiles,
        failures: found.failures,
        selection: Selection { preset: None, select: vec![Selector::All], ignore: Vec::new() },
        configurations,
        ..Request::default()
    }
}

/// What holds for every report: no rule failed, and all places are in their files.
fn check_report(report: &Report) {
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    for diagnostic in &report.diagnostics {
        in_sources(diagnostic.span, &report.sources);
        // A line break in the user's words is made harmless where the message is written.
        assert!(!diagnostic.message.is_empty());
        for label in &diagnostic.labels {
            in_sources(label.span, &report.sources);
        }
        for edit in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
            in_sources(edit.span, &report.sources);
        }
    }
    for (source, ranges) in &report.secrets {
        let source = report.sources.get(*source);
        for range in ranges {
            assert!(source.text().get(range.clone()).is_some(), "{range:?} of a secret");
        }
    }
}

fn print(report: &Report, format: Format) -> Vec<u8> {
    let options = output::Options {
        color: false,
        unicode: true,
        width: 80,
        quiet: false,
        root: None,
        fail_on: Severity::Warning,
        category: |rule| rule.category(),
    };
    let mut out = Vec::new();
    output::render(report, format, &options, &mut out).expect("a vector can be written to");
    out
}

/// A run over any files ends with a report that every format can say.
pub fn run(bytes: &[u8]) {
    let files = files_of(bytes);
    let fs = memory(&files);
    let request = request(&fs);
    let report = lint::check(&fs, &request);
    check_report(&report);
    for format in [
        Format::Text,
        Format::Concise,
        Format::Json,
        Format::JsonLines,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Checkstyle,
        Format::Rdjson,
        Format::Markdown,
    ] {
        let printed = String::from_utf8(print(&report, format)).expect("what is printed is UTF-8");
        let escapes = |c: char| c.is_control() && c != '\n';
        assert!(!printed.contains(escapes), "{format:?} has a control character: {printed:?}");
    }
}

/// A comment that silences is where it is said to be, and what `--add-ignore` writes silences.
pub fn suppressions(bytes: &[u8]) {
    let files = files_of(bytes);
    let fs = memory(&files);
    let request = request(&fs);
    let report = lint::check(&fs, &request);
    check_report(&report);
    for by in report.diagnostics.iter().filter_map(|it| it.suppressed_by.as_ref()) {
        in_sources(by.span, &report.sources);
    }
    let plan = insert::plan(&fs, &request, &report, Some("known"), &|_| {});
    let failures = plan.write(&fs);
    assert!(failures.is_empty(), "{failures:?}");
    check_report(&lint::check(&fs, &request));
}

/// A configuration is taken or what is wrong with it is in it.
pub fn configuration(bytes: &[u8]) {
    let fs = Memory::new();
    fs.insert(".composelint.yaml", bytes.to_vec());
    let found = Configurations::only(&fs, Path::new(""), Path::new(".composelint.yaml"));
    for problem in &found.problems {
        in_sources(problem.span, &found.sources);
        assert!(!problem.message.is_empty());
    }
    let sound = found.problems.is_empty() && found.failures.is_empty();
    let shown =
        show(&found.configurations, &found.sources, Path::new("compose.yaml"), &Selection::default(), true);
    assert!(!sound || !shown.is_empty());
    print(&found.into_report(), Format::Text);
}

/// What is fixed parses as before and is fixed once and for all.
pub fn fixes(bytes: &[u8]) {
    let files = files_of(bytes);
    for applicability in [Applicability::Safe, Applicability::Unsafe] {
        let fs = memory(&files);
        let request = request(&fs);
        let report = lint::check(&fs, &request);
        check_report(&report);
        let plan = mend::plan(&fs, &request, &report, &mend::Options::up_to(applicability));
        assert!(plan.failures.is_empty(), "{:?}", plan.failures);
        for change in &plan.changes {
            assert_ne!(change.original, change.text);
            assert!(change.diff(&report).starts_with("--- "));
        }
        let written = plan.write(&fs);
        assert!(written.failures.is_empty(), "{:?}", written.failures);
        if plan.changes.is_empty() {
            continue;
        }
        let again = lint::check(&fs, &request);
        check_report(&again);
        let errors =
            |report: &Report| report.diagnostics.iter().filter(|it| it.severity == Severity::Error).count();
        assert!(errors(&again) <= errors(&report), "fixing adds errors");
        let second = mend::plan(&fs, &request, &again, &mend::Options::up_to(applicability));
        assert!(second.changes.is_empty(), "a second run changes {:?}", second.changes);
    }
}
