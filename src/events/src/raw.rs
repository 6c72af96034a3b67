//! The vendor's own record without what must not be kept: a request can carry passwords, tokens and keys.
//!
//! Hidden is what the name of a member says is secret, what stands beside such a name in a list of names and values, the data of a
//! Kubernetes Secret, and text that is a key or token by its form. Text that is JSON itself is looked into. Better one harmless value
//! too many than one secret: the record is evidence of who did what, not of what was put in.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// What stands where something was hidden.
pub(crate) const HIDDEN: &str = "[hidden]";

/// How often JSON within text within JSON is looked into; deeper than that it is hidden whole.
const EMBEDDED: usize = 3;

/// Parts of names, in lower case without `_`, `-`, `.` and spaces, whose values are secrets.
const SECRET: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "privatekey",
    "authorization",
    "apikey",
    "accesskeyvalue",
    "accountkey",
    "connectionstring",
    "sharedkey",
    "signature",
    "cookie",
    "userdata",
    "keymaterial",
    "saslkey",
    "certificatebody",
    "customdata",
];

/// Names that sound like secrets and are not: what they hold tells which secret or key was meant, and when.
const HARMLESS: &[&str] = &[
    "accesskeyid",
    "secretid",
    "secretarn",
    "secretname",
    "secretref",
    "secretkeyref",
    "imagepullsecrets",
    "sessioncredentialfromconsole",
    "signatureversion",
    "credentialid",
    "credentialtype",
    "tokentype",
    "tokenissuetime",
    "passwordlastused",
    "passwordresetrequired",
    "passwordreuseprevention",
    "authorizationinfo",
    "authorizationscope",
];

/// Members that hold a name whose value stands beside it, as in `{"name": "DB_PASSWORD", "value": "…"}`.
const NAMES: &[&str] = &["name", "key", "parametername", "parameterkey"];

/// A record that was looked through. There is no other way to make one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Raw(Value);

impl Raw {
    /// The record without its secrets.
    pub fn redacted(mut record: Value) -> Self {
        redact(&mut record, EMBEDDED);
        Self(record)
    }

    /// The record.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

/// What comes from elsewhere is looked through again.
impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Raw::redacted)
    }
}

fn redact(value: &mut Value, embedded: usize) {
    match value {
        Value::Object(members) => object(members, embedded),
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, embedded)),
        Value::String(text) => string(text, embedded),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn object(members: &mut Map<String, Value>, embedded: usize) {
    let kubernetes_secret = members.get("kind").and_then(Value::as_str) == Some("Secret");
    let names_a_secret = members.iter().any(|(name, value)| NAMES.contains(&plain(name).as_str()) && value.as_str().is_some_and(is_secret));
    for (name, value) in members.iter_mut() {
        let beside = names_a_secret && matches!(plain(name).as_str(), "value" | "parametervalue" | "values");
        let data = kubernetes_secret && matches!(name.as_str(), "data" | "stringData");
        if (is_secret(name) || beside || data) && !is_empty(value) {
            hide(value);
        } else {
            redact(value, embedded);
        }
    }
}

/// A truth stays: `passwordResetRequired: true` is a fact about a password and not one.
fn hide(value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Object(members) => members.values_mut().for_each(hide),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Number(_) | Value::String(_) => *value = Value::String(HIDDEN.into()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_secret(name: &str) -> bool {
    let name = plain(name);
    SECRET.iter().any(|part| name.contains(part)) && !HARMLESS.contains(&name.as_str())
}

/// A name without what the vendors' ways of writing names differ in.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn string(text: &mut String, embedded: usize) {
    let trimmed = text.trim_start();
    if trimmed.starts_with(['{', '[']) {
        match (embedded, serde_json::from_str::<Value>(trimmed)) {
            (0, _) => HIDDEN.clone_into(text),
            (_, Ok(mut inner)) => {
                redact(&mut inner, embedded - 1);
                *text = inner.to_string();
            }
            // It may be JSON that was cut: what cannot be looked into and names a secret is not kept.
            (_, Err(_)) if is_secret(text) => HIDDEN.clone_into(text),
            (_, Err(_)) => {}
        }
    } else if let Some(clean) = without_secrets(text) {
        *text = clean;
    }
}

/// The text without what is a secret by its form; none where there is nothing of the sort.
fn without_secrets(text: &str) -> Option<String> {
    if text.contains("PRIVATE KEY-----") {
        return Some(HIDDEN.into());
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let path = match path.split_once('?') {
            Some((before, query)) if is_secret(query) || plain(query).contains("sig") => format!("{before}?{HIDDEN}"),
            _ => path.to_owned(),
        };
        let clean = format!("{scheme}://{host}{path}");
        return (clean != text).then_some(clean);
    }
    if text.split_whitespace().any(is_token) {
        let words: Vec<&str> = text.split_whitespace().map(|word| if is_token(word) { HIDDEN } else { word }).collect();
        return Some(words.join(" "));
    }
    None
}

/// A signed token (three parts in base64url, the first an object), or what follows `Bearer`.
fn is_token(word: &str) -> bool {
    let parts: Vec<&str> = word.trim_matches(['"', '\'', ',', ';']).split('.').collect();
    let base64url = |part: &&str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    word.contains("eyJ") && parts.len() == 3 && parts[..2].iter().all(base64url)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_do_not_outlive_the_record() {
        let record = json!({
            "requestParameters": {
                "masterUserPassword": "hunter2",
                "environment": [{ "name": "DB_PASSWORD", "value": "hunter2" }, { "name": "REGION", "value": "eu-west-1" }],
                "tags": [{ "Key": "api-token", "Value": "hunter2" }],
                "properties": "{\"adminPassword\":\"hunter2\",\"size\":\"small\"}",
                "cut": "{\"adminPassword\":\"hunter2\",\"si",
                "url": "https://bob:hunter2@host/path?sig=hunter2",
                "pem": "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
                "note": "sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJl to it",
                "pins": { "secretNumbers": [1234] },
            },
            "requestObject": { "kind": "Secret", "data": { "a": "aHVudGVyMg==" }, "stringData": { "b": "hunter2" } },
        });
        let kept = serde_json::to_string(&Raw::redacted(record)).unwrap();
        for secret in ["hunter2", "aHVudGVyMg", "eyJzdWIi", "1234"] {
            assert!(!kept.contains(secret), "{secret} in {kept}");
        }
        assert!(kept.contains("eu-west-1") && kept.contains("small"), "{kept}");
    }

    #[test]
    fn what_tells_who_and_which_stays() {
        let record = json!({
            "userIdentity": { "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "arn": "arn:aws:iam::111122223333:user/alice" },
            "requestParameters": { "secretId": "prod/db", "passwordResetRequired": true, "bucketName": "logs", "nextToken": "" },
            "sourceIPAddress": "203.0.113.9",
        });
        assert_eq!(Raw::redacted(record.clone()).value(), &record);
    }

    #[test]
    fn json_in_json_in_json_ends() {
        let mut text = json!({ "password": "hunter2" }).to_string();
        for _ in 0..6 {
            text = json!({ "inner": text }).to_string();
        }
        assert!(!Raw::redacted(json!({ "body": text })).value().to_string().contains("hunter2"));
    }
}
