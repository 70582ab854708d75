//! Texts to start from: the blocks of the pages, the fixtures, and the reference corpus where there is
//! one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::properties::{FILE_MARK, NAMES};

/// The repository.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    if package.join("rules").is_dir() { package.to_owned() } else { package.join("..") }
}

/// The files below a directory whose paths `wanted` accepts, sorted.
fn below(directory: &Path, wanted: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            below(&path, wanted, found);
        } else if wanted(&path) {
            found.push(path);
        }
    }
}

/// The projects of a page, each as one text.
fn projects(page: &str, found: &mut Vec<String>) {
    let mut name: Option<String> = None;
    for line in page.split_inclusive('\n') {
        match (&name, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let (language, rest) = info.trim_end().split_once(' ').unwrap_or((info.trim_end(), ""));
                let first = match language {
                    "yaml" => Some("compose.yaml"),
                    "dockerfile" => Some("Dockerfile"),
                    _ => None,
                };
                let file = rest.strip_prefix("file=").or(first);
                name = Some(file.unwrap_or_default().to_owned());
                if let Some(file) = file {
                    if !rest.starts_with("file=") || found.is_empty() {
                        found.push(String::new());
                    }
                    let project = found.last_mut().expect("one was pushed");
                    *project += &format!("{FILE_MARK}{file}\n");
                }
            }
            (Some(_), Some(_)) => name = None,
            (Some(file), None) if !file.is_empty() => {
                found.last_mut().expect("a block starts a project").push_str(line);
            }
            _ => {}
        }
    }
}

/// The scalars of a YAML file, roughly: what stands behind `- ` and `: `.
fn scalars(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let value = line.trim().strip_prefix("- ").or_else(|| Some(line.split_once(": ")?.1))?;
        Some(value.trim().trim_matches(['"', '\'']))
    })
}

/// The texts of each property, by its name; sorted, each once. Those of the corpus are among them only if
/// they are asked for, so that a test asks the same everywhere.
pub fn seeds(with_corpus: bool) -> BTreeMap<&'static str, Vec<String>> {
    let root = root();
    let mut wholes: Vec<String> = Vec::new();
    let mut pages = Vec::new();
    below(&root.join("rules"), &|path| path.extension().is_some_and(|it| it == "md"), &mut pages);
    below(&root.join("docs"), &|path| path.extension().is_some_and(|it| it == "md"), &mut pages);
    for page in &pages {
        projects(&std::fs::read_to_string(page).unwrap_or_default(), &mut wholes);
    }
    let corpus = std::env::var_os("COMPOSELINT_SHARED").map(PathBuf::from).unwrap_or(root.join("../shared"));
    let mut files = Vec::new();
    let known = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        NAMES.contains(&name.as_str()) || name.ends_with(".yml") || name.ends_with(".yaml")
    };
    below(&root.join("fixtures"), &known, &mut files);
    if with_corpus {
        below(&corpus.join("corpus/compose"), &known, &mut files);
    }
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        // A large file makes the fuzzer slow and adds little.
        if text.len() > 16 << 10 {
            continue;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = if NAMES.contains(&name.as_str()) { name } else { NAMES[0].to_owned() };
        wholes.push(format!("{FILE_MARK}{name}\n{text}"));
    }
    let mut of: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for whole in &wholes {
        for name in ["run", "fixes", "merge", "suppressions"] {
            of.entry(name).or_default().push(whole.clone());
        }
        for part in whole.split(FILE_MARK).skip(1) {
            let (name, text) = part.split_once('\n').unwrap_or((part, ""));
            if name.ends_with(".yaml") {
                of.entry("yaml").or_default().push(text.to_owned());
                for value in scalars(text) {
                    for name in ["scalar", "short"] {
                        of.entry(name).or_default().push(value.to_owned());
                    }
                    if value.contains('$') {
                        of.entry("interpolation").or_default().push(value.to_owned());
                    }
                    if value.contains(' ') {
                        of.entry("shell").or_default().push(value.to_owned());
                    }
                }
            }
            if name == ".composelint.yaml" {
                of.entry("configuration").or_default().push(text.to_owned());
            }
            // What a service sets is written as in a dotenv file.
            let variables = text.lines().filter_map(|line| line.trim().strip_prefix("- "));
            let variables: String =
                variables.filter(|it| it.contains('=')).flat_map(|it| [it, "\n"]).collect();
            if name.ends_with(".env") || !variables.is_empty() {
                let dotenv = if name.ends_with(".env") { text.to_owned() } else { variables };
                of.entry("dotenv").or_default().push(dotenv);
            }
            if name == "Dockerfile" {
                of.entry("dockerfile").or_default().push(text.to_owned());
                let runs = text.lines().filter_map(|line| line.strip_prefix("RUN "));
                of.entry("shell").or_default().extend(runs.map(str::to_owned));
            }
        }
    }
    for texts in of.values_mut() {
        texts.sort();
        texts.dedup();
    }
    of
}
