//! The configuration file: which rules run, how severe they are, and what they are told.
//!
//! The nearest `.composelint.yaml` upwards from a file is the one that holds for it, whole: nothing is
//! merged unless it says `extends`.

mod apply;
mod find;
pub mod init;
pub mod options;
mod read;
pub mod schema;
pub mod show;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobMatcher;

use crate::diagnostic::Severity;
use crate::lint::{Selection, Selector};
use crate::rule::{Preset, Rule};
use crate::source::Span;

pub use find::{FILE_NAMES, Found};

/// What a configuration says of a rule or category.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What it is about.
    pub selector: Selector,
    /// How severe it is; `None` if that is left as it is.
    pub level: Option<Level>,
    /// What the rule is told.
    pub options: Option<Arc<dyn Any + Send + Sync>>,
    /// The options as JSON, to show them.
    pub shown_options: Option<serde_json::Value>,
    /// The key.
    pub span: Span,
}

/// Whether a rule runs, and with which severity.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Level {
    /// It does not.
    Off,
    /// It does.
    On(Severity),
}

impl Level {
    /// The word that says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On(severity) => severity.name(),
        }
    }
}

/// A pattern for paths.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As it is written.
    pub text: String,
    /// The directory that it is relative to.
    directory: PathBuf,
    /// Whether it names a path, and not only a file or directory anywhere.
    is_anchored: bool,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Whether the file, or a directory that it is in, is meant. The path is absolute.
    fn is_match(&self, path: &Path) -> bool {
        let Ok(relative) = path.strip_prefix(&self.directory) else { return false };
        relative.ancestors().filter(|it| !it.as_os_str().is_empty()).any(|path| {
            let name = if self.is_anchored { Some(path.as_os_str()) } else { path.file_name() };
            name.is_some_and(|name| self.matcher.is_match(name))
        })
    }
}

/// Settings for some files and services.
#[derive(Clone, Debug)]
pub struct Override {
    /// The files; all of them if empty.
    pub files: Vec<Pattern>,
    /// The services, as patterns; all findings, also those about no service, if empty.
    pub services: Vec<GlobMatcher>,
    /// What holds for them.
    pub rules: Vec<Setting>,
}

impl Override {
    fn is_match(&self, path: &Path, service: Option<&str>) -> bool {
        (self.files.is_empty() || self.files.iter().any(|pattern| pattern.is_match(path)))
            && (self.services.is_empty()
                || service.is_some_and(|name| self.services.iter().any(|glob| glob.is_match(name))))
    }
}

/// A deployment that the configuration says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConfiguredProject {
    /// The project's name.
    pub name: Option<String>,
    /// The Compose files in the order of merging, absolute.
    pub files: Vec<PathBuf>,
    /// The files of variables, absolute.
    pub env_files: Vec<PathBuf>,
    /// The profiles that are switched on.
    pub profiles: Vec<String>,
    /// Whether it is what ships; `None` if that is not said.
    pub is_production: Option<bool>,
}

/// A configuration with what it extends.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The file.
    pub path: PathBuf,
    /// The base of the rules.
    pub preset: Option<(Preset, Span)>,
    /// The settings for all files; of two for one rule the later holds.
    pub rules: Vec<Setting>,
    /// The settings for some files, of which later ones win.
    pub overrides: Vec<Override>,
    /// The deployments.
    pub projects: Vec<ConfiguredProject>,
    /// What is not looked for.
    pub exclude: Vec<Pattern>,
    /// The least severity that makes a run fail.
    pub fail_on: Option<(Severity, Span)>,
    /// The file of known findings, absolute.
    pub baseline: Option<(PathBuf, Span)>,
    /// The directories and files with policies, absolute, each with where it is named.
    pub policies: Vec<(PathBuf, Span)>,
}

/// What holds for a rule in one place.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Effect {
    /// The largest preset of which the rule's findings are wanted.
    pub preset: Preset,
    /// The severity of all of its findings; `None` leaves them as they are.
    pub severity: Option<Severity>,
}

impl Configuration {
    /// The layers of settings that hold for a file and a service, the last of which wins.
    fn layers<'c>(&'c self, path: &Path, service: Option<&str>) -> Vec<&'c [Setting]> {
        let mut layers = vec![self.rules.as_slice()];
        let fits = self.overrides.iter().filter(|it| it.is_match(path, service));
        layers.extend(fits.map(|it| it.rules.as_slice()));
        layers
    }

    /// The settings that decide on a rule, and whether it is switched on or off by name.
    pub fn decided<'c>(
        &'c self,
        category: &str,
        rule: &Rule,
        path: &Path,
        service: Option<&str>,
    ) -> Decided<'c> {
        let mut decided = Decided::default();
        for layer in self.layers(path, service) {
            decided.take(layer, category, rule);
        }
        decided
    }

    /// What holds for a rule; `None` if it does not run. The words of the command line win; `selection`
    /// has its preset, or the default one, which the configuration's replaces if `is_preset_open`.
    pub fn effect(
        &self,
        (category, rule): (&str, &'static Rule),
        (path, service): (&Path, Option<&str>),
        selection: &Selection,
        is_preset_open: bool,
    ) -> Option<Effect> {
        let decided = self.decided(category, rule, path, service);
        self.effect_of(&decided, category, rule, selection, is_preset_open)
    }

    fn effect_of(
        &self,
        decided: &Decided<'_>,
        category: &str,
        rule: &'static Rule,
        selection: &Selection,
        is_preset_open: bool,
    ) -> Option<Effect> {
        let severity = decided.severity.map(|(severity, _)| severity);
        match selection.by_words(category, rule) {
            Some(false) => return None,
            Some(true) => return Some(Effect { preset: Preset::Configured, severity }),
            None => {}
        }
        let base = match (selection.preset?, self.preset) {
            (_, Some((preset, _))) if is_preset_open => preset,
            (preset, _) => preset,
        };
        let is_in_preset = rule.preset <= base && rule.preset <= Preset::Strict;
        match decided.is_on.map(|(is_on, _)| is_on) {
            Some(false) => None,
            Some(true) if !is_in_preset => Some(Effect { preset: Preset::Configured, severity }),
            Some(true) => Some(Effect { preset: base, severity }),
            None => is_in_preset.then_some(Effect { preset: base, severity }),
        }
    }

    /// The effect with which the rule runs anywhere, the widest of all.
    fn widest(
        &self,
        category: &str,
        rule: &'static Rule,
        selection: &Selection,
        is_preset_open: bool,
    ) -> Option<Preset> {
        let mut decided = Decided::default();
        decided.take(&self.rules, category, rule);
        let mut widest = self.effect_of(&decided, category, rule, selection, is_preset_open);
        for settings in &self.overrides {
            let mut decided = decided.clone();
            decided.take(&settings.rules, category, rule);
            let effect = self.effect_of(&decided, category, rule, selection, is_preset_open);
            if effect.map(|it| it.preset) > widest.map(|it| it.preset) {
                widest = effect;
            }
        }
        widest.map(|effect| effect.preset)
    }

    /// What a rule is told; `None` if nothing.
    pub fn options(
        &self,
        category: &str,
        rule: &Rule,
        path: &Path,
        service: Option<&str>,
    ) -> Option<Arc<dyn Any + Send + Sync>> {
        self.decided(category, rule, path, service).options?.options.clone()
    }

    /// Whether the file is not to be looked for.
    pub fn excludes(&self, path: &Path) -> bool {
        self.exclude.iter().any(|pattern| pattern.is_match(path))
    }
}

/// What the settings of a configuration say of one rule, each with the setting that says it.
#[derive(Clone, Debug, Default)]
pub struct Decided<'c> {
    /// Whether it is switched on or off.
    pub is_on: Option<(bool, &'c Setting)>,
    /// Its severity.
    pub severity: Option<(Severity, &'c Setting)>,
    /// Its options.
    pub options: Option<&'c Setting>,
}

impl<'c> Decided<'c> {
    /// Takes a layer in: what it says of the rule, else what it says of the category.
    fn take(&mut self, layer: &'c [Setting], category: &str, rule: &Rule) {
        let of_category =
            layer.iter().rfind(|it| matches!(&it.selector, Selector::Category(name) if name == category));
        let of_rule =
            layer.iter().rfind(|it| matches!(it.selector, Selector::Rule(name) if name == rule.name));
        for (setting, is_rule) in
            of_category.map(|it| (it, false)).into_iter().chain(of_rule.map(|it| (it, true)))
        {
            match setting.level {
                Some(Level::Off) => self.is_on = Some((false, setting)),
                Some(Level::On(severity)) => {
                    self.severity = Some((severity, setting));
                    if is_rule {
                        self.is_on = Some((true, setting));
                    }
                }
                None if is_rule => self.is_on = Some((true, setting)),
                None => {}
            }
            if setting.options.is_some() {
                self.options = Some(setting);
            }
        }
    }
}

/// The configurations of a run.
#[derive(Clone, Debug, Default)]
pub struct Configurations {
    /// The directory that relative paths are in.
    root: PathBuf,
    /// The configuration of each directory that has one.
    by_directory: HashMap<PathBuf, Arc<Configuration>>,
    /// The one that holds for all files.
    only: Option<Arc<Configuration>>,
}

impl Configurations {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.only.is_none() && self.by_directory.is_empty()
    }

    /// All of them, by path.
    pub fn all(&self) -> Vec<&Arc<Configuration>> {
        let mut all: Vec<_> = self.by_directory.values().chain(&self.only).collect();
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all
    }

    /// The path as the configurations know it.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        find::absolute(&self.root, path)
    }

    /// The configuration for a file or directory; `None` if there is none.
    pub fn of(&self, path: &Path) -> Option<&Arc<Configuration>> {
        if self.only.is_some() {
            return self.only.as_ref();
        }
        if self.by_directory.is_empty() {
            return None;
        }
        self.absolute(path).ancestors().find_map(|directory| self.by_directory.get(directory))
    }

    /// What holds for a rule in a place; `None` if it does not run there.
    pub fn effect(
        &self,
        rule: (&str, &'static Rule),
        (path, service): (&Path, Option<&str>),
        selection: &Selection,
        is_preset_open: bool,
    ) -> Option<Effect> {
        match self.of(path) {
            Some(it) => it.effect(rule, (&self.absolute(path), service), selection, is_preset_open),
            None => selection.preset_of(rule.0, rule.1).map(|preset| Effect { preset, severity: None }),
        }
    }

    /// The largest preset of which the rule's findings are wanted in any file.
    pub fn widest(
        &self,
        category: &str,
        rule: &'static Rule,
        selection: &Selection,
        is_preset_open: bool,
    ) -> Option<Preset> {
        let plain = if self.only.is_some() { None } else { selection.preset_of(category, rule) };
        let of_each = self.all().into_iter().map(|it| it.widest(category, rule, selection, is_preset_open));
        of_each.fold(plain, Option::max)
    }
}
