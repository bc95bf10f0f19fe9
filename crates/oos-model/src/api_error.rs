//! The error body of the API, read by clients and written by servers.

mod access_denied;
mod decode;
mod encode;
mod message;

use std::fmt;

pub use access_denied::{AccessDeniedDetail, NoPermissionType, PolicyType, PrincipalType};
use message::Message;

/// An error that the API answered with.
///
/// The answer to a wrong signature repeats the whole request, secrets included; that part is cut
/// off from [`message`](ApiError::message), `Display` and `Debug` and kept in
/// [`echo`](ApiError::echo).
///
/// ```
/// use oos_model::ApiError;
///
/// let body = br#"{"Code":"EntityNotExists.Template","Message":"no such template","RequestId":"R"}"#;
/// let error = ApiError::decode(404, body);
/// assert_eq!(error.code(), "EntityNotExists.Template");
/// assert!(error.is_not_found());
/// assert_eq!(error.to_string(), "EntityNotExists.Template (HTTP 404): no such template [RequestId R]");
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct ApiError {
    status: u16,
    code: String,
    message: Message,
    request_id: Option<String>,
    host_id: Option<String>,
    recommend: Option<String>,
    /// Boxed: few errors have one, and errors travel in every `Result`.
    access_denied_detail: Option<Box<AccessDeniedDetail>>,
}

impl ApiError {
    /// An error as a server makes it. A part of `message` that repeats the request (the forms that
    /// `SignatureDoesNotMatch` uses) is told apart here already.
    #[must_use]
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: Message::new(message.into()),
            request_id: None,
            host_id: None,
            recommend: None,
            access_denied_detail: None,
        }
    }

    /// Sets the id of the call.
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.request_id = Some(request_id.into());
        self
    }

    /// Sets the host that answered.
    #[must_use]
    pub fn with_host_id(mut self, host_id: impl Into<String>) -> Self {
        self.host_id = Some(host_id.into());
        self
    }

    /// Sets the page that explains the error.
    #[must_use]
    pub fn with_recommend(mut self, recommend: impl Into<String>) -> Self {
        self.recommend = Some(recommend.into());
        self
    }

    /// Sets why RAM refused the call.
    #[must_use]
    pub fn with_access_denied_detail(mut self, detail: AccessDeniedDetail) -> Self {
        self.access_denied_detail = Some(Box::new(detail));
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The code, such as `EntityNotExists.Template`; empty when the answer had no error body.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The message without what it repeats of the request. Without an error body: the beginning
    /// of the answer's text.
    #[must_use]
    pub fn message(&self) -> &str {
        self.message.shown()
    }

    /// The part of the message that repeats the request. It holds every parameter, secrets
    /// included: do not log it.
    #[must_use]
    pub fn echo(&self) -> Option<&str> {
        self.message.echo()
    }

    /// The string to sign that the server computed, of a `SignatureDoesNotMatch`. Like
    /// [`ApiError::echo`] it may hold secrets.
    #[must_use]
    pub fn server_string_to_sign(&self) -> Option<&str> {
        self.message.string_to_sign()
    }

    /// The canonical request that the server computed, of a `SignatureDoesNotMatch` of
    /// `ACS3-HMAC-SHA256`. Like [`ApiError::echo`] it may hold secrets.
    #[must_use]
    pub fn server_canonical_request(&self) -> Option<&str> {
        self.message.canonical_request()
    }

    /// The id of the call, to quote to support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The host that answered.
    #[must_use]
    pub fn host_id(&self) -> Option<&str> {
        self.host_id.as_deref()
    }

    /// A page that explains the error.
    #[must_use]
    pub fn recommend(&self) -> Option<&str> {
        self.recommend.as_deref()
    }

    /// Why RAM refused the call, where the answer tells.
    #[must_use]
    pub fn access_denied_detail(&self) -> Option<&AccessDeniedDetail> {
        self.access_denied_detail.as_deref()
    }

    /// Whether the service asks to slow down (`Throttling`, `Throttling.User`, `Throttling.Api` and
    /// whatever else begins so; documented with status 400, newer products use 429 and 503).
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status == 429
            || self
                .code
                .split('.')
                .any(|part| part.starts_with("Throttling"))
    }

    /// Whether the fault is on the server's side.
    #[must_use]
    pub fn is_server_fault(&self) -> bool {
        self.status >= 500 || matches!(self.code.as_str(), "InternalError" | "ServiceUnavailable")
    }

    /// Whether the same call, signed anew, may succeed later. It does not say that repeating is
    /// harmless: after a fault of the server the work may have been done.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.is_throttled() || (self.is_server_fault() && self.status != 501)
    }

    /// Whether the call may have had an effect: after a fault of the server nobody knows.
    #[must_use]
    pub fn may_have_been_done(&self) -> bool {
        self.is_server_fault() && !self.is_throttled()
    }

    /// Always true: somebody answered.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        true
    }

    /// Whether the server holds the time of the request to be too far from its own.
    #[must_use]
    pub fn is_clock_skew(&self) -> bool {
        matches!(
            self.code.as_str(),
            "InvalidTimeStamp.Expired" | "IllegalTimestamp"
        )
    }

    /// Whether the nonce has been seen before. After a resent request: the first one arrived.
    #[must_use]
    pub fn is_nonce_used(&self) -> bool {
        self.code == "SignatureNonceUsed"
    }

    /// Whether the signature was refused (wrong secret, or another reading of the request).
    #[must_use]
    pub fn is_signature_mismatch(&self) -> bool {
        matches!(
            self.code.as_str(),
            "SignatureDoesNotMatch" | "IncompleteSignature"
        )
    }

    /// Whether other credentials are needed: key unknown, disabled, or token ended.
    #[must_use]
    pub fn is_bad_credentials(&self) -> bool {
        self.code.starts_with("InvalidAccessKeyId.")
            || self.code.starts_with("InvalidSecurityToken")
            || self.code == "InvalidAccessKeySecret"
    }

    /// Whether RAM refused the call.
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        self.code == "NoPermission"
            || self.code.split('.').next() == Some("Forbidden")
            || (self.status == 403 && self.access_denied_detail.is_some())
    }

    /// Whether the thing that the call is about does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code.split('.').next() == Some("EntityNotExists")
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            write!(f, "HTTP {} without an error body of the API", self.status)?;
        } else {
            write!(f, "{} (HTTP {})", self.code, self.status)?;
        }
        if !self.message().is_empty() {
            write!(f, ": {}", self.message())?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " [RequestId {id}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("message", &self.message())
            .field("request_id", &self.request_id)
            .field("host_id", &self.host_id)
            .field("recommend", &self.recommend)
            .field("access_denied_detail", &self.access_denied_detail)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Question = fn(&ApiError) -> bool;

    #[test]
    fn codes_are_classified() {
        let check = |status: u16, code: &str, question: Question, expected: bool| {
            assert_eq!(
                question(&ApiError::new(status, code, "")),
                expected,
                "{status} {code}"
            );
        };
        for (status, code) in [
            (400, "Throttling.User"),
            (400, "Throttling"),
            (429, ""),
            (503, "A.Throttling"),
        ] {
            check(status, code, ApiError::is_throttled, true);
            check(status, code, ApiError::is_retryable, true);
            check(status, code, ApiError::may_have_been_done, false);
        }
        for (status, code) in [
            (500, "InternalError"),
            (503, "ServiceUnavailable"),
            (502, ""),
        ] {
            check(status, code, ApiError::is_retryable, true);
            check(status, code, ApiError::may_have_been_done, true);
            check(status, code, ApiError::is_throttled, false);
        }
        check(400, "ThrottlingException", ApiError::is_throttled, true);
        check(400, "NoThrottling", ApiError::is_throttled, false);
        check(501, "", ApiError::is_retryable, false);
        check(400, "InvalidParameter", ApiError::is_retryable, false);
        check(
            400,
            "InvalidTimeStamp.Expired",
            ApiError::is_clock_skew,
            true,
        );
        check(
            400,
            "InvalidTimeStamp.Format",
            ApiError::is_clock_skew,
            false,
        );
        check(
            400,
            "InvalidSecurityToken.Expired",
            ApiError::is_bad_credentials,
            true,
        );
        check(
            404,
            "InvalidAccessKeyId.NotFound",
            ApiError::is_bad_credentials,
            true,
        );
        check(
            404,
            "InvalidAccessKeyId.NotFound",
            ApiError::is_not_found,
            false,
        );
        check(403, "Forbidden.RAM", ApiError::is_access_denied, true);
        check(
            404,
            "EntityNotExists.Parameter",
            ApiError::is_not_found,
            true,
        );
        check(400, "SignatureNonceUsed", ApiError::is_nonce_used, true);
    }
}
