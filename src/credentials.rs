//! What looks like a secret: names of credentials, values, URLs with a password, providers' tokens.

use std::ops::Range;

pub use guess::is_guessable;
pub use lexical::lexical_secrets;
pub use tokens::{Token, tokens};
pub use url::{UrlPassword, url_passwords};

mod guess;
mod lexical;
mod tokens;
mod url;

/// Words that name a credential wherever they stand.
const CREDENTIAL_WORDS: &[&str] = &[
    "accesstoken",
    "apitoken",
    "appkey",
    "authkey",
    "authtoken",
    "bottoken",
    "credential",
    "credentials",
    "creds",
    "masterauth",
    "masterkey",
    "passcode",
    "passwords",
    "requirepass",
    "secrets",
    "token",
];

/// The ends of words that are written without a separator, as in `PGPASSWORD` or `clientsecret`.
const CREDENTIAL_ENDS: &[&str] = &[
    "accesskey",
    "apikey",
    "encryptionkey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "secretkey",
    "signingkey",
];

/// Words that make a following `key` a credential.
const KEY_KINDS: &[&str] = &[
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "cookie",
    "crypto",
    "decryption",
    "deploy",
    "encryption",
    "hmac",
    "jwt",
    "license",
    "master",
    "openai",
    "openssl",
    "private",
    "secret",
    "security",
    "service",
    "session",
    "shared",
    "signing",
    "signature",
    "storage",
    "webhook",
];

/// Stores of objects, in which the access key is the user's name and the secret key the password.
const STORES: &[&str] = &["aws", "b", "ceph", "garage", "minio", "r", "rustfs", "s", "seaweedfs", "wasabi"];

/// Words that make a following `tokens` a credential; else tokens are what a model or a parser counts.
const TOKENS_KINDS: &[&str] = &["access", "api", "auth", "bearer", "registration"];

/// Words after the credential that make the name one of something about it.
const ABOUT: &[&str] = &[
    "age",
    "alg",
    "algorithm",
    "algorithms",
    "arn",
    "attempts",
    "audience",
    "auth",
    "authentication",
    "backend",
    "bits",
    "bucket",
    "budget",
    "cache",
    "callback",
    "change",
    "charset",
    "class",
    "cmd",
    "column",
    "command",
    "complexity",
    "cookie",
    "cost",
    "count",
    "days",
    "digits",
    "dir",
    "directory",
    "disabled",
    "duration",
    "enable",
    "enabled",
    "encoding",
    "endpoint",
    "engine",
    "expiration",
    "expire",
    "expired",
    "expires",
    "expiry",
    "field",
    "file",
    "files",
    "format",
    "grace",
    "grant",
    "header",
    "hint",
    "host",
    "hours",
    "id",
    "ids",
    "interval",
    "issuer",
    "iterations",
    "label",
    "leeway",
    "len",
    "length",
    "lifetime",
    "limit",
    "location",
    "login",
    "lookup",
    "manager",
    "max",
    "method",
    "min",
    "minutes",
    "mode",
    "mount",
    "name",
    "names",
    "namespace",
    "path",
    "pattern",
    "period",
    "policy",
    "port",
    "prefix",
    "price",
    "provider",
    "realm",
    "recovery",
    "ref",
    "regex",
    "region",
    "renewal",
    "required",
    "requirements",
    "reset",
    "rotation",
    "rounds",
    "scheme",
    "scope",
    "scopes",
    "seconds",
    "size",
    "source",
    "spec",
    "store",
    "strategy",
    "strength",
    "suffix",
    "symbols",
    "template",
    "timeout",
    "title",
    "ttl",
    "type",
    "uri",
    "url",
    "user",
    "username",
    "validation",
    "validity",
    "vault",
    "version",
    "window",
];

/// Words before the credential that make the name a flag or a limit.
const FLAG: &[&str] = &[
    "allow", "allowed", "check", "disable", "disabled", "enable", "enabled", "enforce", "force", "generate",
    "has", "hide", "install", "is", "max", "min", "no", "num", "number", "random", "require", "required",
    "requires", "show", "skip", "use", "uses", "verify", "without",
];

/// Whether a variable, option or key of this name holds a credential. The name is judged by its
/// words, which end at what is no letter and where lower case turns into upper case.
///
/// ```
/// use composelint::credentials::credential_key;
/// assert!(credential_key("POSTGRES_PASSWORD") && credential_key("clientSecret"));
/// assert!(!credential_key("POSTGRES_PASSWORD_FILE") && !credential_key("TOKENIZER"));
/// ```
pub fn credential_key(name: &str) -> bool {
    // No name is that long, and what calls itself one costs no more than a name.
    if name.len() > 256 || !may_name_credential(name.as_bytes()) {
        return false;
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some((start, end)) = credential(&words) else { return false };
    let is_key = words[start..end].iter().any(|word| word.ends_with("key") || word.starts_with("token"));
    let is_public =
        |word: &&str| matches!(*word, "public" | "publishable" | "pub" | "anon" | "csrf" | "xsrf");
    !(words[end..].iter().any(|word| ABOUT.contains(word))
        || words[..start].iter().any(|word| FLAG.contains(word))
        || words[start..end] == ["access", "key"] && words[..start].iter().any(|word| STORES.contains(word))
        || is_key && words.iter().any(is_public))
}

/// Whether one of the names in `text` may be a credential's: a part of each such name is in it. So is each
/// text that is not ASCII, whose small letters are not looked for here.
fn may_name_credential(text: &[u8]) -> bool {
    text.iter().enumerate().any(|(at, byte)| {
        let parts: &[&[u8]] = match byte | 0x20 {
            b'a' => &[b"auth"],
            b'c' => &[b"cred", b"cookie"],
            b'k' => &[b"key"],
            b'p' => &[b"pass", b"pwd"],
            b's' => &[b"secret"],
            b't' => &[b"token"],
            _ => return !byte.is_ascii(),
        };
        let is_here =
            |part: &&[u8]| text[at..].get(..part.len()).is_some_and(|it| it.eq_ignore_ascii_case(part));
        parts.iter().any(is_here)
    })
}

/// The first words that name a credential.
fn credential(words: &[&str]) -> Option<(usize, usize)> {
    if let ["neo", "j", "auth"]
    | ["erlang", "cookie"]
    | [_, "erlang", "cookie"]
    | ["vault", .., "root", "token", "id"] = words
    {
        return Some((0, words.len()));
    }
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| words[before]);
        let after = words.get(at + 1).copied();
        if *word == "secret" && after == Some("key") {
            return Some((at, at + 2));
        }
        // The list of a service's secrets, the name of a cluster's secret with a registry's password.
        if *word == "secrets" && words.len() == 1 || *word == "secret" && before == Some("pull") {
            return None;
        }
        if CREDENTIAL_WORDS.contains(word) || CREDENTIAL_ENDS.iter().any(|end| word.ends_with(end)) {
            return Some((at, at + 1));
        }
        let kinds = match *word {
            "key" | "keys" => KEY_KINDS,
            "tokens" => TOKENS_KINDS,
            _ => &[],
        };
        if let Some(before) = before
            && kinds.contains(&before)
        {
            return Some((at - 1, at + 1));
        }
        if word.ends_with("pass") && after.is_none() {
            let other = matches!(*word, "bypass" | "compass" | "multipass" | "overpass" | "trespass")
                || matches!(before, Some("proxy" | "fastcgi" | "uwsgi" | "by"));
            return (!other).then_some((at, at + 1));
        }
        if *word == "pwd" && after.is_none() {
            // `PWD` and `OLDPWD` are the shell's directories.
            return before.is_some_and(|before| before != "old").then_some((at, at + 1));
        }
    }
    None
}

/// The words of a name in lower case; digits are between words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_alphabetic() {
            let next_is_lower = letters.peek().is_some_and(|next| next.is_lowercase());
            let starts = !previous.is_alphabetic()
                || letter.is_uppercase() && (previous.is_lowercase() || next_is_lower);
            match words.last_mut() {
                Some(word) if !starts => word.extend(letter.to_lowercase()),
                _ => words.push(letter.to_lowercase().collect()),
            }
        }
        previous = letter;
    }
    words
}

/// What a value under the name of a credential is.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ValueKind {
    /// Nothing, or white space.
    Empty,
    /// A flag, a small number or a duration.
    Flag,
    /// The value of a variable, a template or a vault's entry, and no text of its own worth hiding.
    Reference,
    /// A text that asks to be replaced.
    Placeholder,
    /// A text that says that there is no credential, for a program that insists on one.
    Absent,
    /// The path of a file or the address of a service.
    Path,
    /// Anything else: if the name is a credential's, the secret itself.
    Literal,
}

/// What `value` is, without its quotes, before interpolation.
pub fn classify(value: &str) -> ValueKind {
    let value = value.trim();
    if value.is_empty() {
        return ValueKind::Empty;
    }
    if is_flag(value) {
        return ValueKind::Flag;
    }
    if is_reference(value) {
        return ValueKind::Reference;
    }
    if is_absent(value) {
        return ValueKind::Absent;
    }
    if is_placeholder(value) {
        return ValueKind::Placeholder;
    }
    if is_path(value) { ValueKind::Path } else { ValueKind::Literal }
}

fn is_flag(value: &str) -> bool {
    const FLAGS: &[&str] = &[
        "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "~", "enabled", "disabled", "y",
        "n", "required", "optional", "auto",
    ];
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    match &value[digits..] {
        "" => digits <= 2,
        "s" | "m" | "h" | "d" | "ms" | "min" | "days" => digits > 0,
        _ => FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(value)),
    }
}

/// Whether a reference is in the value, and not eight letters or digits in a row beside it.
fn is_reference(value: &str) -> bool {
    const VAULTS: &[&str] =
        &["vault:", "op://", "ref+", "arn:", "sm://", "ssm:", "aws-sm:", "gcp-sm:", "secretref:", "env:"];
    // The hash of a password, whose parts are not variables.
    const HASHES: &[&str] = &["$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$apr1$", "$argon2", "$scrypt$"];
    if HASHES.iter().any(|prefix| value.starts_with(prefix)) {
        return false;
    }
    if VAULTS.iter().any(|prefix| value.starts_with(prefix)) || value.starts_with("$(") {
        return true;
    }
    // Compose writes `$$` for the dollar that the container's shell sees.
    if let Some(name) = value.strip_prefix("$$")
        && reference_length(&value[1..]) == Some(name.len() + 1)
    {
        return true;
    }
    let mut referred = false;
    let (mut row, mut longest) = (0, 0);
    let mut at = 0;
    while at < value.len() {
        let rest = &value[at..];
        if rest.starts_with("$$") {
            at += 2;
        } else if let Some(length) = reference_length(rest) {
            (referred, row) = (true, 0);
            at += length;
        } else if let Some(scheme) = ["Bearer ", "Basic ", "Token "].iter().find(|it| rest.starts_with(**it))
        {
            at += scheme.len();
        } else {
            // What opens and never closes is not looked at again from each of its parts.
            if ["${", "{{", "<%"].iter().any(|open| rest.starts_with(open)) {
                longest = longest.max(rest.len());
                break;
            }
            let letter = rest.chars().next().unwrap_or(' ');
            row = if letter.is_alphanumeric() { row + 1 } else { 0 };
            longest = longest.max(row);
            at += letter.len_utf8();
        }
    }
    referred && longest < 8
}

/// The length of the `${NAME…}`, `$NAME`, `{{ … }}` or `%NAME%` at the start of `text`.
fn reference_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    match bytes {
        [b'$', b'{', ..] => {
            let mut depth = 0usize;
            for (at, byte) in bytes.iter().enumerate() {
                match byte {
                    b'{' => depth += 1,
                    b'}' if depth == 1 => return Some(at + 1),
                    b'}' => depth -= 1,
                    _ => {}
                }
            }
            None
        }
        [b'$', first, ..] if first.is_ascii_alphabetic() || *first == b'_' => {
            Some(1 + bytes[1..].iter().take_while(|byte| is_name(byte)).count())
        }
        [b'{', b'{', ..] => text.find("}}").map(|at| at + 2),
        [b'<', b'%', ..] => text.find("%>").map(|at| at + 2),
        [b'%', first, ..] if first.is_ascii_alphabetic() => {
            let name = bytes[1..].iter().take_while(|byte| is_name(byte)).count();
            (name > 2 && bytes.get(name + 1) == Some(&b'%')).then_some(name + 2)
        }
        _ => None,
    }
}

/// Whether the value says that nothing is needed, as local servers and emulators of a cloud are given.
fn is_absent(value: &str) -> bool {
    const WHOLE: &[&str] = &[
        "donotuse",
        "dummy",
        "dummykey",
        "dummysecret",
        "dummytoken",
        "fake",
        "fakekey",
        "fakesecret",
        "faketoken",
        "ignored",
        "invalid",
        "nokey",
        "noneeded",
        "noneneeded",
        "notneeded",
        "notrequired",
        "notset",
        "notused",
        "undefined",
        "unneeded",
        "unset",
        "unused",
    ];
    if value.len() > 24 {
        return false;
    }
    let letters: String = value.chars().filter(|it| it.is_alphanumeric()).collect();
    WHOLE.contains(&letters.to_lowercase().as_str())
}

fn is_placeholder(value: &str) -> bool {
    /// Parts of the text, without what separates its words.
    const ANYWHERE: &[&str] =
        &["changeme", "changethis", "changeit", "replaceme", "replacethis", "placeholder"];
    /// What the text starts with, without what separates its words.
    const STARTS: &[&str] = &[
        "addyour",
        "changebefore",
        "changein",
        "changethe",
        "fillin",
        "fillme",
        "notneeded",
        "notset",
        "notused",
        "pasteyour",
        "putyour",
        "setme",
        "setyour",
        "tobechanged",
        "tobefilled",
        "tobereplaced",
        "tobeset",
        "useyour",
        "yourapi",
        "yourkey",
        "yourpassword",
        "yoursecret",
        "yourstrong",
        "yourtoken",
    ];
    const FIRST_WORDS: &[&str] = &[
        "enter",
        "fixme",
        "generate",
        "insert",
        "invalid",
        "replace",
        "tbd",
        "undefined",
        "unset",
        "unused",
    ];
    const WORDS: &[&str] = &["dummy", "example", "fake", "redacted", "sample", "todo", "your"];
    let brackets = |open, close| value.len() > 2 && value.starts_with(open) && value.ends_with(close);
    if brackets('<', '>') || brackets('[', ']') || value.eq_ignore_ascii_case("n/a") {
        return true;
    }
    let filler = |letter: char| matches!(letter, 'x' | 'X' | '*' | '.' | '…' | '-' | '_' | '?' | '•');
    if value.chars().all(filler) && !value.eq_ignore_ascii_case("x") {
        return true;
    }
    // Long texts without words are keys, in which any letters may follow each other.
    if value.len() > 80 {
        return false;
    }
    let lower = value.to_lowercase();
    let joined: String = lower.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let mut words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    ANYWHERE.iter().any(|part| joined.contains(part))
        || STARTS.iter().any(|start| joined.starts_with(start))
        || words.clone().next().is_some_and(|first| FIRST_WORDS.contains(&first))
        || words.any(|word| WORDS.contains(&word))
}

fn is_path(value: &str) -> bool {
    const EXTENSIONS: &[&str] = &[
        "cer",
        "cert",
        "conf",
        "cfg",
        "crt",
        "csr",
        "der",
        "env",
        "htpasswd",
        "ini",
        "jks",
        "json",
        "key",
        "keystore",
        "p12",
        "pem",
        "pfx",
        "properties",
        "pub",
        "toml",
        "txt",
        "yaml",
        "yml",
    ];
    if value.contains(char::is_whitespace) {
        return false;
    }
    if value.contains("://") {
        return url_passwords(value).is_empty();
    }
    let plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-~$@{}".contains(&byte));
    let drive = value.as_bytes().get(1..3).is_some_and(|colon| colon == b":\\" || colon == b":/");
    if drive || ["./", "../", "~/", "file:"].iter().any(|start| value.starts_with(start)) {
        return true;
    }
    let extension = value.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
    });
    // Base64 may start with a slash, too, but not have the length and the alphabet of a path.
    plain(value)
        && (extension || value.len() > 1 && value.starts_with('/') && value.len() <= 120 && !dense(value))
}

/// Whether a text that starts with a slash has no second name, and is as long as an encoded key.
fn dense(value: &str) -> bool {
    value.len() >= 24
        && value.split('/').any(|part| {
            part.len() >= 20
                && part.bytes().any(|byte| byte.is_ascii_digit())
                && part.bytes().any(|byte| byte.is_ascii_uppercase())
                && part.bytes().any(|byte| byte.is_ascii_lowercase())
        })
}

/// Passwords that are tried first: defaults of images, and what everybody thinks of.
const TRIVIAL: &[&str] = &[
    "1234567890",
    "abc123",
    "admin",
    "admin123",
    "adminadmin",
    "administrator",
    "adminpass",
    "adminpassword",
    "app",
    "bar",
    "bitnami",
    "changeit",
    "changeme",
    "default",
    "demo",
    "dev",
    "development",
    "docker",
    "drupal",
    "elastic",
    "elasticsearch",
    "example",
    "foo",
    "foobar",
    "ghost",
    "gitea",
    "grafana",
    "guest",
    "hello",
    "joomla",
    "keycloak",
    "letmein",
    "local",
    "localhost",
    "mariadb",
    "minio",
    "minio123",
    "minioadmin",
    "mongo",
    "mongodb",
    "mysecret",
    "mysecretpassword",
    "mypassword",
    "mysql",
    "neo4j",
    "nextcloud",
    "odoo",
    "oracle",
    "p@ssw0rd",
    "pass",
    "pass123",
    "passw0rd",
    "passwd",
    "password",
    "password1",
    "password123",
    "pg",
    "pgadmin",
    "postgres",
    "postgresql",
    "prisma",
    "qwerty",
    "rabbitmq",
    "redis",
    "root",
    "root123",
    "rootpass",
    "rootpassword",
    "rootroot",
    "sa",
    "secret",
    "secret123",
    "secretpassword",
    "sonar",
    "strapi",
    "superadmin",
    "supersecret",
    "supersecretpassword",
    "symfony",
    "system",
    "temporal",
    "test",
    "test123",
    "testing",
    "testpass",
    "testpassword",
    "tiger",
    "token",
    "toor",
    "user",
    "userpass",
    "userpassword",
    "welcome",
    "welcome1",
    "wordpress",
    "zabbix",
    "airflow",
    "dbpassword",
    "dbpass",
    "laravel",
    "django",
    "django123",
    "keycloak123",
    "postgres123",
    "mysql123",
    "123",
    "12345678",
];

/// Whether `value` is a password that is guessed at once: a default, a word such as `secret`, one
/// letter many times, or digits in a row.
pub fn is_trivial(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let joined: String = value.chars().filter(|letter| !matches!(letter, '_' | '-' | '.' | ' ')).collect();
    let mut letters = value.chars();
    let first = letters.next();
    let same = first.is_some() && letters.all(|letter| Some(letter) == first);
    let row = ["1234567890", "0123456789"].iter().any(|row| row.starts_with(&value));
    !value.is_empty()
        && (same || row || TRIVIAL.contains(&value.as_str()) || TRIVIAL.contains(&joined.as_str()))
}

/// Sorts ranges and joins those that touch.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_word_of_a_credential_has_a_part_that_is_looked_for() {
        let kinds = KEY_KINDS.iter().map(|kind| format!("{kind}key"));
        let tokens = TOKENS_KINDS.iter().map(|kind| format!("{kind}tokens"));
        let words = [CREDENTIAL_WORDS, CREDENTIAL_ENDS, &["pass", "pwd", "auth", "cookie", "token", "keys"]];
        for word in words.concat().into_iter().map(str::to_owned).chain(kinds).chain(tokens) {
            assert!(may_name_credential(word.as_bytes()), "{word}");
            assert!(may_name_credential(word.to_uppercase().as_bytes()), "{word}");
        }
        assert!(may_name_credential("\u{212a}EY".as_bytes()), "a Kelvin sign is a small k");
        assert!(!may_name_credential(b"NODE_ENV"));
    }

    #[test]
    fn names_of_credentials_are_known_by_their_words() {
        for name in [
            "PASSWORD",
            "POSTGRES_PASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "PGPASSWORD",
            "DB_PASS",
            "RABBITMQ_DEFAULT_PASS",
            "MYSQL_PWD",
            "DB_PASSWD",
            "JWT_SECRET",
            "clientSecret",
            "CLIENT_SECRET",
            "API_KEY",
            "OPENAI_API_KEY",
            "apiKey",
            "APIKey",
            "apikey",
            "AWS_SECRET_ACCESS_KEY",
            "AZURE_STORAGE_ACCESS_KEY",
            "SECRET_KEY_BASE",
            "APP_KEY",
            "PRIVATE_KEY",
            "ENCRYPTION_KEY",
            "SIGNING_KEY",
            "AUTH_TOKEN",
            "GITHUB_TOKEN",
            "token",
            "CREDENTIALS",
            "PASSPHRASE",
            "spring.datasource.password",
            "db-password",
            "PASSWORD_1",
            "MINIO_SECRET_KEY",
            "KC_DB_PASSWORD",
            "KEYCLOAK_ADMIN_PASSWORD",
            "ConnectionStrings__Password",
            "API_TOKENS",
            "NEO4J_AUTH",
            "requirepass",
            "RABBITMQ_ERLANG_COOKIE",
            "PASSWORD_HASH",
            "SECRET",
            "TOKEN_SECRET",
            "S3_SECRET",
            "OAUTH2_CLIENT_SECRET",
            "SMTP_PASSWORD_PROD",
            "N8N_ENCRYPTION_KEY",
            "DBPassword",
            "GRAFANA_CLIENTSECRET",
            "REDISPASS",
            "OAUTH_APISECRET",
            "VAULT_DEV_ROOT_TOKEN_ID",
            "STRIPE_SECRET_KEY",
        ] {
            assert!(credential_key(name), "{name}");
        }
    }

    #[test]
    fn names_of_something_about_a_credential_are_not_credentials() {
        for name in [
            "PWD",
            "OLDPWD",
            "TOKENIZER",
            "TOKENIZERS_PARALLELISM",
            "PASSWORD_MIN_LENGTH",
            "MIN_PASSWORD_LENGTH",
            "PASSWORD_FILE",
            "POSTGRES_PASSWORD_FILE",
            "TOKEN_TTL",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "SECRET_NAME",
            "MAX_TOKENS",
            "TOKENS_PER_MINUTE",
            "PUBLIC_KEY",
            "JWT_PUBLIC_KEY",
            "KEYCLOAK",
            "KEYCLOAK_USER",
            "CASSANDRA_KEYSPACE",
            "PASSWORD_RESET_ENABLED",
            "PASSWORD_RESET",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "AWS_ACCESS_KEY_ID",
            "AWS_ACCESS_KEY",
            "MINIO_ACCESS_KEY",
            "S3_ACCESS_KEY",
            "API_KEY_HEADER",
            "JWT_SECRET_ALGORITHM",
            "PASSWORD_HASH_ALGORITHM",
            "TOKEN_URL",
            "SECRETS_DIR",
            "API_KEY_REQUIRED",
            "STRIPE_PUBLISHABLE_KEY",
            "NEXT_PUBLIC_API_KEY",
            "BYPASS",
            "COMPASS",
            "MONKEY",
            "KEY",
            "KEYS",
            "PATH",
            "PRIVATE_KEY_PATH",
            "credential_spec",
            "proxy_pass",
            "SECRETARY",
            "CSRF_TOKEN",
            "SSH_KEY_TYPE",
            "OAUTH2_TOKEN_ENDPOINT",
            "PASSWORDLESS",
            "AUTH",
            "PASSENGER",
            "",
            "___",
            "SECRET_MANAGER",
            "INSTALL_SSHPASS",
            "kompose.image-pull-secret",
            "secrets",
            "KEYFILE",
        ] {
            assert!(!credential_key(name), "{name}");
        }
    }

    #[test]
    fn values_are_told_apart() {
        use ValueKind::{Absent, Empty, Flag, Literal, Path, Placeholder, Reference};
        for (value, kind) in [
            ("", Empty),
            ("  ", Empty),
            ("true", Flag),
            ("No", Flag),
            ("0", Flag),
            ("30", Flag),
            ("15m", Flag),
            ("${DB_PASSWORD}", Reference),
            ("${DB_PASSWORD:-postgres}", Reference),
            ("${A}-${B}", Reference),
            ("$DB_PASSWORD", Reference),
            ("$$DB_PASSWORD", Reference),
            ("$${DB_PASSWORD}", Reference),
            ("$(cat /run/secrets/x)", Reference),
            ("Bearer ${TOKEN}", Reference),
            ("{{ db_password }}", Reference),
            ("op://vault/item/field", Reference),
            ("changeme", Placeholder),
            ("CHANGE_ME", Placeholder),
            ("change-this-in-production", Placeholder),
            ("secret-change-me", Placeholder),
            ("your_api_key", Placeholder),
            ("your-secret-here", Placeholder),
            ("yourpassword", Placeholder),
            ("<password>", Placeholder),
            ("xxxx", Placeholder),
            ("***", Placeholder),
            ("...", Placeholder),
            ("example", Placeholder),
            ("my-example-key", Placeholder),
            ("placeholder", Placeholder),
            ("TODO", Placeholder),
            ("replace_with_real_key", Placeholder),
            ("dummy", Absent),
            ("not-needed", Absent),
            ("dummy-7Gq2", Placeholder),
            ("insert-your-key", Placeholder),
            ("/run/secrets/db_password", Path),
            ("./secrets/key.pem", Path),
            ("server.key", Path),
            ("C:\\keys\\server", Path),
            ("https://vault.internal/v1", Path),
            ("postgres", Literal),
            ("admin", Literal),
            ("root", Literal),
            ("password", Literal),
            ("123456", Literal),
            ("1234", Literal),
            ("yourself42", Literal),
            ("pa$$word", Literal),
            ("$2y$10$abcdefghijklmnopqrstuv", Literal),
            ("Zaubertrank${SUFFIX}", Literal),
            ("/9Kd8sTq2LmNvX4RbWzYcE7HgJpFaUo1", Literal),
            ("https://user:hunter2@host", Literal),
            ("neo4j/hunter2", Literal),
            ("entertain", Literal),
        ] {
            assert_eq!(classify(value), kind, "{value}");
        }
    }

    #[test]
    fn trivial_passwords_are_known() {
        for value in ["postgres", "Admin", "123456", "aaaa", "password", "my-secret-password", "minioadmin"] {
            assert!(is_trivial(value), "{value}");
        }
        for value in ["", "correct horse", "x7Gp2Lq9"] {
            assert!(!is_trivial(value), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_searched_in_bounds(text in r#"([A-Z]{1,4}|PASSWORD|token|\$\{|:-|\}|://|[@:=#"' \n,.{}/-]|é|a1|eyJ|AKIA|-----BEGIN PRIVATE KEY-----){0,40}"#) {
            credential_key(&text);
            classify(&text);
            is_trivial(&text);
            let mut end = 0;
            for range in lexical_secrets(&text) {
                prop_assert!(end <= range.start && range.start < range.end);
                prop_assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
            for found in url_passwords(&text) {
                prop_assert!(text.get(found.whole.clone()).is_some());
                prop_assert!(text.get(found.user).is_some() && !text[found.password].is_empty());
            }
            for token in tokens(&text) {
                prop_assert!(text.get(token.range).is_some());
            }
        }
    }
}
