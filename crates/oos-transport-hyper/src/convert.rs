//! From our request to hyper's.

use crate::proxies;
use bytes::Bytes;
use http::uri::{PathAndQuery, Uri};
use http::{HeaderValue, header};
use http_body_util::Full;
use hyper_util::client::proxy::matcher::Intercept;
use oos_transport::{Endpoint, HttpRequest, Scheme, TransportError, TransportErrorKind};

/// What `http::Uri` can hold.
const TARGET_LIMIT: usize = 65_534;

/// The request in hyper's type, and where it goes. Nothing is encoded anew: a target that would not
/// go onto the wire byte for byte is refused.
pub(crate) fn request(
    request: HttpRequest,
    proxy: Option<&Intercept>,
) -> Result<(Endpoint, http::Request<Full<Bytes>>), TransportError> {
    let HttpRequest {
        method,
        endpoint,
        target,
        headers,
        body,
        ..
    } = request;
    let mut sent = http::Request::new(Full::new(body.into_bytes()));
    *sent.method_mut() = method;
    *sent.uri_mut() = uri(&endpoint, target, proxy)?;
    *sent.headers_mut() = headers;
    let headers = sent.headers_mut();
    if !headers.contains_key(header::HOST) {
        let host = HeaderValue::from_str(endpoint.authority()).map_err(invalid)?;
        headers.insert(header::HOST, host);
    }
    if !headers.contains_key(header::ACCEPT_ENCODING) {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Some(proxy) = proxy.filter(|_| endpoint.scheme() == Scheme::Http)
        && let Some(credentials) = proxy.basic_auth()
    {
        headers.insert(header::PROXY_AUTHORIZATION, credentials.clone());
    }
    Ok((endpoint, sent))
}

/// A server gets the target alone, a proxy that forwards gets the whole URL.
fn uri(
    endpoint: &Endpoint,
    target: String,
    proxy: Option<&Intercept>,
) -> Result<Uri, TransportError> {
    let length = target.len();
    if length > TARGET_LIMIT {
        return Err(invalid(format!(
            "the target of the request has {length} bytes, more than the {TARGET_LIMIT} that are \
             possible: send the parameters in a form body"
        )));
    }
    if !target.starts_with('/') {
        return Err(invalid("the target of the request has to begin with `/`"));
    }
    let target = PathAndQuery::from_maybe_shared(Bytes::from(target)).map_err(invalid)?;
    if target.as_str().len() != length {
        return Err(invalid(
            "the target of the request holds a `#`: write it as `%23`",
        ));
    }
    if proxy.is_none() || endpoint.scheme() == Scheme::Https {
        return Ok(Uri::from(target));
    }
    let mut parts = proxies::uri(endpoint)?.into_parts();
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).map_err(invalid)
}

fn invalid(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::InvalidRequest).with_source(source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    fn convert(target: &str) -> Result<http::Request<Full<Bytes>>, TransportError> {
        let endpoint = "http://127.0.0.1:8080".parse().expect("an endpoint");
        request(HttpRequest::new(Method::POST, endpoint, target), None).map(|(_, sent)| sent)
    }

    #[test]
    fn targets_are_kept_or_refused() {
        let check = |target: &str, kept: bool| {
            let sent = convert(target);
            match sent {
                Ok(sent) => {
                    assert!(kept, "{target} should be refused");
                    assert_eq!(sent.uri().to_string(), target);
                }
                Err(error) => {
                    assert!(!kept, "{target}: {error}");
                    assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
                }
            }
        };
        check("/", true);
        check("/?A=%20%2A~&B=", true);
        check("/?a=+*;,'()", true);
        check("/a//b/../c?x=/?", true);
        check("", false);
        check("a", false);
        check("/?a=b c", false);
        check("/?a=b#c", false);
        check("/?a=\r\nX: y", false);
        check(&format!("/?{}", "a".repeat(65_532)), true);
        check(&format!("/?{}", "a".repeat(65_533)), false);
    }

    #[test]
    fn the_host_header_stays_as_signed() {
        let endpoint: Endpoint = "http://127.0.0.1:8080".parse().expect("an endpoint");
        let mut given = HttpRequest::new(Method::POST, endpoint, "/");
        let host =
            |given: HttpRequest| request(given, None).expect("fine").1.headers()["host"].clone();
        assert_eq!(host(given.clone()), "127.0.0.1:8080");
        given
            .headers
            .insert(header::HOST, HeaderValue::from_static("signed.example"));
        assert_eq!(host(given), "signed.example");
    }
}
