//! Who may call: both signature versions, keys, the window of time, nonces, and the forms in which
//! parameters travel.

mod local_support;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use local_support::call;
use oos_clock::{Clock, Entropy, FakeClock, SystemClock, SystemEntropy, hex32};
use oos_local::LocalOos;
use oos_sign::{AccessKey, Acs3, RpcV1, Sign, SignableRequest, SignedParts, SigningParams};
use oos_transport::{HttpRequest, HttpResponse};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

const QUERY: &[(&str, &str)] = &[("MaxResults", "10"), ("TemplateName", "a b+*~/名")];

fn at_now() -> (LocalOos, FakeClock) {
    let clock = FakeClock::at(NOW);
    (
        LocalOos::builder()
            .gateway_clock(Arc::new(clock.clone()))
            .spawn(),
        clock,
    )
}

fn nonce() -> String {
    hex32(&SystemEntropy as &dyn Entropy)
}

fn request(local: &LocalOos, signed: SignedParts) -> HttpRequest {
    let target = format!("/?{}", signed.query());
    let mut request = HttpRequest::new(Method::POST, local.endpoint(), target);
    request.headers = signed
        .headers()
        .map(|(name, value)| {
            let name = HeaderName::try_from(name).expect("a header name");
            (name, HeaderValue::from_str(value).expect("a header value"))
        })
        .collect::<HeaderMap>();
    if let Some(form) = signed.into_form_body() {
        request.body = form.into();
    }
    request
}

fn signable<'a>(local: &LocalOos) -> SignableRequest<'a> {
    assert_eq!(local.endpoint().authority(), "oos.local");
    SignableRequest::rpc("oos.local", "ListExecutions", "2019-06-01", QUERY)
}

fn signed(local: &LocalOos, signer: &dyn Sign, date: OffsetDateTime, nonce: &str) -> HttpRequest {
    let params = SigningParams { date, nonce };
    let parts = signer.sign(&signable(local), local.access_key(), &params);
    request(local, parts.expect("it can be signed"))
}

fn read(response: &HttpResponse) -> (u16, Value) {
    let body = serde_json::from_slice(response.body.as_bytes()).expect("an answer is JSON");
    (response.status.as_u16(), body)
}

async fn check(local: &LocalOos, request: HttpRequest, expected: (u16, Option<&str>)) -> Value {
    let (status, body) = read(&local.handle(request).await);
    assert_eq!((status, body["Code"].as_str()), expected, "{body}");
    body
}

const SIGNERS: [&dyn Sign; 2] = [&Acs3, &RpcV1];

#[tokio::test]
async fn both_signatures_are_accepted_with_query_and_form() {
    let (local, _) = at_now();
    for signer in SIGNERS {
        check(&local, signed(&local, signer, NOW, &nonce()), (200, None)).await;
        let (form, nonce) = (signable(&local).with_form_body(), nonce());
        let params = SigningParams {
            date: NOW,
            nonce: &nonce,
        };
        let parts = signer
            .sign(&form, local.access_key(), &params)
            .expect("it can be signed");
        let request = request(&local, parts);
        assert!(!request.body.is_empty());
        let body = check(&local, request, (200, None)).await;
        assert_eq!(body["MaxResults"], 10, "the form was read");
    }
}

#[tokio::test]
async fn answers_have_the_headers_of_the_service() {
    let (local, _) = at_now();
    let mut wrong = signed(&local, &Acs3, NOW, &nonce());
    wrong.target.push_str("&More=1");
    for request in [signed(&local, &Acs3, NOW, &nonce()), wrong] {
        let response = local.handle(request).await;
        let (_, body) = read(&response);
        let header = |name| response.header(name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(header("content-type"), "application/json;charset=utf-8");
        assert_eq!(Some(header("x-acs-request-id")), body["RequestId"].as_str());
        assert_eq!(header("x-acs-trace-id").len(), 32);
        assert_eq!(header("access-control-allow-origin"), "*");
        assert_eq!(header("access-control-expose-headers"), "*");
        assert_eq!(header("vary"), "Accept-Encoding");
        assert_eq!(header("date"), "Fri, 02 Jan 2026 03:04:05 GMT");
        assert!(!header("etag").is_empty());
    }
}

#[tokio::test]
async fn a_wrong_signature_is_answered_with_what_the_server_computed() {
    let (local, _) = at_now();
    let wrong = AccessKey::new(local.access_key().id(), "wrong");
    let nonce = nonce();
    let params = SigningParams {
        date: NOW,
        nonce: &nonce,
    };

    let parts = Acs3
        .sign(&signable(&local), &wrong, &params)
        .expect("it can be signed");
    let (to_sign, canonical) = (
        parts.string_to_sign(),
        parts.canonical_request().expect("V3 has one"),
    );
    let text = format!(
        "Specified signature does not match our calculation. server StringToSign is [{to_sign}] \
         server CanonicalRequest is [{canonical}]"
    );
    let body = check(
        &local,
        request(&local, parts.clone()),
        (400, Some("SignatureDoesNotMatch")),
    )
    .await;
    assert_eq!(body["Message"], text);

    let parts = RpcV1
        .sign(&signable(&local), &wrong, &params)
        .expect("it can be signed");
    let text = format!(
        "Specified signature is not matched with our calculation. server string to sign is:{}",
        parts.string_to_sign()
    );
    let body = check(
        &local,
        request(&local, parts.clone()),
        (400, Some("SignatureDoesNotMatch")),
    )
    .await;
    assert_eq!(body["Message"], text);
}

#[tokio::test]
async fn an_unknown_key_is_not_found() {
    let (local, _) = at_now();
    let other = AccessKey::new("nobody", local.access_key().secret().expose());
    for signer in SIGNERS {
        let nonce = nonce();
        let params = SigningParams {
            date: NOW,
            nonce: &nonce,
        };
        let parts = signer
            .sign(&signable(&local), &other, &params)
            .expect("it can be signed");
        check(
            &local,
            request(&local, parts),
            (404, Some("InvalidAccessKeyId.NotFound")),
        )
        .await;
    }
}

#[tokio::test]
async fn dates_are_taken_up_to_the_edges_of_the_window() {
    let (local, _) = at_now();
    let edge = time::Duration::minutes(15);
    let second = time::Duration::SECOND;
    for signer in SIGNERS {
        for (date, expected) in [
            (NOW - edge, (200, None)),
            (NOW + edge, (200, None)),
            (NOW - edge - second, (400, Some("InvalidTimeStamp.Expired"))),
            (NOW + edge + second, (400, Some("InvalidTimeStamp.Expired"))),
        ] {
            check(&local, signed(&local, signer, date, &nonce()), expected).await;
        }
    }
    let clock = FakeClock::at(NOW);
    let narrow = LocalOos::builder()
        .gateway_clock(Arc::new(clock))
        .signature_window(Duration::ZERO);
    let narrow = narrow.spawn();
    check(&narrow, signed(&narrow, &Acs3, NOW, &nonce()), (200, None)).await;
    let late = signed(&narrow, &Acs3, NOW - second, &nonce());
    check(&narrow, late, (400, Some("InvalidTimeStamp.Expired"))).await;
}

#[tokio::test]
async fn a_nonce_counts_once() {
    let (local, clock) = at_now();
    for signer in SIGNERS {
        let nonce = nonce();
        let late = NOW + time::Duration::minutes(15);
        let request = signed(&local, signer, late, &nonce);
        check(&local, request.clone(), (200, None)).await;
        check(&local, request.clone(), (400, Some("SignatureNonceUsed"))).await;
        let other = signed(&local, signer, NOW, &nonce);
        check(&local, other, (400, Some("SignatureNonceUsed"))).await;
    }
    // As long as a date passes the window, its nonce is remembered.
    let nonce = nonce();
    let early = signed(&local, &Acs3, NOW + time::Duration::minutes(15), &nonce);
    check(&local, early.clone(), (200, None)).await;
    clock.advance(Duration::from_mins(30));
    check(&local, early.clone(), (400, Some("SignatureNonceUsed"))).await;
    clock.advance(Duration::from_secs(1));
    check(&local, early, (400, Some("InvalidTimeStamp.Expired"))).await;
}

#[tokio::test]
async fn a_forged_request_does_not_use_up_a_nonce() {
    let (local, _) = at_now();
    let nonce = nonce();
    let real = signed(&local, &Acs3, NOW, &nonce);
    let mut forged = real.clone();
    forged.target.push_str("&Status=Waiting");
    check(&local, forged, (400, Some("SignatureDoesNotMatch"))).await;
    check(&local, real, (200, None)).await;
}

type Change = fn(&mut HttpRequest);

#[tokio::test]
async fn requests_that_are_not_whole_are_refused() {
    let (local, _) = at_now();
    let cases: [(&str, Change, (u16, &str)); 14] = [
        (
            "no signature",
            |r| drop(r.headers.remove("authorization")),
            (400, "MissingSignature"),
        ),
        (
            "no date",
            |r| drop(r.headers.remove("x-acs-date")),
            (400, "IncompleteSignature"),
        ),
        (
            "no nonce",
            |r| drop(r.headers.remove("x-acs-signature-nonce")),
            (400, "IncompleteSignature"),
        ),
        (
            "a strange date",
            |r| put(r, "x-acs-date", "yesterday"),
            (400, "InvalidTimeStamp.Format"),
        ),
        (
            "another method",
            |r| {
                put(
                    r,
                    "authorization",
                    "ACS3-HMAC-SM3 Credential=a,SignedHeaders=b,Signature=c",
                );
            },
            (400, "InvalidSignatureMethod"),
        ),
        (
            "a bearer token",
            |r| put(r, "authorization", "Bearer x"),
            (400, "InvalidSignatureMethod"),
        ),
        (
            "half an authorization",
            |r| put(r, "authorization", "ACS3-HMAC-SHA256 Credential=a"),
            (400, "IncompleteSignature"),
        ),
        (
            "another body",
            |r| r.body = "x".into(),
            (400, "IncompleteSignature"),
        ),
        (
            "another parameter",
            |r| r.target.push_str("&A=1"),
            (400, "SignatureDoesNotMatch"),
        ),
        (
            "another operation",
            |r| put(r, "x-acs-action", "CancelExecution"),
            (400, "SignatureDoesNotMatch"),
        ),
        (
            "a token",
            |r| put(r, "x-acs-security-token", "x"),
            (400, "IncompleteSignature"),
        ),
        (
            "DELETE",
            |r| r.method = Method::DELETE,
            (400, "UnsupportedHTTPMethod"),
        ),
        (
            "a path",
            |r| r.target = r.target.replacen('/', "/oos", 1),
            (404, "InvalidApi.NotFound"),
        ),
        (
            "a huge body",
            |r| r.body = vec![b'x'; oos_local::MOST_BODY_BYTES + 1].into(),
            (413, "RequestTooLarge"),
        ),
    ];
    for (what, change, (status, code)) in cases {
        let mut request = signed(&local, &Acs3, NOW, &nonce());
        change(&mut request);
        let (got, body) = read(&local.handle(request).await);
        assert_eq!(
            (got, body["Code"].as_str()),
            (status, Some(code)),
            "{what}: {body}"
        );
    }
}

fn put(request: &mut HttpRequest, name: &'static str, value: &'static str) {
    request
        .headers
        .insert(name, HeaderValue::from_static(value));
}

#[tokio::test]
async fn operation_and_version_have_to_be_named() {
    let (local, _) = at_now();
    for (operation, version, expected) in [
        ("ListExecutions", "2019-06-01", (200, None)),
        (
            "ListExecutions",
            "2018-06-01",
            (400, Some("InvalidVersion")),
        ),
    ] {
        for signer in SIGNERS {
            let nonce = nonce();
            let params = SigningParams {
                date: NOW,
                nonce: &nonce,
            };
            let signable = SignableRequest::rpc("oos.local", operation, version, QUERY);
            let parts = signer.sign(&signable, local.access_key(), &params);
            check(
                &local,
                request(&local, parts.expect("it can be signed")),
                expected,
            )
            .await;
        }
    }
    for (query, code) in [
        (&[("Version", "2019-06-01")][..], "MissingAction"),
        (&[("Action", "ListExecutions")], "MissingVersion"),
    ] {
        let nonce = nonce();
        let params = SigningParams {
            date: NOW,
            nonce: &nonce,
        };
        let signable = SignableRequest::new("POST", "oos.local", "/").with_query(query);
        let parts = Acs3.sign(&signable, local.access_key(), &params);
        let request = request(&local, parts.expect("it can be signed"));
        check(&local, request, (400, Some(code))).await;
    }
    let query = [("Action", "ListExecutions"), ("Version", "2019-06-01")];
    let nonce = nonce();
    let params = SigningParams {
        date: NOW,
        nonce: &nonce,
    };
    let signable = SignableRequest::new("GET", "oos.local", "/").with_query(&query);
    let parts = Acs3
        .sign(&signable, local.access_key(), &params)
        .expect("it can be signed");
    let mut request = request(&local, parts);
    request.method = Method::GET;
    check(&local, request, (200, None)).await;
}

#[tokio::test]
async fn nothing_shows_the_secret() {
    let local = LocalOos::builder()
        .access_key(AccessKey::new("testid", "hidden-secret"))
        .spawn();
    let shown = format!(
        "{local:?} {local:#?} {:?} {:?}",
        local.transport(),
        local.client()
    );
    assert!(shown.contains("testid"), "{shown}");
    assert!(!shown.contains("hidden-secret"), "{shown}");
    let fresh = (LocalOos::builder().spawn(), LocalOos::builder().spawn());
    assert_ne!(fresh.0.access_key().id(), fresh.1.access_key().id());
    assert_eq!(fresh.0.access_key().secret().expose().len(), 32);
    assert_eq!(call(&fresh.0, "ListExecutions", &[]).await.0, 200);
    assert!(SystemClock.now() > NOW);
}
