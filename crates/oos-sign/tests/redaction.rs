//! No public type shows a secret, a token, a signature or a parameter's value.

use std::fmt::Debug;

use oos_sign::{
    AccessKey, Acs3, Claims, ReceivedRequest, RpcV1, SecretKey, Sign, SignableRequest, SignedParts,
    SigningParams, VerifyError, explain,
};
use time::macros::datetime;

const SECRETS: [&str; 4] = [
    "hidden-secret",
    "hidden-token",
    "hidden-value",
    "hidden-header",
];

fn check(what: &str, value: &dyn Debug, signature: &str) {
    let shown = format!("{value:?} {value:#?}");
    for secret in SECRETS.iter().chain([&signature]) {
        assert!(!shown.contains(secret), "{what} shows {secret}: {shown}");
    }
}

fn sign(scheme: &dyn Sign, request: &SignableRequest<'_>, secret: &str) -> SignedParts {
    let key = AccessKey::new("testid", secret).with_security_token("hidden-token");
    let params = SigningParams {
        date: datetime!(2026-01-02 03:04:05 UTC),
        nonce: "nonce",
    };
    scheme
        .sign(request, &key, &params)
        .expect("a plain request")
}

#[test]
fn nothing_secret_is_shown() {
    let query = [("Value", "hidden-value")];
    let request = SignableRequest::rpc("h", "CreateSecretParameter", "2019-06-01", &query)
        .with_headers(&[("x-acs-extra", "hidden-header")])
        .with_form_body();
    for scheme in [&Acs3 as &dyn Sign, &RpcV1] {
        let signed = sign(scheme, &request, "hidden-secret");
        let signature = signed.signature();
        let headers: Vec<(&str, &[u8])> = signed
            .headers()
            .map(|(name, value)| (name, value.as_bytes()))
            .collect();
        let received = ReceivedRequest {
            method: "POST",
            path: "/",
            raw_query: signed.query(),
            headers: &headers,
            body: signed.form_body().unwrap_or_default().as_bytes(),
        };
        let claims = Claims::read(&received).expect("complete");
        let key = AccessKey::new("testid", "hidden-secret").with_security_token("hidden-token");
        oos_sign::verify(&received, &claims, &key).expect("unchanged");
        let other = AccessKey::new("testid", "x").with_security_token("hidden-token");
        let error = oos_sign::verify(&received, &claims, &other).expect_err("another secret");
        assert!(matches!(error, VerifyError::Mismatch(_)));
        let message = format!(
            "server string to sign is:{}hidden-value",
            signed.string_to_sign()
        );
        let explanation = explain(&signed, &message).expect("a known form");

        check("SignableRequest", &request, signature);
        check("SignedParts", &signed, signature);
        check("ReceivedRequest", &received, signature);
        check("Claims", &claims, signature);
        check("AccessKey", &key, signature);
        check("SecretKey", &SecretKey::new("hidden-secret"), signature);
        check("VerifyError", &error, signature);
        check("its Display", &error.to_string(), signature);
        check("Explanation", &explanation, signature);
        check("its Display", &explanation.to_string(), signature);
        check("the schemes", &(Acs3, RpcV1, scheme), signature);
    }
}

#[test]
fn a_refused_value_is_not_shown() {
    let key = AccessKey::new("testid", "hidden-secret").with_security_token("hidden-token\n");
    let params = SigningParams {
        date: datetime!(2026-01-02 03:04:05 UTC),
        nonce: "nonce",
    };
    let query = [("Value", "hidden-value")];
    let request = SignableRequest::rpc("h", "A", "1", &query);
    let error = Acs3
        .sign(&request, &key, &params)
        .expect_err("a line break in the token");
    check("SignError", &error, "hidden");
    check("its Display", &error.to_string(), "hidden");
    let request = request.with_headers(&[("x-acs-a", "hidden-header\n")]);
    let key = AccessKey::new("testid", "hidden-secret");
    let error = Acs3
        .sign(&request, &key, &params)
        .expect_err("a line break in a header");
    check("SignError", &error, "hidden");
    check("its Display", &error.to_string(), "hidden");
}
