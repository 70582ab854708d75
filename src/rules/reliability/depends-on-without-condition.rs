//! `depends-on-without-condition`: a service does not wait until what it needs is healthy.

use crate::compose::service::{Health, Service};
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::yaml::edit::line_start;
use crate::yaml::{Style, Yaml};

pub static RULE: Rule = Rule {
    name: "depends-on-without-condition",
    summary: "a service starts without waiting until what it needs is healthy",
    since: "0.1.0",
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/reliability/depends-on-without-condition.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let dependencies = service.depends_on();
    if !dependencies.iter().any(|it| it.is_short) {
        return;
    }
    let health = |name: &str| service.project().service(name).map(|target| (target, target.health()));
    let mut fix = None;
    for dependency in dependencies {
        let Some((target, health)) = health(dependency.name.value) else { continue };
        let (span, why) = match health {
            Health::Declared => {
                let span = target.healthcheck().map(|own| own.entry.key.span());
                (span, "its health is checked here")
            }
            Health::Built => {
                let instruction = target.stage().and_then(|stage| stage.healthcheck());
                (instruction.map(|instruction| instruction.span), "its health is checked here")
            }
            Health::Shipped => (target.get("image").map(Yaml::span), "this image checks its health"),
            Health::Disabled(_) | Health::Missing | Health::Unknown => continue,
        };
        let name = dependency.name.value;
        let fix = fix.get_or_insert_with(|| long_form(service)).clone();
        let finding = cx
            .report(
                dependency.name.span,
                format!("`{name}` is awaited only until it starts, not until it is healthy"),
            )
            .help("write the long form with `condition: service_healthy`")
            .fix(fix);
        if let Some(span) = span {
            finding.label(span, why);
        }
    }
}

/// The condition that fits the dependency `name`.
fn condition(service: Service<'_>, name: &str) -> &'static str {
    match service.project().service(name).map(Service::health) {
        Some(Health::Declared | Health::Built | Health::Shipped) => "service_healthy",
        _ => "service_started",
    }
}

/// The fix that writes the whole list in the long form. `None` where the text does not allow it.
fn long_form(service: Service<'_>) -> Option<Fix> {
    let entry = service.entry("depends_on")?;
    let list = entry.value;
    let source = list.span().source;
    let text = list.tree().text(source)?;
    let is_plain = |yaml: Yaml<'_>| {
        yaml.span().source == source
            && !yaml.is_alias()
            && !yaml.is_shared()
            && yaml.anchor().is_none()
            && yaml.tag().is_none()
    };
    let is_item = |item: Yaml<'_>| {
        let is_flow = matches!(item.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
        is_plain(item) && is_flow && item.as_str().is_some() && item.interpolation().is_none()
    };
    if !is_plain(entry.key) || !is_plain(list) || !list.items().all(is_item) {
        return None;
    }
    // A name given twice would be a key given twice.
    let mut names: Vec<&str> = list.items().filter_map(Yaml::as_str).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    let edits = match list.style() {
        Style::Block => of_block(service, entry.key, list, text)?,
        _ => of_flow(service, entry.key, list, text)?,
    };
    let title = "write the long form with conditions".into();
    Some(Fix { title, applicability: Applicability::Unsafe, edits })
}

/// The offset of the line break, or of the end of the text, behind `at`, and the line break.
fn line_end(text: &str, at: usize) -> (usize, &str) {
    let end = text[at..].find(['\n', '\r']).map_or(text.len(), |newline| at + newline);
    (end, if text[end..].starts_with("\r\n") { "\r\n" } else { "\n" })
}

/// The number of spaces before the byte at `at`, if there is nothing else.
fn indent(text: &str, at: usize) -> Option<usize> {
    let before = &text[line_start(text, at)..at];
    before.bytes().all(|byte| byte == b' ').then_some(before.len())
}

/// Turns the dashes into keys, and writes a line with the condition below each.
fn of_block(service: Service<'_>, key: Yaml<'_>, list: Yaml<'_>, text: &str) -> Option<Vec<Edit>> {
    let source = list.span().source;
    let key_indent = indent(text, key.span().start as usize)?;
    let mut edits = Vec::new();
    for item in list.items() {
        let (start, end) = (item.span().start as usize, item.span().end as usize);
        let dash = text[..start].trim_end_matches([' ', '\t']).len().checked_sub(1)?;
        let dash_indent = indent(text, dash).filter(|_| text[dash..].starts_with('-'))?;
        let step = if dash_indent > key_indent { dash_indent - key_indent } else { 2 };
        let indent = key_indent + step;
        let (line_end, newline) = line_end(text, end);
        let behind = &text[end..line_end];
        if !(behind.trim().is_empty() || behind.trim_start().starts_with('#')) {
            return None;
        }
        let condition = condition(service, item.as_str()?);
        edits.push(Edit {
            span: Span::new(source, dash, end),
            text: format!("{}{}:", " ".repeat(indent - dash_indent), &text[start..end]),
        });
        edits.push(Edit {
            span: Span::new(source, line_end, line_end),
            text: format!("{newline}{}condition: {condition}", " ".repeat(indent + step)),
        });
    }
    Some(edits)
}

/// Writes the list below its key if it is alone on one line, else in place.
fn of_flow(service: Service<'_>, key: Yaml<'_>, list: Yaml<'_>, text: &str) -> Option<Vec<Edit>> {
    let source = list.span().source;
    let range = list.span().range();
    let written = text.get(range.clone())?;
    if !(written.starts_with('[') && written.ends_with(']')) {
        return None;
    }
    let (end, newline) = line_end(text, range.end);
    let between = &text[key.span().end as usize..range.start];
    if let Some(key_indent) = indent(text, key.span().start as usize)
        && !written.contains(['\n', '\r', '#'])
        && !between.contains(['\n', '\r', '#'])
        && text[range.end..end].trim().is_empty()
    {
        let step = key_indent.checked_sub(service_indent(service, text)?).filter(|step| *step > 0)?;
        let (name, condition_indent) = (" ".repeat(key_indent + step), " ".repeat(key_indent + 2 * step));
        let mut long = String::new();
        for item in list.items() {
            let condition = condition(service, item.as_str()?);
            let item = &text[item.span().range()];
            long += &format!("{newline}{name}{item}:{newline}{condition_indent}condition: {condition}");
        }
        let colon = key.span().end as usize + between.find(':')? + 1;
        return Some(vec![Edit { span: Span::new(source, colon, range.end), text: long }]);
    }
    let mut edits = vec![Edit { span: Span::new(source, range.start, range.start + 1), text: "{".into() }];
    for item in list.items() {
        let condition = condition(service, item.as_str()?);
        let end = item.span().end as usize;
        let text = format!(": {{condition: {condition}}}");
        edits.push(Edit { span: Span::new(source, end, end), text });
    }
    edits.push(Edit { span: Span::new(source, range.end - 1, range.end), text: "}".into() });
    Some(edits)
}

/// The indentation of the service's name.
fn service_indent(service: Service<'_>, text: &str) -> Option<usize> {
    let span = service.key().span();
    let entry = service.entry("depends_on")?;
    (span.source == entry.key.span().source).then_some(())?;
    indent(text, span.start as usize)
}
