//! What to make of an error.

use super::{Error, TimeLimit};
use crate::catalogue;
use oos_transport::TransportErrorKind as Kind;
use std::borrow::Cow;
use std::fmt;

/// What to make of an error, in three sentences: what happened on the wire, what may have been
/// sent, and what to do. None of them holds a secret. Made by [`Error::advice`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    happened: Cow<'static, str>,
    sent: &'static str,
    next: Cow<'static, str>,
}

impl Advice {
    /// What happened on the wire.
    #[must_use]
    pub fn what_happened(&self) -> &str {
        &self.happened
    }

    /// What may have been sent, and whether it may have had its effect.
    #[must_use]
    pub fn what_may_have_been_sent(&self) -> &str {
        self.sent
    }

    /// What to do.
    #[must_use]
    pub fn what_to_do(&self) -> &str {
        &self.next
    }
}

/// The three sentences.
impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.happened, self.sent, self.next)
    }
}

impl Error {
    /// What to make of it: what happened on the wire, what may have been sent, and what to do. For
    /// a refusal the last comes from its diagnosis, if there is one, else from the
    /// [catalogue](crate::catalogue).
    ///
    /// ```
    /// # fn example(error: &oos_client::Error) {
    /// eprintln!("{error}\n{}", error.advice());
    /// # }
    /// ```
    #[must_use]
    pub fn advice(&self) -> Advice {
        Advice {
            happened: self.what_happened(),
            sent: self.what_may_have_been_sent(),
            next: self.what_to_do(),
        }
    }

    fn what_happened(&self) -> Cow<'static, str> {
        match self {
            Self::NotSent(_) => "The call can not be sent as it is.".into(),
            Self::Credentials(_) => "There are no credentials to sign the call with.".into(),
            Self::Transport(error) => on_the_wire(error.transport_error().kind()).into(),
            Self::Timeout(error) => match error.limit() {
                TimeLimit::Attempt => "No answer came within the time of one attempt.".into(),
                TimeLimit::Call => "No answer came within the time of the call.".into(),
            },
            Self::Service(error) => {
                let status = error.status();
                let cause = self.code().and_then(catalogue::lookup);
                match (self.code(), cause) {
                    (_, Some(known)) => format!("HTTP {status}: {}", known.cause()).into(),
                    (Some(_), None) => format!(
                        "The server refused with HTTP {status} and a code that is not in \
                                 the catalogue."
                    )
                    .into(),
                    (None, None) => format!(
                        "Something answered HTTP {status} without an error of the API: a \
                                 proxy, a load balancer, or another server."
                    )
                    .into(),
                }
            }
            Self::Decode(error) => format!(
                "The server answered HTTP {} with something that the operation does not answer.",
                error.status()
            )
            .into(),
        }
    }

    fn what_may_have_been_sent(&self) -> &'static str {
        match (self.may_have_been_sent(), self.may_have_been_done()) {
            (false, _) => "Nothing was sent.",
            (true, false) => "The request was sent, and had no effect.",
            (true, true) if matches!(self, Self::Decode(_)) => {
                "The request was sent and carried out."
            }
            (true, true) => "The request may have been sent, and may have had its effect.",
        }
    }

    fn what_to_do(&self) -> Cow<'static, str> {
        match self {
            Self::NotSent(_) => "Mend what the cause of the error names.".into(),
            Self::Credentials(_) => {
                "Set up one of the sources that the cause of the error names.".into()
            }
            Self::Transport(error) => self.after_failure(error.transport_error().kind()),
            Self::Timeout(_) => self.look_first("Try again, or give the call more time"),
            Self::Service(error) => {
                if let Some(diagnosis) = error.diagnosis() {
                    return sentence(&diagnosis.to_string()).into();
                }
                let known = self.code().and_then(catalogue::lookup);
                match known {
                    Some(known) => known.remedy().to_owned().into(),
                    None if self.is_throttled() => "Slow down, then repeat the call.".into(),
                    None if error.status() >= 500 => self.look_first("Try again a little later"),
                    None => "Read the message; quote the request id to support.".into(),
                }
            }
            Self::Decode(_) => {
                "Read the raw answer that the error keeps; check that the endpoint is one of OOS."
                    .into()
            }
        }
    }

    fn after_failure(&self, kind: Kind) -> Cow<'static, str> {
        match kind {
            Kind::InvalidRequest | Kind::Unsupported => {
                "Mend what the cause of the error names.".into()
            }
            Kind::Connect | Kind::ConnectTimeout => {
                "Check the endpoint, the region, the network and the proxy; then try again.".into()
            }
            Kind::Tls => "Check the endpoint's host name, the roots that are trusted, and proxies \
                          that open TLS connections."
                .into(),
            Kind::Proxy | Kind::ProxyAuthentication => {
                "Check the proxy's address, user name and password.".into()
            }
            Kind::BodyTooLarge => {
                "Ask for smaller pages, or raise the limit of the transport.".into()
            }
            _ => self.look_first("Try again"),
        }
    }

    fn look_first(&self, what: &str) -> Cow<'static, str> {
        if self.may_have_been_done() {
            format!(
                "{what}: with the same ClientToken, or after a look whether the call had its effect."
            )
            .into()
        } else {
            format!("{what}.").into()
        }
    }
}

fn on_the_wire(kind: Kind) -> &'static str {
    match kind {
        Kind::InvalidRequest => "The request can not be sent over HTTP as it is.",
        Kind::Unsupported => "The transport is not set up to send this request.",
        Kind::Connect => "There was no connection to the server.",
        Kind::Tls => "The two sides agreed on no TLS connection.",
        Kind::Proxy => "The proxy opened no connection to the server.",
        Kind::ProxyAuthentication => "The proxy wants a user name and a password.",
        Kind::ConnectTimeout => "There was no connection to the server in time.",
        Kind::ReadTimeout => "The request was sent, and no complete answer came in time.",
        Kind::BodyTooLarge => "The answer is longer than the limit.",
        Kind::Encoding => "The compressed answer is damaged.",
        _ => "The connection broke before the answer was complete.",
    }
}

/// A text that goes on in a sentence, as a sentence.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let mut sentence: String = first.into_iter().chain(characters).collect();
    sentence.push('.');
    sentence
}
