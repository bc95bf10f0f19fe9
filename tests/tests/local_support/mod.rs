//! One way to call a local OOS with whatever parameters, past the typed client.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use oos_clock::{Entropy, SystemEntropy, hex32};
use oos_local::LocalOos;
use oos_sign::{Acs3, Sign, SignableRequest, SigningParams};
use oos_transport::HttpRequest;
use serde_json::Value;

/// Signs the call, hands it in, and gives the status and the body.
pub(crate) async fn call(
    local: &LocalOos,
    operation: &str,
    params: &[(&str, &str)],
) -> (u16, Value) {
    let endpoint = local.endpoint();
    let signable = SignableRequest::rpc(endpoint.authority(), operation, "2019-06-01", params);
    let nonce = hex32(&SystemEntropy as &dyn Entropy);
    let date = oos_clock::Clock::now(&oos_clock::SystemClock);
    let signing = SigningParams {
        date,
        nonce: &nonce,
    };
    let signed = Acs3
        .sign(&signable, local.access_key(), &signing)
        .expect("it can be signed");
    let target = format!("/?{}", signed.query());
    let mut request = HttpRequest::new(Method::POST, endpoint, target);
    request.headers = signed
        .headers()
        .map(|(name, value)| {
            let name = HeaderName::try_from(name).expect("a header name");
            (name, HeaderValue::from_str(value).expect("a header value"))
        })
        .collect::<HeaderMap>();
    let response = local.handle(request).await;
    let body = serde_json::from_slice(response.body.as_bytes()).expect("an answer is JSON");
    (response.status.as_u16(), body)
}
