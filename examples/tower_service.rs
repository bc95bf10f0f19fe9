//! The client over a stack of tower layers: any transport is a [`tower::Service`], and any service
//! of that kind is a transport. Here a layer lets two exchanges through at a time, and the
//! transport under it is scripted, so the program needs neither network nor credentials.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos::transport::{
    BoxFuture, CallContext, HttpRequest, HttpResponse, Scripted, Transport, TransportError,
};
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::limit::ConcurrencyLimitLayer;
use tower::{Service, ServiceBuilder, ServiceExt};

/// One exchange, as a service takes it.
type Exchange = (HttpRequest, CallContext);

/// A transport as a service.
#[derive(Debug, Clone)]
struct TransportService(Arc<dyn Transport>);

impl Service<Exchange> for TransportService {
    type Response = HttpResponse;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<HttpResponse, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (request, context): Exchange) -> Self::Future {
        let transport = Arc::clone(&self.0);
        Box::pin(async move { transport.send(request, &context).await })
    }
}

/// A service as a transport. Every exchange takes a clone of it, as tower's services want.
struct ServiceTransport<S>(S);

impl<S> Debug for ServiceTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceTransport")
    }
}

impl<S> Transport for ServiceTransport<S>
where
    S: Service<Exchange, Response = HttpResponse, Error = TransportError>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
{
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        let exchange = (request, context.clone());
        Box::pin(self.0.clone().oneshot(exchange))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scripted = Scripted::new();
    for _ in 0..3 {
        let answer = HttpResponse::new(http::StatusCode::OK);
        scripted.answer(answer.with_body(r#"{"Templates":[]}"#));
    }
    let stack = ServiceBuilder::new()
        .layer(ConcurrencyLimitLayer::new(2))
        .service(TransportService(Arc::new(scripted.clone())));
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_access_key("testid", "testsecret")
        .with_transport(Arc::new(ServiceTransport(stack)))
        .build()?;
    for _ in 0..3 {
        client.list_templates().send().await?;
    }
    println!("{} exchanges were made", scripted.requests().len());
    Ok(())
}
