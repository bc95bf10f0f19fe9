//! One connection: from hyper's request to ours, and back.

use super::ListenOptions;
use super::front::{Arrival, Arrivals, Front, Problem, TimeLimits};
use super::host;
use crate::fault::{
    Fault, HTTP_METHOD, INTERNAL_ERROR, INVALID_HOST, MALFORMED_REQUEST, REQUEST_HEADERS_TOO_LARGE,
    REQUEST_TARGET_TOO_LONG, REQUEST_TIMEOUT, REQUEST_TOO_LARGE,
};
use crate::gateway::MOST_BODY_BYTES;
use crate::{LocalOos, gateway};
use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulConnection;
use oos_clock::Clock;
use oos_transport::{Endpoint, HttpRequest, HttpResponse};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");

/// What all connections of a listener share.
#[derive(Debug)]
pub(super) struct Door {
    local: LocalOos,
    address: SocketAddr,
    endpoint: Endpoint,
    limits: TimeLimits,
    body_limit: Duration,
    keep_alive: HeaderValue,
}

impl Door {
    pub(super) fn new(
        local: &LocalOos,
        address: SocketAddr,
        endpoint: Endpoint,
        options: &ListenOptions,
    ) -> Self {
        let seconds = options.idle_limit.as_secs();
        Self {
            local: local.clone(),
            address,
            endpoint,
            limits: TimeLimits {
                idle: options.idle_limit,
                head: options.head_limit,
                write: options.write_limit,
            },
            body_limit: options.body_limit,
            keep_alive: HeaderValue::try_from(format!("timeout={seconds}"))
                .unwrap_or(HeaderValue::from_static("timeout=0")),
        }
    }

    /// The clock of all limits.
    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.local.shared().gateway_clock
    }

    /// Serves a connection until it ends.
    ///
    /// A client that has sent its request and closes its side still is answered.
    pub(super) fn connection(
        self: &Arc<Self>,
        stream: TcpStream,
    ) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
        let arrivals = Arrivals::default();
        let clock = Arc::clone(self.clock());
        let front = Front::new(stream, arrivals.clone(), clock, self.limits);
        let door = Arc::clone(self);
        let service = service_fn(move |request| {
            let (door, arrivals) = (Arc::clone(&door), arrivals.clone());
            async move { Ok::<_, Infallible>(door.answer(request, arrivals.pop()).await) }
        });
        http1::Builder::new()
            .half_close(true)
            .serve_connection(TokioIo::new(front), service)
    }

    /// Answers a request; after a refusal the connection ends, since its body was not read.
    async fn answer(
        &self,
        request: Request<Incoming>,
        arrival: Option<Arrival>,
    ) -> Response<Full<Bytes>> {
        let host = request.headers().get(HOST).cloned();
        match self.admit(request, arrival).await {
            Ok(request) => {
                let mut response = self.local.handle(request).await;
                let keep_alive = self.keep_alive.clone();
                response.headers.insert(KEEP_ALIVE, keep_alive);
                sent(response)
            }
            Err(fault) => {
                let host = host.as_ref().and_then(|host| host.to_str().ok());
                let host = host.unwrap_or(self.endpoint.authority());
                let mut response = gateway::refuse(self.local.shared(), host, fault);
                let close = HeaderValue::from_static("close");
                response.headers.insert(CONNECTION, close);
                sent(response)
            }
        }
    }

    async fn admit(
        &self,
        request: Request<Incoming>,
        arrival: Option<Arrival>,
    ) -> Result<HttpRequest, Fault> {
        let target = match arrival {
            Some(Arrival::Request(target)) => target,
            Some(Arrival::Refused(problem)) => return Err(fault(problem)),
            // Every head that hyper is given has its target in the queue.
            None => return Err(Fault::of(INTERNAL_ERROR)),
        };
        let (parts, body) = request.into_parts();
        self.check_host(&parts.headers)?;
        let mut admitted = HttpRequest::new(parts.method, self.endpoint.clone(), target);
        admitted.headers = parts.headers;
        admitted.body = self.body(body).await?.into();
        Ok(admitted)
    }

    fn check_host(&self, headers: &HeaderMap) -> Result<(), Fault> {
        let host = headers.get(HOST).map(HeaderValue::as_bytes);
        let checked = host::check(host, self.address, self.endpoint.authority());
        checked.map_err(|message| Fault::new(INVALID_HOST, message))
    }

    async fn body(&self, body: Incoming) -> Result<Bytes, Fault> {
        if body.is_end_stream() {
            return Ok(Bytes::new());
        }
        tokio::select! {
            biased;
            read = whole(body) => read.map_err(fault),
            () = self.clock().sleep(self.body_limit) => Err(fault(Problem::TooSlow)),
        }
    }
}

/// The whole body, up to the limit. One of a single frame is not copied.
async fn whole(mut body: Incoming) -> Result<Bytes, Problem> {
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::Malformed("its body is broken"))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.len() + joined.len() + data.len() > MOST_BODY_BYTES {
            return Err(Problem::BodyTooLarge);
        }
        if first.is_empty() && joined.is_empty() {
            first = data;
            continue;
        }
        if joined.is_empty() {
            joined.extend_from_slice(&std::mem::take(&mut first));
        }
        joined.extend_from_slice(&data);
    }
    Ok(if joined.is_empty() {
        first
    } else {
        joined.freeze()
    })
}

fn sent(response: HttpResponse) -> Response<Full<Bytes>> {
    let mut sent = Response::new(Full::new(response.body.into_bytes()));
    *sent.status_mut() = response.status;
    *sent.headers_mut() = response.headers;
    sent
}

fn fault(problem: Problem) -> Fault {
    match problem {
        Problem::Malformed(what) => Fault::new(
            MALFORMED_REQUEST,
            format!("The request can not be read: {what}."),
        ),
        Problem::Method => Fault::of(HTTP_METHOD),
        Problem::TargetTooLong => Fault::of(REQUEST_TARGET_TOO_LONG),
        Problem::HeadersTooLarge => Fault::of(REQUEST_HEADERS_TOO_LARGE),
        Problem::BodyTooLarge => Fault::new(
            REQUEST_TOO_LARGE,
            format!("The body of the request has more than {MOST_BODY_BYTES} bytes."),
        ),
        Problem::TooSlow => Fault::of(REQUEST_TIMEOUT),
    }
}
