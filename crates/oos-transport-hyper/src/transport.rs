//! The transport.

use crate::builder::{HyperTransportBuilder, Settings};
use crate::connect::{Connector, Sender};
use crate::pool::Pool;
use crate::within::within;
use crate::{convert, failure, receive};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::proxy::matcher::Intercept;
use oos_clock::Clock;
use oos_transport::{
    BoxFuture, CallContext, Endpoint, HttpRequest, HttpResponse, Scheme, Transport, TransportError,
    TransportErrorKind,
};
use std::fmt;
use std::sync::Arc;

/// Exchanges over HTTP/1.1, plain or with TLS 1.2 or 1.3, with connections kept for reuse. Needs a
/// running tokio runtime with I/O and time enabled, the same one for all its exchanges. Clones share
/// their connections.
///
/// What fails is told apart as [`TransportErrorKind`] says. A connection that the server closed
/// while it was idle costs nothing: the request goes out on another one. Only a connection whose
/// answer was read to its end is used again.
#[derive(Clone)]
pub struct HyperTransport {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    connector: Connector,
    pool: Pool,
}

type Answer = http::Response<Incoming>;

impl HyperTransport {
    /// A builder of a transport that takes its time limits from this clock.
    pub fn builder(clock: Arc<dyn Clock>) -> HyperTransportBuilder {
        HyperTransportBuilder::new(clock)
    }

    pub(crate) fn new(settings: Settings) -> Self {
        let (connector, pool) = (Connector::new(&settings), Pool::default());
        Self {
            shared: Arc::new(Shared {
                settings,
                connector,
                pool,
            }),
        }
    }

    /// How many connections wait for their next request.
    #[must_use]
    pub fn idle_connections(&self) -> usize {
        self.shared.pool.len()
    }
}

impl Transport for HyperTransport {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        _context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(self.shared.exchange(request))
    }
}

impl Shared {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let settings = &self.settings;
        let proxy = settings.proxies.route(&request.endpoint)?;
        let (server, request) = convert::request(request, proxy.as_ref())?;
        let (answer, sender) = self.deliver(&server, request, proxy.as_ref()).await?;
        let (head, body) = answer.into_parts();
        let answer = receive::whole(head, body, settings).await?;
        self.keep(server.clone(), sender);
        match proxy {
            Some(_) if server.scheme() == Scheme::Http => of_proxy(answer),
            _ => Ok(answer),
        }
    }

    /// Sends on a connection that is idle, or a new one. If an idle one turns out to be closed
    /// before a byte of the request went out, hyper gives the request back for the next.
    async fn deliver(
        &self,
        server: &Endpoint,
        mut request: http::Request<Full<Bytes>>,
        proxy: Option<&Intercept>,
    ) -> Result<(Answer, Sender), TransportError> {
        let settings = &self.settings;
        while let Some(mut sender) = self.idle(server).await {
            match self.send_on(&mut sender, request).await? {
                Ok(answer) => return Ok((answer, sender)),
                Err(unsent) => request = unsent,
            }
        }
        let mut sender = self.connector.open(settings, server, proxy).await?;
        match self.send_on(&mut sender, request).await? {
            Ok(answer) => Ok((answer, sender)),
            Err(_unsent) => Err(TransportError::new(TransportErrorKind::Connect)
                .with_source("the new connection was closed before the request went out")),
        }
    }

    /// The answer, or the request if no byte of it was sent.
    async fn send_on(
        &self,
        sender: &mut Sender,
        request: http::Request<Full<Bytes>>,
    ) -> Result<Result<Answer, http::Request<Full<Bytes>>>, TransportError> {
        let (clock, limit) = (&*self.settings.clock, self.settings.read_timeout);
        let answer = within(clock, limit, sender.try_send_request(request)).await;
        match answer.map_err(receive::stalled)? {
            Ok(answer) => Ok(Ok(answer)),
            Err(mut error) => match error.take_message() {
                Some(unsent) => Ok(Err(unsent)),
                None => Err(failure::of_exchange(error.into_error())),
            },
        }
    }

    /// An idle connection that is ready for a request.
    async fn idle(&self, server: &Endpoint) -> Option<Sender> {
        let settings = &self.settings;
        let clock = &*settings.clock;
        loop {
            let now = clock.elapsed();
            let mut sender = self.pool.take(server, now, settings.idle_timeout)?;
            // Its task may still be at the end of the last exchange, or have met the server's
            // close. A server that answered without reading the request leaves it there for ever.
            let ready = within(clock, settings.connect_timeout, sender.ready()).await;
            if matches!(ready, Ok(Ok(()))) {
                return Some(sender);
            }
        }
    }

    fn keep(&self, server: Endpoint, sender: Sender) {
        let settings = &self.settings;
        let limits = (settings.idle_timeout, settings.max_idle);
        self.pool
            .put(server, sender, settings.clock.elapsed(), limits);
    }
}

/// A proxy that forwards answers 407 in the place of the server.
fn of_proxy(answer: HttpResponse) -> Result<HttpResponse, TransportError> {
    if answer.status != http::StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Ok(answer);
    }
    let error = TransportError::new(TransportErrorKind::ProxyAuthentication);
    Err(error.with_head(answer.status, answer.headers))
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HyperTransport")
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}
