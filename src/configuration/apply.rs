//! What a configuration changes of what a run looks at.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::Configurations;
use crate::compose::project::Deployment;
use crate::discover::Found as Discovered;

impl Configurations {
    /// Takes out what a configuration excludes, but for what was `named`, and puts the deployments that
    /// configurations say in the place of those that they are about.
    pub fn apply(&self, found: &mut Discovered, named: &[PathBuf]) {
        if self.is_empty() {
            return;
        }
        let is_excluded = |path: &Path| {
            !named.iter().any(|it| self.absolute(it) == self.absolute(path))
                && self.of(path).is_some_and(|it| it.excludes(&self.absolute(path)))
        };
        found.dockerfiles.retain(|path| !is_excluded(path));
        found.deployments.retain_mut(|deployment| {
            if deployment.files.first().is_some_and(|first| is_excluded(first)) {
                return false;
            }
            deployment.files.retain(|file| !is_excluded(file));
            true
        });
        let deployments = std::mem::take(&mut found.deployments);
        found.deployments = self.with_projects(deployments);
    }

    fn with_projects(&self, mut deployments: Vec<Deployment>) -> Vec<Deployment> {
        let all = self.all();
        if all.iter().all(|it| it.projects.is_empty()) {
            return deployments;
        }
        // A file keeps the path by which it was found, so that it is read once.
        let known: HashMap<PathBuf, PathBuf> = deployments
            .iter()
            .flat_map(|deployment| &deployment.files)
            .map(|file| (self.absolute(file), file.clone()))
            .collect();
        let shown = |path: &PathBuf| {
            let found = known.get(path).cloned();
            found.unwrap_or_else(|| path.strip_prefix(&self.root).unwrap_or(path).to_owned())
        };
        let mut said: Vec<Deployment> = Vec::new();
        let mut covered: HashSet<PathBuf> = HashSet::new();
        let mut seen: BTreeSet<&Path> = BTreeSet::new();
        for configuration in all.into_iter().filter(|it| seen.insert(&it.path)) {
            let asked = || {
                let is_asked = |file: &PathBuf| known.contains_key(file);
                configuration.projects.iter().filter(move |it| it.files.iter().any(is_asked))
            };
            let has_production = asked().any(|project| project.is_production == Some(true));
            for project in asked() {
                covered.extend(project.files.iter().cloned());
                said.push(Deployment {
                    files: project.files.iter().map(shown).collect(),
                    env_files: project.env_files.iter().map(shown).collect(),
                    profiles: project.profiles.clone(),
                    name: project.name.clone(),
                    is_production: project.is_production.unwrap_or(!has_production),
                    ..Deployment::default()
                });
            }
        }
        deployments.retain(|it| !it.files.iter().all(|file| covered.contains(&self.absolute(file))));
        said.extend(deployments);
        said
    }
}
