//! What the instructions of a stage bring onto the `PATH`, as far as that can be followed.

use super::instruction::{Arguments, Command, Instruction, Keyword};
use super::stage::{Setting, Stage};
use crate::shell::{Script, Word, script_argument};

/// Commands after which no other program is there than before, sorted.
const HARMLESS: &[&str] = &[
    ".",
    ":",
    "[",
    "[[",
    "addgroup",
    "adduser",
    "apt-cache",
    "apt-key",
    "apt-mark",
    "awk",
    "basename",
    "break",
    "bundle",
    "bun",
    "cargo",
    "cat",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "chpasswd",
    "command",
    "composer",
    "continue",
    "cut",
    "date",
    "deluser",
    "df",
    "dirname",
    "django-admin",
    "dotnet",
    "du",
    "echo",
    "exit",
    "export",
    "false",
    "find",
    "flask",
    "getent",
    "git",
    "go",
    "grep",
    "groupadd",
    "groupdel",
    "groupmod",
    "gzip",
    "head",
    "hugo",
    "id",
    "ldconfig",
    "locale-gen",
    "ls",
    "mkdir",
    "mvn",
    "next",
    "nginx",
    "ng",
    "node",
    "npm",
    "openssl",
    "passwd",
    "php",
    "pip",
    "pip3",
    "pnpm",
    "poetry",
    "printf",
    "prisma",
    "pwd",
    "python",
    "python3",
    "rails",
    "rake",
    "read",
    "rm",
    "rmdir",
    "sed",
    "set",
    "shift",
    "sleep",
    "sort",
    "stat",
    "strip",
    "sync",
    "tail",
    "tee",
    "test",
    "touch",
    "tr",
    "trap",
    "true",
    "truncate",
    "tsc",
    "uname",
    "unset",
    "update-ca-certificates",
    "useradd",
    "userdel",
    "usermod",
    "uv",
    "vite",
    "wc",
    "which",
    "yarn",
];

/// Commands that move files and download them: they bring what they name.
const MOVERS: &[&str] = &["cp", "curl", "install", "ln", "mv", "wget"];

/// Packages that bring none of the programs that probes are made of, sorted. Besides them are all whose
/// names begin with `lib` or end in `-dev`, and fonts.
const PLAIN: &[&str] = &[
    "alpine-sdk",
    "apt-transport-https",
    "apt-utils",
    "autoconf",
    "automake",
    "bash",
    "binutils",
    "build-base",
    "build-essential",
    "bzip2",
    "ca-certificates",
    "cairo",
    "clang",
    "cmake",
    "coreutils",
    "cron",
    "curl",
    "dcron",
    "default-mysql-client",
    "dirmngr",
    "dnsutils",
    "dumb-init",
    "ffmpeg",
    "file",
    "findutils",
    "freetype",
    "g++",
    "gcc",
    "gcompat",
    "gettext",
    "gettext-base",
    "git",
    "gnupg",
    "gnupg2",
    "gosu",
    "grep",
    "gzip",
    "harfbuzz",
    "icu-data-full",
    "icu-libs",
    "imagemagick",
    "iproute2",
    "iputils-ping",
    "jq",
    "krb5-libs",
    "less",
    "linux-headers",
    "locales",
    "logrotate",
    "make",
    "mariadb-client",
    "media-types",
    "mime-support",
    "musl",
    "mysql-client",
    "nano",
    "ncat",
    "netcat",
    "netcat-openbsd",
    "netcat-traditional",
    "nginx",
    "nmap-ncat",
    "nss",
    "openssh-client",
    "openssh-client-default",
    "openssl",
    "pango",
    "patch",
    "pkg-config",
    "pkgconf",
    "poppler-utils",
    "postgresql-client",
    "procps",
    "procps-ng",
    "redis",
    "redis-tools",
    "rsync",
    "sed",
    "shadow",
    "sqlite",
    "sqlite-libs",
    "sqlite3",
    "su-exec",
    "sudo",
    "tar",
    "telnet",
    "tesseract-ocr",
    "tini",
    "tzdata",
    "unzip",
    "util-linux",
    "vim",
    "vips",
    "wget",
    "which",
    "xz",
    "xz-utils",
    "zip",
    "zlib",
];

/// Programs that have another name than their packages, each with the starts of the packages' names.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("curl", &["curl"]),
    ("mysql", &["default-mysql-client", "mariadb", "mysql"]),
    ("mysqladmin", &["default-mysql-client", "mariadb", "mysql"]),
    ("nc", &["busybox", "ncat", "netcat", "nmap"]),
    ("netstat", &["busybox", "net-tools"]),
    ("node", &["node", "npm"]),
    ("pg_isready", &["postgresql"]),
    ("pgrep", &["busybox", "procps"]),
    ("pkill", &["busybox", "procps"]),
    ("ps", &["busybox", "procps"]),
    ("psql", &["postgresql"]),
    ("python", &["python"]),
    ("python3", &["python"]),
    ("redis-cli", &["redis", "valkey"]),
    ("sh", &["bash", "busybox", "dash"]),
    ("wget", &["busybox", "wget"]),
];

/// The directories on the `PATH` from which on nothing is known.
const MOST_DIRECTORIES: usize = 64;

/// The directories of programs that every image has.
const DIRECTORIES: &[&str] = &["/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin", "/usr/sbin"];

impl<'d> Stage<'d> {
    /// Whether the instructions of this stage and of those under it bring `program`, a name without
    /// directories, onto the `PATH`; `None` if that cannot be told: a script runs, an unknown package is
    /// installed, a directory is copied over one with programs.
    pub fn brings(self, program: &str) -> Option<bool> {
        let mut brings = Some(false);
        let mut path: Vec<String> = DIRECTORIES.iter().map(|&directory| directory.to_owned()).collect();
        for stage in self.chain() {
            for instruction in stage.instructions() {
                path.extend(path_entries(instruction)?);
            }
        }
        if path.len() > MOST_DIRECTORIES {
            return None;
        }
        for stage in self.chain() {
            for instruction in stage.instructions() {
                match self.of_instruction(instruction, program, &path) {
                    Some(false) => {}
                    Some(true) => return Some(true),
                    None => brings = None,
                }
            }
        }
        brings
    }

    fn of_instruction(self, instruction: &Instruction, program: &str, path: &[String]) -> Option<bool> {
        match instruction.keyword {
            Keyword::Run => of_run(instruction, program),
            Keyword::Copy | Keyword::Add => self.of_copy(instruction, program, path),
            _ => Some(false),
        }
    }

    fn of_copy(self, instruction: &Instruction, program: &str, path: &[String]) -> Option<bool> {
        let files = instruction.files()?;
        let destination = files.destination.literal()?;
        let is_archive = |source: &str| {
            [".tar", ".tgz", ".gz", ".xz", ".bz2", ".zip", ".deb"].iter().any(|end| source.ends_with(end))
        };
        let target = if destination.starts_with('/') {
            destination.clone()
        } else {
            let workdir = match self.workdir() {
                Setting::Known(workdir) => workdir.value,
                Setting::Inherited => "/",
                Setting::Unknown(_) => return None,
            };
            format!("{workdir}/{destination}")
        };
        let target = cleaned(&target);
        let is_program_directory = path.contains(&target);
        // What lies above a directory of programs may be copied with one of them inside.
        let is_above = path.iter().any(|directory| {
            directory.strip_prefix(target.as_str()).is_some_and(|rest| rest.starts_with('/')) || target == "/"
        });
        if target.rsplit('/').next() == Some(program) {
            return Some(true);
        }
        let mut brings = Some(false);
        for source in &files.sources {
            let source = source.literal()?;
            let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            if name == program && (is_program_directory || is_above) {
                return Some(true);
            }
            let is_plural = matches!(name, "" | "." | "bin" | "sbin") || name.contains(['*', '?', '[']);
            // A virtual environment has Python and its packages' scripts; nothing of the system.
            let is_environment = name.ends_with("venv") || name.contains("virtualenv");
            if is_environment && !program.starts_with("py") && !program.starts_with("pip") {
                continue;
            }
            let is_file = name.contains('.') && !is_plural && !is_archive(name);
            if (is_above && !is_file) || (is_program_directory && (is_plural || is_archive(name))) {
                brings = None;
            }
        }
        brings
    }
}

/// The directories that an `ENV PATH=` adds; `None` if one of them is not known.
fn path_entries(instruction: &Instruction) -> Option<Vec<String>> {
    let mut entries = Vec::new();
    if instruction.keyword != Keyword::Env {
        return Some(entries);
    }
    for pair in instruction.pairs().iter().filter(|pair| pair.key.raw == "PATH") {
        let Some(value) = &pair.value else { continue };
        for part in value.raw.trim_matches(['"', '\'']).split(':') {
            match part {
                "$PATH" | "${PATH}" | "" => {}
                // A directory below the home or of a package manager's own is named by a variable.
                part if part.contains('$') => return None,
                part => entries.push(cleaned(part)),
            }
        }
    }
    Some(entries)
}

/// The path without `.`, empty parts and a final slash.
fn cleaned(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    format!("/{}", parts.join("/"))
}

fn of_run(instruction: &Instruction, program: &str) -> Option<bool> {
    let script = match (&instruction.arguments, instruction.script()) {
        (_, Some(heredoc)) => heredoc.content.as_str().to_owned(),
        (Arguments::Command(Command::Shell(text)), None) if instruction.heredocs.is_empty() => {
            text.as_str().to_owned()
        }
        (Arguments::Command(Command::Exec(words)), None) => {
            let words: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
            match script_argument(&words) {
                Some(at) => words[at].to_owned(),
                None => words.join(" "),
            }
        }
        _ => return None,
    };
    let script = Script::parse(&script);
    if !script.is_whole() {
        return None;
    }
    let mut brings = Some(false);
    for command in script.commands() {
        let Some(mut words) = command.words.get(..) else { continue };
        while let Some(name) = words.first().and_then(Word::literal)
            && matches!(name, "sudo" | "exec" | "env" | "time" | "nice" | "eatmydata")
        {
            words = &words[1..];
            while words.first().is_some_and(|word| word.text.starts_with('-') || word.text.contains('=')) {
                words = &words[1..];
            }
        }
        let Some(first) = words.first() else { continue };
        let name = first.literal().map(|name| name.rsplit('/').next().unwrap_or(name));
        // Whoever calls it has it.
        if name == Some(program) {
            return Some(true);
        }
        match name.and_then(|name| of_command(name, &words[1..], program)) {
            Some(false) => {}
            Some(true) => return Some(true),
            None => brings = None,
        }
    }
    brings
}

fn of_command(name: &str, arguments: &[Word], program: &str) -> Option<bool> {
    let has = |word: &str| arguments.iter().any(|argument| argument.text == word);
    match name {
        "apt-get" | "apt" | "apk" | "dnf" | "yum" | "microdnf" | "aptitude" => {
            let installs = ["install", "add", "reinstall"].iter().any(|word| has(word));
            if installs { of_packages(arguments, program) } else { Some(false) }
        }
        "npm" | "yarn" | "pnpm" | "pip" | "pip3" | "gem" => {
            // A package of the language may have a program of that name; none brings another's.
            Some(arguments.iter().any(|argument| argument.text == program))
        }
        "npx" | "bunx" | "playwright" => None,
        "python" | "python3" if has("-m") && arguments.iter().any(|it| it.text.contains("playwright")) => {
            None
        }
        "git" | "go" | "cargo" if has("clone") || has("install") => {
            Some(arguments.iter().any(|argument| argument.text.contains(program)))
        }
        _ if MOVERS.contains(&name) => {
            let names =
                arguments.iter().any(|argument| argument.text.contains(program) || argument.has_expansion);
            let unpacks = arguments.iter().any(|argument| argument.text.contains("busybox"));
            if names || unpacks { None } else { Some(false) }
        }
        "." => None,
        _ => HARMLESS.contains(&name).then_some(false),
    }
}

fn of_packages(arguments: &[Word], program: &str) -> Option<bool> {
    let mut brings = Some(false);
    let mut skips = false;
    for argument in arguments {
        let text = argument.text.as_str();
        if std::mem::take(&mut skips) {
            continue;
        }
        if text.starts_with('-') {
            skips = matches!(text, "-t" | "--virtual" | "-X" | "--repository" | "-o" | "--option");
            continue;
        }
        if matches!(text, "install" | "add" | "reinstall" | "$PHPIZE_DEPS" | "${PHPIZE_DEPS}")
            || text.starts_with('.')
        {
            continue;
        }
        let name = text.split(['=', '~', '<', '>', '@', ':']).next().unwrap_or(text);
        if name.contains(['$', '`', '*', '/']) {
            brings = None;
            continue;
        }
        let provides = PROVIDERS.iter().find(|(provided, _)| *provided == program);
        let is_provider = match provides {
            Some((_, packages)) => packages.iter().any(|package| name.starts_with(package)),
            None => name == program,
        };
        if is_provider {
            return Some(true);
        }
        let is_plain = PLAIN.binary_search(&name).is_ok()
            || name.starts_with("lib") && !name.starts_with("libreoffice")
            || ["fonts-", "font-", "ttf-", "tesseract-ocr-", "postgresql-client", "php-", "php8"]
                .iter()
                .any(|start| name.starts_with(start))
            || ["-dev", "-libs"].iter().any(|end| name.ends_with(end));
        if !is_plain {
            brings = None;
        }
    }
    brings
}

#[cfg(test)]
mod tests {
    use super::{HARMLESS, PLAIN};
    use crate::dockerfile::Dockerfile;
    use crate::source::SourceMap;
    use proptest::prelude::*;

    fn brings(text: &str, program: &str) -> Option<bool> {
        let dockerfile = Dockerfile::parse(text, &SourceMap::empty());
        dockerfile.final_stage().expect("there is a stage").brings(program)
    }

    #[test]
    fn lists_are_sorted() {
        assert!(PLAIN.is_sorted_by(|one, next| one < next));
        assert!(!HARMLESS.is_empty());
    }

    #[test]
    fn packages_bring_their_programs() {
        let text = "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    procps=2:4* ca-certificates \\\n && rm -rf /var/lib/apt/lists/*\n";
        assert_eq!(brings(text, "pgrep"), Some(true));
        assert_eq!(brings(text, "curl"), Some(false));
        let text = "FROM alpine\nRUN apk add --no-cache --virtual .deps gcc musl-dev && apk add curl~8\n";
        assert_eq!(brings(text, "curl"), Some(true));
        assert_eq!(brings(text, "bash"), Some(false));
    }

    #[test]
    fn what_cannot_be_followed_is_unknown() {
        for run in [
            "apt-get install -y $PACKAGES",
            "apt-get install -y chromium",
            "curl -fsSL https://example.com/x | bash",
            "./install.sh",
            "bash setup.sh",
            "tar xf x.tar -C /usr/local",
            "make install",
            "npx playwright install --with-deps",
        ] {
            assert_eq!(brings(&format!("FROM debian\nRUN {run}\n"), "wget"), None, "{run}");
        }
    }

    #[test]
    fn copied_files_bring_what_they_are_called() {
        let copy = |line: &str| brings(&format!("FROM debian\nWORKDIR /app\n{line}\n"), "curl");
        assert_eq!(copy("COPY . ."), Some(false));
        assert_eq!(copy("COPY --from=x /usr/bin/curl /usr/bin/"), Some(true));
        assert_eq!(copy("COPY --from=x /usr/bin/ /usr/bin/"), None);
        assert_eq!(copy("COPY rootfs /"), None);
        assert_eq!(copy("COPY --from=x /install /usr/local"), None);
        assert_eq!(copy("COPY entrypoint.sh /"), Some(false));
        assert_eq!(copy("COPY --from=uv /uv /uvx /bin/"), Some(false));
        assert_eq!(copy("ENV PATH=/opt/x/bin:$PATH\nCOPY --from=x /opt/x /opt/x"), None);
        let text = "FROM debian\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=x /opt/venv /opt/venv";
        assert_eq!((brings(text, "curl"), brings(text, "python3")), (Some(false), None));
    }

    proptest! {
        #[test]
        fn any_instructions_are_followed(text in "((RUN|COPY|ENV|ADD) [ -~]{0,40}\n){0,6}") {
            let text = format!("FROM debian\n{text}");
            let dockerfile = Dockerfile::parse(&text, &SourceMap::empty());
            for stage in dockerfile.stages() {
                let _ = (stage.brings("curl"), stage.needed().len());
            }
        }
    }

    #[test]
    fn a_stage_under_it_counts() {
        let text = "FROM debian AS base\nRUN apt-get install -y curl\nFROM base\nRUN mkdir /app\n";
        assert_eq!(brings(text, "curl"), Some(true));
        assert_eq!(brings(text, "wget"), Some(false));
    }
}
