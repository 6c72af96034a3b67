//! Stands before an emulator, remembers its answers, and breaks one call on purpose. Real HTTP on both sides.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};

use crate::call::Asked;
use crate::fault::{Fault, Reply, halved, promising, refusal};

/// What AWS says of a region that blocks the sharing of snapshots; moto answers the call with an error of its own.
pub const SNAPSHOTS_BLOCKED: &str = "<GetSnapshotBlockPublicAccessStateResponse><requestId>1</requestId><state>block-all-sharing</state></GetSnapshotBlockPublicAccessStateResponse>";

/// What AWS says of a region that does not.
pub const SNAPSHOTS_UNBLOCKED: &str = "<GetSnapshotBlockPublicAccessStateResponse><requestId>1</requestId><state>unblocked</state></GetSnapshotBlockPublicAccessStateResponse>";

/// What AWS says of a region without serial console; moto does not know the call.
pub const NO_CONSOLE: &str = "<GetSerialConsoleAccessStatusResponse><requestId>1</requestId><serialConsoleAccessEnabled>false</serialConsoleAccessEnabled></GetSerialConsoleAccessStatusResponse>";

/// What goes wrong, and with which call (`service:Operation`).
pub type Broken = (String, Fault);

struct State {
    upstream: String,
    broken: Mutex<Option<Broken>>,
    answered: Mutex<BTreeMap<String, String>>,
    remembered: Mutex<HashMap<String, Reply>>,
    calls: Mutex<BTreeMap<String, u64>>,
}

/// A proxy; it ends with its runtime.
#[derive(Clone)]
pub struct Proxy {
    state: Arc<State>,
    /// Where it answers.
    pub endpoint: String,
}

type Body = BoxBody<Bytes, std::io::Error>;

impl Proxy {
    /// Starts before `upstream`.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn before(upstream: &str) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("its address"));
        let state = Arc::new(State {
            upstream: upstream.to_owned(),
            broken: Mutex::default(),
            answered: Mutex::default(),
            remembered: Mutex::default(),
            calls: Mutex::default(),
        });
        let proxy = Self { state: Arc::clone(&state), endpoint };
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let state = Arc::clone(&state);
                let service = service_fn(move |request| {
                    let state = Arc::clone(&state);
                    async move { Ok::<_, std::convert::Infallible>(answer(&state, request).await) }
                });
                tokio::spawn(async move {
                    drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await)
                });
            }
        });
        proxy
    }

    /// Breaks one call from now on, or none.
    ///
    /// # Panics
    /// Never while the proxy stands.
    pub fn break_call(&self, broken: Option<Broken>) {
        *self.state.broken.lock().expect("the lock") = broken;
        self.state.calls.lock().expect("the lock").clear();
    }

    /// Answers a call that the emulator does not know with this body, HTTP 200.
    ///
    /// # Panics
    /// Never while the proxy stands.
    pub fn answer_for(&self, call: &str, body: &str) {
        self.state.answered.lock().expect("the lock").insert(call.to_owned(), body.to_owned());
    }

    /// How often each call came since the last [`Proxy::break_call`].
    ///
    /// # Panics
    /// Never while the proxy stands.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.state.calls.lock().expect("the lock").clone()
    }
}

async fn answer(state: &State, request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let asked = Asked::of(parts.method.as_str(), parts.uri.path(), parts.uri.query().unwrap_or_default(), &parts.headers, &body);
    *state.calls.lock().expect("the lock").entry(asked.call()).or_default() += 1;
    let broken = state.broken.lock().expect("the lock").clone().filter(|(call, _)| *call == asked.call()).map(|(_, fault)| fault);
    match broken {
        Some(Fault::Hang) => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            whole(refusal(&asked, Fault::ServerError))
        }
        Some(fault @ (Fault::Denied | Fault::Throttled | Fault::ServerError)) => whole(refusal(&asked, fault)),
        Some(fault @ (Fault::CutOff | Fault::Truncated | Fault::NoSecondPage)) => {
            spoilt(&asked, fault, upstream(state, &asked, parts, body).await)
        }
        None => whole(upstream(state, &asked, parts, body).await),
    }
}

fn spoilt(asked: &Asked, fault: Fault, reply: Reply) -> Response<Body> {
    match fault {
        Fault::CutOff => cut_off(reply),
        Fault::Truncated => {
            let body = halved(reply.body());
            whole(reply.map(|_| body))
        }
        Fault::NoSecondPage | Fault::Denied | Fault::Throttled | Fault::ServerError | Fault::Hang => match promising(asked, reply.body()) {
            Some(body) if reply.status().is_success() => whole(reply.map(|_| body)),
            Some(_) | None => whole(reply),
        },
    }
}

/// Half of the answer under the length of all of it; then the connection breaks.
fn cut_off(reply: Reply) -> Response<Body> {
    let (parts, body) = reply.into_parts();
    let half = halved(&body);
    let frames = [Ok(Frame::data(half)), Err(std::io::Error::other("cut off"))];
    let stream = StreamBody::new(tokio_stream::iter(frames));
    let mut response = Response::from_parts(parts, BodyExt::boxed(stream));
    response.headers_mut().insert("content-length", body.len().into());
    response
}

fn whole(reply: Reply) -> Response<Body> {
    reply.map(|body| Full::new(body).map_err(|never| match never {}).boxed())
}

async fn upstream(state: &State, asked: &Asked, parts: hyper::http::request::Parts, body: Bytes) -> Reply {
    if let Some(body) = state.answered.lock().expect("the lock").get(&asked.call()) {
        return Response::new(body.clone().into());
    }
    if is_second_page(&parts, &body) {
        return refusal(asked, Fault::ServerError);
    }
    let region = parts
        .headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split('/').nth(2))
        .unwrap_or_default();
    let key = format!("{} {} {region} {} {}", parts.method, parts.uri, asked.call(), String::from_utf8_lossy(&body));
    // What is being made is not finished at the first asking.
    let lasting = !asked.operation.starts_with("Generate");
    if lasting && let Some(known) = state.remembered.lock().expect("the lock").get(&key) {
        return known.clone();
    }
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let uri = format!("{}{}", state.upstream, parts.uri.path_and_query().map_or("/", |path| path.as_str()));
    let mut request = Request::builder().method(parts.method).uri(uri).body(Full::new(body)).expect("it came as one");
    *request.headers_mut() = parts.headers;
    request.headers_mut().remove("host");
    let Ok(response) = client.request(request).await else { return refusal(asked, Fault::ServerError) };
    let (mut parts, body) = response.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    ["content-length", "transfer-encoding", "connection"].iter().for_each(|name| drop(parts.headers.remove(*name)));
    let reply = Response::from_parts(parts, body);
    state.remembered.lock().expect("the lock").insert(key, reply.clone());
    reply
}

/// The page that [`promising`] promised.
fn is_second_page(parts: &hyper::http::request::Parts, body: &Bytes) -> bool {
    String::from_utf8_lossy(body).contains("promised") || parts.uri.query().is_some_and(|query| query.contains("promised"))
}
