//! The headers of a signed request.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};
use oos_sign::SignedParts;

/// The name of the source of the credentials; the newest clients send and sign it.
pub(crate) const PROVIDER: &str = "x-acs-credentials-provider";

/// What the signer wrote, `accept`, `user-agent`, and those of the extra ones that are not signed. The values share one buffer: a dozen small
/// ones would cost an allocation each.
pub(crate) fn build(
    signed: &SignedParts,
    user_agent: &HeaderValue,
    extra: &[(String, String)],
) -> Result<HeaderMap, http::Error> {
    let (count, length) = signed
        .headers()
        .fold((2, 0), |(count, length), (_, value)| {
            (count + 1, length + value.len())
        });
    let mut values = String::with_capacity(length);
    signed
        .headers()
        .for_each(|(_, value)| values.push_str(value));
    let values = Bytes::from(values);

    let mut headers = HeaderMap::with_capacity(count);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, user_agent.clone());
    let mut start = 0;
    for (name, value) in signed.headers() {
        let end = start + value.len();
        let mut value = HeaderValue::from_maybe_shared(values.slice(start..end))?;
        let name = name_of(name)?;
        value.set_sensitive(name == AUTHORIZATION || name == "x-acs-security-token");
        headers.append(name, value);
        start = end;
    }
    for (name, value) in extra {
        let name = HeaderName::from_bytes(name.as_bytes())?;
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::try_from(value)?);
        }
    }
    Ok(headers)
}

/// The names that the signer writes, made once and without an allocation each.
fn name_of(name: &str) -> Result<HeaderName, http::Error> {
    const ACCESS_KEY_ID: HeaderName = HeaderName::from_static("x-acs-accesskey-id");
    const ACTION: HeaderName = HeaderName::from_static("x-acs-action");
    const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-acs-content-sha256");
    const CREDENTIALS_PROVIDER: HeaderName = HeaderName::from_static(PROVIDER);
    const DATE: HeaderName = HeaderName::from_static("x-acs-date");
    const NONCE: HeaderName = HeaderName::from_static("x-acs-signature-nonce");
    const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-acs-security-token");
    const VERSION: HeaderName = HeaderName::from_static("x-acs-version");
    Ok(match name {
        "host" => HOST,
        "authorization" => AUTHORIZATION,
        "content-type" => CONTENT_TYPE,
        PROVIDER => CREDENTIALS_PROVIDER,
        "x-acs-accesskey-id" => ACCESS_KEY_ID,
        "x-acs-action" => ACTION,
        "x-acs-content-sha256" => CONTENT_SHA256,
        "x-acs-date" => DATE,
        "x-acs-security-token" => SECURITY_TOKEN,
        "x-acs-signature-nonce" => NONCE,
        "x-acs-version" => VERSION,
        other => HeaderName::from_bytes(other.as_bytes())?,
    })
}
