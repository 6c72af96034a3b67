//! A live read against a responder on this machine that answers at once: calls per second, calls per bucket, calls under way at a
//! time, and that memory does not grow with the account. Prints; judges nothing.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use inventory::{Item, Provider};
use provider_aws::{Aws, Options};
use tests::call::Asked;
use tests::{content, run};

#[derive(Default)]
struct Counts {
    calls: AtomicUsize,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

#[tokio::main]
async fn main() {
    for buckets in [1_000, 10_000] {
        let counts = Arc::new(Counts::default());
        let endpoint = responder(buckets, Arc::clone(&counts)).await;
        let options = Options { concurrency: 32, ..Options::emulator(endpoint, run::REGIONS[0]) };
        let aws = Aws::connect(options, vec![run::REGIONS[0].to_owned()]).await.expect("the responder knows who we are");
        let plan = content::plan(&|check| check.contains("/s3-bucket"));
        let wants = plan.wants("aws");
        let (sink, mut items) = tokio::sync::mpsc::channel(256);
        let began = Instant::now();
        let reading = tokio::spawn(async move { aws.collect(&wants, sink).await });
        let mut seen = 0;
        while let Some(item) = items.recv().await {
            seen += usize::from(matches!(item, Item::Resource(_)));
        }
        reading.await.expect("it reads").expect("it can");
        let (seconds, calls) = (began.elapsed().as_secs_f64(), counts.calls.load(Ordering::Relaxed));
        println!(
            "{seen} buckets: {:.0} calls/s, {:.2} calls per bucket ({:.2} of 8), {} under way at most, peak memory {} MB ({:.2} of 150, responder included)",
            calls as f64 / seconds,
            calls as f64 / seen as f64,
            calls as f64 / seen as f64 / 8.0,
            counts.most.load(Ordering::Relaxed),
            peak() / 1000,
            peak() as f64 / 150_000.0
        );
    }
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

async fn responder(buckets: usize, counts: Arc<Counts>) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("its address"));
    let list = (0..buckets)
        .map(|number| format!("<Bucket><Name>bucket-{number}</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate></Bucket>"))
        .collect::<String>();
    let list = Bytes::from(format!("<ListAllMyBucketsResult><Buckets>{list}</Buckets></ListAllMyBucketsResult>"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (counts, list) = (Arc::clone(&counts), list.clone());
            let service = service_fn(move |request| answer(request, Arc::clone(&counts), list.clone()));
            tokio::spawn(
                async move { drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await) },
            );
        }
    });
    endpoint
}

async fn answer(request: Request<Incoming>, counts: Arc<Counts>, list: Bytes) -> Result<Response<Full<Bytes>>, Infallible> {
    counts.calls.fetch_add(1, Ordering::Relaxed);
    let now = counts.under_way.fetch_add(1, Ordering::Relaxed) + 1;
    counts.most.fetch_max(now, Ordering::Relaxed);
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let asked = Asked::of(parts.method.as_str(), parts.uri.path(), parts.uri.query().unwrap_or_default(), &parts.headers, &body);
    // As far away as a region of the same continent.
    tokio::time::sleep(Duration::from_millis(2)).await;
    let (status, text): (u16, Bytes) = match asked.operation.as_str() {
        "GetCallerIdentity" => (200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>".into()),
        "ListBuckets" => (200, list),
        "GetBucketAcl" => (200, "<AccessControlPolicy><Owner><ID>1</ID></Owner><AccessControlList></AccessControlList></AccessControlPolicy>".into()),
        "GetBucketVersioning" => (200, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>".into()),
        "GetBucketPolicy" | "GetBucketPolicyStatus" => (404, "<Error><Code>NoSuchBucketPolicy</Code><Message>no</Message></Error>".into()),
        "GetBucketTagging" => (404, "<Error><Code>NoSuchTagSet</Code><Message>no</Message></Error>".into()),
        "GetBucketOwnershipControls" => (404, "<Error><Code>OwnershipControlsNotFoundError</Code><Message>no</Message></Error>".into()),
        _ => (404, "<Error><Code>NoSuchPublicAccessBlockConfiguration</Code><Message>no</Message></Error>".into()),
    };
    counts.under_way.fetch_sub(1, Ordering::Relaxed);
    let mut response = Response::new(Full::new(text));
    *response.status_mut() = hyper::StatusCode::from_u16(status).expect("a status");
    Ok(response)
}
