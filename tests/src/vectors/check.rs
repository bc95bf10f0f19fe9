//! The check of one vector: sign it, in both ways that fit, and verify it as a server would.

use oos_sign::{
    AccessKey, Acs3, Claims, Mismatch, ReceivedRequest, RpcV1, Sign, SignableRequest, SignedParts,
    SigningParams, VerifyError, parse_timestamp,
};
use time::OffsetDateTime;

use super::Vector;

const FORM: &str = "application/x-www-form-urlencoded";

/// The first stage at which we differ from the official signer.
#[derive(Debug)]
pub struct Difference {
    /// The stage.
    pub stage: String,
    /// What the vector says.
    pub expected: String,
    /// What came of it.
    pub got: String,
}

/// What was checked of a vector that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Signed with all its headers and parameters as given.
    pub prepared: bool,
    /// Signed from the plain request, with every protocol header or parameter written by our signer.
    pub complete: bool,
}

/// Signs and verifies one vector; one with a quirk need only verify.
///
/// # Errors
/// The first stage that differs.
pub fn check(vector: &Vector) -> Result<Report, Difference> {
    let scheme: &dyn Sign = match vector.algorithm.as_str() {
        "ACS3-HMAC-SHA256" => &Acs3,
        "HMAC-SHA1" => &RpcV1,
        other => return Err(difference("algorithm", "one that is known", other)),
    };
    require(
        vector.expected("signature").is_some(),
        "expected signature",
        "absent",
    )?;
    let mut report = Report {
        prepared: false,
        complete: false,
    };
    if !vector.quirk {
        sign_prepared(vector, scheme)?;
        report.prepared = true;
        report.complete = sign_complete(vector, scheme)?;
    }
    verify(vector)?;
    Ok(report)
}

/// `name=value` joined with `&`, RFC 3986 but for the blank.
pub(super) fn encode_form(pairs: &[(String, String)], blank: &str) -> String {
    let encode = |text: &str| {
        text.bytes()
            .map(|byte| encode_byte(byte, blank))
            .collect::<String>()
    };
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encode_byte(byte: u8, blank: &str) -> String {
    match byte {
        b' ' => blank.to_owned(),
        b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

fn key(vector: &Vector) -> AccessKey {
    AccessKey::new(
        vector.access_key_id.as_str(),
        vector.access_key_secret.as_str(),
    )
}

fn is_acs3(vector: &Vector) -> bool {
    vector.algorithm.starts_with("ACS3-")
}

fn header<'a>(vector: &'a Vector, name: &str) -> Option<&'a str> {
    let mut headers = vector.headers.iter();
    let found = headers.find(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

fn parameter<'a>(vector: &'a Vector, name: &str) -> Option<&'a str> {
    vector
        .query
        .iter()
        .find(|(candidate, _)| candidate == name)
        .map(|(_, value)| value.as_str())
}

/// The headers as given, but without those that every signer of ours signs and this one did not;
/// a V1 form body gets the content type that it was sent with.
fn given_headers(vector: &Vector) -> Vec<(String, String)> {
    let mut headers = vector.headers.clone();
    if let Some(signed) = vector.expected("signed_headers") {
        headers.retain(|(name, _)| {
            let name = name.to_ascii_lowercase();
            signed.split(';').any(|signed| signed == name) || !is_always_signed(&name)
        });
    }
    if !is_acs3(vector) && !vector.body.is_empty() && header(vector, "content-type").is_none() {
        headers.push(("content-type".to_owned(), FORM.to_owned()));
    }
    headers
}

fn is_always_signed(name: &str) -> bool {
    name.starts_with("x-acs-") || matches!(name, "host" | "content-type")
}

/// The names that are signed only because the signer of the vector did so.
fn also_signed(vector: &Vector) -> Vec<&str> {
    let signed = vector.expected("signed_headers").unwrap_or_default();
    signed
        .split(';')
        .filter(|name| !name.is_empty() && !is_always_signed(name))
        .collect()
}

fn sign_prepared(vector: &Vector, scheme: &dyn Sign) -> Result<(), Difference> {
    let (headers, also) = (given_headers(vector), also_signed(vector));
    let request = SignableRequest::prepared(
        &vector.method,
        &vector.path,
        &vector.query,
        &headers,
        &vector.body,
    )
    .with_also_signed(&also);
    let params = SigningParams {
        date: OffsetDateTime::UNIX_EPOCH,
        nonce: "",
    };
    let outcome = scheme.sign(&request, &key(vector), &params);
    let signed = outcome.map_err(|error| difference("sign", "signed", &error.to_string()))?;
    compare_stages(vector, &signed, "")
}

/// Takes away what our signer writes itself and lets it write that; `false` if the vector has
/// protocol headers or parameters that it would not write.
fn sign_complete(vector: &Vector, scheme: &dyn Sign) -> Result<bool, Difference> {
    let Some(protocol) = Protocol::of(vector) else {
        return Ok(false);
    };
    let written = written_by_us(is_acs3(vector));
    let mut headers = given_headers(vector);
    headers.retain(|(name, _)| !written.contains(&name.to_ascii_lowercase().as_str()));
    let mut query = vector.query.clone();
    query.retain(|(name, _)| is_acs3(vector) || !written.contains(&name.as_str()));
    let (content_type, also) = (content_type(vector), also_signed(vector));
    let host = header(vector, "host").unwrap_or("oos.cn-hangzhou.aliyuncs.com");
    let request = SignableRequest::new(&vector.method, host, &vector.path)
        .with_operation(protocol.operation, protocol.version)
        .with_query(&query)
        .with_headers(&headers)
        .with_also_signed(&also)
        .with_body(content_type, &vector.body)
        .without_format();
    let key = match protocol.token {
        Some(token) => key(vector).with_security_token(token),
        None => key(vector),
    };
    let outcome = scheme.sign(&request, &key, &protocol.params);
    let signed = outcome.map_err(|error| difference("sign (all)", "signed", &error.to_string()))?;
    compare_stages(vector, &signed, " (all protocol parts written by us)")?;
    Ok(true)
}

/// What our signer would write, read from the vector.
struct Protocol<'a> {
    operation: &'a str,
    version: &'a str,
    token: Option<&'a str>,
    params: SigningParams<'a>,
}

impl<'a> Protocol<'a> {
    fn of(vector: &'a Vector) -> Option<Self> {
        let acs3 = is_acs3(vector);
        let part = |acs3_name, v1_name| {
            if acs3 {
                header(vector, acs3_name)
            } else {
                parameter(vector, v1_name)
            }
        };
        let token = part("x-acs-security-token", "SecurityToken");
        let has_the_rest = if acs3 {
            header(vector, "host").is_some()
                && header(vector, "x-acs-content-sha256").is_some()
                && token.is_some() == header(vector, "x-acs-accesskey-id").is_some()
        } else {
            parameter(vector, "SignatureMethod") == Some("HMAC-SHA1")
                && parameter(vector, "SignatureVersion") == Some("1.0")
                && parameter(vector, "AccessKeyId") == Some(&vector.access_key_id)
        };
        let params = SigningParams {
            date: parse_timestamp(part("x-acs-date", "Timestamp")?)?,
            nonce: part("x-acs-signature-nonce", "SignatureNonce")?,
        };
        let operation = part("x-acs-action", "Action")?;
        let version = part("x-acs-version", "Version")?;
        has_the_rest.then_some(Self {
            operation,
            version,
            token,
            params,
        })
    }
}

fn content_type(vector: &Vector) -> Option<&str> {
    let form = (!is_acs3(vector) && !vector.body.is_empty()).then_some(FORM);
    header(vector, "content-type").or(form)
}

fn written_by_us(acs3: bool) -> &'static [&'static str] {
    if acs3 {
        &[
            "content-type",
            "host",
            "x-acs-accesskey-id",
            "x-acs-action",
            "x-acs-content-sha256",
            "x-acs-date",
            "x-acs-security-token",
            "x-acs-signature-nonce",
            "x-acs-version",
        ]
    } else {
        &[
            "AccessKeyId",
            "Action",
            "SecurityToken",
            "SignatureMethod",
            "SignatureNonce",
            "SignatureVersion",
            "Timestamp",
            "Version",
        ]
    }
}

fn compare_stages(vector: &Vector, signed: &SignedParts, way: &str) -> Result<(), Difference> {
    let stages = [
        ("canonical_query", Some(signed.canonical_query())),
        ("canonical_request", signed.canonical_request()),
        ("signed_headers", signed.signed_headers()),
        ("string_to_sign", Some(signed.string_to_sign())),
        ("signature", Some(signed.signature())),
        ("authorization", signed.authorization()),
    ];
    for (stage, got) in stages {
        if let Some(expected) = vector.expected(stage)
            && got != Some(expected)
        {
            let got = got.unwrap_or("nothing");
            return Err(difference(&format!("{stage}{way}"), expected, got));
        }
    }
    Ok(())
}

/// Every wire form of the query that fits the vector must verify, and none of them with another secret.
fn verify(vector: &Vector) -> Result<(), Difference> {
    let mut headers = vector.headers.clone();
    if !is_acs3(vector) && !vector.body.is_empty() && header(vector, "content-type").is_none() {
        headers.push(("Content-Type".to_owned(), FORM.to_owned()));
    }
    if let Some(authorization) = vector.expected("authorization") {
        headers.push(("Authorization".to_owned(), authorization.to_owned()));
    }
    let headers: Vec<(&str, &[u8])> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let body = vector
        .expected("final_body")
        .map_or(vector.body.as_slice(), str::as_bytes);
    for raw_query in wire_queries(vector) {
        let request = ReceivedRequest {
            method: &vector.method,
            path: &vector.path,
            raw_query: &raw_query,
            headers: &headers,
            body,
        };
        verify_received(vector, &request)?;
    }
    Ok(())
}

fn wire_queries(vector: &Vector) -> Vec<String> {
    let mut pairs = vector.query.clone();
    if !is_acs3(vector) {
        let signature = vector.expected("signature").unwrap_or_default();
        pairs.push(("Signature".to_owned(), signature.to_owned()));
    }
    let mut queries = vec![encode_form(&pairs, "%20"), encode_form(&pairs, "+")];
    queries.extend(vector.expected("final_query").map(str::to_owned));
    queries
}

fn verify_received(vector: &Vector, request: &ReceivedRequest<'_>) -> Result<(), Difference> {
    let claims = Claims::read(request)
        .map_err(|error| difference("claims", "readable", &error.to_string()))?;
    require(
        claims.algorithm().as_str() == vector.algorithm,
        "claims",
        "another algorithm",
    )?;
    require(
        claims.access_key_id() == vector.access_key_id,
        "claims",
        "another key id",
    )?;
    let with_token = |key: AccessKey| match claims.security_token() {
        Some(token) => key.with_security_token(token),
        None => key,
    };
    if let Some(token) = &vector.security_token {
        require(
            claims.security_token() == Some(token),
            "claims",
            "another security token",
        )?;
    }
    oos_sign::verify(request, &claims, &with_token(key(vector)))
        .map_err(|error| difference("verify", "the signature holds", &error.to_string()))?;

    let other = format!("{}x", vector.access_key_secret);
    let other = with_token(AccessKey::new(vector.access_key_id.as_str(), other));
    match oos_sign::verify(request, &claims, &other) {
        Err(VerifyError::Mismatch(mismatch)) => compare_mismatch(vector, &mismatch),
        _ => Err(difference(
            "verify with another secret",
            "a mismatch",
            "none",
        )),
    }
}

/// The verifier's view of a refused request is that of the official signer.
fn compare_mismatch(vector: &Vector, mismatch: &Mismatch) -> Result<(), Difference> {
    let stages = [
        ("string_to_sign", Some(mismatch.string_to_sign())),
        ("canonical_request", mismatch.canonical_request()),
    ];
    for (stage, got) in stages {
        if let Some(expected) = vector.expected(stage).filter(|_| !vector.quirk)
            && got != Some(expected)
        {
            let stage = format!("{stage} of the verifier");
            return Err(difference(&stage, expected, got.unwrap_or("nothing")));
        }
    }
    Ok(())
}

fn require(holds: bool, stage: &str, got: &str) -> Result<(), Difference> {
    if holds {
        Ok(())
    } else {
        Err(difference(stage, "as in the vector", got))
    }
}

fn difference(stage: &str, expected: &str, got: &str) -> Difference {
    Difference {
        stage: stage.to_owned(),
        expected: expected.to_owned(),
        got: got.to_owned(),
    }
}
