//! The two signature schemes and the seams behind which they stand.

use std::fmt;

use crate::{
    AccessKey, Acs3, Claims, ReceivedRequest, RpcV1, SignError, SignableRequest, SignedParts,
    SigningParams, VerifyError,
};

/// A signature scheme that this crate can make and check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// `ACS3-HMAC-SHA256`, in the `Authorization` header (help page "V3 request structure and signature").
    Acs3HmacSha256,
    /// `HMAC-SHA1` with `SignatureVersion` 1.0, in the query (help page "Request signatures").
    HmacSha1,
}

impl Algorithm {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acs3HmacSha256 => "ACS3-HMAC-SHA256",
            Self::HmacSha1 => "HMAC-SHA1",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Makes the signed parts of a request.
///
/// Contract: pure and repeatable. The same arguments give the same parts, nothing is read from
/// outside and nothing is kept; on `Err` nothing has happened. An implementation must not put the
/// secret, the token or a signature into its errors or its `Debug`.
pub trait Sign: fmt::Debug + Send + Sync + 'static {
    /// Signs `request` with `key` at the given date and with the given nonce.
    ///
    /// # Errors
    /// When the request cannot be sent as it stands: see [`SignError`].
    fn sign(
        &self,
        request: &SignableRequest<'_>,
        key: &AccessKey,
        params: &SigningParams<'_>,
    ) -> Result<SignedParts, SignError>;
}

/// Checks the signature of a request that arrived.
///
/// Contract: pure and repeatable, and the comparison of the signature takes the same time wherever
/// it differs. `Ok` says that the holder of `key` signed exactly what the request's decoded
/// parameters, signed headers and body say. It says nothing about freshness: the caller compares
/// [`Claims::date`] with its clock and remembers [`Claims::nonce`].
pub trait Verify: fmt::Debug + Send + Sync + 'static {
    /// Verifies `request` against `key`; `claims` are what [`Claims::read`] found in this request.
    ///
    /// # Errors
    /// When the signature is not of this key and request: see [`VerifyError`].
    fn verify(
        &self,
        request: &ReceivedRequest<'_>,
        claims: &Claims,
        key: &AccessKey,
    ) -> Result<(), VerifyError>;
}

/// Verifies a request by the scheme that its claims name.
///
/// # Errors
/// As [`Verify::verify`].
pub fn verify(
    request: &ReceivedRequest<'_>,
    claims: &Claims,
    key: &AccessKey,
) -> Result<(), VerifyError> {
    match claims.algorithm() {
        Algorithm::Acs3HmacSha256 => Acs3.verify(request, claims, key),
        Algorithm::HmacSha1 => RpcV1.verify(request, claims, key),
    }
}
