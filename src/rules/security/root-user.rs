//! `root-user`: a container's main process runs as root.
//!
//! A stage that a service builds is judged with that service, whose `user:`, build arguments and
//! environment decide too; a Dockerfile's last stage that no service builds is judged by itself. So
//! the same `USER` is never reported twice.

use crate::compose::image::ImageReference;
use crate::compose::project::Build;
use crate::compose::service::{RunsAs, Service, is_root, stage_runs_as, user_of};
use crate::diagnostic::Severity;
use crate::dockerfile::{Keyword, Setting, Stage};
use crate::images::{self, User};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceMap, Span};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "root-user",
    summary: "the main process of a container runs as root",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[
            Grade::attack(Attacker::Container, Gain::Host, Needs::Fault)
                .case("if the file or a base image makes it root"),
            Grade::attack(Attacker::Container, Gain::Host, Needs::Attack)
                .case("if the maker of the image chose it, or nothing says"),
        ],
        weaknesses: &[250],
    },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/security/root-user.md"),
    equivalents: &[
        "checkov:RootUser",
        "checkov:UserExists",
        "compose-lint:CL-0018",
        "hadolint:DL3002",
        "kics:last_user_is_root",
        "kics:missing_user_instruction",
        "semgrep:last-user-is-root",
        "semgrep:missing-user",
        "semgrep:missing-user-entrypoint",
        "trivy:root_user",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(of_service), Check::Stage(of_stage)],
};

/// The equivalents where `USER` says root.
const LAST_USER: &[&str] = &[
    "checkov:RootUser",
    "hadolint:DL3002",
    "kics:last_user_is_root",
    "semgrep:last-user-is-root",
    "trivy:root_user",
];
/// The equivalents where there is no `USER`.
const NO_USER: &[&str] = &[
    "checkov:UserExists",
    "kics:missing_user_instruction",
    "semgrep:missing-user",
    "semgrep:missing-user-entrypoint",
    "trivy:root_user",
];

const OF_SERVICE: &str = "name an account without privileges in `user`";
const OF_STAGE: &str = "add an account to the image and name it in `USER`, above `CMD` and `ENTRYPOINT`";

fn of_service(service: Service<'_>, cx: &mut Context<'_>) {
    if let RunsAs::RootByService(span) = service.runs_as() {
        if !starts_as_root_by_design(service) && !service.is_job() {
            let user = service.text("user").map_or("root", |user| user.value);
            cx.report(span, format!("`user: {user}` runs the program as root"))
                .help("name an account without privileges, or remove the line if the image has one")
                .equivalents(&["compose-lint:CL-0018"]);
        }
        return;
    }
    if service.get("user").is_some() || !service.is_in_view() {
        return;
    }
    match service.build() {
        Build::OutOfReach => {}
        Build::Stage { .. } => {
            let Some(stage) = service.stage() else { return };
            if takes_its_user_from_the_environment(service) {
                return;
            }
            let label = service.entry("build").map(|entry| entry.key.span());
            judge(stage, &|name| service.build_arg(name), label, cx);
        }
        Build::None => {
            let Some(image) = service.image().filter(|_| !service.is_job()) else { return };
            match user_of(&image) {
                // Images that others made start as root because their makers want it so: nearly all
                // that is left of them here binds a low port or gives up its rights in a way that
                // cannot be seen.
                User::Root => {
                    let name = image.familiar_name();
                    cx.report(
                        image.name.span,
                        format!("`{name}` runs as root, and no `user` says otherwise"),
                    )
                    .severity(Severity::Info)
                    .only_in(Preset::Strict)
                    .help(OF_SERVICE)
                    .equivalents(&[]);
                }
                // What a service beside it builds is judged with that one.
                User::Unknown if cx.built().has_image(image.familiar_name()) => {}
                User::Unknown if !takes_its_user_from_the_environment(service) => {
                    cx.report(service.key().span(), "nothing says which user the program runs as")
                        .severity(Severity::Info)
                        .only_in(Preset::Strict)
                        .help(OF_SERVICE)
                        .equivalents(&[]);
                }
                User::Unknown | User::Drops(_) | User::NonRoot(_) => {}
            }
        }
    }
}

fn of_stage(stage: Stage<'_>, cx: &mut Context<'_>) {
    let is_last = stage.dockerfile().final_stage().is_some_and(|last| last.index() == stage.index());
    if is_last && !cx.built().has_stage(stage) {
        judge(stage, &|_| None, None, cx);
    }
}

/// Reports a stage whose image runs as root. `build` is the key of the service that builds it.
fn judge(stage: Stage<'_>, arg: &dyn Fn(&str) -> Option<String>, build: Option<Span>, cx: &mut Context<'_>) {
    if stage.is_windows() || gives_up_root(stage) {
        return;
    }
    let from = stage.from().base().map_or(stage.from().span, |base| base.image.span);
    let finding = match stage_runs_as(stage, arg) {
        RunsAs::RootByStage(span) => {
            let user = stage.user().known().map_or("root", |user| user.value);
            let finding = cx.report(span, format!("`USER {user}` is the last: the program runs as root"));
            finding
                .help("end the stage with the `USER` of an account without privileges")
                .equivalents(LAST_USER)
        }
        RunsAs::RootByImage(span, name) => {
            // Without a service nothing but `CMD` or `ENTRYPOINT` says that the image is run at all, and
            // not built upon or copied from.
            if build.is_none() && stage.cmd().is_none() && stage.entrypoint().is_none() {
                return;
            }
            let reference = stage.base_image(arg).unwrap_or_default();
            let map = SourceMap::empty();
            let kind = ImageReference::parse(&reference, &map).ok().and_then(|image| {
                images::lookup(image.familiar_name(), image.tag.map(|tag| tag.value)).map(|known| known.kind)
            });
            let message = format!("no `USER` follows, and `{name}` runs as root");
            let finding = cx.report(from, message).help(OF_STAGE).equivalents(NO_USER);
            // Whoever builds on a finished program, such as nginx, runs that program as its makers do.
            let finding = match kind {
                Some(images::Kind::Base | images::Kind::Runtime) => finding,
                _ => finding.severity(Severity::Info).only_in(Preset::Strict),
            };
            if span == from { finding } else { finding.label(span, "the image that it starts from") }
        }
        RunsAs::Unknown if matches!(stage.user(), Setting::Inherited) && stage.base_image(arg).is_some() => {
            cx.report(from, "nothing says which user the program runs as")
                .severity(Severity::Info)
                .only_in(Preset::Strict)
                .help(OF_STAGE)
                .equivalents(&["checkov:UserExists", "kics:missing_user_instruction", "semgrep:missing-user"])
        }
        RunsAs::RootByService(_) | RunsAs::Other | RunsAs::Unknown => return,
    };
    if let Some(build) = build {
        finding.label(build, "the service builds it here");
    }
}

/// Whether the image starts as root anyway and gives its rights up itself, so that `user: root` says no
/// more than it does.
fn starts_as_root_by_design(service: Service<'_>) -> bool {
    if service.get("entrypoint").is_some() {
        return false;
    }
    match service.stage() {
        Some(stage) => gives_up_root(stage),
        None => {
            service.get("build").is_none()
                && service.image().is_some_and(|image| matches!(user_of(&image), User::Drops(_)))
        }
    }
}

/// Whether a stage has a program by which an entrypoint becomes another user.
fn gives_up_root(stage: Stage<'_>) -> bool {
    const PROGRAMS: &[&str] =
        &["gosu", "su-exec", "setpriv", "s6-overlay", "s6-setuidgid", "fixuid", "runuser"];
    stage.chain().any(|stage| {
        let instructions = stage.instructions().iter();
        instructions.filter(|instruction| instruction.keyword != Keyword::User).any(|instruction| {
            let text = instruction.text.as_str();
            PROGRAMS.iter().any(|program| text.contains(program))
        })
    })
}

/// Whether variables tell an entrypoint which user to become.
fn takes_its_user_from_the_environment(service: Service<'_>) -> bool {
    const VARIABLES: &[&str] = &["PUID", "UID", "USER_ID", "USERMAP_UID", "USER_UID", "LOCAL_USER_ID"];
    service.environment().iter().any(|variable| {
        VARIABLES.contains(&variable.name.value) && variable.value.is_none_or(|value| !is_root(value.value))
    })
}
