//! What a received request says of its own signature, before anything is proven.

use std::fmt;

use time::OffsetDateTime;

use crate::authorization::Authorization;
use crate::form::Parameter;
use crate::received::MAX_HEADERS;
use crate::{Algorithm, ReceivedRequest, parse_timestamp};

/// Headers that mean something to a server: where present, they must be signed and stand once.
const MUST_BE_SIGNED: [&str; 5] = [
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-security-token",
];

/// What a request claims: who signed it, when, how. Nothing is true before [`crate::verify`] says so.
///
/// Of an ACS3 request, `x-acs-date` and `x-acs-signature-nonce` must be present, and these two and
/// `x-acs-action`, `x-acs-version` and `x-acs-security-token` must be signed where present. `host`
/// need not be: a published client leaves it out (`x-acs-content-sha256` is compared with the body anyway).
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    algorithm: Algorithm,
    access_key_id: String,
    date: OffsetDateTime,
    nonce: String,
    security_token: Option<String>,
    operation: Option<String>,
    version: Option<String>,
    signed_headers: Vec<String>,
    signature: String,
}

impl Claims {
    /// Reads the claims: ACS3 if there is an `Authorization` header that starts with `ACS3-`, else
    /// V1 if there is a `Signature` parameter.
    ///
    /// # Errors
    /// When the request is not signed, or its signature data is incomplete or unreadable: see [`ClaimError`].
    pub fn read(request: &ReceivedRequest<'_>) -> Result<Self, ClaimError> {
        if request.headers.len() > MAX_HEADERS {
            return Err(ClaimError::TooMany {
                what: "headers",
                limit: MAX_HEADERS,
            });
        }
        match request.sole_header("authorization")? {
            Some(value) if value.starts_with("ACS3-") => Self::read_acs3(request, value),
            authorization => Self::read_v1(request, authorization),
        }
    }

    fn read_acs3(request: &ReceivedRequest<'_>, authorization: &str) -> Result<Self, ClaimError> {
        let authorization = Authorization::parse(authorization)?;
        let signed = &authorization.signed_headers;
        for name in MUST_BE_SIGNED {
            if request.sole_header(name)?.is_some() && !signed.contains(&name) {
                return Err(ClaimError::UnsignedHeader { name });
            }
        }
        for name in signed {
            if request.header_values(name).next().is_none() {
                return Err(ClaimError::AbsentHeader {
                    name: (*name).to_owned(),
                });
            }
        }
        let owned = |name| Ok(request.sole_header(name)?.map(str::to_owned));
        Ok(Self {
            algorithm: Algorithm::Acs3HmacSha256,
            access_key_id: authorization.access_key_id.to_owned(),
            date: read_date("x-acs-date", request.sole_header("x-acs-date")?)?,
            nonce: require("x-acs-signature-nonce", owned("x-acs-signature-nonce")?)?,
            security_token: owned("x-acs-security-token")?,
            operation: owned("x-acs-action")?,
            version: owned("x-acs-version")?,
            signed_headers: signed.iter().map(|name| (*name).to_owned()).collect(),
            signature: authorization.signature.to_owned(),
        })
    }

    fn read_v1(
        request: &ReceivedRequest<'_>,
        authorization: Option<&str>,
    ) -> Result<Self, ClaimError> {
        let parameters = request.parameters()?;
        let sole = |name| sole_parameter(&parameters, name);
        if let Some(kind) = sole("SignatureType")?.filter(|kind| !kind.is_empty()) {
            return Err(ClaimError::unsupported(kind));
        }
        let Some(signature) = sole("Signature")? else {
            return Err(authorization.map_or(ClaimError::NotSigned, |value| {
                ClaimError::unsupported(value.split(' ').next().unwrap_or_default())
            }));
        };
        let method = require("SignatureMethod", sole("SignatureMethod")?)?;
        if method != Algorithm::HmacSha1.as_str() {
            return Err(ClaimError::unsupported(method));
        }
        if require("SignatureVersion", sole("SignatureVersion")?)? != "1.0" {
            return Err(ClaimError::SignatureVersion);
        }
        let owned = |name| Ok(sole(name)?.map(str::to_owned));
        Ok(Self {
            algorithm: Algorithm::HmacSha1,
            access_key_id: require("AccessKeyId", owned("AccessKeyId")?)?,
            date: read_date("Timestamp", sole("Timestamp")?)?,
            nonce: require("SignatureNonce", owned("SignatureNonce")?)?,
            security_token: owned("SecurityToken")?,
            operation: owned("Action")?,
            version: owned("Version")?,
            signed_headers: Vec::new(),
            signature: signature.to_owned(),
        })
    }

    /// The scheme.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whose key it is said to be.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// When it was signed, in UTC, to the second.
    #[must_use]
    pub fn date(&self) -> OffsetDateTime {
        self.date
    }

    /// The nonce, never empty.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The security token of temporary credentials. A secret.
    #[must_use]
    pub fn security_token(&self) -> Option<&str> {
        self.security_token.as_deref()
    }

    /// `x-acs-action`, or the parameter `Action` of V1.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// `x-acs-version`, or the parameter `Version` of V1.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The names of the signed headers in byte order; none for V1, which signs no headers.
    #[must_use]
    pub fn signed_headers(&self) -> &[String] {
        &self.signed_headers
    }

    pub(crate) fn signature(&self) -> &str {
        &self.signature
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("algorithm", &self.algorithm)
            .field("access_key_id", &self.access_key_id)
            .field("date", &self.date)
            .field("nonce", &self.nonce)
            .field("has_security_token", &self.security_token.is_some())
            .field("operation", &self.operation)
            .field("version", &self.version)
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

/// Why the signature data of a request cannot be used. The wire codes are those of the documented
/// gateway table; a server chooses its answer by the variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// Neither an `Authorization` header nor a `Signature` parameter: `MissingSignature` or `IncompleteSignature`.
    #[error(
        "the request is not signed: it has neither an Authorization header nor a parameter Signature"
    )]
    NotSigned,
    /// The `Authorization` header cannot be read: `IncompleteSignature`.
    #[error("the Authorization header is malformed: {reason}")]
    Malformed {
        /// What is wrong, as it reads after a colon.
        reason: &'static str,
    },
    /// Another scheme than the two of this crate, a bearer token for instance: `InvalidSignatureMethod`.
    #[error("the signature method {name:?} is not supported: use ACS3-HMAC-SHA256 or HMAC-SHA1")]
    UnsupportedAlgorithm {
        /// The name on the wire, at most 64 characters of it.
        name: String,
    },
    /// `SignatureVersion` is not `1.0`: `InvalidSignatureVersion`.
    #[error("the parameter SignatureVersion must be 1.0")]
    SignatureVersion,
    /// A header or parameter that every signature needs is absent or empty: `Missing{Param}`.
    #[error("{name} is mandatory for a signed request")]
    Missing {
        /// The header or parameter.
        name: &'static str,
    },
    /// A header or parameter that can stand only once stands more often: `IncompleteSignature`.
    #[error("{name} stands more than once in the request")]
    Repeated {
        /// The header or parameter.
        name: &'static str,
    },
    /// The date is not of the form `YYYY-MM-DDThh:mm:ssZ`: `InvalidTimeStamp.Format`.
    #[error("{name} must be a UTC date of the form YYYY-MM-DDThh:mm:ssZ")]
    Timestamp {
        /// The header or parameter.
        name: &'static str,
    },
    /// A header is present but not signed, so that anybody could have added it: `IncompleteSignature`.
    #[error("the header {name} must be among SignedHeaders")]
    UnsignedHeader {
        /// The header.
        name: &'static str,
    },
    /// `SignedHeaders` lists a header that the request does not have: `IncompleteSignature`.
    #[error("SignedHeaders lists {name:?}, which is not among the headers")]
    AbsentHeader {
        /// The header.
        name: String,
    },
    /// A part is not UTF-8 or, where that matters, holds control characters: `InvalidParameter`.
    #[error("{part} is not plain UTF-8 text")]
    NotText {
        /// The part, as it reads at the start of a sentence.
        part: &'static str,
    },
    /// More than a request may have: `InvalidParameter`.
    #[error("the request has more than {limit} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
    },
}

impl ClaimError {
    pub(crate) fn unsupported(name: &str) -> Self {
        Self::UnsupportedAlgorithm {
            name: name.chars().take(64).collect(),
        }
    }
}

fn require<T: AsRef<str>>(name: &'static str, value: Option<T>) -> Result<T, ClaimError> {
    value
        .filter(|value| !value.as_ref().is_empty())
        .ok_or(ClaimError::Missing { name })
}

fn read_date(name: &'static str, value: Option<&str>) -> Result<OffsetDateTime, ClaimError> {
    parse_timestamp(require(name, value)?).ok_or(ClaimError::Timestamp { name })
}

fn sole_parameter<'a>(
    parameters: &'a [Parameter<'_>],
    name: &'static str,
) -> Result<Option<&'a str>, ClaimError> {
    let mut values = parameters.iter().filter(|(candidate, _)| candidate == name);
    let first = values.next().map(|(_, value)| &**value);
    if values.next().is_some() {
        return Err(ClaimError::Repeated { name });
    }
    Ok(first)
}
