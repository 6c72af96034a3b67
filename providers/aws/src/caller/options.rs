//! What a person may say about how to reach AWS; everything else comes from the SDK's usual places.

use std::time::Duration;

use aws_credential_types::Credentials;

/// How to connect. `Options::default()` is the SDK's default chain: environment, profile, SSO, web identity, instance role.
#[derive(Clone, Debug)]
pub struct Options {
    /// The profile of the shared configuration files.
    pub profile: Option<String>,
    /// The region that global questions are asked in; the SDK's chain when absent, then `us-east-1`.
    pub region: Option<String>,
    /// Credentials given rather than looked for, as emulators take them.
    pub credentials: Option<Credentials>,
    /// A role to assume with the credentials found.
    pub role_arn: Option<String>,
    /// The external id that the role asks for.
    pub external_id: Option<String>,
    /// One address for every service, such as an emulator's; wins over `AWS_ENDPOINT_URL`.
    pub endpoint_url: Option<String>,
    /// How many calls of one action may be under way per region.
    pub concurrency: usize,
    /// How often a call is tried in all.
    pub attempts: u32,
    /// The first pause before another attempt; it doubles from there, with jitter.
    pub first_pause: Duration,
    /// The longest pause before another attempt.
    pub longest_pause: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long one attempt may wait for the first byte of an answer.
    pub read_timeout: Duration,
    /// How long one attempt may take in all.
    pub attempt_timeout: Duration,
    /// How long a call may take with all its attempts and pauses.
    pub total_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: None,
            region: None,
            credentials: None,
            role_arn: None,
            external_id: None,
            endpoint_url: None,
            concurrency: 8,
            attempts: 5,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(180),
        }
    }
}

impl Options {
    /// How to reach an emulator: any credentials, no pauses worth waiting for, nothing of the machine's own configuration.
    pub fn emulator(endpoint_url: impl Into<String>, region: impl Into<String>) -> Self {
        Self {
            region: Some(region.into()),
            credentials: Some(Credentials::new("testing", "testing", None, None, "emulator")),
            endpoint_url: Some(endpoint_url.into()),
            first_pause: Duration::from_millis(10),
            longest_pause: Duration::from_millis(100),
            ..Self::default()
        }
    }
}
