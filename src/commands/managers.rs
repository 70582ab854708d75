//! Package managers: which flags take a value, what they install, how they are told not to ask, and
//! what they leave behind.

use super::{Argument, Command};

/// A package manager. Those whose command lines are the same are one.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Manager {
    /// `apk`
    Apk,
    /// `apt-get`, `apt` and `aptitude`
    Apt,
    /// `cargo`
    Cargo,
    /// `conda`, `mamba` and `micromamba`
    Conda,
    /// `dnf`, `microdnf` and `tdnf`
    Dnf,
    /// `gem`
    Gem,
    /// `go`
    Go,
    /// `npm`
    Npm,
    /// `pip`
    Pip,
    /// `pipx`
    Pipx,
    /// `pnpm`
    Pnpm,
    /// `uv`
    Uv,
    /// `yarn`
    Yarn,
    /// `yum`
    Yum,
    /// `zypper`
    Zypper,
}

/// The flags of managers that take the next word as their value.
const VALUED: &[(Manager, &[&str])] = &[
    (
        Manager::Apk,
        &[
            "-X",
            "-p",
            "-t",
            "--repository",
            "--root",
            "--virtual",
            "--arch",
            "--cache-dir",
            "--cache-max-age",
            "--keys-dir",
            "--repositories-file",
            "--wait",
            "--progress-fd",
            "--timeout",
        ],
    ),
    (
        Manager::Apt,
        &[
            "-t",
            "-o",
            "-c",
            "-a",
            "-P",
            "--target-release",
            "--default-release",
            "--option",
            "--config-file",
            "--host-architecture",
            "--build-profiles",
        ],
    ),
    (
        Manager::Cargo,
        &[
            "--version",
            "--vers",
            "--git",
            "--branch",
            "--tag",
            "--rev",
            "--path",
            "--root",
            "--index",
            "--registry",
            "--bin",
            "--example",
            "-j",
            "--jobs",
            "--profile",
            "--target",
            "--target-dir",
            "-F",
            "--features",
            "--color",
            "--config",
            "-Z",
        ],
    ),
    (
        Manager::Conda,
        &[
            "-n",
            "-p",
            "-c",
            "-f",
            "-r",
            "--name",
            "--prefix",
            "--channel",
            "--file",
            "--solver",
            "--subdir",
            "--platform",
            "--repodata-fn",
            "--root-prefix",
            "--revision",
        ],
    ),
    (
        Manager::Dnf,
        &[
            "-c",
            "-d",
            "-e",
            "-x",
            "-R",
            "--config",
            "--debuglevel",
            "--errorlevel",
            "--enablerepo",
            "--disablerepo",
            "--repo",
            "--repoid",
            "--exclude",
            "--installroot",
            "--releasever",
            "--setopt",
            "--disableplugin",
            "--enableplugin",
            "--downloaddir",
            "--destdir",
            "--comment",
            "--color",
            "--rpmverbosity",
            "--forcearch",
            "--advisory",
            "--advisories",
            "--bz",
            "--bzs",
            "--cve",
            "--cves",
            "--sec-severity",
            "--repofrompath",
            "--randomwait",
            "--module-platform",
        ],
    ),
    (
        Manager::Gem,
        &[
            "-v",
            "-i",
            "-n",
            "-s",
            "-P",
            "-B",
            "-g",
            "--version",
            "--install-dir",
            "--bindir",
            "--source",
            "--trust-policy",
            "--build-root",
            "--platform",
            "--bulk-threshold",
            "--file",
            "--http-proxy",
            "--config-file",
        ],
    ),
    (
        Manager::Go,
        &[
            "-tags",
            "-ldflags",
            "-mod",
            "-o",
            "-p",
            "-C",
            "-gcflags",
            "-asmflags",
            "-gccgoflags",
            "-buildmode",
            "-modfile",
            "-overlay",
            "-pkgdir",
            "-toolexec",
            "-exec",
            "-covermode",
            "-coverpkg",
            "-installsuffix",
            "-compiler",
            "-pgo",
        ],
    ),
    (
        Manager::Npm,
        &[
            "-C",
            "-w",
            "--loglevel",
            "--registry",
            "--prefix",
            "--cache",
            "--userconfig",
            "--globalconfig",
            "--omit",
            "--include",
            "--only",
            "--tag",
            "--workspace",
            "--fetch-retries",
            "--fetch-timeout",
            "--fetch-retry-mintimeout",
            "--fetch-retry-maxtimeout",
            "--maxsockets",
            "--install-strategy",
            "--script-shell",
            "--otp",
            "--scope",
            "--location",
            "--before",
            "--proxy",
            "--https-proxy",
            "--noproxy",
            "--cpu",
            "--os",
            "--libc",
            "--target",
            "--network-timeout",
            "--cafile",
        ],
    ),
    (
        Manager::Pip,
        &[
            "-r",
            "-c",
            "-e",
            "-t",
            "-b",
            "-i",
            "-f",
            "-C",
            "-d",
            "-w",
            "--requirement",
            "--constraint",
            "--editable",
            "--target",
            "--platform",
            "--python-version",
            "--implementation",
            "--abi",
            "--root",
            "--prefix",
            "--build",
            "--src",
            "--index-url",
            "--pypi-url",
            "--extra-index-url",
            "--find-links",
            "--upgrade-strategy",
            "--no-binary",
            "--only-binary",
            "--progress-bar",
            "--report",
            "--config-settings",
            "--global-option",
            "--install-option",
            "--log",
            "--proxy",
            "--retries",
            "--timeout",
            "--exists-action",
            "--trusted-host",
            "--cert",
            "--client-cert",
            "--cache-dir",
            "--use-feature",
            "--use-deprecated",
            "--python",
            "--keyring-provider",
            "--root-user-action",
            "--group",
            "--build-option",
            "--dest",
            "--wheel-dir",
            "--resume-retries",
        ],
    ),
    (
        Manager::Pipx,
        &["-i", "--python", "--index-url", "--pip-args", "--spec", "--suffix", "--preinstall", "--backend"],
    ),
    (
        Manager::Pnpm,
        &[
            "-C",
            "-F",
            "--dir",
            "--filter",
            "--store-dir",
            "--registry",
            "--reporter",
            "--loglevel",
            "--network-concurrency",
            "--prefix",
            "--fetch-retries",
            "--fetch-timeout",
        ],
    ),
    (
        Manager::Uv,
        &[
            "-r",
            "-c",
            "-e",
            "-p",
            "-i",
            "-f",
            "-b",
            "-C",
            "-w",
            "--requirement",
            "--requirements",
            "--constraint",
            "--constraints",
            "--editable",
            "--python",
            "--index",
            "--default-index",
            "--index-url",
            "--extra-index-url",
            "--find-links",
            "--exclude-newer",
            "--extra",
            "--group",
            "--only-group",
            "--no-group",
            "--package",
            "--project",
            "--directory",
            "--link-mode",
            "--resolution",
            "--prerelease",
            "--with",
            "--from",
            "--target",
            "--prefix",
            "--python-platform",
            "--python-version",
            "--cache-dir",
            "--config-file",
            "--no-binary",
            "--only-binary",
            "--override",
            "--build-constraint",
            "--index-strategy",
            "--keyring-provider",
            "--refresh-package",
            "--no-install-package",
            "--allow-insecure-host",
            "--trusted-host",
        ],
    ),
    (
        Manager::Yarn,
        &[
            "--cwd",
            "--network-timeout",
            "--registry",
            "--cache-folder",
            "--modules-folder",
            "--mutex",
            "--network-concurrency",
            "--prefix",
            "--global-folder",
            "--use-yarnrc",
            "--https-proxy",
            "--proxy",
            "--mode",
        ],
    ),
    (
        Manager::Yum,
        &[
            "-c",
            "-d",
            "-e",
            "-x",
            "-R",
            "--config",
            "--debuglevel",
            "--errorlevel",
            "--enablerepo",
            "--disablerepo",
            "--repo",
            "--repoid",
            "--exclude",
            "--installroot",
            "--releasever",
            "--setopt",
            "--disableplugin",
            "--enableplugin",
            "--downloaddir",
            "--color",
            "--rpmverbosity",
        ],
    ),
    (
        Manager::Zypper,
        &[
            "-c",
            "-R",
            "-D",
            "-C",
            "-p",
            "-r",
            "-t",
            "--config",
            "--root",
            "--reposd-dir",
            "--cache-dir",
            "--plus-repo",
            "--plus-content",
            "--releasever",
            "--installroot",
            "--repo",
            "--type",
            "--from",
            "--userdata",
        ],
    ),
];

/// A flag of a command.
#[derive(Copy, Clone, Debug)]
pub struct Flag<'c> {
    /// The name with its dashes, one letter each for short ones in a cluster.
    name: FlagName<'c>,
    /// The value behind a `=`, behind the letter, or in the next word.
    pub value: Option<&'c str>,
    /// The word that it stands in.
    pub argument: &'c Argument,
}

#[derive(Copy, Clone, Debug)]
enum FlagName<'c> {
    Long(&'c str),
    Short(char),
}

impl Flag<'_> {
    /// Whether the flag is this one, written with its dashes.
    pub fn is(&self, name: &str) -> bool {
        match self.name {
            FlagName::Long(long) => long == name,
            FlagName::Short(letter) => {
                name.strip_prefix('-').is_some_and(|rest| rest.chars().eq(std::iter::once(letter)))
            }
        }
    }
}

/// The arguments of a command as flags and operands.
#[derive(Clone, Debug)]
pub struct Arguments<'c> {
    /// The flags, in order.
    pub flags: Vec<Flag<'c>>,
    /// The other words, in order.
    pub operands: Vec<&'c Argument>,
    /// The words behind `--`, which are operands too.
    pub behind_dashes: usize,
}

/// How a program reads its flags.
#[derive(Copy, Clone, Debug)]
pub struct Syntax<'s> {
    /// The flags that take the next word as their value.
    pub valued: &'s [&'s str],
    /// Whether a single dash starts a long name, as in Go's programs.
    pub is_single_dash: bool,
}

/// The arguments of `command`, read by `syntax`.
pub fn arguments<'c>(command: &'c Command, syntax: Syntax<'_>) -> Arguments<'c> {
    let (mut flags, mut operands, mut behind_dashes) = (Vec::new(), Vec::new(), 0);
    let mut words = command.arguments.iter().peekable();
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if text == "--" {
            for word in words.by_ref() {
                operands.push(word);
                behind_dashes += 1;
            }
        } else if text.starts_with("--") || syntax.is_single_dash && text.len() > 1 && text.starts_with('-') {
            let (name, value) =
                text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            let value = match value {
                None if syntax.valued.contains(&name) => words.next().map(|next| next.text.as_str()),
                value => value,
            };
            flags.push(Flag { name: FlagName::Long(name), value, argument: word });
        } else if text.len() > 1 && text.starts_with('-') {
            for (at, letter) in text.char_indices().skip(1) {
                let rest = &text[at + letter.len_utf8()..];
                let is_valued = syntax.valued.iter().any(|flag| {
                    flag.strip_prefix('-').is_some_and(|flag| flag.chars().eq(std::iter::once(letter)))
                });
                let (value, ends) = if let Some(value) = rest.strip_prefix('=') {
                    (Some(value), true)
                } else if is_valued && !rest.is_empty() {
                    (Some(rest), true)
                } else if is_valued {
                    (words.next().map(|next| next.text.as_str()), true)
                } else {
                    (None, false)
                };
                flags.push(Flag { name: FlagName::Short(letter), value, argument: word });
                if ends {
                    break;
                }
            }
        } else {
            operands.push(word);
        }
    }
    Arguments { flags, operands, behind_dashes }
}

impl<'c> Arguments<'c> {
    /// The first flag that is one of `names`.
    pub fn flag(&self, names: &[&str]) -> Option<&Flag<'c>> {
        self.flags.iter().find(|flag| names.iter().any(|name| flag.is(name)))
    }

    /// The values of the flags that are one of `names`.
    pub fn values<'s>(&'s self, names: &'s [&'s str]) -> impl Iterator<Item = &'c str> + 's {
        self.flags.iter().filter(|flag| names.iter().any(|name| flag.is(name))).filter_map(|flag| flag.value)
    }
}

/// A call of a package manager.
///
/// ```text
/// apt-get -qq install -y -t bookworm-backports curl git
///             ^^^^^^^ subcommand               ^^^^^^^^ operands
/// ```
#[derive(Clone, Debug)]
pub struct Call<'c> {
    /// The manager.
    pub manager: Manager,
    /// The command.
    pub command: &'c Command,
    /// What it is to do, without modifiers: `install` of `dnf module install`, `add` of `yarn global add`.
    pub subcommand: &'c Argument,
    /// The words before the subcommand, such as `module` and `global`.
    pub modifiers: Vec<&'c Argument>,
    /// The flags.
    pub arguments: Arguments<'c>,
    /// What it is to be done with.
    pub operands: Vec<&'c Argument>,
}

/// The manager that is called `program`.
pub fn manager(program: &str) -> Option<Manager> {
    Some(match program {
        "apk" => Manager::Apk,
        "apt-get" | "apt" | "aptitude" => Manager::Apt,
        "cargo" => Manager::Cargo,
        "conda" | "mamba" | "micromamba" => Manager::Conda,
        "dnf" | "dnf5" | "microdnf" | "tdnf" => Manager::Dnf,
        "gem" => Manager::Gem,
        "go" => Manager::Go,
        "npm" => Manager::Npm,
        "pipx" => Manager::Pipx,
        "pnpm" => Manager::Pnpm,
        "uv" => Manager::Uv,
        "yarn" => Manager::Yarn,
        "yum" => Manager::Yum,
        "zypper" => Manager::Zypper,
        _ => {
            let version = program.strip_prefix("pip")?;
            version.chars().all(|c| c.is_ascii_digit() || c == '.').then_some(Manager::Pip)?
        }
    })
}

/// The call of a package manager that `command` is. `None` if it is another program's, or does nothing.
pub fn call(command: &Command) -> Option<Call<'_>> {
    let manager = manager(&command.program)?;
    let valued = VALUED.iter().find(|(of, _)| *of == manager).map_or(&[][..], |(_, flags)| *flags);
    let arguments = arguments(command, Syntax { valued, is_single_dash: manager == Manager::Go });
    let modifiers: &[&str] = match manager {
        Manager::Dnf | Manager::Yum => &["module", "group", "groups", "environment"],
        Manager::Uv => &["pip", "tool"],
        Manager::Yarn => &["global"],
        Manager::Conda => &["env"],
        _ => &[],
    };
    let count = arguments.operands.iter().take_while(|word| modifiers.contains(&word.text.as_str())).count();
    let subcommand = *arguments.operands.get(count)?;
    let (before, after) = (arguments.operands[..count].to_vec(), arguments.operands[count + 1..].to_vec());
    Some(Call { manager, command, subcommand, modifiers: before, arguments, operands: after })
}

impl<'c> Call<'c> {
    /// The first flag that is one of `names`.
    pub fn flag(&self, names: &[&str]) -> Option<&Flag<'c>> {
        self.arguments.flag(names)
    }

    /// The subcommand; empty if it is a variable.
    pub fn action(&self) -> &'c str {
        self.subcommand.literal().unwrap_or_default()
    }

    /// Whether the call installs packages that are named, or those of a project.
    pub fn installs(&self) -> bool {
        let action = self.action();
        match self.manager {
            Manager::Apk => action == "add",
            Manager::Apt => matches!(action, "install" | "reinstall" | "build-dep" | "satisfy"),
            Manager::Cargo | Manager::Pipx => action == "install",
            Manager::Conda => matches!(action, "install" | "create" | "update"),
            Manager::Dnf | Manager::Yum => matches!(
                action,
                "install"
                    | "in"
                    | "localinstall"
                    | "groupinstall"
                    | "reinstall"
                    | "builddep"
                    | "install-n"
                    | "install-na"
                    | "install-nevra"
            ),
            Manager::Gem => matches!(action, "install" | "i"),
            Manager::Go => matches!(action, "install" | "get" | "run"),
            Manager::Npm => {
                matches!(
                    action,
                    "install" | "i" | "in" | "ins" | "inst" | "insta" | "instal" | "isntall" | "add"
                )
            }
            Manager::Pip => action == "install",
            Manager::Pnpm => matches!(action, "install" | "i" | "add"),
            Manager::Uv => matches!(action, "install" | "sync" | "add"),
            Manager::Yarn => matches!(action, "install" | "add"),
            Manager::Zypper => matches!(action, "install" | "in" | "source-install" | "si"),
        }
    }

    /// The name and subcommand as they are called in a message.
    pub fn title(&self) -> String {
        let mut title = self.command.program.clone();
        for word in self.modifiers.iter().chain([&self.subcommand]) {
            title.push(' ');
            title.push_str(&word.text);
        }
        title
    }

    /// Whether a word may stand for flags, by its name or because it stands for all words.
    pub fn has_unknown_flags(&self) -> bool {
        let words =
            self.command.arguments.iter().filter(|word| word.has_expansion && word.text.starts_with('$'));
        words.into_iter().any(|word| {
            let name = word.text.trim_start_matches(['$', '{']).to_ascii_lowercase();
            name.starts_with(['@', '*'])
                || ["opt", "flag", "arg", "yes", "param"].iter().any(|part| name.contains(part))
        })
    }

    /// Whether the call is told to answer its questions itself.
    pub fn assumes_yes(&self) -> bool {
        let has = |names: &[&str]| self.flag(names).is_some();
        let setting = |names: &[&str], wanted: &str| {
            self.arguments.values(names).any(|value| {
                let (key, value) = value.split_once('=').unwrap_or((value, "true"));
                key.eq_ignore_ascii_case(wanted)
                    && matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on")
            })
        };
        match self.manager {
            Manager::Apt => {
                let quiet = self.arguments.flags.iter().filter(|flag| flag.is("-q") || flag.is("--quiet"));
                let level: usize =
                    quiet.map(|flag| flag.value.and_then(|it| it.parse().ok()).unwrap_or(1)).sum();
                level >= 2
                    || has(&[
                        "-y",
                        "--yes",
                        "--assume-yes",
                        "--force-yes",
                        "--assume-no",
                        "-s",
                        "--simulate",
                        "--just-print",
                        "--dry-run",
                        "--recon",
                        "--no-act",
                        "--print-uris",
                        "-h",
                        "--help",
                    ])
                    || setting(&["-o", "--option"], "APT::Get::Assume-Yes")
            }
            Manager::Dnf | Manager::Yum => {
                has(&["-y", "--assumeyes", "--assumeno", "--assume-yes", "-h", "--help"])
                    || setting(&["--setopt"], "assumeyes")
            }
            Manager::Zypper => has(&[
                "-n",
                "-y",
                "--non-interactive",
                "--no-confirm",
                "--dry-run",
                "--non-interactive-include-reboot-patches",
                "-h",
                "--help",
            ]),
            Manager::Conda => has(&["-y", "--yes", "-q", "--dry-run", "-d", "--json"]),
            _ => true,
        }
    }
}
