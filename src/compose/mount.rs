//! The short syntax of a service's `volumes`: `[source:]target[:options]`.

use std::borrow::Cow;
use std::ops::Range;

use super::syntax::{SyntaxError, Text};
use crate::source::{SourceMap, Span, Spanned};

/// What is mounted: the `type` of the long syntax.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MountKind {
    /// A path of the host.
    Bind,
    /// A volume, named or anonymous.
    Volume,
    /// Memory of the host.
    Tmpfs,
    /// A Windows named pipe.
    NamedPipe,
    /// A cluster volume.
    Cluster,
    /// The files of an image.
    Image,
}

impl MountKind {
    /// The kind that the long syntax calls `name`; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Bind, Self::Volume, Self::Tmpfs, Self::NamedPipe, Self::Cluster, Self::Image]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// The name in the long syntax.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Volume => "volume",
            Self::Tmpfs => "tmpfs",
            Self::NamedPipe => "npipe",
            Self::Cluster => "cluster",
            Self::Image => "image",
        }
    }
}

/// An option after the last colon. Options are case-sensitive.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum MountOption<'t> {
    /// `ro`.
    ReadOnly,
    /// `rw`.
    ReadWrite,
    /// `nocopy`: what the image has at the target is not copied into a new volume.
    NoCopy,
    /// `private`, `rprivate`, `shared`, `rshared`, `slave` or `rslave`.
    Propagation(&'t str),
    /// `z`, shared between containers, or `Z`, private to one.
    SeLinux(&'t str),
    /// `cached`, `delegated` or `consistent`: of no effect.
    Consistency(&'t str),
    /// Anything else, which the engine ignores in silence.
    Ignored(&'t str),
}

impl<'t> MountOption<'t> {
    fn parse(text: &'t str) -> Self {
        match text {
            "ro" => Self::ReadOnly,
            "rw" => Self::ReadWrite,
            "nocopy" => Self::NoCopy,
            "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => Self::Propagation(text),
            "z" | "Z" => Self::SeLinux(text),
            "cached" | "delegated" | "consistent" => Self::Consistency(text),
            _ => Self::Ignored(text),
        }
    }
}

/// An entry of `volumes` in the short syntax.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount<'t> {
    /// The whole entry.
    pub span: Span,
    /// What is mounted: [`MountKind::Bind`] if the source is a path, else [`MountKind::Volume`]. The
    /// engine takes a named pipe for a path here.
    pub kind: MountKind,
    /// The path of the host or the name of the volume.
    ///
    /// ```text
    /// ./data:/var/lib/data:ro,z
    /// ^^^^^^
    /// ```
    /// `None` makes an anonymous volume.
    pub source: Option<Spanned<&'t str>>,
    /// The path in the container.
    ///
    /// ```text
    /// ./data:/var/lib/data:ro,z
    ///        ^^^^^^^^^^^^^
    /// ```
    /// `None` if a `${` is not closed: then the engine reads no target.
    pub target: Option<Spanned<&'t str>>,
    /// The options, in source order.
    ///
    /// ```text
    /// ./data:/var/lib/data:ro,z
    ///                      ^^ ^
    /// ```
    pub options: Vec<Spanned<MountOption<'t>>>,
}

impl<'t> Mount<'t> {
    /// The entry that `text` is. Colons within `${…}` do not separate.
    pub fn parse(text: &'t str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let span = at.at(0..text.len(), ()).span;
        if text.is_empty() {
            return Err(at.error(0..0, "the mount is empty"));
        }
        let mut mount =
            Self { span, kind: MountKind::Volume, source: None, target: None, options: Vec::new() };
        if text.len() <= 2 {
            mount.target = Some(at.part(0..text.len()));
            return Ok(mount);
        }
        let mut start = 0;
        let mut open_variables = 0_usize;
        // The engine ends the text with NUL, so a NUL in the text ends a section too.
        for (index, byte) in text.bytes().chain([0]).enumerate() {
            let section = start..index;
            match byte {
                b'$' if text[index + 1..].starts_with('{') => open_variables += 1,
                b'}' if open_variables > 0 => open_variables -= 1,
                b':' if is_letter(&text[section.clone()]) => {}
                b':' | 0 if open_variables == 0 => {
                    mount.add(at, section, byte == 0)?;
                    start = index + 1;
                }
                _ => {}
            }
        }
        if mount.source.is_some_and(|source| is_path(source.value)) {
            mount.kind = MountKind::Bind;
        }
        Ok(mount)
    }

    fn add(&mut self, at: Text<'t, '_>, section: Range<usize>, last: bool) -> Result<(), SyntaxError> {
        if section.is_empty() {
            let message = format!("`{}` has an empty part between its colons", at.text);
            let shown = if section.end < at.text.len() {
                section.start..section.end + 1
            } else {
                section.start - 1..section.end
            };
            return Err(at.error(shown, message));
        }
        if self.source.is_none() && !last {
            self.source = Some(at.part(section));
        } else if self.source.is_none() || self.target.is_none() {
            self.target = Some(at.part(section));
        } else if !last {
            let message = format!("`{}` has too many colons", at.text);
            return Err(at.error(section.start..at.text.len(), message));
        } else {
            let mut start = section.start;
            for option in at.text[section].split(',') {
                let range = start..start + option.len();
                start = range.end + 1;
                self.options.push(at.at(range, MountOption::parse(option)));
            }
        }
        Ok(())
    }

    /// Whether the container cannot write to it; the last of `ro` and `rw` decides.
    pub fn is_read_only(&self) -> bool {
        let access =
            |option: &&Spanned<_>| matches!(option.value, MountOption::ReadOnly | MountOption::ReadWrite);
        self.options.iter().rfind(access).is_some_and(|option| option.value == MountOption::ReadOnly)
    }

    /// Whether what the image has at the target is not copied into a new volume.
    pub fn is_nocopy(&self) -> bool {
        self.options.iter().any(|option| option.value == MountOption::NoCopy)
    }

    /// How mounts below it spread between host and container; the last one said counts.
    pub fn propagation(&self) -> Option<Spanned<&'t str>> {
        self.options.iter().rev().find_map(|option| match option.value {
            MountOption::Propagation(name) => Some(Spanned::new(name, option.span)),
            _ => None,
        })
    }

    /// The SELinux label `z` or `Z`; the last one said counts.
    pub fn selinux(&self) -> Option<Spanned<&'t str>> {
        self.options.iter().rev().find_map(|option| match option.value {
            MountOption::SeLinux(name) => Some(Spanned::new(name, option.span)),
            _ => None,
        })
    }

    /// Whether the source is a Windows named pipe.
    pub fn is_named_pipe(&self) -> bool {
        self.source.is_some_and(|source| source.value.starts_with(r"\\"))
    }

    /// The target without `.`, `..` and repeated or final slashes: what mounts are compared by.
    pub fn clean_target(&self) -> Option<Cow<'t, str>> {
        self.target.map(|target| cleaned(target.value))
    }
}

/// What [`clean_path`] returns, without a copy where `path` is that already.
pub fn cleaned(path: &str) -> Cow<'_, str> {
    let bytes = path.as_bytes();
    // A part that starts with a dot may be `.` or `..`.
    let is_clean = bytes.windows(2).all(|pair| pair[0] != b'/' || !matches!(pair[1], b'/' | b'.'))
        && !path.starts_with('.')
        && (path.len() < 2 || !path.ends_with('/'));
    if is_clean { Cow::Borrowed(path) } else { Cow::Owned(clean_path(path)) }
}

/// The shortest path that is the same as `path` by its text alone; slashes separate. The empty path
/// stays empty.
pub fn clean_path(path: &str) -> String {
    if path.is_empty() {
        return String::new();
    }
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// Whether `text` is a single letter: before a colon, that is a Windows drive.
fn is_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// Whether a source is a path of the host, not the name of a volume.
pub fn is_path(source: &str) -> bool {
    let drive = source.split_once(':').is_some_and(|(drive, _)| is_letter(drive));
    source.starts_with(['.', '/', '~']) || source.starts_with(r"\\") || drive
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Mount<'_> {
        Mount::parse(text, &map_of(text)).expect("the mount is valid")
    }

    fn parts(text: &str) -> (Option<&str>, Option<&str>, MountKind) {
        let mount = parse(text);
        (mount.source.map(|it| it.value), mount.target.map(|it| it.value), mount.kind)
    }

    #[track_caller]
    fn refused(text: &str, at: &str, message: &str) {
        let error = Mount::parse(text, &map_of(text)).expect_err("the mount is invalid");
        assert_eq!(error.message, message);
        assert_eq!(covered(text, error.span.expect("the text has a place")), at);
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "./data:/srv:ro,z,hush";
        let mount = parse(text);
        assert_eq!(covered(text, mount.source.expect("a source").span), "./data");
        assert_eq!(covered(text, mount.target.expect("a target").span), "/srv");
        let options: Vec<_> = mount.options.iter().map(|it| (it.value, covered(text, it.span))).collect();
        let expected = [
            (MountOption::ReadOnly, "ro"),
            (MountOption::SeLinux("z"), "z"),
            (MountOption::Ignored("hush"), "hush"),
        ];
        assert_eq!(options, expected);
        assert!(mount.is_read_only());
    }

    #[test]
    fn a_path_is_a_bind_and_a_name_a_volume() {
        for (source, kind) in [
            ("./a", MountKind::Bind),
            ("~/a", MountKind::Bind),
            ("/a", MountKind::Bind),
            (r"C:\a", MountKind::Bind),
            (r"\\.\pipe\a", MountKind::Bind),
            ("data", MountKind::Volume),
            ("data/b", MountKind::Volume),
        ] {
            assert_eq!(parts(&format!("{source}:/t")), (Some(source), Some("/t"), kind));
        }
        assert!(parse(r"\\.\pipe\a:\\.\pipe\b").is_named_pipe());
    }

    #[test]
    fn colons_of_drives_and_variables_do_not_separate() {
        assert_eq!(parts(r"C:\a:D:\b:ro"), (Some(r"C:\a"), Some(r"D:\b"), MountKind::Bind));
        let text = "/a:/b/${TIME:-1:2}/c:ro";
        assert_eq!(parts(text), (Some("/a"), Some("/b/${TIME:-1:2}/c"), MountKind::Bind));
        assert!(parse(text).is_read_only());
    }

    #[test]
    fn a_volume_of_one_letter_is_taken_for_a_drive() {
        assert_eq!(parts("a:/b"), (None, Some("a:/b"), MountKind::Volume));
    }

    #[test]
    fn an_unclosed_variable_swallows_the_target() {
        assert_eq!(parts("data:${DIR"), (Some("data"), None, MountKind::Volume));
    }

    #[test]
    fn the_last_of_ro_and_rw_counts_in_lowercase_only() {
        assert!(!parse("data:/b:ro,rw").is_read_only());
        assert!(!parse("data:/b:RO").is_read_only());
    }

    #[test]
    fn what_the_engine_refuses_is_pointed_at() {
        refused(":/data", ":", "`:/data` has an empty part between its colons");
        refused("/data:", ":", "`/data:` has an empty part between its colons");
        refused("/a:/b:ro:z", "ro:z", "`/a:/b:ro:z` has too many colons");
        refused("", "", "the mount is empty");
    }

    #[test]
    fn targets_are_compared_without_detours() {
        assert_eq!(clean_path("/a//b/./../c/"), "/a/c");
        assert_eq!(clean_path("/../.."), "/");
        assert_eq!(clean_path("a/.."), ".");
        assert_eq!(clean_path("../a"), "../a");
        assert_eq!(clean_path(""), "");
    }

    proptest! {
        #[test]
        fn what_is_not_copied_is_clean(path in "[./a]{0,6}") {
            prop_assert_eq!(cleaned(&path), clean_path(&path));
        }

        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            match Mount::parse(&text, &map_of(&text)) {
                Ok(mount) => {
                    for part in [mount.source, mount.target].into_iter().flatten() {
                        prop_assert_eq!(covered(&text, part.span), part.value);
                    }
                    for option in &mount.options {
                        covered(&text, option.span);
                    }
                    mount.clean_target();
                }
                Err(error) => {
                    covered(&text, error.span.expect("the text has a place"));
                }
            }
        }
    }
}
