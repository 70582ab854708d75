//! Values of flags and arguments that BuildKit checks.

use std::ops::Range;

use super::reader::shown;

/// Whether `text` is a boolean for Go.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// The part of a `check` directive's value that BuildKit refuses, and why. `None` if it takes all.
pub(super) fn check_directive(value: &str) -> Option<(Range<usize>, String)> {
    let mut start = 0;
    for part in value.split(';') {
        let range = start..start + part.len();
        start = range.end + 1;
        let Some((name, setting)) = part.split_once('=') else {
            return Some((range, format!("the option `{}` of `check` has no value", shown(part.trim()))));
        };
        match name.trim() {
            "skip" | "experimental" => {}
            "error" if boolean(setting.trim()).is_some() => {}
            "error" => return Some((range, "`error` of `check` is neither true nor false".to_owned())),
            name => return Some((range, format!("`check` has no option `{}`", shown(name)))),
        }
    }
    None
}

/// Whether `text` is a Go duration that Docker takes for a healthcheck: none, or a millisecond and more.
pub(super) fn check_duration(text: &str) -> Result<(), &'static str> {
    const MALFORMED: Result<(), &str> = Err("is not a duration");
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "0" {
        return Ok(());
    }
    let mut rest = unsigned;
    let mut milliseconds = 0.0;
    while !rest.is_empty() {
        let number = rest.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(rest.len());
        let Ok(value) = rest[..number].parse::<f64>() else { return MALFORMED };
        let unit_end = rest[number..].find(|char: char| char.is_ascii_digit() || char == '.');
        let (unit, after) = rest[number..].split_at(unit_end.unwrap_or(rest.len() - number));
        milliseconds += value
            * match unit {
                "ns" => 1e-6,
                "us" | "µs" | "μs" => 1e-3,
                "ms" => 1.0,
                "s" => 1e3,
                "m" => 6e4,
                "h" => 3.6e6,
                _ => return MALFORMED,
            };
        rest = after;
    }
    if unsigned.is_empty() {
        return MALFORMED;
    }
    if milliseconds != 0.0 && (milliseconds < 1.0 || text.starts_with('-')) {
        return Err("is less than one millisecond");
    }
    Ok(())
}

/// Whether `text` is an amount of memory, such as `64m`.
pub(super) fn is_size(text: &str) -> bool {
    let number = text.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(number);
    let unit = unit.strip_prefix(' ').unwrap_or(unit).to_ascii_lowercase();
    let unit = unit.strip_suffix('b').unwrap_or(&unit);
    let unit = unit.strip_suffix('i').unwrap_or(unit);
    number.parse::<f64>().is_ok() && matches!(unit, "" | "k" | "m" | "g" | "t" | "p")
}

/// Whether `--chmod` takes `text`: octal digits up to 7777, or symbols as `chmod` takes them.
pub(super) fn is_mode(text: &str) -> bool {
    if text.starts_with(|char: char| char.is_ascii_digit()) {
        return u32::from_str_radix(text, 8).is_ok_and(|mode| mode <= 0o7777);
    }
    text.split(',').all(|clause| {
        let clause = clause.trim_start_matches(['u', 'g', 'o', 'a']);
        clause.starts_with(['+', '-', '=']) && clause.chars().all(|char| "+-=rwxXstugo".contains(char))
    })
}

/// The signals that have a name on Linux.
const SIGNALS: [&str; 35] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
    "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
    "UNUSED", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
];

/// The names of [`SIGNALS`], as they are mostly written.
pub(super) fn signals() -> impl Iterator<Item = String> {
    SIGNALS.iter().map(|name| format!("SIG{name}"))
}

/// Whether `text` is a signal's number or name.
pub(super) fn is_signal(text: &str) -> bool {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.bytes().any(|byte| byte != b'0');
    }
    let name = text.to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    let real_time = ["RTMIN", "RTMAX"].iter().find_map(|start| name.strip_prefix(start));
    match real_time {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix(['+', '-'])
            .and_then(|offset| offset.parse::<u8>().ok())
            .is_some_and(|offset| (1..=15).contains(&offset)),
        None => SIGNALS.contains(&name),
    }
}

const SYSTEMS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "macos",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

const ARCHITECTURES: [&str; 31] = [
    "386",
    "aarch64",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "armel",
    "armhf",
    "i386",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "mipsle",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "x86-64",
    "x86_64",
    "arm64v8",
];

/// Whether `text` has the form of a platform: a system, an architecture, or both and a variant.
pub(super) fn is_platform(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split('/').collect();
    let is_part = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.+()".contains(&byte))
    };
    if !(1..=3).contains(&parts.len()) || !parts.iter().all(is_part) {
        return false;
    }
    let name = parts[0].split('(').next().unwrap_or_default();
    parts.len() > 1 || SYSTEMS.contains(&name) || ARCHITECTURES.contains(&name)
}

/// What of a literal image name no registry can have: the range, and the fact. `None` for a name that
/// may well be one.
pub(super) fn image_defect(image: &str) -> Option<(Range<usize>, &'static str)> {
    let first = image.find('/').unwrap_or(0);
    let is_registry = first > 0 && (image[..first].contains(['.', ':']) || &image[..first] == "localhost");
    let is_registry = is_registry || image[..first].contains(|char: char| char.is_ascii_uppercase());
    let start = if is_registry { first + 1 } else { 0 };
    let end = image[start..].find([':', '@']).map_or(image.len(), |at| start + at);
    let path = &image[start..end];
    if path.is_empty() {
        return Some((start..image.len(), "it has no name"));
    }
    let slashes = path.starts_with('/') || path.ends_with('/') || path.contains("//");
    if slashes {
        return Some((start..end, "a part of its name is empty"));
    }
    if path.contains(|char: char| char.is_ascii_uppercase()) {
        return Some((start..end, "a name is in lower case"));
    }
    let is_letter = |char: char| char.is_ascii_alphanumeric() || "._-/".contains(char);
    if let Some((at, char)) = path.char_indices().find(|(_, char)| !is_letter(*char)) {
        let range = start + at..start + at + char.len_utf8();
        return Some((range, "a name has letters, digits, `.`, `_` and `-`"));
    }
    let tag = image[end..].strip_prefix(':').map(|tag| tag.split('@').next().unwrap_or_default());
    if let Some(tag) = tag {
        let range = end..end + 1 + tag.len();
        let is_tag = !tag.is_empty()
            && tag.len() <= 128
            && !tag.starts_with(['.', '-'])
            && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !is_tag {
            return Some((range, "its tag is malformed"));
        }
    }
    None
}

/// Whether `text` is a digest, such as `sha256:` and 64 hexadecimal digits.
pub(super) fn is_digest(text: &str) -> bool {
    let Some((algorithm, hash)) = text.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hash.len() == length && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What a source of `ADD` or `COPY` is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// A path in the build context, in a stage or in an image.
    Local,
    /// A file of the web.
    Http,
    /// A Git repository.
    Git,
}

/// What the literal `source` is. What might be either of two is local.
pub(super) fn origin(source: &str) -> Origin {
    let web = source.strip_prefix("https://").or_else(|| source.strip_prefix("http://"));
    let repository = source.split(['#', '?']).next().unwrap_or_default();
    match web {
        Some(_) if repository.ends_with(".git") => Origin::Git,
        Some(_) => Origin::Http,
        None if source.starts_with("git@")
            || source.starts_with("git://")
            || source.starts_with("ssh://") =>
        {
            Origin::Git
        }
        None => Origin::Local,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_octal_or_symbols() {
        for mode in ["755", "0644", "7777", "u+x", "a=rX", "u=rwX,go=rX", "+x", "u+r-w", "g=u", "go-w"] {
            assert!(is_mode(mode), "{mode}");
        }
        for mode in ["888", "10000", "rwx", "u", "", "755x", "u+x,", "u+q"] {
            assert!(!is_mode(mode), "{mode}");
        }
    }

    #[test]
    fn a_signal_has_a_number_or_a_name() {
        for signal in ["9", "SIGTERM", "sigquit", "KILL", "SIGRTMIN+3", "RTMAX-1", "SIGRTMIN", "37"] {
            assert!(is_signal(signal), "{signal}");
        }
        for signal in ["0", "SIGTREM", "", "SIG", "SIGRTMIN+99", "SIGRTMINé", "9a"] {
            assert!(!is_signal(signal), "{signal}");
        }
    }

    #[test]
    fn a_platform_has_up_to_three_parts() {
        for platform in ["linux/amd64", "linux/arm/v7", "arm64", "Linux", "windows(10.0.17763)/amd64"] {
            assert!(is_platform(platform), "{platform}");
        }
        for platform in ["", "linux/", "linux/arm/v7/x", "amd46", "linux amd64", "linux:amd64"] {
            assert!(!is_platform(platform), "{platform}");
        }
    }

    #[test]
    fn an_image_s_name_is_in_lower_case() {
        for image in
            ["alpine", "a/b:C", "Host.example/a", "localhost:5000/a_b--c:1", "A/b", "a@sha256:0", "9"]
        {
            assert_eq!(image_defect(image), None, "{image}");
        }
        assert_eq!(image_defect("Alpine:3"), Some((0..6, "a name is in lower case")));
        assert_eq!(image_defect("a.b/C/d"), Some((4..7, "a name is in lower case")));
        assert_eq!(image_defect("a:"), Some((1..2, "its tag is malformed")));
        assert_eq!(image_defect("a:b:c"), Some((1..5, "its tag is malformed")));
        assert!(
            image_defect("a//b").is_some() && image_defect("a,b").is_some() && image_defect("äb").is_some()
        );
    }

    #[test]
    fn a_size_has_a_number_and_a_unit() {
        assert!(["64m", "1.5g", "100", "10 kb", "1GiB"].iter().all(|size| is_size(size)));
        assert!(["", "m", "1x", "-1", "1..2"].iter().all(|size| !is_size(size)));
    }

    #[test]
    fn a_check_directive_has_known_options() {
        assert_eq!(check_directive("skip=all;error=true"), None);
        assert_eq!(check_directive("skip=JSONArgsRecommended,StageNameCasing; experimental = all"), None);
        assert_eq!(check_directive("skp=all").map(|(range, _)| range), Some(0..7));
        assert_eq!(check_directive("skip=all;error=yes").map(|(range, _)| range), Some(9..18));
        assert_eq!(check_directive("skip").map(|(range, _)| range), Some(0..4));
    }
}
