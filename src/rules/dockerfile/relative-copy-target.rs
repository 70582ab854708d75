//! `relative-copy-target`: files copied to a path that depends on the image.

use crate::compose::image::ImageReference;
use crate::diagnostic::Severity;
use crate::dockerfile::files::{file_name, is_absolute};
use crate::dockerfile::{Keyword, Origin, Setting, Stage};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::source::SourceMap;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "relative-copy-target",
    summary: "files are copied to a relative path, and no `WORKDIR` says where that is",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/relative-copy-target.md"),
    equivalents: &["hadolint:DL3045"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Images whose working directory is the root.
const AT_ROOT: &[&str] = &[
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "buildpack-deps",
    "busybox",
    "centos",
    "debian",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "fedora",
    "gcc",
    "haskell",
    "ibmjava",
    "maven",
    "mcr.microsoft.com/dotnet/aspnet",
    "mcr.microsoft.com/dotnet/runtime",
    "mcr.microsoft.com/dotnet/sdk",
    "nginx",
    "node",
    "openjdk",
    "oraclelinux",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "scratch",
    "ubuntu",
];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let Some(dockerfile) = file.dockerfile() else { return };
    for part in dockerfile.parts() {
        let under = part.stage.and_then(|stage| match stage.base()? {
            Origin::Stage(under) => Some(under),
            Origin::Image(_) => None,
        });
        if under.is_some_and(|under| under.workdir() != Setting::Inherited) {
            continue;
        }
        let is_known = part.stage.is_none_or(|stage| !stage.is_windows() && starts_at_root(stage));
        let before = part.instructions.iter().take_while(|it| it.keyword != Keyword::Workdir);
        for instruction in before {
            let Some(files) = instruction.files() else { continue };
            let target = &files.destination;
            let path = target.text();
            if path.is_empty() || path.starts_with('$') || is_absolute(&path) {
                continue;
            }
            let shown = path.trim_end_matches('/');
            let message = format!("`{shown}` is relative, and no `WORKDIR` says to what");
            let finding = cx.report(target.span, message);
            let finding =
                finding.stage(part.name()).help("set a `WORKDIR` above, or write the path from the root");
            if !is_known {
                finding.severity(Severity::Info).only_in(Preset::Strict);
            } else if !path.ends_with('/') && file_name(&path).trim_start_matches('.').contains('.') {
                // One file in the root is seen where it is used.
                finding.severity(Severity::Info);
            }
        }
    }
}

/// Whether the stage starts in `/`: then nobody has chosen the directory.
fn starts_at_root(stage: Stage<'_>) -> bool {
    let Some(image) = stage.external_image() else { return false };
    let map = SourceMap::empty();
    ImageReference::parse(image, &map)
        .is_ok_and(|image| AT_ROOT.binary_search(&image.familiar_name()).is_ok())
}
