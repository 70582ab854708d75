//! `package-cache-kept`: a package manager leaves what it downloaded in the image.

use crate::commands::edit::{append, insert_flag};
use crate::commands::managers::{Call, Manager, call, manager};
use crate::commands::{Command, Layer, Scope, Variable, Variables, is_below, scopes};
use crate::diagnostic::{Fix, Severity};
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::Stakes;

pub static RULE: Rule = Rule {
    name: "package-cache-kept",
    summary: "a package manager leaves what it downloaded in the image",
    since: "0.1.0",
    stakes: Stakes::NONE,
    severity: Severity::Info,
    preset: Preset::Recommended,
    fix: FixAvailability::Sometimes,
    page: include_str!("../../../rules/dockerfile/package-cache-kept.md"),
    equivalents: &[
        "hadolint:DL3009",
        "hadolint:DL3019",
        "hadolint:DL3032",
        "hadolint:DL3036",
        "hadolint:DL3040",
        "hadolint:DL3042",
        "hadolint:DL3060",
        "kics:apk_add_using_local_cache_path",
        "kics:apt_get_install_lists_were_not_deleted",
        "kics:missing_dnf_clean_all",
        "kics:missing_zypper_clean",
        "kics:pip_install_keeping_cached_packages",
        "kics:yum_clean_all_missing",
        "semgrep:missing-apk-no-cache",
        "semgrep:missing-dnf-clean-all",
        "semgrep:missing-pip-no-cache-dir",
        "semgrep:missing-yum-clean-all",
        "semgrep:missing-zypper-clean",
        "semgrep:remove-package-cache",
        "semgrep:remove-package-lists",
        "trivy:missing_apk_no_cache",
        "trivy:missing_dnf_clean_all",
        "trivy:missing_microdnf_clean_all",
        "trivy:missing_zypper_clean",
        "trivy:yum_clean_all_missing",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Where apt keeps the lists of packages, and the packages.
const APT_LISTS: &str = "/var/lib/apt/lists";
const APT_ARCHIVES: &str = "/var/cache/apt/archives";

/// Where the managers whose calls have a flag for it keep their caches.
const APK: &[&str] = &["/var/cache/apk", "/etc/apk/cache"];
const PIP: &[&str] = &["~/.cache/pip"];
const UV: &[&str] = &["~/.cache/uv"];

/// A cache that one command at the end of a layer empties.
struct Cache {
    managers: &'static [Manager],
    /// Where it is; emptying one of them is enough.
    directories: &'static [&'static str],
    /// Whether the call fills it.
    fills: fn(&Call<'_>) -> bool,
    /// Whether the call empties it.
    empties: fn(&Call<'_>) -> bool,
    /// What a call that empties it has behind the name of the program.
    arguments: &'static str,
    /// A flag, and a variable, with which it is elsewhere or not kept.
    flags: &'static [&'static str],
    variable: Option<&'static str>,
}

const CACHES: &[Cache] = &[
    Cache {
        managers: &[Manager::Dnf, Manager::Yum],
        directories: &["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/var/cache/tdnf"],
        fills: |call| {
            call.installs()
                || matches!(
                    call.action(),
                    "update" | "upgrade" | "makecache" | "groupupdate" | "distro-sync" | "swap"
                )
        },
        empties: |call| call.action() == "clean",
        arguments: "clean all",
        flags: &["--downloadonly", "--cacheonly", "-C", "--assumeno"],
        variable: None,
    },
    Cache {
        managers: &[Manager::Zypper],
        directories: &["/var/cache/zypp"],
        fills: |call| {
            call.installs()
                || matches!(
                    call.action(),
                    "update" | "up" | "dist-upgrade" | "dup" | "patch" | "refresh" | "ref"
                )
        },
        empties: |call| matches!(call.action(), "clean" | "cc"),
        arguments: "clean --all",
        flags: &["-C", "--cache-dir", "--dry-run"],
        variable: None,
    },
    Cache {
        managers: &[Manager::Yarn],
        directories: &["/usr/local/share/.cache/yarn", "~/.cache/yarn", "~/.yarn/berry/cache"],
        fills: |call| call.installs(),
        empties: |call| {
            call.action() == "cache" && call.operands.first().is_some_and(|it| it.text == "clean")
        },
        arguments: "cache clean",
        flags: &["--cache-folder"],
        variable: Some("YARN_CACHE_FOLDER"),
    },
    Cache {
        managers: &[Manager::Conda],
        directories: &[
            "/opt/conda/pkgs",
            "/opt/miniconda3/pkgs",
            "~/.cache/conda",
            "~/.conda/pkgs",
            "~/micromamba/pkgs",
        ],
        fills: |call| call.installs(),
        empties: |call| call.action() == "clean",
        arguments: "clean --all --yes",
        flags: &["--dry-run", "-d"],
        variable: Some("CONDA_PKGS_DIRS"),
    },
];

/// Whether the command removes `directory` or what is in it.
fn removes(command: &Command, directory: &str) -> bool {
    let is_removal = match command.program.as_str() {
        "rm" | "rmdir" => true,
        "find" => command.has("-delete") || command.has("rm") || command.has("-exec"),
        _ => false,
    };
    is_removal
        && command.arguments.iter().filter(|word| !word.text.starts_with('-')).any(|word| {
            let path = word.text.replace("${HOME}", "~").replace("$HOME", "~");
            if path.contains('{') {
                return directory.starts_with(path.split('{').next().unwrap_or_default());
            }
            let path = match path.find(['*', '?', '[']) {
                Some(at) => path[..at].rfind('/').map_or("", |slash| &path[..slash]),
                None => path.as_str(),
            };
            is_below(directory, path) || is_below(path, directory)
        })
}

/// The index of the last command that removes one of the directories.
fn last_removal(layer: &Layer, directories: &[&str]) -> Option<usize> {
    layer.commands.iter().rposition(|command| directories.iter().any(|directory| removes(command, directory)))
}

/// Whether a command behind the one with this index removes one of the directories.
fn is_removed(layer: &Layer, index: usize, directories: &[&str]) -> bool {
    last_removal(layer, directories).is_some_and(|last| last > index)
}

/// Whether the layer's last call that fills `cache` is followed by nothing that empties it.
fn last_fill<'l>(layer: &'l Layer, cache: &Cache) -> Option<(usize, Call<'l>)> {
    let mut last = None;
    for (index, command) in layer.commands.iter().enumerate() {
        if cache.directories.iter().any(|directory| removes(command, directory)) {
            last = None;
        }
        let Some(call) = call(command).filter(|call| cache.managers.contains(&call.manager)) else {
            continue;
        };
        if (cache.empties)(&call) {
            last = None;
        } else if (cache.fills)(&call) {
            last = call.flag(cache.flags).is_none().then_some((index, call));
        }
    }
    last
}

fn equivalents(call: &Call<'_>) -> &'static [&'static str] {
    match call.manager {
        Manager::Yum => &[
            "hadolint:DL3032",
            "kics:yum_clean_all_missing",
            "semgrep:missing-yum-clean-all",
            "trivy:yum_clean_all_missing",
        ],
        Manager::Dnf => &[
            "hadolint:DL3040",
            "kics:missing_dnf_clean_all",
            "semgrep:missing-dnf-clean-all",
            "trivy:missing_dnf_clean_all",
            "trivy:missing_microdnf_clean_all",
        ],
        Manager::Zypper => &[
            "hadolint:DL3036",
            "kics:missing_zypper_clean",
            "semgrep:missing-zypper-clean",
            "trivy:missing_zypper_clean",
        ],
        Manager::Yarn => &["hadolint:DL3060"],
        _ => &[],
    }
}

/// The command that empties a cache. `None` if who runs it is not clear, as with `sudo`.
fn emptying(command: &Command, arguments: &str) -> Option<String> {
    command.wrappers.is_empty().then(|| format!("{} {arguments}", command.program))
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        let variables = scope.variables();
        let docker_clean = scope.first_mention(&["docker-clean", "keep-downloaded-packages"]);
        let pip_setting =
            scope.first_mention(&["global.no-cache-dir", "no-cache-dir = true", "no-cache-dir=true"]);
        for layer in scope.runs() {
            let uses: Vec<Manager> = layer.commands.iter().filter_map(|it| manager(&it.program)).collect();
            if scope.keeps(layer) && uses.contains(&Manager::Apt) {
                apt(scope, layer, docker_clean, file.text, cx);
            }
            for cache in CACHES.iter().filter(|cache| cache.managers.iter().any(|it| uses.contains(it))) {
                shared(scope, layer, cache, &variables, file.text, cx);
            }
            if [Manager::Apk, Manager::Pip, Manager::Uv].iter().any(|it| uses.contains(it)) {
                let has_setting = pip_setting.is_some_and(|at| at <= layer.index);
                each(scope, layer, &variables, has_setting, cx);
            }
        }
    }
}

/// The lists of apt; and its packages, if the image is told to keep them.
fn apt(scope: Scope<'_>, layer: &Layer, docker_clean: Option<usize>, text: &str, cx: &mut Context<'_>) {
    let calls = || {
        layer
            .commands
            .iter()
            .enumerate()
            .filter_map(|(index, command)| Some((index, call(command)?)))
            .filter(|(_, call)| call.manager == Manager::Apt)
    };
    let last_of = |wanted: fn(&Call<'_>) -> bool| calls().rfind(|(_, call)| wanted(call));
    let installs = last_of(|call| call.installs());
    let is_cleaned = calls().any(|(_, call)| matches!(call.action(), "clean" | "autoclean" | "distclean"));
    let mut equivalents = vec![
        "hadolint:DL3009",
        "kics:apt_get_install_lists_were_not_deleted",
        "semgrep:remove-package-lists",
    ];
    if !is_cleaned {
        equivalents.push("semgrep:remove-package-cache");
    }
    if let Some((index, call)) = last_of(|call| call.action() == "update")
        && !layer.is_mounted(APT_LISTS)
        && !is_removed(layer, index, &[APT_LISTS])
        && last_of(|call| call.action() == "distclean").is_none()
    {
        // Without an install the lists are for the layers that follow.
        let runs_as_root = installs.as_ref().is_some_and(|(_, it)| it.command.wrappers.is_empty());
        let fix = runs_as_root.then(|| append(layer, text, &format!("rm -rf {APT_LISTS}/*"))).flatten();
        let help = match installs {
            Some(_) => format!("end the `RUN` with `rm -rf {APT_LISTS}/*`"),
            None => format!("install in the same `RUN`, and end it with `rm -rf {APT_LISTS}/*`"),
        };
        scope
            .report(cx, call.command.span_to(call.subcommand), "the lists of packages stay in the layer")
            .help(help)
            .fix(fix)
            .equivalents(&equivalents);
        return;
    }
    if let Some((index, call)) = installs
        && docker_clean.is_some_and(|at| at <= layer.index)
        && !layer.is_mounted(APT_ARCHIVES)
        && !is_cleaned
        && !is_removed(layer, index, &[APT_ARCHIVES])
    {
        let fix = emptying(call.command, "clean").and_then(|command| append(layer, text, &command));
        scope
            .report(
                cx,
                call.command.span_to(call.subcommand),
                "what apt downloaded stays in the layer, as `docker-clean` is removed",
            )
            .help("mount a cache at `/var/cache/apt`, or end the `RUN` with `apt-get clean`")
            .fix(fix)
            .equivalents(&equivalents);
    }
}

/// A cache that one command empties, whoever filled it.
fn shared(
    scope: Scope<'_>,
    layer: &Layer,
    cache: &Cache,
    variables: &Variables,
    text: &str,
    cx: &mut Context<'_>,
) {
    let is_kept = scope.keeps(layer);
    if cache.directories.iter().any(|directory| layer.is_mounted(directory))
        || !is_kept && cache.managers.contains(&Manager::Yarn)
    {
        return;
    }
    let Some((index, call)) = last_fill(layer, cache) else { return };
    if cache.variable.is_some_and(|name| variables.in_command(name, layer, index) != Variable::Undefined) {
        return;
    }
    let emptying = emptying(call.command, cache.arguments);
    let fix: Option<Fix> = emptying.as_ref().and_then(|command| append(layer, text, command));
    scope
        .report(
            cx,
            call.command.span_to(call.subcommand),
            format!("`{}` leaves its cache in the layer", call.title()),
        )
        .help(format!("end the `RUN` with `{} {}`", call.command.program, cache.arguments))
        .fix(fix)
        .only_in(preset(scope, layer))
        .equivalents(equivalents(&call));
}

/// The smallest preset that wants to know of the cache: in a stage that is thrown away it only takes
/// room on the machine that builds.
fn preset(scope: Scope<'_>, layer: &Layer) -> Preset {
    if scope.keeps(layer) { Preset::Recommended } else { Preset::Strict }
}

/// The caches that a flag of each call keeps empty.
fn each(scope: Scope<'_>, layer: &Layer, variables: &Variables, has_setting: bool, cx: &mut Context<'_>) {
    let pip = last_emptying(layer, Manager::Pip, &["purge", "remove"]);
    let uv = last_emptying(layer, Manager::Uv, &["clean", "prune"]);
    let removals = [APK, PIP, UV].map(|directories| (directories, last_removal(layer, directories)));
    for (index, command) in layer.commands.iter().enumerate() {
        let Some(call) = call(command) else { continue };
        let action = call.action();
        let is_off = |name: &str| match variables.in_command(name, layer, index) {
            Variable::Undefined => false,
            Variable::Unknown => true,
            Variable::Known(value) => {
                !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "no" | "off" | "false")
            }
        };
        let is_set = |name: &str| variables.in_command(name, layer, index) != Variable::Undefined;
        let (flag, directories, is_elsewhere, equivalents): (_, &[&str], _, &[&str]) = match call.manager {
            Manager::Apk if action == "add" => (
                "--no-cache",
                APK,
                call.flag(&["--no-cache", "--cache-dir", "--simulate", "-s"]).is_some(),
                &[
                    "hadolint:DL3019",
                    "kics:apk_add_using_local_cache_path",
                    "semgrep:missing-apk-no-cache",
                    "trivy:missing_apk_no_cache",
                ],
            ),
            Manager::Pip if matches!(action, "install" | "download" | "wheel") => (
                "--no-cache-dir",
                PIP,
                call.flag(&["--no-cache-dir", "--cache-dir", "--dry-run"]).is_some()
                    || has_setting
                    || is_off("PIP_NO_CACHE_DIR")
                    || layer.has_mount("cache") && is_set("PIP_CACHE_DIR")
                    || pip.is_some_and(|last| last > index),
                if action == "install" {
                    &[
                        "hadolint:DL3042",
                        "kics:pip_install_keeping_cached_packages",
                        "semgrep:missing-pip-no-cache-dir",
                    ]
                } else {
                    &[]
                },
            ),
            Manager::Uv if matches!(action, "install" | "sync") => (
                "--no-cache",
                UV,
                call.flag(&["--no-cache", "-n", "--no-cache-dir", "--cache-dir", "--dry-run"]).is_some()
                    || is_off("UV_NO_CACHE")
                    || is_set("UV_CACHE_DIR")
                    || uv.is_some_and(|last| last > index),
                &[],
            ),
            _ => continue,
        };
        if is_elsewhere
            || call.has_unknown_flags()
            || directories.iter().any(|directory| layer.is_mounted(directory))
            || removals.iter().any(|(of, last)| *of == directories && last.is_some_and(|last| last > index))
        {
            continue;
        }
        let fix = insert_flag(layer, command, call.subcommand, &[flag]);
        scope
            .report(
                cx,
                command.span_to(call.subcommand),
                format!("`{}` leaves its cache in the layer", call.title()),
            )
            .help(format!("add `{flag}`, or mount a cache"))
            .fix(fix)
            .only_in(preset(scope, layer))
            .equivalents(equivalents);
    }
}

/// The index of the last command that is `manager cache …` with one of the actions.
fn last_emptying(layer: &Layer, manager: Manager, actions: &[&str]) -> Option<usize> {
    layer.commands.iter().rposition(|command| {
        call(command).is_some_and(|call| {
            call.manager == manager
                && call.action() == "cache"
                && call.operands.first().is_some_and(|it| actions.contains(&it.text.as_str()))
        })
    })
}
