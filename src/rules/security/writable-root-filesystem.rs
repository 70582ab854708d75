//! `writable-root-filesystem`: a container may change the programs and settings of its image.

use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::ordering;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};
use crate::yaml::edit::{self, Value};

pub static RULE: Rule = Rule {
    name: "writable-root-filesystem",
    summary: "a container may change the programs and settings of its image",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/security/writable-root-filesystem.md"),
    equivalents: &["compose-lint:CL-0007", "semgrep:writable-filesystem-service"],
    deviations: &[],
    is_for_production: true,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    const HELP: &str =
        "write `read_only: true`, with a `tmpfs` for the directories that the program writes to";
    if !service.is_in_view() || !service.has_containers() {
        return;
    }
    match service.entry("read_only") {
        None => {
            cx.report(service.key().span(), "the container may change the programs and settings of its image")
        }
        Some(entry) if entry.value.as_bool() == Some(false) => {
            cx.report(entry.span(), "the container may change the programs and settings of its image")
        }
        Some(_) => return,
    }
    .help(HELP)
    .fix(protect(service));
}

/// The fix that makes the root filesystem read-only, with a tmpfs for what the image writes to. `None`
/// where that is not known, a directory with data is on no volume, or the text does not allow it.
fn protect(service: Service<'_>) -> Option<Fix> {
    let image = service.known_image()?;
    let writable = image.writable?;
    if service.get("entrypoint").is_some() || service.get("command").is_some() {
        return None;
    }
    let tmpfs = service.names("tmpfs");
    let mounted: Vec<&str> = tmpfs
        .iter()
        .map(|it| it.value.split(':').next().unwrap_or_default())
        .chain(service.mounts().iter().filter_map(|view| view.mount.target.map(|target| target.value)))
        .map(|path| path.trim_end_matches('/'))
        .collect();
    let is_mounted = |path: &&&str| mounted.contains(&path.trim_end_matches('/'));
    if !image.data.iter().all(|path| is_mounted(&path))
        || service.get("volumes").is_some_and(|it| it.is_unknown())
    {
        return None;
    }
    let missing: Vec<Value> =
        writable.iter().filter(|path| !is_mounted(path)).map(|path| Value::text(*path)).collect();
    let mapping = service.written()?;
    let mut edits = Vec::new();
    if service.get("tmpfs").is_none() && !missing.is_empty() {
        edits.extend(edit::add_entry(mapping, "tmpfs", &Value::List(missing), ordering::above("tmpfs"))?);
    } else {
        for path in missing {
            edits.extend(edit::add_to_list(mapping, "tmpfs", &path, &[])?);
        }
    }
    edits.extend(edit::set_entry(mapping, "read_only", &Value::raw("true"), ordering::above("read_only"))?);
    Some(Fix {
        title: "make the root filesystem read-only".into(),
        applicability: Applicability::Unsafe,
        edits: joined(edits),
    })
}

/// The edits in source order, with what is inserted at one place as one edit.
fn joined(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.span);
    let mut joined: Vec<Edit> = Vec::new();
    for edit in edits {
        match joined.last_mut() {
            Some(last) if last.span == edit.span && edit.span.is_empty() => last.text += &edit.text,
            _ => joined.push(edit),
        }
    }
    joined
}
