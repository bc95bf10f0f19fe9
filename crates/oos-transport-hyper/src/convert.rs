//! From our request to hyper's, and back from hyper's answer.

use bytes::Bytes;
use http::uri::{Authority, Parts, PathAndQuery, Scheme as UriScheme, Uri};
use http::{HeaderValue, header};
use http_body_util::Full;
use oos_transport::{Endpoint, HttpRequest, Scheme, TransportError, TransportErrorKind};

/// What `http::Uri` can hold.
const TARGET_LIMIT: usize = 65_534;

/// The request in hyper's type. Nothing is encoded anew: a target that would not go onto the wire
/// byte for byte is refused.
pub(crate) fn request(request: HttpRequest) -> Result<http::Request<Full<Bytes>>, TransportError> {
    let mut sent = http::Request::new(Full::new(request.body.into_bytes()));
    *sent.method_mut() = request.method;
    *sent.uri_mut() = uri(&request.endpoint, request.target)?;
    *sent.headers_mut() = request.headers;
    if !sent.headers().contains_key(header::HOST) {
        let host = HeaderValue::from_str(request.endpoint.authority()).map_err(invalid)?;
        sent.headers_mut().insert(header::HOST, host);
    }
    Ok(sent)
}

fn uri(endpoint: &Endpoint, target: String) -> Result<Uri, TransportError> {
    if target.len() > TARGET_LIMIT {
        return Err(invalid(format!(
            "the target of the request has {} bytes, more than the {TARGET_LIMIT} that are possible: \
             send the parameters in a form body",
            target.len()
        )));
    }
    if !target.starts_with('/') {
        return Err(invalid("the target of the request has to begin with `/`"));
    }
    let length = target.len();
    let mut parts = Parts::default();
    parts.scheme = Some(match endpoint.scheme() {
        Scheme::Http => UriScheme::HTTP,
        Scheme::Https => UriScheme::HTTPS,
    });
    parts.authority = Some(Authority::try_from(endpoint.authority()).map_err(invalid)?);
    let target = PathAndQuery::from_maybe_shared(Bytes::from(target)).map_err(invalid)?;
    if target.as_str().len() != length {
        return Err(invalid(
            "the target of the request holds a `#`: write it as `%23`",
        ));
    }
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
        request(HttpRequest::new(Method::POST, endpoint, target))
    }

    #[test]
    fn targets_are_kept_or_refused() {
        let check = |target: &str, kept: bool| {
            let sent = convert(target);
            match sent {
                Ok(sent) => {
                    assert!(kept, "{target} should be refused");
                    assert_eq!(
                        sent.uri().path_and_query().map(PathAndQuery::as_str),
                        Some(target)
                    );
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
        let host = |given: HttpRequest| request(given).expect("fine").headers()["host"].clone();
        assert_eq!(host(given.clone()), "127.0.0.1:8080");
        given
            .headers
            .insert(header::HOST, HeaderValue::from_static("signed.example"));
        assert_eq!(host(given), "signed.example");
    }
}
