//! `missing-dockerignore`: a whole directory copied with what does not belong in an image.

use crate::compose::paths::{Purpose, Reach, path_uses};
use crate::compose::project::normal;
use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::dockerfile::Stage;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "missing-dockerignore",
    summary: "a whole directory is copied into an image, and no `.dockerignore` leaves anything out",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Reader, Gain::Credential, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/dockerfile/missing-dockerignore.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Build(check)],
};

fn check(service: Service<'_>, stage: Stage<'_>, cx: &mut Context<'_>) {
    let uses = path_uses(service);
    let path = |purpose| uses.iter().find(|it| it.purpose == purpose).map(|it| (it.path.clone(), it.span));
    let Some((context, span)) = path(Purpose::Context) else { return };
    let paths = service.project().paths();
    let is_there = |name: &str| matches!(paths.reach(&normal(&context.join(name))), Some(Reach::Found(_)));
    // One of these says that the directory was looked into.
    let Some(kept) = [".git", ".env", "node_modules"].into_iter().find(|name| is_there(name)) else { return };
    if is_there(".dockerignore") {
        return;
    }
    // BuildKit prefers the file that is named after the Dockerfile.
    if path(Purpose::Dockerfile).is_some_and(|(file, _)| file.file_name() != Some("Dockerfile".as_ref())) {
        return;
    }
    for stage in stage.dockerfile().stages().filter(|it| it.index() <= stage.index()) {
        for instruction in stage.instructions() {
            let Some(files) = instruction.files().filter(|_| instruction.flag("from").is_none()) else {
                continue;
            };
            let Some(source) = files.sources.iter().find(|it| matches!(it.raw.as_str(), "." | "./")) else {
                continue;
            };
            cx.report(source.span, format!("`{kept}` is copied too: the context has no `.dockerignore`"))
                .label(span, "the service builds this directory")
                .help("add a `.dockerignore` with what no image needs");
            return;
        }
    }
}
