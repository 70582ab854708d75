//! Image references: `registry/repository:tag@digest`.

use std::ops::Range;

use super::syntax::{SyntaxError, Text};
use crate::source::{SourceMap, Span, Spanned};

/// The longest repository path, in bytes, with the `library/` that Docker Hub adds.
const LONGEST_PATH: usize = 255;

/// An image reference by the grammar of the distribution project, as Docker normalizes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImageReference<'t> {
    /// The whole reference.
    pub span: Span,
    /// Everything but the tag and the digest, as written.
    ///
    /// ```text
    /// registry:5000/team/app:1.2
    /// ^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    pub name: Spanned<&'t str>,
    /// The registry, as written; `None` is Docker Hub.
    ///
    /// ```text
    /// registry:5000/team/app:1.2
    /// ^^^^^^^^^^^^^
    /// ```
    pub registry: Option<Spanned<&'t str>>,
    /// The path in the registry, as written, so without the `library/` that Docker Hub adds.
    ///
    /// ```text
    /// registry:5000/team/app:1.2
    ///               ^^^^^^^^
    /// ```
    pub repository: Spanned<&'t str>,
    /// The tag, without its colon; `None` pulls `latest` unless there is a digest.
    ///
    /// ```text
    /// registry:5000/team/app:1.2
    ///                        ^^^
    /// ```
    pub tag: Option<Spanned<&'t str>>,
    /// The digest, with its algorithm.
    ///
    /// ```text
    /// app@sha256:0123…
    ///     ^^^^^^^^^^^^
    /// ```
    pub digest: Option<Spanned<&'t str>>,
}

impl<'t> ImageReference<'t> {
    /// The reference that `text` is.
    pub fn parse(text: &'t str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let whole = 0..text.len();
        if text.is_empty() {
            return Err(at.error(whole, "the image reference is empty"));
        }
        if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            let message = format!("`{text}` is an image's identifier, not its name");
            return Err(at.error(whole, message));
        }
        let registry = registry_of(text);
        let rest = registry.as_ref().map_or(0, |range| range.end + 1);
        let name_end = text[rest..].find('@').map_or(text.len(), |found| rest + found);
        let digest = (name_end < text.len()).then(|| name_end + 1..text.len());
        let path_end = text[rest..name_end].find(':').map_or(name_end, |found| rest + found);
        let tag = (path_end < name_end).then(|| path_end + 1..name_end);
        let path = rest..path_end;

        check_path(at, path.clone())?;
        // A first part such as `a_b.c` looks like a registry, is none, and passes as a path.
        let (registry, path) = match registry {
            Some(range) if !is_registry(&text[range.clone()]) => {
                check_path(at, range.clone()).map_err(|error| SyntaxError {
                    message: format!("`{}` is not a registry", &text[range.clone()]),
                    ..error
                })?;
                (None, range.start..path_end)
            }
            other => (other, path),
        };
        let hub = registry.as_ref().is_none_or(|range| is_hub(&text[range.clone()]));
        let added = if hub && !text[path.clone()].contains('/') { "library/".len() } else { 0 };
        if path.len() + added > LONGEST_PATH {
            let message = format!("the repository name is longer than {LONGEST_PATH} bytes");
            return Err(at.error(path, message));
        }
        if let Some(range) = &tag
            && !is_tag(&text[range.clone()])
        {
            let message = refusal(&text[range.clone()], "tag");
            return Err(at.error(visible(range.clone()), message));
        }
        if let Some(range) = &digest
            && !is_digest(&text[range.clone()])
        {
            let message = refusal(&text[range.clone()], "digest");
            return Err(at.error(visible(range.clone()), message));
        }
        Ok(Self {
            span: at.at(whole, ()).span,
            name: at.part(0..path_end),
            registry: registry.map(|range| at.part(range)),
            repository: at.part(path),
            tag: tag.map(|range| at.part(range)),
            digest: digest.map(|range| at.part(range)),
        })
    }

    /// Whether the image is on Docker Hub.
    pub fn is_on_hub(&self) -> bool {
        self.registry.is_none_or(|registry| is_hub(registry.value))
    }

    /// Whether the image is one of Docker Hub's official ones, which have no namespace.
    pub fn is_official(&self) -> bool {
        self.is_on_hub() && !self.name_without_registry().contains('/')
    }

    /// The name as Docker shows it: without Docker Hub and its `library/`, without tag and digest.
    pub fn familiar_name(&self) -> &'t str {
        if self.is_on_hub() { self.name_without_registry() } else { self.name.value }
    }

    /// The path in the registry, without the `library/` of Docker Hub.
    pub fn name_without_registry(&self) -> &'t str {
        let path = self.repository.value;
        match path.strip_prefix("library/") {
            Some(official) if self.is_on_hub() && !official.contains('/') => official,
            _ => path,
        }
    }
}

/// The part before the first slash, if Docker takes it for a registry: it has a dot, a colon or an
/// uppercase letter, or is `localhost`.
fn registry_of(text: &str) -> Option<Range<usize>> {
    let (first, _) = text.split_once('/')?;
    let is_registry =
        first == "localhost" || first.contains(['.', ':']) || first.chars().any(char::is_uppercase);
    is_registry.then_some(0..first.len())
}

fn is_hub(registry: &str) -> bool {
    matches!(registry, "docker.io" | "index.docker.io")
}

fn refusal(part: &str, what: &str) -> String {
    if part.is_empty() { format!("the {what} is empty") } else { format!("`{part}` is not a {what}") }
}

/// The range, with the character before it if it is empty, so that there is something to point at.
fn visible(range: Range<usize>) -> Range<usize> {
    if range.is_empty() { range.start.saturating_sub(1)..range.end } else { range }
}

fn check_path(at: Text<'_, '_>, range: Range<usize>) -> Result<(), SyntaxError> {
    let path = &at.text[range.clone()];
    let mut start = range.start;
    for part in path.split('/') {
        let part_range = start..start + part.len();
        start = part_range.end + 1;
        if is_path_component(part) {
            continue;
        }
        if part.is_empty() {
            let message = format!("the image reference `{}` has an empty part", at.text);
            return Err(at.error(0..at.text.len(), message));
        }
        let message = if is_path_component(&part.to_ascii_lowercase()) {
            format!("the repository name `{path}` is not in lowercase")
        } else {
            format!("`{part}` is not part of a repository name")
        };
        return Err(at.error(part_range, message));
    }
    Ok(())
}

/// Whether `part` is lowercase letters and digits, separated by `.`, `_`, `__` or dashes.
fn is_path_component(part: &str) -> bool {
    let is_alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut rest = part.as_bytes();
    loop {
        let word = rest.iter().take_while(|byte| is_alphanumeric(byte)).count();
        if word == 0 {
            return false;
        }
        rest = &rest[word..];
        let separator = match rest {
            [] => return true,
            [b'_', b'_', ..] => 2,
            [b'.' | b'_', ..] => 1,
            _ => rest.iter().take_while(|byte| **byte == b'-').count(),
        };
        if separator == 0 {
            return false;
        }
        rest = &rest[separator..];
    }
}

/// Whether `text` is a host name or an IPv6 address in brackets, with an optional port.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    }
    host.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

/// Whether `text` is a digest of an algorithm that Docker knows.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The words of tags that name no version but whatever is newest.
const MOVING: &[&str] = &[
    "alpha",
    "beta",
    "canary",
    "current",
    "dev",
    "devel",
    "develop",
    "development",
    "edge",
    "experimental",
    "head",
    "latest",
    "lts",
    "main",
    "mainline",
    "master",
    "next",
    "nightly",
    "preview",
    "prerelease",
    "rc",
    "release",
    "rolling",
    "sid",
    "snapshot",
    "stable",
    "staging",
    "test",
    "testing",
    "trunk",
    "unstable",
];

/// The words of tags that name a variant of whatever is newest.
const VARIANTS: &[&str] = &["alpine", "apache", "cli", "fpm", "management", "slim"];

/// Whether what a tag names changes from release to release: it is made of words alone, and one of them
/// says so, or all of them only choose a variant. A tag with a number is a version, however short.
pub fn is_moving_tag(tag: &str) -> bool {
    if tag.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let mut parts = tag.split(['-', '_', '.']);
    parts.clone().any(|part| MOVING.contains(&part)) || parts.all(|part| VARIANTS.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    const DIGEST: &str = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn parse(text: &str) -> ImageReference<'_> {
        ImageReference::parse(text, &map_of(text)).expect("the reference is valid")
    }

    #[track_caller]
    fn refused(text: &str, at: &str, message: &str) {
        let error = ImageReference::parse(text, &map_of(text)).expect_err("the reference is invalid");
        assert_eq!(error.message, message);
        assert_eq!(covered(text, error.span.expect("the text has a place")), at);
    }

    #[test]
    fn every_part_has_its_place() {
        let text = format!("registry:5000/team/app:1.2@{DIGEST}");
        let image = parse(&text);
        for (part, expected) in [
            (Some(image.name), "registry:5000/team/app"),
            (image.registry, "registry:5000"),
            (Some(image.repository), "team/app"),
            (image.tag, "1.2"),
            (image.digest, DIGEST),
        ] {
            let part = part.expect("the part is there");
            assert_eq!(part.value, expected);
            assert_eq!(covered(&text, part.span), expected);
        }
        assert_eq!(image.familiar_name(), "registry:5000/team/app");
        assert_eq!(image.name_without_registry(), "team/app");
    }

    #[test]
    fn a_colon_before_a_slash_is_a_port_and_after_it_a_tag() {
        assert_eq!(parse("registry:5000/app").tag, None);
        assert_eq!(parse("app:5000").registry, None);
        assert_eq!(parse("app:5000").tag.map(|tag| tag.value), Some("5000"));
        assert_eq!(parse("[fd00::1]:5000/app").registry.map(|part| part.value), Some("[fd00::1]:5000"));
    }

    #[test]
    fn docker_hub_is_left_out_of_the_familiar_name() {
        for (text, familiar, official) in [
            ("nginx", "nginx", true),
            ("library/nginx", "nginx", true),
            ("docker.io/library/nginx:1", "nginx", true),
            ("index.docker.io/nginx", "nginx", true),
            ("docker.io/team/nginx", "team/nginx", false),
            ("ghcr.io/library/nginx", "ghcr.io/library/nginx", false),
            ("localhost/nginx", "localhost/nginx", false),
        ] {
            let image = parse(text);
            assert_eq!((image.familiar_name(), image.is_official()), (familiar, official), "{text}");
        }
    }

    #[test]
    fn a_tag_moves_if_it_names_no_version() {
        for tag in ["latest", "stable", "lts-alpine", "alpine", "slim", "stable-slim", "main", "fpm-alpine"] {
            assert!(is_moving_tag(tag), "{tag}");
        }
        for tag in ["1", "1.27-alpine", "v2-dev", "20-slim", "jammy", "2024-01-01", "cuda", "release-42"] {
            assert!(!is_moving_tag(tag), "{tag}");
        }
    }

    #[test]
    fn what_the_grammar_refuses_is_pointed_at() {
        refused("team/App:1", "App", "the repository name `team/App` is not in lowercase");
        refused("app:", ":", "the tag is empty");
        refused("app:-1", "-1", "`-1` is not a tag");
        refused("app@sha256:12", "sha256:12", "`sha256:12` is not a digest");
        refused("a..b", "a..b", "`a..b` is not part of a repository name");
        refused("-x.io/app", "-x.io", "`-x.io` is not a registry");
        refused("https://x/app", "https://x/app", "the image reference `https://x/app` has an empty part");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            match ImageReference::parse(&text, &map_of(&text)) {
                Ok(image) => {
                    let required = [image.name, image.repository];
                    let optional = [image.registry, image.tag, image.digest];
                    for part in required.into_iter().chain(optional.into_iter().flatten()) {
                        prop_assert_eq!(covered(&text, part.span), part.value);
                    }
                }
                Err(error) => {
                    covered(&text, error.span.expect("the text has a place"));
                }
            }
        }
    }
}
