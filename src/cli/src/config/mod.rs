//! The configuration: what is assessed, against which controls, with which exemptions. Unknown keys are refused.

mod continuous;
mod read;
mod requests;
mod toml_file;

use std::path::{Path, PathBuf};

use engine::finding::{Deadlines, Owner};
use engine::{Exemption, Policy};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use read::read;
pub use requests::{candidates, requests};

use crate::severity::Severity;

/// `config.toml`. Paths in it are relative to the file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "assize configuration")]
pub struct Config {
    /// Who is assessed; appears in the documents.
    pub organization: String,
    /// How to assess.
    pub assess: Assess,
    /// Where the record is kept.
    pub ledger: Ledger,
    /// What to assess.
    pub scope: Vec<Scope>,
    /// More exemptions, in files of `[[exemption]]` tables.
    pub exemption_files: Vec<PathBuf>,
    /// Failures that somebody answers for.
    pub exemption: Vec<Exemption>,
    /// Who answers for findings; the first that fits counts.
    pub owner: Vec<Owner>,
    /// How many days findings may stand, by severity.
    pub deadlines: Deadlines,
    /// When to assess what.
    pub schedule: Vec<schedule::Table>,
    /// How the daemon is watched, what it logs and how it ends.
    pub daemon: daemon::Settings,
    /// Whom to tell of what.
    pub alert: Vec<daemon::ChannelSettings>,
    /// The folder of the file, which its paths are relative to.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            organization: "Organization".into(),
            assess: Assess::default(),
            ledger: Ledger::default(),
            scope: Vec::new(),
            exemption_files: Vec::new(),
            exemption: Vec::new(),
            owner: Vec::new(),
            deadlines: Deadlines::default(),
            schedule: Vec::new(),
            daemon: daemon::Settings::default(),
            alert: Vec::new(),
            folder: PathBuf::from("."),
        }
    }
}

/// How to assess.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Assess {
    /// The OSCAL profile (or catalog) whose controls are assessed.
    pub profile: PathBuf,
    /// The folder of checks.
    pub controls: PathBuf,
    /// Frameworks to read the results by: names out of the folder of frameworks, or paths of catalogs and profiles.
    pub by: Vec<String>,
    /// The folder of frameworks: catalogs and profiles that mappings lead to.
    pub frameworks: PathBuf,
    /// The folder of mapping-collections between our controls and those of frameworks.
    pub mappings: PathBuf,
    /// The least severity of an unexempted failure that makes the exit code 1.
    pub fail_on: Severity,
    /// How long a verdict stands, as an ISO 8601 duration; it becomes `expires` of every observation.
    #[schemars(extend("format" = "duration"))]
    pub results_valid_for: String,
}

impl Default for Assess {
    fn default() -> Self {
        Self {
            profile: "catalogs/profile-wave-1-2.json".into(),
            controls: "controls".into(),
            by: Vec::new(),
            frameworks: "catalogs/frameworks".into(),
            mappings: "catalogs/mappings".into(),
            fail_on: Severity::Low,
            results_valid_for: "PT26H".into(),
        }
    }
}

/// Where the record is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ledger {
    /// The SQLite file; absent means the place where the platform keeps state.
    pub path: Option<PathBuf>,
    /// A PostgreSQL database instead, 15 or later, as a `postgres://` URL. One with a password belongs into the variable `ASSIZE_LEDGER`.
    pub url: Option<String>,
    /// The file with the secret seed (32 bytes, base64) that checkpoints are signed with; `assize ledger keygen` makes one.
    pub key: Option<PathBuf>,
    /// A command that signs checkpoints instead: it reads the text and writes the Ed25519 signature as base64. Needs `verifier`.
    pub signer: Vec<String>,
    /// The public key that signatures are checked with (`name+hash+key`).
    pub verifier: Option<String>,
    /// A file outside of the ledger that every checkpoint is added to; keep copies elsewhere.
    pub checkpoints: Option<PathBuf>,
    /// For how many days documents that were replaced are kept; 0 means for good.
    pub keep_days: u32,
}

/// One thing to assess: a live account, or a recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// What people call it.
    pub name: String,
    /// A recording made with `assize snapshot record`, or a folder of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<PathBuf>,
    /// A live AWS account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aws: Option<Aws>,
}

/// How to sign in to an AWS account. Everything absent comes from the SDK's usual environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Aws {
    /// A profile of the shared AWS configuration.
    pub profile: Option<String>,
    /// The home region, where global calls are signed.
    pub region: Option<String>,
    /// The regions to look at; absent means every enabled one.
    pub regions: Vec<String>,
    /// A role to assume.
    pub role_arn: Option<String>,
    /// The external id that the role asks for.
    pub external_id: Option<String>,
    /// Another endpoint, for emulators and proxies.
    pub endpoint_url: Option<String>,
}

impl Config {
    /// A path of the configuration as seen from the working directory.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// How long a verdict stands.
    pub fn valid_for(&self) -> SignedDuration {
        self.assess.results_valid_for.parse().expect("reading the configuration checked it")
    }

    /// The schedules.
    pub fn schedules(&self) -> Vec<schedule::Schedule> {
        self.schedule.iter().map(|table| table.schedule().expect("reading the configuration checked it")).collect()
    }

    /// Who answers for findings, and how long they may stand.
    pub fn policy(&self) -> Policy {
        Policy { owners: self.owner.clone(), deadlines: self.deadlines }
    }
}

/// The JSON Schema of `config.toml`, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Config).to_value()
}
