//! Where a request goes.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use thiserror::Error;

/// `http` or `https`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "OOS is served over these two and no other"
)]
pub enum Scheme {
    /// Plain text: for the local OOS.
    Http,
    /// TLS: for the cloud.
    Https,
}

impl Scheme {
    /// The scheme as it stands before `://`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Scheme and authority (`host` or `host:port`) of a service; the text after the scheme is what
/// goes into the Host header and into the signature. Clones share the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Arc<str>,
}

impl Endpoint {
    /// The endpoint of `authority`.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] if the authority is empty or holds more than a host and a port.
    pub fn new(scheme: Scheme, authority: impl Into<String>) -> Result<Self, InvalidEndpoint> {
        let authority = authority.into();
        let well_formed = !authority.is_empty()
            && authority
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b));
        if well_formed {
            let authority = authority.into();
            Ok(Self { scheme, authority })
        } else {
            Err(InvalidEndpoint(authority))
        }
    }

    /// `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Host, and the port if it is not the scheme's own.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Host without port; an IPv6 address without its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        if let Some(rest) = self.authority.strip_prefix('[') {
            return rest.split_once(']').map_or(rest, |(host, _)| host);
        }
        self.authority
            .split_once(':')
            .map_or(&*self.authority, |(host, _)| host)
    }

    /// Whether the host is this machine by its name or address: `localhost`, `127.0.0.0/8`, `::1`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        let named = |name: &str| name.eq_ignore_ascii_case("localhost");
        host.parse::<IpAddr>().map_or_else(
            |_| named(host.rsplit('.').next().unwrap_or(host)),
            |address| address.to_canonical().is_loopback(),
        )
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme.as_str(), self.authority)
    }
}

/// Reads `https://host`, `http://host:port`, or a bare host, which means https. One `/` at the end
/// is allowed.
impl FromStr for Endpoint {
    type Err = InvalidEndpoint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = match text.split_once("://") {
            Some(("http", rest)) => (Scheme::Http, rest),
            Some(("https", rest)) => (Scheme::Https, rest),
            Some(_) => return Err(InvalidEndpoint(text.to_owned())),
            None => (Scheme::Https, text),
        };
        Self::new(scheme, rest.strip_suffix('/').unwrap_or(rest))
            .map_err(|_| InvalidEndpoint(text.to_owned()))
    }
}

/// A text that names no endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no endpoint: write `https://HOST`, or `http://HOST:PORT` for a local OOS")]
pub struct InvalidEndpoint(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_ports() {
        let check = |text: &str, host: &str, loopback: bool| {
            let endpoint: Endpoint = text.parse().expect("an endpoint");
            assert_eq!(
                (endpoint.host(), endpoint.is_loopback()),
                (host, loopback),
                "{text}"
            );
        };
        check("http://localhost:80", "localhost", true);
        check("http://a.LOCALHOST", "a.LOCALHOST", true);
        check("http://127.8.0.1:1", "127.8.0.1", true);
        check("http://[::1]:1", "::1", true);
        check("http://[::ffff:127.0.0.1]", "::ffff:127.0.0.1", true);
        check("http://100.100.100.200", "100.100.100.200", false);
        check("http://localhost.example", "localhost.example", false);
    }

    #[test]
    fn texts_are_read() {
        let check = |text: &str, expected: Option<&str>| {
            let read = text
                .parse::<Endpoint>()
                .ok()
                .map(|endpoint| endpoint.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("http://127.0.0.1:4060", Some("http://127.0.0.1:4060"));
        check("http://[::1]:4060/", Some("http://[::1]:4060"));
        check(
            "https://oos.cn-hangzhou.aliyuncs.com",
            Some("https://oos.cn-hangzhou.aliyuncs.com"),
        );
        check(
            "oos.cn-hangzhou.aliyuncs.com",
            Some("https://oos.cn-hangzhou.aliyuncs.com"),
        );
        check("", None);
        check("https://", None);
        check("ftp://host", None);
        check("http://host/path", None);
        check("http://user:secret@host", None);
        check("http://ho st", None);
    }
}
