//! `[[alert]]`: whom to tell of what, and how often.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ureq::http::Uri;

use super::{Period, Problem};
use crate::SecretSource;
use crate::alerts::{Kind, Severity};

/// One channel for alerts: a webhook or a Slack channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSettings {
    /// What people call it; logs, metrics and the outbox do too. A channel that is renamed is another one.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,62}$"))]
    pub name: String,
    /// What it is told of; absent or empty means of everything.
    #[serde(default)]
    pub on: Vec<Kind>,
    /// The least severity that it is told of.
    #[serde(default = "critical")]
    pub severity: Severity,
    /// What alerts of one message have in common; absent means kind, control and scope.
    #[serde(default = "all_three")]
    pub group_by: Vec<GroupBy>,
    /// How long the first alert of a group waits for others.
    #[serde(default = "half_a_minute")]
    pub group_wait: Period,
    /// How many messages an hour may bring; what is over is put together in one.
    #[serde(default = "sixty")]
    #[schemars(range(min = 1, max = 3600))]
    pub messages_per_hour: u32,
    /// How many messages may come at once after a quiet time.
    #[serde(default = "five")]
    #[schemars(range(min = 1, max = 100))]
    pub burst: u32,
    /// After how many attempts a message is given up.
    #[serde(default = "twelve")]
    #[schemars(range(min = 1, max = 100))]
    pub attempts: u32,
    /// A webhook: CloudEvents, signed as Standard Webhooks has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookSettings>,
    /// A Slack channel, by an incoming webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack: Option<SlackSettings>,
}

fn critical() -> Severity {
    Severity::Critical
}
fn all_three() -> Vec<GroupBy> {
    vec![GroupBy::Kind, GroupBy::Control, GroupBy::Scope]
}
fn half_a_minute() -> Period {
    Period::seconds(30)
}
fn sixty() -> u32 {
    60
}
fn five() -> u32 {
    5
}
fn twelve() -> u32 {
    12
}

/// What alerts of one message have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// What happened.
    Kind,
    /// The control.
    Control,
    /// The scope, such as an account.
    Scope,
}

/// Where a signed CloudEvent is posted to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// The address; `http` only for this machine.
    pub url: String,
    /// Where the signing secret is, `whsec_` and base64.
    pub secret: SecretSource,
    /// Where the secret is that receivers still know while it is being replaced; both sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_secret: Option<SecretSource>,
}

/// An incoming webhook of Slack; its address is a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlackSettings {
    /// Where the address is.
    pub url: SecretSource,
}

impl ChannelSettings {
    /// What is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        match (&self.webhook, &self.slack) {
            (Some(_), Some(_)) => {
                found.push(Problem::new(&["slack"], "both `webhook` and `slack`", "keep one; make a second `[[alert]]` for the other"))
            }
            (None, None) => found.push(Problem::new(&[], "neither `webhook` nor `slack`", "add `[alert.webhook]` or `[alert.slack]`")),
            (Some(webhook), None) => found.extend(webhook.problems()),
            (None, Some(slack)) => found.extend(slack.url.problem().map(|(what, fix)| Problem::new(&["slack", "url"], what, fix))),
        }
        let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if self.name.is_empty() || self.name.len() > 63 || !self.name.chars().all(named) {
            found.push(Problem::new(&["name"], format!("`{}` is no name", self.name), "use a-z, 0-9, `-` and `_`, at most 63"));
        }
        for (key, value, most) in
            [("messages_per_hour", self.messages_per_hour, 3600), ("burst", self.burst, 100), ("attempts", self.attempts, 100)]
        {
            if value == 0 || value > most {
                found.push(Problem::new(&[key], format!("{value} is out of bounds"), format!("write 1 to {most}")));
            }
        }
        found
    }
}

impl WebhookSettings {
    fn problems(&self) -> Vec<Problem> {
        let address = address_problem(&self.url).map(|what| {
            Problem::new(
                &["webhook", "url"],
                what,
                "write an `https` address; `http` is for this machine alone, and secrets do not belong here",
            )
        });
        let sources = [("secret", Some(&self.secret)), ("previous_secret", self.previous_secret.as_ref())];
        let secrets =
            sources.into_iter().filter_map(|(key, source)| source?.problem().map(|(what, fix)| Problem::new(&["webhook", key], what, fix)));
        address.into_iter().chain(secrets).collect()
    }
}

/// Why nothing can be posted to an address; `None` if it can. Does not repeat the address, which may be a secret.
pub(crate) fn address_problem(url: &str) -> Option<&'static str> {
    let Ok(uri) = url.parse::<Uri>() else { return Some("not an address") };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Some("not a whole address") };
    if authority.as_str().contains('@') {
        return Some("an address with a user in it");
    }
    match scheme {
        "https" => None,
        "http" if is_this_machine(authority.host()) => None,
        "http" => Some("`http` to another machine would show the alert to everybody on the way"),
        _ => Some("neither `https` nor `http`"),
    }
}

/// Whether a host of an address is this machine.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// What is wrong with all channels together: each one's own, and names that occur twice. Paths begin with the channel's index.
pub fn problems_of_all(channels: &[ChannelSettings]) -> Vec<Problem> {
    let mut found = Vec::new();
    for (at, channel) in channels.iter().enumerate() {
        let index = at.to_string();
        found.extend(channel.problems().into_iter().map(|mut problem| {
            problem.path.insert(0, index.clone());
            problem
        }));
        if channels[..at].iter().any(|other| other.name == channel.name) {
            found.push(Problem::new(&[&index, "name"], format!("two alerts are named `{}`", channel.name), "rename one"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{ChannelSettings, address_problem, problems_of_all};

    fn channel(json: &str) -> ChannelSettings {
        serde_json::from_str(json).expect("it is one")
    }

    #[test]
    fn a_channel_needs_a_name_and_one_way_to_send() {
        let fine = channel(r#"{"name": "desk", "webhook": {"url": "https://desk.example/hook", "secret": {"env": "DESK"}}}"#);
        assert_eq!(fine.problems(), []);
        assert_eq!((fine.attempts, fine.burst, fine.messages_per_hour, fine.group_by.len()), (12, 5, 60, 3));
        let neither = channel(r#"{"name": "desk"}"#);
        assert!(neither.problems()[0].what.contains("neither"));
        let odd = channel(r#"{"name": "The Desk", "attempts": 0, "slack": {"url": {}}}"#);
        let told: Vec<String> = odd.problems().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:#?}");
        assert!(serde_json::from_str::<ChannelSettings>(r#"{"name": "desk", "secret": "whsec_AAAA"}"#).is_err(), "no plain secrets");
    }

    #[test]
    fn two_channels_of_one_name_are_told_with_their_place() {
        let one = channel(r#"{"name": "desk", "slack": {"url": {"env": "DESK"}}}"#);
        let problems = problems_of_all(&[one.clone(), one]);
        assert_eq!((problems.len(), problems[0].path.join(".")), (1, "1.name".into()));
    }

    #[test]
    fn alerts_go_over_tls_or_stay_on_this_machine() {
        for fine in ["https://desk.example/x", "http://127.0.0.1:8080/x", "http://[::1]:8080/", "http://localhost/x"] {
            assert_eq!(address_problem(fine), None, "{fine}");
        }
        for wrong in
            ["http://desk.example/x", "http://127.0.0.1.desk.example/", "ftp://desk.example", "/hook", "https://u:p@desk.example/", ""]
        {
            assert!(address_problem(wrong).is_some(), "{wrong}");
        }
    }
}
