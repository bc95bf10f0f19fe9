//! A client whose world is made of data.

use http::{HeaderName, HeaderValue, StatusCode};
use oos_client::{Client, ClientBuilder};
use oos_clock::{FakeClock, SeededEntropy};
use oos_credentials::Static;
use oos_transport::{HttpRequest, HttpResponse, Scripted};
use std::sync::Arc;
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const START: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

/// A builder with a fixed time that jumps over sleeps, and a fixed seed.
pub(crate) fn builder(transport: &Scripted) -> ClientBuilder {
    Client::builder(
        Arc::new(transport.clone()),
        Arc::new(Static::new("testid", "testsecret")),
    )
    .with_region("cn-hangzhou")
    .with_clock(Arc::new(FakeClock::jumping(START)))
    .with_entropy(Arc::new(SeededEntropy::new(7)))
}

pub(crate) fn client(transport: &Scripted) -> Client {
    builder(transport).build().unwrap()
}

pub(crate) fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse::new(StatusCode::from_u16(status).unwrap()).with_body(body.to_owned())
}

pub(crate) fn with_header(mut answer: HttpResponse, name: &str, value: &str) -> HttpResponse {
    answer.headers.insert(
        name.parse::<HeaderName>().unwrap(),
        HeaderValue::from_str(value).unwrap(),
    );
    answer
}

pub(crate) fn refusal(status: u16, code: &str) -> HttpResponse {
    let body = format!(r#"{{"Code":"{code}","Message":"no","RequestId":"R-9"}}"#);
    answer(status, &body)
}

pub(crate) fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    let params = oos_model::Params::parse(request.query()).unwrap();
    params.get(name).map(str::to_owned)
}

pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
}
