//! What is at stake where a rule finds something: the model of `docs/severity.md`, from which severities
//! and the numbers for code scanning follow.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::diagnostic::Severity;

/// Where an attacker stands before.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Attacker {
    /// Reads the repository, the image or what the engine says of a container.
    Reader,
    /// Reaches the host's ports, or stands between a machine and what it downloads.
    Network,
    /// Decides what an image, package or script that is downloaded holds.
    Publisher,
    /// Runs code in the container, after a hole in its program.
    Container,
}

/// What an attacker has after that was not theirs before.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gain {
    /// Root on the host, and with it every other container.
    Host,
    /// A password, token or key that opens something else.
    Credential,
    /// A place to run code: a build, an image or a container.
    Code,
    /// Something of others: a service's data, the host's processes, memory, network or clock.
    Others,
    /// More rights, tools or time in the container that is taken already.
    Foothold,
}

/// What else has to be so before an attacker gains it.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Needs {
    /// Nothing: what the file says is enough.
    Nothing,
    /// A second fault, such as a hole in the kernel, a password that is guessed, an account that is lost.
    Fault,
    /// A whole attack by another way: nothing is open, but a layer that would stop it is absent.
    Attack,
}

/// What stops working.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Harm {
    /// The engine refuses it, or it cannot work on any machine.
    Refused,
    /// A service is down, slow or does something else than the file says.
    Outage,
    /// Data is gone.
    Loss,
    /// A failure is there and nobody is told.
    Unnoticed,
    /// Nothing but time, space or clarity is lost.
    Waste,
}

/// When it stops working.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// At each build or start.
    Start,
    /// When a container ends, hangs or is replaced, which happens to each of them.
    Failure,
    /// On another machine than the author's.
    Elsewhere,
    /// Under a load that may never come.
    Load,
    /// After weeks or months.
    Time,
    /// If something holds that no file says.
    Depends,
}

/// What is at stake in one case.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Stake {
    /// An attack that becomes possible or easier.
    Attack(Attacker, Gain, Needs),
    /// A fault without an attacker.
    Fault(Harm, When),
}

/// The number that code scanning sorts security findings by: 0.1 to 10.0.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Score {
    tenths: u8,
}

impl fmt::Display for Score {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.tenths / 10, self.tenths % 10)
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.tenths) / 10.0)
    }
}

impl Stake {
    /// The severity that follows.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Attack(_, _, Needs::Attack) => Severity::Info,
            Self::Attack(_, Gain::Host, Needs::Nothing)
            | Self::Attack(
                Attacker::Reader | Attacker::Network | Attacker::Publisher,
                Gain::Credential | Gain::Code,
                Needs::Nothing,
            ) => Severity::Error,
            Self::Attack(..) => Severity::Warning,
            Self::Fault(Harm::Refused, _) => Severity::Error,
            Self::Fault(Harm::Waste, _) | Self::Fault(_, When::Load | When::Time | When::Depends) => {
                Severity::Info
            }
            Self::Fault(_, When::Start | When::Failure | When::Elsewhere) => Severity::Warning,
        }
    }

    /// The number of an attack, always in the band that code scanning has for its severity: 7.0 and more
    /// for an error, 4.0 to 6.9 for a warning, less for an info. A fault has none.
    pub const fn score(self) -> Option<Score> {
        let Self::Attack(attacker, gain, needs) = self else { return None };
        let floor = match (self.severity(), needs) {
            (Severity::Error, _) => 70,
            (Severity::Warning, Needs::Nothing) => 50,
            (Severity::Warning, _) => 40,
            (Severity::Info, _) => 10,
        };
        let gain = match gain {
            Gain::Host => 23,
            Gain::Credential => 15,
            Gain::Code => 12,
            Gain::Others => 6,
            Gain::Foothold => 0,
        };
        let attacker = match attacker {
            Attacker::Reader | Attacker::Network => 4,
            Attacker::Publisher => 2,
            Attacker::Container => 0,
        };
        Some(Score { tenths: floor + gain + attacker })
    }

    /// What is at stake, as a sentence without its period.
    pub fn told(self) -> String {
        match self {
            Self::Attack(attacker, gain, needs) => {
                let attacker = match attacker {
                    Attacker::Reader => "whoever reads the repository or the image",
                    Attacker::Network => "whoever is on the network",
                    Attacker::Publisher => "whoever publishes what is downloaded",
                    Attacker::Container => "whoever runs code in the container",
                };
                let gain = match gain {
                    Gain::Host => "the host",
                    Gain::Credential => "a credential",
                    Gain::Code => "a place to run code",
                    Gain::Others => "what belongs to others",
                    Gain::Foothold => "a better foothold there",
                };
                match needs {
                    Needs::Nothing => format!("{attacker} gains {gain}; nothing else is needed"),
                    Needs::Fault => format!("{attacker} gains {gain}, given a second fault"),
                    Needs::Attack => {
                        format!("nothing is open, but a layer is absent between {attacker} and {gain}")
                    }
                }
            }
            Self::Fault(harm, when) => {
                let harm = match harm {
                    Harm::Refused => "the engine refuses it or it cannot work",
                    Harm::Outage => "a service is down, slow or wrong",
                    Harm::Loss => "data is lost",
                    Harm::Unnoticed => "a failure goes unnoticed",
                    Harm::Waste => "time, space or clarity is wasted",
                };
                let when = match when {
                    When::Start => "at each build or start",
                    When::Failure => "when a container ends, hangs or is replaced",
                    When::Elsewhere => "on another machine",
                    When::Load => "under load",
                    When::Time => "after weeks or months",
                    When::Depends => "if something holds that no file says",
                };
                format!("{when}, {harm}")
            }
        }
    }
}

/// One severity of a rule, and what is at stake in the findings that have it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Grade {
    /// Which findings, as the end of a sentence; empty for a rule with one severity.
    pub case: &'static str,
    /// What is at stake.
    pub stake: Stake,
    /// The severity of the findings.
    pub severity: Severity,
    /// Why the severity is not the one that follows from the model; empty where it is.
    pub departure: &'static str,
}

impl Grade {
    /// The grade of an attack.
    pub const fn attack(attacker: Attacker, gain: Gain, needs: Needs) -> Self {
        Self::of(Stake::Attack(attacker, gain, needs))
    }

    /// The grade of a fault.
    pub const fn fault(harm: Harm, when: When) -> Self {
        Self::of(Stake::Fault(harm, when))
    }

    const fn of(stake: Stake) -> Self {
        Self { case: "", stake, severity: stake.severity(), departure: "" }
    }

    /// The findings that have it, where the rule has several severities.
    pub const fn case(self, case: &'static str) -> Self {
        Self { case, ..self }
    }

    /// Another severity than the one that follows, and why.
    pub const fn departs(self, severity: Severity, departure: &'static str) -> Self {
        Self { severity, departure, ..self }
    }
}

/// What is at stake where a rule finds something.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Stakes {
    /// One for each severity of the rule's findings, its own first. Empty for a rule outside the model.
    pub grades: &'static [Grade],
    /// The numbers of the Common Weakness Enumeration.
    pub weaknesses: &'static [u16],
}

impl Stakes {
    /// Those of a rule outside the model: what the engine refuses, what is obsolete, what is style.
    pub const NONE: Self = Self { grades: &[], weaknesses: &[] };

    /// The number for code scanning: that of the rule's own severity. `None` for a rule that is not about
    /// attacks.
    pub fn score(&self) -> Option<Score> {
        self.grades.first()?.stake.score()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTACKERS: [Attacker; 4] =
        [Attacker::Reader, Attacker::Network, Attacker::Publisher, Attacker::Container];
    const GAINS: [Gain; 5] = [Gain::Host, Gain::Credential, Gain::Code, Gain::Others, Gain::Foothold];
    const NEEDS: [Needs; 3] = [Needs::Nothing, Needs::Fault, Needs::Attack];

    fn score(attacker: Attacker, gain: Gain, needs: Needs) -> Score {
        Stake::Attack(attacker, gain, needs).score().expect("an attack has a number")
    }

    #[test]
    fn every_number_is_in_the_band_of_its_severity() {
        for attacker in ATTACKERS {
            for gain in GAINS {
                for needs in NEEDS {
                    let stake = Stake::Attack(attacker, gain, needs);
                    let tenths = score(attacker, gain, needs).tenths;
                    let band = match stake.severity() {
                        Severity::Error => 70..=100,
                        Severity::Warning => 40..=69,
                        Severity::Info => 1..=39,
                    };
                    assert!(band.contains(&tenths), "{stake:?}: {tenths}");
                }
            }
        }
    }

    #[test]
    fn more_to_gain_and_less_to_need_never_lowers_the_number() {
        for attacker in ATTACKERS {
            for needs in NEEDS {
                for pair in GAINS.windows(2) {
                    assert!(score(attacker, pair[0], needs) > score(attacker, pair[1], needs), "{pair:?}");
                }
            }
            for gain in GAINS {
                for pair in NEEDS.windows(2) {
                    assert!(score(attacker, gain, pair[0]) > score(attacker, gain, pair[1]), "{pair:?}");
                }
            }
        }
    }

    #[test]
    fn a_number_has_one_decimal() {
        let host = score(Attacker::Container, Gain::Host, Needs::Nothing);
        assert_eq!(host.to_string(), "9.3");
        assert_eq!(serde_json::to_string(&host).expect("it is a number"), "9.3");
        assert_eq!(score(Attacker::Container, Gain::Foothold, Needs::Fault).to_string(), "4.0");
    }

    #[test]
    fn a_fault_has_a_severity_and_no_number() {
        let refused = Stake::Fault(Harm::Refused, When::Start);
        assert_eq!((refused.severity(), refused.score()), (Severity::Error, None));
        assert_eq!(Stake::Fault(Harm::Loss, When::Failure).severity(), Severity::Warning);
        assert_eq!(Stake::Fault(Harm::Loss, When::Depends).severity(), Severity::Info);
        assert_eq!(Stake::Fault(Harm::Waste, When::Start).severity(), Severity::Info);
    }
}
