//! What is known of an image, as text for people.

use std::fmt::Write as _;

use super::{EndOfLife, Image, Kind, READ, User, base_end_of_life, table};

/// The names of the images in the table, and of the families with a star, in the order of the table.
pub fn names() -> impl Iterator<Item = String> {
    let images = table::IMAGES.iter().map(|entry| entry.name.to_owned());
    let aliases = table::ALIASES.iter().map(|(alias, _)| (*alias).to_owned());
    images.chain(aliases).chain(table::FAMILIES.iter().map(|entry| format!("{}*", entry.name)))
}

/// What is known of `image`, which is called `name`, with `tag`: lines of a name and what is known. What
/// is unknown has no line.
pub fn described(name: &str, tag: Option<&str>, image: &Image) -> String {
    let mut text = match tag {
        Some(tag) => format!("{name}:{tag}\n\n"),
        None => format!("{name}\n\n"),
    };
    let mut line = |what: &str, said: &str| {
        if !said.is_empty() {
            let _ = writeln!(text, "{what:<13}{said}");
        }
    };
    line("kind", kind(image.kind));
    for said in support(tag, image) {
        line("support", &said);
    }
    line("user", &user(image.user));
    line("shell", answer(image.shell, "yes", "no: `CMD-SHELL` and `sh -c` do not work"));
    line("has", &image.present.join(", "));
    line("lacks", &image.absent.join(", "));
    line("healthcheck", answer(image.healthcheck, "its own", "none of its own"));
    line("probe", image.probe.unwrap_or_default());
    let ports: Vec<String> = image.ports.iter().map(u16::to_string).collect();
    line("ports", &ports.join(", "));
    line("data", &image.data.join(", "));
    line(
        "writable",
        &match image.writable {
            Some([]) => "nothing else: the root file system may be read-only".to_owned(),
            Some(paths) => format!("{}, for a read-only root file system", paths.join(", ")),
            None => String::new(),
        },
    );
    line("from files", &image.file_variables.join(", "));
    line("passwords", &image.passwords.join(", "));
    line("read", READ);
    text
}

fn support(tag: Option<&str>, image: &Image) -> Vec<String> {
    let said = |name: &str, line: &EndOfLife| {
        let verb = if line.is_over(READ) { "ended" } else { "ends" };
        format!("{name}{} {verb} on {}", line.line, line.date)
    };
    let supported = image.supported.map(|line| format!("{line} is supported"));
    let Some(tag) = tag else {
        let lines: Vec<String> = image.lines.iter().map(|line| said("", line)).collect();
        return lines.into_iter().chain(supported).collect();
    };
    let own = image.end_of_life(tag).map(|line| said("", line));
    let base = base_end_of_life(tag).map(|(name, line)| said(&format!("{name} "), line));
    let is_said = own.is_some();
    own.into_iter().chain(base).chain(supported.filter(|_| is_said)).collect()
}

fn answer<'a>(known: Option<bool>, yes: &'a str, no: &'a str) -> &'a str {
    match known {
        Some(true) => yes,
        Some(false) => no,
        None => "",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Base => "base to build upon",
        Kind::Runtime => "language to build upon",
        Kind::Database => "database",
        Kind::Cache => "cache",
        Kind::Queue => "message queue",
        Kind::Proxy => "web server or proxy",
        Kind::Observability => "observability",
        Kind::App => "application",
        Kind::Tool => "tool",
        Kind::Other => "",
    }
}

fn user(user: User) -> String {
    match user {
        User::Root => "root".to_owned(),
        User::Drops(name) => format!("{name}, after a start as root"),
        User::NonRoot(name) => name.to_owned(),
        User::Unknown => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{described, names};
    use crate::images::lookup;

    fn text(name: &str, tag: Option<&str>) -> String {
        described(name, tag, lookup(name, tag).expect("the image is in the table"))
    }

    #[test]
    fn what_is_known_is_said_and_nothing_else() {
        let postgres = text("postgres", Some("12"));
        assert!(postgres.contains("\nsupport      12 ended on 2024-11-21\n"), "{postgres}");
        assert!(postgres.contains("POSTGRES_PASSWORD_FILE"), "{postgres}");
        assert!(!text("surrealdb/surrealdb", None).contains("user "));
        assert!(text("postgres", None).contains("9.6 ended on"));
        assert!(text("python", Some("3.13-slim-buster")).contains("debian buster ended on"));
    }

    #[test]
    fn every_image_has_a_name_and_a_description() {
        let images = names().filter(|name| !name.ends_with('*'));
        for name in images {
            assert!(text(&name, None).lines().count() > 2, "{name}");
        }
    }
}
