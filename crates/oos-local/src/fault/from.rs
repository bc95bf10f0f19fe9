//! What the failures of the crates below are on the wire.

use super::{
    ACCESS_KEY_NOT_FOUND, EXECUTION_STATUS, Fault, INCOMPLETE_SIGNATURE, INTERNAL_ERROR,
    INVALID_PARAMETER, NO_EXECUTION, SECURITY_TOKEN, SERVICE_UNAVAILABLE, SIGNATURE_DOES_NOT_MATCH,
    SIGNATURE_METHOD, TIMESTAMP_FORMAT, UNSUPPORTED,
};
use oos_engine::{CommandError, ReadProblem, Refusal, StartError};
use oos_model::ParamError;
use oos_sign::{ClaimError, Mismatch, VerifyError};
use oos_store::{CommitError, ReadError};
use std::error::Error;

impl From<ParamError> for Fault {
    fn from(error: ParamError) -> Self {
        let (code, message) = (error.code(), error.to_string());
        Self {
            status: 400,
            code: code.into(),
            message: message.into(),
        }
    }
}

impl From<ClaimError> for Fault {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::NotSigned => Self::missing("Signature"),
            ClaimError::Missing { name } => Self::missing(parameter_of(name)),
            ClaimError::UnsupportedAlgorithm { .. } => told(SIGNATURE_METHOD, &error),
            ClaimError::SignatureVersion => Self::invalid("SignatureVersion", "it must be 1.0"),
            ClaimError::Timestamp { .. } => told(TIMESTAMP_FORMAT, &error),
            ClaimError::NotText { .. } | ClaimError::TooMany { .. } => {
                told(INVALID_PARAMETER, &error)
            }
            _ => told(INCOMPLETE_SIGNATURE, &error),
        }
    }
}

/// The documented message and then what is wrong, as a sentence.
fn told(code: super::ErrorCode, error: &dyn Error) -> Fault {
    Fault::new(code, format!("{} {error}.", code.message))
}

/// The parameter of HMAC-SHA1 that a header of ACS3 stands for: the codes are named for those.
fn parameter_of(name: &str) -> &str {
    match name {
        "x-acs-date" => "Timestamp",
        "x-acs-signature-nonce" => "SignatureNonce",
        other => other,
    }
}

impl From<VerifyError> for Fault {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Mismatch(mismatch) => mismatch_fault(&mismatch),
            VerifyError::SecurityToken => Self::of(SECURITY_TOKEN),
            VerifyError::Request(error) => error.into(),
            VerifyError::OtherKey => Self::of(ACCESS_KEY_NOT_FOUND),
            error => told(INCOMPLETE_SIGNATURE, &error),
        }
    }
}

/// The two texts of the real gateway, from which clients tell a wrong secret from a wrong encoding.
fn mismatch_fault(mismatch: &Mismatch) -> Fault {
    let to_sign = mismatch.string_to_sign();
    let message = match mismatch.canonical_request() {
        Some(canonical) => format!(
            "{} server StringToSign is [{to_sign}] server CanonicalRequest is [{canonical}]",
            SIGNATURE_DOES_NOT_MATCH.message
        ),
        None => format!(
            "Specified signature is not matched with our calculation. \
             server string to sign is:{to_sign}"
        ),
    };
    Fault::new(SIGNATURE_DOES_NOT_MATCH, message)
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let sentence = |refusal: &Refusal| format!("{refusal}.");
        match &refusal {
            Refusal::NotFound { .. } => Self::of(NO_EXECUTION),
            Refusal::NoTrigger { .. } | Refusal::OtherTrigger { .. } => {
                Self::invalid("Type", refusal.to_string())
            }
            other => Self::new(EXECUTION_STATUS, upper_first(&sentence(other))),
        }
    }
}

/// A sentence begins with a capital letter.
pub(crate) fn upper_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

impl From<CommandError> for Fault {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::Store(_) => told(INTERNAL_ERROR, &error),
            _ => told(SERVICE_UNAVAILABLE, &error),
        }
    }
}

impl From<StartError> for Fault {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Template(diagnostics) => {
                crate::templates::mistakes("TemplateContent", &diagnostics)
            }
            StartError::Unsupported(unsupported) => {
                let place = unsupported.span().map(|span| {
                    format!(" (line {}, column {})", span.start.line, span.start.column)
                });
                let text = format!("{unsupported}{}.", place.unwrap_or_default());
                Self::new(UNSUPPORTED, upper_first(&text))
            }
            StartError::Command(error) => error.into(),
            other => Self::invalid("RamRole", other.to_string()),
        }
    }
}

impl From<ReadProblem> for Fault {
    fn from(problem: ReadProblem) -> Self {
        Self::new(INTERNAL_ERROR, chain(&problem))
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        Self::new(INTERNAL_ERROR, chain(&error))
    }
}

impl From<CommitError> for Fault {
    fn from(error: CommitError) -> Self {
        Self::new(INTERNAL_ERROR, chain(&error))
    }
}

/// A failure of the server with all its causes: whoever runs a local OOS has to mend it.
fn chain(error: &dyn Error) -> String {
    let mut text = format!("{} {error}", INTERNAL_ERROR.message);
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
