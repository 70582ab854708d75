//! The interpreter of Rego: what it offers, and where it stops.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Once, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use regorus::utils::limits::{ExecutionTimerConfig, TimeSource};
use regorus::{Engine, PolicyLengthConfig, Value};

/// The time that one rule of a policy may take with one input.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(2);

/// So many steps are taken between two looks at the clock.
const STEPS: NonZeroU32 = NonZeroU32::new(256).expect("it is not 0");

/// The most numbers that `numbers.range` makes.
const MAX_RANGE: i64 = 1_000_000;

/// The memory that the process may hold from the first policy on, in bytes: one call can make a text of
/// any length, and nothing looks at the clock before it is made. A run without such a policy takes a
/// hundredth of that.
const MEMORY_LIMIT: u64 = 2 << 30;

/// The widest line of a policy, in characters.
const MAX_COLUMNS: NonZeroU32 = NonZeroU32::new(16_384).expect("it is not 0");

/// The functions that a policy may call, besides its own.
pub(super) const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "array.concat",
    "array.reverse",
    "array.slice",
    "base64.decode",
    "base64.encode",
    "base64.is_valid",
    "base64url.decode",
    "base64url.encode",
    "base64url.encode_no_pad",
    "bits.and",
    "bits.lsh",
    "bits.negate",
    "bits.or",
    "bits.rsh",
    "bits.xor",
    "ceil",
    "concat",
    "contains",
    "count",
    "endswith",
    "floor",
    "format_int",
    "glob.match",
    "glob.quote_meta",
    "graph.reachable",
    "graph.reachable_paths",
    "hex.decode",
    "hex.encode",
    "indexof",
    "indexof_n",
    "intersection",
    "is_array",
    "is_boolean",
    "is_null",
    "is_number",
    "is_object",
    "is_set",
    "is_string",
    "json.filter",
    "json.is_valid",
    "json.marshal",
    "json.marshal_with_options",
    "json.remove",
    "json.unmarshal",
    "lower",
    "max",
    "min",
    "net.cidr_contains",
    "numbers.range",
    "numbers.range_step",
    "object.filter",
    "object.get",
    "object.keys",
    "object.remove",
    "object.subset",
    "object.union",
    "object.union_n",
    "print",
    "product",
    "re_match",
    "regex.find_n",
    "regex.globs_match",
    "regex.is_valid",
    "regex.match",
    "regex.replace",
    "regex.split",
    "regex.template_match",
    "replace",
    "round",
    "semver.compare",
    "semver.is_valid",
    "sort",
    "split",
    "sprintf",
    "startswith",
    "strings.any_prefix_match",
    "strings.any_suffix_match",
    "strings.count",
    "strings.replace_n",
    "strings.reverse",
    "substring",
    "sum",
    "to_number",
    "trace",
    "trim",
    "trim_left",
    "trim_prefix",
    "trim_right",
    "trim_space",
    "trim_suffix",
    "type_name",
    "union",
    "units.parse",
    "units.parse_bytes",
    "upper",
    "walk",
];

/// The time since the first look at it, for the limits; policies cannot see it.
struct Clock;

impl TimeSource for Clock {
    fn now(&self) -> Option<Duration> {
        static START: OnceLock<Instant> = OnceLock::new();
        Some(START.get_or_init(Instant::now).elapsed())
    }
}

/// An interpreter without policies.
pub(super) fn new() -> Result<Engine> {
    static CLOCK: Clock = Clock;
    // A second call changes nothing.
    let _ = regorus::utils::limits::set_time_source(&CLOCK);
    static MEMORY: Once = Once::new();
    MEMORY.call_once(limit_memory);
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(false);
    engine.set_gather_prints(true);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit: TIME_LIMIT, check_interval: STEPS });
    engine.set_policy_length_config(PolicyLengthConfig {
        max_col: MAX_COLUMNS,
        ..PolicyLengthConfig::default()
    });
    engine.add_extension("numbers.range".into(), 2, Box::new(range))?;
    engine.add_extension("numbers.range_step".into(), 3, Box::new(range))?;
    engine.add_extension("net.cidr_contains".into(), 2, Box::new(cidr_contains))?;
    engine.add_extension("re_match".into(), 2, Box::new(re_match))?;
    engine.add_extension("any".into(), 1, Box::new(|arguments| is_true(&arguments, false)))?;
    engine.add_extension("all".into(), 1, Box::new(|arguments| is_true(&arguments, true)))?;
    Ok(engine)
}

/// Lets the system refuse what is past [`MEMORY_LIMIT`], so that the process ends and not the machine.
/// Where the limit cannot be set, or is lower already, nothing changes.
fn limit_memory() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let known = getrlimit(Resource::Data);
        let lowest = [known.current, known.maximum].into_iter().flatten().fold(MEMORY_LIMIT, u64::min);
        let _ = setrlimit(Resource::Data, Rlimit { current: Some(lowest), maximum: known.maximum });
    }
}

/// `numbers.range` and `numbers.range_step`, of a bounded length.
#[expect(clippy::needless_pass_by_value, reason = "the interpreter gives the arguments away")]
fn range(arguments: Vec<Value>) -> Result<Value> {
    let numbers: Option<Vec<i64>> = arguments.iter().map(|it| it.as_i64().ok()).collect();
    let Some(numbers) = numbers else { return Ok(Value::Undefined) };
    let (from, to, step) = match numbers.as_slice() {
        [from, to] => (*from, *to, 1),
        [from, to, step] if *step > 0 => (*from, *to, *step),
        _ => return Ok(Value::Undefined),
    };
    let count = (i128::from(to) - i128::from(from)).abs() / i128::from(step) + 1;
    if count > i128::from(MAX_RANGE) {
        bail!("a range of {count} numbers is longer than the {MAX_RANGE} that are made");
    }
    let signed = if from <= to { step } else { -step };
    let count = i64::try_from(count).unwrap_or(MAX_RANGE);
    Ok(Value::from((0..count).map(|index| Value::from(from + index * signed)).collect::<Vec<_>>()))
}

/// An address, and of how many leading bits it is the network.
fn network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address.parse().ok()?, Some(length.parse().ok()?)),
        None => (text.parse().ok()?, None),
    };
    let whole = if matches!(address, IpAddr::V4(_)) { 32 } else { 128 };
    let length = length.unwrap_or(whole);
    (length <= whole).then_some((address, length))
}

/// Whether all addresses of the second network are in the first.
#[expect(clippy::needless_pass_by_value, reason = "the interpreter gives the arguments away")]
fn cidr_contains(arguments: Vec<Value>) -> Result<Value> {
    let text = |index: usize| arguments.get(index).and_then(|it| it.as_string().ok());
    let networks = text(0).and_then(|it| network(it)).zip(text(1).and_then(|it| network(it)));
    let Some(((outer, outer_length), (inner, inner_length))) = networks else { return Ok(Value::Undefined) };
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, true),
        IpAddr::V6(address) => (u128::from(address), false),
    };
    let ((outer, outer_is_short), (inner, inner_is_short)) = (bits(outer), bits(inner));
    let mask = if outer_length == 0 { 0 } else { u128::MAX << (128 - outer_length) };
    let contains =
        outer_is_short == inner_is_short && inner_length >= outer_length && (outer ^ inner) & mask == 0;
    Ok(Value::from(contains))
}

/// The old name of `regex.match`.
#[expect(clippy::needless_pass_by_value, reason = "the interpreter gives the arguments away")]
fn re_match(arguments: Vec<Value>) -> Result<Value> {
    let text = |index: usize| arguments.get(index).and_then(|it| it.as_string().ok());
    let (Some(pattern), Some(text)) = (text(0), text(1)) else { return Ok(Value::Undefined) };
    Ok(regex::Regex::new(pattern).map_or(Value::Undefined, |it| Value::from(it.is_match(text))))
}

/// The old `any` and `all`: whether a collection has a `true`, or nothing else.
fn is_true(arguments: &[Value], all: bool) -> Result<Value> {
    let Some(collection) = arguments.first() else { return Ok(Value::Undefined) };
    let truth = |it: &Value| *it == Value::Bool(true);
    let answer = match collection {
        Value::Array(items) if all => items.iter().all(truth),
        Value::Array(items) => items.iter().any(truth),
        Value::Set(items) if all => items.iter().all(truth),
        Value::Set(items) => items.iter().any(truth),
        _ => return Ok(Value::Undefined),
    };
    Ok(Value::from(answer))
}
