//! Whether a request means this server: what its Host header has to say.
//!
//! A page in a browser can be made to send requests to a port of this machine by a name that its
//! author controls (DNS rebinding). Such a request carries that name, so names other than
//! `localhost` are refused. An address can not be rebound.

use std::net::{IpAddr, SocketAddr};

/// So much of a header is repeated in a message.
const MOST_SHOWN: usize = 100;

/// Checks the Host header of a request.
///
/// # Errors
/// A sentence: what it is, and what to give the client instead.
pub(super) fn check(
    host: Option<&[u8]>,
    address: SocketAddr,
    endpoint: &str,
) -> Result<(), String> {
    let Some(host) = host.filter(|host| !host.is_empty()) else {
        return Err(format!(
            "The request has no Host header: send `Host: {endpoint}`."
        ));
    };
    let text = String::from_utf8_lossy(host);
    if is_own(&text, address.ip()) {
        return Ok(());
    }
    let shown: String = text.chars().take(MOST_SHOWN).collect();
    if let Some((scheme, rest)) = text.split_once("://") {
        let rest = rest.trim_end_matches('/');
        let right = if is_own(rest, address.ip()) {
            rest
        } else {
            endpoint
        };
        return Err(format!(
            "The Host header is `{shown}`, which holds the scheme `{}`: give the client the \
             endpoint `{right}` without a scheme, and set its protocol to HTTP (in Python, \
             Config(endpoint=\"{right}\", protocol=\"HTTP\")).",
            scheme.chars().take(MOST_SHOWN).collect::<String>()
        ));
    }
    Err(format!(
        "The Host header is `{shown}`, which does not name this local OOS: give the client the \
         endpoint `{endpoint}`."
    ))
}

fn is_own(host: &str, listening: IpAddr) -> bool {
    let Some(name) = without_port(host) else {
        return false;
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let bare = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    let address = match bare {
        Some(bare) => bare.parse().ok().map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    };
    address.is_some_and(|address| {
        let address = address.to_canonical();
        let listening = listening.to_canonical();
        address.is_loopback() || address == listening || listening.is_unspecified()
    })
}

fn without_port(host: &str) -> Option<&str> {
    let end = host.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = host[end..].find(':').map(|at| at + end) else {
        return Some(host);
    };
    let port = &host[colon + 1..];
    let is_port = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    is_port.then_some(&host[..colon])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_pass_and_others_do_not() {
        let check = |listening: &str, host: &str, own: bool| {
            let address = listening.parse().expect("an address");
            let checked = super::check(Some(host.as_bytes()), address, "127.0.0.1:4060");
            assert_eq!(checked.is_ok(), own, "{host} at {listening}: {checked:?}");
        };
        for host in [
            "localhost",
            "LocalHost:4060",
            "127.0.0.1",
            "127.0.0.1:4060",
            "127.0.0.1:1",
            "127.9.9.9:80",
            "[::1]",
            "[::1]:4060",
            "[::ffff:127.0.0.1]:4060",
            "127.0.0.1:",
        ] {
            check("127.0.0.1:4060", host, true);
        }
        for host in [
            "oos.cn-hangzhou.aliyuncs.com",
            "localhost.example",
            "localhost.example:4060",
            "127.0.0.1.example",
            "192.168.0.7:4060",
            "0.0.0.0:4060",
            "127.0.0.1:4060:1",
            "127.0.0.1:port",
            "127.0.0.1:123456",
            "user@127.0.0.1",
            "http://127.0.0.1:4060",
            "::1",
            "[::1",
            "]",
            "[]",
            ":4060",
            " ",
        ] {
            check("127.0.0.1:4060", host, false);
        }
        check("192.168.0.7:4060", "192.168.0.7:4060", true);
        check("192.168.0.7:4060", "192.168.0.8:4060", false);
        check("0.0.0.0:4060", "192.168.0.8:4060", true);
        check("[::]:4060", "[fe80::1]:4060", true);
        check("0.0.0.0:4060", "evil.example:4060", false);
    }

    #[test]
    fn a_scheme_is_named_with_its_mending() {
        let address = "127.0.0.1:4060".parse().expect("an address");
        let told = |host: &str| {
            check(Some(host.as_bytes()), address, "127.0.0.1:4060").expect_err("it is wrong")
        };
        for host in ["http://127.0.0.1:4060", "https://127.0.0.1:4060/"] {
            let text = told(host);
            assert!(text.contains(host), "{text}");
            assert!(
                text.contains("endpoint=\"127.0.0.1:4060\", protocol=\"HTTP\""),
                "{text}"
            );
        }
        assert!(told("http://localhost:9").contains("endpoint=\"localhost:9\""));
        assert!(told("http://evil.example").contains("endpoint=\"127.0.0.1:4060\""));
        let long = told(&format!("http://{}", "x".repeat(10_000)));
        assert!(long.len() < 600, "{long}");
        let none = check(None, address, "127.0.0.1:4060").expect_err("there is none");
        assert!(none.contains("no Host header"), "{none}");
    }
}
