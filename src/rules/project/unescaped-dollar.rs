//! `unescaped-dollar`: a `$` that is meant for a shell or is part of a password, and that Compose takes
//! for a variable of its own.

use crate::compose::occurrence::{Blank, Cause, Scalar, scalars};
use crate::compose::project::Project;
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "unescaped-dollar",
    summary: "a `$` that is not meant for Compose is taken for a variable and becomes blank",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/project/unescaped-dollar.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for scalar in scalars(project) {
        let blanks: Vec<&Blank> =
            scalar.blanks(project).iter().filter(|blank| reason(blank).is_some()).collect();
        let Some(reason) = blanks.first().copied().and_then(reason) else { continue };
        let is_secret = blanks.iter().any(|blank| matches!(blank.cause, Cause::Hash | Cause::Password));
        if is_secret {
            cx.mask(scalar.yaml.span());
        }
        let service = match scalar.keys.as_slice() {
            ["services", name, _, ..] => Some(*name),
            _ => None,
        };
        let mut finding = cx
            .report(blanks[0].name.span, reason)
            .help("write `$$` for a dollar that is not Compose's")
            .fix(escape(&scalar, &blanks));
        if let Some(service) = service {
            finding = finding.subject(service);
        }
        if let Cause::SetInContainer(at) = blanks[0].cause
            && scalar.yaml.span().source == at.source
        {
            finding = finding.label(at, "set in the container only");
        }
        for blank in blanks.iter().skip(1).take(3) {
            finding = finding.label(blank.name.span, "blank too");
        }
    }
}

/// Why the dollar is not meant for Compose; `None` if it may be.
fn reason(blank: &Blank) -> Option<String> {
    let name = &blank.name.value;
    let owner = match blank.cause {
        Cause::SetByScript => "the script's",
        Cause::SetInContainer(_) => "the container's",
        Cause::Awk => "awk's",
        Cause::Nginx => "nginx's",
        Cause::Hash => {
            return Some(
                "a part of the password's hash is taken for a variable, and Compose blanks it".into(),
            );
        }
        Cause::Password => {
            return Some("a part of the password is taken for a variable, and Compose blanks it".into());
        }
        Cause::SetElsewhere(_) | Cause::Unset | Cause::Unknown => return None,
    };
    Some(format!("`{name}` is {owner} own variable, and Compose blanks it"))
}

/// A second dollar before each that is not Compose's.
fn escape(scalar: &Scalar<'_>, blanks: &[&Blank]) -> Option<Fix> {
    // What an inline Dockerfile says is not known before: other rules would then judge it anew.
    if scalar.keys.last() == Some(&"dockerfile_inline") {
        return None;
    }
    let edits: Vec<Edit> = blanks
        .iter()
        .map(|blank| {
            let at = blank.name.span;
            let text = scalar.yaml.tree().text(at.source)?;
            let is_dollar = text.as_bytes().get(at.start as usize) == Some(&b'$');
            is_dollar.then(|| Edit { span: Span { end: at.start, ..at }, text: "$".into() })
        })
        .collect::<Option<_>>()?;
    Some(Fix { title: "write the dollar twice".into(), applicability: Applicability::Unsafe, edits })
}
