//! Takes out of a text what must not be shown: the secrets we hold, and whatever looks like one of somebody else's.
//!
//! The secrets that we read ourselves are known word for word and are always found. Others are known by their form: key ids, tokens with
//! a maker's mark, values after a name that says secret, users in addresses, signatures in query strings. Names of resources stay, even
//! of those that hold secrets, and so do hashes.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regex::{Captures, Regex};

use super::Secret;

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";
/// Shorter ones would take ordinary words out of ordinary sentences.
const SHORTEST: usize = 6;

/// Cleans texts. Clones share what they have learnt.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Vec<String>>>);

/// Forms of secrets; what the groups `before` and `after` match stays.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // A private key, whole or cut off.
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
        r"(?i)(?P<before>\b(?:proxy-)?authorization\W{1,4})(?:(?:bearer|basic|negotiate|aws4-hmac-sha256)\s+)?[^\s']+(?:\s+(?:credential|signedheaders|signature)=\S+)*",
        r"(?i)(?P<before>\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}",
        // `password=…`, `"token": "…"`, `secret: …`; not `secret:name` inside the name of a resource.
        r#"(?i)(?P<before>\b[\w.-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signature|credential)(?:\\?["'])?(?:\s*=\s*|\s*:\s+|(?:\\?["'])\s*:\s*))(?:\\?"(?:[^"\\]|\\[^"])*|'[^']*|[^\s"',;&)\]}]+)"#,
        r"(?P<before>://)[^/\s@]+(?P<after>@)",
        r#"(?i)(?P<before>[?&](?:x-amz-[\w-]+|x-goog-[\w-]+|sig|signature|token|access_token|key|code|password|secret)=)[^&\s"']+"#,
        r#"(?P<before>https://hooks\.slack(?:-gov)?\.com/)[^\s"')]+"#,
        r"\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b",
        r"\bwhsec_[A-Za-z0-9+/=_-]{8,}",
        r"\bxox[abceoprs]-[A-Za-z0-9-]{8,}",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,})",
        r"\b(?:AIza[\w-]{30,}|ya29\.[\w-]{16,}|sk_live_\w{16,})",
        r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?",
    ]
    .iter()
    .map(|form| Regex::new(form).expect("it is an expression"))
    .collect()
});

/// Long words of mixed letters and digits without the punctuation of names and paths.
static OPAQUE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9+=_-]{61,}").expect("it is an expression"));

impl Redactor {
    /// Remembers a secret, which no text will hold from now on.
    pub fn learn(&self, secret: &Secret) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let whole = secret.expose();
        let bare = whole.strip_prefix("whsec_").unwrap_or(whole);
        for word in [whole, bare] {
            if word.len() >= SHORTEST && !known.iter().any(|other| other == word) {
                known.push(word.to_owned());
            }
        }
        // The longest first: what holds another one must not be left in half.
        known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    }

    /// The text without secrets.
    pub fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut clean = Cow::Borrowed(text);
        for word in self.0.read().unwrap_or_else(PoisonError::into_inner).iter() {
            if clean.contains(word.as_str()) {
                clean = Cow::Owned(clean.replace(word.as_str(), HIDDEN));
            }
        }
        for form in FORMS.iter() {
            if let Cow::Owned(found) = form.replace_all(&clean, around) {
                clean = Cow::Owned(found);
            }
        }
        if let Cow::Owned(found) = OPAQUE.replace_all(&clean, opaque) {
            clean = Cow::Owned(found);
        }
        clean
    }

    /// Whether a field of this name holds a secret whatever it looks like.
    pub fn names_secret(name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        ["password", "secret", "token", "authorization", "api_key", "private_key", "credential"].iter().any(|word| name.ends_with(word))
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

fn around(found: &Captures) -> String {
    let part = |name| found.name(name).map_or("", |part| part.as_str());
    format!("{}{HIDDEN}{}", part("before"), part("after"))
}

fn opaque(found: &Captures) -> String {
    let word = &found[0];
    let has = |of: fn(&u8) -> bool| word.as_bytes().iter().any(of);
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    if mixed { HIDDEN.to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Redactor;
    use crate::Secret;

    #[test]
    fn what_an_operator_needs_stays_readable() {
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        for text in [
            "User: arn:aws:iam::123456789012:user/audit is not authorized to perform: s3:GetBucketAcl on resource: \"arn:aws:s3:::logs\"",
            "secret arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-password-AbCdEf is not rotated",
            "GET https://audit.example/v1/things?page=2 answered 403",
            "run 0196f3a2-8c1d-7a00-9f00-1234567890ab wrote 12 rows",
            &format!("document {hash} is damaged"),
            "the token bucket of `desk` is empty",
            "/var/lib/assize/a-folder/with-a-rather-long-name/and-another/and-yet-another/ledger.sqlite",
        ] {
            assert_eq!(Redactor::default().clean(text), text);
        }
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        let opaque = "Fw0AbC".repeat(14);
        for (text, canary) in [
            ("sent Authorization: AWS4-HMAC-SHA256 Credential=AK/x, Signature=c4n4ry".to_owned(), "c4n4ry"),
            ("authorization: Bearer c4n4ry.c4n4ry".to_owned(), "c4n4ry"),
            ("{\"Authorization\":\"Bearer c4n4ry\"}".to_owned(), "c4n4ry"),
            ("{\"db_password\": \"c4n4ry and more\", \"b\": 1}".to_owned(), "c4n4ry"),
            ("{\\\"token\\\":\\\"c4n4ry\\\"}".to_owned(), "c4n4ry"),
            ("password=c4n4ry; host=db".to_owned(), "c4n4ry"),
            ("aws_secret_access_key = c4n4ry".to_owned(), "c4n4ry"),
            ("postgres://assize:c4n4ry@db.example/assize".to_owned(), "c4n4ry"),
            ("https://host/path?a=1&X-Amz-Signature=c4n4ry&b=2".to_owned(), "c4n4ry"),
            ("https://x.blob.core.windows.net/c?sv=2&sig=c4n4ry%3D".to_owned(), "c4n4ry"),
            ("https://hooks.slack.com/services/T0/B0/c4n4ry".to_owned(), "c4n4ry"),
            ("key AKIAIOSFODNN7EXAMPLE is unknown".to_owned(), "AKIAIOSFODNN7EXAMPLE"),
            ("whsec_c4n4ryc4n4ry".to_owned(), "c4n4ry"),
            ("xoxb-123456789-c4n4ry".to_owned(), "c4n4ry"),
            ("eyJhbGciOiJI.eyJzdWIiOiIx.c4n4ry".to_owned(), "c4n4ry"),
            ("-----BEGIN EC PRIVATE KEY-----\nc4n4ry\n-----END EC PRIVATE KEY-----".to_owned(), "c4n4ry"),
            (format!("the token {opaque} is expired"), opaque.as_str()),
        ] {
            let clean = Redactor::default().clean(&text).into_owned();
            assert!(!clean.contains(canary) && clean.contains("[hidden]"), "{clean}");
        }
    }

    #[test]
    fn a_secret_that_we_hold_is_hidden_whatever_its_form() {
        let redactor = Redactor::default();
        redactor.learn(&Secret::new("correct horse"));
        redactor.learn(&Secret::new("correct horse battery"));
        let other = redactor.clone();
        assert_eq!(other.clean("it was correct horse battery, then correct horse"), "it was [hidden], then [hidden]");
        redactor.learn(&Secret::new("whsec_Q0FOQVJZ"));
        assert_eq!(other.clean("key Q0FOQVJZ"), "key [hidden]");
    }
}
