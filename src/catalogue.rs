//! The list of rules, for people and machines.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::Severity;
use crate::rule::{FixAvailability, Preset};
use crate::rules::RULES;
use crate::stakes::{Attacker, Gain, Grade, Harm, Needs, Score, Stake, When};

/// What a machine is told of a rule.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// The name.
    pub name: &'static str,
    /// The category.
    pub category: &'static str,
    /// The severity of its findings, unless one says otherwise.
    pub severity: Severity,
    /// The number of its findings for code scanning, from 0.1 to 10.0. `None` for a rule that is not about
    /// attacks.
    pub security_severity: Option<Score>,
    /// Each severity that its findings may have, with what is at stake, its own first.
    pub grades: Vec<ListedGrade>,
    /// The names of the weaknesses in the Common Weakness Enumeration, such as `CWE-250`.
    pub weaknesses: Vec<String>,
    /// The smallest preset that has it.
    pub preset: Preset,
    /// Whether its findings can be fixed.
    pub fix: FixAvailability,
    /// What it reports.
    pub summary: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// The same check in other tools.
    pub equivalents: &'static [&'static str],
    /// The peer rules that are answered otherwise by design, with the reason.
    pub deviations: BTreeMap<&'static str, &'static str>,
}

/// What a machine is told of one severity of a rule.
#[derive(Debug, Serialize)]
pub struct ListedGrade {
    /// The severity.
    pub severity: Severity,
    /// Which findings have it; empty for a rule with one severity.
    pub case: &'static str,
    /// The number of these findings.
    pub security_severity: Option<Score>,
    /// The place in the model.
    #[serde(flatten)]
    pub place: Place,
    /// What is at stake, as a sentence without its period.
    pub stake: String,
    /// Why the severity is not the one that follows from the model.
    pub departure: Option<&'static str>,
}

/// A place in the model: of an attack or of a fault.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// An attack.
    Attack {
        /// Where the attacker stands before.
        attacker: Attacker,
        /// What they have after.
        gain: Gain,
        /// What else has to be so.
        needs: Needs,
    },
    /// A fault.
    Fault {
        /// What stops working.
        harm: Harm,
        /// When.
        when: When,
    },
}

impl From<&Grade> for ListedGrade {
    fn from(grade: &Grade) -> Self {
        Self {
            severity: grade.severity,
            case: grade.case,
            security_severity: grade.stake.score(),
            place: match grade.stake {
                Stake::Attack(attacker, gain, needs) => Place::Attack { attacker, gain, needs },
                Stake::Fault(harm, when) => Place::Fault { harm, when },
            },
            stake: grade.stake.told(),
            departure: Some(grade.departure).filter(|reason| !reason.is_empty()),
        }
    }
}

/// Every rule, by name.
pub fn listed() -> impl Iterator<Item = Listed> {
    RULES.iter().map(|(category, rule)| Listed {
        name: rule.name,
        category,
        severity: rule.severity,
        security_severity: rule.stakes.score(),
        grades: rule.stakes.grades.iter().map(ListedGrade::from).collect(),
        weaknesses: rule.stakes.weaknesses.iter().map(|number| format!("CWE-{number}")).collect(),
        preset: rule.preset,
        fix: rule.fix,
        summary: rule.summary,
        since: rule.since,
        equivalents: rule.equivalents,
        deviations: rule.deviations.iter().copied().collect(),
    })
}
