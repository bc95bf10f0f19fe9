//! What `Claims::read` makes of requests, one line per case.

use oos_sign::{Algorithm, ClaimError, Claims, MAX_HEADERS, ReceivedRequest};
use time::macros::datetime;

type Headers<'a> = Vec<(&'a str, &'a str)>;

const AUTHORIZATION: &str = "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;x-acs-action;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=00";

fn acs3() -> Headers<'static> {
    vec![
        ("Host", "127.0.0.1"),
        ("X-Acs-Action", "TriggerExecution"),
        ("x-acs-version", "2019-06-01"),
        ("x-acs-date", "2026-01-02T03:04:05Z"),
        ("x-acs-signature-nonce", "nonce"),
        ("Authorization", AUTHORIZATION),
    ]
}

fn v1() -> Vec<(&'static str, &'static str)> {
    vec![
        ("AccessKeyId", "testid"),
        ("Action", "TriggerExecution"),
        ("Signature", "AAAA"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "nonce"),
        ("SignatureType", ""),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2026-01-02T03:04:05Z"),
        ("Version", "2019-06-01"),
    ]
}

fn read(headers: &Headers<'_>, raw_query: &str) -> Result<Claims, ClaimError> {
    let headers: Vec<(&str, &[u8])> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()))
        .collect();
    let body = b"";
    Claims::read(&ReceivedRequest {
        method: "POST",
        path: "/",
        raw_query,
        headers: &headers,
        body,
    })
}

fn query(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

/// The usual request with one name given another value; `None` takes it away.
fn changed<'a>(
    mut pairs: Vec<(&'a str, &'a str)>,
    name: &str,
    value: Option<&'a str>,
) -> Vec<(&'a str, &'a str)> {
    let at = pairs
        .iter()
        .position(|(candidate, _)| *candidate == name)
        .expect(name);
    match value {
        Some(value) => pairs[at].1 = value,
        None => drop(pairs.remove(at)),
    }
    pairs
}

#[test]
fn acs3_claims_are_read() {
    let mut headers = acs3();
    let claims = read(&headers, "").expect("complete");
    assert_eq!(claims.algorithm(), Algorithm::Acs3HmacSha256);
    assert_eq!(claims.access_key_id(), "testid");
    assert_eq!(claims.date(), datetime!(2026-01-02 03:04:05 UTC));
    assert_eq!((claims.nonce(), claims.security_token()), ("nonce", None));
    assert_eq!(claims.operation(), Some("TriggerExecution"));
    assert_eq!(claims.version(), Some("2019-06-01"));
    assert_eq!(claims.signed_headers().len(), 5);
    // A client need not sign the host, nor send an operation.
    headers.retain(|(name, _)| !matches!(*name, "Host" | "X-Acs-Action"));
    let authorization = AUTHORIZATION.replace("host;x-acs-action;", "");
    let claims = read(&changed(headers, "Authorization", Some(&authorization)), "");
    assert_eq!(claims.expect("complete").operation(), None);
}

#[test]
fn v1_claims_are_read() {
    let claims = read(&vec![], &(query(&v1()) + "&SecurityToken=a%2Bb")).expect("complete");
    assert_eq!(claims.algorithm(), Algorithm::HmacSha1);
    assert_eq!(
        (claims.access_key_id(), claims.nonce()),
        ("testid", "nonce")
    );
    assert_eq!(claims.date(), datetime!(2026-01-02 03:04:05 UTC));
    assert_eq!(claims.security_token(), Some("a+b"));
    assert_eq!(claims.operation(), Some("TriggerExecution"));
    assert!(claims.signed_headers().is_empty());
}

#[test]
fn incomplete_acs3_is_refused() {
    let check = |name: &str, value: Option<&str>, expected: ClaimError| {
        let mut headers = changed(acs3(), name, value);
        let without = AUTHORIZATION.replace(&format!(";{}", name.to_lowercase()), "");
        if value.is_none() {
            headers = changed(headers, "Authorization", Some(&without));
        }
        assert_eq!(read(&headers, ""), Err(expected), "{name} {value:?}");
    };
    check(
        "x-acs-date",
        None,
        ClaimError::Missing { name: "x-acs-date" },
    );
    check(
        "x-acs-date",
        Some(""),
        ClaimError::Missing { name: "x-acs-date" },
    );
    check(
        "x-acs-date",
        Some("today"),
        ClaimError::Timestamp { name: "x-acs-date" },
    );
    let nonce = "x-acs-signature-nonce";
    check(nonce, None, ClaimError::Missing { name: nonce });
    check(nonce, Some(" "), ClaimError::Missing { name: nonce });
    check(
        nonce,
        Some("a\nb"),
        ClaimError::NotText {
            part: "a signed header",
        },
    );
    check(
        "Authorization",
        Some("ACS3-RSA-SHA256 x"),
        unsupported("ACS3-RSA-SHA256"),
    );
    check("Authorization", Some("Bearer x"), unsupported("Bearer"));
    check("Authorization", Some("acs id:sig"), unsupported("acs"));
}

#[test]
fn a_meaningful_header_must_be_signed_and_stand_once() {
    for name in [
        "x-acs-action",
        "x-acs-version",
        "x-acs-date",
        "x-acs-signature-nonce",
    ] {
        let authorization = AUTHORIZATION.replace(&format!(";{name}"), "");
        let headers = changed(acs3(), "Authorization", Some(&authorization));
        assert_eq!(read(&headers, ""), Err(ClaimError::UnsignedHeader { name }));
        let mut headers = acs3();
        headers.push((name, "2026-01-02T03:04:05Z"));
        assert_eq!(read(&headers, ""), Err(ClaimError::Repeated { name }));
    }
    let mut headers = acs3();
    headers.push(("x-acs-security-token", "added"));
    let name = "x-acs-security-token";
    assert_eq!(read(&headers, ""), Err(ClaimError::UnsignedHeader { name }));
    let mut headers = acs3();
    headers.push(("authorization", AUTHORIZATION));
    assert_eq!(
        read(&headers, ""),
        Err(ClaimError::Repeated {
            name: "authorization"
        })
    );
    let name = "host".to_owned();
    let without_host = changed(acs3(), "Host", None);
    assert_eq!(
        read(&without_host, ""),
        Err(ClaimError::AbsentHeader { name })
    );
}

#[test]
fn incomplete_v1_is_refused() {
    let check = |name: &'static str, value: Option<&str>, expected: ClaimError| {
        let query = query(&changed(v1(), name, value));
        assert_eq!(read(&vec![], &query), Err(expected), "{name} {value:?}");
    };
    let required = [
        "AccessKeyId",
        "SignatureMethod",
        "SignatureNonce",
        "SignatureVersion",
        "Timestamp",
    ];
    for name in required {
        check(name, None, ClaimError::Missing { name });
        check(name, Some(""), ClaimError::Missing { name });
    }
    check("Signature", None, ClaimError::NotSigned);
    check(
        "SignatureMethod",
        Some("HMAC-SHA256"),
        unsupported("HMAC-SHA256"),
    );
    check(
        "SignatureType",
        Some("BEARERTOKEN"),
        unsupported("BEARERTOKEN"),
    );
    check(
        "SignatureVersion",
        Some("2.0"),
        ClaimError::SignatureVersion,
    );
    check(
        "Timestamp",
        Some("2026-01-02"),
        ClaimError::Timestamp { name: "Timestamp" },
    );
    check(
        "Action",
        Some("%ff"),
        ClaimError::NotText {
            part: "a parameter",
        },
    );
    for (name, value) in v1() {
        let twice = query(&v1()) + &format!("&{name}={value}");
        assert_eq!(read(&vec![], &twice), Err(ClaimError::Repeated { name }));
    }
}

#[test]
fn an_unsigned_or_overlong_request_is_refused() {
    assert_eq!(
        read(&vec![], "Action=ListExecutions"),
        Err(ClaimError::NotSigned)
    );
    let many = vec![("a", "b"); MAX_HEADERS + 1];
    let limit = MAX_HEADERS;
    assert_eq!(
        read(&many, ""),
        Err(ClaimError::TooMany {
            what: "headers",
            limit
        })
    );
}

fn unsupported(name: &str) -> ClaimError {
    ClaimError::UnsupportedAlgorithm {
        name: name.to_owned(),
    }
}
