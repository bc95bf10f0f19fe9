//! HMAC-SHA1, "V1": the signature among the parameters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::hmac;

use crate::acs3::{check_claims, form_text};
use crate::canonical::{
    Line, Names, Pair, Span, push_header_lines, push_query, push_v1_string_to_sign, query_bound,
    sort_lines, sort_pairs,
};
use crate::encode::{encoded_bound, push_encoded};
use crate::form::{FORM_MEDIA_TYPE, Parameter, decode_form, is_form};
use crate::list::ShortList;
use crate::sendable::{check, is_header, is_token};
use crate::timestamp::Timestamp;
use crate::{
    AccessKey, Algorithm, ClaimError, Claims, Mismatch, ReceivedRequest, Sign, SignError,
    SignableRequest, SignedParts, SigningParams, Verify, VerifyError,
};

/// `HMAC-SHA1` with `SignatureVersion` 1.0, the scheme of the older clients (help page "Request signatures").
///
/// It covers the method and every parameter of query and form body, and nothing else: neither
/// headers, nor a path but `/`, nor a body that is no form. Requests with such parts are refused in both
/// directions.
#[derive(Clone, Copy, Debug, Default)]
pub struct RpcV1;

const ALGORITHM: Algorithm = Algorithm::HmacSha1;
const TAG_BYTES: usize = 20;
const BASE64_BYTES: usize = 28;

type ShortPairs<'a> = ShortList<Pair<'a>, 32>;

impl Sign for RpcV1 {
    fn sign(
        &self,
        request: &SignableRequest<'_>,
        key: &AccessKey,
        params: &SigningParams<'_>,
    ) -> Result<SignedParts, SignError> {
        check(request, key, params)?;
        check_covered(request)?;
        let date = Timestamp::of(params.date).ok_or(SignError::Date)?;
        let mut places = Places::of(request)?;
        if !request.is_prepared() {
            push_protocol(&mut places.query, request, key, params, date.as_str());
        }
        let form_body = request.has_form_body().then(|| {
            sort_pairs(places.form.as_mut_slice());
            form_text(places.form.as_slice())
        });
        let own_form = own_form(request)?;
        own_form
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .for_each(|p| places.form.push(p));
        sort_pairs(places.query.as_mut_slice());
        sort_pairs(places.form.as_mut_slice());
        let (in_query, in_form) = (places.query.as_slice(), places.form.as_slice());
        let parts = sign_pairs(request, key, in_query, in_form)?;
        Ok(SignedParts { form_body, ..parts })
    }
}

impl Verify for RpcV1 {
    fn verify(
        &self,
        request: &ReceivedRequest<'_>,
        claims: &Claims,
        key: &AccessKey,
    ) -> Result<(), VerifyError> {
        check_claims(ALGORITHM, claims, key)?;
        check_received(request)?;
        let parameters = request.parameters()?;
        let mut pairs: Vec<Pair<'_>> = parameters.iter().map(|(n, v)| (&**n, &**v)).collect();
        pairs.retain(|(name, _)| *name != "Signature");
        sort_pairs(&mut pairs);
        let canonical = form_text(&pairs);
        let mut string_to_sign = String::with_capacity(encoded_bound(&canonical) + 32);
        push_v1_string_to_sign(&mut string_to_sign, request.method, &canonical);
        let mut tag = [0; TAG_BYTES + 1];
        let length = BASE64
            .decode_slice(claims.signature(), &mut tag)
            .unwrap_or(0);
        // A tag of the wrong length never holds: `verify` compares lengths as well.
        hmac::verify(key.rpc_v1(), string_to_sign.as_bytes(), &tag[..length]).map_err(|_| {
            VerifyError::Mismatch(Box::new(Mismatch {
                canonical_request: None,
                string_to_sign,
            }))
        })
    }
}

/// The caller's parameters, by where they travel.
struct Places<'a> {
    query: ShortPairs<'a>,
    form: ShortPairs<'a>,
}

impl<'a> Places<'a> {
    fn of(request: &SignableRequest<'a>) -> Result<Self, SignError> {
        let mut places = Self {
            query: ShortPairs::new(("", "")),
            form: ShortPairs::new(("", "")),
        };
        for (name, value) in request.query().iter() {
            if is_reserved(name, request) {
                return Err(SignError::ReservedParameter {
                    name: name.to_owned(),
                });
            }
            let place = if request.has_form_body() {
                &mut places.form
            } else {
                &mut places.query
            };
            place.push((name, value));
        }
        Ok(places)
    }
}

/// The parameters of a form body that the caller wrote.
fn own_form<'a>(request: &SignableRequest<'a>) -> Result<Vec<Parameter<'a>>, SignError> {
    std::str::from_utf8(request.body())
        .map_err(|_| ClaimError::NotText {
            part: "the form body",
        })
        .and_then(decode_form)
        .map_err(SignError::FormBody)
}

fn check_received(request: &ReceivedRequest<'_>) -> Result<(), VerifyError> {
    let not_covered = |part| VerifyError::NotCovered {
        algorithm: ALGORITHM,
        part,
    };
    if !is_token(request.method) {
        return Err(ClaimError::NotText {
            part: "the request line",
        }
        .into());
    }
    if !matches!(request.path, "" | "/") {
        return Err(not_covered("a path"));
    }
    if !request.body.is_empty() && !request.has_form_body()? {
        return Err(not_covered("a body other than a form"));
    }
    Ok(())
}

fn check_covered(request: &SignableRequest<'_>) -> Result<(), SignError> {
    if !matches!(request.path(), "" | "/") {
        return Err(SignError::NotCovered {
            algorithm: ALGORITHM,
            part: "a path",
        });
    }
    let mut given = request.headers().iter();
    let header = given.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type = request.content_type().or(header.map(|(_, value)| value));
    if !request.body().is_empty() && !content_type.is_some_and(is_form) {
        let part = "a body other than a form";
        return Err(SignError::NotCovered {
            algorithm: ALGORITHM,
            part,
        });
    }
    Ok(())
}

fn push_protocol<'a>(
    pairs: &mut ShortPairs<'a>,
    request: &SignableRequest<'a>,
    key: &'a AccessKey,
    params: &SigningParams<'a>,
    date: &'a str,
) {
    pairs.push(("AccessKeyId", key.id()));
    if let Some((operation, version)) = request.operation() {
        pairs.push(("Action", operation));
        pairs.push(("Version", version));
    }
    if let Some(format) = added_format(request) {
        pairs.push(("Format", format));
    }
    if let Some(token) = key.security_token() {
        pairs.push(("SecurityToken", token));
    }
    pairs.push(("SignatureMethod", ALGORITHM.as_str()));
    pairs.push(("SignatureNonce", params.nonce));
    pairs.push(("SignatureVersion", "1.0"));
    pairs.push(("Timestamp", date));
}

fn added_format<'a>(request: &SignableRequest<'a>) -> Option<&'a str> {
    let named = request.query().iter().any(|(name, _)| name == "Format");
    request.format().filter(|_| !named)
}

fn is_reserved(name: &str, request: &SignableRequest<'_>) -> bool {
    match name {
        "Signature" => true,
        "Action" | "Version" => !request.is_prepared() && request.operation().is_some(),
        "AccessKeyId" | "SecurityToken" | "SignatureMethod" | "SignatureNonce"
        | "SignatureVersion" | "Timestamp" => !request.is_prepared(),
        _ => false,
    }
}

fn sign_pairs(
    request: &SignableRequest<'_>,
    key: &AccessKey,
    in_query: &[Pair<'_>],
    in_form: &[Pair<'_>],
) -> Result<SignedParts, SignError> {
    let has_form = !in_form.is_empty();
    let canonical = if has_form {
        form_text(&merged(in_query, in_form))
    } else {
        form_text(in_query)
    };
    let stages = encoded_bound(&canonical) + canonical.len() + query_bound(in_query);
    let headers = request.host().len() + request.content_type().map_or(0, str::len);
    let mut text = String::with_capacity(stages + headers + 256);
    push_v1_string_to_sign(&mut text, request.method(), &canonical);
    let string_to_sign = Span::since(0, &text);
    let mut digits = [0; BASE64_BYTES];
    let digits = base64(&hmac::sign(key.rpc_v1(), text.as_bytes()), &mut digits);

    let start = text.len();
    text.push_str(digits);
    let signature = Span::since(start, &text);
    let headers = push_headers(&mut text, request)?;
    let start = text.len();
    text.push_str(&canonical);
    let canonical_query = Span::since(start, &text);
    let query = if has_form { text.len() } else { start };
    if has_form {
        push_query(&mut text, in_query, Names::Encoded);
    }
    text.push_str(if query == text.len() {
        "Signature="
    } else {
        "&Signature="
    });
    push_encoded(&mut text, digits);
    Ok(SignedParts {
        query: Span::since(query, &text),
        canonical_query,
        canonical_request: None,
        headers,
        signed_headers: None,
        string_to_sign,
        signature,
        authorization: None,
        form_body: None,
        text,
    })
}

fn base64<'a>(tag: &hmac::Tag, digits: &'a mut [u8; BASE64_BYTES]) -> &'a str {
    let length = BASE64
        .encode_slice(tag, digits)
        .expect("20 bytes are 28 base64 digits");
    std::str::from_utf8(&digits[..length]).expect("base64 digits are ASCII")
}

/// A name in the form body hides the same name in the query, as the verifier reads it.
fn merged<'a>(in_query: &[Pair<'a>], in_form: &[Pair<'a>]) -> Vec<Pair<'a>> {
    let mut form = in_form.to_vec();
    sort_pairs(&mut form);
    let hidden = |name: &str| {
        form.binary_search_by(|(candidate, _)| (*candidate).cmp(name))
            .is_ok()
    };
    let mut all: Vec<Pair<'a>> = in_query
        .iter()
        .copied()
        .filter(|(name, _)| !hidden(name))
        .collect();
    all.extend_from_slice(&form);
    sort_pairs(&mut all);
    all
}

/// V1 signs no headers, but the host and the content type must be sent nevertheless.
fn push_headers(text: &mut String, request: &SignableRequest<'_>) -> Result<Span, SignError> {
    let mut lines = ShortList::<Line<'_>, 2>::new(Line::filler());
    let form = request.has_form_body().then_some(FORM_MEDIA_TYPE);
    if let Some(content_type) = form.or(request.content_type()) {
        if !is_header("content-type", content_type) {
            return Err(SignError::Header {
                name: "content-type".to_owned(),
            });
        }
        lines.push(Line::new("content-type", content_type));
    }
    if !request.is_prepared() {
        lines.push(Line::fixed("host", request.host()));
    }
    sort_lines(lines.as_mut_slice());
    let start = text.len();
    push_header_lines(text, lines.as_slice());
    Ok(Span::since(start, text))
}
