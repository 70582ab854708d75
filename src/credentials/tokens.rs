//! Tokens that are known by their provider's form.

use std::ops::Range;

/// A provider's token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// The bytes of the token; of a private key, with its `BEGIN` and `END` lines.
    pub range: Range<usize>,
    /// Whose token it is, as one writes it after "a token of"; `private key` and `JSON Web Token` for
    /// those.
    pub provider: &'static str,
}

/// The letters that follow a prefix.
#[derive(Copy, Clone)]
enum Alphabet {
    /// `A-Z`, `0-9`.
    Upper,
    /// `a-f`, `0-9`.
    Hex,
    /// `A-Z`, `a-z`, `0-9`.
    Alphanumeric,
    /// `A-Z`, `a-z`, `0-9`, `_`.
    Word,
    /// `A-Z`, `a-z`, `0-9`, `_`, `-`.
    Url,
}

impl Alphabet {
    const fn holds(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::Url => byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-',
        }
    }
}

/// A token that is a prefix and a number of letters.
struct Form {
    provider: &'static str,
    prefix: &'static str,
    alphabet: Alphabet,
    /// The least and the greatest number of letters after the prefix.
    length: (usize, usize),
}

const fn form(
    provider: &'static str,
    prefix: &'static str,
    alphabet: Alphabet,
    min: usize,
    max: usize,
) -> Form {
    Form { provider, prefix, alphabet, length: (min, max) }
}

const FORMS: &[Form] = &[
    form("AWS", "AKIA", Alphabet::Upper, 16, 16),
    form("AWS", "ASIA", Alphabet::Upper, 16, 16),
    form("GitHub", "ghp_", Alphabet::Alphanumeric, 36, 36),
    form("GitHub", "gho_", Alphabet::Alphanumeric, 36, 36),
    form("GitHub", "ghu_", Alphabet::Alphanumeric, 36, 36),
    form("GitHub", "ghs_", Alphabet::Alphanumeric, 36, 36),
    form("GitHub", "ghr_", Alphabet::Alphanumeric, 36, 36),
    form("GitHub", "github_pat_", Alphabet::Word, 82, 82),
    form("GitLab", "glpat-", Alphabet::Url, 20, 300),
    form("GitLab", "gldt-", Alphabet::Url, 20, 300),
    form("GitLab", "glrt-", Alphabet::Url, 20, 300),
    form("GitLab", "glptt-", Alphabet::Hex, 40, 40),
    form("Stripe", "sk_live_", Alphabet::Alphanumeric, 24, 250),
    form("Stripe", "rk_live_", Alphabet::Alphanumeric, 24, 250),
    form("OpenAI", "sk-proj-", Alphabet::Url, 40, 250),
    form("OpenAI", "sk-svcacct-", Alphabet::Url, 40, 250),
    form("OpenAI", "sk-admin-", Alphabet::Url, 40, 250),
    form("Anthropic", "sk-ant-", Alphabet::Url, 40, 250),
    form("Google", "AIza", Alphabet::Url, 35, 35),
    form("Google", "GOCSPX-", Alphabet::Url, 28, 28),
    form("npm", "npm_", Alphabet::Alphanumeric, 36, 36),
    form("PyPI", "pypi-AgEIcHlwaS5vcmc", Alphabet::Url, 50, 1000),
    form("Docker Hub", "dckr_pat_", Alphabet::Url, 27, 27),
    form("Docker Hub", "dckr_oat_", Alphabet::Url, 32, 32),
    form("DigitalOcean", "dop_v1_", Alphabet::Hex, 64, 64),
    form("DigitalOcean", "doo_v1_", Alphabet::Hex, 64, 64),
    form("Hugging Face", "hf_", Alphabet::Alphanumeric, 34, 34),
];

/// The length of the shortest of [`FORMS`] with its prefix.
const SHORTEST: usize = {
    let (mut shortest, mut at) = (usize::MAX, 0);
    while at < FORMS.len() {
        let length = FORMS[at].prefix.len() + FORMS[at].length.0;
        if length < shortest {
            shortest = length;
        }
        at += 1;
    }
    shortest
};

/// Whether a byte is one of [`Alphabet::Url`].
const URL: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0);
    while byte < table.len() {
        table[byte] = Alphabet::Url.holds(byte as u8);
        byte += 1;
    }
    table
};

/// The tokens in `text`, in order; they do not overlap. What documentation shows in their place
/// (`…EXAMPLE`, one letter many times, the alphabet) is none.
pub fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'-' && text[at..].starts_with("-----BEGIN ") {
            let (range, is_key) = private_key(text, at);
            at = range.end;
            if is_key {
                found.push(Token { range, provider: "private key" });
            }
        } else if URL[bytes[at] as usize] {
            // A token starts where a run of its letters starts, so that each run is looked at once.
            let run = run(bytes, at);
            let token = may_start(&bytes[at..run]).then(|| token(text, at..run)).flatten();
            at = token.as_ref().map_or(run, |token| token.range.end.max(run));
            found.extend(token);
        } else {
            at += 1;
        }
    }
    found
}

/// The offset past the letters, digits, `_` and `-` from `start` on; a `-----BEGIN` ends them.
fn run(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while end < bytes.len() && URL[bytes[end] as usize] {
        if end > start && bytes[end] == b'-' && bytes[end..].starts_with(b"-----BEGIN ") {
            break;
        }
        end += 1;
    }
    end
}

/// Whether a token may start with the run of letters: most words are shorter than any, and the parts of the
/// others start with few letters.
fn may_start(letters: &[u8]) -> bool {
    letters.len() >= SHORTEST
        || match letters[0] {
            b'e' => letters.starts_with(b"eyJ"),
            b'S' => letters == b"SG",
            b'h' | b'd' | b'c' | b'p' => true,
            b'b' | b'0'..=b'9' => letters.len() >= 8,
            _ => false,
        }
}

/// The token that starts with the run of letters.
fn token(text: &str, letters: Range<usize>) -> Option<Token> {
    let written = &text[letters.clone()];
    let is_sound = |body: &str| !is_documentation(body);
    // Most words are shorter than any of these.
    let long = if written.len() < SHORTEST { &[][..] } else { FORMS };
    for form in long {
        let Some(body) = written.strip_prefix(form.prefix) else { continue };
        let (min, max) = form.length;
        if body.len() >= min && body.len() <= max && body.bytes().all(|byte| form.alphabet.holds(byte)) {
            return is_sound(body).then_some(Token { range: letters, provider: form.provider });
        }
    }
    if let Some(body) = written.strip_prefix("sk-")
        && let Some((left, right)) = body.split_once("T3BlbkFJ")
        && left.len() >= 20
        && right.len() >= 20
    {
        return Some(Token { range: letters, provider: "OpenAI" });
    }
    if written.starts_with('x')
        && let Some(kind) =
            ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"].iter().find(|it| written.starts_with(**it))
    {
        let body = &written[kind.len()..];
        let parts: Vec<&str> = body.split('-').collect();
        let numbered = parts[0].bytes().all(|byte| byte.is_ascii_digit()) && !parts[0].is_empty();
        let secret = parts.last().is_some_and(|last| last.len() >= 20 && is_sound(last));
        return (numbered && parts.len() >= 3 && secret)
            .then_some(Token { range: letters, provider: "Slack" });
    }
    if written.starts_with("eyJ") {
        return json_web_token(text, letters);
    }
    if written == "SG" {
        let (first, second) = (dotted(text, letters.end)?, dotted(text, dotted(text, letters.end)?.end)?);
        let sound = first.len() == 22 && second.len() == 43 && is_sound(&text[second.clone()]);
        return sound.then_some(Token { range: letters.start..second.end, provider: "SendGrid" });
    }
    if matches!(written, "hooks" | "discord" | "discordapp" | "canary" | "ptb") {
        return webhook(text, letters.start);
    }
    // A Telegram bot's number, in URLs after `bot`.
    let number = written.strip_prefix("bot").unwrap_or(written);
    if (8..=10).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && text.as_bytes().get(letters.end) == Some(&b':')
    {
        let secret = letters.end + 1..run(text.as_bytes(), letters.end + 1);
        let body = &text[secret.clone()];
        let sound = body.len() == 35 && body.starts_with("AA") && is_sound(body);
        let start = letters.end - number.len();
        return sound.then_some(Token { range: start..secret.end, provider: "Telegram" });
    }
    None
}

/// The run of letters after a dot at `dot`.
fn dotted(text: &str, dot: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    (bytes.get(dot) == Some(&b'.')).then(|| dot + 1..run(bytes, dot + 1))
}

/// Three parts in base64, of which the first is a JSON object with `alg`.
fn json_web_token(text: &str, header: Range<usize>) -> Option<Token> {
    let claims = dotted(text, header.end)?;
    let signature = dotted(text, claims.end)?;
    let decoded = decode(&text[header.clone()])?;
    let has_algorithm = decoded.starts_with(b"{") && decoded.windows(5).any(|part| part == b"\"alg\"");
    let sound = header.len() <= 4096
        && text[claims.clone()].starts_with("eyJ")
        && signature.len() >= 20
        && !is_documentation(&text[signature.clone()]);
    (has_algorithm && sound)
        .then_some(Token { range: header.start..signature.end, provider: "JSON Web Token" })
}

/// The bytes that base64 text without padding, in the alphabet for URLs, stands for.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0u32, 0u32);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

/// The address of a Slack or Discord webhook, whose path is the secret.
fn webhook(text: &str, start: usize) -> Option<Token> {
    let rest = &text[start..];
    let part = |from: usize| from..run(rest.as_bytes(), from);
    let slash = |at: usize| rest.as_bytes().get(at) == Some(&b'/');
    if rest.starts_with("hooks.slack.com/services/T") {
        let team = part("hooks.slack.com/services/".len());
        let hook = slash(team.end).then(|| part(team.end + 1))?;
        let secret = slash(hook.end).then(|| part(hook.end + 1))?;
        let sound = team.len() >= 9
            && hook.len() >= 9
            && rest[hook].starts_with('B')
            && secret.len() >= 20
            && !is_documentation(&rest[secret.clone()]);
        return sound.then_some(Token { range: start..start + secret.end, provider: "Slack" });
    }
    let host = ["discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com"]
        .iter()
        .find(|host| rest.strip_prefix(**host).is_some_and(|path| path.starts_with("/api/webhooks/")))?;
    let number = part(host.len() + "/api/webhooks/".len());
    let secret = slash(number.end).then(|| part(number.end + 1))?;
    let digits = rest[number.clone()].bytes().all(|byte| byte.is_ascii_digit());
    let sound = digits
        && (17..=20).contains(&number.len())
        && (60..=80).contains(&secret.len())
        && !is_documentation(&rest[secret.clone()]);
    sound.then_some(Token { range: start..start + secret.end, provider: "Discord" })
}

/// The bytes of the PEM block that starts at `start`, and whether it is a private key with a body.
fn private_key(text: &str, start: usize) -> (Range<usize>, bool) {
    let label_start = start + "-----BEGIN ".len();
    let label = &text[label_start..];
    let length = label.bytes().take_while(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b' ')).count();
    let body_start = label_start + length + 5;
    let kind = &label[..length];
    if !label[length..].starts_with("-----")
        || !kind.ends_with("PRIVATE KEY") && !kind.ends_with("PRIVATE KEY BLOCK")
    {
        return (start..label_start + length, false);
    }
    let body = &text[body_start..];
    let next = body.find("-----").unwrap_or(body.len());
    let closed = body[next..].starts_with("-----END ");
    let (end, body) = if closed {
        let marker = next + "-----END ".len();
        let rest = body[marker..]
            .bytes()
            .take_while(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b' '))
            .count();
        let dashes = if body[marker + rest..].starts_with("-----") { 5 } else { 0 };
        (body_start + marker + rest + dashes, &body[..next])
    } else {
        let length = unclosed_body(&body[..next]);
        (body_start + length, &body[..length])
    };
    let letters: Vec<u8> = body.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let mut kinds = [false; 256];
    for letter in &letters {
        kinds[usize::from(*letter)] = true;
    }
    let variety = kinds.iter().filter(|kind| **kind).count();
    (start..end, letters.len() >= 32 && variety >= 12)
}

/// The length of the lines of base64, indented, quoted or joined by `\n`, that a text starts with.
fn unclosed_body(text: &str) -> usize {
    let mut length = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let trimmed = line.trim_matches(|letter: char| letter.is_whitespace() || "#\"'|,\\".contains(letter));
        let encoded = trimmed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\\".contains(&byte));
        if !encoded || index > 0 && trimmed.len() < 16 && !trimmed.ends_with('=') {
            break;
        }
        length += line.len();
    }
    length
}

/// Whether the letters of a token are what documentation shows: `EXAMPLE`, hardly any different
/// letters, one letter many times in a row, digits or letters in order.
fn is_documentation(body: &str) -> bool {
    let bytes = body.as_bytes();
    let mut kinds = [false; 256];
    let mut same = 1;
    for (at, byte) in bytes.iter().enumerate() {
        kinds[usize::from(*byte)] = true;
        same = if at > 0 && bytes[at - 1] == *byte { same + 1 } else { 1 };
        if same >= 8 {
            return true;
        }
    }
    let lower = body.to_ascii_lowercase();
    kinds.iter().filter(|kind| **kind).count() <= 4
        || ["example", "1234567890", "0123456789", "abcdefghij", "xxxxxx", "placeholder", "your_", "your-"]
            .iter()
            .any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers(text: &str) -> Vec<&'static str> {
        tokens(text).into_iter().map(|token| token.provider).collect()
    }

    /// Letters and digits that look drawn by lot.
    fn lot(length: usize) -> String {
        let letters = b"q7RtZ2mXv9LbKd4WsYh8NcPf3GjTa6Ue";
        (0..length).map(|at| char::from(letters[(at * 7 + at / 32) % 32])).collect()
    }

    /// The same in digits and the letters from a to f.
    fn hex(length: usize) -> String {
        (0..length).map(|at| char::from(b"3fa92c7e08b1d465"[(at * 5 + at / 16) % 16])).collect()
    }

    // The prefixes stand apart from the letters, so that no scanner takes this file for a leak.
    fn samples() -> Vec<(&'static str, String)> {
        let upper = lot(16).to_uppercase();
        let pem =
            |kind: &str| format!("-----BEGIN {kind}-----\n{}\n{}\n-----END {kind}-----", lot(64), lot(40));
        vec![
            ("AWS", format!("{}{upper}", concat!("AK", "IA"))),
            ("GitHub", format!("{}{}", concat!("gh", "p_"), lot(36))),
            ("GitHub", format!("{}{}", concat!("github", "_pat_"), lot(82))),
            ("GitLab", format!("{}{}", concat!("gl", "pat-"), lot(20))),
            ("Slack", format!("{}2345678901-3456789012-{}", concat!("xo", "xb-"), lot(24))),
            ("Slack", format!("hooks.slack.com/{}/T0{}/B0{}/{}", "services", lot(8), lot(8), lot(24))),
            ("Stripe", format!("{}{}", concat!("sk_", "live_"), lot(24))),
            ("OpenAI", format!("{}{}", concat!("sk-", "proj-"), lot(60))),
            ("OpenAI", format!("{}{}{}{}", concat!("sk", "-"), lot(20), concat!("T3Blbk", "FJ"), lot(20))),
            ("Anthropic", format!("{}api03-{}", concat!("sk-", "ant-"), lot(80))),
            ("Google", format!("{}{}", concat!("AI", "za"), lot(35))),
            ("Google", format!("{}{}", concat!("GOC", "SPX-"), lot(28))),
            ("npm", format!("{}{}", concat!("np", "m_"), lot(36))),
            ("PyPI", format!("{}{}", concat!("pypi", "-AgEIcHlwaS5vcmc"), lot(60))),
            ("Docker Hub", format!("{}{}", concat!("dckr", "_pat_"), lot(27))),
            ("DigitalOcean", format!("{}{}", concat!("dop", "_v1_"), hex(64))),
            ("Hugging Face", format!("{}{}", concat!("h", "f_"), lot(34))),
            ("SendGrid", format!("{}.{}.{}", "SG", lot(22), lot(43))),
            ("Telegram", format!("{}:AA{}", 734_512_986, lot(33))),
            ("Discord", format!("discord.com/api/{}/{}/{}", "webhooks", 91_234_567_812_345_678_u64, lot(68))),
            (
                "JSON Web Token",
                format!(
                    "{}{}.{}.{}",
                    "ey",
                    "JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
                    concat!("ey", "JzdWIiOiJ4In0"),
                    lot(43)
                ),
            ),
            ("private key", pem(concat!("RSA PRIVATE", " KEY"))),
            ("private key", pem(concat!("OPENSSH PRIVATE", " KEY"))),
        ]
    }

    #[test]
    fn tokens_are_found_whole_and_between_boundaries() {
        for (provider, token) in samples() {
            for text in [token.clone(), format!("KEY: \"{token}\"\n"), format!("a={token} # b")] {
                let found = tokens(&text);
                assert_eq!(found.len(), 1, "{text}");
                assert_eq!((found[0].provider, &text[found[0].range.clone()]), (provider, token.as_str()));
            }
        }
    }

    #[test]
    fn longer_and_shorter_texts_are_no_tokens() {
        for (provider, token) in samples() {
            let strict =
                matches!(provider, "AWS" | "Google" | "npm" | "Hugging Face" | "Docker Hub" | "DigitalOcean");
            if strict {
                assert_eq!(providers(&format!("{token}a")), [""; 0]);
                assert_eq!(providers(&format!("x{token}")), [""; 0]);
                assert_eq!(providers(&token[..token.len() - 1]), [""; 0]);
            }
        }
        assert_eq!(providers(&format!("{}{}", concat!("sk_", "test_"), lot(24))), [""; 0]);
    }

    #[test]
    fn what_documentation_shows_is_no_token() {
        for text in [
            format!("{}IOSFODNN7EXAMPLE", concat!("AK", "IA")),
            format!("{}{}", concat!("gh", "p_"), "x".repeat(36)),
            format!("{}{}", concat!("gh", "p_"), "abcdefghijklmnopqrstuvwxyz1234567890"),
            format!("-----BEGIN {}-----\n...\n-----END PRIVATE KEY-----", concat!("PRIVATE", " KEY")),
            format!("-----BEGIN {}-----\n", concat!("PRIVATE", " KEY")),
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", lot(64)),
            "eyJ.eyJ.abc".to_owned(),
        ] {
            assert_eq!(providers(&text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_private_key_may_be_indented_escaped_or_cut_off() {
        let begin = concat!("-----BEGIN PRIVATE", " KEY-----");
        let text = format!("  k: |\n    {begin}\n    {}\n    {}\n  b: 1\n", lot(64), lot(64));
        let found = tokens(&text);
        assert!(text[found[0].range.clone()].trim_end().ends_with(&lot(64)), "{found:?}");
        let text = format!("k: \"{begin}\\n{}\\n{}-----END PRIVATE KEY-----\\n\"", lot(64), lot(20));
        assert!(text[tokens(&text)[0].range.clone()].ends_with("KEY-----"));
    }

    #[test]
    fn a_telegram_token_is_found_in_a_url() {
        let text = format!("https://api.telegram.org/bot{}:AA{}/x", 734_512_986, lot(33));
        assert_eq!(&text[tokens(&text)[0].range.clone()][..9], "734512986");
    }
}
