//! A client in front of a hostile server, and what came of a call.

use super::server::{Reply, Server};
use oos::client::{Backoff, Client, Error};
use oos::clock::SystemClock;
use oos::credentials::Static;
use oos::transport::Transport;
use oos::transport_hyper::{HyperTransport, HyperTransportBuilder};
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn transport() -> HyperTransportBuilder {
    HyperTransport::builder(Arc::new(SystemClock))
}

/// A client that repeats at once.
pub(crate) fn client(transport: Arc<dyn Transport>, endpoint: &str) -> Client {
    let policy = Backoff::default().with_max_pause(Duration::ZERO);
    Client::builder(transport, Arc::new(Static::new("testid", "testsecret")))
        .with_endpoint(endpoint.parse().unwrap())
        .with_retry_policy(Arc::new(policy))
        .build()
        .unwrap()
}

/// What is expected of an operation that reads, and of one that must not be carried out twice.
pub(crate) struct Expected {
    /// The class of the error; `None` for success.
    pub(crate) class: Option<&'static str>,
    pub(crate) status: Option<u16>,
    /// How many requests the server sees of either.
    pub(crate) requests: [usize; 2],
    pub(crate) may_have_been_done: bool,
}

/// Makes both calls against a server of their own each.
pub(crate) async fn check(
    what: &str,
    replies: &[Reply],
    transport: fn() -> HyperTransportBuilder,
    expected: &Expected,
) {
    for (index, requests) in expected.requests.into_iter().enumerate() {
        let server = Server::start(replies.iter().cloned()).await;
        let endpoint = format!("http://{}", server.address);
        let client = client(Arc::new(transport().build()), &endpoint);
        let failure = if index == 0 {
            client.list_templates().send().await.err()
        } else {
            client.cancel_execution("e").send().await.err()
        };
        let class = failure.as_ref().map(Error::class);
        assert_eq!(class, expected.class, "{what} {index}: {failure:?}");
        assert_eq!(server.requests().len(), requests, "{what} {index}");
        let Some(error) = failure else { continue };
        assert_eq!(error.status(), expected.status, "{what} {index}: {error:?}");
        assert_eq!(error.attempts() as usize, requests, "{what} {index}");
        let done = error.may_have_been_done();
        assert_eq!(done, expected.may_have_been_done, "{what} {index}");
        assert!(error.may_have_been_sent(), "{what} {index}");
    }
}
