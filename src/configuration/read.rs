//! From the text of a configuration to what it says.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::find::absolute;
use super::options::problem;
use super::{Configuration, ConfiguredProject, Level, Override, Pattern, Setting};
use crate::diagnostic::Severity;
use crate::fs::{FileSystem, ReadError};
use crate::lint::Selector;
use crate::nearest::nearest;
use crate::rule::Preset;
use crate::rules::{OPTIONS, RULES};
use crate::source::{Source, Sources, Span};
use crate::yaml::parse::{Problem, parse};
use crate::yaml::scalar::Scalar;
use crate::yaml::{Entry, Kind, Yaml};

/// The number of bytes that a configuration may have: 1 MiB.
const MAX_SIZE: u64 = 1 << 20;

/// The number of problems that are told.
const MAX_PROBLEMS: usize = 100;

/// The number of configurations that may extend one another.
const MAX_DEPTH: usize = 16;

const KEYS: &[&str] =
    &["extends", "preset", "rules", "overrides", "projects", "exclude", "fail-on", "baseline", "policies"];
const OVERRIDE_KEYS: &[&str] = &["files", "services", "rules"];
const PROJECT_KEYS: &[&str] = &["name", "files", "env-files", "profiles", "production"];
pub(super) const LEVELS: &[&str] = &["off", "info", "warning", "error"];
pub(super) const PRESETS: &[&str] = &["essential", "recommended", "strict"];

/// Reads configurations.
pub(super) struct Reader<'r> {
    pub(super) fs: &'r dyn FileSystem,
    pub(super) root: &'r Path,
    pub(super) sources: &'r Sources,
    pub(super) problems: &'r mut Vec<Problem>,
    pub(super) failures: &'r mut Vec<String>,
    /// The files that are being read, the first of which extends the second, and so on.
    pub(super) open: Vec<PathBuf>,
}

impl Reader<'_> {
    /// The configuration at `path`, whose patterns are relative to `directory`; `asked` is where another
    /// extends it. `None` if it cannot be read.
    pub(super) fn read(
        &mut self,
        path: &Path,
        directory: &Path,
        asked: Option<Span>,
    ) -> Option<Configuration> {
        let bytes = match self.fs.read(path, MAX_SIZE) {
            Ok(bytes) => bytes,
            Err(error) => {
                let shown = path.strip_prefix(self.root).unwrap_or(path);
                let message = match error {
                    ReadError::NotFound => format!("there is no file `{}`", shown.display()),
                    error => format!("`{}` cannot be read: {error}", shown.display()),
                };
                match asked {
                    Some(span) => self.problem(span, message, None),
                    None => self.failures.push(format!("cannot read the configuration: {message}")),
                }
                return None;
            }
        };
        let shown = path.strip_prefix(self.root).unwrap_or(path);
        let id = self.sources.add(Source::new(shown, bytes));
        let source = self.sources.get(id);
        if let Some(at) = source.invalid_utf8() {
            let span = Span::new(id, at as usize, at as usize + '\u{fffd}'.len_utf8());
            self.problem(span, "a byte that is not UTF-8", Some("save the file as UTF-8".into()));
            return None;
        }
        let parsed = parse(id, &source.shared_text());
        if !parsed.problems.is_empty() {
            self.problems.extend(parsed.problems);
            return None;
        }
        let mut configuration = Configuration { path: path.to_owned(), ..Configuration::default() };
        for tree in parsed.documents.iter().skip(1) {
            if let Some(root) = tree.root() {
                self.problem(
                    root.span(),
                    "a configuration is one document",
                    Some("remove the others".into()),
                );
            }
        }
        let Some(root) = parsed.documents.first().and_then(|tree| tree.root()) else {
            return Some(configuration);
        };
        self.open.push(path.to_owned());
        self.known(root, KEYS, "the configuration");
        if let Some(extends) = root.get("extends") {
            configuration = self.extended(extends, path).unwrap_or(configuration);
            configuration.path = path.to_owned();
        }
        if root.kind() == Kind::Mapping {
            self.sections(root, directory, path, &mut configuration);
        }
        self.open.pop();
        Some(configuration)
    }

    /// What `extends` names.
    fn extended(&mut self, value: Yaml<'_>, path: &Path) -> Option<Configuration> {
        let name = self.text(value, "extends")?;
        let base = path.parent().unwrap_or(Path::new(""));
        let target = absolute(base, Path::new(&name));
        if self.open.contains(&target) {
            let message = format!("`{name}` extends this configuration, so neither comes to an end");
            self.problem(value.span(), message, Some("remove one of the two `extends`".into()));
            return None;
        }
        if self.open.len() >= MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} configurations extend one another");
            self.problem(value.span(), message, None);
            return None;
        }
        let directory = target.parent().unwrap_or(Path::new("")).to_owned();
        self.read(&target, &directory, Some(value.span()))
    }

    fn sections(&mut self, root: Yaml<'_>, directory: &Path, path: &Path, configuration: &mut Configuration) {
        if let Some(value) = root.get("preset")
            && let Some(at) = self.word(value, "preset", PRESETS)
        {
            let preset = [Preset::Essential, Preset::Recommended, Preset::Strict][at];
            configuration.preset = Some((preset, value.span()));
        }
        if let Some(value) = root.get("fail-on")
            && let Some(at) = self.word(value, "fail-on", &LEVELS[1..])
        {
            let severity = [Severity::Info, Severity::Warning, Severity::Error][at];
            configuration.fail_on = Some((severity, value.span()));
        }
        if let Some(value) = root.get("baseline")
            && let Some(name) = self.text(value, "baseline")
        {
            let base = path.parent().unwrap_or(Path::new(""));
            configuration.baseline = Some((absolute(base, Path::new(&name)), value.span()));
        }
        if let Some(value) = root.get("rules") {
            let rules = self.rules(value);
            configuration.rules.extend(rules);
        }
        if let Some(value) = root.get("exclude") {
            let patterns = self.patterns(value, "exclude", directory);
            configuration.exclude.extend(patterns);
        }
        for item in root.get("overrides").map(|value| self.items(value, "overrides")).unwrap_or_default() {
            if !self.known(item, OVERRIDE_KEYS, "an override") {
                continue;
            }
            let files = item.get("files").map(|it| self.patterns(it, "files", directory)).unwrap_or_default();
            let services = item.get("services").map(|it| self.globs(it, "services")).unwrap_or_default();
            let Some(rules) = item.get("rules") else {
                self.problem(item.span(), "the override has no `rules`", Some("say what it changes".into()));
                continue;
            };
            if item.get("files").is_none() && item.get("services").is_none() {
                let help = "name `files` or `services`, or put the rules into `rules`";
                self.problem(item.span(), "the override is about all files and services", Some(help.into()));
            }
            let rules = self.rules(rules);
            configuration.overrides.push(Override { files, services, rules });
        }
        if let Some(value) = root.get("policies") {
            let base = path.parent().unwrap_or(Path::new("")).to_owned();
            for item in self.items(value, "policies") {
                let Some(name) = self.text(item, "policies") else { continue };
                let target = absolute(&base, Path::new(&name));
                if self.fs.kind(&target).is_none() {
                    let help = "name a directory with `.rego` files, relative to this file";
                    self.problem(item.span(), format!("there is nothing at `{name}`"), Some(help.into()));
                } else if !configuration.policies.iter().any(|(known, _)| *known == target) {
                    configuration.policies.push((target, item.span()));
                }
            }
        }
        if let Some(value) = root.get("projects") {
            let base = path.parent().unwrap_or(Path::new("")).to_owned();
            configuration.projects = self
                .items(value, "projects")
                .into_iter()
                .filter_map(|item| self.project(item, &base))
                .collect();
        }
    }

    fn project(&mut self, item: Yaml<'_>, base: &Path) -> Option<ConfiguredProject> {
        if !self.known(item, PROJECT_KEYS, "a project") {
            return None;
        }
        let texts = |reader: &mut Self, key: &str| -> Vec<String> {
            item.get(key).map(|value| reader.texts(value, key)).unwrap_or_default()
        };
        let paths = |names: Vec<String>| names.iter().map(|it| absolute(base, Path::new(it))).collect();
        let files = texts(self, "files");
        if files.is_empty() {
            let help = "list its Compose files in the order of merging";
            self.problem(item.span(), "the project has no `files`", Some(help.into()));
            return None;
        }
        let is_production = item.get("production").and_then(|value| {
            let answer = value.as_bool();
            if answer.is_none() {
                self.problem(value.span(), "`production` is neither true nor false", None);
            }
            answer
        });
        Some(ConfiguredProject {
            name: item.get("name").and_then(|value| self.text(value, "name")),
            files: paths(files),
            env_files: paths(texts(self, "env-files")),
            profiles: texts(self, "profiles"),
            is_production,
        })
    }

    /// The settings of a mapping from rules and categories.
    fn rules(&mut self, value: Yaml<'_>) -> Vec<Setting> {
        if !self.is_mapping(value, "rules") {
            return Vec::new();
        }
        value.entries().filter_map(|entry| self.setting(entry)).collect()
    }

    fn setting(&mut self, entry: Entry<'_>) -> Option<Setting> {
        let name = entry.name();
        let span = entry.key.span();
        let Some(selector) = Selector::parse(name).filter(|it| *it != Selector::All) else {
            if self.problems.len() >= MAX_PROBLEMS {
                return None;
            }
            let near = nearest(name, RULES.iter().flat_map(|(category, rule)| [rule.name, *category]));
            let help = near.map_or_else(
                || "name a rule or category that `composelint rules` lists".to_owned(),
                |near| format!("write `{near}`"),
            );
            self.problem(span, format!("`{name}` is no rule or category"), Some(help));
            return None;
        };
        let mut setting = Setting { selector, level: None, options: None, shown_options: None, span };
        match entry.value.kind() {
            Kind::Scalar => setting.level = Some(self.level(entry.value, name)?),
            Kind::Sequence => {
                let help = format!("write one of `{}`, or a mapping", LEVELS.join("`, `"));
                self.problem(entry.value.span(), format!("`{name}` is a list"), Some(help));
                return None;
            }
            Kind::Mapping => {
                if let Some(severity) = entry.value.get("severity") {
                    setting.level = Some(self.level(severity, "severity")?);
                }
                let mut others = entry.value.entries().filter(|it| it.name() != "severity");
                let first = others.next();
                let rule = match &setting.selector {
                    Selector::Rule(rule) => *rule,
                    _ => "",
                };
                match (OPTIONS.iter().find(|(of, _)| *of == rule), first) {
                    (Some((_, options)), Some(_)) => match (options.read)(entry.value) {
                        Ok((options, shown)) => {
                            setting.options = Some(options);
                            setting.shown_options = Some(shown);
                        }
                        Err(problem) => {
                            self.problems.push(problem);
                            return None;
                        }
                    },
                    (None, Some(first)) => {
                        let message = format!("`{name}` has no option `{}`", first.name());
                        self.problem(first.key.span(), message, Some("`severity` is all it takes".into()));
                        return None;
                    }
                    (_, None) => {}
                }
            }
        }
        Some(setting)
    }

    fn level(&mut self, value: Yaml<'_>, key: &str) -> Option<Level> {
        // What `off` is in YAML 1.1, and so in what some tools write.
        if value.scalar() == Some(Scalar::Bool(false)) {
            return Some(Level::Off);
        }
        let levels =
            [Level::Off, Level::On(Severity::Info), Level::On(Severity::Warning), Level::On(Severity::Error)];
        self.word(value, key, LEVELS).map(|at| levels[at])
    }

    /// The index of the word that the value is.
    fn word(&mut self, value: Yaml<'_>, key: &str, words: &[&str]) -> Option<usize> {
        let text = value.raw_str().unwrap_or_default();
        let at = words.iter().position(|word| *word == text);
        if at.is_none() {
            let near = nearest(text, words.iter().copied());
            let message = if value.kind() == Kind::Scalar && !text.is_empty() {
                format!("`{text}` is nothing that `{key}` can be")
            } else {
                format!("`{key}` is not one word")
            };
            let help = match near {
                Some(near) => format!("write `{near}`"),
                None => format!("write one of `{}`", words.join("`, `")),
            };
            self.problem(value.span(), message, Some(help));
        }
        at
    }

    fn text(&mut self, value: Yaml<'_>, key: &str) -> Option<String> {
        let text = value.raw_str().filter(|text| !text.is_empty() && !value.is_null());
        if text.is_none() {
            self.problem(value.span(), format!("`{key}` is no text"), None);
        }
        text.map(str::to_owned)
    }

    fn items<'t>(&mut self, value: Yaml<'t>, key: &str) -> Vec<Yaml<'t>> {
        if value.kind() != Kind::Sequence && !value.is_null() {
            let help = "write each item behind a dash on a line of its own";
            self.problem(value.span(), format!("`{key}` is no list"), Some(help.into()));
        }
        value.items().collect()
    }

    fn texts(&mut self, value: Yaml<'_>, key: &str) -> Vec<String> {
        self.items(value, key).into_iter().filter_map(|item| self.text(item, key)).collect()
    }

    fn patterns(&mut self, value: Yaml<'_>, key: &str, directory: &Path) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for item in self.items(value, key) {
            let Some(text) = self.text(item, key) else { continue };
            let bare = text.trim_start_matches("./").trim_end_matches('/');
            let Some(matcher) = self.glob(bare.trim_start_matches('/'), item.span()) else { continue };
            let is_anchored = bare.contains('/');
            patterns.push(Pattern { text, directory: directory.to_owned(), is_anchored, matcher });
        }
        patterns
    }

    fn globs(&mut self, value: Yaml<'_>, key: &str) -> Vec<GlobMatcher> {
        let items = self.items(value, key);
        let text = |reader: &mut Self, item: Yaml<'_>| reader.text(item, key).map(|it| (it, item.span()));
        let texts: Vec<_> = items.into_iter().filter_map(|item| text(self, item)).collect();
        texts.into_iter().filter_map(|(text, span)| self.glob(&text, span)).collect()
    }

    fn glob(&mut self, text: &str, span: Span) -> Option<GlobMatcher> {
        match GlobBuilder::new(text).literal_separator(true).build() {
            Ok(glob) => Some(glob.compile_matcher()),
            Err(error) => {
                let message = format!("`{text}` is no pattern: {}", error.kind());
                self.problem(span, message, None);
                None
            }
        }
    }

    fn is_mapping(&mut self, value: Yaml<'_>, what: &str) -> bool {
        if value.kind() != Kind::Mapping && !value.is_null() {
            let help = "write `key: value` on lines of their own";
            self.problem(value.span(), format!("`{what}` is no mapping"), Some(help.into()));
        }
        value.kind() == Kind::Mapping
    }

    /// Whether it is a mapping; reports keys that are none of `keys`, and those that stand twice.
    fn known(&mut self, value: Yaml<'_>, keys: &[&str], what: &str) -> bool {
        if value.kind() != Kind::Mapping {
            let help = "write `key: value` on lines of their own";
            self.problem(value.span(), format!("{what} is no mapping"), Some(help.into()));
            return false;
        }
        let mut seen: Vec<&str> = Vec::new();
        for entry in value.entries() {
            let name = entry.name();
            if !keys.contains(&name) {
                let help = match nearest(name, keys.iter().copied()) {
                    Some(near) => format!("write `{near}`"),
                    None => format!("its keys are `{}`", keys.join("`, `")),
                };
                self.problem(entry.key.span(), format!("{what} has no key `{name}`"), Some(help));
            } else if seen.contains(&name) {
                let help = "put the two together";
                self.problem(entry.key.span(), format!("`{name}` stands here twice"), Some(help.into()));
            } else {
                seen.push(name);
            }
        }
        true
    }

    fn problem(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem(span, message.into(), help));
        }
    }
}
