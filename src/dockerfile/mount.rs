//! What `RUN --mount` and `RUN --device` say.

use std::ops::Range;

use super::lexer::Text;
use super::value::{boolean, is_size};
use super::words::Word;
use crate::source::{Span, Spanned};

/// What a mount of `RUN` brings into the step.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum MountKind {
    /// Files of the build context, a stage or an image.
    Bind,
    /// A directory that stays from one build to the next.
    Cache,
    /// A directory in memory.
    Tmpfs,
    /// A secret of the build, as a file or a variable.
    Secret,
    /// The agent that holds keys.
    Ssh,
}

/// How a cache is shared between builds that run at the same time.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Sharing {
    /// All write to one.
    Shared,
    /// Each has its own.
    Private,
    /// One waits for the other.
    Locked,
}

/// The kinds with their names.
const KINDS: [(&str, MountKind); 5] = [
    ("bind", MountKind::Bind),
    ("cache", MountKind::Cache),
    ("tmpfs", MountKind::Tmpfs),
    ("secret", MountKind::Secret),
    ("ssh", MountKind::Ssh),
];

/// The ways to share with their names.
const SHARINGS: [(&str, Sharing); 3] =
    [("shared", Sharing::Shared), ("private", Sharing::Private), ("locked", Sharing::Locked)];

/// The keys of a mount as they may be written, and the one name of each.
const KEYS: [(&str, &str); 19] = [
    ("type", "type"),
    ("from", "from"),
    ("source", "source"),
    ("src", "source"),
    ("target", "target"),
    ("dst", "target"),
    ("destination", "target"),
    ("readonly", "readonly"),
    ("ro", "readonly"),
    ("readwrite", "readwrite"),
    ("rw", "readwrite"),
    ("required", "required"),
    ("size", "size"),
    ("id", "id"),
    ("sharing", "sharing"),
    ("mode", "mode"),
    ("uid", "uid"),
    ("gid", "gid"),
    ("env", "env"),
];

/// One `--mount` of a `RUN`.
///
/// ```text
/// RUN --mount=type=cache,target=/root/.cache pip install .
///             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ span
///             ^^^^^^^^^^                     a field
/// ```
#[derive(Clone, Debug)]
pub struct Mount {
    /// The value of the flag.
    pub span: Span,
    /// Between the commas, in source order.
    pub fields: Vec<MountField>,
}

/// A part of a mount.
#[derive(Clone, Debug)]
pub struct MountField {
    /// The key and the value.
    pub span: Span,
    /// The key in lower case, as it is written.
    pub key: Spanned<String>,
    /// What follows the `=`; `None` without one.
    pub value: Option<Word>,
}

impl MountField {
    /// The one name of the key: `target` for `dst`; `None` for a key that mounts do not have.
    pub fn name(&self) -> Option<&'static str> {
        KEYS.iter().find(|(key, _)| *key == self.key.value).map(|(_, name)| *name)
    }
}

impl Mount {
    /// The last field whose key has this name, by whichever of its spellings: `source` for `src`.
    pub fn field(&self, name: &str) -> Option<&MountField> {
        self.fields.iter().rev().find(|field| field.name() == Some(name))
    }

    fn value(&self, name: &str) -> Option<&Word> {
        self.field(name)?.value.as_ref()
    }

    fn number(&self, name: &str, radix: u32) -> Option<u32> {
        u32::from_str_radix(&self.value(name)?.literal()?, radix).ok()
    }

    fn switch(&self, name: &str) -> Option<bool> {
        match &self.field(name)?.value {
            None => Some(true),
            Some(value) => boolean(&value.literal()?),
        }
    }

    /// What it is; [`MountKind::Bind`] where it does not say. `None` if a variable decides, or there is
    /// no such kind.
    pub fn kind(&self) -> Option<MountKind> {
        let Some(field) = self.field("type") else { return Some(MountKind::Bind) };
        kind(&field.value.as_ref()?.literal()?)
    }

    /// Where it appears.
    pub fn target(&self) -> Option<&Word> {
        self.value("target")
    }

    /// What is mounted, of the context, the stage or the image; for a secret its identifier.
    pub fn source(&self) -> Option<&Word> {
        self.value("source")
    }

    /// The stage, the image or the named context that the source is of.
    pub fn from(&self) -> Option<&Word> {
        self.value("from")
    }

    /// The identifier of a cache, a secret or an agent.
    pub fn id(&self) -> Option<&Word> {
        self.value("id")
    }

    /// The variable that a secret is put into.
    pub fn env(&self) -> Option<&Word> {
        self.value("env")
    }

    /// The identifier of the secret: its `id`, else its `source`, else the last part of its target or
    /// the variable's name. `None` if a variable decides.
    pub fn secret(&self) -> Option<String> {
        let last = |path: String| path.rsplit('/').next().unwrap_or_default().to_owned();
        match (self.id().or_else(|| self.source()), self.target(), self.env()) {
            (Some(id), _, _) => id.literal(),
            (None, Some(target), _) => target.literal().map(last),
            (None, None, Some(env)) => env.literal(),
            (None, None, None) => None,
        }
    }

    /// How a cache is shared; [`Sharing::Shared`] where it does not say. `None` if a variable decides.
    pub fn sharing(&self) -> Option<Sharing> {
        match self.value("sharing") {
            None => Some(Sharing::Shared),
            Some(value) => sharing(&value.literal()?),
        }
    }

    /// Whether nothing can be written to it; by default nothing can to all but caches and tmpfs. `None`
    /// if a variable decides.
    pub fn is_read_only(&self) -> Option<bool> {
        let last =
            self.fields.iter().rev().find_map(|field| field.name().filter(|name| name.starts_with("read")));
        match last {
            Some("readwrite") => self.switch("readwrite").map(|writes| !writes),
            Some(_) => self.switch("readonly"),
            None => self.kind().map(|kind| !matches!(kind, MountKind::Cache | MountKind::Tmpfs)),
        }
    }

    /// Whether the build fails without the secret or the agent. `None` if a variable decides.
    pub fn is_required(&self) -> Option<bool> {
        self.field("required").map_or(Some(false), |_| self.switch("required"))
    }

    /// The permissions of a cache, a secret or a socket.
    pub fn mode(&self) -> Option<u32> {
        self.number("mode", 8)
    }

    /// The owner of a cache, a secret or a socket.
    pub fn uid(&self) -> Option<u32> {
        self.number("uid", 10)
    }

    /// The group of a cache, a secret or a socket.
    pub fn gid(&self) -> Option<u32> {
        self.number("gid", 10)
    }

    /// The mount that `text` says, a flag's value without quotes.
    pub(super) fn new(text: &Text, escape: char) -> Self {
        let fields = fields(text, escape).collect();
        Self { span: text.span(0..text.as_str().len()), fields }
    }

    /// What BuildKit refuses, in order: a place, a fact, how to end it.
    pub(super) fn defects(&self) -> Vec<Defect> {
        let mut defects = Vec::new();
        // Keys are judged by the kind that is known when they are read.
        let mut current = Some(MountKind::Bind);
        for field in &self.fields {
            if let Some(defect) = field_defect(field, current) {
                defects.push(defect);
            }
            if field.name() == Some("type") {
                current = field.value.as_ref().and_then(Word::literal).and_then(|value| kind(&value));
            }
        }
        if let (true, Some(kind)) = (defects.is_empty(), self.kind()) {
            defects.extend(self.conflicts(kind));
        }
        defects
    }

    /// What does not fit the kind.
    fn conflicts(&self, kind: MountKind) -> Vec<Defect> {
        let name = name(kind);
        let has_files = matches!(kind, MountKind::Secret | MountKind::Ssh | MountKind::Cache);
        let mut refused: Vec<&str> = Vec::new();
        if !has_files {
            refused.extend(["mode", "uid", "gid"]);
        }
        if kind != MountKind::Cache {
            refused.push("sharing");
        }
        if kind == MountKind::Secret {
            refused.push("from");
        }
        let is_set = |field: &&MountField| field.value.as_ref().is_some_and(|value| !value.raw.is_empty());
        let mut defects: Vec<Defect> = refused
            .into_iter()
            .filter_map(|refused| self.field(refused).filter(is_set))
            .map(|field| {
                let message = format!("a mount of type `{name}` takes no `{}`", field.key.value);
                Defect { span: field.span, message, help: Some("remove it".to_owned()) }
            })
            .collect();
        if kind == MountKind::Secret {
            let named = ["id", "source", "target", "env"];
            if named.iter().all(|name| self.field(name).is_none()) {
                let message = "a mount of type `secret` names no secret".to_owned();
                defects.push(Defect { span: self.span, message, help: Some("add `id=name`".to_owned()) });
            }
            if let (Some(id), Some(source)) =
                (self.field("id").filter(is_set), self.field("source").filter(is_set))
            {
                let (first, second) =
                    if id.span.start < source.span.start { (id, source) } else { (source, id) };
                let message =
                    format!("`{}` and `{}` both name the secret", first.key.value, second.key.value);
                defects.push(Defect {
                    span: second.span,
                    message,
                    help: Some("remove one of them".to_owned()),
                });
            }
        }
        let target = self.target().filter(|_| !matches!(kind, MountKind::Secret | MountKind::Ssh));
        if let Some(target) = target
            && target.literal().is_some_and(|path| !path.is_empty() && path.trim_matches('/').is_empty())
        {
            let message = "a mount cannot cover the root directory".to_owned();
            defects.push(Defect { span: target.span, message, help: Some("mount it below `/`".to_owned()) });
        }
        defects
    }
}

/// Something that BuildKit refuses.
pub(super) struct Defect {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

fn kind(value: &str) -> Option<MountKind> {
    KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, kind)| *kind)
}

fn name(kind: MountKind) -> &'static str {
    KINDS.iter().find(|(_, other)| *other == kind).map_or("", |(name, _)| name)
}

fn sharing(value: &str) -> Option<Sharing> {
    SHARINGS.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, sharing)| *sharing)
}

/// The parts of `text` between commas.
fn fields(text: &Text, escape: char) -> impl Iterator<Item = MountField> {
    let mut start = 0;
    text.as_str().split(',').map(move |part| {
        let range = start..start + part.len();
        start = range.end + 1;
        let key = range.start..range.start + part.find('=').unwrap_or(part.len());
        let word = |range: Range<usize>| Word::new(text, range, escape).0;
        MountField {
            span: text.span(range.clone()),
            value: (key.end < range.end).then(|| word(key.end + 1..range.end)),
            key: Spanned::new(text.as_str()[key.clone()].to_lowercase(), text.span(key)),
        }
    })
}

fn field_defect(field: &MountField, current: Option<MountKind>) -> Option<Defect> {
    let defect = |span, message: String, help: Option<String>| Some(Defect { span, message, help });
    let key = field.key.value.as_str();
    let Some(name) = field.name() else {
        let near = super::reader::nearest(key, KEYS.iter().map(|(key, _)| *key));
        let help = match near {
            Some(near) => format!("write `{near}`"),
            None => {
                "use one of `type`, `target`, `source`, `from`, `id`, `sharing`, `readonly`, `required`, \
                     `size`, `env`, `mode`, `uid`, `gid`"
                    .to_owned()
            }
        };
        let message = match key {
            "" => "a part of the mount is empty".to_owned(),
            _ => format!("a mount has no option `{}`", super::reader::shown(key)),
        };
        let span = if field.key.span.is_empty() { field.span } else { field.key.span };
        return defect(span, message, Some(help));
    };
    let fits = match name {
        "required" => current.is_none_or(|kind| matches!(kind, MountKind::Secret | MountKind::Ssh)),
        "size" => current.is_none_or(|kind| kind == MountKind::Tmpfs),
        _ => true,
    };
    if !fits {
        let kinds = if name == "size" { "`type=tmpfs`" } else { "`type=secret` or `type=ssh`" };
        let message = format!("`{key}` stands behind no {kinds}");
        return defect(field.span, message, Some("put the type first, or remove the option".to_owned()));
    }
    let Some(value) = &field.value else {
        if matches!(name, "readonly" | "readwrite" | "required") {
            return None;
        }
        let message = format!("the mount's option `{key}` has no value");
        return defect(field.span, message, Some(format!("write `{key}=value`")));
    };
    if name == "from" && value.variables.iter().any(|variable| !variable.name.is_empty()) {
        let message = "`from` of a mount takes no variables".to_owned();
        let help = "name a stage that is `FROM` the variable".to_owned();
        return defect(value.span, message, Some(help));
    }
    let literal = value.literal()?;
    let wrong = |what: &str| format!("`{key}` of the mount is {what}");
    let message = match name {
        "type" if kind(&literal).is_none() => {
            let near = super::reader::nearest(&literal, KINDS.iter().map(|(name, _)| *name));
            let help = match near {
                Some(near) => format!("write `{near}`"),
                None => "use one of `bind`, `cache`, `tmpfs`, `secret`, `ssh`".to_owned(),
            };
            let message = format!("there is no type of mount `{}`", super::reader::shown(&literal));
            return defect(value.span, message, Some(help));
        }
        "sharing" if sharing(&literal).is_none() => wrong("none of `shared`, `private`, `locked`"),
        "readonly" | "readwrite" | "required" if boolean(&literal).is_none() => {
            wrong("neither true nor false")
        }
        "mode" if u32::from_str_radix(&literal, 8).is_err() => wrong("no octal number"),
        "uid" | "gid" if literal.parse::<u32>().is_err() => wrong("no number"),
        "size" if !is_size(&literal) => wrong("no amount of memory"),
        _ => return None,
    };
    let span = if value.span.is_empty() { field.span } else { value.span };
    defect(span, message, None)
}

/// What BuildKit refuses of the device that `text` says, a flag's value without quotes.
pub(super) fn device_defect(text: &Text, escape: char) -> Option<Defect> {
    let mut has_name = false;
    for field in fields(text, escape) {
        let literal = field.value.as_ref().map(Word::literal);
        let message = match (field.key.value.as_str(), literal) {
            ("required", Some(Some(value))) if boolean(&value).is_none() => {
                "`required` of the device is neither true nor false".to_owned()
            }
            ("required", _) => continue,
            ("name", Some(_)) if has_name => "the device has two names".to_owned(),
            _ if !has_name => {
                has_name = true;
                continue;
            }
            (key, _) => format!("a device has no option `{}`", super::reader::shown(key)),
        };
        return Some(Defect { span: field.span, message, help: None });
    }
    None
}
