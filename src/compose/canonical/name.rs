//! The name of a project.

use std::path::Path;

use crate::compose::environment::Environment;
use crate::compose::file::Workspace;
use crate::compose::project::Deployment;

/// The variable that names the project.
const VARIABLE: &str = "COMPOSE_PROJECT_NAME";

/// The variables of a deployment as the engine has them, the project's name among them.
///
/// The name is what the deployment says, else `COMPOSE_PROJECT_NAME`, else the last `name` of the
/// files, else that of the directory.
pub(crate) fn environment(
    workspace: &Workspace<'_>,
    deployment: &Deployment,
    directory: &Path,
) -> Environment {
    let mut environment = Environment::of_engine(workspace, directory, &deployment.env_files);
    let given =
        deployment.name.as_deref().or_else(|| environment.value(VARIABLE)).filter(|it| !it.is_empty());
    let name = match given {
        Some(name) => name.to_owned(),
        None => said(workspace, deployment, &environment).unwrap_or_else(|| {
            let base = directory.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
            normalized(&base)
        }),
    };
    environment.set(VARIABLE, name);
    environment
}

/// The last `name` of the files.
fn said(workspace: &Workspace<'_>, deployment: &Deployment, environment: &Environment) -> Option<String> {
    let files = deployment.files.iter().rev().filter_map(|path| workspace.compose_file(path).ok());
    for file in files {
        for document in file.documents.iter().rev() {
            let Some(name) = document.root().and_then(|root| root.get("name")) else { continue };
            let text = match environment.interpolate(name) {
                Some((_, text)) => text?,
                None => name.raw_str()?.to_owned(),
            };
            if !name.is_null() && !text.is_empty() {
                return Some(text);
            }
        }
    }
    None
}

/// The name that a directory of this name gives: letters in lower case, digits, `-` and `_`, and the
/// last two not at its start.
pub fn normalized(text: &str) -> String {
    let kept: String = text
        .to_lowercase()
        .chars()
        .filter(|letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_')
        })
        .collect();
    kept.trim_start_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn a_directory_gives_letters_digits_and_inner_dashes() {
        assert_eq!(normalized("_My App.v2-x"), "myappv2-x");
    }
}
