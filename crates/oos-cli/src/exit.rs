//! The exit codes, and which outcome has which.

use crate::failure::Failure;
use crate::report::Outcome;
use oos::Error;

/// Done, and it went well.
pub(crate) const OK: u8 = 0;
/// Done, and it went badly; or the result could not be written.
pub(crate) const NEGATIVE: u8 = 1;
/// Arguments, files or templates have mistakes.
pub(crate) const USAGE: u8 = 2;
/// The service refused, or said something that can not be understood.
pub(crate) const SERVICE: u8 = 3;
/// There are no credentials.
pub(crate) const CREDENTIALS: u8 = 4;
/// The service can not be reached, or did not answer in time.
pub(crate) const NETWORK: u8 = 5;

/// The exit code of a command.
pub(crate) fn code(result: Result<Outcome, &Failure>) -> u8 {
    match result {
        // Whoever reads our output has seen enough of it: that is no failure.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => OK,
        Ok(Outcome::Success | Outcome::Sent) => OK,
        Ok(
            Outcome::Failed
            | Outcome::Cancelled
            | Outcome::NotMatched
            | Outcome::NotWaiting
            | Outcome::NoChild
            | Outcome::TimedOut,
        )
        | Err(Failure::Output(_)) => NEGATIVE,
        Err(Failure::Usage(_)) => USAGE,
        Err(Failure::Call(error)) => code_of_call(error),
        Err(Failure::Local(_)) => SERVICE,
    }
}

fn code_of_call(error: &Error) -> u8 {
    match error {
        Error::NotSent(_) => USAGE,
        Error::Credentials(_) => CREDENTIALS,
        Error::Transport(_) | Error::Timeout(_) => NETWORK,
        // `Error` is open: whatever else it may come to say, the service said it.
        _ => SERVICE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Mistakes;
    use oos::client::{ClientBuilder, EndpointError, EndpointQuery, NoRetry};
    use oos::clock::{BoxFuture, FakeClock};
    use oos::credentials::{Environment, FakeHost, Static};
    use oos::transport::{
        CallContext, HttpRequest, HttpResponse, Scripted, TransportError, TransportErrorKind,
    };
    use oos::{Client, Endpoint, ProvideCredentials, ResolveEndpoint, Transport};
    use std::io::ErrorKind;
    use std::sync::Arc;

    #[test]
    fn outcomes_have_their_codes() {
        for outcome in Outcome::ALL {
            let good = matches!(outcome, Outcome::Success | Outcome::Sent);
            assert_eq!(code(Ok(outcome)), u8::from(!good), "{outcome:?}");
        }
    }

    #[test]
    fn failures_have_their_codes() {
        let check = |failure: Failure, expected: u8| {
            assert_eq!(code(Err(&failure)), expected, "{failure:?}");
        };
        check(Failure::Usage(Mistakes::one("no")), 2);
        check(Failure::Local("the engine has stopped".into()), 3);
        check(Failure::Output(ErrorKind::BrokenPipe.into()), 0);
        check(Failure::Output(ErrorKind::StorageFull.into()), 1);
    }

    /// The error that a call of this client brings.
    fn call(client: Result<Client, oos::BuildError>) -> Failure {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let client = client.expect("a client");
        let answer = runtime.block_on(client.list_executions().send());
        Failure::from(answer.expect_err("it fails"))
    }

    fn client(transport: impl Transport, credentials: impl ProvideCredentials) -> ClientBuilder {
        let clock = FakeClock::jumping(time::OffsetDateTime::UNIX_EPOCH);
        Client::builder(Arc::new(transport), Arc::new(credentials))
            .with_clock(Arc::new(clock))
            .with_retry_policy(Arc::new(NoRetry))
            .with_region("cn-hangzhou")
    }

    fn key() -> Static {
        Static::new("id", "secret")
    }

    /// Never answers.
    #[derive(Debug)]
    struct Silent;

    impl Transport for Silent {
        fn send<'a>(
            &'a self,
            _: HttpRequest,
            _: &'a CallContext,
        ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
            Box::pin(std::future::pending())
        }
    }

    /// Knows no endpoint.
    #[derive(Debug)]
    struct Nowhere;

    impl ResolveEndpoint for Nowhere {
        fn resolve(&self, _: &EndpointQuery<'_>) -> Result<Endpoint, EndpointError> {
            Err(EndpointError::NoRegion)
        }
    }

    #[test]
    fn every_kind_of_failed_call_has_its_code() {
        let check = |failure: Failure, expected: u8| {
            assert_eq!(code(Err(&failure)), expected, "{failure:?}");
        };
        let answered = |status: u16, body: &'static str| {
            let transport = Scripted::new();
            let status = status.try_into().expect("a status");
            transport.answer(HttpResponse::new(status).with_body(body));
            call(client(transport, key()).build())
        };
        check(answered(404, r#"{"Code":"EntityNotExists.Execution"}"#), 3);
        check(answered(503, "busy"), 3);
        check(answered(200, "<html>"), 3);

        let unset = Environment::of(Arc::new(FakeHost::new()));
        check(call(client(Scripted::new(), unset).build()), 4);

        let closed = Scripted::new();
        closed.fail(TransportError::new(TransportErrorKind::Connect));
        check(call(client(closed, key()).build()), 5);
        check(call(client(Silent, key()).build()), 5);

        let nowhere = client(Scripted::new(), key()).with_endpoints(Arc::new(Nowhere));
        check(call(nowhere.build()), 2);
    }
}
