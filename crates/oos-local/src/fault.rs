//! Every code that a local OOS refuses with, in one table, and the refusal itself.

mod from;

use oos_model::ParamError;
use std::borrow::Cow;
use std::fmt;

/// Where an error code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "these are the three ways to know a code"
)]
pub enum CodeOrigin {
    /// It stands in the official documentation or API metadata, with this status.
    Documented,
    /// It was seen in answers of the service, or in clients that know it.
    Reported,
    /// Nobody has published what the service answers here; this code is our own choice.
    Invented,
}

/// A row of the table of error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorCode {
    /// The code on the wire; in `Missing<Name>` and `Invalid<Name>` stands a parameter.
    pub name: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Where it comes from.
    pub origin: CodeOrigin,
    /// The message, or what it says: most refusals tell more than this.
    pub message: &'static str,
}

macro_rules! codes {
    ($($code:ident: $name:literal, $status:literal, $origin:ident, $message:literal;)*) => {
        $(pub(crate) const $code: ErrorCode = ErrorCode {
            name: $name, status: $status, origin: CodeOrigin::$origin, message: $message,
        };)*

        /// All codes that a local OOS refuses with.
        pub const ERROR_CODES: &[ErrorCode] = &[$($code),*];
    };
}

codes! {
    // Of the gateway, which all products share.
    ACCESS_KEY_NOT_FOUND: "InvalidAccessKeyId.NotFound", 404, Documented,
        "Specified access key is not found.";
    SIGNATURE_DOES_NOT_MATCH: "SignatureDoesNotMatch", 400, Documented,
        "Specified signature does not match our calculation.";
    INCOMPLETE_SIGNATURE: "IncompleteSignature", 400, Documented,
        "The request signature does not conform to Aliyun standards.";
    TIMESTAMP_EXPIRED: "InvalidTimeStamp.Expired", 400, Documented,
        "Specified time stamp or date value is expired.";
    TIMESTAMP_FORMAT: "InvalidTimeStamp.Format", 400, Documented,
        "Specified time stamp or date value is not well formatted.";
    NONCE_USED: "SignatureNonceUsed", 400, Documented,
        "Specified signature nonce was used already.";
    SIGNATURE_METHOD: "InvalidSignatureMethod", 400, Documented,
        "Specified signature method is not valid.";
    SECURITY_TOKEN: "InvalidSecurityToken.MismatchWithAccessKey", 400, Reported,
        "The security token of the request does not belong to the access key.";
    HTTP_METHOD: "UnsupportedHTTPMethod", 400, Documented,
        "The method is not supported: use POST or GET.";
    API_NOT_FOUND: "InvalidApi.NotFound", 404, Documented,
        "Specified api is not found, please check your url and method.";
    ACTION_NOT_FOUND: "InvalidAction.NotFound", 404, Documented,
        "Specified api is not found, please check your url and method.";
    VERSION: "InvalidVersion", 400, Documented, "Specified parameter Version is not valid.";
    FORMAT: "InvalidParameter.Format", 400, Documented,
        "Specified parameter format is not valid. (only XML/JSON)";
    MISSING: "Missing<Name>", 400, Documented, "<Name> is mandatory for this action.";
    INVALID: "Invalid<Name>", 400, Documented, "Specified parameter <Name> is not valid.";
    INVALID_PARAMETER: "InvalidParameter", 400, Documented, "The parameter is invalid.";
    IDEMPOTENT_MISMATCH: "IdempotentParameterMismatch", 400, Reported,
        "The ClientToken was used with other parameters.";
    THROTTLING: "Throttling", 400, Documented, "Request was denied due to request throttling.";
    INTERNAL_ERROR: "InternalError", 500, Documented, "The request has failed.";
    SERVICE_UNAVAILABLE: "ServiceUnavailable", 503, Documented,
        "The request has failed due to a temporary failure of the server.";
    // Of OOS.
    NO_EXECUTION: "EntityNotExists.Execution", 404, Documented,
        "The specified execution does not exist.";
    NO_TEMPLATE: "EntityNotExists.Template", 404, Reported,
        "The specified template does not exist.";
    NO_TEMPLATE_VERSION: "EntityNotExists.TemplateVersion", 404, Invented,
        "The specified version of the template does not exist.";
    TEMPLATE_EXISTS: "EntityAlreadyExists.Template", 409, Invented,
        "A template of this name exists already.";
    EXECUTION_STATUS: "InvalidExecutionStatus", 400, Invented,
        "The execution is in a state in which this can not be done.";
    // Of the local OOS only.
    REQUEST_TOO_LARGE: "RequestTooLarge", 413, Invented, "The request is too large.";
    REQUEST_TARGET_TOO_LONG: "RequestTargetTooLong", 414, Invented,
        "The target of the request has more than 262144 bytes: send the parameters in a form body.";
    REQUEST_HEADERS_TOO_LARGE: "RequestHeadersTooLarge", 431, Invented,
        "The request has more than 100 headers, or they have more than 65536 bytes.";
    REQUEST_TIMEOUT: "RequestTimeout", 408, Invented,
        "The request did not come in time.";
    MALFORMED_REQUEST: "MalformedRequest", 400, Invented,
        "The request can not be read.";
    INVALID_HOST: "InvalidHost", 400, Invented,
        "The Host header does not name this local OOS.";
    UNSUPPORTED: "UnsupportedFeature", 400, Invented,
        "The real OOS does this, this local OOS does not.";
    NOT_IMPLEMENTED: "NotImplemented", 501, Invented,
        "The real OOS has this operation, this local OOS does not run it.";
}

/// A refusal, on its way to becoming an error body.
pub(crate) struct Fault {
    pub(crate) status: u16,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: Cow<'static, str>,
}

impl Fault {
    /// A refusal with the message of the table.
    pub(crate) fn of(code: ErrorCode) -> Self {
        Self::new(code, code.message)
    }

    /// A refusal with a message of its own.
    pub(crate) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status: code.status,
            code: code.name.into(),
            message: message.into(),
        }
    }

    /// The value of a parameter is wrong; `reason` goes on after `it`, without a full stop.
    pub(crate) fn invalid(name: &str, reason: impl Into<Cow<'static, str>>) -> Self {
        ParamError::invalid(name, reason).into()
    }

    /// A parameter that the call can not do without is absent.
    pub(crate) fn missing(name: &str) -> Self {
        ParamError::missing(name).into()
    }

    /// A parameter, or a value of one, that the real OOS knows and this one does not.
    pub(crate) fn unsupported(what: &str) -> Self {
        Self::new(
            UNSUPPORTED,
            format!("This local OOS does not do that yet: {what}."),
        )
    }
}

/// A message may repeat the whole request, so it is not shown.
impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fault({} {})", self.status, self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_code_stands_once_in_the_table() {
        let names: BTreeSet<&str> = ERROR_CODES.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), ERROR_CODES.len());
        assert!(
            ERROR_CODES
                .iter()
                .all(|code| (400..600).contains(&code.status))
        );
    }

    #[test]
    fn debug_shows_no_message() {
        let fault = Fault::new(SIGNATURE_DOES_NOT_MATCH, "POST&Value=hunter2");
        assert_eq!(format!("{fault:?}"), "Fault(400 SignatureDoesNotMatch)");
    }
}
