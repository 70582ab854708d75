//! How texts are written: durations, ports, names and so on, each judged by the parser of its form.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::compose::canonical::words;
use crate::compose::cpus::Cpus;
use crate::compose::device::Device;
use crate::compose::duration::Duration;
use crate::compose::env_entry::EnvEntry;
use crate::compose::extra_hosts::ExtraHost;
use crate::compose::image::ImageReference;
use crate::compose::mount::Mount;
use crate::compose::port::{Port, PortRange, Protocol};
use crate::compose::size::Size;
use crate::compose::syntax::SyntaxError;
use crate::nearest::nearest;
use crate::source::SourceMap;
use crate::yaml::scalar::cast_bool;

/// How a text is written; the `format` of the schema.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Boolean,
    CommandLine,
    ContainerName,
    Count,
    CpuTime,
    Cpus,
    Device,
    Duration,
    ExtraHost,
    FileMode,
    HealthTest,
    Image,
    Integer,
    IpAddress,
    Ipv4Address,
    Ipv6Address,
    Mount,
    Number,
    Platform,
    Port,
    PortNumber,
    PortRange,
    ProjectName,
    PullPolicy,
    Restart,
    Size,
    SomeText,
    Variable,
}

/// The forms by their names in the schema.
pub(super) const FORMS: &[(&str, Form)] = &[
    ("boolean", Form::Boolean),
    ("command-line", Form::CommandLine),
    ("container-name", Form::ContainerName),
    ("count", Form::Count),
    ("cpu-time", Form::CpuTime),
    ("cpus", Form::Cpus),
    ("device", Form::Device),
    ("duration", Form::Duration),
    ("extra-host", Form::ExtraHost),
    ("file-mode", Form::FileMode),
    ("health-test", Form::HealthTest),
    ("image", Form::Image),
    ("integer", Form::Integer),
    ("ip-address", Form::IpAddress),
    ("ipv4-address", Form::Ipv4Address),
    ("ipv6-address", Form::Ipv6Address),
    ("mount", Form::Mount),
    ("number", Form::Number),
    ("platform", Form::Platform),
    ("port", Form::Port),
    ("port-number", Form::PortNumber),
    ("port-range", Form::PortRange),
    ("project-name", Form::ProjectName),
    ("pull-policy", Form::PullPolicy),
    ("restart", Form::Restart),
    ("size", Form::Size),
    ("some-text", Form::SomeText),
    ("variable", Form::Variable),
];

const RESTARTS: &[&str] = &["always", "no", "on-failure", "unless-stopped"];

const PULL_POLICIES: &[&str] =
    &["always", "build", "daily", "if_not_present", "missing", "never", "refresh", "weekly"];

const HEALTH_TESTS: &[&str] = &["CMD", "CMD-SHELL", "NONE"];

/// The operating systems that stand alone for a platform.
const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

/// The architectures that stand alone for a platform.
const ARCHITECTURES: &[&str] = &[
    "386", "aarch64", "amd64", "arm", "arm64", "armel", "armhf", "i386", "loong64", "mips", "mips64",
    "mips64le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64",
    "wasm", "x86-64", "x86_64",
];

impl Form {
    /// Whether a text that is not of the form is another type than the one that belongs there.
    pub(super) fn is_of_type(self) -> bool {
        matches!(self, Self::Boolean | Self::Integer | Self::Number | Self::FileMode)
    }

    /// Whether the engine reads any text here, and asks for the form when it makes the containers.
    pub(super) fn is_late(self) -> bool {
        matches!(
            self,
            Self::ContainerName
                | Self::HealthTest
                | Self::Image
                | Self::Ipv4Address
                | Self::Ipv6Address
                | Self::Platform
                | Self::PortNumber
                | Self::PortRange
                | Self::PullPolicy
                | Self::Restart
        )
    }

    /// What is accepted, in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Boolean => "`true` or `false`",
            Self::CommandLine => "a command",
            Self::ContainerName | Self::ProjectName => "a name",
            Self::Count => "a number or `all`",
            Self::CpuTime | Self::Number => "a number",
            Self::Cpus => "a number of processors such as `0.5`",
            Self::Device => "a device such as `/dev/ttyUSB0`",
            Self::Duration => "a duration such as `30s`",
            Self::ExtraHost => "a host such as `name=10.0.0.2`",
            Self::FileMode => "a file mode such as `\"0440\"`",
            Self::HealthTest => "`CMD`, `CMD-SHELL` or `NONE`",
            Self::Image => "an image such as `nginx:1.27`",
            Self::Integer => "a whole number",
            Self::IpAddress => "an IP address",
            Self::Ipv4Address => "an IPv4 address",
            Self::Ipv6Address => "an IPv6 address",
            Self::Mount => "a mount such as `./data:/data`",
            Self::Platform => "a platform such as `linux/arm64`",
            Self::Port => "a port such as `8080:80`",
            Self::PortNumber | Self::PortRange => "a port",
            Self::PullPolicy => "a pull policy such as `always`",
            Self::Restart => "a restart policy such as `unless-stopped`",
            Self::Size => "a size such as `512m`",
            Self::SomeText => "a text",
            Self::Variable => "a text such as `NAME=value`",
        }
    }

    /// What to write in place of a text that is not of the form.
    pub(super) fn help(self, text: &str) -> String {
        let one_of = |names: &[&'static str]| match near(text, names) {
            Some(name) => format!("write `{name}`"),
            None => format!("write {}", listed(names)),
        };
        match self {
            Self::Boolean => "write `true` or `false`".into(),
            Self::CommandLine => "close the quote, or write the command as a list of words".into(),
            Self::ContainerName => {
                "write letters, digits, `_`, `.` and `-`, from a letter or digit on, at least two".into()
            }
            Self::Count => "write a number or `all`".into(),
            Self::CpuTime => "write microseconds, such as `95000`".into(),
            Self::Cpus => "write a number such as `0.5`".into(),
            Self::Device => {
                "write `SOURCE:TARGET:PERMISSIONS`, such as `/dev/ttyUSB0:/dev/ttyUSB0:rw`".into()
            }
            Self::Duration if is_number(text) => format!("write `{text}s` for seconds, or another unit"),
            Self::Duration => "write numbers with `ms`, `s`, `m` or `h`, such as `1m30s`".into(),
            Self::ExtraHost => "write `name=address`, such as `db.internal=10.0.0.2`".into(),
            Self::FileMode => "write an octal number in quotes, such as `\"0440\"`".into(),
            Self::HealthTest => {
                "start with `CMD` to run a program, with `CMD-SHELL` for a line of shell".into()
            }
            Self::Image => image_help(text),
            Self::Integer => "write a whole number without quotes".into(),
            Self::IpAddress => "write an address such as `127.0.0.1` or `::1`".into(),
            Self::Ipv4Address => "write an address such as `172.20.0.10`".into(),
            Self::Ipv6Address => "write an address such as `2001:db8::10`".into(),
            Self::Mount => mount_help(text),
            Self::Number => "write a number without quotes".into(),
            Self::Platform => "write the system and the architecture, such as `linux/arm64`".into(),
            Self::Port => port_help(text),
            Self::PortNumber => "write a port from 1 to 65535".into(),
            Self::PortRange => "write a port or a range, such as `8080` or `8000-8010`".into(),
            Self::ProjectName => match project_name(text) {
                Some(name) => format!("write `{name}`"),
                None => "write lower-case letters, digits, `_` and `-`".into(),
            },
            Self::PullPolicy => match near(text, PULL_POLICIES) {
                Some(name) => format!("write `{name}`"),
                None => format!("write {}, or `every_` and a duration", listed(PULL_POLICIES)),
            },
            Self::Restart => one_of(RESTARTS),
            Self::Size => "write a number with `b`, `k`, `m` or `g`, such as `512m`".into(),
            Self::SomeText => "write a path".into(),
            Self::Variable => "write `NAME=value`, without spaces around `=`".into(),
        }
    }

    /// Whether a text is of the form, and if not, what is wrong with it.
    ///
    /// # Errors
    /// The fact and the place.
    pub(super) fn judge(self, text: &str, map: &SourceMap) -> Result<(), SyntaxError> {
        let refuse = |message: String| Err(SyntaxError { message, span: map.span(0..text.len()) });
        let is = |holds: bool, what: &str| {
            if holds { Ok(()) } else { refuse(format!("`{text}` is not {what}")) }
        };
        // What an interpolation leaves blank is not there, where the engine can tell.
        let or_blank = |holds: bool, what: &str| is(text.is_empty() || holds, what);
        match self {
            Self::Boolean => is(cast_bool(text).is_some(), "`true` or `false`"),
            Self::CommandLine => match words::split(text) {
                Some(_) => Ok(()),
                None => refuse("the command has a quote or parenthesis that is not closed".into()),
            },
            Self::ContainerName => or_blank(is_container_name(text), "a name that a container can have"),
            Self::Count => is(text == "all" || is_integer(text), "a number or `all`"),
            Self::CpuTime => {
                is(is_decimal(text) || Duration::parse(text, map).is_ok(), "a number of microseconds")
            }
            Self::Cpus => Cpus::parse(text, map).map(|_| ()),
            Self::Device => Device::parse(text, map).map(|_| ()),
            Self::Duration => Duration::parse(text, map).map(|_| ()),
            Self::ExtraHost => ExtraHost::parse(text, map).map(|_| ()),
            Self::FileMode => is(is_octal(text), "a file mode"),
            Self::HealthTest => is(HEALTH_TESTS.contains(&text), "a kind of test"),
            Self::Image if text.is_empty() || is_identifier(text) => Ok(()),
            Self::Image => ImageReference::parse(text, map).map(|_| ()),
            Self::Integer => is(is_integer(text), "a whole number"),
            Self::IpAddress => or_blank(text.parse::<IpAddr>().is_ok(), "an IP address"),
            Self::Ipv4Address => or_blank(text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
            Self::Ipv6Address => or_blank(text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
            Self::Mount => Mount::parse(text, map).map(|_| ()),
            Self::Number => is(is_decimal(text), "a number"),
            Self::Platform => or_blank(is_platform(text), "a platform"),
            Self::Port => Port::parse(text, map).map(|_| ()),
            Self::PortNumber => is(text.parse::<u16>().is_ok(), "a port"),
            Self::PortRange => or_blank(PortRange::parse(text).is_some(), "a port or a range of ports"),
            Self::ProjectName => or_blank(is_project_name(text), "a name that a project can have"),
            Self::PullPolicy => or_blank(is_pull_policy(text), "a pull policy"),
            Self::Restart => or_blank(is_restart(text), "a restart policy"),
            Self::Size if matches!(text, "" | "-1") => Ok(()),
            Self::Size => Size::parse(text, map).map(|_| ()),
            Self::SomeText if text.is_empty() => refuse("the path is empty".into()),
            Self::SomeText => Ok(()),
            Self::Variable => EnvEntry::parse(text, map).map(|_| ()),
        }
    }
}

/// The names in backticks, with `or` before the last.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    joined(&quoted)
}

/// The parts with commas, and `or` before the last.
pub(super) fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The name that was probably meant, whatever its case and its separators.
pub(super) fn near<'n>(text: &str, names: &[&'n str]) -> Option<&'n str> {
    let plain = |text: &str| text.to_lowercase().replace([' ', '_', '-'], "");
    if text.len() <= 64 {
        let wanted = plain(text);
        if let Some(same) = names.iter().copied().find(|name| plain(name) == wanted) {
            return Some(same);
        }
        // The word that tells the name from the others: `healthy` of `service_healthy`.
        let mut parts = names.iter().copied().filter(|name| name.rsplit('_').next() == Some(text));
        if let (Some(name), None) = (parts.next(), parts.next()) {
            return Some(name);
        }
    }
    nearest(text, names.iter().copied())
}

fn image_help(text: &str) -> String {
    let bare = ["https://", "http://", "docker://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let bare = bare.unwrap_or(text);
    let page = ["hub.docker.com/_/", "hub.docker.com/r/"].iter().find_map(|page| bare.strip_prefix(page));
    let name = page.unwrap_or(bare).trim_end_matches('/').to_lowercase().replace(' ', "");
    match ImageReference::parse(&name, &SourceMap::empty()) {
        Ok(_) if name != text && name.len() <= 100 => format!("write `{name}`"),
        _ => "write `repository:tag`, such as `nginx:1.27`".into(),
    }
}

fn mount_help(text: &str) -> String {
    let parts: Vec<&str> = text.split(':').collect();
    if let [source, target, options @ ..] = parts.as_slice()
        && options.len() > 1
        && target.starts_with('/')
        && text.len() <= 100
        && options.iter().all(|option| !option.is_empty() && !option.contains('/'))
    {
        return format!("write `{source}:{target}:{}`", options.join(","));
    }
    "write `SOURCE:TARGET` or `SOURCE:TARGET:OPTIONS`, such as `./data:/data:ro`".into()
}

fn port_help(text: &str) -> String {
    if let Some((ports, protocol)) = text.rsplit_once(':')
        && Protocol::parse(protocol).is_some()
        && text.len() <= 60
    {
        return format!("write `{ports}/{protocol}`");
    }
    let is_too_high = |part: &str| is_number(part) && part.parse::<u16>().is_err();
    if text.split([':', '-', '/']).any(is_too_high) {
        return "write a port from 1 to 65535".into();
    }
    "write `HOST:CONTAINER`, such as `8080:80` or `127.0.0.1:53:53/udp`".into()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

fn is_decimal(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

fn is_octal(text: &str) -> bool {
    !text.starts_with(['+', '-']) && i64::from_str_radix(text, 8).is_ok()
}

/// Whether the text is an image's identifier.
fn is_identifier(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_container_name(text: &str) -> bool {
    let name = text.strip_prefix('/').unwrap_or(text).as_bytes();
    name.len() >= 2
        && name[0].is_ascii_alphanumeric()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

fn is_project_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
}

/// The name of a project that is nearest to the text.
fn project_name(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let name: String = text
        .to_lowercase()
        .chars()
        .map(|char| if matches!(char, ' ' | '.' | '/') { '-' } else { char })
        .filter(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '_' | '-'))
        .collect();
    Some(name.trim_start_matches(['_', '-']).to_owned()).filter(|name| is_project_name(name))
}

fn is_restart(text: &str) -> bool {
    let (policy, attempts) = text.split_once(':').map_or((text, None), |(policy, it)| (policy, Some(it)));
    let attempts_hold = attempts.is_none_or(|attempts| {
        policy == "on-failure" && !attempts.is_empty() && attempts.bytes().all(|it| it.is_ascii_digit())
    });
    RESTARTS.contains(&policy) && attempts_hold
}

fn is_pull_policy(text: &str) -> bool {
    if let Some(interval) = text.strip_prefix("every_") {
        let mut is_unit = true;
        let mut digits = 0;
        for byte in interval.bytes() {
            match byte {
                b'0'..=b'9' => digits += 1,
                b'w' | b'd' | b'h' | b'm' | b's' if digits > 0 => digits = 0,
                _ => is_unit = false,
            }
        }
        return is_unit && digits == 0 && !interval.is_empty();
    }
    PULL_POLICIES.contains(&text)
}

/// Whether the text is `system`, `architecture`, `system/architecture` or that with a variant. A
/// system may have its version behind it, in parentheses.
fn is_platform(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
    };
    let parts: Vec<&str> = text.split('/').collect();
    let (system, version) = match parts[0].strip_suffix(')').and_then(|it| it.split_once('(')) {
        Some((system, version)) => (system, Some(version)),
        None => (parts[0], None),
    };
    let is_version = |version: &str| {
        version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+'))
    };
    if parts.len() > 3 || !is_word(system) || version.is_some_and(|version| !is_version(version)) {
        return false;
    }
    if parts.len() == 1 {
        let name = system.to_ascii_lowercase();
        return SYSTEMS.contains(&name.as_str()) || ARCHITECTURES.contains(&name.as_str());
    }
    parts[1..].iter().all(|part| is_word(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(form: Form, text: &str) -> bool {
        form.judge(text, &SourceMap::empty()).is_ok()
    }

    #[track_caller]
    fn assert_taken(form: Form, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!(takes(form, text), "`{text}` is right");
        }
        for text in wrong {
            assert!(!takes(form, text), "`{text}` is wrong");
        }
    }

    #[test]
    fn a_restart_policy_has_attempts_only_after_a_failure() {
        let right = ["", "no", "always", "unless-stopped", "on-failure", "on-failure:3"];
        assert_taken(Form::Restart, &right, &["never", "always:3", "on-failure:", "on-failure:x", "No"]);
    }

    #[test]
    fn a_pull_policy_may_be_an_interval() {
        let right = ["always", "missing", "if_not_present", "daily", "every_12h", "every_1d12h"];
        assert_taken(
            Form::PullPolicy,
            &right,
            &["every_", "every_day", "every_12", "Always", "if-not-present"],
        );
    }

    #[test]
    fn a_platform_is_a_system_an_architecture_or_both() {
        let right = ["linux", "arm64", "linux/amd64", "linux/arm/v7", "windows(10.0.17763)/amd64"];
        assert_taken(Form::Platform, &right, &["mars", "linux/", "/amd64", "a/b/c/d", "linux amd64"]);
    }

    #[test]
    fn a_container_and_a_project_have_names_of_their_own() {
        assert_taken(Form::ContainerName, &["web", "/web", "Web_1.a-b"], &["w", "-web", "we b", "w/b"]);
        assert_taken(Form::ProjectName, &["shop", "1-shop_2"], &["Shop", "-shop", "my shop", "shop.io"]);
    }

    #[test]
    fn help_repeats_what_was_meant() {
        for (form, text, help) in [
            (Form::Restart, "allways", "write `always`"),
            (Form::Restart, "unless_stopped", "write `unless-stopped`"),
            (Form::ProjectName, "My Shop", "write `my-shop`"),
            (Form::Duration, "30", "write `30s` for seconds, or another unit"),
            (Form::Port, "53:53:udp", "write `53:53/udp`"),
            (Form::Port, "80:70000", "write a port from 1 to 65535"),
            (Form::Mount, "./a:/b:ro:z", "write `./a:/b:ro,z`"),
            (Form::Image, "Team/Web:1.4", "write `team/web:1.4`"),
            (Form::Image, "https://hub.docker.com/_/nginx", "write `nginx`"),
            (Form::PullPolicy, "if-not-present", "write `if_not_present`"),
        ] {
            assert_eq!(form.help(text), help, "{text}");
        }
    }

    #[test]
    fn the_forms_are_sorted_by_name() {
        assert!(FORMS.is_sorted_by_key(|(name, _)| *name));
    }
}
