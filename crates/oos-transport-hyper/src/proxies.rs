//! Which exchanges go through a proxy.

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use oos_transport::{Endpoint, TransportError, TransportErrorKind};
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// The proxies for plain and for TLS exchanges, and the hosts that are reached without one.
///
/// Never through a proxy go this machine (`localhost`, `127.0.0.0/8`, `::1`) and the metadata
/// service of an instance (`100.100.100.200`): it would answer with the proxy's identity.
///
/// An http exchange names its whole URL to the proxy; an https exchange asks it for a tunnel
/// (CONNECT) and speaks TLS with the server itself. A user name and a password in the proxy's
/// address are sent to it as Basic credentials, and are never shown.
///
/// ```
/// use oos_transport_hyper::Proxies;
///
/// let proxies = Proxies::none()
///     .with_https("http://user:secret@proxy.example:3128")?
///     .without(".internal.example, 10.0.0.0/8");
/// assert!(proxies.is_used_for(&"https://oos.cn-hangzhou.aliyuncs.com".parse()?));
/// assert!(!proxies.is_used_for(&"https://oos.internal.example".parse()?));
/// assert!(!format!("{proxies:?}").contains("secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Proxies {
    http: Option<String>,
    https: Option<String>,
    exceptions: String,
    matcher: Option<Arc<Matcher>>,
}

/// The metadata service of ECS instances.
const METADATA: &str = "100.100.100.200";

impl Proxies {
    /// Every exchange goes straight to its server.
    pub fn none() -> Self {
        Self::default()
    }

    /// Plain exchanges go through this proxy, `http://[USER:PASSWORD@]HOST[:PORT]` or the same with
    /// `https` for TLS to the proxy. `http://` may be left out.
    ///
    /// # Errors
    /// [`InvalidProxy`] if the text is no such address.
    pub fn with_http(mut self, address: &str) -> Result<Self, InvalidProxy> {
        self.http = Some(checked(address)?);
        Ok(self.matched())
    }

    /// TLS exchanges go through this proxy; see [`with_http`](Self::with_http).
    ///
    /// # Errors
    /// [`InvalidProxy`] if the text is no such address.
    pub fn with_https(mut self, address: &str) -> Result<Self, InvalidProxy> {
        self.https = Some(checked(address)?);
        Ok(self.matched())
    }

    /// These hosts are reached without a proxy. The text is a list with commas, as in `NO_PROXY`:
    /// a domain stands for itself and all below it, with or without a leading dot; an address or
    /// a range (`10.0.0.0/8`) for itself; `*` for everything.
    pub fn without(mut self, exceptions: &str) -> Self {
        exceptions.clone_into(&mut self.exceptions);
        self.matched()
    }

    /// Whether exchanges with this server go through a proxy.
    #[must_use]
    pub fn is_used_for(&self, endpoint: &Endpoint) -> bool {
        self.route(endpoint).is_ok_and(|route| route.is_some())
    }

    /// The proxy for this server.
    pub(crate) fn route(&self, endpoint: &Endpoint) -> Result<Option<Intercept>, TransportError> {
        let Some(matcher) = &self.matcher else {
            return Ok(None);
        };
        if endpoint.is_loopback() || endpoint.host() == METADATA {
            return Ok(None);
        }
        Ok(matcher.intercept(&uri(endpoint)?))
    }

    fn matched(mut self) -> Self {
        let text = |address: &Option<String>| address.clone().unwrap_or_default();
        let matcher = Matcher::builder()
            .http(text(&self.http))
            .https(text(&self.https))
            .no(self.exceptions.as_str())
            .build();
        self.matcher = (self.http.is_some() || self.https.is_some()).then(|| Arc::new(matcher));
        self
    }
}

/// The server as connectors want it.
pub(crate) fn uri(endpoint: &Endpoint) -> Result<Uri, TransportError> {
    Uri::builder()
        .scheme(endpoint.scheme().as_str())
        .authority(endpoint.authority())
        .path_and_query("/")
        .build()
        .map_err(|error| TransportError::new(TransportErrorKind::InvalidRequest).with_source(error))
}

/// The matcher passes over what it can not read; a proxy that is set and not used would be found
/// out too late.
fn checked(address: &str) -> Result<String, InvalidProxy> {
    let address = address.trim();
    let uri: Uri = address.parse().map_err(|_| InvalidProxy::Address)?;
    match uri.scheme_str() {
        None | Some("http" | "https") => {}
        Some(_) => return Err(InvalidProxy::Scheme),
    }
    let anywhere = Uri::from_static("http://a.example");
    let understood = Matcher::builder().all(address).build().intercept(&anywhere);
    let authority = understood
        .as_ref()
        .and_then(|proxy| proxy.uri().authority());
    // An `@` that is left is one of a password that is not encoded.
    match authority {
        Some(authority) if !authority.host().is_empty() && !authority.as_str().contains('@') => {
            Ok(address.to_owned())
        }
        _ => Err(InvalidProxy::Address),
    }
}

/// Addresses may hold a password: only host and port are shown.
impl fmt::Debug for Proxies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |address: &Option<String>| {
            address
                .as_deref()
                .map(|text| text.rsplit('@').next().unwrap_or_default().to_owned())
        };
        formatter
            .debug_struct("Proxies")
            .field("http", &shown(&self.http))
            .field("https", &shown(&self.https))
            .field("exceptions", &self.exceptions)
            .finish_non_exhaustive()
    }
}

/// A text that is no address of a proxy. It does not repeat the text, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidProxy {
    /// It can not be read.
    #[error(
        "the address of the proxy can not be read: write it as in `http://proxy.example:3128`, \
         with special characters in user name and password as `%XX`"
    )]
    Address,
    /// It is a proxy of another kind.
    #[error("the proxy is of a kind that is not supported: only `http://` and `https://` are")]
    Scheme,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_the_metadata_service_are_never_asked_for_through_a_proxy() {
        let proxies = Proxies::none()
            .with_http("proxy.example:3128")
            .and_then(|proxies| proxies.with_https("https://proxy.example"))
            .expect("addresses")
            .without("example.com, .example.org,10.0.0.0/8");
        let check = |endpoint: &str, expected: bool| {
            let endpoint = endpoint.parse().expect("an endpoint");
            assert_eq!(proxies.is_used_for(&endpoint), expected, "{endpoint}");
        };
        check("http://oos.cn-hangzhou.aliyuncs.com", true);
        check("https://oos.cn-hangzhou.aliyuncs.com", true);
        check("http://100.100.100.200", false);
        check("http://100.100.100.200:80", false);
        check("http://100.100.100.201", true);
        check("http://127.0.0.1:4060", false);
        check("https://localhost:4060", false);
        check("http://[::1]:4060", false);
        check("https://example.com", false);
        check("https://a.example.com:8443", false);
        check("https://notexample.com", true);
        check("https://b.example.org", false);
        check("https://10.1.2.3", false);
        check("https://11.1.2.3", true);
    }

    #[test]
    fn a_proxy_is_for_its_scheme_only() {
        let proxies = Proxies::none().with_http("http://p:1").expect("an address");
        assert!(proxies.is_used_for(&"http://a.example".parse().expect("an endpoint")));
        assert!(!proxies.is_used_for(&"https://a.example".parse().expect("an endpoint")));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        let check = |address: &str, expected: InvalidProxy| {
            let refused = Proxies::none().with_http(address).expect_err(address);
            assert_eq!(refused, expected, "{address}");
            assert!(!format!("{refused} {refused:?}").contains("s3cr3t"));
        };
        check("", InvalidProxy::Address);
        check("http://", InvalidProxy::Address);
        check("http://u:s3cr3t@x@host:1", InvalidProxy::Address);
        check("http://ho st", InvalidProxy::Address);
        check("/path", InvalidProxy::Address);
        check("socks5://u:s3cr3t@host:1080", InvalidProxy::Scheme);
    }
}
