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

/// The names that the signer writes, without an allocation each.
fn name_of(name: &str) -> Result<HeaderName, http::Error> {
    Ok(match name {
        "host" => HOST,
        "authorization" => AUTHORIZATION,
        "content-type" => CONTENT_TYPE,
        PROVIDER => HeaderName::from_static(PROVIDER),
        "x-acs-accesskey-id" => HeaderName::from_static("x-acs-accesskey-id"),
        "x-acs-action" => HeaderName::from_static("x-acs-action"),
        "x-acs-content-sha256" => HeaderName::from_static("x-acs-content-sha256"),
        "x-acs-date" => HeaderName::from_static("x-acs-date"),
        "x-acs-security-token" => HeaderName::from_static("x-acs-security-token"),
        "x-acs-signature-nonce" => HeaderName::from_static("x-acs-signature-nonce"),
        "x-acs-version" => HeaderName::from_static("x-acs-version"),
        other => HeaderName::from_bytes(other.as_bytes())?,
    })
}
