//! `label-form`: a label that tools cannot read.

use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Pair};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "label-form",
    summary: "the name or the value of a label has not the form that tools read",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/label-form.md"),
    equivalents: &[
        "hadolint:DL3048",
        "hadolint:DL3051",
        "hadolint:DL3052",
        "hadolint:DL3053",
        "hadolint:DL3054",
        "hadolint:DL3055",
        "hadolint:DL3056",
        "hadolint:DL3058",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// The names of the annotations that the OCI image specification defines.
const OCI: &str = "org.opencontainers.image.";
/// The starts of names that Docker keeps for itself.
const RESERVED: &[&str] = &["com.docker.", "io.docker.", "org.dockerproject."];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            for pair in instruction.pairs().iter().filter(|_| instruction.keyword == Keyword::Label) {
                let Some(key) = pair.key.literal().or_else(|| key_with_dollar(pair)) else { continue };
                if let Some(fault) = fault_of_key(&key) {
                    cx.report(pair.key.span, format!("the label `{key}` {fault}"))
                        .stage(part.name())
                        .help("use lower-case letters, digits, and single dots and hyphens between them")
                        .equivalents(&["hadolint:DL3048"]);
                }
                let value = pair.value.as_ref().filter(|value| value.variables.is_empty());
                let Some((text, word)) = value.and_then(|word| Some((word.literal()?, word))) else {
                    continue;
                };
                if let Some((fault, equivalent)) = fault_of_value(&key, text.trim()) {
                    cx.report(
                        if word.span.is_empty() { pair.span } else { word.span },
                        format!("`{key}` {fault}"),
                    )
                    .stage(part.name())
                    .help("write it as the specification has it")
                    .equivalents(&[equivalent]);
                }
            }
        }
    }
}

/// The key as it is written, if it only looks like one with a variable: `$` in the middle of a word.
fn key_with_dollar(pair: &Pair) -> Option<String> {
    let first = pair.key.variables.first()?;
    (first.range.start > 0 && !pair.key.raw.contains("${")).then(|| pair.key.raw.clone())
}

fn fault_of_key(key: &str) -> Option<&'static str> {
    let is_end = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    if RESERVED.iter().any(|reserved| key.starts_with(reserved)) {
        Some("is in a namespace that Docker keeps for itself")
    } else if !key.starts_with(|char: char| char.is_ascii_lowercase()) || !key.ends_with(is_end) {
        Some("does not start with a letter and end with a letter or digit, in lower case")
    } else if !key.chars().all(|char| is_end(char) || matches!(char, '.' | '-')) {
        Some("has more in it than lower-case letters, digits, dots and hyphens")
    } else if ["..", "--", ".-", "-."].iter().any(|double| key.contains(double)) {
        Some("has two dots or hyphens in a row")
    } else {
        None
    }
}

/// What is wrong with the value of a well-known label, and the peer that says so too.
fn fault_of_value(key: &str, value: &str) -> Option<(&'static str, &'static str)> {
    let name = key.strip_prefix(OCI)?;
    if value.is_empty() {
        return Some(("is empty", "hadolint:DL3051"));
    }
    match name {
        "url" | "source" | "documentation" if !is_url(value) => Some(("is no URL", "hadolint:DL3052")),
        "created" if !is_date(value) => Some(("is no date and time by RFC 3339", "hadolint:DL3053")),
        "licenses" if !is_licence(value) => Some(("is no SPDX licence expression", "hadolint:DL3054")),
        "revision" if !is_hash(value) => Some(("is no hash of a commit", "hadolint:DL3055")),
        "version" if !is_version(value) => Some(("is no semantic version", "hadolint:DL3056")),
        "authors" if !has_address(value) => Some(("has an address without `@`", "hadolint:DL3058")),
        _ => None,
    }
}

fn is_url(value: &str) -> bool {
    value.split_once("://").is_some_and(|(scheme, rest)| {
        scheme.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
            && !scheme.is_empty()
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}

/// Whether the value has the form `2026-01-31T12:00:00Z`, with a fraction or an offset.
fn is_date(value: &str) -> bool {
    let fits = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't' | b' '),
                b'+' => matches!(byte, b'+' | b'-'),
                _ => byte == wanted,
            })
    };
    let Some((time, rest)) = value.split_at_checked("0000-00-00T00:00:00".len()) else { return false };
    let digits = rest.strip_prefix('.').map_or(0, |it| it.bytes().take_while(u8::is_ascii_digit).count());
    let zone = if digits > 0 { &rest[digits + 1..] } else { rest };
    let in_range = |from: usize, low: u8, high: u8| {
        time.get(from..from + 2)
            .and_then(|it| it.parse::<u8>().ok())
            .is_some_and(|it| (low..=high).contains(&it))
    };
    fits(time, "0000-00-00T00:00:00")
        && in_range(5, 1, 12)
        && in_range(8, 1, 31)
        && in_range(11, 0, 23)
        && in_range(14, 0, 59)
        && in_range(17, 0, 60)
        && (matches!(zone, "Z" | "z") || fits(zone, "+00:00"))
}

/// Whether identifiers and the operators between them alternate.
fn is_licence(value: &str) -> bool {
    let spaced = value.replace('(', " ( ").replace(')', " ) ");
    let (mut depth, mut wants_name) = (0_i32, true);
    for word in spaced.split_whitespace() {
        match word {
            "(" if wants_name => depth += 1,
            ")" if !wants_name && depth > 0 => depth -= 1,
            "AND" | "OR" | "WITH" if !wants_name => wants_name = true,
            _ if wants_name && is_licence_name(word) => wants_name = false,
            _ => return false,
        }
    }
    depth == 0 && !wants_name
}

fn is_licence_name(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_alphanumeric())
        && word.chars().all(|char| char.is_ascii_alphanumeric() || ".-+:".contains(char))
}

fn is_hash(value: &str) -> bool {
    (7..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the value is `1.2.3`, perhaps with a `v`, a pre-release and a build.
fn is_version(value: &str) -> bool {
    let value = value.strip_prefix('v').unwrap_or(value);
    let (core, rest) = match value.find(['-', '+']) {
        Some(at) => (&value[..at], &value[at + 1..]),
        None => (value, "0"),
    };
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |it: &&str| {
        !it.is_empty()
            && it.bytes().all(|byte| byte.is_ascii_digit())
            && (it.len() == 1 || !it.starts_with('0'))
    };
    numbers.len() == 3
        && numbers.iter().all(is_number)
        && !rest.is_empty()
        && rest.chars().all(|char| char.is_ascii_alphanumeric() || ".-+".contains(char))
}

/// Whether what stands between angle brackets, if anything does, is a mail address or a URL.
fn has_address(value: &str) -> bool {
    let Some((_, rest)) = value.split_once('<') else { return true };
    let address = rest.split('>').next().unwrap_or_default();
    address.contains('@') && !address.contains(char::is_whitespace) || address.contains("://")
}
