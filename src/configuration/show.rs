//! What holds for a file, and which line of which configuration says so.

use std::fmt::Write as _;
use std::path::Path;

use super::{Configuration, Configurations, Level};
use crate::lint::{Selection, Selector};
use crate::rule::Preset;
use crate::rules::RULES;
use crate::source::{Sources, Span};

/// The settings for `file` as YAML, each with the place that it comes from behind it. The words of the
/// command line are among them.
pub fn show(
    configurations: &Configurations,
    sources: &Sources,
    file: &Path,
    selection: &Selection,
    is_preset_open: bool,
) -> String {
    let mut text = String::new();
    let mut line = |what: String, why: &str| {
        writeln!(text, "{what}  # {why}").expect("a string takes all");
    };
    let configuration = configurations.of(file);
    let none = Configuration::default();
    let said = configuration.map_or(&none, |it| it);
    let place = |span: Span| {
        let source = sources.get(span.source);
        format!("{}:{}", source.path().display(), source.position(span.start).line)
    };
    match configuration {
        Some(it) => {
            let path = it.path.strip_prefix(&configurations.root).unwrap_or(&it.path);
            line(format!("# {}", file.display()), &format!("configured by {}", path.display()));
        }
        None => line(format!("# {}", file.display()), "configured by nothing"),
    }
    let name = |preset: Preset| match preset {
        Preset::Essential => "essential",
        Preset::Recommended => "recommended",
        Preset::Strict | Preset::Style | Preset::Configured => "strict",
    };
    match (selection.preset, said.preset) {
        (Some(_), Some((preset, span))) if is_preset_open => {
            line(format!("preset: {}", name(preset)), &place(span));
        }
        (Some(preset), _) => {
            let why = if is_preset_open { "default" } else { "--preset" };
            line(format!("preset: {}", name(preset)), why);
        }
        (None, _) => line("preset: none".to_owned(), "--select without --preset"),
    }
    match said.fail_on {
        Some((severity, span)) => line(format!("fail-on: {}", severity.name()), &place(span)),
        None => line("fail-on: warning".to_owned(), "default"),
    }
    if let Some((path, span)) = &said.baseline {
        let path = path.strip_prefix(&configurations.root).unwrap_or(path);
        line(format!("baseline: {}", path.display()), &place(*span));
    }
    if !said.policies.is_empty() {
        writeln!(text, "policies:").expect("a string takes all");
        for (policies, span) in &said.policies {
            let shown = policies.strip_prefix(&configurations.root).unwrap_or(policies);
            writeln!(text, "  - {}  # {}", shown.display(), place(*span)).expect("a string takes all");
        }
    }
    text.push_str("rules:\n");
    let path = configurations.absolute(file);
    for (category, rule) in RULES {
        let decided = said.decided(category, rule, &path, None);
        let effect = match configuration {
            Some(it) => it.effect((category, rule), (&path, None), selection, is_preset_open),
            None => configurations.effect((category, rule), (&path, None), selection, is_preset_open),
        };
        let by_words = selection.by_words(category, rule);
        let origin = match (by_words, decided.is_on, decided.severity) {
            (Some(true), _, _) => "--select".to_owned(),
            (Some(false), _, _) => "--ignore".to_owned(),
            (None, Some((_, setting)), None) | (None, _, Some((_, setting))) => place(setting.span),
            (None, None, None) => "preset".to_owned(),
        };
        let Some(effect) = effect else {
            // What no preset and nobody asks for is not listed.
            if by_words == Some(false) || matches!(decided.is_on, Some((false, _))) {
                let origin = decided.is_on.filter(|_| by_words.is_none());
                let origin = origin.map_or_else(|| "--ignore".to_owned(), |(_, it)| place(it.span));
                writeln!(text, "  {}: off  # {origin}", rule.name).expect("a string takes all");
            }
            continue;
        };
        let severity = effect.severity.unwrap_or(rule.severity).name();
        match decided.options.and_then(|setting| Some((setting, setting.shown_options.as_ref()?))) {
            None => writeln!(text, "  {}: {severity}  # {origin}", rule.name),
            Some((setting, options)) => {
                writeln!(text, "  {}:\n    severity: {severity}  # {origin}", rule.name)
                    .expect("a string takes all");
                for (key, value) in options.as_object().into_iter().flatten() {
                    writeln!(text, "    {key}: {value}  # {}", place(setting.span))
                        .expect("a string takes all");
                }
                Ok(())
            }
        }
        .expect("a string takes all");
    }
    for setting in &said.rules {
        let name = match &setting.selector {
            Selector::Rule(name) if crate::policy::name(name).is_some() => name,
            Selector::Category(name) if name == crate::policy::CATEGORY => name.as_str(),
            _ => continue,
        };
        let level = setting.level.map_or("on", Level::name);
        writeln!(text, "  {name}: {level}  # {}", place(setting.span)).expect("a string takes all");
    }
    let services: Vec<&str> = said
        .overrides
        .iter()
        .filter(|it| !it.services.is_empty() && it.files.iter().all(|pattern| pattern.is_match(&path)))
        .filter_map(|it| it.rules.first())
        .map(|_| "# an override changes more for some services\n")
        .take(1)
        .collect();
    text.push_str(&services.concat());
    text
}
