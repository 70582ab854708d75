//! What the words of `COPY` and `ADD` name.

use super::words::{Binding, Word};

/// The ends of the names of archives, and of compressed files that may hold one.
const ARCHIVES: &[&str] = &[
    ".bz2", ".gz", ".lz", ".lzma", ".tar", ".tb2", ".tbz", ".tbz2", ".tgz", ".tlz", ".tpz", ".txz", ".tz",
    ".tzst", ".xz", ".z", ".zst",
];

impl Word {
    /// The word without quotes, with its variables as `${name}`; as it is written if it is malformed.
    pub fn text(&self) -> String {
        let braced = |name: &str| Binding::Value(format!("${{{name}}}"));
        self.resolve(&braced).unwrap_or_else(|| self.raw.trim_matches(['"', '\'']).to_owned())
    }
}

/// Whether a source of `ADD` is fetched: a URL or a repository.
pub fn is_remote(source: &str) -> bool {
    source.contains("://") || source.starts_with("git@") || source.starts_with("github.com/")
}

/// Whether a source of `ADD` is fetched by HTTP and is no repository.
pub fn is_download(source: &str) -> bool {
    let lower = source.to_ascii_lowercase();
    let path = lower.split(['#', '?']).next().unwrap_or_default();
    (path.starts_with("http://") || path.starts_with("https://")) && !path.ends_with(".git")
}

/// Whether a file of this name is one that `ADD` may unpack.
pub fn is_archive(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ARCHIVES.iter().any(|end| lower.ends_with(end))
}

/// Whether a file of this name is an archive of files, compressed or not.
pub fn is_tar(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_compressed = |stem: &str| ARCHIVES.iter().any(|end| lower.ends_with(&format!("{stem}{end}")));
    lower.ends_with(".tar")
        || is_compressed(".tar")
        || [".tb2", ".tbz", ".tbz2", ".tgz", ".tlz", ".tpz", ".txz", ".tzst"]
            .iter()
            .any(|end| lower.ends_with(end))
}

/// The last part of a path, of Windows too.
pub fn file_name(path: &str) -> &str {
    let path = path.trim_matches(['"', '\'']).trim_end_matches(['/', '\\']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a path is absolute, on Linux or on Windows.
pub fn is_absolute(path: &str) -> bool {
    let mut chars = path.chars();
    path.starts_with(['/', '\\'])
        || chars.next().is_some_and(|drive| drive.is_ascii_alphabetic()) && chars.next() == Some(':')
}
