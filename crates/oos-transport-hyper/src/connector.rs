//! Opens connections within a time limit.

use futures_util::future::{Either, select};
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use oos_clock::{BoxFuture, Clock};
use std::error::Error;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use thiserror::Error;
use tower_service::Service;

/// The connector `inner` (TCP, or TCP and TLS) with a limit for the whole of its work.
#[derive(Debug, Clone)]
pub(crate) struct Timed<C> {
    inner: C,
    clock: Arc<dyn Clock>,
    limit: Duration,
}

/// No connection within the limit.
#[derive(Debug, Error)]
#[error("no connection within {} ms", .0.as_millis())]
pub(crate) struct ConnectTimedOut(Duration);

impl<C> Timed<C> {
    pub(crate) fn new(inner: C, clock: Arc<dyn Clock>, limit: Duration) -> Self {
        Self {
            inner,
            clock,
            limit,
        }
    }
}

/// TCP for `http` and `https`: small requests, so that Nagle's algorithm would only delay them.
pub(crate) fn tcp() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector
}

type BoxError = Box<dyn Error + Send + Sync>;

impl<C> Service<Uri> for Timed<C>
where
    C: Service<Uri, Error: Into<BoxError>, Future: Send + 'static>,
    C::Response: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<C::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        let (limit, sleep) = (self.limit, self.clock.sleep(self.limit));
        let connecting = self.inner.call(server);
        Box::pin(async move {
            match select(std::pin::pin!(connecting), sleep).await {
                Either::Left((connected, _)) => connected.map_err(Into::into),
                Either::Right(((), _)) => Err(ConnectTimedOut(limit).into()),
            }
        })
    }
}
