//! What a refusal's text says about its cause.

use oos_sign::{
    AccessKey, Acs3, RpcV1, Sign, SignableRequest, SignedParts, SigningParams, Verdict, explain,
    explain_texts,
};
use ring::digest::{SHA256, digest};
use std::fmt::Write;
use time::macros::datetime;

fn sign(scheme: &dyn Sign) -> SignedParts {
    let query = [
        ("Content", "a [b] c+d"),
        ("Name", "x*y~z"),
        ("Type", "Event"),
    ];
    let request = SignableRequest::rpc("h:8080", "TriggerExecution", "2019-06-01", &query);
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

fn parameter(text: &str) -> String {
    format!("Parameter {{ {text} }}")
}

#[test]
fn the_same_text_means_a_wrong_secret() {
    let signed = sign(&Acs3);
    let canonical = signed.canonical_request().expect("ACS3 has one");
    let message = acs3_message(&signed, canonical);
    let found = explain(&signed, &message).expect("a long message");
    assert_eq!((found.verdict(), found.line()), (&Verdict::WrongSecret, 0));
    let only_string = format!("server StringToSign is [{}]", signed.string_to_sign());
    let found = explain(&signed, &only_string).expect("a long message");
    assert_eq!(found.verdict(), &Verdict::WrongSecret);

    let signed = sign(&RpcV1);
    let message = format!(
        "Specified signature is not matched with our calculation. server string to sign is:{}",
        signed.string_to_sign()
    );
    let found = explain(&signed, &message).expect("a long message");
    assert_eq!(found.verdict(), &Verdict::WrongSecret);
}

#[test]
fn a_padded_secret_is_seen() {
    let check = |secret: &str, expected: &Verdict| {
        let signed = sign(&Acs3);
        let canonical = signed.canonical_request();
        let found = explain_texts(&signed, None, canonical).expect("a text");
        let found = found.with_key(&AccessKey::new("testid", secret));
        assert_eq!(found.verdict(), expected, "{secret:?}");
        assert!(!found.to_string().contains("hunter2"), "{found}");
    };
    check("hunter2", &Verdict::WrongSecret);
    check("hunter2 ", &Verdict::PaddedSecret);
    check("\"hunter2\"", &Verdict::PaddedSecret);
    check("hunter2\r", &Verdict::PaddedSecret);
}

#[test]
fn the_first_difference_is_named() {
    let signed = sign(&Acs3);
    let ours = signed.canonical_request().expect("ACS3 has one");
    let check = |from: &str, to: &str, line: usize, verdict: &str, part: &str| {
        assert!(ours.contains(from), "{from} is not in {ours}");
        let theirs = ours.replacen(from, to, 1);
        let found = explain(&signed, &acs3_message(&signed, &theirs)).expect("a long message");
        assert_eq!(format!("{:?}", found.verdict()), verdict, "{from} -> {to}");
        assert_eq!(found.line(), line, "{from} -> {to}");
        assert!(found.to_string().contains(part), "{found}");
        let hidden = format!("{found} {found:?}");
        assert!(
            !hidden.contains("2019-06-01") && !hidden.contains("%5B"),
            "{hidden}"
        );
    };
    check("POST", "GET", 1, "Method", "method");
    check("POST\n/\n", "POST\n/x\n", 2, "Path", "path");
    let header =
        |name: &str, change: &str| format!("Header {{ name: \"{name}\", change: {change} }}");
    check(
        "host:h:8080",
        "host:h",
        4,
        &header("host", "Port"),
        "`host`",
    );
    check(
        "host:h:8080",
        "host:other]:80",
        4,
        &header("host", "Value"),
        "`host`",
    );
    check(
        "signature-nonce:nonce",
        "signature-nonce:",
        8,
        &header("x-acs-signature-nonce", "Value"),
        "`x-acs-signature-nonce`",
    );
    check(
        "x-acs-version:2019-06-01\n",
        "",
        9,
        &header("x-acs-version", "Removed"),
        "did not reach",
    );
    let cases = [
        ("&Type=Event", "", "name: \"Type\", change: Removed"),
        ("&Type=Event", "&Type=event", "name: \"Type\", change: Case"),
        (
            "&Type=Event",
            "&Type=Timer",
            "name: \"Type\", change: Value",
        ),
        (
            "&Type=Event",
            "&Type=Event%20",
            "name: \"Type\", change: Trimmed",
        ),
        (
            "&Type=Event",
            "&Type=Event&Z=1",
            "name: \"Z\", change: Added",
        ),
        (
            "&Type=Event",
            "&Type=Event&Type=Event",
            "name: \"Type\", change: Added",
        ),
        ("c%2Bd", "c%20d", "name: \"Content\", change: PlusAndBlank"),
        ("%5Bb%5D", "%5bb%5d", "name: \"Content\", change: HexCase"),
        ("x%2Ay~z", "x%2Ay%7Ez", "name: \"Name\", change: Escapes"),
        (
            "x%2Ay~z",
            "x%252Ay~z",
            "name: \"Name\", change: EncodedTwice",
        ),
    ];
    for (from, to, verdict) in cases {
        check(from, to, 3, &parameter(verdict), "the parameter `");
    }
    // The header that tells the hash too stands before its line.
    let hash = ours.rsplit('\n').next().expect("the hash");
    let theirs = ours.replace(hash, &"0".repeat(64));
    let found = explain_texts(&signed, None, Some(&theirs)).expect("a text");
    assert_eq!(found.verdict(), &Verdict::Body);
}

#[test]
fn other_texts_are_unknown() {
    let signed = sign(&Acs3);
    let found = explain(&signed, &acs3_message(&signed, "POST")).expect("a long message");
    assert_eq!((found.verdict(), found.line()), (&Verdict::Unknown, 2));
    assert_eq!((found.ours(), found.theirs()), ("/", ""));
    let only_string = "server StringToSign is [ACS3-HMAC-SHA256\n00]";
    let found = explain(&signed, only_string).expect("a long message");
    assert_eq!((found.stage(), found.line()), ("string to sign", 2));
    assert!(found.to_string().contains("line 2"), "{found}");
}

#[test]
fn a_hash_alone_is_compared_with_known_alterations() {
    let signed = sign(&Acs3);
    let ours = signed.canonical_request().expect("ACS3 has one");
    let check = |from: &str, to: &str, expected: &str| {
        let theirs = ours.replace(from, to);
        assert_ne!(ours, theirs, "{from}");
        let hash = digest(&SHA256, theirs.as_bytes());
        let mut text = String::new();
        for byte in hash.as_ref() {
            write!(text, "{byte:02x}").expect("a text takes it");
        }
        let message = format!("server StringToSign is [ACS3-HMAC-SHA256\n{text}]");
        let found = explain(&signed, &message).expect("a string to sign");
        assert_eq!(format!("{:?}", found.verdict()), expected, "{from} -> {to}");
    };
    check("POST", "GET", "Method");
    check("POST\n/\n", "POST\n//\n", "Path");
    check(
        "%2B",
        "%20",
        &parameter("name: \"Content\", change: PlusAndBlank"),
    );
    check(
        "%20",
        "+",
        &parameter("name: \"Content\", change: PlusAndBlank"),
    );
    check("%2A", "*", &parameter("name: \"Name\", change: Escapes"));
    check("~", "%7E", &parameter("name: \"Name\", change: Escapes"));
    check("%5B", "%5b", "Unknown");
    check(
        "&Type=Event",
        "",
        &parameter("name: \"Type\", change: Removed"),
    );
    check("h:8080", "h:80", "Header { name: \"host\", change: Port }");
    check("h:8080", "other", "Unknown");
    let twice = ours.lines().nth(2).expect("a query").replace('%', "%25");
    let query = ours.lines().nth(2).expect("a query");
    check(
        query,
        &twice,
        &parameter("name: \"Content\", change: EncodedTwice"),
    );
}

#[test]
fn a_text_of_v1_is_compared_by_parameter() {
    let signed = sign(&RpcV1);
    let ours = signed.string_to_sign();
    let check = |from: &str, to: &str, expected: &str| {
        assert!(ours.contains(from), "{from} is not in {ours}");
        let theirs = ours.replacen(from, to, 1);
        let found = explain_texts(&signed, Some(&theirs), None).expect("a text");
        assert_eq!(format!("{:?}", found.verdict()), expected, "{from} -> {to}");
    };
    check("POST", "GET", "Method");
    check(
        "%252B",
        "%2520",
        &parameter("name: \"Content\", change: PlusAndBlank"),
    );
    check(
        "%252A",
        "%2A",
        &parameter("name: \"Name\", change: Escapes"),
    );
    check(
        "%26Type%3DEvent",
        "",
        &parameter("name: \"Type\", change: Removed"),
    );
    check(
        "Type%3DEvent",
        "Type%3DTimer",
        &parameter("name: \"Type\", change: Value"),
    );
    let found = explain_texts(&signed, Some("nonsense"), None).expect("a text");
    assert_eq!(found.verdict(), &Verdict::Unknown);
}

#[test]
fn a_short_text_explains_nothing() {
    let signed = sign(&Acs3);
    let short = "Specified signature does not match our calculation.";
    assert_eq!(explain(&signed, short), None);
    assert_eq!(explain(&signed, "server CanonicalRequest is [no end"), None);
    assert_eq!(explain(&signed, ""), None);
    assert_eq!(explain_texts(&signed, None, None), None);
}
