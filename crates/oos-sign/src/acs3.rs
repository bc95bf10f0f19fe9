//! ACS3-HMAC-SHA256: the signature in the `Authorization` header.

use ring::hmac;

use crate::canonical::{
    CanonicalRequest, Layout, Line, Names, Pair, Span, push_query, query_bound,
    raw_names_differ_safely, sort_lines, sort_pairs,
};
use crate::encode::{Hex, read_hex};
use crate::form::{FORM_MEDIA_TYPE, decode_form};
use crate::list::ShortList;
use crate::received::ReceivedRequest;
use crate::sendable::{check, is_header, is_path, is_token};
use crate::timestamp::Timestamp;
use crate::{
    AccessKey, Algorithm, ClaimError, Claims, Mismatch, Sign, SignError, SignableRequest,
    SignedParts, SigningParams, Verify, VerifyError,
};

/// `ACS3-HMAC-SHA256`, the scheme of all newer clients (help page "V3 request structure and signature").
///
/// The signer signs `host`, `content-type` and every `x-acs-*` header, plus those the request names. The
/// verifier follows the request's own `SignedHeaders`. It rebuilds the canonical query from the decoded
/// wire query, first with encoded names as documented, then with raw names as the official Python, Go and
/// TypeScript signers write them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Acs3;

/// More headers or parameters than this cost one more allocation each.
type Lines<'a> = ShortList<Line<'a>, 12>;
type ShortPairs<'a> = ShortList<Pair<'a>, 16>;

const ALGORITHM: Algorithm = Algorithm::Acs3HmacSha256;

impl Sign for Acs3 {
    fn sign(
        &self,
        request: &SignableRequest<'_>,
        key: &AccessKey,
        params: &SigningParams<'_>,
    ) -> Result<SignedParts, SignError> {
        check(request, key, params)?;
        let mut pairs = ShortPairs::new(("", ""));
        request.query().iter().for_each(|pair| pairs.push(pair));
        sort_pairs(pairs.as_mut_slice());
        let form_body = request.has_form_body().then(|| form_text(pairs.as_slice()));
        let body = form_body.as_deref().map_or(request.body(), str::as_bytes);
        let content_sha256 = Hex::sha256(body);
        let date = Timestamp::of(params.date).ok_or(SignError::Date)?;
        let mut lines = Lines::new(Line::filler());
        let written = Written {
            date: date.as_str(),
            content_sha256: content_sha256.as_str(),
        };
        push_lines(&mut lines, request, key, params, &written)?;
        if !request.headers().is_empty() {
            sort_lines(lines.as_mut_slice());
        }
        let canonical = CanonicalRequest {
            method: request.method(),
            path: request.path(),
            query: if request.has_form_body() {
                &[]
            } else {
                pairs.as_slice()
            },
            names: Names::Encoded,
            headers: lines.as_slice(),
            content_sha256: content_sha256.as_str(),
        };
        Ok(authorize(&canonical, key, form_body))
    }
}

impl Verify for Acs3 {
    fn verify(
        &self,
        request: &ReceivedRequest<'_>,
        claims: &Claims,
        key: &AccessKey,
    ) -> Result<(), VerifyError> {
        check_claims(ALGORITHM, claims, key)?;
        if !is_token(request.method) || !is_path(request.path) {
            return Err(ClaimError::NotText {
                part: "the request line",
            }
            .into());
        }
        let content_sha256 = Hex::sha256(request.body);
        let claimed = request.sole_header("x-acs-content-sha256")?;
        if claimed.is_some_and(|claimed| claimed != content_sha256.as_str()) {
            return Err(VerifyError::ContentHash);
        }
        let decoded = decode_form(request.raw_query)?;
        let mut pairs: Vec<Pair<'_>> = decoded.iter().map(|(n, v)| (&**n, &**v)).collect();
        sort_pairs(&mut pairs);
        let lines = signed_lines(request, claims)?;
        let canonical = CanonicalRequest {
            method: request.method,
            path: request.path,
            query: &pairs,
            names: Names::Encoded,
            headers: lines.as_slice(),
            content_sha256: content_sha256.as_str(),
        };
        compare(&canonical, claims, key)
    }
}

/// What [`Acs3`] and [`crate::RpcV1`] demand of claims and key before anything is computed.
pub(crate) fn check_claims(
    algorithm: Algorithm,
    claims: &Claims,
    key: &AccessKey,
) -> Result<(), VerifyError> {
    if claims.algorithm() != algorithm {
        return Err(VerifyError::OtherAlgorithm {
            claimed: claims.algorithm(),
        });
    }
    if claims.access_key_id() != key.id() {
        return Err(VerifyError::OtherKey);
    }
    // Both tokens are made one length by hashing, so that the time tells nothing of the place they differ in.
    let digest = |token: &str| Hex::sha256(token.as_bytes());
    let same = match (claims.security_token(), key.security_token()) {
        (None, None) => true,
        (Some(claimed), Some(token)) => digest(claimed).as_str() == digest(token).as_str(),
        _ => false,
    };
    if same {
        Ok(())
    } else {
        Err(VerifyError::SecurityToken)
    }
}

/// Writes the parameters as a form body.
pub(crate) fn form_text(pairs: &[Pair<'_>]) -> String {
    let mut text = String::with_capacity(query_bound(pairs));
    push_query(&mut text, pairs, Names::Encoded);
    text
}

/// The header values that the signer computes.
struct Written<'a> {
    date: &'a str,
    content_sha256: &'a str,
}

fn push_lines<'a>(
    lines: &mut Lines<'a>,
    request: &SignableRequest<'a>,
    key: &'a AccessKey,
    params: &SigningParams<'a>,
    written: &Written<'a>,
) -> Result<(), SignError> {
    if !request.is_prepared() {
        push_protocol_lines(lines, request, key, params, written)?;
    }
    for (name, value) in request.headers().iter() {
        check_header(name, value, request.is_prepared(), written)?;
        if is_signed(name, request.also_signed()) {
            lines.push(Line::new(name, value));
        }
    }
    let absent = |wanted: &&&str| {
        !request
            .headers()
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    match request.also_signed().iter().find(absent) {
        Some(name) => Err(SignError::AbsentHeader {
            name: (*name).to_owned(),
        }),
        None => Ok(()),
    }
}

fn check_header(
    name: &str,
    value: &str,
    prepared: bool,
    written: &Written<'_>,
) -> Result<(), SignError> {
    if !is_header(name, value) {
        return Err(SignError::Header {
            name: name.to_owned(),
        });
    }
    if is_reserved(name, prepared) {
        return Err(SignError::ReservedHeader {
            name: name.to_owned(),
        });
    }
    let is_hash = name.eq_ignore_ascii_case("x-acs-content-sha256");
    if is_hash && value.trim() != written.content_sha256 {
        return Err(SignError::ContentHash);
    }
    Ok(())
}

/// In byte order of the names: without further headers nothing has to be sorted.
fn push_protocol_lines<'a>(
    lines: &mut Lines<'a>,
    request: &SignableRequest<'a>,
    key: &'a AccessKey,
    params: &SigningParams<'a>,
    written: &Written<'a>,
) -> Result<(), SignError> {
    let form = request.has_form_body().then_some(FORM_MEDIA_TYPE);
    if let Some(content_type) = form.or(request.content_type()) {
        if !is_header("content-type", content_type) {
            return Err(SignError::Header {
                name: "content-type".to_owned(),
            });
        }
        lines.push(Line::new("content-type", content_type));
    }
    lines.push(Line::fixed("host", request.host()));
    if key.security_token().is_some() {
        lines.push(Line::fixed("x-acs-accesskey-id", key.id()));
    }
    if let Some((operation, _)) = request.operation() {
        lines.push(Line::fixed("x-acs-action", operation));
    }
    lines.push(Line::fixed("x-acs-content-sha256", written.content_sha256));
    lines.push(Line::fixed("x-acs-date", written.date));
    if let Some(token) = key.security_token() {
        lines.push(Line::fixed("x-acs-security-token", token));
    }
    lines.push(Line::fixed("x-acs-signature-nonce", params.nonce));
    if let Some((_, version)) = request.operation() {
        lines.push(Line::fixed("x-acs-version", version));
    }
    Ok(())
}

fn is_reserved(name: &str, prepared: bool) -> bool {
    const WRITTEN: [&str; 9] = [
        "content-type",
        "host",
        "x-acs-accesskey-id",
        "x-acs-action",
        "x-acs-content-sha256",
        "x-acs-date",
        "x-acs-security-token",
        "x-acs-signature-nonce",
        "x-acs-version",
    ];
    name.eq_ignore_ascii_case("authorization")
        || !prepared
            && WRITTEN
                .iter()
                .any(|written| name.eq_ignore_ascii_case(written))
}

fn is_signed(name: &str, also: &[&str]) -> bool {
    name.get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("x-acs-"))
        || ["host", "content-type"]
            .iter()
            .any(|signed| name.eq_ignore_ascii_case(signed))
        || also.iter().any(|signed| name.eq_ignore_ascii_case(signed))
}

/// Writes every stage into one text: canonical request, string to sign, authorization.
fn authorize(
    canonical: &CanonicalRequest<'_>,
    key: &AccessKey,
    form_body: Option<String>,
) -> SignedParts {
    const STAGES: usize = 3 * 64 + 2 * 17 + 40;
    let mut text = String::with_capacity(
        canonical.bound() + canonical.names_bound() + key.id().len() + STAGES,
    );
    let layout = canonical.push(&mut text);
    let string_to_sign = push_string_to_sign(&mut text, &layout);
    let tag = hmac::sign(key.acs3(), string_to_sign.of(&text).as_bytes());

    let start = text.len();
    text.push_str(ALGORITHM.as_str());
    text.push_str(" Credential=");
    text.push_str(key.id());
    text.push_str(",SignedHeaders=");
    text.extend_from_within(layout.signed_headers.range());
    text.push_str(",Signature=");
    let signature = text.len();
    text.push_str(Hex::of(tag.as_ref()).as_str());
    SignedParts {
        query: layout.query,
        canonical_query: layout.query,
        canonical_request: Some(layout.whole),
        headers: layout.headers,
        signed_headers: Some(layout.signed_headers),
        string_to_sign,
        signature: Span::since(signature, &text),
        authorization: Some(Span::since(start, &text)),
        form_body,
        text,
    }
}

fn push_string_to_sign(text: &mut String, layout: &Layout) -> Span {
    let hash = Hex::sha256(layout.whole.of(text).as_bytes());
    let start = text.len();
    text.push_str(ALGORITHM.as_str());
    text.push('\n');
    text.push_str(hash.as_str());
    Span::since(start, text)
}

fn signed_lines<'a>(
    request: &ReceivedRequest<'a>,
    claims: &'a Claims,
) -> Result<Lines<'a>, ClaimError> {
    let mut lines = Lines::new(Line::filler());
    for name in claims.signed_headers() {
        let mut absent = true;
        for value in request.header_values(name) {
            lines.push(Line::new(name, value?));
            absent = false;
        }
        if absent {
            return Err(ClaimError::AbsentHeader { name: name.clone() });
        }
    }
    sort_lines(lines.as_mut_slice());
    Ok(lines)
}

fn compare(
    canonical: &CanonicalRequest<'_>,
    claims: &Claims,
    key: &AccessKey,
) -> Result<(), VerifyError> {
    let signature = read_hex(claims.signature());
    let mut text = String::with_capacity(canonical.bound() + 128);
    let layout = canonical.push(&mut text);
    let string_to_sign = push_string_to_sign(&mut text, &layout);
    let holds = |string_to_sign: &str| {
        signature
            .is_some_and(|tag| hmac::verify(key.acs3(), string_to_sign.as_bytes(), &tag).is_ok())
    };
    if holds(string_to_sign.of(&text)) {
        return Ok(());
    }
    if raw_names_differ_safely(canonical.query) {
        let raw = CanonicalRequest {
            names: Names::Raw,
            ..*canonical
        };
        let mut text = String::with_capacity(raw.bound() + 128);
        let layout = raw.push(&mut text);
        if holds(push_string_to_sign(&mut text, &layout).of(&text)) {
            return Ok(());
        }
    }
    Err(VerifyError::Mismatch(Box::new(Mismatch {
        canonical_request: Some(layout.whole.of(&text).to_owned()),
        string_to_sign: string_to_sign.of(&text).to_owned(),
    })))
}
