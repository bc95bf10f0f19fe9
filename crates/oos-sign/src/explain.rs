//! Finding out why a server refused a signature, from the text of its answer.

mod canonical;
mod parameters;
mod suspects;
mod verdict;

pub use verdict::{Change, Verdict};

use std::fmt;

use crate::{AccessKey, SignedParts};

/// What a comparison of our text with the server's shows.
///
/// The lines hold parameters of the request, which may be secret: `Debug` and `Display` leave them
/// out. `Display` is one sentence that tells the cause and what to do.
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation {
    pub(crate) verdict: Verdict,
    pub(crate) stage: &'static str,
    pub(crate) line: usize,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

impl Explanation {
    /// What the comparison shows.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The stage that was compared: `canonical request` or `string to sign`.
    #[must_use]
    pub fn stage(&self) -> &'static str {
        self.stage
    }

    /// The first line of that stage that differs, from 1; 0 if none does.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// That line as signed; empty if there is none. It may hold secrets.
    #[must_use]
    pub fn ours(&self) -> &str {
        &self.ours
    }

    /// That line as the server sees it; empty if there is none. It may hold secrets.
    #[must_use]
    pub fn theirs(&self) -> &str {
        &self.theirs
    }

    /// The explanation with what the key itself shows: a secret that is wrong may be one that was
    /// copied with blanks or quotation marks around it.
    #[must_use]
    pub fn with_key(mut self, key: &AccessKey) -> Self {
        if self.verdict == Verdict::WrongSecret && is_padded(key.secret().expose()) {
            self.verdict = Verdict::PaddedSecret;
        }
        self
    }

    fn same(stage: &'static str) -> Self {
        Self {
            verdict: Verdict::WrongSecret,
            stage,
            line: 0,
            ours: String::new(),
            theirs: String::new(),
        }
    }

    /// The texts differ, in a place that the lines alone do not explain.
    fn different(stage: &'static str, ours: &str, theirs: &str) -> Self {
        let (mut left, mut right) = (ours.split('\n'), theirs.split('\n'));
        let mut line = 1;
        loop {
            match (left.next(), right.next()) {
                (Some(a), Some(b)) if a == b => line += 1,
                (a, b) => {
                    return Self {
                        verdict: Verdict::Unknown,
                        stage,
                        line,
                        ours: a.unwrap_or_default().to_owned(),
                        theirs: b.unwrap_or_default().to_owned(),
                    };
                }
            }
        }
    }
}

fn is_padded(secret: &str) -> bool {
    let quoted = ['"', '\'', '`'];
    secret.trim() != secret || secret.starts_with(quoted) || secret.ends_with(quoted)
}

/// Compares what was signed with what a `SignatureDoesNotMatch` message says the server signed.
///
/// Both known forms are read: `server string to sign is:…` of V1, and `server StringToSign is […]
/// server CanonicalRequest is […]` of ACS3 (both seen in reports of users). `None` if the message has
/// neither, as in the short form.
#[must_use]
pub fn explain(signed: &SignedParts, message: &str) -> Option<Explanation> {
    let canonical = bracketed(message, "server CanonicalRequest is [");
    let to_sign = bracketed(message, "server StringToSign is [").or_else(|| {
        message
            .split_once("server string to sign is:")
            .map(|(_, text)| text)
    });
    explain_texts(signed, to_sign, canonical)
}

/// Compares what was signed with the server's string to sign and, for ACS3, its canonical request.
///
/// With the canonical request the first difference is named. With the string to sign of ACS3 alone,
/// which holds but a hash, the alterations that proxies and HTTP libraries are known to make are
/// tried one by one. `None` if neither text is there.
///
/// ```
/// use oos_sign::{AccessKey, Acs3, Sign, SignableRequest, SigningParams, Verdict, explain_texts};
/// use time::macros::datetime;
///
/// let query = [("Content", "a+b")];
/// let request = SignableRequest::rpc("h", "TriggerExecution", "2019-06-01", &query);
/// let params = SigningParams { date: datetime!(2026-01-02 03:04:05 UTC), nonce: "n" };
/// let signed = Acs3.sign(&request, &AccessKey::new("id", "secret"), &params)?;
///
/// let ours = signed.canonical_request().expect("ACS3 has one");
/// let theirs = ours.replace("a%2Bb", "a%20b");
/// let found = explain_texts(&signed, None, Some(&theirs)).expect("there is a text");
/// assert_eq!(found.line(), 3);
/// assert!(found.to_string().contains("the parameter `Content`"), "{found}");
/// # Ok::<(), oos_sign::SignError>(())
/// ```
#[must_use]
pub fn explain_texts(
    signed: &SignedParts,
    string_to_sign: Option<&str>,
    canonical_request: Option<&str>,
) -> Option<Explanation> {
    let ours = signed.canonical_request();
    if let (Some(ours), Some(theirs)) = (ours, canonical_request) {
        return Some(canonical::compare(ours, theirs));
    }
    let theirs = string_to_sign?;
    Some(match ours {
        Some(canonical) => suspects::compare(signed.string_to_sign(), canonical, theirs),
        None => parameters::compare_v1(signed.string_to_sign(), theirs),
    })
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Unknown => write!(
                f,
                "the server signed another {} and it is not clear what changed it: a proxy or an \
                 HTTP library between may have; compare line {}",
                self.stage, self.line
            ),
            verdict => verdict.fmt(f),
        }
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("verdict", &self.verdict)
            .field("stage", &self.stage)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// The text ends at the last bracket before the next label, as it may hold brackets itself.
fn bracketed<'a>(message: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = message.split_once(label)?;
    let end = rest.find("] server ").or_else(|| rest.rfind(']'))?;
    Some(&rest[..end])
}
