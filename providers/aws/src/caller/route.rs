//! One operation in one region on the official runtime: its signing, retries, timeouts and interceptors.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::orchestrator::operation::Operation as Runner;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime::client::retries::strategy::StandardRetryStrategy;
use aws_smithy_runtime::client::retries::{ClientRateLimiter, RetryPartition, TokenBucket};
use aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::endpoint::{EndpointFuture, EndpointResolverParams, ResolveEndpoint};
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, Layer};
use aws_smithy_types::endpoint::Endpoint;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_smithy_types::retry::RetryConfig;
use aws_types::region::{Region, SigningRegion};
use aws_types::{SdkConfig, SigningName};
use serde_json::Value;

use super::endpoint::Address;
use super::{Options, connect};
use crate::model::{Operation, Service};
use crate::protocol::{Failure, Reply, Request, ServiceError, parse_response};

/// The runtime's word for one operation, ready to be sent any number of times.
pub(super) type Sender = Runner<Outgoing, Value, Refused>;

/// A request and where it goes.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) request: Request,
    pub(super) address: Address,
}

/// A service's refusal, as the runtime's retry rules want to see it.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) error: Box<ServiceError>,
    /// The region that S3 says a bucket lives in.
    pub(super) bucket_region: Option<String>,
    metadata: Box<ErrorMetadata>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.error.code, self.error.message)
    }
}

impl std::error::Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.metadata
    }
}

/// The sender of one operation; `partition` names what shares a pace and a budget of retries.
pub(super) fn sender(
    config: &SdkConfig,
    options: &Options,
    service: &'static Service,
    operation: &'static Operation,
    partition: String,
    sent: Arc<AtomicU64>,
) -> Sender {
    let retries = RetryConfig::adaptive()
        .with_max_attempts(options.attempts)
        .with_initial_backoff(options.first_pause)
        .with_max_backoff(options.longest_pause);
    let mut builder = Runner::builder()
        .service_name(service.metadata.service_id.as_str())
        .operation_name(operation.name.as_str())
        .timeout_config(connect::timeouts(options))
        .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(options.read_timeout).build())
        .standard_retry(&retries)
        .interceptor(Addressed)
        .interceptor(Counted(sent))
        .runtime_plugin(plugin(config, service, partition));
    if let Some(client) = config.http_client() {
        builder = builder.http_client(client);
    }
    builder.serializer(write).deserializer(move |response: &HttpResponse| read(service, operation, response)).build()
}

/// Signing, credentials and the official SDKs' interceptors.
fn plugin(config: &SdkConfig, service: &Service, partition: String) -> StaticRuntimePlugin {
    // S3 signs the path as it stands and wants the body's hash in a header; all others do the opposite.
    let is_s3 = service.metadata.signing_name() == "s3";
    let mut signing = SigV4OperationSigningConfig::default();
    signing.signing_options.double_uri_encode = !is_s3;
    signing.signing_options.normalize_uri_path = !is_s3;
    signing.signing_options.content_sha256_header = is_s3;

    let mut layer = Layer::new("assize");
    layer.store_put(signing);
    layer.store_put(SigningName::from(service.metadata.signing_name().to_owned()));
    layer.store_put(EndpointResolverParams::new(()));
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(ApiMetadata::new("assize", env!("CARGO_PKG_VERSION")));
    let limiter = ClientRateLimiter::builder().build();
    layer.store_put(RetryPartition::custom(partition).token_bucket(TokenBucket::builder().build()).client_rate_limiter(limiter).build());
    if let Some(name) = config.app_name() {
        layer.store_put(name.clone());
    }

    let mut parts = RuntimeComponentsBuilder::new("assize")
        .with_endpoint_resolver(Some(Addressed))
        .with_retry_strategy(Some(StandardRetryStrategy::new()))
        .with_identity_cache(config.identity_cache())
        .with_time_source(config.time_source())
        .with_sleep_impl(config.sleep_impl())
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])))
        .with_retry_classifier(HttpStatusCodeClassifier::default())
        .with_retry_classifier(TransientErrorClassifier::<Refused>::new())
        .with_retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
        .with_interceptor(ConnectionPoisoningInterceptor::new())
        .with_interceptor(StalledStreamProtectionInterceptor::default())
        .with_interceptor(aws_runtime::service_clock_skew::ServiceClockSkewInterceptor::new())
        .with_interceptor(aws_runtime::request_info::RequestInfoInterceptor::new())
        .with_interceptor(aws_runtime::invocation_id::InvocationIdInterceptor::new())
        .with_interceptor(aws_runtime::recursion_detection::RecursionDetectionInterceptor::new())
        .with_interceptor(UserAgentInterceptor::new());
    if let Some(provider) = config.credentials_provider() {
        parts.set_identity_resolver(SCHEME_ID, provider);
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(parts)
}

fn write(outgoing: Outgoing) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(outgoing.request.body));
    request.set_method(&outgoing.request.method)?;
    request.set_uri(outgoing.request.uri)?;
    for (name, value) in outgoing.request.headers {
        request.headers_mut().try_append(name, value)?;
    }
    Ok(request)
}

/// An unreadable answer counts as a broken one: it is asked for again, and never becomes a result.
fn read(service: &Service, operation: &Operation, response: &HttpResponse) -> Result<Value, OrchestratorError<Refused>> {
    let headers: Vec<(String, String)> = response.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let body = response.body().bytes().unwrap_or_default();
    let reply = Reply { status: response.status().as_u16(), headers: &headers, body };
    parse_response(service, operation, reply).map_err(|failure| match failure {
        Failure::Malformed(why) => OrchestratorError::response(why.into()),
        Failure::Service(error) => {
            let told = error.members.get("Region").and_then(Value::as_str);
            let bucket_region = reply.header("x-amz-bucket-region").or(told).map(str::to_owned);
            let metadata = ErrorMetadata::builder().code(&error.code).message(&error.message).build();
            OrchestratorError::operation(Refused { error: Box::new(error), bucket_region, metadata: Box::new(metadata) })
        }
    })
}

/// Carries the address of each request to where the runtime asks for it.
#[derive(Debug)]
struct Addressed;

#[dyn_dispatch_hint]
impl Intercept for Addressed {
    fn name(&self) -> &'static str {
        "Addressed"
    }

    fn read_before_execution(&self, context: &BeforeSerializationInterceptorContextRef<'_>, cfg: &mut ConfigBag) -> Result<(), BoxError> {
        let outgoing = context.input().downcast_ref::<Outgoing>().ok_or("the input is not an outgoing request")?;
        cfg.interceptor_state().store_put(SigningRegion::from(Region::new(outgoing.address.region.clone())));
        cfg.interceptor_state().store_put(EndpointResolverParams::new(outgoing.address.clone()));
        Ok(())
    }
}

impl ResolveEndpoint for Addressed {
    fn resolve_endpoint<'a>(&'a self, params: &'a EndpointResolverParams) -> EndpointFuture<'a> {
        EndpointFuture::ready(match params.get::<Address>() {
            Some(address) => Ok(Endpoint::builder().url(address.url.clone()).build()),
            None => Err("the request has no address".into()),
        })
    }
}

/// Counts what goes over the wire, every attempt.
#[derive(Debug)]
struct Counted(Arc<AtomicU64>);

#[dyn_dispatch_hint]
impl Intercept for Counted {
    fn name(&self) -> &'static str {
        "Counted"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
