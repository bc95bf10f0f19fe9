//! Files, programs and servers that give anything at all: no source panics, waits for ever, or shows a
//! secret.

use oos_clock::{FakeClock, SeededEntropy};
use oos_credentials::{
    Cached, Command, CommandOutput, DirectTransport, FakeHost, ProvideCredentials, Sources,
};
use oos_transport::{BoxFuture, CallContext, HttpRequest, HttpResponse, Transport, TransportError};
use proptest::prelude::*;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use time::macros::datetime;

const CONFIG: &str = "/home/me/.aliyun/config.json";
const INI: &str = "/home/me/.alibabacloud/credentials";
const TOKEN: &str = "/var/token";

/// Answers everything with the same bytes.
struct Parrot {
    status: u16,
    body: Vec<u8>,
}

impl std::fmt::Debug for Parrot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Parrot")
    }
}

impl Transport for Parrot {
    fn send<'a>(
        &'a self,
        _request: HttpRequest,
        _context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        let status = self.status.try_into().expect("100 to 999");
        let answer = HttpResponse::new(status).with_body(self.body.clone());
        Box::pin(std::future::ready(Ok(answer)))
    }
}

/// Bytes that are near to what is wanted, and such that are not.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\n",
        "\r\n",
        " ",
        "=",
        "#",
        "\u{feff}",
        "'",
        "0",
        "-1",
        "null",
        "true",
        "\"profiles\"",
        "\"name\"",
        "\"default\"",
        "\"mode\"",
        "\"AK\"",
        "\"OAuth\"",
        "\"ChainableRamRoleArn\"",
        "\"source_profile\"",
        "\"sts_expiration\"",
        "9999999999999999999",
        "\"access_key_id\"",
        "\"access_key_secret\"",
        "[default]",
        "type",
        "access_key",
        "ecs_ram_role",
        "\"Code\"",
        "\"Success\"",
        "\"Message\"",
        "\"Credentials\"",
        "\"Expiration\"",
        "\"AccessKeyId\"",
        "\"2026-01-02T04:04:05Z\"",
        "\u{0}",
        "\u{1b}",
        "é",
    ]);
    prop_oneof![
        3 => prop::collection::vec(words, 0..40).prop_map(|words| words.concat().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        2 => near(r#"{"current":"default","profiles":[{"name":"default","mode":"ChainableRamRoleArn",
            "source_profile":"b","ram_role_arn":"r"},{"name":"b","mode":"StsToken","access_key_id":"a",
            "access_key_secret":"hidden","sts_token":"hidden","sts_expiration":1767326645}]}"#),
        2 => near("[default]\ntype = ram_role_arn\naccess_key_id = a\naccess_key_secret = hidden\n\
            role_arn = r\n"),
        2 => near(r#"{"Code":"Success","RequestId":"R","Message":"busy","AccessKeyId":"a",
            "AccessKeySecret":"hidden","SecurityToken":"hidden","Expiration":"2026-01-02T04:04:05Z",
            "Credentials":{"AccessKeyId":"a","AccessKeySecret":"hidden"}}"#),
        1 => near(r#"{"mode":"StsToken","access_key_id":"a","access_key_secret":"hidden",
            "sts_token":"hidden","expiration":"2026-01-02T04:04:05Z"}"#),
    ]
}

/// A text with a few bytes of it changed, or with its end cut off.
fn near(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((0..text.len(), any::<u8>()), 0..4);
    (changes, 0..=text.len(), any::<bool>()).prop_map(move |(changes, end, cut)| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end);
        }
        bytes
    })
}

fn sources(file: &[u8], output: Vec<u8>, answer: Parrot) -> Sources {
    let host = FakeHost::new()
        .with_env("HOME", "/home/me")
        .with_file(CONFIG, file)
        .with_file(INI, file)
        .with_file(TOKEN, file)
        .with_command(Command::new("keys"), CommandOutput::new(Some(0), output));
    let transport = Arc::new(answer);
    Sources::new(transport.clone(), DirectTransport::without_proxy(transport))
        .with_host(Arc::new(host))
        .with_clock(Arc::new(FakeClock::jumping(
            datetime!(2026-01-02 03:04:05 UTC),
        )))
        .with_entropy(Arc::new(SeededEntropy::new(1)))
}

fn check(source: &Cached) -> Result<(), TestCaseError> {
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(outcome) = source.provide().as_mut().poll(&mut context) else {
        return Err(TestCaseError::fail("it waits, though all answer at once"));
    };
    if let Err(error) = outcome {
        let shown = format!("{error} {error:?} {source:?}");
        let lines = error.to_string().contains(char::is_control);
        prop_assert!(!lines, "{:?}", error);
        prop_assert!(!shown.contains("panicked"), "{}", shown);
        prop_assert!(!shown.contains("hidden"), "{}", shown);
        prop_assert!(
            !shown.contains('\u{1b}') && shown.len() < 20_000,
            "{}",
            shown
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_hangs_or_leaks(
        (file, output, body) in (bytes(), bytes(), bytes()),
        status in prop_oneof![3 => Just(200_u16), 1 => 200_u16..600],
        (uri, line) in ("\\PC{0,40}", any::<String>()),
    ) {
        let sources = sources(&file, output, Parrot { status, body });
        let role = || oos_credentials::Role::new("acs:ram::1:role/r");
        check(&sources.cli_profile(None))?;
        check(&sources.ini_profile(None))?;
        check(&sources.ecs_metadata(None))?;
        check(&sources.external("keys"))?;
        check(&sources.oidc_role(role(), "p", TOKEN))?;
        check(&sources.assume_role(oos_credentials::Static::new("a", "s"), role()))?;
        check(&sources.credentials_uri("http://localhost/c"))?;
        check(&sources.credentials_uri(uri))?;
        check(&sources.external(line))?;
    }
}
