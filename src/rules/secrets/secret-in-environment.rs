//! `secret-in-environment`: a credential that stands in clear text in a service's environment.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::compose::interpolate::{self, Lookup, Template};
use crate::compose::occurrence::is_part_of_password;
use crate::compose::service::{Service, Variable};
use crate::configuration::options::{Form, OptionKey, Options, OptionsType, is_listed};
use crate::credentials::{ValueKind, classify, credential_key, is_guessable};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "secret-in-environment",
    summary: "a credential stands in clear text in the environment of a service",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Reader, Gain::Credential, Needs::Nothing).case("for a secret of its own"),
            Grade::attack(Attacker::Network, Gain::Others, Needs::Fault)
                .case("if the value is a placeholder or one that anyone guesses"),
        ],
        weaknesses: &[526, 798],
    },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/secret-in-environment.md"),
    equivalents: &["compose-lint:CL-0020"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Told>();

/// The services whose names are looked for in a value.
const MOST_SERVICES: usize = 32;

/// What is a secret or none, whatever it is called.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Told {
    allow: Vec<String>,
    also: Vec<String>,
}

impl Options for Told {
    const KEYS: &'static [OptionKey] = &[
        OptionKey {
            name: "allow",
            about: "Variables that hold no secret though their names sound like it; `TEST_*` is all that start \
                    so.",
            form: Form::Texts,
        },
        OptionKey {
            name: "also",
            about: "Variables that hold a secret though their names do not sound like it; `*_PIN` is all that \
                    end so.",
            form: Form::Texts,
        },
    ];
}

impl Told {
    fn is_credential(&self, name: &str) -> bool {
        credential_key(name) || is_listed(&self.also, name)
    }
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let told = cx.options::<Told>();
    let mut around: Option<Around<'_>> = None;
    for variable in service.environment() {
        let name = variable.name.value;
        let Some(raw) = variable.raw.filter(|_| told.is_credential(name)) else { continue };
        let Some(value) = literal(service, variable) else { continue };
        // As written too: in the value `$$` has become the sign of a shell's variable.
        let kinds = [classify(&value), classify(raw.value)].map(|kind| match kind {
            // A server that is told `unused` for a password takes it for one.
            ValueKind::Absent if is_password(name) => ValueKind::Placeholder,
            kind => kind,
        });
        let kind = kinds.into_iter().find(|it| matches!(it, ValueKind::Literal | ValueKind::Placeholder));
        let Some(kind) = kind else { continue };
        let around = around.get_or_insert_with(|| Around::of(service, &told));
        if around.is_user(name) {
            continue;
        }
        cx.mask(raw.span);
        if is_listed(&told.allow, name) {
            continue;
        }
        let help = help(service, name);
        let (severity, message) = match kind {
            ValueKind::Placeholder => (Severity::Warning, format!("`{name}` holds a placeholder")),
            _ if around.suggests(name, &value) => {
                (Severity::Warning, format!("`{name}` holds a password that anyone guesses"))
            }
            _ => (Severity::Error, format!("`{name}` holds a secret in clear text")),
        };
        cx.report(raw.span, message).severity(severity).help(help);
    }
}

/// What stands around the passwords of a service, from which they may be guessed.
struct Around<'p> {
    /// The names of the services and images of the project, this service's own first.
    near: Vec<&'p str>,
    /// The names of the service's variables.
    names: HashSet<&'p str>,
    /// The values of those that are plain settings, in lower case.
    plain: HashSet<String>,
}

impl<'p> Around<'p> {
    fn of(service: Service<'p>, told: &Told) -> Self {
        let services = std::iter::once(service).chain(service.project().services().take(MOST_SERVICES));
        let near = services.flat_map(|service| {
            std::iter::once(service.name()).chain(service.image().map(|image| image.repository.value))
        });
        let variables = service.environment();
        let settings = variables.iter().filter(|variable| !told.is_credential(variable.name.value));
        Self {
            near: near.collect(),
            names: variables.iter().map(|variable| variable.name.value).collect(),
            plain: settings.filter_map(|it| Some(it.value?.value.to_ascii_lowercase())).collect(),
        }
    }

    /// Whether the value is made of common words and of names that stand in the project, or is that of a
    /// plain setting beside it, as in a user `shop` with the password `shop`.
    fn suggests(&mut self, name: &'p str, value: &str) -> bool {
        self.near.push(name);
        let is_guessable = is_guessable(value, &self.near);
        self.near.pop();
        is_guessable || self.plain.contains(&value.to_ascii_lowercase())
    }

    /// Whether the access key is the name of a user, whose password is the secret key beside it.
    fn is_user(&self, name: &str) -> bool {
        let start = name.strip_suffix("ACCESS_KEY").filter(|start| !start.ends_with("SECRET_"));
        let has = |start: &str, end: &str| self.names.contains(format!("{start}{end}").as_str());
        start.is_some_and(|start| has(start, "SECRET_KEY") || has(start, "SECRET_ACCESS_KEY"))
    }
}

/// Whether the name is that of a password, not of a key or token.
fn is_password(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "pwd"].iter().any(|word| name.contains(word))
}

/// The value, if no variable takes part in it; without its dollars, if what they seem to name is the rest
/// of a password.
fn literal<'p>(service: Service<'p>, variable: Variable<'p>) -> Option<Cow<'p, str>> {
    let raw = variable.raw?.value;
    if !raw.contains('$') {
        return Some(raw.into());
    }
    let map = crate::source::SourceMap::verbatim(variable.raw?.span);
    // What the engine refuses is still there to be read.
    let Ok(template) = Template::parse(raw, &map) else { return Some(raw.into()) };
    if template.variables().next().is_none() {
        return Some(variable.value.map_or(raw, |value| value.value).into());
    }
    let environment = service.project().environment();
    let is_cut = |it: &interpolate::Variable<'_>| {
        is_part_of_password(raw, it) && environment.lookup(it.name.value) == Lookup::Unset
    };
    template.variables().all(is_cut).then(|| raw.replace('$', "").into())
}

fn help(service: Service<'_>, name: &str) -> String {
    let image = service.known_image().or_else(|| service.known_base());
    let reads_file = image.is_some_and(|image| {
        image.file_variables.iter().any(|file| file.strip_suffix("_FILE") == Some(name))
    });
    if reads_file {
        format!("set `{name}_FILE` to the path of a secret below `/run/secrets`, which this image reads")
    } else {
        format!("write `${{{name}}}` and keep the value out of the repository, or mount it as a secret")
    }
}
