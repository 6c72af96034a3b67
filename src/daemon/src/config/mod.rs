//! What the configuration says of the daemon: `[daemon]` and `[[alert]]`. Unknown keys are refused; what a schema cannot say is told as
//! [`Problem`]s, which whoever read the file puts a line to.

mod alert;
mod period;

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use alert::{ChannelSettings, GroupBy, SlackSettings, WebhookSettings, problems_of_all};
pub use period::Period;

pub(crate) use alert::{address_problem, is_this_machine};

use crate::log::Form;

/// Something in the configuration that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, step by step from the table that was looked at.
    pub path: Vec<String>,
    /// What is wrong.
    pub what: String,
    /// How to right it.
    pub fix: String,
}

impl Problem {
    pub(crate) fn new(path: &[&str], what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { path: path.iter().map(|step| (*step).to_owned()).collect(), what: what.into(), fix: fix.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}; {}", self.path.join("."), self.what, self.fix)
    }
}

/// `[daemon]`: how the daemon is watched, what it logs and how it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where `/healthz`, `/readyz` and `/metrics` answer: an address and a port.
    #[schemars(with = "String", regex(pattern = r"^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):\d{1,5}$"))]
    pub listen: SocketAddr,
    /// Allows an address that others can reach. There is no log-in and no TLS: put both in front of it first.
    pub listen_public: bool,
    /// Names by which it may be asked beside `localhost` and addresses, such as that of a proxy in front of it.
    pub hosts: Vec<String>,
    /// The form of the log on standard error: `json` or `text`.
    pub log: Form,
    /// What is logged: `error`, `warn`, `info`, `debug` or `trace`, also by module, such as `info,daemon::alerts=debug`.
    pub log_level: String,
    /// How long what runs may take to finish when the daemon is asked to stop.
    pub grace: Period,
    /// After how long without a beat a loop counts as stuck.
    pub beat_limit: Period,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            listen_public: false,
            hosts: Vec::new(),
            log: Form::Json,
            log_level: "info".into(),
            grace: Period::seconds(30),
            beat_limit: Period::minutes(2),
        }
    }
}

impl Settings {
    /// What is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if !self.listen.ip().is_loopback() && !self.listen_public {
            found.push(Problem::new(
                &["listen"],
                format!("`{}` can be reached by others, and what answers there has neither log-in nor TLS", self.listen),
                "listen on `127.0.0.1`, or put a proxy with both in front of it and set `listen_public = true`",
            ));
        }
        if self.beat_limit < Period::seconds(30) {
            // A receiver of alerts may take half of that to answer.
            found.push(Problem::new(
                &["beat_limit"],
                format!("`{}` is too short to tell slow from stuck", self.beat_limit),
                "write `PT30S` or more",
            ));
        }
        if let Err(why) = crate::log::filter(&self.log_level) {
            found.push(Problem::new(&["log_level"], why, "write a level such as `info`, or `info,daemon::alerts=debug`"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn an_address_that_others_reach_is_refused_unless_it_is_asked_for() {
        for (listen, fine) in
            [("127.0.0.1:9464", true), ("127.8.8.8:1", true), ("[::1]:9464", true), ("0.0.0.0:9464", false), ("[::]:9464", false)]
        {
            let mut settings = Settings { listen: listen.parse().expect("an address"), ..Settings::default() };
            assert_eq!(settings.problems().is_empty(), fine, "{listen}");
            settings.listen_public = true;
            assert_eq!(settings.problems(), [], "{listen}");
        }
        let open = Settings { listen: "10.0.0.4:80".parse().expect("an address"), ..Settings::default() };
        let told = open.problems()[0].to_string();
        assert!(told.contains("neither log-in nor TLS") && told.contains("listen_public = true"), "{told}");
    }

    #[test]
    fn a_level_that_does_not_exist_is_told() {
        let settings = Settings { log_level: "loud".into(), ..Settings::default() };
        assert_eq!(settings.problems()[0].path, ["log_level"]);
        let settings = Settings { log_level: "info,daemon::alerts=debug".into(), ..Settings::default() };
        assert_eq!(settings.problems(), []);
    }

    #[test]
    fn unknown_keys_are_refused_and_absent_ones_have_their_default() {
        let read: Settings = serde_json::from_str(r#"{"grace": "PT1M"}"#).expect("it is one");
        assert_eq!((read.grace.to_string().as_str(), read.listen.port()), ("PT1M", 9464));
        assert!(serde_json::from_str::<Settings>(r#"{"gracious": "PT1M"}"#).is_err());
    }
}
