//! `unpinned-package`: a package is installed in whatever version is newest.

use crate::commands::managers::{Call, Manager, call};
use crate::commands::{Argument, Layer, Scope, Variable, Variables, scopes};
use crate::diagnostic::Severity;
use crate::dockerfile::Keyword;
use crate::rule::{Check, Context, File, FixAvailability, Preset, Rule};
use crate::stakes::{Attacker, Gain, Grade, Needs, Stakes};

pub static RULE: Rule = Rule {
    name: "unpinned-package",
    summary: "a package is installed in whatever version is newest",
    since: "0.1.0",
    stakes: Stakes {
        grades: &[Grade::attack(Attacker::Publisher, Gain::Code, Needs::Attack)],
        weaknesses: &[],
    },
    severity: Severity::Info,
    preset: Preset::Strict,
    fix: FixAvailability::None,
    page: include_str!("../../../rules/supply-chain/unpinned-package.md"),
    equivalents: &[
        "hadolint:DL3008",
        "hadolint:DL3013",
        "hadolint:DL3016",
        "hadolint:DL3018",
        "hadolint:DL3028",
        "hadolint:DL3033",
        "hadolint:DL3037",
        "hadolint:DL3041",
        "hadolint:DL3062",
        "kics:apt_get_install_pin_version_not_defined",
        "kics:gem_install_without_version",
        "kics:missing_version_specification_in_dnf_install",
        "kics:npm_install_without_pinned_version",
        "kics:unpinned_package_version_in_apk_add",
        "kics:unpinned_package_version_in_pip_install",
        "kics:yum_install_without_version",
        "kics:zypper_install_without_version",
    ],
    deviations: &[],
    is_for_production: false,
    checks: &[Check::File(check)],
};

/// Whether a package of npm is given a tag that moves, such as `latest`.
fn has_tag(text: &str) -> bool {
    !is_url(text) && !text.starts_with("git") && text.trim_start_matches('@').contains('@')
}

/// The number of packages besides the first that are pointed at.
const MOST_LABELS: usize = 12;

fn equivalents(manager: Manager) -> &'static [&'static str] {
    match manager {
        Manager::Apk => &["hadolint:DL3018", "kics:unpinned_package_version_in_apk_add"],
        Manager::Apt => &["hadolint:DL3008", "kics:apt_get_install_pin_version_not_defined"],
        Manager::Dnf => &["hadolint:DL3041", "kics:missing_version_specification_in_dnf_install"],
        Manager::Gem => &["hadolint:DL3028", "kics:gem_install_without_version"],
        Manager::Go => &["hadolint:DL3062"],
        Manager::Npm => &["hadolint:DL3016", "kics:npm_install_without_pinned_version"],
        Manager::Pip => &["hadolint:DL3013", "kics:unpinned_package_version_in_pip_install"],
        Manager::Yum => &["hadolint:DL3033", "kics:yum_install_without_version"],
        Manager::Zypper => &["hadolint:DL3037", "kics:zypper_install_without_version"],
        Manager::Cargo | Manager::Conda | Manager::Pipx | Manager::Pnpm | Manager::Uv | Manager::Yarn => &[],
    }
}

/// How a version is written.
fn help(manager: Manager) -> &'static str {
    match manager {
        Manager::Apk => "write `name=version`, or `name~version` for its patches",
        Manager::Apt | Manager::Zypper | Manager::Conda => "write `name=version`",
        Manager::Pip | Manager::Uv | Manager::Pipx => {
            "write `name==version`, or install a file of requirements"
        }
        Manager::Npm | Manager::Pnpm | Manager::Yarn | Manager::Go | Manager::Cargo => "write `name@version`",
        Manager::Dnf | Manager::Yum => "write `name-version`",
        Manager::Gem => "write `name:version`",
    }
}

fn is_url(text: &str) -> bool {
    text.contains("://") || text.starts_with("file:")
}

/// Whether the text is a path and no name of a package.
fn is_path(text: &str) -> bool {
    text == "."
        || text == ".."
        || text.starts_with(['/', '~'])
        || text.starts_with("./")
        || text.starts_with("../")
}

/// Whether what follows the name is a version and no name of a moving one.
fn is_version(text: &str) -> bool {
    text.contains('$') || text.bytes().any(|byte| byte.is_ascii_digit()) || text.contains(['^', '>', '<'])
}

/// What stands behind the first `mark`; `None` without one.
fn behind(text: &str, mark: char) -> Option<&str> {
    text.split_once(mark).map(|(_, version)| version)
}

/// Whether the word names a package without a version. `None` if what it is cannot be told.
fn is_unpinned(call: &Call<'_>, word: &Argument, in_variable: &dyn Fn(&str) -> Variable) -> Option<bool> {
    let text = word.text.as_str();
    // A word that starts with a variable may be anything.
    if text.is_empty() || text.starts_with(['$', '`']) {
        return None;
    }
    Some(match call.manager {
        Manager::Apt => {
            let is_removal = text.ends_with('-') && !text.contains('$');
            !(text.contains(['=', '/']) || text.ends_with(".deb") || is_removal)
        }
        Manager::Apk => {
            !(text.contains(['=', '~', '<', '>', '/'])
                || text.ends_with(".apk")
                || text.starts_with(['.', '!']))
        }
        Manager::Pip | Manager::Uv | Manager::Pipx => {
            if let Some(at) = text.find("git+").or_else(|| text.find("hg+")) {
                // The reference stands behind the last part of the path.
                let path = text[at..].split('#').next().unwrap_or_default();
                let last = path.rsplit('/').next().unwrap_or_default();
                return Some(!last.contains('@'));
            }
            let is_file =
                [".whl", ".zip", ".tar.gz", ".tar.bz2", ".tgz"].iter().any(|end| text.ends_with(end));
            let has_version = text.contains(['=', '<', '>', '~']) || text.contains("!=");
            !(has_version
                || is_file
                || is_url(text)
                || is_path(text)
                || text.contains(['/', '\\'])
                || text.contains(" @ "))
        }
        Manager::Npm | Manager::Pnpm | Manager::Yarn => {
            let is_git = text.starts_with("git")
                && (text.contains("://") || text.starts_with("github:") || text.starts_with("gitlab:"))
                || text.starts_with("git@")
                || text.starts_with("bitbucket:");
            if is_git {
                return Some(!text.contains('#'));
            }
            let is_archive = [".tgz", ".tar", ".tar.gz"].iter().any(|end| text.ends_with(end));
            if is_url(text) || is_path(text) || is_archive {
                return Some(false);
            }
            let name = text.strip_prefix('@').unwrap_or(text);
            if !text.starts_with('@') && name.contains('/') {
                return Some(!text.contains('#'));
            }
            !behind(name, '@').is_some_and(is_version)
        }
        Manager::Gem => {
            let is_switch = matches!(text, "true" | "false");
            !(text.ends_with(".gem")
                || is_path(text)
                || is_switch
                || behind(text, ':').is_some_and(is_version))
        }
        Manager::Cargo => !behind(text, '@').is_some_and(is_version),
        Manager::Conda => {
            !(text.contains(['=', '<', '>']) || is_url(text) || is_path(text) || text.ends_with(".conda"))
        }
        Manager::Go => {
            let Some((path, version)) = text.split_once('@') else {
                let first = text.split('/').next().unwrap_or_default();
                return Some(
                    first.contains('.') && text.contains('/') && !is_path(text) && !text.contains("..."),
                );
            };
            !path.is_empty() && !is_version(version)
        }
        // Of a module it is the stream that is fixed.
        Manager::Dnf | Manager::Yum if call.modifiers.iter().any(|it| it.text == "module") => {
            !text.contains(':')
        }
        Manager::Dnf | Manager::Yum => {
            let is_other = text.ends_with(".rpm")
                || text.contains('/')
                || text.starts_with('@')
                || text.contains(['=', '<', '>']);
            !is_other && !has_rpm_version(text, in_variable)
        }
        Manager::Zypper => {
            !(text.contains(['=', '<', '>', '/'])
                || text.ends_with(".rpm")
                || text.starts_with(['+', '-', '!', '~', '@'])
                || text
                    .split_once(':')
                    .is_some_and(|(kind, _)| matches!(kind, "pattern" | "patch" | "product")))
        }
    })
}

/// Whether a `-` is followed by a version, or by a variable that may be one.
fn has_rpm_version(text: &str, variable: &dyn Fn(&str) -> Variable) -> bool {
    text.char_indices().filter(|(_, letter)| *letter == '-').any(|(at, _)| {
        let rest = &text[at + 1..];
        if rest.starts_with(|letter: char| letter.is_ascii_digit()) {
            return true;
        }
        let Some(name) = rest.strip_prefix('$') else { return false };
        let name = name.trim_start_matches('{');
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        match variable(&name[..end.unwrap_or(name.len())]) {
            Variable::Undefined => rest.contains(":-") || rest.starts_with("$("),
            Variable::Unknown => true,
            Variable::Known(value) => value.starts_with(|letter: char| letter.is_ascii_digit()),
        }
    })
}

/// Whether something in the call fixes the versions of all that it installs, or it installs no names.
fn is_settled(call: &Call<'_>) -> bool {
    let has = |names: &[&str]| call.flag(names).is_some();
    let modified = |word: &str| call.modifiers.iter().any(|it| it.text == word);
    match call.manager {
        Manager::Apk => has(&["--repositories-file"]) && call.operands.is_empty(),
        Manager::Apt => call.action() == "build-dep",
        Manager::Cargo => has(&["--version", "--vers", "--path", "--git", "--rev", "--tag"]),
        Manager::Conda => call.action() == "update" || has(&["-f", "--file"]),
        Manager::Dnf | Manager::Yum => {
            ["group", "groups", "environment"].iter().any(|it| modified(it))
                || matches!(call.action(), "groupinstall" | "localinstall" | "builddep" | "reinstall")
        }
        Manager::Gem => has(&["-v", "--version", "-g", "--file"]),
        Manager::Pip => has(&["-r", "--requirement", "-c", "--constraint", "--group"]),
        Manager::Uv => {
            !(modified("pip") || modified("tool"))
                || has(&["-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"])
        }
        Manager::Pipx => has(&["--spec"]),
        Manager::Zypper => call
            .arguments
            .values(&["-t", "--type"])
            .any(|kind| matches!(kind, "pattern" | "patch" | "product" | "srcpackage")),
        Manager::Go | Manager::Npm | Manager::Pnpm | Manager::Yarn => false,
    }
}

/// The words of the call that name packages without a version.
fn unpinned<'c>(
    call: &Call<'c>,
    layer: &Layer,
    index: usize,
    variables: &Variables,
    first_copy: Option<usize>,
) -> Vec<&'c Argument> {
    // Behind `--` are the flags of what is compiled; `go run` passes on what is behind the package.
    let count = match call.manager {
        Manager::Gem => call.operands.len().saturating_sub(call.arguments.behind_dashes),
        Manager::Go if call.action() == "run" => 1,
        _ => call.operands.len(),
    };
    let in_variable = |name: &str| variables.in_command(name, layer, index);
    let has_module = first_copy.is_some_and(|at| at < layer.index);
    call.operands
        .iter()
        .take(count)
        .filter(|word| is_unpinned(call, word, &in_variable) == Some(true))
        // In a module its own file says which version a path without one is.
        .filter(|word| !(has_module && call.manager == Manager::Go && !word.text.contains('@')))
        .copied()
        .collect()
}

/// The first instruction that copies files into the stage.
fn first_copy(scope: Scope<'_>) -> Option<usize> {
    let (instructions, first) = scope.instructions();
    let at = instructions.iter().position(|it| matches!(it.keyword, Keyword::Copy | Keyword::Add))?;
    Some(first + at)
}

/// The name as a message shows it: on one line, without what an address may hold before its last part.
fn shown(word: &Argument) -> String {
    let text = word.text.as_str();
    let text = if text.contains("://") { text.rsplit('/').next().unwrap_or_default() } else { text };
    text.chars().filter(|letter| !letter.is_control() && *letter != '`').take(60).collect()
}

fn check(file: File<'_>, cx: &mut Context<'_>) {
    for scope in scopes(file, cx.built()) {
        let variables = scope.variables();
        let first_copy = first_copy(scope);
        for (layer, index, command) in scope.commands() {
            let Some(call) = call(command).filter(|call| call.installs() && !is_settled(call)) else {
                continue;
            };
            let found = unpinned(&call, layer, index, &variables, first_copy);
            let Some(first) = found.first() else { continue };
            let equivalents = match call.manager {
                // For one of them a tag is a version.
                Manager::Npm if found.iter().all(|it| has_tag(&it.text)) => {
                    &["kics:npm_install_without_pinned_version"]
                }
                manager => equivalents(manager),
            };
            let message = format!("`{}` is installed in its newest version", shown(first));
            let mut finding =
                scope.report(cx, first.span, message).help(help(call.manager)).equivalents(equivalents);
            for other in found.iter().skip(1).take(MOST_LABELS) {
                finding = finding.label(other.span, "so is this one");
            }
        }
    }
}
