//! Why a server does not believe a request.

use super::http_date;
use http::HeaderMap;
use http::header::DATE;
use oos_credentials::Credentials;
use oos_model::ApiError;
use oos_sign::{SignedParts, Verdict, explain_texts};
use std::fmt;
use time::OffsetDateTime;

/// Why a server does not believe a request: one sentence (`Display`), without a secret, a signature
/// or the value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    sentence: String,
    verdict: Option<Verdict>,
}

impl Diagnosis {
    /// What a comparison with the server's own text showed, if it was shown.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    fn of(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            verdict: None,
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// Whether this refusal is about who signed, when and how.
pub(crate) fn concerns(api: &ApiError) -> bool {
    api.is_signature_mismatch()
        || api.is_clock_skew()
        || api.is_bad_credentials()
        || matches!(
            api.code(),
            "InvalidStsToken" | "ExpiredStsToken" | "MissingSecurityToken"
        )
}

/// What is known of the request that was refused.
pub(crate) struct Refused<'a> {
    pub(crate) api: &'a ApiError,
    pub(crate) headers: &'a HeaderMap,
    /// The request signed once more with the same date and nonce.
    pub(crate) signed: Option<&'a SignedParts>,
    pub(crate) credentials: &'a Credentials,
    /// The date that it was signed with, and this machine's time then.
    pub(crate) date: OffsetDateTime,
}

impl Refused<'_> {
    /// `None` if the code says it all.
    pub(crate) fn diagnose(&self) -> Option<Diagnosis> {
        let api = self.api;
        if api.is_signature_mismatch() {
            return Some(self.signature());
        }
        if api.is_clock_skew() {
            return self.clock();
        }
        concerns(api).then(|| self.credentials())
    }

    fn signature(&self) -> Diagnosis {
        let texts = (
            self.api.server_string_to_sign(),
            self.api.server_canonical_request(),
        );
        let explained = self
            .signed
            .and_then(|signed| explain_texts(signed, texts.0, texts.1));
        let provider = self.credentials.provider();
        let Some(found) = explained else {
            return if self.api.code() == "IncompleteSignature" {
                Diagnosis::of(
                    "the signature did not reach the server whole: look for a proxy that drops or \
                     cuts the header `authorization`",
                )
            } else {
                Diagnosis::of(format!(
                    "the server does not show what it signed; most often the access key secret (it \
                     comes from `{provider}`) is wrong: check it for missing or extra characters"
                ))
            };
        };
        let found = found.with_key(self.credentials.access_key());
        let from = match found.verdict() {
            Verdict::WrongSecret | Verdict::PaddedSecret => {
                format!(" (it comes from `{provider}`)")
            }
            _ => String::new(),
        };
        Diagnosis {
            sentence: format!("{found}{from}"),
            verdict: Some(found.verdict().clone()),
        }
    }

    fn clock(&self) -> Option<Diagnosis> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        let seconds = (http_date(date)? - self.date).whole_seconds();
        let (side, seconds) = if seconds < 0 {
            ("ahead of", seconds.unsigned_abs())
        } else {
            ("behind", seconds.unsigned_abs())
        };
        Some(Diagnosis::of(format!(
            "the date of the request was {seconds} s {side} the server's clock: set the clock of \
             this machine by NTP"
        )))
    }

    fn credentials(&self) -> Diagnosis {
        let provider = self.credentials.provider();
        let code = self.api.code();
        let token = self.credentials.access_key().security_token().is_some();
        Diagnosis::of(if code.starts_with("InvalidAccessKeyId") {
            format!(
                "the access key id comes from `{provider}`: check that it is the right one, of \
                 this site and account, and enabled"
            )
        } else if !token {
            format!(
                "the credentials from `{provider}` have no security token: with a temporary access \
                 key set its token too"
            )
        } else if code.contains("Expired") {
            format!(
                "the security token from `{provider}` is past its end: fetch new temporary \
                 credentials"
            )
        } else {
            format!(
                "the security token from `{provider}` does not belong to its access key, or was \
                 cut: set id, secret and token of one answer of STS"
            )
        })
    }
}
