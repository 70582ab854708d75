//! `top-level-order`: the sections of a file are not in the usual order.

use crate::configuration::options::OptionsType;
use crate::diagnostic::Severity;
use crate::ordering::{self, Order};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "top-level-order",
    summary: "the sections of a file are not in the usual order",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Warning,
    preset: Preset::Style,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/style/top-level-order.md"),
    equivalents: &["dclint:top-level-properties-order", "nbsp1221-composelint:top-level-order"],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Order>();

/// The order of the sections. `version` and extensions may be anywhere.
const ORDER: &[&str] =
    &["name", "include", "services", "models", "networks", "volumes", "configs", "secrets"];

fn check(file: File<'_>, cx: &mut Context<'_>) {
    let order = cx.options::<Order>();
    let keys = order.or(ORDER);
    for root in file.documents().iter().filter_map(|document| document.root()) {
        ordering::report_keys(root, &keys, None, cx);
    }
}
