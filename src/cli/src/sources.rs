//! Turns configured scopes into providers.

use std::sync::Arc;

use inventory::{Provider, Snapshot};
use provider_aws::Aws;

use crate::config::{self, Config};
use crate::content;
use crate::exit::Exit;
use crate::failure::Failure;

/// How to sign in to AWS, on the command line. What is absent comes from the SDK's usual environment.
#[derive(clap::Args, Clone, Debug, Default)]
#[group(skip)]
pub struct AwsArgs {
    /// A profile of the shared AWS configuration
    #[arg(long, requires = "aws", help_heading = "AWS")]
    pub profile: Option<String>,
    /// A region to look at; may be repeated; all enabled regions if absent
    #[arg(long = "region", requires = "aws", help_heading = "AWS")]
    pub regions: Vec<String>,
    /// A role to assume
    #[arg(long, requires = "aws", help_heading = "AWS")]
    pub role_arn: Option<String>,
    /// The external id that the role asks for
    #[arg(long, requires = "role_arn", help_heading = "AWS")]
    pub external_id: Option<String>,
    /// Another endpoint, for emulators and proxies (also AWS_ENDPOINT_URL)
    #[arg(long, requires = "aws", help_heading = "AWS")]
    pub endpoint_url: Option<String>,
}

impl From<AwsArgs> for config::Aws {
    fn from(args: AwsArgs) -> Self {
        let AwsArgs { profile, regions, role_arn, external_id, endpoint_url } = args;
        config::Aws { profile, region: regions.first().cloned(), regions, role_arn, external_id, endpoint_url }
    }
}

/// Every provider that the configuration names; a recording of several accounts is several.
pub async fn providers(config: &Config) -> Result<Vec<Arc<dyn Provider>>, Failure> {
    let mut found: Vec<Arc<dyn Provider>> = Vec::new();
    for scope in &config.scope {
        match (&scope.snapshot, &scope.aws) {
            (Some(folder), _) => {
                let recordings = Snapshot::open_all(&config.path(folder), &content::kinds()).map_err(Failure::usage)?;
                found.extend(recordings.into_iter().map(|recording| Arc::new(recording) as Arc<dyn Provider>));
            }
            (None, Some(aws)) => found.push(Arc::new(connect(aws).await?)),
            (None, None) => unreachable!("reading the configuration refused it"),
        }
    }
    Ok(found)
}

/// Signs in to AWS.
pub async fn connect(aws: &config::Aws) -> Result<Aws, Failure> {
    let options = provider_aws::Options {
        profile: aws.profile.clone(),
        region: aws.region.clone(),
        role_arn: aws.role_arn.clone(),
        external_id: aws.external_id.clone(),
        endpoint_url: aws.endpoint_url.clone(),
        ..provider_aws::Options::default()
    };
    Aws::connect(options, aws.regions.clone()).await.map_err(|error| Failure::Other(Exit::Credentials, error.into()))
}
