//! What may stand in a request: checked before signing, so that signed and sent text agree.

use crate::{AccessKey, SignError, SignableRequest, SigningParams};

/// Checks everything of a request that both schemes use.
pub(crate) fn check(
    request: &SignableRequest<'_>,
    key: &AccessKey,
    params: &SigningParams<'_>,
) -> Result<(), SignError> {
    let method = request.method();
    require(
        !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase()),
        SignError::Method,
    )?;
    require(is_path(request.path()), SignError::Path)?;
    require(key.is_sendable(), SignError::AccessKey)?;
    require(
        request.body().is_empty() || !request.has_form_body(),
        SignError::TwoBodies,
    )?;
    if request.is_prepared() {
        return Ok(());
    }
    require(request.path().is_ascii(), SignError::Path)?;
    require(is_word(request.host()), SignError::Host)?;
    require(is_word(params.nonce), SignError::Nonce)?;
    let (operation, version) = request.operation().unwrap_or(("-", "-"));
    require(is_word(operation) && is_word(version), SignError::Operation)
}

/// Whether a header can be sent as it is.
pub(crate) fn is_header(name: &str, value: &str) -> bool {
    is_token(name) && has_no_control_character(value)
}

/// Whether `name` is an HTTP token (RFC 9110, section 5.6.2).
pub(crate) fn is_token(name: &str) -> bool {
    let is_mark = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

/// A header value may hold tabs and no other control character.
pub(crate) fn has_no_control_character(value: &str) -> bool {
    !value
        .bytes()
        .any(|byte| byte.is_ascii_control() && byte != b'\t')
}

/// Whether `path` can stand in a request line; empty means the root.
pub(crate) fn is_path(path: &str) -> bool {
    let breaks = |byte: u8| byte.is_ascii_control() || matches!(byte, b' ' | b'?' | b'#');
    path.is_empty() || path.starts_with('/') && !path.bytes().any(breaks)
}

/// Whether `text` is non-empty, visible ASCII without blanks.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn require(holds: bool, error: SignError) -> Result<(), SignError> {
    if holds { Ok(()) } else { Err(error) }
}
