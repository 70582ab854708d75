//! Relative paths made absolute, as the engine makes them.

use std::path::Path;

use crate::compose::mount::clean_path;

/// The path with `~` at its start replaced by the home directory, if there is one.
pub(super) fn home(path: &str, home: Option<&str>) -> String {
    match (path.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            clean_path(&format!("{home}/{rest}"))
        }
        _ => path.to_owned(),
    }
}

/// The path from `base` if it is relative; an absolute one stays as it is, and so does nothing.
pub(super) fn absolute(path: &str, base: &Path, user: Option<&str>) -> String {
    let path = home(path, user);
    if path.is_empty() || path.starts_with('/') {
        return path;
    }
    clean_path(&format!("{}/{path}", base.display()))
}

/// As [`absolute`], where a path of Windows stays as it is too.
pub(super) fn any_system(path: &str, base: &Path, user: Option<&str>) -> String {
    if is_windows(path) { path.to_owned() } else { absolute(path, base, user) }
}

/// As [`absolute`], where what is not on this machine stays as it is: an address, another service,
/// an image.
pub(super) fn context(path: &str, base: &Path, user: Option<&str>) -> String {
    let remote = path.contains("://")
        || ["git@", "github.com/", "service:", "docker-image:", "target:"]
            .iter()
            .any(|prefix| path.starts_with(prefix));
    if remote { path.to_owned() } else { absolute(path, base, user) }
}

/// Whether a path is absolute on Windows: it starts with a drive, or with two backslashes.
fn is_windows(path: &str) -> bool {
    path.starts_with(r"\\")
        || matches!(path.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_are_joined_and_cleaned() {
        let base = Path::new("/srv/app");
        assert_eq!(absolute("./data/", base, None), "/srv/app/data");
        assert_eq!(absolute("../x", base, None), "/srv/x");
        assert_eq!(absolute("/var/lib/", base, None), "/var/lib/");
        assert_eq!(absolute("~/x", base, Some("/home/me")), "/home/me/x");
        assert_eq!(any_system(r"C:\data", base, None), r"C:\data");
        assert_eq!(context("https://example.com/a.git", base, None), "https://example.com/a.git");
    }
}
