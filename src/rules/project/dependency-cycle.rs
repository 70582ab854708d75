//! `dependency-cycle`: services that wait for each other.

use std::collections::HashMap;

use crate::compose::project::Project;
use crate::compose::reference::{Need, references};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::Span;
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "dependency-cycle",
    summary: "services wait for each other, so that none can start",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Error,
    preset: Preset::Essential,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/project/dependency-cycle.md"),
    equivalents: &[],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    let names: Vec<&str> = project.service_names().collect();
    let numbers: HashMap<&str, usize> =
        names.iter().enumerate().map(|(number, name)| (*name, number)).collect();
    let edges: Vec<Vec<(usize, Span)>> = names
        .iter()
        .map(|name| {
            let Some(service) = project.service(name) else { return Vec::new() };
            references(service)
                .into_iter()
                .filter(|reference| reference.need != Need::BuildContext)
                .filter_map(|it| Some((*numbers.get(it.name.value)?, it.name.span)))
                .collect()
        })
        .collect();
    for cycle in cycles(&edges) {
        let path: Vec<&str> = cycle.iter().map(|(from, _)| names[*from]).chain([names[cycle[0].0]]).collect();
        let message = if cycle.len() == 1 {
            format!("`{}` waits for itself", path[0])
        } else {
            format!("services wait for each other: `{}`", path.join("` → `"))
        };
        let mut finding =
            cx.report(cycle[0].1, message).subject(path[0]).help("remove one of these dependencies");
        for (position, (_, span)) in cycle.iter().enumerate().skip(1) {
            finding =
                finding.label(*span, format!("`{}` waits for `{}`", path[position], path[position + 1]));
        }
    }
}

/// Cycles of the graph, one for each edge that closes one in a depth-first walk; each starts at its
/// smallest node. The walk keeps its own stack: a chain may be as long as the project.
fn cycles(edges: &[Vec<(usize, Span)>]) -> Vec<Vec<(usize, Span)>> {
    #[derive(Copy, Clone, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; edges.len()];
    let mut cycles: Vec<Vec<(usize, Span)>> = Vec::new();
    for root in 0..edges.len() {
        if states[root] != State::New {
            continue;
        }
        states[root] = State::Open;
        // Each open node with the number of its edges that were followed.
        let mut stack: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, followed)) = stack.last_mut() {
            let Some((target, _)) = edges[*node].get(*followed) else {
                states[*node] = State::Done;
                stack.pop();
                continue;
            };
            *followed += 1;
            match states[*target] {
                State::New => {
                    states[*target] = State::Open;
                    stack.push((*target, 0));
                }
                State::Open => {
                    let start = stack.iter().position(|(node, _)| node == target).unwrap_or_default();
                    let mut cycle: Vec<(usize, Span)> =
                        stack[start..].iter().map(|(node, next)| (*node, edges[*node][next - 1].1)).collect();
                    let smallest = (0..cycle.len()).min_by_key(|at| cycle[*at].0).unwrap_or_default();
                    cycle.rotate_left(smallest);
                    let same = |other: &Vec<(usize, Span)>| {
                        other.iter().map(|it| it.0).eq(cycle.iter().map(|it| it.0))
                    };
                    if !cycles.iter().any(same) {
                        cycles.push(cycle);
                    }
                }
                State::Done => {}
            }
        }
    }
    cycles
}
