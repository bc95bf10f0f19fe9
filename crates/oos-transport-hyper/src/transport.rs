//! The transport.

use crate::builder::{HyperTransportBuilder, Settings};
use crate::connector::{self, Timed};
use crate::{convert, failure, receive, tls};
use bytes::Bytes;
use futures_util::future::{Either, select};
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{Client, ResponseFuture, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use oos_clock::Clock;
use oos_transport::{
    BoxFuture, CallContext, HttpRequest, HttpResponse, Scheme, Transport, TransportError,
    TransportErrorKind,
};
use std::fmt;
use std::sync::{Arc, OnceLock};

type HttpClient = Client<Timed<HttpConnector>, Full<Bytes>>;
type HttpsClient = Client<Timed<HttpsConnector<HttpConnector>>, Full<Bytes>>;

/// Exchanges over HTTP/1.1, plain or with TLS 1.2 or 1.3, with connections kept for reuse. Needs a
/// running tokio runtime with I/O and time enabled, the same one for all its exchanges. Clones share
/// their connections.
///
/// What fails is told apart as [`TransportErrorKind`] says. A connection that the server closed
/// before a byte of the request was written counts as `Connect`, one that broke later as `Broken`.
#[derive(Clone)]
pub struct HyperTransport {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    http: HttpClient,
    /// Made at the first https exchange: reading the system's certificate authorities takes
    /// milliseconds, which a program that talks to a local OOS need not pay.
    https: OnceLock<HttpsClient>,
}

impl HyperTransport {
    /// A builder of a transport that takes its time limits from this clock.
    pub fn builder(clock: Arc<dyn Clock>) -> HyperTransportBuilder {
        HyperTransportBuilder::new(clock)
    }

    pub(crate) fn new(settings: Settings) -> Self {
        let http = pool(&settings, connector::tcp());
        let https = OnceLock::new();
        Self {
            shared: Arc::new(Shared {
                settings,
                http,
                https,
            }),
        }
    }
}

impl Transport for HyperTransport {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        _context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(self.shared.exchange_in_time(request))
    }
}

impl Shared {
    async fn exchange_in_time(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let sleep = self.settings.clock.sleep(self.settings.read_timeout);
        match select(std::pin::pin!(self.exchange(request)), sleep).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => Err(TransportError::new(TransportErrorKind::ReadTimeout)),
        }
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let (head, body) = self
            .start(request)?
            .await
            .map_err(failure::of_exchange)?
            .into_parts();
        let body = receive::whole(body, self.settings.body_limit).await?;
        Ok(HttpResponse::new(head.status)
            .with_headers(head.headers)
            .with_body(body))
    }

    fn start(&self, request: HttpRequest) -> Result<ResponseFuture, TransportError> {
        let scheme = request.endpoint.scheme();
        let request = convert::request(request)?;
        Ok(match scheme {
            Scheme::Http => self.http.request(request),
            Scheme::Https => self.https()?.request(request),
        })
    }

    /// A failure is not kept: the next exchange tries again.
    fn https(&self) -> Result<&HttpsClient, TransportError> {
        if let Some(client) = self.https.get() {
            return Ok(client);
        }
        let connector = tls::connector(&self.settings.roots, connector::tcp())?;
        Ok(self.https.get_or_init(|| pool(&self.settings, connector)))
    }
}

/// hyper-util's client would resend a request that met a closed connection; the signature's nonce
/// is used by then, so that is switched off. Host stands in the headers already, as signed.
fn pool<C>(settings: &Settings, connector: C) -> Client<Timed<C>, Full<Bytes>>
where
    Timed<C>: hyper_util::client::legacy::connect::Connect + Clone,
{
    let clock = Arc::clone(&settings.clock);
    Client::builder(TokioExecutor::new())
        .pool_idle_timeout(settings.idle_timeout)
        .retry_canceled_requests(false)
        .set_host(false)
        .build(Timed::new(connector, clock, settings.connect_timeout))
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HyperTransport")
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}
