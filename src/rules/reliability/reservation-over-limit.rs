//! `reservation-over-limit`: more is reserved than is allowed.

use crate::compose::service::Service;
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Spanned;
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "reservation-over-limit",
    summary: "more of a resource is reserved than the limit allows",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Refused, When::Start)], weaknesses: &[] },
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/reliability/reservation-over-limit.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Service(check)],
};

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let (limits, reservations) = (service.limits(), service.reservations());
    compare(cx, "memory is", reservations.memory, limits.memory);
    compare(cx, "processors are", reservations.cpus, limits.cpus);
    compare(cx, "processes are", reservations.pids, limits.pids);
    let swap = service.size("memswap_limit").filter(|swap| swap.value > 0);
    // Zero is no limit, and a negative number neither.
    if let (Some(swap), Some(memory)) = (swap, limits.memory)
        && memory.value > 0
        && swap.value < memory.value
    {
        cx.report(swap.span, "`memswap_limit` is below the memory limit, which is part of it")
            .label(memory.span, "the memory limit")
            .help("set it to memory and swap together, or to `-1`");
    }
}

fn compare<T: PartialOrd + Default>(
    cx: &mut Context<'_>,
    what: &str,
    reserved: Option<Spanned<T>>,
    limit: Option<Spanned<T>>,
) {
    let (Some(reserved), Some(limit)) = (reserved, limit) else { return };
    // Zero is no limit, and a negative number neither.
    if limit.value > T::default() && reserved.value > limit.value {
        cx.report(reserved.span, format!("more {what} reserved than the limit allows"))
            .label(limit.span, "the limit")
            .help("lower the reservation, or raise the limit");
    }
}
