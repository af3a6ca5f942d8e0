//! What stands in a text: codes in the places where codes stand, and references to a log.

use super::phrases::Standing;
use super::text::{begins, plain, word};
use crate::text::is_guid;

/// A text as it was seen.
pub(super) struct Seen<'a> {
    /// As it was given.
    given: &'a str,
    /// In its plain form.
    pub(super) text: String,
    /// Numbers of Entra's codes, in the order of the text, each once.
    pub(super) entra: Vec<u32>,
    /// Numbers behind "error code", which may be Entra's.
    pub(super) numbers: Vec<u32>,
    /// Values where OAuth 2.0 has its error codes: `error=` and `"error":`, or the whole text.
    pub(super) oauth: Vec<String>,
    /// The first of them that an answer's address bears.
    pub(super) unlisted: Option<String>,
    /// References by which the provider finds its log entry.
    pub(super) references: String,
    /// The plain form, where `text` is that of a picture's letters.
    sharp: Option<String>,
    /// The host that said it, where that is known.
    host: String,
    /// Which phrases stand in `text`, where it is long.
    standing: Option<Standing>,
}

impl<'a> Seen<'a> {
    pub(super) fn read(given: &'a str) -> Self {
        let text = plain(given);
        Self {
            given,
            entra: entra(&text),
            numbers: numbers(&text),
            oauth: oauth(&text, given),
            unlisted: in_address(&text).or_else(|| in_object(&text)),
            references: references(&text),
            text,
            sharp: None,
            host: String::new(),
            standing: None,
        }
        .looked_through()
    }

    fn looked_through(self) -> Self {
        Self {
            standing: Standing::of(&self.text),
            ..self
        }
    }

    /// The same as said by a server of this name: whoever it names is named.
    pub(super) fn said_by(self, host: &str) -> Self {
        Self {
            host: host.to_ascii_lowercase(),
            ..self
        }
    }

    /// The same as a program might have read it off a picture: letters that look alike are one, and
    /// only words are looked for.
    pub(super) fn blurred(self) -> Self {
        Self {
            text: blur(&self.text),
            entra: Vec::new(),
            numbers: Vec::new(),
            oauth: Vec::new(),
            unlisted: None,
            sharp: Some(self.text),
            standing: None,
            ..self
        }
    }

    /// Where a phrase stands.
    pub(super) fn place_of(&self, phrase: &str) -> Option<usize> {
        let found = |phrase| {
            let lacks = |standing: &Standing| standing.lacks(phrase);
            let looked_for = !self.standing.as_ref().is_some_and(lacks);
            looked_for.then(|| word(&self.text, phrase, 0)).flatten()
        };
        match &self.sharp {
            None => found(phrase).or_else(|| {
                let mut labels = self.host.split('.');
                // Behind all that was said.
                labels
                    .any(|label| label == phrase)
                    .then_some(self.text.len())
            }),
            Some(_) => word(&self.text, &blur(phrase), 0),
        }
    }

    /// Whether the text is a picture's and some of these phrases stand there only as it blurs them. What
    /// stands there to the letter was looked for before.
    pub(super) fn is_blurred(&self, phrases: &[&str]) -> bool {
        self.sharp.as_ref().is_some_and(|sharp| {
            let is_short = |phrase: &&str| phrase.len() < SHORTEST_BLURRED;
            let missing = |phrase: &&str| word(sharp, phrase, 0).is_none();
            !phrases.iter().all(is_short) && phrases.iter().any(missing)
        })
    }

    /// Whether this is a picture's text.
    pub(super) fn is_of_picture(&self) -> bool {
        self.sharp.is_some()
    }

    /// A phrase of the plain text as it was given, with its capital letters, where it stands there.
    pub(super) fn written<'p>(&'p self, phrase: &'p str) -> &'p str {
        let small = self.given.to_ascii_lowercase();
        let at = small.find(phrase);
        // As many bytes, at the same places: only ASCII letters were changed.
        at.and_then(|at| self.given.get(at..at + phrase.len()))
            .unwrap_or(phrase)
    }

    /// Where the name of an error stands that somebody is said to have given: behind a colon or a
    /// bracket, before a colon, or where something was refused.
    pub(super) fn mentions(&self, name: &str) -> Option<usize> {
        let at = word(&self.text, name, 0)?;
        let before = self.text[..at].trim_end_matches(['\'', '"', ' ']);
        let after = &self.text[at + name.len()..];
        const REFUSED: [&str; 6] = ["400", "401", "403", "failed", "fails with", "refused"];
        let refused = || {
            REFUSED
                .iter()
                .any(|word| self::word(&self.text, word, 0).is_some())
        };
        (before.ends_with([':', '(', '[']) || after.starts_with(": ") || refused()).then_some(at)
    }

    /// The first code by which a product numbers its errors, and whose it is.
    pub(super) fn numbered(&self) -> Option<(String, &'static str)> {
        const PRODUCTS: [(&str, usize, &str); 2] = [("msis", 4, "AD FS"), ("e0000", 3, "Okta")];
        for (mark, digits, whose) in PRODUCTS {
            for (at, _) in self.text.match_indices(mark) {
                let rest = &self.text[at + mark.len()..];
                let length = rest.bytes().take_while(u8::is_ascii_digit).count();
                if length == digits {
                    let code = &self.text[at..at + mark.len() + digits];
                    return Some((code.to_uppercase(), whose));
                }
            }
        }
        let at = begins(&self.text, "auth/", 0)?;
        let in_code = |c: char| c.is_ascii_lowercase() || c == '-';
        let rest = &self.text[at + "auth/".len()..];
        let end = rest.find(|c| !in_code(c)).unwrap_or(rest.len());
        let ends = rest[end..].chars().next();
        let is_code = rest[..end].contains('-') && !ends.is_some_and(|c| c == '/' || c == '_');
        is_code.then(|| (format!("auth/{}", &rest[..end]), "the service"))
    }

    /// Whether this is a provider's answer by OpenID Connect.
    pub(super) fn is_answer(&self) -> bool {
        ["code=", "id_token=", "access_token="].iter().any(|name| {
            ["?", "&", "#"]
                .iter()
                .any(|c| self.text.contains(&format!("{c}{name}")))
        })
    }
}

/// The shortest phrase that is known again where its letters are blurred, in bytes.
const SHORTEST_BLURRED: usize = 12;

/// Letters and digits that programs take for each other on a picture, as one.
fn blur(text: &str) -> String {
    let one = text.replace("rn", "m").replace("vv", "w");
    let alike = |c: char| match c {
        '0' => 'o',
        '1' | 'i' | '|' => 'l',
        '5' => 's',
        '8' => 'b',
        other => other,
    };
    one.chars().map(alike).collect()
}

/// `AADSTS50011`, also as people copy it by hand and programs read it off a picture, and the page
/// that explains one code.
fn entra(text: &str) -> Vec<u32> {
    // Letter for letter, so that places in both texts are the same.
    let letters: String = text.chars().map(letter).collect();
    let marked = letters.match_indices("aadsts");
    let pages = text.match_indices("microsoftonline.com/error?code=");
    let mut found: Vec<(usize, u32)> = Vec::new();
    for (at, mark) in marked.chain(pages) {
        if let Some(code) = number(&text[at + mark.len()..])
            && !found.iter().any(|(_, known)| *known == code)
        {
            found.push((at, code));
        }
    }
    found.sort_unstable_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, code)| code).collect()
}

/// Numbers behind the words with which Entra's pages and logs show a code without its letters.
fn numbers(text: &str) -> Vec<u32> {
    const MARKS: [&str; 13] = [
        "error code",
        "error_code",
        "error_codes",
        "errorcode",
        "fehlercode",
        "code d'erreur",
        "código de error",
        "codigo de error",
        "codice errore",
        "código de erro",
        "foutcode",
        "エラー コード",
        "エラーコード",
    ];
    MARKS
        .iter()
        .flat_map(|mark| text.match_indices(mark))
        .filter_map(|(at, mark)| number(&text[at + mark.len()..]))
        .collect()
}

/// What a letter of a code is where it was read as a digit.
fn letter(c: char) -> char {
    match c {
        '4' => 'a',
        '5' | '$' => 's',
        'o' | '0' => 'd',
        other => other,
    }
}

/// The number of a code at the beginning of a text, letters for digits undone.
fn number(text: &str) -> Option<u32> {
    let rest = text.trim_start_matches([' ', ':', '-', '#', '"', '\'', '[', '=']);
    let digit = |c: char| match c {
        'o' => Some('0'),
        'i' | 'l' => Some('1'),
        's' => Some('5'),
        'b' => Some('8'),
        'z' => Some('2'),
        c => c.is_ascii_digit().then_some(c),
    };
    let joined = joined(rest);
    let rest = joined.as_deref().unwrap_or(rest);
    let digits: String = rest.chars().map_while(digit).take(10).collect();
    let read = rest.chars().take(digits.len());
    let sure = read.filter(char::is_ascii_digit).count();
    // Some letters for digits are a bad picture; more are a word.
    let code = (5..=9).contains(&digits.len()) && digits.len() <= 2 * sure;
    let ends = rest.chars().nth(digits.len());
    if !code || ends.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    digits.parse().ok()
}

/// A number whose digits stand in groups, with the groups joined: no code has fewer digits than five.
fn joined(text: &str) -> Option<String> {
    let (first, rest) = text.split_once(' ')?;
    let (second, rest) = rest.split_at(
        rest.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len()),
    );
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let groups = is_number(first) && first.len() < 5 && is_number(second);
    groups.then(|| format!("{first}{second}{rest}"))
}

fn oauth(text: &str, given: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    // In the plain form a backtick is a quote: people put codes between backticks, queries between quotes.
    let is_query = |rest: &str| !given.contains('`') && compares(rest);
    let mut from = 0;
    while let Some(at) = word(text, "error", from) {
        from = at + "error".len();
        if is_query(&text[from..]) {
            continue;
        }
        let rest = text[from..].trim_start_matches(['"', '\'', ' ']);
        let Some(rest) = rest.strip_prefix(['=', ':']) else {
            continue;
        };
        found.extend(code(rest.trim_start_matches(['"', '\'', ' '])));
    }
    found.extend(behind_status(text));
    let whole = text.trim();
    if let Some(code) = code(whole)
        && code.contains('_')
        && matches!(
            whole[code.len()..].trim_start().chars().next(),
            None | Some(':' | '.')
        )
    {
        found.push(code);
    }
    found
}

/// Whether a name is compared with a text here, as in a query to a log: `error = 'access_denied'`.
fn compares(behind_name: &str) -> bool {
    let rest = behind_name.trim_start_matches(' ');
    rest.strip_prefix('=')
        .is_some_and(|value| value.trim_start_matches(' ').starts_with('\''))
}

/// Codes as pages show them: `Error 403: access_denied`, in any language.
fn behind_status(text: &str) -> impl Iterator<Item = String> {
    text.match_indices(':').filter_map(|(at, _)| {
        let before = text[..at].trim_end();
        let status = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if status != 3 || !before[before.len() - status..].starts_with(['4', '5']) {
            return None;
        }
        code(text[at + 1..].trim_start()).filter(|code| code.contains('_'))
    })
}

/// The error code of an answer by its address (RFC 6749, section 4.1.2.1).
fn in_address(text: &str) -> Option<String> {
    /// An address, or a few lines about one. A page has addresses that nobody went to.
    const LONGEST: usize = 4096;
    if text.len() > LONGEST || text.contains('<') {
        return None;
    }
    let marks = ["?error=", "&error=", "#error="];
    let answer = text.trim_start();
    let at = match answer
        .strip_prefix("error=")
        .filter(|rest| rest.contains('&'))
    {
        Some(rest) => text.len() - rest.len(),
        None => marks
            .iter()
            .filter_map(|mark| Some(text.find(mark)? + mark.len()))
            .min()?,
    };
    code(&text[at..]).filter(|code| code.contains(|c: char| c.is_ascii_alphabetic()))
}

/// The error code of a token endpoint's answer (RFC 6749, section 5.2).
fn in_object(text: &str) -> Option<String> {
    let is_answer = text.trim_start().starts_with('{') && text.contains("\"error_description\"");
    let (_, rest) = text.split_once("\"error\"").filter(|_| is_answer)?;
    let rest = rest.trim_start().strip_prefix(':')?;
    code(rest.trim_start().strip_prefix('"')?)
}

/// An error code of RFC 6749 at the beginning of a text.
fn code(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let code = &text[..end.unwrap_or(text.len())];
    (!code.is_empty() && code.len() <= 64).then(|| code.to_owned())
}

fn references(text: &str) -> String {
    const NAMES: [(&str, [&str; 2]); 3] = [
        ("trace ID", ["trace id", "trace_id"]),
        ("correlation ID", ["correlation id", "correlation_id"]),
        ("request ID", ["request id", "request_id"]),
    ];
    const BETWEEN: [char; 5] = [' ', ':', '"', '\'', '='];
    let behind = |name: &str| {
        let (_, rest) = text.split_once(name)?;
        Some(rest.trim_start_matches(BETWEEN))
    };
    let mut found: Vec<String> = Vec::new();
    for (name, written) in NAMES {
        let mut ids = written.iter().filter_map(|name| behind(name)?.get(..36));
        if let Some(id) = ids.find(|id| is_guid(id)) {
            found.push(format!("{name} {id}"));
        }
    }
    if let Some(rest) = behind("timestamp") {
        let in_time =
            |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | 't' | 'z' | ' ');
        let end = rest
            .find(|c: char| !in_time(c))
            .unwrap_or(rest.len())
            .min(28);
        let time = rest[..end].trim();
        if time.len() >= 10 && time.starts_with("20") {
            found.push(time.to_uppercase());
        }
    }
    found.join(", ")
}
