//! A transport of one's own around another: it sends at most so many exchanges at a time, and
//! hands every one to the transport inside. Here that one is scripted, so the program needs
//! neither network nor credentials.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos::transport::{
    BoxFuture, CallContext, HttpRequest, HttpResponse, Scripted, Transport, TransportError,
    TransportErrorKind,
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Waits until fewer than the allowed number of exchanges are under way.
#[derive(Debug)]
struct Limited<T> {
    inner: T,
    places: Semaphore,
}

impl<T: Transport> Transport for Limited<T> {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            // Nothing was sent yet if the wait fails, and the kind says so.
            let _place = self.places.acquire().await.map_err(|error| {
                TransportError::new(TransportErrorKind::Unsupported).with_source(error)
            })?;
            self.inner.send(request, context).await
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inner = Scripted::new();
    for _ in 0..3 {
        let answer = HttpResponse::new(http::StatusCode::OK);
        inner.answer(answer.with_body(r#"{"Templates":[],"RequestId":"R-1"}"#));
    }
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_access_key("testid", "testsecret")
        .with_transport(Arc::new(Limited {
            inner: inner.clone(),
            places: Semaphore::new(2),
        }))
        .build()?;
    for _ in 0..3 {
        client.list_templates().send().await?;
    }
    println!("{} exchanges were made", inner.requests().len());
    Ok(())
}
