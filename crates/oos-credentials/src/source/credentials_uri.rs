//! A server that answers with credentials.

use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::exchange::Exchange;
use crate::machine::variable;
use crate::{Credentials, CredentialsError, ProvideCredentials, Sources};
use http::{HeaderValue, Method};
use oos_clock::BoxFuture;
use oos_transport::{Endpoint, HttpRequest, Scheme};
use std::fmt;
use std::time::Duration;

const PROVIDER: &str = "credential_uri";
const URI: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";
const LIMIT: Duration = Duration::from_secs(5);

/// The server at a URI.
#[derive(Debug)]
pub(crate) struct CredentialsUri {
    sources: Sources,
    uri: UriFrom,
}

/// Where the URI comes from.
#[derive(Clone)]
pub(crate) enum UriFrom {
    Environment,
    Text(String),
}

impl CredentialsUri {
    pub(crate) fn new(sources: Sources, uri: UriFrom) -> Self {
        Self { sources, uri }
    }

    pub(super) async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        let (endpoint, target) = self.place()?;
        let server = format!("the credentials server at {endpoint}");
        let exchange = Exchange {
            transport: &*self.sources.transport,
            clock: &*self.sources.clock,
            limit: LIMIT,
            provider: PROVIDER,
            server: &server,
        };
        let host = HeaderValue::try_from(endpoint.authority());
        let host = host.map_err(|cause| no_uri().with_source(cause))?;
        // The query may be what lets us in.
        let query = target.split_once('?').map(|(_, query)| query.to_owned());
        let mut request = HttpRequest::new(Method::GET, endpoint, target);
        request.headers.insert(http::header::HOST, host);
        let sent = exchange.send("GetCredentials", request).await;
        let response = sent.map_err(|why| exchange.unanswered(why))?;
        let status = response.status.as_u16();
        let secrets = [query.as_deref().unwrap_or_default()];
        let document = exchange.document(response, &secrets)?;
        if document.text("Code") != Some("Success") {
            return Err(exchange.refusal(status, None, Some(&document), &secrets));
        }
        exchange.credentials(&document, PROVIDER.to_owned())
    }

    fn place(&self) -> Result<(Endpoint, String), CredentialsError> {
        let text = match &self.uri {
            UriFrom::Text(text) => text.trim().to_owned(),
            UriFrom::Environment => variable(&*self.sources.host, URI).ok_or_else(|| {
                CredentialsError::new(NotConfigured, PROVIDER, format!("{URI} is not set"))
            })?,
        };
        read_uri(&text).ok_or_else(no_uri)
    }
}

/// The text is not repeated: it may hold a password.
fn no_uri() -> CredentialsError {
    let problem = "the credentials URI is none: write http://HOST/PATH or https://HOST/PATH";
    CredentialsError::new(Invalid, PROVIDER, problem)
}

fn read_uri(text: &str) -> Option<(Endpoint, String)> {
    let (scheme, rest) = match text.split_once("://")? {
        ("http", rest) => (Scheme::Http, rest),
        ("https", rest) => (Scheme::Https, rest),
        _ => return None,
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    if !target.chars().all(|c| c.is_ascii_graphic()) {
        return None;
    }
    let lead = if target.starts_with('/') { "" } else { "/" };
    let endpoint = Endpoint::new(scheme, authority).ok()?;
    Some((endpoint, format!("{lead}{target}")))
}

/// The text may hold a password.
impl fmt::Debug for UriFrom {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Environment => "Environment",
            Self::Text(_) => "Text(***)",
        })
    }
}

impl ProvideCredentials for CredentialsUri {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.fetch())
    }

    fn name(&self) -> &str {
        PROVIDER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_split() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let read = read_uri(text).map(|(endpoint, target)| (endpoint.to_string(), target));
            let expected = expected.map(|(e, t)| (e.to_owned(), t.to_owned()));
            assert_eq!(read, expected, "{text}");
        };
        check(
            "http://localhost:8080/a?b=c#d",
            Some(("http://localhost:8080", "/a?b=c")),
        );
        check("https://h", Some(("https://h", "/")));
        check("http://h?q", Some(("http://h", "/?q")));
        check("ftp://h/", None);
        check("http://me:pass@h/", None);
        check("http://h/a b", None);
        check("h/a", None);
    }
}
