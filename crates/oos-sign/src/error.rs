//! Why a request cannot be signed, and why a signature does not hold.

use std::fmt;

use crate::{Algorithm, ClaimError};

/// Why a request cannot be signed as it stands. Nothing was signed.
///
/// No variant holds a value of the request: names only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The method is empty or not in upper-case letters.
    #[error("the HTTP method must be in upper-case letters, as it is part of the signed text")]
    Method,
    /// The host is empty or holds blanks, control or non-ASCII characters.
    #[error(
        "the host must be the plain value of the Host header, with the port unless it is the default one"
    )]
    Host,
    /// The path does not start with `/`, or holds a character that must be percent-encoded.
    #[error("the path must start with '/' and be percent-encoded as it is sent, without a query")]
    Path,
    /// A header name is no HTTP token, or its value holds a control character.
    #[error(
        "the header {name:?} cannot be sent: use a plain name and a value without control characters"
    )]
    Header {
        /// The name as given.
        name: String,
    },
    /// A header was given that the signer writes itself.
    #[error("the header {name:?} is written by the signer: do not give it")]
    ReservedHeader {
        /// The name as given.
        name: String,
    },
    /// A header to be signed is not among the headers.
    #[error("the header {name:?} shall be signed but is not given")]
    AbsentHeader {
        /// The name as given.
        name: String,
    },
    /// A parameter was given that the signer writes itself.
    #[error("the parameter {name:?} is written by the signer: do not give it")]
    ReservedParameter {
        /// The name as given.
        name: String,
    },
    /// The operation or its version is empty or holds blanks, control or non-ASCII characters.
    #[error("the operation and its version must be plain words")]
    Operation,
    /// The nonce is empty or holds blanks, control or non-ASCII characters.
    #[error("the nonce must be a plain, non-empty word")]
    Nonce,
    /// The date needs more than four digits for its year.
    #[error("the date must lie between the years 0 and 9999")]
    Date,
    /// The access key id or the security token cannot stand in a header.
    #[error(
        "the access key id and the security token must be free of commas, blanks and control characters"
    )]
    AccessKey,
    /// A given `x-acs-content-sha256` is not the hash of the body.
    #[error("the header x-acs-content-sha256 is not the SHA-256 of the body")]
    ContentHash,
    /// The parameters shall move to a form body, but there is another body already.
    #[error("a request has either a body of its own or its parameters as a form body, not both")]
    TwoBodies,
    /// The scheme does not cover this part, so that it would travel unprotected.
    #[error("{} does not cover {part}: use ACS3-HMAC-SHA256", .algorithm.as_str())]
    NotCovered {
        /// The scheme asked for.
        algorithm: Algorithm,
        /// The part, as it reads in a sentence.
        part: &'static str,
    },
    /// A form body cannot be read, so that its parameters cannot be signed.
    #[error("the form body cannot be read")]
    FormBody(#[source] ClaimError),
}

/// Why a signature does not hold.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature is not the one this key gives for this request.
    #[error("the signature is not the one of this request and key")]
    Mismatch(Box<Mismatch>),
    /// `x-acs-content-sha256` is not the hash of the body.
    #[error("the header x-acs-content-sha256 is not the SHA-256 of the body")]
    ContentHash,
    /// The claims name another access key than the one given.
    #[error("the request names another access key")]
    OtherKey,
    /// The security token of the request is not the one of the key, or only one of them has any.
    #[error("the security token of the request does not belong to the access key")]
    SecurityToken,
    /// The claims are of another scheme than this verifier.
    #[error("the request is signed with {}", .claimed.as_str())]
    OtherAlgorithm {
        /// The scheme of the claims.
        claimed: Algorithm,
    },
    /// The scheme does not cover this part of the request, so that nothing can be said about it.
    #[error("{} does not cover {part}", .algorithm.as_str())]
    NotCovered {
        /// The scheme of the claims.
        algorithm: Algorithm,
        /// The part, as it reads in a sentence.
        part: &'static str,
    },
    /// The request cannot be read.
    #[error("the signed request cannot be read")]
    Request(#[from] ClaimError),
}

/// The verifier's own view of a request whose signature did not match.
///
/// The texts hold every parameter of the request, and those may be secret: they are reachable by
/// the accessors, for the answer to the caller, and never shown by `Debug` or by the error.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    pub(crate) canonical_request: Option<String>,
    pub(crate) string_to_sign: String,
}

impl Mismatch {
    /// The canonical request, by the documented rule; V1 has none.
    #[must_use]
    pub fn canonical_request(&self) -> Option<&str> {
        self.canonical_request.as_deref()
    }

    /// The string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mismatch").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mismatch_shows_neither_text() {
        let mismatch = Mismatch {
            canonical_request: Some("POST\n/\nValue=hidden".to_owned()),
            string_to_sign: "hidden".to_owned(),
        };
        assert_eq!(mismatch.string_to_sign(), "hidden");
        let error = VerifyError::Mismatch(Box::new(mismatch));
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("hidden"), "{shown}");
    }

    #[test]
    fn a_source_is_not_printed() {
        let error = VerifyError::from(ClaimError::NotSigned);
        assert!(std::error::Error::source(&error).is_some());
        assert!(
            !error
                .to_string()
                .contains(&ClaimError::NotSigned.to_string())
        );
    }
}
