//! One caller for every service: credentials, signing, retries, timeouts and endpoints are the official runtime's; what to send
//! and how to read the answer come from `model` and `protocol`.

mod account;
mod cause;
mod connect;
mod endpoint;
mod error;
mod options;
mod pages;
mod permission;
mod route;
mod scrub;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_types::SdkConfig;
use serde_json::Value;
use tokio::sync::{OnceCell, Semaphore};

pub use account::Identity;
pub(crate) use cause::is_denied;
pub use endpoint::{Partition, partition_of};
pub use error::{CallError, Cause};
pub use options::Options;
pub use pages::Pages;
pub use permission::{action, needs_permission};

use crate::model::{self, Operation, Service};
use crate::protocol::build_request;
use route::{Outgoing, Refused, Sender};

/// A connection to AWS under one set of credentials. Cheap to clone; all clones share their limits and counters.
#[derive(Clone)]
pub struct Caller(Arc<Shared>);

struct Shared {
    config: SdkConfig,
    options: Options,
    routes: Mutex<HashMap<(String, String, String), Arc<Route>>>,
    bucket_regions: Mutex<HashMap<String, String>>,
    identity: OnceCell<Identity>,
    calls: Mutex<BTreeMap<String, u64>>,
    sent: Arc<AtomicU64>,
}

/// One operation in one region: how it is sent, and how many may be under way.
struct Route {
    service: &'static Service,
    operation: &'static Operation,
    sender: Sender,
    permits: Semaphore,
}

impl Caller {
    /// Connects as the options and the SDK's usual places say; fails where no credentials can be had.
    pub async fn connect(options: Options) -> Result<Caller, CallError> {
        let config = connect::configure(&options).await?;
        Ok(Caller(Arc::new(Shared {
            config,
            options,
            routes: Mutex::default(),
            bucket_regions: Mutex::default(),
            identity: OnceCell::new(),
            calls: Mutex::default(),
            sent: Arc::default(),
        })))
    }

    /// Makes one call in `region` and answers the vendor's own JSON.
    pub async fn call(&self, region: &str, service: &str, operation: &str, input: Value) -> Result<Value, CallError> {
        let action = action(service, operation);
        let route = self.route(region, service, operation, &action)?;
        let request = build_request(route.service, route.operation, &input);
        let request = request.map_err(|why| CallError::of(&action, Cause::Malformed, why.to_string()))?;
        *lock(&self.0.calls).entry(action.clone()).or_default() += 1;
        let _permit = route.permits.acquire().await.expect("the semaphore is never closed");

        let bucket = input.get("Bucket").and_then(Value::as_str).filter(|_| service == "s3");
        let known = bucket.and_then(|bucket| lock(&self.0.bucket_regions).get(bucket).cloned());
        let lives_in = known.unwrap_or_else(|| region.to_owned());
        let outgoing = self.address(service, route.service, &lives_in, bucket, request.clone());
        let error = match route.sender.invoke(outgoing).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let elsewhere = error.as_service_error().zip(bucket).and_then(|(refused, bucket)| Some((bucket, redirect(refused, &lives_in)?)));
        let Some((bucket, home)) = elsewhere else { return Err(cause::of(&action, &error)) };
        // Signed anew for the region that the bucket says it lives in; once, so that two regions cannot play ball.
        lock(&self.0.bucket_regions).insert(bucket.to_owned(), home.clone());
        let outgoing = self.address(service, route.service, &home, Some(bucket), request);
        route.sender.invoke(outgoing).await.map_err(|error| cause::of(&action, &error))
    }

    /// The pages of a list, one after the other.
    pub fn pages(&self, region: &str, service: &str, operation: &str, input: Value) -> Pages {
        Pages::new(self.clone(), region, service, operation, input)
    }

    /// The region that questions about the whole account are asked in.
    pub fn home_region(&self) -> &str {
        self.0.config.region().map_or("us-east-1", |region| region.as_ref())
    }

    /// How often each permission was used, sorted by permission.
    pub fn calls(&self) -> Vec<(String, u64)> {
        lock(&self.0.calls).iter().map(|(action, count)| (action.clone(), *count)).collect()
    }

    /// How many requests went over the wire, retries included.
    pub fn wire_calls(&self) -> u64 {
        self.0.sent.load(Ordering::Relaxed)
    }

    fn route(&self, region: &str, service: &str, operation: &str, action: &str) -> Result<Arc<Route>, CallError> {
        let key = (region.to_owned(), service.to_owned(), operation.to_owned());
        let mut routes = lock(&self.0.routes);
        if let Some(route) = routes.get(&key) {
            return Ok(Arc::clone(route));
        }
        let (model, operation) = model::operation(service, operation)
            .ok_or_else(|| CallError::of(action, Cause::Malformed, "the call is not in the model; add it to model/operations.txt"))?;
        let shared = &self.0;
        let partition = format!("{service} {region}");
        let sender = route::sender(&shared.config, &shared.options, model, operation, partition, Arc::clone(&shared.sent));
        let permits = Semaphore::new(shared.options.concurrency.max(1));
        let route = Arc::new(Route { service: model, operation, sender, permits });
        routes.insert(key, Arc::clone(&route));
        Ok(route)
    }

    fn address(
        &self,
        name: &str,
        service: &Service,
        region: &str,
        bucket: Option<&str>,
        mut request: crate::protocol::Request,
    ) -> Outgoing {
        let mut address = match endpoint::configured(&self.0.config, service) {
            Some(url) => endpoint::overridden(name, &url, region),
            None => endpoint::address(name, service, region, bucket),
        };
        if let Some(prefix) = &request.host_prefix {
            address.url = endpoint::with_prefix(&address.url, prefix);
        }
        if let Some(bucket) = bucket.filter(|_| address.bucket_in_host) {
            request.uri = endpoint::without_bucket(&request.uri, bucket);
        }
        Outgoing { request, address }
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Nothing of the configuration: it holds credentials.
        f.debug_struct("Caller").field("region", &self.home_region()).finish_non_exhaustive()
    }
}

/// The region that a bucket lives in, where S3 refuses a request for having come to the wrong one.
fn redirect(refused: &Refused, asked: &str) -> Option<String> {
    let wrong_region = matches!(
        refused.error.code.as_str(),
        "PermanentRedirect"
            | "TemporaryRedirect"
            | "MovedPermanently"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException"
    ) || (refused.error.status == 400 && refused.error.code == "BadRequest");
    refused.bucket_region.clone().filter(|home| wrong_region && home != asked)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
