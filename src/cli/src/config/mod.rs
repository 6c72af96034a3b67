//! The configuration: what is assessed, against which controls, with which exemptions. Unknown keys are refused.

mod read;
mod toml_file;

use std::path::{Path, PathBuf};

use engine::Exemption;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use read::read;

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
}

/// The JSON Schema of `config.toml`, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Config).to_value()
}
