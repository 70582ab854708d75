//! The comments by which other tools are silenced.

use super::comment::parts;
use crate::rule::Rule;
use crate::rules::RULES;

/// nbsp1221/composelint, as it is called in equivalents.
const NAMESAKE: &str = "nbsp1221-composelint";

/// What a comment of another tool is about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// The key, item or instruction that it belongs to.
    Node,
    /// The node, or the file if the comment stands at its top.
    NodeOrFile,
    /// The stage whose `FROM` it stands above.
    Stage,
    /// The file.
    File,
    /// The file, if the comment stands at its top.
    Top,
    /// Its own line.
    Line,
    /// The line below.
    NextLine,
    /// Its own line if something stands before it, else the node below.
    LineOrNode,
    /// All that follows, up to an [`Reach::End`].
    Start,
    /// Ends what a [`Reach::Start`] began.
    End,
}

/// A comment of another tool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Foreign {
    /// The tool, as it is called in equivalents.
    pub(super) tool: &'static str,
    pub(super) reach: Reach,
    /// The checks, as they are called in equivalents; all of the tool's if empty.
    pub(super) names: Vec<String>,
    pub(super) reason: Option<String>,
}

/// What other tools read in the text of a comment.
pub(super) fn foreign(text: &str) -> Vec<Foreign> {
    parts(text).filter_map(|(_, rest)| part(rest.split(" #").next().unwrap_or_default())).collect()
}

fn part(rest: &str) -> Option<Foreign> {
    let (word, behind) = rest.split_at(rest.find([' ', '\t', ':', '=']).unwrap_or(rest.len()));
    match word {
        "hadolint" => hadolint(behind.trim_start()),
        "check" => check(behind.strip_prefix('=')?),
        "checkov" => checkov(behind),
        "trivy" => trivy(rest),
        "nosemgrep" | "nosem" => Some(semgrep(behind)),
        "kics-scan" => kics(behind.trim()),
        "dclint" => dclint(behind.trim_start()),
        "compose-lint" => compose_lint(behind.trim_start_matches([' ', '\t', ':'])),
        _ => nbsp1221(rest.strip_prefix("composelint-")?),
    }
}

/// The words of a list up to `--`, which are between white space and commas; and what follows `--`.
fn words(text: &str) -> (Vec<String>, Option<String>) {
    let (list, reason) = match text.split_once("--") {
        Some((list, reason)) => (list, Some(reason.trim().to_owned())),
        None => (text, None),
    };
    let words = list.split([' ', '\t', ',']).filter(|word| !word.is_empty() && *word != "#");
    (words.map(str::to_owned).collect(), reason.filter(|reason| !reason.is_empty()))
}

/// The first word of each part between commas, up to a part with several.
fn listed(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split(',') {
        let mut words = part.split_whitespace();
        names.extend(words.next().map(str::to_owned));
        if words.next().is_some() {
            break;
        }
    }
    names
}

/// `hadolint ignore=DL3008,DL3009`, `hadolint global ignore=…`, `hadolint stage ignore=…`.
fn hadolint(rest: &str) -> Option<Foreign> {
    let (reach, rest) = match rest.split_once([' ', '\t']) {
        Some(("global", rest)) => (Reach::File, rest.trim_start()),
        Some(("stage", rest)) => (Reach::Stage, rest.trim_start()),
        _ => (Reach::Node, rest),
    };
    let list = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
    let names = listed(list);
    (!names.is_empty()).then_some(Foreign { tool: "hadolint", reach, names, reason: None })
}

/// What follows `check=`: `skip=JSONArgsRecommended;error=true`.
pub(super) fn check(rest: &str) -> Option<Foreign> {
    let skip = rest.split(';').find_map(|setting| setting.trim().strip_prefix("skip="))?;
    let mut names = listed(skip);
    if names.is_empty() {
        return None;
    }
    if names.iter().any(|name| name == "all") {
        names.clear();
    }
    Some(Foreign { tool: "buildkit", reach: Reach::Node, names, reason: None })
}

/// `checkov:skip=CKV_DOCKER_2,CKV_DOCKER_3: reason`.
fn checkov(rest: &str) -> Option<Foreign> {
    let rest = rest.strip_prefix(":skip=")?;
    let (list, reason) = rest.split_once(':').map_or((rest, None), |(list, reason)| (list, Some(reason)));
    let names: Vec<String> = listed(list)
        .into_iter()
        .map(|id| {
            let known = CHECKOV.iter().find(|(known, _)| id.eq_ignore_ascii_case(known));
            known.map_or(id, |(_, name)| (*name).to_owned())
        })
        .collect();
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    (!names.is_empty()).then_some(Foreign { tool: "checkov", reach: Reach::File, names, reason })
}

/// `trivy:ignore:DS-0002`, `trivy:ignore:AVD-DS-0002:exp:2030-01-01`; several with a space between.
fn trivy(rest: &str) -> Option<Foreign> {
    let names: Vec<String> = rest
        .split_whitespace()
        .map_while(|word| word.strip_prefix("trivy:ignore:"))
        .filter_map(|word| {
            let id = word.split(':').next()?.to_ascii_uppercase();
            let digits = id.strip_prefix("AVD-").unwrap_or(&id).strip_prefix("DS")?;
            let number: u32 = digits.trim_start_matches('-').parse().ok()?;
            let name = TRIVY.iter().find(|(known, _)| *known == number)?.1;
            Some(name.to_owned())
        })
        .collect();
    (!names.is_empty()).then_some(Foreign { tool: "trivy", reach: Reach::NodeOrFile, names, reason: None })
}

/// What follows `nosemgrep`: nothing, or `: id, id`, where an id may have a path before it.
fn semgrep(rest: &str) -> Foreign {
    let list = rest.trim_start().strip_prefix(':').unwrap_or_default();
    let names = listed(list)
        .into_iter()
        .map(|id| id.rsplit('.').next().unwrap_or_default().to_owned())
        .filter(|id| !id.is_empty())
        .collect();
    Foreign { tool: "semgrep", reach: Reach::LineOrNode, names, reason: None }
}

/// `kics-scan ignore-line`, `ignore-block` and `ignore`. What `disable=` names are numbers without a
/// meaning outside of that tool.
fn kics(rest: &str) -> Option<Foreign> {
    let reach = match rest.split_whitespace().next()? {
        "ignore-line" => Reach::NextLine,
        "ignore-block" => Reach::Node,
        "ignore" => Reach::Top,
        _ => return None,
    };
    Some(Foreign { tool: "kics", reach, names: Vec::new(), reason: None })
}

/// `dclint disable-line rule`, `dclint disable rule`, `dclint disable-file`.
fn dclint(rest: &str) -> Option<Foreign> {
    let (word, rest) = rest.split_at(rest.find([' ', '\t']).unwrap_or(rest.len()));
    let reach = match word {
        "disable-line" => Reach::Line,
        "disable-file" | "disable" => Reach::Top,
        _ => return None,
    };
    let (names, reason) = words(rest);
    Some(Foreign { tool: "dclint", reach, names, reason })
}

/// `compose-lint: ignore CL-0005 reason`.
fn compose_lint(rest: &str) -> Option<Foreign> {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    let reach = match word {
        "ignore" | "disable" => Reach::Node,
        "ignore-file" | "disable-file" => Reach::Top,
        _ => return None,
    };
    let names: Vec<String> = rest
        .split([' ', '\t', ',', '=', '[', ']', ':'])
        .filter(|word| !word.is_empty())
        .map_while(|word| {
            word.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("cl-")).then_some(word)
        })
        .map(str::to_owned)
        .collect();
    (!names.is_empty()).then_some(Foreign { tool: "compose-lint", reach, names, reason: None })
}

/// What follows `composelint-` in the comments of nbsp1221/composelint.
fn nbsp1221(rest: &str) -> Option<Foreign> {
    let (word, rest) = rest.split_at(rest.find([' ', '\t']).unwrap_or(rest.len()));
    let reach = match word {
        "disable-line" => Reach::Line,
        "disable-next-line" => Reach::NextLine,
        "disable-file" => Reach::File,
        "disable" => Reach::Start,
        "enable" => Reach::End,
        _ => return None,
    };
    let (names, reason) = words(rest);
    Some(Foreign { tool: NAMESAKE, reach, names, reason })
}

impl Foreign {
    /// Whether it is a comment of the tool that goes by the same name as this one.
    pub(super) fn is_of_namesake(&self) -> bool {
        self.tool == NAMESAKE
    }
}

/// The rules that answer for a check of nbsp1221/composelint; none if it has no check of that name.
pub(super) fn namesakes_of(name: &str) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().map(|(_, rule)| *rule).filter(move |rule| {
        let checks = rule.equivalents.iter().filter_map(|it| it.split_once(':'));
        checks.into_iter().any(|(tool, check)| tool == NAMESAKE && check == name)
    })
}

/// The word in the text of a comment that is nearly one of nbsp1221/composelint's, as
/// `compose-lint-disable-line` is; `None` in prose and in what is right.
pub(super) fn misspelt(text: &str) -> Option<&str> {
    parts(text).find_map(|(_, whole)| {
        let separator = |rest: &'_ str| rest.starts_with(['-', '_', ' ']) as usize;
        let rest = whole.strip_prefix("compose")?;
        let rest = rest[separator(rest)..].strip_prefix("lint")?;
        let rest = rest.strip_prefix("er").unwrap_or(rest);
        let is_joined = rest.starts_with(['-', '_']);
        let rest = &rest[separator(rest)..];
        let (word, _) = rest.split_at(rest.find([' ', '\t']).unwrap_or(rest.len()));
        let is_meant = match word {
            "disable-line" | "disable-next-line" | "disable-file" => true,
            "disable" | "enable" => is_joined,
            _ => false,
        };
        let written = &whole[..whole.len() - rest.len() + word.len()];
        (is_meant && !written.starts_with("composelint-")).then_some(written)
    })
}

/// The numbers of checkov's checks of Dockerfiles and their names.
const CHECKOV: &[(&str, &str)] = &[
    ("CKV_DOCKER_1", "ExposePort22"),
    ("CKV_DOCKER_2", "HealthcheckExists"),
    ("CKV_DOCKER_3", "UserExists"),
    ("CKV_DOCKER_4", "AddExists"),
    ("CKV_DOCKER_5", "UpdateNotAlone"),
    ("CKV_DOCKER_6", "MaintainerExists"),
    ("CKV_DOCKER_7", "ReferenceLatestTag"),
    ("CKV_DOCKER_8", "RootUser"),
    ("CKV_DOCKER_9", "RunUsingAPT"),
    ("CKV_DOCKER_10", "WorkdirIsAbsolute"),
    ("CKV_DOCKER_11", "AliasIsUnique"),
    ("CKV2_DOCKER_1", "RunUsingSudo"),
    ("CKV2_DOCKER_2", "RunUnsafeCurl"),
    ("CKV2_DOCKER_3", "RunUnsafeWget"),
    ("CKV2_DOCKER_4", "RunPipTrustedHost"),
    ("CKV2_DOCKER_5", "EnvPythonHttpsVerify"),
    ("CKV2_DOCKER_6", "EnvNodeTlsRejectUnauthorized"),
    ("CKV2_DOCKER_7", "RunApkAllowUntrusted"),
    ("CKV2_DOCKER_8", "RunAptGetAllowUnauthenticated"),
    ("CKV2_DOCKER_9", "RunYumNoGpgCheck"),
    ("CKV2_DOCKER_10", "RunRpmNoSignature"),
    ("CKV2_DOCKER_11", "RunAptGetForceYes"),
    ("CKV2_DOCKER_12", "EnvNpmConfigStrictSsl"),
    ("CKV2_DOCKER_13", "RunNpmConfigSetStrictSsl"),
    ("CKV2_DOCKER_14", "EnvGitSslNoVerify"),
    ("CKV2_DOCKER_15", "RunYumConfigManagerSslVerify"),
    ("CKV2_DOCKER_16", "EnvPipTrustedHost"),
    ("CKV2_DOCKER_17", "RunChpasswd"),
];

/// The numbers of trivy's checks of Dockerfiles and their names.
const TRIVY: &[(u32, &str)] = &[
    (1, "latest_tag"),
    (2, "root_user"),
    (4, "port22"),
    (5, "add_instead_of_copy"),
    (6, "copy_from_references_current_from_alias"),
    (7, "multiple_entrypoint_instructions_listed"),
    (8, "unix_ports_out_of_range"),
    (9, "workdir_path_not_absolute"),
    (10, "run_using_sudo"),
    (11, "copy_with_more_than_two_arguments_not_ending_with_slash"),
    (12, "same_alias_in_different_froms"),
    (13, "run_command_cd_instead_of_workdir"),
    (14, "run_using_wget_and_curl"),
    (15, "yum_clean_all_missing"),
    (16, "multiple_cmd_instructions_listed"),
    (17, "update_instruction_alone"),
    (19, "missing_dnf_clean_all"),
    (20, "missing_zypper_clean"),
    (21, "apt_get_missing_yes_flag_to_avoid_manual_input"),
    (22, "maintainer_is_deprecated"),
    (23, "multiple_healthcheck_instructions"),
    (24, "run_apt_get_dist_upgrade"),
    (25, "missing_apk_no_cache"),
    (26, "no_healthcheck_instruction"),
    (29, "apt_get_missing_no_install_recommends"),
    (31, "leaked_secrets"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_has_its_form() {
        for (text, tool, reach, names) in [
            ("# hadolint ignore=DL3008,DL3009", "hadolint", Reach::Node, "DL3008 DL3009"),
            ("#hadolint ignore = DL3008 , DL3009 # why", "hadolint", Reach::Node, "DL3008 DL3009"),
            ("# hadolint global ignore=SC2086", "hadolint", Reach::File, "SC2086"),
            ("# hadolint stage ignore=DL3011", "hadolint", Reach::Stage, "DL3011"),
            ("# check=skip=A,B;error=true", "buildkit", Reach::Node, "A B"),
            ("# check=skip=A // why", "buildkit", Reach::Node, "A"),
            ("#check=error=true;skip=all", "buildkit", Reach::Node, ""),
            ("# checkov:skip=CKV_DOCKER_2: a job", "checkov", Reach::File, "HealthcheckExists"),
            ("#trivy:ignore:AVD-DS-0002", "trivy", Reach::NodeOrFile, "root_user"),
            (
                "# trivy:ignore:DS-0026:exp:2030-01-01",
                "trivy",
                Reach::NodeOrFile,
                "no_healthcheck_instruction",
            ),
            ("# nosemgrep", "semgrep", Reach::LineOrNode, ""),
            (
                "# fine # nosemgrep: a.b.privileged-service",
                "semgrep",
                Reach::LineOrNode,
                "privileged-service",
            ),
            ("# kics-scan ignore-line", "kics", Reach::NextLine, ""),
            ("# kics-scan ignore-block", "kics", Reach::Node, ""),
            ("# dclint disable-line no-version-field", "dclint", Reach::Line, "no-version-field"),
            ("# dclint disable-file", "dclint", Reach::Top, ""),
            ("# compose-lint: ignore CL-0005 it is public", "compose-lint", Reach::Node, "CL-0005"),
            ("# composelint-disable-next-line a, b -- why", "nbsp1221-composelint", Reach::NextLine, "a b"),
            ("# composelint-enable", "nbsp1221-composelint", Reach::End, ""),
        ] {
            let found = foreign(text);
            assert_eq!(found.len(), 1, "{text}");
            let it = &found[0];
            assert_eq!((it.tool, it.reach, it.names.join(" ").as_str()), (tool, reach, names), "{text}");
        }
    }

    #[test]
    fn reasons_are_kept() {
        for (text, reason) in [
            ("# checkov:skip=CKV_DOCKER_2: a job", Some("a job")),
            ("# dclint disable-line a -- b c", Some("b c")),
            ("# hadolint ignore=DL3008", None),
        ] {
            assert_eq!(foreign(text)[0].reason.as_deref(), reason, "{text}");
        }
    }

    #[test]
    fn nearly_right_words_are_misspelt() {
        for (text, word) in [
            ("# compose-lint-disable-line a", Some("compose-lint-disable-line")),
            ("# why # compose lint disable-file", Some("compose lint disable-file")),
            ("# composelinter_disable", Some("composelinter_disable")),
            ("# composelint-disable-line a", None),
            ("# compose lint enable it", None),
            ("# compose-lint: disable CL-0005", None),
            ("# composelint-disabled", None),
        ] {
            assert_eq!(misspelt(text), word, "{text}");
        }
    }

    #[test]
    fn prose_is_for_no_tool() {
        for text in [
            "# hadolint is run in CI",
            "# check this",
            "# hadolint shell=bash",
            "# dclint",
            "# kics-scan enable=x",
            "# trivy:ignore:CVE-2020-1",
            "# compose-lint: see above",
            "#",
        ] {
            assert_eq!(foreign(text), [], "{text}");
        }
    }
}
