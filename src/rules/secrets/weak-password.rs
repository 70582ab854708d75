//! `weak-password`: a well-known server is given a password that anyone guesses.
//!
//! A value that stands in the Compose file itself is the concern of `secret-in-environment` and
//! `secret-default`; here it is what variables and `env_file` bring from other files.

use crate::compose::service::Service;
use crate::credentials::is_trivial;
use crate::diagnostic::Severity;
use crate::images::Image;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "weak-password",
    summary: "a well-known server is given a password that anyone guesses",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Network, Gain::Others, Needs::Fault)],
        weaknesses: &[1391],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/weak-password.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

/// The passwords of a service that are looked at.
const MOST_PASSWORDS: usize = 50;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(image) = service.known_image().or(service.known_base()) else { return };
    let environment = service.environment();
    let passwords = environment.iter().filter(|variable| image.passwords.contains(&variable.name.value));
    for variable in passwords.take(MOST_PASSWORDS) {
        let name = variable.name.value;
        let (Some(value), Some(raw)) = (variable.value, variable.raw) else { continue };
        if !is_weak(service, image, name, value.value) {
            continue;
        }
        // Of what stands here, by itself or as a default, the other rules speak.
        let Some(origin) = origin(service, raw.value) else { continue };
        cx.report(raw.span, format!("`{name}` comes to a password that anyone guesses"))
            .help("make a long one, such as by `openssl rand -hex 24`")
            .label(origin, "set here");
    }
}

/// Whether the password is a common word, the name of the user or that of the image.
fn is_weak(service: Service<'_>, image: &Image, name: &str, value: &str) -> bool {
    // `NEO4J_AUTH` holds the user and the password.
    let (user, value) = match value.split_once('/') {
        Some((user, password)) if name.ends_with("_AUTH") => (Some(user), password),
        _ => (None, value),
    };
    let is_user = service.environment().iter().any(|other| {
        other.name.value.contains("USER")
            && !image.passwords.contains(&other.name.value)
            && other.value.is_some_and(|other| other.value.eq_ignore_ascii_case(value))
    });
    !value.is_empty()
        && (is_trivial(value) || user.is_some_and(|user| user.eq_ignore_ascii_case(value)) || is_user)
}

/// Where the only variable that the value is made of is set: the value in the file of variables.
fn origin(service: Service<'_>, raw: &str) -> Option<Span> {
    let name = raw.trim().strip_prefix('$')?.trim_matches(['{', '}']);
    let name = name.split([':', '-', '?', '+']).next()?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let files = service.project().env_files().iter().filter(|file| file.feeds_interpolation);
    let mut entries = files.flat_map(|file| &file.entries).filter(|entry| is_name && entry.key.value == name);
    entries.next_back()?.value
}
