//! Takes out of a message what must not reach evidence or a terminal: tokens, signatures, query strings.

/// Words after which the next value is a secret or a part of a signature.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "credential",
    "signature",
    "signedheaders",
    "x-amz-security-token",
    "securitytoken",
    "sessiontoken",
    "secretaccesskey",
    "password",
    "token",
];

/// How long a message may be; what a service says beyond it is of no use in a table.
const LONGEST: usize = 400;

/// The message on one line, without query strings, values of secret names, access key ids and other long opaque words.
pub fn scrub(message: &str) -> String {
    let mut clean: Vec<String> = Vec::new();
    let mut hide_next = false;
    for word in message.split_whitespace() {
        let bare = word.trim_end_matches([',', ':', '=', ';']).trim_matches(['"', '\'', '(', ')']).to_ascii_lowercase();
        let names_secret = SECRET_NAMES.contains(&bare.as_str()) && word.ends_with([':', '=']);
        clean.push(if hide_next { "[hidden]".to_owned() } else { scrub_word(word) });
        hide_next = names_secret;
    }
    let line = clean.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn scrub_word(word: &str) -> String {
    if word.contains("://") {
        return word.split_once('?').map_or_else(|| without_user(word), |(before, _)| format!("{}?[hidden]", without_user(before)));
    }
    if let Some((name, value)) = word.split_once('=')
        && !value.is_empty()
        && SECRET_NAMES.iter().any(|secret| name.to_ascii_lowercase().ends_with(secret))
    {
        return format!("{name}=[hidden]");
    }
    if is_key_id(word) || is_opaque(word) { "[hidden]".to_owned() } else { word.to_owned() }
}

/// `https://user:secret@host/…` without the user.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// Access key ids begin with four letters that name their sort; session ids of the same form are as good as hidden too.
fn is_key_id(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (16..=128).contains(&core.len())
        && ["AKIA", "ASIA"].iter().any(|sort| core.starts_with(sort))
        && core.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Long words of mixed letters without the punctuation of names and paths: tokens, encoded authorization messages.
fn is_opaque(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    core.len() > 60 && !core.starts_with("arn:") && core.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::scrub;

    #[test]
    fn what_a_service_says_stays_readable() {
        let text =
            "User: arn:aws:iam::123456789012:user/audit is not authorized to perform: s3:GetBucketAcl on resource: \"arn:aws:s3:::logs\"";
        assert_eq!(scrub(text), text);
    }

    #[test]
    fn secrets_do_not_reach_evidence() {
        let long = "Fwo".repeat(40);
        for (text, secret) in [
            ("sent Authorization: AWS4-HMAC-SHA256-abc and failed".to_owned(), "AWS4-HMAC"),
            ("https://host/path?X-Amz-Signature=abcdef failed".to_owned(), "abcdef"),
            ("https://user:hunter2@host/path".to_owned(), "hunter2"),
            ("key AKIAIOSFODNN7EXAMPLE is unknown".to_owned(), "AKIAIOSFODNN7EXAMPLE"),
            (format!("the token {long} is expired"), long.as_str()),
            ("sessionToken=abc123".to_owned(), "abc123"),
        ] {
            assert!(!scrub(&text).contains(secret), "{}", scrub(&text));
        }
    }
}
