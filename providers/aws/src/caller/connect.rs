//! Options and the SDK's usual places become credentials, a region and one HTTP client.

use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime::client::defaults::default_http_client_plugin_v2;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::app_name::AppName;

use super::{CallError, Cause, Options};

/// Where there is no region at all, the commercial partition's home.
const FALLBACK_REGION: &str = "us-east-1";

/// The SDK's configuration, with credentials that were seen to load.
pub(super) async fn configure(options: &Options) -> Result<SdkConfig, CallError> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .app_name(AppName::new("assize").expect("the name has only letters"))
        .timeout_config(timeouts(options));
    if let Some(client) = http_client() {
        loader = loader.http_client(client);
    }
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(credentials) = &options.credentials {
        loader = loader.credentials_provider(credentials.clone());
    }
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(url) = &options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    let mut config = loader.load().await;
    if config.use_fips() == Some(true) || config.use_dual_stack() == Some(true) {
        let message = "FIPS and dual-stack endpoints are not chosen automatically; name them in `AWS_ENDPOINT_URL_<SERVICE>` instead";
        return Err(CallError::of("connect", Cause::Credentials, message));
    }
    if config.region().is_none() {
        config = config.into_builder().region(Region::from_static(FALLBACK_REGION)).build();
    }
    if let Some(role) = &options.role_arn {
        config = assume(config, role, options.external_id.as_deref()).await;
    }
    let provider = config.credentials_provider().ok_or_else(|| CallError::of("connect", Cause::Credentials, "no credentials"))?;
    match provider.provide_credentials().await {
        Ok(_) => Ok(config),
        Err(why) => Err(CallError::of("connect", Cause::Credentials, super::cause::chain(&why))),
    }
}

async fn assume(config: SdkConfig, role: &str, external_id: Option<&str>) -> SdkConfig {
    let mut builder = AssumeRoleProvider::builder(role).session_name("assize").configure(&config);
    if let Some(id) = external_id {
        builder = builder.external_id(id);
    }
    let provider = builder.build().await;
    // A cache of its own: the one of the first credentials must not answer for the role.
    let cache = IdentityCache::lazy().build();
    config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).identity_cache(cache).build()
}

pub(super) fn timeouts(options: &Options) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.read_timeout)
        .operation_attempt_timeout(options.attempt_timeout)
        .operation_timeout(options.total_timeout)
        .build()
}

/// The runtime's own client, made once so that all services share its connections.
fn http_client() -> Option<SharedHttpClient> {
    let plugin = default_http_client_plugin_v2(BehaviorVersion::latest())?;
    let components = RuntimeComponentsBuilder::new("caller");
    plugin.runtime_components(&components).http_client()
}
