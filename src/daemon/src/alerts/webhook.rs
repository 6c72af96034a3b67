//! A message as a CloudEvent (1.0, structured JSON), signed as Standard Webhooks has it. Pure: what is posted follows from the message;
//! only the timestamp and with it the signature belong to the attempt.

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::outbox::Message;
use super::post::Post;
use super::{Alert, Kind};
use crate::Secret;

/// Where types of events come from, as a name that is read backwards.
const TYPES: &str = "io.github.assize.alert";

/// A key that signs.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

impl SigningKey {
    /// Out of `whsec_` and base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// What is wrong with it, without showing it.
    pub fn parse(secret: &Secret) -> Result<Self, String> {
        let fix = "make one with `echo whsec_$(openssl rand -base64 32)`";
        let text =
            secret.expose().strip_prefix("whsec_").ok_or_else(|| format!("the signing secret does not begin with `whsec_`; {fix}"))?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| format!("the signing secret is not base64 after `whsec_`; {fix}"))?;
        match bytes.len() {
            24..=64 => Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes))),
            size => Err(format!("the signing secret has {size} bytes, not 24 to 64; {fix}")),
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey")
    }
}

/// The header `webhook-signature`: one signature of every key, so that a receiver may know the old one or the new one.
pub fn sign(keys: &[SigningKey], id: &str, seconds: i64, body: &str) -> String {
    let signed = format!("{id}.{seconds}.{body}");
    let one = |SigningKey(key): &SigningKey| format!("v1,{}", BASE64.encode(hmac::sign(key, signed.as_bytes()).as_ref()));
    keys.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What is posted.
pub fn post(url: &str, keys: &[SigningKey], source: &str, message: &Message, now: Timestamp) -> Post {
    let body = event(source, message).to_string();
    let id = webhook_id(message.id);
    let seconds = now.as_second();
    let signature = sign(keys, &id, seconds, &body);
    let headers = vec![
        ("content-type", "application/cloudevents+json; charset=utf-8".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signature),
    ];
    Post { url: Secret::new(url), headers, body }
}

/// What receivers know a message by.
pub fn webhook_id(message: Uuid) -> String {
    format!("msg_{}", message.simple())
}

fn event(source: &str, message: &Message) -> Value {
    let alerts: Vec<&Alert> = message.entries.iter().map(|entry| &entry.alert).collect();
    let latest = alerts.iter().map(|alert| alert.at).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut event = json!({
        "specversion": "1.0",
        "id": webhook_id(message.id),
        "source": source,
        "type": format!("{TYPES}.{}.v1", common(&alerts, |alert| Some(alert.kind)).map_or("mixed", Kind::word)),
        "time": latest.to_string(),
        "datacontenttype": "application/json",
        "data": {
            "severity": alerts.iter().map(|alert| alert.severity).max(),
            "count": alerts.len(),
            "summary": summary(&alerts),
            "alerts": alerts,
        },
    });
    // `subject` says what all of it is about, where there is such a thing.
    let subject: Vec<String> =
        [common(&alerts, |alert| alert.scope.clone()), common(&alerts, |alert| alert.control.clone())].into_iter().flatten().collect();
    if !subject.is_empty() {
        event["subject"] = subject.join("/").into();
    }
    event
}

/// What all alerts have in common.
pub(super) fn common<T: PartialEq>(alerts: &[&Alert], of: impl Fn(&Alert) -> Option<T>) -> Option<T> {
    let first = of(alerts.first()?)?;
    alerts.iter().all(|alert| of(alert).as_ref() == Some(&first)).then_some(first)
}

/// One line about all of them.
pub(super) fn summary(alerts: &[&Alert]) -> String {
    match alerts {
        [] => String::new(),
        [one] => one.title.clone(),
        more => {
            let counts = Kind::ALL.iter().filter_map(|kind| {
                let count = more.iter().filter(|alert| alert.kind == *kind).count();
                (count > 0).then(|| format!("{count} × {}", kind.word()))
            });
            format!("{} alerts: {}", more.len(), counts.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::Value;
    use uuid::Uuid;

    use super::{SigningKey, post, sign};
    use crate::Secret;
    use crate::alerts::Message;
    use crate::alerts::channel::tests::entry;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The worked example of the Standard Webhooks libraries.
        let key = SigningKey::parse(&Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).expect("it is a key");
        let signature = sign(std::slice::from_ref(&key), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(sign(&[key.clone(), key], "m", 1, "").split(' ').count(), 2);
    }

    #[test]
    fn a_secret_that_is_none_is_told_and_not_shown() {
        for (secret, told) in [("c4n4ry", "whsec_"), ("whsec_c4n4ry!", "base64"), ("whsec_YzRuNHJ5", "6 bytes")] {
            let error = SigningKey::parse(&Secret::new(secret)).expect_err("it is none");
            assert!(error.contains(told) && !error.contains("c4n4ry"), "{error}");
        }
    }

    #[test]
    fn a_message_is_one_cloudevent_and_the_same_at_every_attempt() {
        let at = Timestamp::UNIX_EPOCH;
        let entries = vec![entry("1", "dat-01", "prod", at), entry("2", "dat-01", "prod", at)];
        let message = |attempts| Message { id: Uuid::from_u128(7), channel: "desk".into(), entries: entries.clone(), attempts };
        let key = SigningKey::parse(&Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).expect("it is a key");
        let keys = [key];
        let first = post("https://desk.example", &keys, "/assize/acme", &message(1), at);
        let again = post("https://desk.example", &keys, "/assize/acme", &message(2), at + jiff::SignedDuration::from_secs(60));
        assert_eq!((&first.body, &first.headers[1]), (&again.body, &again.headers[1]));
        assert_ne!(first.headers[3], again.headers[3], "the timestamp is signed");
        let event: Value = serde_json::from_str(&first.body).expect("it is JSON");
        for (key, value) in [
            ("specversion", "1.0"),
            ("id", "msg_00000000000000000000000000000007"),
            ("source", "/assize/acme"),
            ("type", "io.github.assize.alert.finding.v1"),
            ("subject", "prod/dat-01"),
            ("time", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(event[key], value, "{key}");
        }
        assert_eq!((event["data"]["count"].as_u64(), event["data"]["alerts"].as_array().map(Vec::len)), (Some(2), Some(2)));
        assert_eq!(event["data"]["summary"], "2 alerts: 2 × finding");
    }
}
