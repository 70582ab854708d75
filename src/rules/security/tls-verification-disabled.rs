//! `tls-verification-disabled`: a download does not ask who it talks to.

use crate::commands::managers::{Manager, Syntax, arguments, call, manager};
use crate::commands::{Argument, Command, scopes};
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "tls-verification-disabled",
    summary: "certificates are not verified, so anyone on the way can answer",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Network, Gain::Code, Needs::Nothing)],
        weaknesses: &[295],
    },
    severity: Severity::Error,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/tls-verification-disabled.md"),
    equivalents: &[
        "checkov:EnvGitSslNoVerify",
        "checkov:EnvGoInsecure",
        "checkov:EnvNodeTlsRejectUnauthorized",
        "checkov:EnvNpmConfigStrictSsl",
        "checkov:EnvPipTrustedHost",
        "checkov:EnvPythonHttpsVerify",
        "checkov:RunNpmConfigSetStrictSsl",
        "checkov:RunPipTrustedHost",
        "checkov:RunUnsafeCurl",
        "checkov:RunUnsafeWget",
        "checkov:RunYumConfigManagerSslVerify",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(file), Check::Service(service)],
};

/// What a variable says that switches verification off.
#[derive(Copy, Clone)]
enum Off {
    /// It is set at all.
    Set,
    /// It has a value.
    Value,
    /// It is `0`.
    Zero,
    /// It is false.
    False,
    /// It is true.
    True,
}

/// The variables that programs read.
const VARIABLES: &[(&str, Off, &[&str])] = &[
    ("COMPOSER_DISABLE_TLS", Off::True, &[]),
    ("GOINSECURE", Off::Value, &["checkov:EnvGoInsecure"]),
    ("GIT_SSL_NO_VERIFY", Off::Set, &["checkov:EnvGitSslNoVerify"]),
    ("NODE_TLS_REJECT_UNAUTHORIZED", Off::Zero, &["checkov:EnvNodeTlsRejectUnauthorized"]),
    ("NPM_CONFIG_STRICT_SSL", Off::False, &["checkov:EnvNpmConfigStrictSsl"]),
    ("PIP_TRUSTED_HOST", Off::Value, &["checkov:EnvPipTrustedHost"]),
    ("PYTHONHTTPSVERIFY", Off::Zero, &["checkov:EnvPythonHttpsVerify"]),
    ("YARN_ENABLE_STRICT_SSL", Off::False, &[]),
];

const HELP: &str = "add the certificate of the authority to the image, and verify";

fn is_false(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "0" | "false" | "no" | "off")
}

/// The equivalents of a variable that switches verification off. `value` is `None` if it is unknown.
fn of_variable(name: &str, value: Option<&str>) -> Option<&'static [&'static str]> {
    let is_known =
        |known: &str| known == name || known == "NPM_CONFIG_STRICT_SSL" && name == "npm_config_strict_ssl";
    let (_, off, equivalents) = VARIABLES.iter().find(|(known, _, _)| is_known(known))?;
    let value = value.map(str::trim);
    let is_off = match off {
        Off::Set => value.is_none_or(|value| !value.is_empty()),
        Off::Value => value.is_some_and(|value| !value.is_empty()),
        Off::Zero => value == Some("0"),
        Off::False => value.is_some_and(is_false),
        Off::True => value.is_some_and(|value| !value.is_empty() && !is_false(value)),
    };
    is_off.then_some(*equivalents)
}

fn says(name: &str) -> String {
    format!("`{name}` switches the check of certificates off")
}

fn file(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for instruction in scope.instructions().0 {
            if !matches!(instruction.keyword, Keyword::Env | Keyword::Arg) {
                continue;
            }
            for pair in instruction.pairs() {
                let Some((name, value)) = pair.key.literal().zip(pair.value.as_ref()) else { continue };
                let value = value.literal();
                // A variable that is passed on is judged where it is set.
                if value.is_none() {
                    continue;
                }
                if let Some(equivalents) = of_variable(&name, value.as_deref()) {
                    scope.report(cx, pair.span, says(&name)).help(HELP).equivalents(equivalents);
                }
            }
        }
        for layer in scope.layers {
            for command in &layer.commands {
                let exported = matches!(command.program.as_str(), "export" | "declare" | "env")
                    .then_some(command.arguments.as_slice())
                    .unwrap_or_default();
                for word in command.assignments.iter().chain(exported) {
                    let Some((name, value)) = word.text.split_once('=') else { continue };
                    let value = (!word.has_expansion).then_some(value);
                    if let Some(equivalents) = of_variable(name, value) {
                        scope.report(cx, word.span, says(name)).help(HELP).equivalents(equivalents);
                    }
                }
                if let Some((span, equivalents)) = of_command(command) {
                    scope
                        .report(cx, span, format!("`{}` is told not to verify certificates", command.program))
                        .help(HELP)
                        .equivalents(equivalents);
                }
            }
        }
    }
}

/// The flags of curl that take a value, by their letters.
const CURL_VALUED: &[&str] = &[
    "-A",
    "-b",
    "-c",
    "-C",
    "-d",
    "-D",
    "-e",
    "-E",
    "-F",
    "-H",
    "-h",
    "-K",
    "-m",
    "-o",
    "-P",
    "-Q",
    "-r",
    "-t",
    "-T",
    "-u",
    "-U",
    "-w",
    "-x",
    "-X",
    "-y",
    "-Y",
    "-z",
    "--output",
    "--header",
    "--data",
    "--user",
    "--request",
    "--retry",
    "--max-time",
    "--connect-timeout",
];

/// The words of a command that switch verification off, and the equivalents.
fn of_command(command: &Command) -> Option<(Span, &'static [&'static str])> {
    let words = &command.arguments;
    let program = command.program.as_str();
    let is_local = |it: &&Argument| {
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
            let rest = it.text.split_once("://").map_or(it.text.as_str(), |(_, rest)| rest);
            rest.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
    };
    match program {
        "curl" => {
            let read = arguments(command, Syntax { valued: CURL_VALUED, is_single_dash: false });
            let flag = read.flag(&["-k", "--insecure", "--proxy-insecure", "--doh-insecure"])?;
            let urls = &read.operands;
            (urls.is_empty() || !urls.iter().all(is_local))
                .then_some((flag.argument.span, &["checkov:RunUnsafeCurl"]))
        }
        "wget" => {
            let flag = words.iter().find(|it| it.text == "--no-check-certificate")?;
            let urls: Vec<&Argument> = words.iter().filter(|it| !it.text.starts_with('-')).collect();
            (urls.is_empty() || !urls.iter().all(is_local)).then_some((flag.span, &["checkov:RunUnsafeWget"]))
        }
        "git" => {
            let is_setting = |text: &str| {
                let (key, value) = text.split_once('=').unwrap_or((text, ""));
                let key = key.to_ascii_lowercase();
                (key.starts_with("http.") && key.ends_with(".sslverify") || key == "http.sslverify")
                    .then_some(value.to_owned())
            };
            words.iter().enumerate().find_map(|(at, word)| {
                let value = is_setting(&word.text)?;
                let next = words.get(at + 1).map(|it| it.text.as_str()).unwrap_or_default();
                if is_false(&value) {
                    Some((word.span, &[][..]))
                } else if value.is_empty() && is_false(next) {
                    Some((word.span.to(words[at + 1].span), &[][..]))
                } else {
                    None
                }
            })
        }
        "yum-config-manager" => {
            let read = arguments(command, Syntax { valued: &["--setopt"], is_single_dash: false });
            setopt(&read, "sslverify").map(|span| (span, &["checkov:RunYumConfigManagerSslVerify"][..]))
        }
        "conda" | "mamba" | "micromamba" | "composer" | "bundle" | "bundler" => {
            let key = match program {
                "composer" => "disable-tls",
                "bundle" | "bundler" => "ssl_verify_mode",
                _ => "ssl_verify",
            };
            let at = words.iter().position(|it| it.text == key)?;
            let value = words.get(at + 1)?;
            let is_off = if key == "disable-tls" { !is_false(&value.text) } else { is_false(&value.text) };
            is_off.then_some((words[at].span.to(value.span), &[][..]))
        }
        _ => of_manager(command),
    }
}

/// The place of a `--setopt` that sets the option `name` of any repository to false.
fn setopt(read: &crate::commands::managers::Arguments<'_>, name: &str) -> Option<Span> {
    let flag = read.flags.iter().find(|flag| {
        flag.is("--setopt")
            && flag.value.and_then(|value| value.split_once('=')).is_some_and(|(key, value)| {
                (key == name || key.ends_with(&format!(".{name}"))) && is_false(value.trim())
            })
    })?;
    Some(flag.argument.span)
}

fn of_manager(command: &Command) -> Option<(Span, &'static [&'static str])> {
    let words = &command.arguments;
    match manager(&command.program)? {
        Manager::Pip | Manager::Uv => {
            let at = words.iter().position(|it| {
                let name = it.text.split('=').next().unwrap_or_default();
                matches!(name, "--trusted-host" | "--allow-insecure-host")
                    || it.text.ends_with("global.trusted-host") && words.iter().any(|it| it.text == "set")
            })?;
            let end = if words[at].text.contains('=') { at } else { (at + 1).min(words.len() - 1) };
            Some((words[at].span.to(words[end].span), &["checkov:RunPipTrustedHost"]))
        }
        Manager::Npm | Manager::Yarn | Manager::Pnpm => {
            if let Some(word) = words.iter().find(|it| {
                matches!(it.text.as_str(), "--strict-ssl=false" | "--no-strict-ssl" | "--strict-ssl=0")
            }) {
                return Some((word.span, &["checkov:RunNpmConfigSetStrictSsl"]));
            }
            words.iter().position(|it| it.text == "set")?;
            let at = words.iter().position(|it| {
                let key = it.text.split('=').next().unwrap_or_default();
                matches!(key, "strict-ssl" | "enableStrictSsl")
            })?;
            let word = &words[at];
            let (value, end) = match word.text.split_once('=') {
                Some((_, value)) => (value.to_owned(), word),
                None => (words.get(at + 1)?.text.clone(), words.get(at + 1)?),
            };
            is_false(&value).then_some((word.span.to(end.span), &["checkov:RunNpmConfigSetStrictSsl"]))
        }
        Manager::Dnf | Manager::Yum => {
            let read = arguments(command, Syntax { valued: &["--setopt"], is_single_dash: false });
            setopt(&read, "sslverify").map(|span| (span, &["checkov:RunYumConfigManagerSslVerify"][..]))
        }
        Manager::Apt => {
            let call = call(command)?;
            let flag = call.arguments.flags.iter().find(|flag| {
                (flag.is("-o") || flag.is("--option"))
                    && flag.value.is_some_and(|value| {
                        let (key, value) = value.split_once('=').unwrap_or((value, ""));
                        key.to_ascii_lowercase().ends_with("::verify-peer") && is_false(value)
                    })
            })?;
            Some((flag.argument.span, &[]))
        }
        _ => None,
    }
}

fn service(service: Service<'_>, cx: &mut Context<'_>) {
    for variable in service.environment() {
        let Some(value) = variable.value else { continue };
        let name = variable.name.value;
        if let Some(equivalents) = of_variable(name, Some(value.value)) {
            cx.report(variable.name.span.to(value.span), says(name)).help(HELP).equivalents(equivalents);
        }
    }
}
