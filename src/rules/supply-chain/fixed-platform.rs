//! `fixed-platform`: an image of one platform, whatever is built for.

use crate::diagnostic::Severity;
use crate::dockerfile::Stage;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "fixed-platform",
    summary: "a `FROM` fixes the platform of its image",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Elsewhere)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/supply-chain/fixed-platform.md"),
    equivalents: &[
        "buildkit:FromPlatformFlagConstDisallowed",
        "hadolint:DL3029",
        "kics:using_platform_with_from",
        "semgrep:avoid-platform-with-from",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Stage(check)],
};

fn check(stage: Stage<'_>, cx: &mut Context<'_>) {
    let Some(value) = stage.from().flag("platform").and_then(|flag| flag.value.as_ref()) else { return };
    let Some(platform) = value.literal().filter(|_| value.variables.is_empty()) else { return };
    let mut parts = platform.split('/');
    let (os, arch) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    // Of Windows images there is one platform only.
    if platform.is_empty() || os == "windows" {
        return;
    }
    // A stage that says in its name which platform it is for is one of several.
    let name = stage.name().map(|name| name.value.to_lowercase()).unwrap_or_default();
    let is_named = |part: &str| !part.is_empty() && name.contains(part);
    if is_named(os) || is_named(arch) {
        return;
    }
    cx.report(value.span, format!("the image is one for `{platform}`, whatever platform is built for"))
        .help("leave `--platform` out, or write `$BUILDPLATFORM` for a stage that cross-compiles");
}
