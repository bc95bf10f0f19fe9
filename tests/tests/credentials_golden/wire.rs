//! The servers of a case: they answer in turn, and look closely at what they are asked.

use super::case::{AnswerCase, ExchangeCase, RequestCase};
use super::world::key;
use oos_sign::{Claims, ReceivedRequest, decode_form};
use oos_transport::{
    BoxFuture, CallContext, HttpRequest, HttpResponse, Transport, TransportError,
    TransportErrorKind,
};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Both transports of a case. A mismatch is kept, since a panic in a source is caught.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    shared: Arc<Mutex<Shared>>,
    is_direct: bool,
}

#[derive(Debug)]
struct Shared {
    exchanges: VecDeque<ExchangeCase>,
    problems: Vec<String>,
}

impl Wire {
    pub(crate) fn new(exchanges: &[ExchangeCase]) -> Self {
        let shared = Shared {
            exchanges: exchanges.iter().cloned().collect(),
            problems: Vec::new(),
        };
        Self {
            shared: Arc::new(Mutex::new(shared)),
            is_direct: false,
        }
    }

    pub(crate) fn direct(&self) -> HiddenWire {
        HiddenWire(Self {
            is_direct: true,
            ..self.clone()
        })
    }

    pub(crate) fn proxied(&self) -> HiddenWire {
        HiddenWire(self.clone())
    }

    /// What did not fit so far, and what has not been asked.
    pub(crate) fn problems(&self) -> Vec<String> {
        let shared = self.shared.lock().expect("no test panics there");
        let mut problems = shared.problems.clone();
        let unused = shared.exchanges.iter();
        problems.extend(unused.map(|one| format!("nobody asked {}", one.request.url)));
        problems
    }

    fn answer(&self, request: &HttpRequest) -> Option<AnswerCase> {
        let mut shared = self.shared.lock().expect("no test panics there");
        let url = format!("{}{}", request.endpoint, request.path());
        let Some(exchange) = shared.exchanges.pop_front() else {
            shared
                .problems
                .push(format!("an exchange too many: {} {url}", request.method));
            return None;
        };
        let problems = compare(&exchange.request, request, self.is_direct);
        shared
            .problems
            .extend(problems.iter().map(|problem| format!("{url}: {problem}")));
        Some(exchange.answer)
    }
}

/// The script holds secrets, which is no fault of who holds the transport.
pub(crate) struct HiddenWire(Wire);

impl std::fmt::Debug for HiddenWire {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Wire")
    }
}

impl Transport for HiddenWire {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        _context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        let Some(answer) = self.0.answer(&request) else {
            let error = TransportError::new(TransportErrorKind::Unsupported);
            return Box::pin(std::future::ready(Err(error)));
        };
        let fails = match answer.fails.as_deref() {
            None => return Box::pin(std::future::ready(Ok(response(&answer)))),
            Some("never") => return Box::pin(std::future::pending()),
            Some("connect") => TransportErrorKind::Connect,
            Some("connect_timeout") => TransportErrorKind::ConnectTimeout,
            Some("broken") => TransportErrorKind::Broken,
            Some("read_timeout") => TransportErrorKind::ReadTimeout,
            Some("body_too_large") => TransportErrorKind::BodyTooLarge,
            Some(other) => panic!("{other} is no failure"),
        };
        Box::pin(std::future::ready(Err(TransportError::new(fails))))
    }
}

fn response(answer: &AnswerCase) -> HttpResponse {
    let body = match (&answer.json, &answer.text) {
        (Some(json), _) => json.to_string(),
        (None, text) => text.clone().unwrap_or_default(),
    };
    let status = answer.status.unwrap_or(200).try_into().expect("a status");
    let mut response = HttpResponse::new(status).with_body(body);
    for (name, value) in &answer.headers {
        let name: http::HeaderName = name.parse().expect("a header");
        response
            .headers
            .insert(name, value.parse().expect("a value"));
    }
    response
}

fn compare(wanted: &RequestCase, request: &HttpRequest, is_direct: bool) -> Vec<String> {
    let mut problems = Vec::new();
    let mut same = |what: &str, got: Option<&str>, wanted: Option<&str>| {
        if got != wanted {
            problems.push(format!("{what} is {got:?} and not {wanted:?}"));
        }
    };
    let header = |name: &str| {
        request
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let url = format!("{}{}", request.endpoint, request.path());
    same(
        "method",
        Some(request.method.as_str()),
        Some(&wanted.method),
    );
    same("url", Some(&url), Some(&wanted.url));
    same("host", header("host"), Some(request.endpoint.authority()));
    for (name, value) in &wanted.headers {
        same(name, header(name), Some(value));
    }
    for name in &wanted.without_headers {
        same(name, header(name), None);
    }
    let body = String::from_utf8_lossy(request.body.as_bytes()).into_owned();
    let query = decode_form(request.query()).expect("a query");
    let form = decode_form(&body).expect("a form");
    let param = |name: &str| {
        let mut all = query.iter().chain(&form);
        all.find(|(candidate, _)| candidate == name)
            .map(|(_, value)| &**value)
    };
    for (name, value) in &wanted.params {
        same(name, param(name), Some(value));
    }
    for name in &wanted.without_params {
        same(name, param(name), None);
    }
    if is_direct != wanted.direct {
        problems.push(format!("direct is {is_direct}"));
    }
    if let Some(signer) = &wanted.signed_with {
        problems.extend(verify(request, &key(signer)).err());
    }
    problems
}

fn verify(request: &HttpRequest, key: &oos_sign::AccessKey) -> Result<(), String> {
    let headers: Vec<(&str, &[u8])> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let received = ReceivedRequest {
        method: request.method.as_str(),
        path: request.path(),
        raw_query: request.query(),
        headers: &headers,
        body: request.body.as_bytes(),
    };
    let claims = Claims::read(&received).map_err(|error| format!("no signature: {error}"))?;
    if claims.access_key_id() != key.id() {
        return Err(format!("signed by {}", claims.access_key_id()));
    }
    oos_sign::verify(&received, &claims, key).map_err(|error| format!("signature: {error}"))
}
