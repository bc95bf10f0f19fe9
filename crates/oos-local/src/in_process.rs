//! The transport that stays in the process.

use crate::LocalOos;
use oos_transport::{BoxFuture, CallContext, HttpRequest, HttpResponse, Transport, TransportError};

/// Hands requests to a [`LocalOos`] without a socket. Never fails: every request is answered.
#[derive(Debug, Clone)]
pub struct InProcess {
    local: LocalOos,
}

impl InProcess {
    pub(crate) fn new(local: LocalOos) -> Self {
        Self { local }
    }
}

impl Transport for InProcess {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        _context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async move { Ok(self.local.handle(request).await) })
    }
}
