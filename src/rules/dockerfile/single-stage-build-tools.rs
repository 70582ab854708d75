//! `single-stage-build-tools`: what is needed only to build is in the image that runs.

use crate::commands::managers::{Call, Manager, call};
use crate::commands::{Argument, scopes};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "single-stage-build-tools",
    summary: "compilers and headers are in the image that runs",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Container, Gain::Foothold, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/single-stage-build-tools.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Packages that only build others.
const TOOLS: &[&str] = &[
    "autoconf",
    "automake",
    "bazel",
    "bison",
    "build-base",
    "build-essential",
    "cargo",
    "clang",
    "cmake",
    "dpkg-dev",
    "flex",
    "g++",
    "gcc",
    "gcc-c++",
    "gfortran",
    "golang",
    "golang-go",
    "gradle",
    "libtool",
    "linux-headers",
    "make",
    "maven",
    "meson",
    "ninja",
    "ninja-build",
    "rustc",
];

/// The number of packages besides the first that are pointed at.
const MOST_LABELS: usize = 12;

fn is_tool(name: &str) -> bool {
    let name = name.split(['=', '~', '<', '>', ':']).next().unwrap_or(name);
    TOOLS.contains(&name)
        || name.ends_with("-dev")
        || name.ends_with("-devel")
        || name.eq_ignore_ascii_case("development tools")
}

fn removes(call: &Call<'_>) -> bool {
    matches!(call.action(), "remove" | "purge" | "autoremove" | "del" | "erase" | "autopurge")
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        for layer in scope.runs().filter(|layer| scope.keeps(layer)) {
            let calls = || layer.commands.iter().filter_map(call);
            for call in calls() {
                let is_system = matches!(
                    call.manager,
                    Manager::Apk | Manager::Apt | Manager::Dnf | Manager::Yum | Manager::Zypper
                );
                if !is_system || !call.installs() {
                    continue;
                }
                let tools: Vec<&Argument> =
                    call.operands.iter().copied().filter(|it| it.literal().is_some_and(is_tool)).collect();
                let Some(first) = tools.first() else { continue };
                if calls().any(|other| other.manager == call.manager && removes(&other)) {
                    continue;
                }
                let message = format!("`{}` stays in the image that runs", first.text);
                let mut finding = scope
                    .report(cx, first.span, message)
                    .help("build in a stage of its own, and copy what it made");
                for other in tools.iter().skip(1).take(MOST_LABELS) {
                    finding = finding.label(other.span, "so does this one");
                }
            }
        }
    }
}
