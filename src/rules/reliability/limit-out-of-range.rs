//! `limit-out-of-range`: a limit is below or above what the configuration allows.

use serde::{Deserialize, Serialize};

use crate::compose::service::Service;
use crate::compose::size::Size;
use crate::configuration::options::{Form, OptionKey, Options, OptionsType};
use crate::diagnostic::Severity;
use crate::rule::{Check, Context, FixAvailability, Preset, Rule};
use crate::source::{SourceMap, Span};
use crate::stakes::{Grade, Harm, Stakes, When};

pub static RULE: Rule = Rule {
    name: "limit-out-of-range",
    summary: "a limit is below or above what the configuration allows",
    since: "0.1.0",
    stakes: Stakes { grades: &[Grade::fault(Harm::Outage, When::Start)], weaknesses: &[] },
    severity: Severity::Warning,
    preset: Preset::Configured,
    fix: FixAvailability::None,
    equivalents: &[],
    deviations: &[],
    is_for_production: true,
    page: include_str!("../../../rules/reliability/limit-out-of-range.md"),
    checks: &[Check::Service(check)],
};

pub static OPTIONS: OptionsType = OptionsType::of::<Ranges>();

/// What limits may be.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Ranges {
    min_memory: Option<Bytes>,
    max_memory: Option<Bytes>,
    min_cpus: Option<f64>,
    max_cpus: Option<f64>,
}

/// A size as it is written, and its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes {
    text: String,
    bytes: i64,
}

impl TryFrom<String> for Bytes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match Size::parse(&text, &SourceMap::empty()) {
            Ok(size) => Ok(Self { bytes: size.bytes, text }),
            Err(_) => Err(format!("`{text}` is no size, such as `512m`")),
        }
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        bytes.text
    }
}

impl Options for Ranges {
    const KEYS: &'static [OptionKey] = &[
        OptionKey {
            name: "min-memory",
            about: "The least limit of memory, such as `64m`.",
            form: Form::Size,
        },
        OptionKey {
            name: "max-memory",
            about: "The greatest limit of memory, such as `4g`.",
            form: Form::Size,
        },
        OptionKey { name: "min-cpus", about: "The least limit of processors.", form: Form::Number },
        OptionKey { name: "max-cpus", about: "The greatest limit of processors.", form: Form::Number },
    ];
}

fn check(service: Service<'_>, cx: &mut Context<'_>) {
    let ranges = cx.options::<Ranges>();
    let limits = service.limits();
    // Zero is no limit, and a negative number neither.
    if let Some(memory) = limits.memory.filter(|memory| memory.value > 0) {
        let below = ranges.min_memory.as_ref().filter(|least| memory.value < least.bytes);
        let above = ranges.max_memory.as_ref().filter(|most| memory.value > most.bytes);
        report("memory", memory.span, below.map(|it| &it.text), above.map(|it| &it.text), cx);
    }
    if let Some(cpus) = limits.cpus.filter(|cpus| cpus.value > 0.0) {
        let below = ranges.min_cpus.filter(|least| cpus.value < *least).map(|it| it.to_string());
        let above = ranges.max_cpus.filter(|most| cpus.value > *most).map(|it| it.to_string());
        report("processors", cpus.span, below.as_ref(), above.as_ref(), cx);
    }
}

fn report(what: &str, span: Span, below: Option<&String>, above: Option<&String>, cx: &mut Context<'_>) {
    if let Some(least) = below {
        cx.report(span, format!("the limit of {what} is below `{least}`"))
            .help(format!("raise it to `{least}` or more"));
    } else if let Some(most) = above {
        cx.report(span, format!("the limit of {what} is above `{most}`"))
            .help(format!("lower it to `{most}` or less"));
    }
}
