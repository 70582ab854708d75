//! `logging-disabled`: a service keeps no logs.

use crate::compose::service::Service;
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};
use crate::yaml::{Entry, Style, Yaml};

pub static RULE: Rule = Rule {
    name: "logging-disabled",
    summary: "a service keeps no logs",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Unnoticed, When::Failure)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/reliability/logging-disabled.md"),
    equivalents: &["compose-lint:CL-0014"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let Some(logging) = service.entry("logging") else { return };
    let Some(driver) = logging.value.entry("driver") else { return };
    if driver.value.as_str() == Some("none") {
        let fix = keep(logging, driver.value);
        cx.report(driver.span(), "the driver `none` keeps nothing of what the program prints")
            .help("write `local`, which bounds the logs that it keeps")
            .fix(fix);
    }
}

/// The fix that writes the driver `local`, whose logs are bounded. `None` where the text does not allow
/// it, or an option is not one of that driver.
fn keep(logging: Entry<'_>, driver: Yaml<'_>) -> Option<Fix> {
    let options = logging.value.get("options");
    let is_known = |name: &str| matches!(name, "max-size" | "max-file" | "compress");
    if options.is_some_and(|options| !options.entries().all(|option| is_known(option.name())))
        || driver.is_alias()
        || driver.interpolation().is_some()
        || driver.style() != Style::Plain
    {
        return None;
    }
    Some(Fix {
        title: "keep logs with the driver `local`".into(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: driver.span(), text: "local".into() }],
    })
}
