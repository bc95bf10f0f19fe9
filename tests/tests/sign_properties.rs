//! Laws of signing: what is signed verifies, and what is changed afterwards is refused.

use std::borrow::Cow;

use oos_sign::{
    AccessKey, Acs3, Claims, ReceivedRequest, RpcV1, Sign, SignableRequest, SignedParts,
    SigningParams, VerifyError,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use time::macros::datetime;

type Texts = Vec<(String, String)>;

const PARAMS: SigningParams<'static> = SigningParams {
    date: datetime!(2026-01-02 03:04:05 UTC),
    nonce: "6c9f0c0e-nonce",
};
const HOST: &str = "127.0.0.1:8080";

fn key() -> AccessKey {
    AccessKey::new("testid", "testsecret").with_security_token("token/+==")
}

/// Letters, what forms and signatures treat specially, and any other character.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(
        " +%&=*~/\\\"'?#;,:.-_\n\t\u{0}\u{7f}é名🔥\u{3000}"
            .chars()
            .collect::<Vec<_>>(),
    );
    let any = prop_oneof![4 => proptest::char::range('0', 'z'), 3 => special, 1 => any::<char>()];
    vec(any, 0..12).prop_map(|chars| chars.into_iter().collect())
}

/// Parameters with an `x` before each name, so that none is a protocol parameter; names may repeat.
fn parameters() -> impl Strategy<Value = Texts> {
    vec((text(), text()), 0..8).prop_map(|pairs| {
        pairs
            .into_iter()
            .map(|(name, value)| (format!("x{name}"), value))
            .collect()
    })
}

fn headers() -> impl Strategy<Value = Texts> {
    let value = "[ -~\t]{0,12}|[é名🔥 ]{0,6}";
    vec(
        (
            "[xX]-[aA]cs-x[a-zA-Z0-9-]{0,6}",
            value.prop_map(String::from),
        ),
        0..5,
    )
}

/// A request as a server receives it, owned so that it can be changed.
#[derive(Clone, Debug)]
struct Wire {
    method: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Wire {
    fn of(signed: &SignedParts, body: &[u8]) -> Self {
        let headers = signed.headers();
        Self {
            method: "POST".to_owned(),
            query: signed.query().to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect(),
            body: signed.form_body().map_or(body, str::as_bytes).to_vec(),
        }
    }

    /// Sent by another client: decoded, and written anew as forms do it.
    fn rewritten(mut self) -> Self {
        self.query = written(&decoded(&self.query));
        self
    }

    /// Claims and signature hold.
    fn accepted(&self) -> Result<(), String> {
        let headers: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let request = ReceivedRequest {
            method: &self.method,
            path: "/",
            raw_query: &self.query,
            headers: &headers,
            body: &self.body,
        };
        let claims = Claims::read(&request).map_err(|error| error.to_string())?;
        oos_sign::verify(&request, &claims, &key()).map_err(|error| match error {
            VerifyError::Mismatch(mismatch) => format!("mismatch: {}", mismatch.string_to_sign()),
            other => other.to_string(),
        })
    }
}

fn decoded(query: &str) -> Texts {
    let pairs = oos_sign::decode_form(query).expect("our own query");
    pairs
        .into_iter()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn written(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b' ' => "+".to_owned(),
                b'*' => "*".to_owned(),
                _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("%{byte:02x}"),
            })
            .collect::<String>()
    };
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// One character more, less or other: never the same text.
fn changed(text: &str, place: Index, kind: u8) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let place = place.index(chars.len() + 1);
    match (kind % 3, chars.get(place).copied()) {
        (0, Some(_)) => drop(chars.remove(place)),
        (1, Some(old)) => chars[place] = if old == 'q' { 'r' } else { 'q' },
        _ => chars.insert(place, 'q'),
    }
    chars.into_iter().collect()
}

fn sign_acs3(query: &Texts, headers: &Texts, body: &[u8]) -> SignedParts {
    let request = SignableRequest::rpc(HOST, "StartExecution", "2019-06-01", query)
        .with_headers(headers)
        .with_body(Some("application/octet-stream"), body);
    Acs3.sign(&request, &key(), &PARAMS)
        .expect("a sendable request")
}

fn sign_v1(query: &Texts, form: bool) -> SignedParts {
    let request = SignableRequest::rpc(HOST, "StartExecution", "2019-06-01", query);
    let request = if form {
        request.with_form_body()
    } else {
        request
    };
    RpcV1
        .sign(&request, &key(), &PARAMS)
        .expect("a sendable request")
}

fn sorted(mut pairs: Texts) -> Texts {
    pairs.sort();
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn acs3_holds_and_any_change_is_refused(
        query in parameters(),
        headers in headers(),
        body in vec(any::<u8>(), 0..40),
        place in any::<Index>(),
        which in any::<Index>(),
        kind in any::<u8>(),
    ) {
        let wire = Wire::of(&sign_acs3(&query, &headers, &body), &body);
        prop_assert_eq!(wire.accepted(), Ok(()));
        prop_assert_eq!(wire.clone().rewritten().accepted(), Ok(()));
        prop_assert_eq!(decoded(&wire.query), sorted(query.clone()));

        let mut other = wire.clone();
        other.method = "GET".to_owned();
        prop_assert!(other.accepted().is_err());

        let mut other = wire.clone();
        other.body = changed_bytes(&body, place, kind);
        prop_assert!(other.accepted().is_err(), "body {:?}", other.body);

        let signed = sorted(query);
        for (at, of_name) in (0..signed.len()).flat_map(|at| [(at, true), (at, false)]) {
            let mut pairs = signed.clone();
            let text = if of_name { &mut pairs[at].0 } else { &mut pairs[at].1 };
            *text = changed(text, place, kind);
            let other = Wire { query: written(&pairs), ..wire.clone() };
            prop_assert!(other.accepted().is_err(), "{pairs:?}");
        }

        let mut other = wire.clone();
        let at = which.index(other.headers.len());
        let (name, value) = &mut other.headers[at];
        let text = std::str::from_utf8(value).expect("text").to_owned();
        let mutated = changed(&text, place, kind);
        if mutated.trim() != text.trim() {
            *value = mutated.into_bytes();
            let name = name.clone();
            prop_assert!(other.accepted().is_err(), "{name}");
        }
        for at in 0..wire.headers.len() {
            let mut other = wire.clone();
            let name = other.headers.remove(at).0;
            prop_assert!(other.accepted().is_err(), "without {name}");
        }
    }

    #[test]
    fn v1_holds_and_any_change_is_refused(
        query in parameters(),
        form in any::<bool>(),
        place in any::<Index>(),
        kind in any::<u8>(),
    ) {
        let signed = sign_v1(&query, form);
        let wire = Wire::of(&signed, b"");
        prop_assert_eq!(wire.accepted(), Ok(()));
        prop_assert_eq!(wire.clone().rewritten().accepted(), Ok(()));
        let body = std::str::from_utf8(&wire.body).expect("a form");
        if form {
            prop_assert_eq!(decoded(body), sorted(query));
        }

        let mut other = wire.clone();
        other.method = "GET".to_owned();
        prop_assert!(other.accepted().is_err());

        for (in_body, text) in [(false, wire.query.as_str()), (true, body)] {
            let signed = decoded(text);
            for (at, of_name) in (0..signed.len()).flat_map(|at| [(at, true), (at, false)]) {
                let mut pairs = signed.clone();
                let text = if of_name { &mut pairs[at].0 } else { &mut pairs[at].1 };
                *text = changed(text, place, kind);
                let mut other = wire.clone();
                if in_body {
                    other.body = written(&pairs).into_bytes();
                } else {
                    other.query = written(&pairs);
                }
                prop_assert!(other.accepted().is_err(), "{pairs:?}");
            }
        }
    }

    /// Raw names, as some official signers write them, verify only where they cannot be read in two ways.
    #[test]
    fn raw_names_verify_only_when_unambiguous(query in parameters()) {
        let query = sorted(query);
        let encoded = sign_acs3(&query, &Texts::new(), b"");
        let canonical = encoded.canonical_request().expect("ACS3 has one");
        let names: Vec<String> = query.iter().map(|(name, _)| name.clone()).collect();
        let values: Vec<Cow<'_, str>> = encoded
            .canonical_query()
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(_, value)| Cow::from(value))
            .collect();
        let raw = names.iter().zip(&values).map(|(name, value)| format!("{name}={value}"));
        let raw = raw.collect::<Vec<_>>().join("&");
        let text = canonical.replacen(encoded.canonical_query(), &raw, 1);
        let mut wire = Wire::of(&encoded, b"");
        resign(&mut wire, &text, encoded.signature());
        let ambiguous = |c: char| "&=%+".contains(c) || c.is_whitespace() || c.is_control();
        let plain = raw == encoded.canonical_query();
        let expected = plain || !names.iter().any(|name| name.contains(ambiguous));
        prop_assert_eq!(wire.accepted().is_ok(), expected, "{:?}", names);
    }

    /// Nothing a stranger sends may panic.
    #[test]
    fn hostile_requests_are_refused_in_peace(
        query in "[a-zA-Z%=&+]{0,40}|(Signature=.{0,9}&)?AccessKeyId=.{0,9}",
        names in vec("(?i)authorization|x-acs-date|x-acs-signature-nonce|content-type|host", 0..6),
        value in "ACS3-HMAC-SHA256 .{0,30}|ACS3-.{0,9}|.{0,20}|2026-01-02T03:04:05Z",
        body in vec(any::<u8>(), 0..40),
    ) {
        let headers = names.into_iter().map(|name| (name, value.clone().into_bytes())).collect();
        let wire = Wire { method: "POST".to_owned(), query, headers, body };
        prop_assert!(wire.accepted().is_err());
    }
}

fn changed_bytes(body: &[u8], place: Index, kind: u8) -> Vec<u8> {
    let mut other = body.to_vec();
    match body.len() {
        0 => other.push(kind),
        length => other[place.index(length)] ^= kind.max(1),
    }
    other
}

/// Signs a canonical request written by hand and puts the signature in the place of the old one.
fn resign(wire: &mut Wire, canonical_request: &str, old: &str) {
    let hash =
        hex(ring::digest::digest(&ring::digest::SHA256, canonical_request.as_bytes()).as_ref());
    let hmac_key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"testsecret");
    let tag = ring::hmac::sign(&hmac_key, format!("ACS3-HMAC-SHA256\n{hash}").as_bytes());
    let (_, authorization) = wire.headers.last_mut().expect("authorization is the last");
    let text = String::from_utf8(std::mem::take(authorization)).expect("text");
    *authorization = text.replace(old, &hex(tag.as_ref())).into_bytes();
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
