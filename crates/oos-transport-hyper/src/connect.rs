//! Opens connections: straight or through a proxy, plain or with TLS.

use crate::builder::Settings;
use crate::failure;
use crate::proxies;
use crate::within::{TimedOut, within};
use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::rt::{Read, Write};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Intercept;
use oos_transport::{Endpoint, Scheme, TransportError, TransportErrorKind};
use rustls::ClientConfig;
use std::error::Error;
use std::future::poll_fn;
use std::sync::{Arc, OnceLock};
use tower_service::Service;

/// The end of a connection that takes requests; dropping it closes the connection.
pub(crate) type Sender = SendRequest<Full<Bytes>>;

type BoxError = Box<dyn Error + Send + Sync>;

pub(crate) struct Connector {
    tcp: HttpConnector,
    /// Made at the first https exchange: reading the system's certificate authorities takes
    /// milliseconds, which a program that talks to a local OOS need not pay.
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Connector {
    /// Small requests: Nagle's algorithm would only delay them. The limit is shared out among the
    /// addresses of a name, so that a dead one leaves time for the next.
    pub(crate) fn new(settings: &Settings) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(settings.connect_timeout));
        let tls = OnceLock::new();
        Self { tcp, tls }
    }

    /// A new connection to the server, within the time for it.
    pub(crate) async fn open(
        &self,
        settings: &Settings,
        endpoint: &Endpoint,
        proxy: Option<&Intercept>,
    ) -> Result<Sender, TransportError> {
        let clock = &*settings.clock;
        // Connecting through proxies and TLS takes a future of many kilobytes. In a box of its own,
        // it is not carried along by every exchange, most of which connect nowhere.
        let opening = Box::pin(self.open_any(settings, endpoint, proxy));
        match within(clock, settings.connect_timeout, opening).await {
            Ok(opened) => opened,
            Err(timed_out @ TimedOut(_)) => {
                Err(TransportError::new(TransportErrorKind::ConnectTimeout).with_source(timed_out))
            }
        }
    }

    async fn open_any(
        &self,
        settings: &Settings,
        endpoint: &Endpoint,
        proxy: Option<&Intercept>,
    ) -> Result<Sender, TransportError> {
        let server = proxies::uri(endpoint)?;
        let tcp = self.tcp.clone();
        match (endpoint.scheme(), proxy.map(Intercept::uri)) {
            (Scheme::Http, None) => begin(tcp, server).await,
            (Scheme::Http, Some(proxy)) if is_tls(proxy) => {
                begin(self.with_tls(settings, tcp)?, proxy.clone()).await
            }
            (Scheme::Http, Some(proxy)) => begin(tcp, proxy.clone()).await,
            (Scheme::Https, None) => begin(self.with_tls(settings, tcp)?, server).await,
            (Scheme::Https, Some(uri)) if is_tls(uri) => {
                let tunnel = tunnel(proxy, uri, self.with_tls(settings, tcp)?);
                begin(self.with_tls(settings, tunnel)?, server).await
            }
            (Scheme::Https, Some(uri)) => {
                let tunnel = tunnel(proxy, uri, tcp);
                begin(self.with_tls(settings, tunnel)?, server).await
            }
        }
    }

    /// A failure is not kept: the next exchange tries again.
    fn with_tls<C>(
        &self,
        settings: &Settings,
        inner: C,
    ) -> Result<HttpsConnector<C>, TransportError> {
        let config = if let Some(config) = self.tls.get() {
            config
        } else {
            let config = settings.tls.config()?;
            self.tls.get_or_init(|| config)
        };
        Ok(HttpsConnector::from((inner, Arc::clone(config))))
    }
}

fn is_tls(proxy: &Uri) -> bool {
    proxy.scheme_str() == Some("https")
}

fn tunnel<C>(proxy: Option<&Intercept>, uri: &Uri, inner: C) -> Tunnel<C> {
    let tunnel = Tunnel::new(uri.clone(), inner);
    match proxy.and_then(Intercept::basic_auth) {
        Some(credentials) => tunnel.with_auth(credentials.clone()),
        None => tunnel,
    }
}

/// Connects, and lets a task of its own drive the connection until either side closes it.
async fn begin<C>(mut connector: C, to: Uri) -> Result<Sender, TransportError>
where
    C: Service<Uri, Error: Into<BoxError>>,
    C::Response: Read + Write + Unpin + Send + 'static,
{
    let failed = |error: C::Error| failure::of_connecting(error.into());
    poll_fn(|context| connector.poll_ready(context))
        .await
        .map_err(failed)?;
    let stream = connector.call(to).await.map_err(failed)?;
    let (sender, connection) = handshake(stream)
        .await
        .map_err(|error| failure::of_connecting(error.into()))?;
    tokio::spawn(async move {
        // What breaks the connection is told to whoever waits for an answer on it.
        let _ = connection.await;
    });
    Ok(sender)
}
