//! `yaml-1-1-boolean`: `yes`, `no`, `on` or `off` where a boolean belongs.

use std::collections::BTreeSet;

use crate::compose::project::Project;
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;
use crate::yaml::scalar::{Scalar, cast_bool};
use crate::yaml::{Style, Yaml};

pub static RULE: Rule = Rule {
    name: "yaml-1-1-boolean",
    summary: "a boolean is written as YAML 1.1 has it, which is text in YAML 1.2",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Essential,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/syntax/yaml-1-1-boolean.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

/// The ways to the booleans of a project; `*` is every entry of a mapping or item of a list.
const BOOLEANS: &[(&[&str], &[&str])] = &[
    (
        &["services", "*"],
        &[
            "attach",
            "init",
            "oom_kill_disable",
            "privileged",
            "read_only",
            "stdin_open",
            "tty",
            "use_api_socket",
        ],
    ),
    (&["services", "*", "build"], &["no_cache", "privileged", "pull"]),
    (&["services", "*", "depends_on", "*"], &["required", "restart"]),
    (&["services", "*", "develop", "watch", "*"], &["initial_sync"]),
    (&["services", "*", "env_file", "*"], &["required"]),
    (&["services", "*", "healthcheck"], &["disable"]),
    (&["services", "*", "volumes", "*"], &["read_only"]),
    (&["services", "*", "volumes", "*", "bind"], &["create_host_path"]),
    (&["services", "*", "volumes", "*", "volume"], &["nocopy"]),
    (&["networks", "*"], &["attachable", "enable_ipv4", "enable_ipv6", "external", "internal"]),
    (&["volumes", "*"], &["external"]),
    (&["secrets", "*"], &["external"]),
    (&["configs", "*"], &["external"]),
];

fn check(project: &Project, cx: &mut Context<'_>) {
    let Some(root) = project.root() else { return };
    let mut seen = BTreeSet::new();
    for (way, keys) in BOOLEANS {
        visit(root, way, &mut |holder| {
            for key in *keys {
                let Some(value) = holder.get(key) else { continue };
                // `privileged: !!str yes` is meant as it is.
                let is_bare =
                    value.style() == Style::Plain && value.tag().is_none() && value.interpolation().is_none();
                let Some(Scalar::Str(text)) = value.scalar().filter(|_| is_bare) else { continue };
                let Some(boolean) = cast_bool(text) else { continue };
                if !seen.insert(value.span()) {
                    continue;
                }
                // What an alias repeats may stand where it is text, in an extension at least.
                let fix = (!value.is_shared()).then(|| Fix {
                    title: format!("write `{boolean}`"),
                    applicability: Applicability::Safe,
                    edits: vec![Edit { span: value.span(), text: boolean.to_string() }],
                });
                cx.report(value.span(), format!("`{text}` is text to YAML 1.2, and `{key}` is a boolean"))
                    .help(format!("write `{boolean}`"))
                    .fix(fix);
            }
        });
    }
}

/// Calls `found` with every mapping that `way` leads to.
fn visit<'t>(node: Yaml<'t>, way: &[&str], found: &mut dyn FnMut(Yaml<'t>)) {
    match way.split_first() {
        None => found(node),
        Some((&"*", rest)) => {
            for child in node.items().chain(node.entries().map(|entry| entry.value)) {
                visit(child, rest, found);
            }
        }
        Some((key, rest)) => {
            if let Some(child) = node.get(key) {
                visit(child, rest, found);
            }
        }
    }
}
