//! What a refusal's text says about its cause.

use oos_sign::{
    AccessKey, Acs3, Explanation, RpcV1, Sign, SignableRequest, SignedParts, SigningParams, explain,
};
use time::macros::datetime;

fn sign(scheme: &dyn Sign) -> SignedParts {
    let query = [("Content", "a [b] c"), ("Type", "Event")];
    let request = SignableRequest::rpc("h", "TriggerExecution", "2019-06-01", &query);
    let params = SigningParams {
        date: datetime!(2026-01-02 03:04:05 UTC),
        nonce: "nonce",
    };
    scheme
        .sign(&request, &AccessKey::new("testid", "testsecret"), &params)
        .expect("plain")
}

fn acs3_message(signed: &SignedParts, canonical_request: &str) -> String {
    format!(
        "Specified signature does not match our calculation. server StringToSign is [{}] server CanonicalRequest is [{canonical_request}]",
        signed.string_to_sign(),
    )
}

#[test]
fn the_same_text_means_a_wrong_secret() {
    let signed = sign(&Acs3);
    let canonical = signed.canonical_request().expect("ACS3 has one");
    let message = acs3_message(&signed, canonical);
    assert_eq!(explain(&signed, &message), Some(Explanation::WrongSecret));
    let signed = sign(&RpcV1);
    let message = format!(
        "Specified signature is not matched with our calculation. server string to sign is:{}",
        signed.string_to_sign()
    );
    assert_eq!(explain(&signed, &message), Some(Explanation::WrongSecret));
}

#[test]
fn another_text_is_shown_by_line() {
    let signed = sign(&Acs3);
    let canonical = signed.canonical_request().expect("ACS3 has one");
    let message = acs3_message(&signed, &canonical.replace("host:h", "host:h]:80"));
    let expected = Explanation::Differs {
        stage: "canonical request",
        line: 4,
        ours: "host:h".to_owned(),
        theirs: "host:h]:80".to_owned(),
    };
    assert_eq!(explain(&signed, &message), Some(expected));
    let shorter = acs3_message(&signed, "POST");
    let Some(Explanation::Differs { line, theirs, .. }) = explain(&signed, &shorter) else {
        panic!("the texts differ");
    };
    assert_eq!((line, theirs.as_str()), (2, ""));
    let only_string = "server StringToSign is [ACS3-HMAC-SHA256\n00]";
    let Some(Explanation::Differs { stage, line, .. }) = explain(&signed, only_string) else {
        panic!("the texts differ");
    };
    assert_eq!((stage, line), ("string to sign", 2));
}

#[test]
fn a_short_text_explains_nothing() {
    let signed = sign(&Acs3);
    assert_eq!(
        explain(
            &signed,
            "Specified signature does not match our calculation."
        ),
        None
    );
    assert_eq!(explain(&signed, "server CanonicalRequest is [no end"), None);
    assert_eq!(explain(&signed, ""), None);
}
