//! What neither signer signs, and what neither verifier accepts.

use oos_sign::{
    AccessKey, Acs3, Algorithm, Claims, ReceivedRequest, RpcV1, Sign, SignError, SignableRequest,
    SignedParts, SigningParams, Verify, VerifyError,
};
use time::OffsetDateTime;
use time::macros::datetime;

const DATE: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);
const QUERY: [(&str, &str); 1] = [("RegionId", "cn-hangzhou")];

fn key() -> AccessKey {
    AccessKey::new("testid", "testsecret")
}

fn request() -> SignableRequest<'static> {
    SignableRequest::rpc("127.0.0.1:8080", "ListExecutions", "2019-06-01", &QUERY)
}

fn sign(
    scheme: &dyn Sign,
    request: &SignableRequest<'_>,
    date: OffsetDateTime,
    nonce: &str,
) -> Result<SignedParts, SignError> {
    scheme.sign(request, &key(), &SigningParams { date, nonce })
}

#[test]
fn both_schemes_refuse_what_cannot_be_sent() {
    let new = SignableRequest::new;
    let check = |request: SignableRequest<'_>, expected: &SignError| {
        for scheme in [&Acs3 as &dyn Sign, &RpcV1] {
            assert_eq!(
                sign(scheme, &request, DATE, "n").err().as_ref(),
                Some(expected)
            );
        }
    };
    for method in ["get", "", "PO ST", "POST\n"] {
        check(request().with_method(method), &SignError::Method);
    }
    for host in ["", "a b", "a\r\nx: y", "é"] {
        check(new("GET", host, "/"), &SignError::Host);
    }
    for path in ["a", "/a b", "/é", "/?a", "/#"] {
        check(new("GET", "h", path), &SignError::Path);
    }
    check(request().with_operation("", "1"), &SignError::Operation);
    check(request().with_operation("A", "1 "), &SignError::Operation);
    check(
        request().with_form_body().with_body(None, b"x"),
        &SignError::TwoBodies,
    );
    for scheme in [&Acs3 as &dyn Sign, &RpcV1] {
        let old = datetime!(-0001-01-01 00:00:00 UTC);
        assert_eq!(
            sign(scheme, &request(), old, "n").err(),
            Some(SignError::Date)
        );
        for nonce in ["", "a b", "a\n"] {
            assert_eq!(
                sign(scheme, &request(), DATE, nonce).err(),
                Some(SignError::Nonce)
            );
        }
        let params = SigningParams {
            date: DATE,
            nonce: "n",
        };
        for (id, token) in [
            ("", "t"),
            ("a,b", "t"),
            ("a\nb", "t"),
            ("id", ""),
            ("id", "t t"),
        ] {
            let key = AccessKey::new(id, "testsecret").with_security_token(token);
            assert_eq!(
                scheme.sign(&request(), &key, &params).err(),
                Some(SignError::AccessKey)
            );
        }
    }
}

#[test]
fn acs3_refuses_headers_it_cannot_sign() {
    let check = |headers: &[(&str, &str)], also: &[&str], expected: SignError| {
        let request = request().with_headers(headers).with_also_signed(also);
        assert_eq!(sign(&Acs3, &request, DATE, "n").err(), Some(expected));
    };
    let name = |name: &str| name.to_owned();
    check(
        &[("x-acs-a", "1\nhost:2")],
        &[],
        SignError::Header {
            name: name("x-acs-a"),
        },
    );
    check(
        &[("a b", "1")],
        &[],
        SignError::Header { name: name("a b") },
    );
    for reserved in [
        "Authorization",
        "host",
        "X-Acs-Date",
        "content-type",
        "x-acs-action",
    ] {
        check(
            &[(reserved, "1")],
            &[],
            SignError::ReservedHeader {
                name: name(reserved),
            },
        );
    }
    check(
        &[("accept", "*/*")],
        &["user-agent"],
        SignError::AbsentHeader {
            name: name("user-agent"),
        },
    );
    let headers = [("x-acs-content-sha256", "00")];
    let prepared = SignableRequest::prepared("GET", "/", &QUERY, &headers, b"");
    assert_eq!(
        sign(&Acs3, &prepared, DATE, "").err(),
        Some(SignError::ContentHash)
    );
}

#[test]
fn v1_refuses_what_it_would_not_cover_or_writes_itself() {
    let not_covered = |part| {
        Some(SignError::NotCovered {
            algorithm: Algorithm::HmacSha1,
            part,
        })
    };
    let json = request().with_body(Some("application/json"), b"{}");
    assert_eq!(
        sign(&RpcV1, &json, DATE, "n").err(),
        not_covered("a body other than a form")
    );
    let path = SignableRequest::new("GET", "h", "/a");
    assert_eq!(sign(&RpcV1, &path, DATE, "n").err(), not_covered("a path"));
    for name in [
        "Action",
        "AccessKeyId",
        "Signature",
        "SignatureNonce",
        "Timestamp",
    ] {
        let query = [(name, "1")];
        let reserved = SignError::ReservedParameter {
            name: name.to_owned(),
        };
        assert_eq!(
            sign(&RpcV1, &request().with_query(&query), DATE, "n").err(),
            Some(reserved)
        );
    }
    let form = "application/x-www-form-urlencoded";
    let unreadable = request().with_body(Some(form), b"\xff");
    let error = sign(&RpcV1, &unreadable, DATE, "n").expect_err("not UTF-8");
    assert!(matches!(error, SignError::FormBody(_)));
}

/// Signs, lets `change` rewrite what arrives, and verifies with `key`.
fn verify_changed(
    scheme: &dyn Sign,
    verifier: &dyn Verify,
    key: &AccessKey,
    change: impl Fn(&mut ReceivedRequest<'_>),
) -> Result<(), VerifyError> {
    let signed = sign(scheme, &request(), DATE, "nonce").expect("a plain request");
    let headers: Vec<(&str, &[u8])> = signed
        .headers()
        .map(|(name, value)| (name, value.as_bytes()))
        .collect();
    let mut received = ReceivedRequest {
        method: "POST",
        path: "/",
        raw_query: signed.query(),
        headers: &headers,
        body: b"",
    };
    let claims = Claims::read(&received).expect("complete");
    change(&mut received);
    verifier.verify(&received, &claims, key)
}

#[test]
fn verifiers_refuse_with_the_reason() {
    let unchanged = |_: &mut ReceivedRequest<'_>| ();
    let acs3 = |key: AccessKey| verify_changed(&Acs3, &Acs3, &key, unchanged);
    acs3(key()).expect("unchanged");
    assert!(matches!(
        acs3(AccessKey::new("other", "testsecret")),
        Err(VerifyError::OtherKey)
    ));
    assert!(matches!(
        acs3(key().with_security_token("t")),
        Err(VerifyError::SecurityToken)
    ));
    assert!(matches!(
        acs3(AccessKey::new("testid", "x")),
        Err(VerifyError::Mismatch(_))
    ));
    let claimed = Algorithm::HmacSha1;
    let other = verify_changed(&RpcV1, &Acs3, &key(), unchanged);
    assert!(matches!(other, Err(VerifyError::OtherAlgorithm { claimed: c }) if c == claimed));
    let other = verify_changed(&Acs3, &RpcV1, &key(), unchanged);
    assert!(matches!(other, Err(VerifyError::OtherAlgorithm { .. })));

    let body = verify_changed(&Acs3, &Acs3, &key(), |received| received.body = b"x");
    assert!(matches!(body, Err(VerifyError::ContentHash)));
    let path = verify_changed(&Acs3, &Acs3, &key(), |received| received.path = "/\n");
    assert!(matches!(path, Err(VerifyError::Request(_))));
    let method = verify_changed(&Acs3, &Acs3, &key(), |received| received.method = "P\n");
    assert!(matches!(method, Err(VerifyError::Request(_))));
    let gone = verify_changed(&Acs3, &Acs3, &key(), |received| received.headers = &[]);
    assert!(matches!(gone, Err(VerifyError::Request(_))));

    verify_changed(&RpcV1, &RpcV1, &key(), unchanged).expect("unchanged");
    let body = verify_changed(&RpcV1, &RpcV1, &key(), |received| received.body = b"x");
    assert!(matches!(body, Err(VerifyError::NotCovered { .. })));
    let path = verify_changed(&RpcV1, &RpcV1, &key(), |received| received.path = "/a");
    assert!(matches!(path, Err(VerifyError::NotCovered { .. })));
    let secret = verify_changed(&RpcV1, &RpcV1, &AccessKey::new("testid", "x"), unchanged);
    let Err(VerifyError::Mismatch(mismatch)) = secret else {
        panic!("{secret:?}")
    };
    assert!(
        mismatch
            .string_to_sign()
            .starts_with("POST&%2F&AccessKeyId%3Dtestid%26Action")
    );
    assert_eq!(mismatch.canonical_request(), None);
}

#[test]
fn a_wrong_content_hash_is_refused_even_if_signed() {
    let headers = [
        ("x-acs-date", "2026-01-02T03:04:05Z"),
        ("x-acs-signature-nonce", "nonce"),
    ];
    let prepared = SignableRequest::prepared("POST", "/", &QUERY, &headers, b"body");
    let signed = sign(&Acs3, &prepared, DATE, "").expect("a prepared request");
    let mut headers: Vec<(&str, &[u8])> = signed
        .headers()
        .map(|(name, value)| (name, value.as_bytes()))
        .collect();
    let verify = |headers: &[(&str, &[u8])]| {
        let (raw_query, body) = (signed.query(), b"body");
        let received = ReceivedRequest {
            method: "POST",
            path: "/",
            raw_query,
            headers,
            body,
        };
        let claims = Claims::read(&received).expect("complete");
        oos_sign::verify(&received, &claims, &key())
    };
    verify(&headers).expect("the hash header is optional");
    headers.push(("x-acs-content-sha256", b"00"));
    assert!(matches!(verify(&headers), Err(VerifyError::ContentHash)));
}
