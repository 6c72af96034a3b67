//! Whom alerts go to: the configured channels, with their secrets read.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::alert::name_of;
use super::outbox::{Entry, Message, Outbox, OutboxError};
use super::post::{Client, Post};
use super::webhook::SigningKey;
use super::{Alert, slack, webhook};
use crate::config::{ChannelSettings, address_problem, is_this_machine};
use crate::{Metrics, Redactor, Secret};

/// How long a receiver may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// A channel that can be spoken to.
#[derive(Clone, Debug)]
pub struct Channel {
    /// How it is configured.
    pub settings: ChannelSettings,
    /// Who posts.
    pub client: Client,
    via: Via,
}

#[derive(Clone, Debug)]
enum Via {
    Webhook { url: String, keys: Vec<SigningKey>, source: String },
    Slack { url: Secret },
}

/// All channels that are configured.
pub type Channels = Vec<Channel>;

impl Channel {
    /// Reads the channel's secrets, which `redactor` learns. `source` is what CloudEvents have as theirs, such as `/assize/acme`.
    ///
    /// # Errors
    /// What is wrong, with the channel's name.
    pub fn open(
        settings: &ChannelSettings,
        source: &str,
        folder: &Path,
        env: &dyn Fn(&str) -> Option<String>,
        redactor: &Redactor,
        patience: Duration,
    ) -> Result<Self, String> {
        let told = |what: String| format!("alert `{}`: {what}", settings.name);
        let read = |from: &crate::SecretSource| {
            let secret = from.read(folder, env).map_err(told)?;
            redactor.learn(&secret);
            Ok::<_, String>(secret)
        };
        let (via, host) = match (&settings.webhook, &settings.slack) {
            (Some(webhook), None) => {
                let sources = std::iter::once(&webhook.secret).chain(&webhook.previous_secret);
                let keys: Result<_, String> = sources.map(|from| SigningKey::parse(&read(from)?).map_err(told)).collect();
                (Via::Webhook { url: webhook.url.clone(), keys: keys?, source: source.to_owned() }, webhook.url.clone())
            }
            (None, Some(slack)) => {
                let url = read(&slack.url)?;
                let host = url.expose().to_owned();
                (Via::Slack { url }, host)
            }
            (Some(_), Some(_)) | (None, None) => return Err(told("one of `webhook` and `slack` is needed".into())),
        };
        if let Some(what) = address_problem(&host) {
            return Err(told(format!("its address is {what}")));
        }
        let here = host.parse::<ureq::http::Uri>().is_ok_and(|uri| uri.host().is_some_and(is_this_machine));
        let client = Client::new(patience, here, redactor.clone()).map_err(told)?;
        Ok(Self { settings: settings.clone(), client, via })
    }

    /// Whether it is told of an alert.
    pub fn wants(&self, alert: &Alert) -> bool {
        alert.severity >= self.settings.severity && (self.settings.on.is_empty() || self.settings.on.contains(&alert.kind))
    }

    /// What a message is on the wire.
    pub fn post(&self, message: &Message, now: Timestamp) -> Post {
        match &self.via {
            Via::Webhook { url, keys, source } => webhook::post(url, keys, source, message, now),
            Via::Slack { url } => slack::post(url, message),
        }
    }
}

/// The entries that alerts make: one for each channel that wants it.
pub fn route(channels: &[Channel], alerts: &[Alert], now: Timestamp) -> Vec<Entry> {
    let wanted = |alert| channels.iter().filter(move |channel| channel.wants(alert)).map(move |channel| (alert, channel));
    let entry = |(alert, channel): (&Alert, &Channel)| {
        let channel = channel.settings.name.clone();
        Entry { id: name_of("entry", [channel.as_str(), &alert.id.to_string()]), channel, alert: alert.clone(), created: now }
    };
    alerts.iter().flat_map(wanted).map(entry).collect()
}

/// Gives up, aloud, what is for channels that are no longer configured: at the start, and after the configuration was read again.
///
/// # Errors
/// If the outbox cannot be written.
pub fn abandon(channels: &[Channel], outbox: &dyn Outbox, metrics: &Metrics, now: Timestamp) -> Result<(), OutboxError> {
    let known: Vec<&str> = channels.iter().map(|channel| channel.settings.name.as_str()).collect();
    for (channel, alerts) in outbox.abandon(&known, "the channel is no longer configured", now)? {
        metrics.dead(&channel, "unconfigured", alerts);
        tracing::error!(channel, alerts, "alerts given up: the channel is no longer configured");
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::Path;

    use jiff::Timestamp;

    use super::{Channel, PATIENCE, route};
    use crate::alerts::alert::name_of;
    use crate::alerts::{Alert, Entry, Kind, Severity};
    use crate::config::ChannelSettings;
    use crate::{Redactor, Secret};

    pub fn entry(id: &str, control: &str, scope: &str, created: Timestamp) -> Entry {
        entry_of(Kind::Finding, Severity::High, id, control, scope, created)
    }

    pub fn entry_of(kind: Kind, severity: Severity, id: &str, control: &str, scope: &str, created: Timestamp) -> Entry {
        let mut alert = Alert::finding(id, severity, control, scope, "No public buckets", &["logs".into()], created);
        alert.kind = kind;
        Entry { id: name_of("entry", ["desk", &alert.id.to_string()]), channel: "desk".into(), alert, created }
    }

    fn opened(json: &str, redactor: &Redactor) -> Result<Channel, String> {
        let settings: ChannelSettings = serde_json::from_str(json).expect("it is one");
        let env = |name: &str| match name {
            "KEY" => Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
            "SLACK" => Some("https://hooks.slack.com/services/T/B/c4n4ry".to_owned()),
            "PLAIN" => Some("http://hooks.slack.com/c4n4ry".to_owned()),
            _ => None,
        };
        Channel::open(&settings, "/assize", Path::new("."), &env, redactor, PATIENCE)
    }

    #[test]
    fn an_alert_goes_to_whoever_wants_it_and_to_nobody_else() {
        let redactor = Redactor::default();
        let open = |json| opened(json, &redactor).expect("it is right");
        let channels = [
            open(r#"{"name": "desk", "slack": {"url": {"env": "SLACK"}}}"#),
            open(r#"{"name": "all", "severity": "low", "slack": {"url": {"env": "SLACK"}}}"#),
            open(r#"{"name": "gaps", "severity": "low", "on": ["gap"], "slack": {"url": {"env": "SLACK"}}}"#),
        ];
        let at = Timestamp::UNIX_EPOCH;
        let critical = entry_of(Kind::Finding, Severity::Critical, "1", "dat-01", "prod", at).alert;
        let gap = Alert::gap("prod", "aws.s3.bucket", at, at, "denied");
        let entries = route(&channels, &[critical, gap], at);
        assert_eq!(entries.iter().map(|entry| entry.channel.as_str()).collect::<Vec<_>>(), ["desk", "all", "all", "gaps"]);
        assert_eq!(entries.iter().map(|entry| entry.id).collect::<std::collections::BTreeSet<_>>().len(), 4);
    }

    #[test]
    fn what_a_channel_lacks_is_told_by_its_name_without_its_secrets() {
        let redactor = Redactor::default();
        for (json, told) in [
            (
                r#"{"name": "desk", "webhook": {"url": "https://d.example", "secret": {"env": "NOBODY"}}}"#,
                "alert `desk`: the environment variable `NOBODY`",
            ),
            (r#"{"name": "desk", "webhook": {"url": "https://d.example", "secret": {"env": "SLACK"}}}"#, "does not begin with `whsec_`"),
            (r#"{"name": "desk", "slack": {"url": {"env": "PLAIN"}}}"#, "everybody on the way"),
        ] {
            let error = opened(json, &redactor).expect_err("something lacks");
            assert!(error.contains(told) && !error.contains("c4n4ry"), "{error}");
        }
        opened(r#"{"name": "desk", "webhook": {"url": "https://d.example", "secret": {"env": "KEY"}}}"#, &redactor).expect("it is right");
        assert_eq!(redactor.clean("key MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "key [hidden]");
        redactor.learn(&Secret::new("x"));
        assert_eq!(redactor.clean("x"), "x", "too short to be told from a word");
    }
}
