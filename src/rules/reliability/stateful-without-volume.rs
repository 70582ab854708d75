//! `stateful-without-volume`: a database keeps its data in the container, and loses it with that.

use crate::compose::project::Build;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::images::{Image, Kind};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::Yaml;

pub static RULE: Rule = Rule {
    name: "stateful-without-volume",
    summary: "a database's data is on no volume",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Loss, When::Failure)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/stateful-without-volume.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

/// The mounts from which on nothing is said.
const MOST_MOUNTS: usize = 100;

/// Words in the names of services and profiles that ask for no data.
const FLEETING: &[&str] = &["ci", "demo", "dev", "e2e", "ephemeral", "example", "test", "testing", "tests"];

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let (image, at) = match service.build() {
        Build::None => (service.known_image(), service.get("image").map(Yaml::span)),
        Build::Stage { .. } => {
            (service.known_base(), service.stage().and_then(|stage| Some(stage.external_base()?.span)))
        }
        Build::OutOfReach => return,
    };
    let Some(image) = image.filter(|image| image.kind == Kind::Database && !image.data.is_empty()) else {
        return;
    };
    if !service.is_in_view() || service.is_job() || service.replicas() == Some(0) || is_fleeting(service) {
        return;
    }
    if let Some(target) = old_postgres(service, image) {
        cx.report(
            target,
            "from version 18 on the data is no longer in this directory, and the server refuses to start",
        )
        .label(at.unwrap_or(target), "version 18 or later")
        .help("mount the volume at `/var/lib/postgresql`");
        return;
    }
    if keeps(service, image) {
        return;
    }
    let data = image.data[0];
    let message = format!("the data in `{data}` is on no volume");
    let help = format!("mount a named volume at `{data}`");
    let finding = cx.report(service.key().span(), message).help(help);
    if let Some(at) = at {
        finding.label(at, "a database");
    }
}

fn is_fleeting(service: Service<'_>) -> bool {
    let says = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| FLEETING.contains(&word.to_lowercase().as_str()))
    };
    let files = &service.project().deployment.files;
    says(service.name())
        || service.names("profiles").iter().any(|profile| says(profile.value))
        || files.iter().any(|file| file.file_name().is_some_and(|name| says(&name.to_string_lossy())))
}

/// The mount at the directory that PostgreSQL's image used before version 18, if it is a later one.
fn old_postgres(service: Service<'_>, image: &Image) -> Option<Span> {
    let is_new = image.data == ["/var/lib/postgresql"]
        && matches!(service.build(), Build::None)
        && service.image()?.familiar_name() == "postgres";
    let mounts = service.mounts();
    let of = |path: &str| {
        mounts.iter().find_map(|mount| {
            let target = mount.mount.target.filter(|it| it.value.trim_end_matches('/') == path)?;
            Some(if target.span.is_empty() { mount.yaml.span() } else { target.span })
        })
    };
    let is_moved = is_moved(service, "/var/lib/postgresql") || of("/var/lib/postgresql").is_some();
    if is_new && !is_moved { of("/var/lib/postgresql/data") } else { None }
}

/// Whether the data may be on a volume, or is in memory by intent.
fn keeps(service: Service<'_>, image: &Image) -> bool {
    if service.get("volumes_from").is_some() {
        return true;
    }
    let tmpfs = service.names("tmpfs");
    let in_memory = tmpfs.iter().map(|it| it.value.split(':').next().unwrap_or(it.value));
    let mounts = service.mounts();
    let items = service.get("volumes").map_or(0, |volumes| volumes.items().count());
    // A mount that cannot be read may be the one.
    if items != mounts.len() || mounts.iter().any(|mount| mount.mount.target.is_none()) {
        return true;
    }
    let targets = mounts.iter().filter_map(|mount| Some(mount.mount.target?.value));
    if mounts.len() > MOST_MOUNTS {
        return true;
    }
    targets
        .chain(in_memory)
        .take(MOST_MOUNTS)
        .any(|target| image.keeps_data_in(target) || is_moved(service, target))
}

/// Whether a setting or the command names the mounted directory, so that the data is there.
fn is_moved(service: Service<'_>, target: &str) -> bool {
    let target = target.trim_end_matches('/');
    let names = |key: &str| service.get(key).is_some_and(|value| value.mentions(target));
    !target.is_empty() && (names("environment") || names("command") || names("entrypoint"))
        || service.get("env_file").is_some() && target.contains("data")
}
