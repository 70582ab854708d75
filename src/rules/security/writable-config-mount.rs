//! `writable-config-mount`: a container can rewrite the configuration that it is given.

use super::sensitive_host_mount::is_sensitive;
use crate::compose::mount::{MountOption, clean_path};
use crate::compose::service::{HostMount, Service};
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::Style;

pub static RULE: Rule = Rule {
    name: "writable-config-mount",
    summary: "a container can rewrite the configuration, keys or scripts that it is given",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Nothing)],
        weaknesses: &[732],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/security/writable-config-mount.md"),
    equivalents: &["compose-lint:CL-0013"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// What a mount is, so far as a program has no business in writing it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Given {
    Clock,
    Configuration,
    Directory,
    Key,
    Script,
}

impl Given {
    fn name(self) -> &'static str {
        match self {
            Self::Clock => "the clock setting of the host",
            Self::Configuration => "a configuration file",
            Self::Directory => "a configuration directory",
            Self::Key => "a certificate or key",
            Self::Script => "a script",
        }
    }
}

/// Files that are configuration wherever they are mounted.
const CONFIGURATION: &[&str] =
    &["cfg", "cnf", "conf", "hcl", "ini", "properties", "template", "toml", "tmpl", "vcl"];
/// The same without an extension.
const NAMED: &[&str] = &["Caddyfile", "Corefile", "htpasswd", ".htpasswd"];
/// Files that are configuration or data, by where they are mounted and what they are called.
const STRUCTURED: &[&str] = &["json", "xml", "yaml", "yml"];
/// Certificates, keys and stores of them.
const KEYS: &[&str] = &["cer", "cert", "crt", "jks", "key", "p12", "pem", "pfx"];

/// Directories that hold nothing but configuration, in images that do not write to it.
const DIRECTORIES: &[&str] = &[
    "/docker-entrypoint-initdb.d",
    "/docker-entrypoint.d",
    "/etc/alertmanager",
    "/etc/grafana/provisioning",
    "/etc/haproxy",
    "/etc/logstash/conf.d",
    "/etc/mysql/conf.d",
    "/etc/nginx/conf.d",
    "/etc/nginx/sites-enabled",
    "/etc/nginx/ssl",
    "/etc/nginx/templates",
    "/etc/prometheus",
    "/etc/ssl",
    "/usr/local/etc/haproxy",
    "/usr/local/etc/php/conf.d",
    "/usr/share/logstash/pipeline",
];

/// Names of files that tools of a project keep in step with it, so that a container for development
/// writes them.
const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "angular.json",
    "appsettings.Development.json",
    "composer.json",
    "deno.json",
    "jsconfig.json",
    "package.json",
    "pnpm-workspace.yaml",
    "pom.xml",
    "pyproject.toml",
    "pytest.ini",
    "setup.cfg",
    "tox.ini",
];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let mounts = service.host_mounts();
    for mount in &mounts {
        if mount.is_read_only || mount.device.is_some() || is_sensitive(mount) {
            continue;
        }
        let target = clean_path(mount.target.value);
        let Some(given) = given(&mount.path, &target) else { continue };
        if is_written(service, &target, given, &mounts) {
            continue;
        }
        let message = format!("the container can write `{}`, {}", mount.source.value, given.name());
        let equivalents: &[&'static str] =
            if given == Given::Clock { &["compose-lint:CL-0013"] } else { &[] };
        cx.report(mount.source.span, message)
            .equivalents(equivalents)
            .help("mount it read-only")
            .fix(read_only(mount));
    }
}

/// What a mount is by its paths; `None` for data, code and whatever cannot be told.
fn given(path: &str, target: &str) -> Option<Given> {
    if ["/etc/localtime", "/etc/timezone"].contains(&path) {
        return Some(Given::Clock);
    }
    if DIRECTORIES.contains(&target) {
        return Some(Given::Directory);
    }
    let name = target.rsplit('/').next().unwrap_or(target);
    let source_name = path.rsplit('/').next().unwrap_or(path);
    // A directory is mounted under a name that looks like a file's only if it is one.
    let extension = |name: &str| Some(name.rsplit_once('.')?.1.to_owned());
    let is_variable = path.contains('$') && source_name.contains('$');
    if !is_variable && extension(source_name).is_none() && !NAMED.contains(&source_name) {
        return None;
    }
    if [name, source_name].iter().any(|name| is_state(name)) {
        return None;
    }
    if NAMED.contains(&name) {
        return Some(Given::Configuration);
    }
    let extension = extension(name)?;
    let extension = extension.as_str();
    let is_initial = target.starts_with("/docker-entrypoint-initdb.d/");
    if KEYS.contains(&extension) {
        return Some(Given::Key);
    }
    if extension == "sh" || is_initial && extension == "sql" {
        return Some(Given::Script);
    }
    if is_data(target) {
        return None;
    }
    if CONFIGURATION.contains(&extension) {
        return Some(Given::Configuration);
    }
    let is_for_configuration = target.starts_with("/etc/")
        || target.starts_with("/usr/local/etc/")
        || target.split('/').any(|part| ["conf", "conf.d", "config", "provisioning"].contains(&part))
        || name.contains("config")
        || name.starts_with("appsettings");
    (STRUCTURED.contains(&extension) && is_for_configuration && !is_state(name))
        .then_some(Given::Configuration)
}

/// Whether a file by this name is kept by a program.
fn is_state(name: &str) -> bool {
    MANIFESTS.contains(&name)
        || name.starts_with("tsconfig")
        || name.starts_with("acme")
        || name.starts_with("sentinel")
        || name.contains(".config.")
        || name.contains("lock")
        || name.contains("settings.json")
}

/// Whether programs keep their own data at the path, configuration that they write themselves
/// included.
fn is_data(target: &str) -> bool {
    let kept = ["/config/", "/data/", "/home/", "/root/", "/var/lib/", "/workspace/"];
    kept.iter().any(|directory| target.starts_with(directory)) || target.contains("/data/")
}

/// Whether the image may write there, so that a read-only mount would break it.
fn is_written(service: Service<'_>, target: &str, given: Given, mounts: &[HostMount<'_>]) -> bool {
    let image = service.image().map_or("", |image| image.repository.value);
    let name = image.rsplit('/').next().unwrap_or(image);
    // What an image that nobody knows does with a whole directory is not known either.
    if given == Given::Directory && service.get("build").is_none() && service.known_image().is_none() {
        return true;
    }
    let writers = ["certbot", "companion", "docker-gen", "letsencrypt", "mkcert", "nginx-proxy", "openssl"];
    if writers.iter().any(|writer| name.contains(writer)) {
        return true;
    }
    // The image of nginx fills in templates and writes what comes out beside its own configuration.
    let has_templates = || mounts.iter().any(|mount| mount.target.value.starts_with("/etc/nginx/templates"));
    given == Given::Directory && target == "/etc/nginx/conf.d" && has_templates()
}

/// Makes the mount read-only, in the syntax in which it is written.
fn read_only(mount: &HostMount<'_>) -> Option<Fix> {
    let edit = if mount.is_long { read_only_long(mount)? } else { read_only_short(mount)? };
    Some(Fix { title: "mount it read-only".into(), applicability: Applicability::Unsafe, edits: vec![edit] })
}

fn read_only_short(mount: &HostMount<'_>) -> Option<Edit> {
    if let Some(option) = mount.options.iter().rfind(|option| option.value == MountOption::ReadWrite) {
        return Some(Edit { span: option.span, text: "ro".into() });
    }
    let span = mount.yaml.span();
    let end = match mount.yaml.style() {
        Style::Plain => span.end,
        Style::SingleQuoted | Style::DoubleQuoted => span.end - 1,
        _ => return None,
    } as usize;
    let text = if mount.options.is_empty() { ":ro" } else { ",ro" };
    Some(Edit { span: Span::new(span.source, end, end), text: text.into() })
}

fn read_only_long(mount: &HostMount<'_>) -> Option<Edit> {
    if let Some(value) = mount.yaml.get("read_only") {
        return (!value.span().is_empty()).then(|| Edit { span: value.span(), text: "true".into() });
    }
    let entry = mount.yaml.entry("target")?;
    let (key, value) = (entry.key.span(), entry.value.span());
    if key.source != value.source || key.source != mount.yaml.span().source {
        return None;
    }
    let text = mount.yaml.tree().text(key.source)?;
    let end = value.end as usize;
    if mount.yaml.style() == Style::Flow {
        let span = Span::new(key.source, end, end);
        return Some(Edit { span, text: ", read_only: true".into() });
    }
    if !matches!(entry.value.style(), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted) {
        return None;
    }
    let line = text[..key.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = text[line..key.start as usize].chars().count();
    let rest = &text[end..];
    let line_end = end + rest.find('\n').unwrap_or(rest.len());
    let (line_end, newline) =
        if text[..line_end].ends_with('\r') { (line_end - 1, "\r\n") } else { (line_end, "\n") };
    Some(Edit {
        span: Span::new(key.source, line_end, line_end),
        text: format!("{newline}{}read_only: true", " ".repeat(indent)),
    })
}
