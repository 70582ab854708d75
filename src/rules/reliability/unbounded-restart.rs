//! `unbounded-restart`: a program that fails at its start is started anew without end.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "unbounded-restart",
    summary: "a program that fails at its start is started anew without end",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Waste, When::Failure)], weaknesses: &[] },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/unbounded-restart.md"),
    equivalents: &["kics:restart_policy_on_failure_not_set_to_5"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

/// The number of attempts that the CIS benchmark allows.
const MOST: i64 = 5;

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let help = format!("write `on-failure:{MOST}`");
    if let Some(restart) = service.text("restart") {
        let rest = restart.value.strip_prefix("on-failure");
        match rest.map(|rest| rest.strip_prefix(':').map_or(Ok(0), str::parse::<i64>)) {
            Some(Ok(0)) => {
                cx.report(restart.span, "`on-failure` without a number tries without end").help(help);
            }
            Some(Ok(number)) if number > MOST => {
                cx.report(restart.span, format!("`{}` tries more than {MOST} times", restart.value))
                    .help(help);
            }
            _ => {}
        }
    }
    let Some(policy) = service.get("deploy").and_then(|deploy| deploy.entry("restart_policy")) else {
        return;
    };
    if policy.value.get("condition").and_then(|condition| condition.as_str()) != Some("on-failure") {
        return;
    }
    let help = format!("set `max_attempts: {MOST}`");
    match policy.value.entry("max_attempts") {
        None => {
            cx.report(policy.key.span(), "`restart_policy` without `max_attempts` tries without end")
                .help(help);
        }
        Some(entry) if entry.value.as_int().is_some_and(|number| number > MOST || number == 0) => {
            cx.report(entry.span(), format!("the policy tries more than {MOST} times")).help(help);
        }
        Some(_) => {}
    }
}
