//! `copied-secret`: a file with credentials copied into an image.

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::dockerfile::files::file_name;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "copied-secret",
    summary: "a file that holds credentials is copied into an image",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Reader, Gain::Credential, Needs::Nothing)
                .case("if the image that ships has it"),
            Grade::attack(Attacker::Reader, Gain::Credential, Needs::Fault)
                .case("if another stage has it, or the file may hold none"),
        ],
        weaknesses: &[312],
    },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/secrets/copied-secret.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Files whose name says that they hold keys or passwords.
const FILES: &[&str] = &[
    ".dockercfg",
    ".git-credentials",
    ".htpasswd",
    ".my.cnf",
    ".netrc",
    ".pgpass",
    ".pypirc",
    ".s3cfg",
    ".vault-token",
    "_netrc",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_rsa",
    "master.key",
];
/// Directories in which nearly everything is a credential.
const DIRECTORIES: &[&str] = &[".aws", ".azure", ".gnupg", ".kube", ".ssh"];
/// Files of such directories that are none.
const HARMLESS: &[&str] = &["authorized_keys", "config", "known_hosts"];
/// The last parts of the names of private keys in files that may hold something else.
const KEYS: &[&str] = &["key.pem", "privkey.pem", "private.pem", "private_key.pem", "private-key.pem"];

/// How sure it is that a file holds a secret.
#[derive(Copy, Clone)]
enum Doubt {
    None,
    Some,
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    let shipped: BTreeSet<usize> = dockerfile
        .stages()
        .filter(|stage| cx.built().has_stage(*stage))
        .chain(dockerfile.final_stage())
        .flat_map(|stage| stage.chain().map(|stage| stage.index()).take(DEEPEST))
        .collect();
    for part in dockerfile.parts() {
        let is_shipped = part.stage.is_none_or(|stage| shipped.contains(&stage.index()));
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let Some(files) = instruction.files() else { continue };
            for source in files.sources.iter().filter(|source| !source.raw.starts_with("<<")) {
                let path = source.text();
                let Some(doubt) = secret(&path) else { continue };
                let severity = match doubt {
                    Doubt::None if is_shipped => Severity::Error,
                    _ => Severity::Warning,
                };
                cx.report(source.span, format!("`{path}` holds credentials, and stays in a layer"))
                    .stage(part.name())
                    .severity(severity)
                    .help(if is_environment(file_name(&path)) {
                        "give the variables to the container with `env_file`, and list the file in `.dockerignore`"
                    } else {
                        "mount it with `RUN --mount=type=secret,id=…`, or as a secret of the service"
                    });
            }
        }
    }
}

/// How many stages below are looked through.
const DEEPEST: usize = 64;

/// Whether a file or directory holds credentials, by its name.
fn secret(path: &str) -> Option<Doubt> {
    let name = file_name(path);
    let parent = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).nth(1).unwrap_or_default();
    let is_below = DIRECTORIES.contains(&parent) && !HARMLESS.contains(&name) && !name.ends_with(".pub");
    // The configuration of these two is the credentials.
    let is_config = matches!((parent, name), (".kube", "config") | (".docker", "config.json"));
    if FILES.contains(&name) || DIRECTORIES.contains(&name) || is_config || name == ".env" {
        return Some(Doubt::None);
    }
    let is_key = name.ends_with(".key") && !name.ends_with(".pub.key") || KEYS.contains(&name);
    (is_below || is_key || is_environment(name)).then_some(Doubt::Some)
}

/// Whether the file is `.env` or one of its kind that is no sample.
fn is_environment(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(".env") else { return false };
    let parts: Vec<&str> = rest.split(['.', '-', '_']).filter(|part| !part.is_empty()).collect();
    let is_sample = |part: &&str| {
        matches!(*part, "example" | "sample" | "template" | "dist" | "defaults" | "default" | "test" | "ci")
    };
    rest.is_empty() || rest.starts_with('.') && !parts.iter().any(is_sample)
}
