//! One exchange with a server that hands out credentials.

use crate::CredentialsErrorKind::{Invalid, Unavailable};
use crate::document::Document;
use crate::key_text::Found;
use crate::{Credentials, CredentialsError};
use futures_util::future::{Either, select};
use oos_clock::Clock;
use oos_transport::{
    Body, CallContext, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::{Zeroize, Zeroizing};

/// Such answers are one or two KB.
const LONGEST_ANSWER: usize = 64 << 10;
const LONGEST_MESSAGE: usize = 300;

/// Who asks whom, and how long the answer may take.
pub(crate) struct Exchange<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) limit: Duration,
    /// The source that asks.
    pub(crate) provider: &'static str,
    /// The server as sentences name it: without anything secret.
    pub(crate) server: &'a str,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// The time was up.
    Late,
    Failed(TransportError),
}

impl Exchange<'_> {
    /// An answer of any status.
    pub(crate) async fn send(
        &self,
        operation: &'static str,
        request: HttpRequest,
    ) -> Result<HttpResponse, Unanswered> {
        let context = CallContext::new(operation);
        let sent = self.transport.send(request, &context);
        match select(sent, self.clock.sleep(self.limit)).await {
            Either::Left((answer, _)) => answer.map_err(Unanswered::Failed),
            Either::Right(((), _)) => Err(Unanswered::Late),
        }
    }

    /// What it means that there is no answer.
    pub(crate) fn unanswered(&self, why: Unanswered) -> CredentialsError {
        use TransportErrorKind as Kind;
        let server = self.server;
        let cause = match why {
            Unanswered::Late => {
                let limit = self.limit.as_secs();
                return self.error(format!("{server} did not answer within {limit} s"));
            }
            Unanswered::Failed(cause) => cause,
        };
        let problem = match cause.kind() {
            Kind::Connect => format!("there is no connection to {server}"),
            Kind::ConnectTimeout => format!("there is no connection to {server} in time"),
            Kind::Broken => format!("the connection to {server} broke"),
            Kind::ReadTimeout => format!("{server} did not answer in time"),
            Kind::BodyTooLarge => format!("the answer of {server} is too long"),
            _ => format!("the transport can not ask {server}"),
        };
        self.error(problem).with_source(cause)
    }

    /// The JSON of an answer with success. `secrets` are what the request held and no message may
    /// repeat.
    pub(crate) fn document(
        &self,
        response: HttpResponse,
        secrets: &[&str],
    ) -> Result<Document, CredentialsError> {
        let status = response.status.as_u16();
        let header = response.header("x-acs-request-id").map(str::to_owned);
        let read = read(response.body);
        if (200..300).contains(&status) {
            return read.map_err(|problem| {
                let problem = format!("the answer of {} {problem}", self.server);
                self.error(problem).with_answer(status, None, header)
            });
        }
        Err(self.refusal(status, header, read.ok().as_ref(), secrets))
    }

    /// The error of an answer that gives no credentials, whatever its status.
    pub(crate) fn refusal(
        &self,
        status: u16,
        request_id: Option<String>,
        body: Option<&Document>,
        secrets: &[&str],
    ) -> CredentialsError {
        let member = |names: [&str; 2]| names.iter().find_map(|name| body?.text(name));
        let plain = |text: &str| shown(text, secrets);
        let code = member(["Code", "code"]).map(plain);
        let message = member(["Message", "message"]).filter(|_| repeats_nothing(code.as_deref()));
        let in_body = || member(["RequestId", "requestId"]).map(plain);
        let request_id = request_id.or_else(in_body);

        let mut problem = format!("{} answered {status}", self.server);
        push(&mut problem, " ", code.as_deref());
        push(&mut problem, ": ", message.map(plain).as_deref());
        push(&mut problem, ", request id ", request_id.as_deref());
        let busy = status >= 500
            || status == 429
            || code
                .as_deref()
                .is_some_and(|code| code.starts_with("Throttling"));
        let kind = if busy { Unavailable } else { Invalid };
        CredentialsError::new(kind, self.provider, problem).with_answer(status, code, request_id)
    }

    /// The credentials in a document with the four usual members.
    pub(crate) fn credentials(
        &self,
        document: &Document,
        name: String,
    ) -> Result<Credentials, CredentialsError> {
        let place = format!(" in the answer of {}", self.server);
        let member = |name: &'static str| (name, document.text(name));
        let found = Found {
            id: member("AccessKeyId"),
            secret: member("AccessKeySecret"),
            token: member("SecurityToken"),
            place: &place,
        };
        let key = found.key(self.provider)?;
        if key.security_token().is_none() {
            return Err(self.error(format!("SecurityToken{place} is not set")));
        }
        let expiration = document.text("Expiration").and_then(time);
        let problem = || format!("Expiration{place} is no time such as 2026-01-02T03:04:05Z");
        let end = expiration.ok_or_else(|| self.error(problem()))?;
        Ok(Credentials::new(key, name).expiring_at(end))
    }

    pub(crate) fn error(&self, problem: String) -> CredentialsError {
        CredentialsError::new(Unavailable, self.provider, problem)
    }
}

/// A time in RFC 3339, in UTC.
pub(crate) fn time(text: &str) -> Option<OffsetDateTime> {
    let time = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    time.checked_to_offset(time::UtcOffset::UTC)
}

/// The bytes are wiped, unless the transport kept them.
fn read(body: Body) -> Result<Document, &'static str> {
    if body.len() > LONGEST_ANSWER {
        return Err("is longer than 64 KB");
    }
    let document = Document::parse(body.as_bytes()).map_err(|_| "is no JSON");
    if let Ok(mut bytes) = body.into_bytes().try_into_mut() {
        bytes[..].zeroize();
    }
    document
}

/// The messages of these errors repeat the whole request, with its security token.
fn repeats_nothing(code: Option<&str>) -> bool {
    !matches!(code, Some("SignatureDoesNotMatch" | "IncompleteSignature"))
}

fn push(problem: &mut String, lead: &str, text: Option<&str>) {
    if let Some(text) = text {
        problem.push_str(lead);
        problem.push_str(text);
    }
}

/// A text of a server, short, on one line, and without what it was sent in confidence.
fn shown(text: &str, secrets: &[&str]) -> String {
    let mut text = text.trim().to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let encoded = Zeroizing::new(utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string());
        text = text.replace(secret, "***").replace(encoded.as_str(), "***");
    }
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(LONGEST_MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_servers_are_made_harmless() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text, &["hid/den"]), expected);
        check(" a\nb\u{1b}[0m ", "a b [0m");
        check("token hid/den or hid%2Fden", "token *** or ***");
        check(&"x".repeat(1000), &"x".repeat(LONGEST_MESSAGE));
    }

    #[test]
    fn times_are_read() {
        use time::macros::datetime;
        let check = |text: &str, expected: Option<OffsetDateTime>| {
            assert_eq!(time(text), expected, "{text}");
        };
        check(
            "2026-01-02T03:04:05Z",
            Some(datetime!(2026-01-02 03:04:05 UTC)),
        );
        check(
            "2026-01-02T11:04:05+08:00\n",
            Some(datetime!(2026-01-02 03:04:05 UTC)),
        );
        check("soon", None);
    }
}
