//! `merge-duplicate`: an override publishes a container port again instead of in another place.

use crate::compose::service::{PortView, Service};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "merge-duplicate",
    summary: "an override publishes a port of the container that the base publishes elsewhere, so that both count",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/merge-duplicate.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let ports = service.ports();
    for (at, over) in ports.iter().enumerate() {
        let Some(published) = over.port.published else { continue };
        let base = ports[..at].iter().find(|base| {
            base.port.target.value == over.port.target.value
                && base.port.protocol_or_default() == over.port.protocol_or_default()
                && base.yaml.span().source != over.yaml.span().source
                && base.port.published.is_some_and(|it| it.value != published.value)
        });
        let Some(base) = base else { continue };
        // A file that lists the port several times adds to what there is.
        let is_listed_again = |other: &PortView<'_>| {
            other.yaml != over.yaml
                && other.yaml.span().source == over.yaml.span().source
                && other.port.target.value == over.port.target.value
        };
        if ports.iter().any(is_listed_again) {
            continue;
        }
        let Some(other) = base.port.published else { continue };
        let message = format!(
            "port `{}` of the container is published on `{}` here and still on `{}`",
            over.port.target.value, published.value, other.value
        );
        cx.report(over.yaml.span(), message)
            .label(base.yaml.span(), "published here as well")
            .help("write `ports: !override` to replace the list of the base");
    }
}
