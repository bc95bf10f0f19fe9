//! Finding out why a server refused a signature, from the text of its answer.

use std::fmt;

use crate::SignedParts;

/// What a comparison of our text with the server's shows.
///
/// The lines hold parameters of the request, which may be secret: `Debug` and `Display` leave them out.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Explanation {
    /// Both signed the same text, so the keys differ: the secret is wrong.
    WrongSecret,
    /// The texts differ: something between signer and server changed the request.
    Differs {
        /// The stage that was compared: `canonical request` or `string to sign`.
        stage: &'static str,
        /// The first line that differs, from 1.
        line: usize,
        /// That line as signed; empty if there is none.
        ours: String,
        /// That line as the server sees it; empty if there is none.
        theirs: String,
    },
}

/// Compares what was signed with what a `SignatureDoesNotMatch` message says the server signed.
///
/// Both known forms are read: `server string to sign is:…` of V1, and `server StringToSign is […]
/// server CanonicalRequest is […]` of ACS3 (both seen in reports of users). `None` if the message has
/// neither, as in the short form.
#[must_use]
pub fn explain(signed: &SignedParts, message: &str) -> Option<Explanation> {
    let theirs = bracketed(message, "server CanonicalRequest is [");
    if let (Some(theirs), Some(ours)) = (theirs, signed.canonical_request()) {
        return Some(compare("canonical request", ours, theirs));
    }
    let theirs = bracketed(message, "server StringToSign is [").or_else(|| {
        message
            .split_once("server string to sign is:")
            .map(|(_, text)| text)
    })?;
    Some(compare("string to sign", signed.string_to_sign(), theirs))
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongSecret => f.write_str(
                "the server signed the same text, so the access key secret is wrong: check it for missing or extra characters",
            ),
            Self::Differs { stage, line, .. } => write!(
                f,
                "the server signed another {stage}: line {line} differs, so the request was changed on its way or encoded twice"
            ),
        }
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongSecret => f.write_str("WrongSecret"),
            Self::Differs { stage, line, .. } => f
                .debug_struct("Differs")
                .field("stage", stage)
                .field("line", line)
                .finish_non_exhaustive(),
        }
    }
}

/// The text ends at the last bracket before the next label, as it may hold brackets itself.
fn bracketed<'a>(message: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = message.split_once(label)?;
    let end = rest.find("] server ").or_else(|| rest.rfind(']'))?;
    Some(&rest[..end])
}

fn compare(stage: &'static str, ours: &str, theirs: &str) -> Explanation {
    if ours == theirs {
        return Explanation::WrongSecret;
    }
    let (mut ours, mut theirs) = (ours.split('\n'), theirs.split('\n'));
    let mut line = 1;
    loop {
        match (ours.next(), theirs.next()) {
            (Some(a), Some(b)) if a == b => line += 1,
            (a, b) => {
                let text = |side: Option<&str>| side.unwrap_or_default().to_owned();
                return Explanation::Differs {
                    stage,
                    line,
                    ours: text(a),
                    theirs: text(b),
                };
            }
        }
    }
}
