//! The configuration that `composelint init` writes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::compose::project::Deployment;

/// A short configuration with comments that fits `deployments`, which are found in the current directory.
pub fn text(deployments: &[Deployment]) -> String {
    let mut text = String::from(
        "# What composelint checks here; `composelint rules` lists the rules, `composelint explain RULE`\n\
         # has the page of one.\n\n\
         # essential: what is broken, refused or leaked; recommended; strict: hardening too.\n\
         preset: recommended\n\n\
         # off, info, warning or error, for a rule or a category.\n\
         rules: {}\n",
    );
    let overlays: Vec<String> = overlays(deployments);
    if let Some(overlay) = overlays.iter().find(|name| is_for_development(name)) {
        write!(
            text,
            "\n# What only developers run may be looser.\n\
             overrides:\n  - files: [{}]\n    rules:\n      reliability: info\n",
            quoted(overlay)
        )
        .expect("a string takes all");
    }
    let several: Vec<&Deployment> = deployments.iter().filter(|it| it.files.len() > 1).take(8).collect();
    if !several.is_empty() {
        text.push_str("\n# What is deployed together. This is what the names of the files say; with `projects`\n# it is said here, and may be said otherwise.\n# projects:\n");
        for deployment in several {
            let names: Vec<String> = deployment.files.iter().map(|file| quoted(&slashed(file))).collect();
            writeln!(text, "#   - files: [{}]", names.join(", ")).expect("a string takes all");
            if deployment.is_production {
                text.push_str("#     production: true\n");
            }
        }
    }
    text.push_str(
        "\n# What is not looked for.\n# exclude: [vendor]\n\n\
         # What is known and does not fail; `composelint --write-baseline` writes it.\n\
         # baseline: .composelint-baseline.json\n",
    );
    text
}

/// The files that come after the first of a deployment, each once.
fn overlays(deployments: &[Deployment]) -> Vec<String> {
    let mut names: Vec<String> = deployments
        .iter()
        .flat_map(|deployment| deployment.files.iter().skip(1))
        .map(|file: &PathBuf| slashed(file))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn is_for_development(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['.', '-', '_'])
        .any(|word| matches!(word, "dev" | "development" | "local" | "test" | "override"))
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The text as a YAML scalar within `[…]`.
fn quoted(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'));
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
