//! What policies are given.

use std::path::{Path, PathBuf};

use crate::compose::canonical::{Data, Options, Value, model};
use crate::compose::file::{DockerfileFile, Workspace};
use crate::compose::project::{Project, normal};
use crate::dockerfile::{
    Arguments, Command, Dockerfile, Healthcheck, Instruction, Keyword, Origin, Setting, Stage,
};
use crate::source::Span;
use crate::yaml::scalar::Scalar;
use crate::yaml::{Kind, Yaml};

/// A form in which a policy is given what it judges.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// The project as `config` prints it, with Dockerfiles and what is deployed: for `composelint`.
    Resolved,
    /// The project in the forms in which it is written, and Dockerfiles as lists of commands: for `main`.
    Written,
}

fn text(text: impl Into<String>) -> Value {
    Value::new(Data::String(text.into()), None)
}

fn said(text: impl Into<String>, span: Span) -> Value {
    Value::new(Data::String(text.into()), Some(span))
}

fn flag(value: bool) -> Value {
    Value::new(Data::Bool(value), None)
}

fn number(value: usize) -> Value {
    Value::new(Data::Int(i64::try_from(value).unwrap_or(i64::MAX)), None)
}

fn list(items: Vec<Value>) -> Value {
    Value::new(Data::Sequence(items), None)
}

fn mapping(entries: Vec<(&str, Value)>, origin: Option<Span>) -> Value {
    let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
    Value::new(Data::Mapping(entries.collect()), origin)
}

fn add(value: &mut Value, key: &str, entry: Value) {
    if let Data::Mapping(entries) = &mut value.data {
        entries.retain(|(name, _)| name != key);
        entries.push((key.to_owned(), entry));
    }
}

/// The project as `config` prints it; relative paths start from `root`. A value with a variable that no
/// file sets is the text as it is written. `with_dockerfiles` says whether what is built is in it.
pub fn resolved(workspace: &Workspace<'_>, project: &Project, root: &Path, with_dockerfiles: bool) -> Value {
    let deployment = &project.deployment;
    let mut profiles = deployment.profiles.clone();
    if profiles.is_empty() {
        profiles.push("*".to_owned());
    }
    let directory = normal(&root.join(project.directory()));
    let name = directory.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name: String =
        name.chars().filter(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_')).collect();
    let options = Options {
        home: None,
        profiles,
        directory: Some(directory.clone()),
        name: project.name().map(str::to_owned).or(Some(name)),
    };
    let (mut input, _) = model(workspace, project, &options);
    let texts = |texts: Vec<String>| list(texts.into_iter().map(text).collect());
    let files = deployment.files.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let deployment = vec![
        ("files", texts(files)),
        ("directory", text(directory.to_string_lossy())),
        ("profiles", texts(deployment.profiles.clone())),
        ("production", flag(deployment.is_production)),
        ("fragment", flag(deployment.is_fragment)),
        ("unresolved", list(unresolved(project))),
    ];
    add(&mut input, "deployment", mapping(deployment, None));
    if with_dockerfiles {
        let mut files: Vec<(PathBuf, Option<Span>, Value)> = Vec::new();
        let mut builds = Vec::new();
        for service in project.services() {
            let Some(file) = service.dockerfile() else { continue };
            let inline =
                file.inline.then(|| file.dockerfile.instructions().first().map(|it| it.span)).flatten();
            let at = files.iter().position(|(path, span, _)| *path == file.path && *span == inline);
            let at = at.unwrap_or_else(|| {
                files.push((file.path.clone(), inline, of_dockerfile(file)));
                files.len() - 1
            });
            let mut build = vec![
                ("dockerfile", text(file.path.to_string_lossy())),
                ("index", number(at)),
                ("inline", flag(file.inline)),
            ];
            if let Some(stage) = service.stage() {
                build.push(("stage", of_stage(stage)));
            }
            builds.push((service.name().to_owned(), mapping(build, Some(service.key().span()))));
        }
        add(&mut input, "dockerfiles", list(files.into_iter().map(|(_, _, value)| value).collect()));
        add(&mut input, "builds", Value::new(Data::Mapping(builds), None));
    }
    input
}

/// The paths of the texts in which a variable is left that no file sets.
fn unresolved(project: &Project) -> Vec<Value> {
    fn look(node: Yaml<'_>, path: &mut Vec<Value>, found: &mut Vec<Value>) {
        match node.kind() {
            Kind::Scalar if node.is_unknown() => found.push(list(path.clone())),
            Kind::Scalar => {}
            Kind::Sequence => {
                for (index, item) in node.items().enumerate() {
                    path.push(number(index));
                    look(item, path, found);
                    path.pop();
                }
            }
            Kind::Mapping => {
                for entry in node.entries() {
                    path.push(text(entry.name()));
                    look(entry.value, path, found);
                    path.pop();
                }
            }
        }
    }
    let mut found = Vec::new();
    if let Some(root) = project.root() {
        look(root, &mut Vec::new(), &mut found);
    }
    found
}

/// The project in the forms in which it is written: its files merged, variables put in, short forms
/// short. A value with a variable that no file sets is the text as it is written.
pub fn written(project: &Project) -> Value {
    project.root().map_or_else(|| Value::new(Data::Mapping(Vec::new()), None), as_written)
}

fn as_written(yaml: Yaml<'_>) -> Value {
    let data = match yaml.kind() {
        Kind::Sequence => Data::Sequence(yaml.items().map(as_written).collect()),
        Kind::Mapping => {
            Data::Mapping(yaml.entries().map(|it| (it.name().to_owned(), as_written(it.value))).collect())
        }
        Kind::Scalar if yaml.is_unknown() => Data::String(yaml.raw_str().unwrap_or_default().to_owned()),
        Kind::Scalar => match yaml.scalar() {
            None | Some(Scalar::Null) => Data::Null,
            Some(Scalar::Bool(value)) => Data::Bool(value),
            Some(Scalar::Int(value)) => Data::Int(value),
            Some(Scalar::Float(value)) => Data::Float(value),
            Some(Scalar::Timestamp(text) | Scalar::Str(text)) => Data::String(text.to_owned()),
        },
    };
    Value::new(data, Some(yaml.span()))
}

/// A Dockerfile as a list of commands: `Cmd`, `SubCmd`, `JSON`, `Flags`, `Value` and `Stage` of each.
pub fn dockerfile(dockerfile: &Dockerfile) -> Value {
    let mut stages = 0_usize;
    let mut commands = Vec::new();
    for instruction in dockerfile.instructions() {
        let acting = instruction.acting();
        stages += usize::from(instruction.keyword == Keyword::From);
        let (values, is_exec) = values(acting);
        let sub =
            if instruction.trigger().is_some() { acting.name.value.to_lowercase() } else { String::new() };
        let flags = acting.flags.iter().map(shown_flag).collect();
        commands.push(mapping(
            vec![
                ("Cmd", said(instruction.name.value.to_lowercase(), instruction.name.span)),
                ("SubCmd", text(sub)),
                ("JSON", flag(is_exec)),
                ("Flags", list(flags)),
                ("Value", list(values)),
                ("Stage", number(stages.saturating_sub(1))),
            ],
            Some(instruction.span),
        ));
    }
    list(commands)
}

fn shown_flag(it: &crate::dockerfile::Flag) -> Value {
    let name = &it.name.value;
    let shown =
        it.value.as_ref().map_or_else(|| format!("--{name}"), |value| format!("--{name}={}", value.raw));
    said(shown, it.span)
}

/// The arguments of an instruction, and whether they are a JSON array.
fn values(instruction: &Instruction) -> (Vec<Value>, bool) {
    let of_command = |command: &Command| match command {
        Command::Shell(line) if line.as_str().is_empty() => (Vec::new(), false),
        Command::Shell(line) => (vec![said(line.as_str(), line.span(0..line.as_str().len()))], false),
        Command::Exec(words) => (words.iter().map(|it| said(it.value.clone(), it.span)).collect(), true),
    };
    let word = |word: &crate::dockerfile::Word| said(word.raw.clone(), word.span);
    match &instruction.arguments {
        Arguments::From(base) => {
            let mut values = vec![word(&base.image)];
            if let Some(name) = &base.name {
                let keyword = base.as_keyword.as_ref().map_or("as", |it| it.value.as_str());
                values.push(said(keyword, name.span));
                values.push(said(name.value.clone(), name.span));
            }
            (values, false)
        }
        Arguments::Command(command) => {
            // A heredoc that is the whole script is what is run.
            match instruction.script() {
                Some(heredoc) => {
                    let body = heredoc.body();
                    (vec![said(body.as_str(), instruction.span)], false)
                }
                None => of_command(command),
            }
        }
        Arguments::Pairs(pairs) if instruction.keyword == Keyword::Arg => {
            let shown = |pair: &crate::dockerfile::Pair| match &pair.value {
                Some(value) => said(format!("{}={}", pair.key.raw, value.raw), pair.span),
                None => said(pair.key.raw.clone(), pair.span),
            };
            (pairs.iter().map(shown).collect(), false)
        }
        Arguments::Pairs(pairs) => {
            let each = |pair: &crate::dockerfile::Pair| {
                let value = pair.value.as_ref().map_or_else(|| text(""), word);
                [word(&pair.key), value, text(if pair.is_legacy { "" } else { "=" })]
            };
            (pairs.iter().flat_map(each).collect(), false)
        }
        Arguments::Files(files) => {
            (files.sources.iter().chain([&files.destination]).map(word).collect(), files.is_exec)
        }
        Arguments::Words(words) => (words.iter().map(word).collect(), false),
        Arguments::Word(one) => (vec![word(one)], false),
        Arguments::User(user) => (vec![word(&user.word)], false),
        Arguments::Healthcheck(Healthcheck::None(span)) => (vec![said("NONE", *span)], false),
        Arguments::Healthcheck(Healthcheck::Command(command)) => {
            let (command, is_exec) = of_command(command);
            (std::iter::once(said("CMD", instruction.span)).chain(command).collect(), is_exec)
        }
        Arguments::Onbuild(trigger) => values(trigger),
        Arguments::Malformed => (Vec::new(), false),
    }
}

/// A Dockerfile with its stages.
fn of_dockerfile(file: &DockerfileFile) -> Value {
    let dockerfile = &file.dockerfile;
    let origin = dockerfile.instructions().first().map(|it| it.span);
    let before = dockerfile
        .instructions()
        .iter()
        .take_while(|it| it.keyword != Keyword::From)
        .map(of_instruction)
        .collect();
    mapping(
        vec![
            ("path", text(file.path.to_string_lossy())),
            ("inline", flag(file.inline)),
            ("before", list(before)),
            ("stages", list(dockerfile.stages().map(of_stage).collect())),
        ],
        origin,
    )
}

/// A stage with its instructions.
fn of_stage(stage: Stage<'_>) -> Value {
    let from = stage.from();
    let mut entries = vec![("index", number(stage.index()))];
    if let Some(name) = stage.name() {
        entries.push(("name", said(name.value.clone(), name.span)));
    }
    match stage.base() {
        Some(Origin::Stage(base)) => entries.push(("base", number(base.index()))),
        Some(Origin::Image(image)) => entries.push(("image", said(image.raw.clone(), image.span))),
        None => {}
    }
    if let Some(image) = stage.external_base() {
        entries.push(("root_image", said(image.raw.clone(), image.span)));
    }
    if let Setting::Known(user) = stage.user() {
        entries.push(("user", said(user.value, user.span)));
    }
    if let Setting::Known(workdir) = stage.workdir() {
        entries.push(("workdir", said(workdir.value, workdir.span)));
    }
    entries.push(("healthcheck", flag(stage.healthcheck().is_some())));
    entries.push(("instructions", list(stage.instructions().iter().map(of_instruction).collect())));
    mapping(entries, Some(from.span))
}

fn of_instruction(instruction: &Instruction) -> Value {
    let acting = instruction.acting();
    let (values, is_exec) = values(acting);
    let mut entries = vec![
        ("command", said(instruction.name.value.to_lowercase(), instruction.name.span)),
        ("flags", list(acting.flags.iter().map(shown_flag).collect())),
        ("arguments", list(values)),
        ("exec", flag(is_exec)),
    ];
    if instruction.trigger().is_some() {
        entries.insert(1, ("trigger", said(acting.name.value.to_lowercase(), acting.name.span)));
    }
    mapping(entries, Some(instruction.span))
}

/// The value as the interpreter has it.
pub(super) fn to_rego(value: &Value) -> regorus::Value {
    use regorus::Value as Rego;
    match &value.data {
        Data::Null => Rego::Null,
        Data::Bool(value) => Rego::Bool(*value),
        Data::Int(value) => Rego::from(*value),
        Data::Float(value) if value.is_finite() && value.fract() == 0.0 && value.abs() < 1e15 => {
            Rego::from(*value as i64)
        }
        Data::Float(value) if value.is_finite() => Rego::from(*value),
        Data::Float(value) => Rego::from(value.to_string()),
        Data::String(text) => Rego::from(text.as_str()),
        Data::Sequence(items) => Rego::from(items.iter().map(to_rego).collect::<Vec<_>>()),
        Data::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| (Rego::from(key.as_str()), to_rego(value)));
            Rego::from(entries.collect::<std::collections::BTreeMap<_, _>>())
        }
    }
}
