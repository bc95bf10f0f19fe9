//! The floor: hyper-util's client alone.

use crate::server::Addresses;
use crate::{Outcome, ours};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oos::enums::TriggerType;
use std::error::Error;

/// The request that our client would send, byte for byte, as often as wanted.
pub struct Floor {
    client: Client<HttpConnector, Full<Bytes>>,
    request: http::Request<Full<Bytes>>,
}

impl Floor {
    pub async fn new(at: &Addresses, content: &str) -> Result<Self, Box<dyn Error>> {
        let ours = ours::plain(at)?;
        let call = ours.trigger_execution("exec-1a2b3c", TriggerType::Event, content);
        let ready = call.prepare().await?;
        let mut request = http::Request::post(format!("http://{}{}", at.plain, ready.target))
            .body(Full::new(Bytes::new()))?;
        *request.headers_mut() = ready.headers;
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { client, request })
    }

    pub async fn call(&self) -> Outcome {
        let answer = self.client.request(self.request.clone()).await?;
        answer.into_body().collect().await?;
        Ok(())
    }
}
