//! `system-workdir`: a working directory that belongs to the system.

use crate::diagnostic::Severity;
use crate::dockerfile::{Arguments, Keyword};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "system-workdir",
    summary: "a `WORKDIR` is a directory of the system",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Host, Needs::Fault)],
        weaknesses: &[],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/system-workdir.md"),
    equivalents: &["trivy:prevent_sys_workdir_mounts"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Directories of the kernel and of the boot loader, with all that is in them.
const TREES: &[&str] = &["/boot", "/dev", "/initrd", "/lost+found", "/proc", "/sys"];
/// Directories of which only a part below may be an application's.
const EXACT: &[&str] =
    &["/bin", "/etc", "/lib", "/lib64", "/run", "/sbin", "/usr", "/usr/bin", "/usr/lib", "/usr/sbin", "/var"];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        for instruction in part.instructions.iter().map(|outer| outer.acting()) {
            let (Keyword::Workdir, Arguments::Word(word)) = (instruction.keyword, &instruction.arguments)
            else {
                continue;
            };
            let Some(path) = word.literal() else { continue };
            let path = if path.len() > 1 { path.trim_end_matches('/') } else { path.as_str() };
            let is_below = |tree: &&str| path.strip_prefix(*tree).is_some_and(|it| it.starts_with('/'));
            let tree = TREES.iter().find(|tree| path == **tree || is_below(tree));
            if tree.is_none() && !EXACT.contains(&path) {
                continue;
            }
            let finding =
                cx.report(word.span, format!("`{path}` belongs to the system, not to an application"));
            let finding =
                finding.stage(part.name()).help("work in a directory of the application, such as `/app`");
            if tree.is_none() {
                finding.equivalents(&[]);
            }
        }
    }
}
