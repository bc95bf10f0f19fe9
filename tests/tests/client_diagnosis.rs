//! What a client says of a refusal: a local OOS checks a request that was tampered with on its way,
//! and the client names what was changed. And what it advises.

use http::{HeaderValue, StatusCode};
use oos_client::model::operations::ListTemplates;
use oos_client::{Client, Error, NoRetry};
use oos_clock::FakeClock;
use oos_credentials::{AccessKey, Static};
use oos_local::LocalOos;
use oos_sign::{Acs3, Change, RpcV1, Sign, Verdict};
use oos_transport::{
    BoxFuture, CallContext, HttpRequest, HttpResponse, Scripted, Transport, TransportError,
    TransportErrorKind,
};
use proptest::prelude::*;
use std::fmt;
use std::sync::{Arc, OnceLock};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::runtime::Runtime;

type Mutation = Arc<dyn Fn(&mut HttpRequest) + Send + Sync>;

/// Changes every request on its way to a local OOS.
struct Tamper {
    inner: Arc<dyn Transport>,
    mutation: Mutation,
}

impl fmt::Debug for Tamper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tamper")
    }
}

impl Transport for Tamper {
    fn send<'a>(
        &'a self,
        mut request: HttpRequest,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        (self.mutation)(&mut request);
        self.inner.send(request, context)
    }
}

struct World {
    runtime: Runtime,
    local: LocalOos,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let local = runtime.block_on(async { LocalOos::builder().spawn() });
        World { runtime, local }
    })
}

/// The refusal of a call whose request is changed like this, signed with this secret.
fn refusal(signer: Arc<dyn Sign>, secret: &str, values: [&str; 2], mutation: Mutation) -> Error {
    let World { runtime, local } = world();
    let key = AccessKey::new(local.access_key().id(), secret);
    let transport = Tamper {
        inner: Arc::new(local.transport()),
        mutation,
    };
    let client = Client::builder(Arc::new(transport), Arc::new(Static::of(key)))
        .with_region("cn-hangzhou")
        .with_endpoint(local.endpoint())
        .with_signer(signer)
        .with_retry_policy(Arc::new(NoRetry))
        .build()
        .expect("a client");
    let call = client
        .call(ListTemplates::new())
        .param("Alpha", values[0])
        .param("Beta", values[1]);
    runtime.block_on(call.send()).expect_err("it was changed")
}

fn secret() -> String {
    world().local.access_key().secret().expose().to_owned()
}

fn verdict(error: &Error) -> Verdict {
    let Error::Service(refusal) = error else {
        panic!("{error:?}")
    };
    assert_eq!(refusal.api().code(), "SignatureDoesNotMatch", "{error}");
    let diagnosis = refusal.diagnosis().expect("a diagnosis");
    assert!(
        error.to_string().contains(&diagnosis.to_string()),
        "{error}"
    );
    diagnosis
        .verdict()
        .expect("the server shows its text")
        .clone()
}

fn query(change: impl Fn(&str) -> String + Send + Sync + 'static) -> Mutation {
    Arc::new(move |request| {
        let changed = change(request.query());
        request.target = format!("/?{changed}");
    })
}

fn header(name: &'static str, value: &'static str) -> Mutation {
    Arc::new(move |request| {
        request
            .headers
            .insert(name, HeaderValue::from_static(value));
    })
}

fn acs3() -> Arc<dyn Sign> {
    Arc::new(Acs3)
}

fn named(found: &Verdict) -> (&str, Change) {
    match found {
        Verdict::Header { name, change, .. } | Verdict::Parameter { name, change, .. } => {
            (name, *change)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_changed_header_is_named() {
    let check = |name: &'static str, value: &'static str, change: Change| {
        let error = refusal(acs3(), &secret(), ["a", "b"], header(name, value));
        assert_eq!(named(&verdict(&error)), (name, change), "{error}");
        assert!(error.to_string().contains(name), "{error}");
    };
    check(
        "x-acs-signature-nonce",
        "0123456789abcdef0123456789abcdef",
        Change::Value,
    );
    check("x-acs-credentials-provider", "other", Change::Value);
    check("x-acs-credentials-provider", "Static_ak", Change::Case);
    check("x-acs-action", "ListActions", Change::Value);
    check("x-acs-version", "2019-06-02", Change::Value);
}

#[test]
fn a_wrong_secret_is_told_apart() {
    let nothing: Mutation = Arc::new(|_| {});
    for signer in [acs3(), Arc::new(RpcV1)] {
        let error = refusal(signer.clone(), "hunter2", ["a", "b"], nothing.clone());
        assert_eq!(verdict(&error), Verdict::WrongSecret);
        assert!(error.to_string().contains("static"), "{error}");
        let error = refusal(signer, "hunter2 ", ["a", "b"], nothing.clone());
        assert_eq!(verdict(&error), Verdict::PaddedSecret);
        let shown = format!("{error} {error:?} {}", error.advice());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn what_http_libraries_do_is_named() {
    let check = |value: &str, mutation: Mutation, change: Change| {
        let error = refusal(acs3(), &secret(), [value, "b"], mutation);
        assert_eq!(named(&verdict(&error)), ("Alpha", change), "{value}");
    };
    check(
        "a+b",
        query(|query| query.replace("%2B", "+")),
        Change::PlusAndBlank,
    );
    check(
        "a b",
        query(|query| query.replace('%', "%25")),
        Change::EncodedTwice,
    );
    check(
        "a%20b",
        query(|query| query.replace("%2520", "%20")),
        Change::DecodedTwice,
    );
    check(
        "a ",
        query(|query| query.replace("a%20", "a")),
        Change::Trimmed,
    );
    check(
        "Abc",
        query(|query| query.replace("Abc", "abc")),
        Change::Case,
    );
}

fn values() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "\\PC{0,8}", "[a-c+*~ %&=/]{1,8}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Any change of one parameter is named, and its value is not told.
    #[test]
    fn any_single_change_of_a_parameter_is_named(
        first in values(),
        second in values(),
        other in "[a-z]{5,9}",
        kind in 0..4_u8,
        v1: bool,
    ) {
        let signer: Arc<dyn Sign> = if v1 { Arc::new(RpcV1) } else { acs3() };
        let value = other.clone();
        let alter = move |query: &str| {
            let mut pairs: Vec<String> = query.split('&').map(str::to_owned).collect();
            let beta = pairs.iter().position(|pair| pair.starts_with("Beta=")).expect("it is there");
            match kind {
                0 => pairs[beta] = format!("Beta={value}"),
                1 => { pairs.remove(beta); }
                2 => pairs.push(format!("Gamma={value}")),
                _ => pairs.push(format!("Beta={value}")),
            }
            pairs.join("&")
        };
        let (name, change) = match kind {
            0 => ("Beta", None),
            1 => ("Beta", Some(Change::Removed)),
            2 => ("Gamma", Some(Change::Added)),
            _ => ("Beta", Some(Change::Added)),
        };
        prop_assume!(kind != 0 || second != other);
        let error = refusal(signer, &secret(), [&first, &second], query(alter));
        let found = verdict(&error);
        let found = named(&found);
        prop_assert_eq!(found.0, name);
        if let Some(change) = change {
            prop_assert_eq!(found.1, change);
        }
        let shown = format!("{error} {error:?} {}", error.advice());
        prop_assert!(!shown.contains(&*other), "{}", shown);
    }

    /// Any change of one signed header is named.
    #[test]
    fn any_single_change_of_a_header_is_named(value in "[!-~]{1,20}", index in 0..3_usize) {
        let name = ["x-acs-signature-nonce", "x-acs-credentials-provider", "x-acs-version"][index];
        let same = ["", "static", "2019-06-01"][index];
        prop_assume!(value != same && value != "static_ak");
        let header_value = HeaderValue::try_from(value.clone()).expect("visible ASCII");
        let mutation: Mutation = Arc::new(move |request| {
            request.headers.insert(name, header_value.clone());
        });
        let error = refusal(acs3(), &secret(), ["a", "b"], mutation);
        let found = verdict(&error);
        prop_assert_eq!(named(&found).0, name);
    }
}

const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

/// The failure of a call with this key that is answered like this.
async fn answered(key: AccessKey, answer: Result<HttpResponse, TransportErrorKind>) -> Error {
    let transport = Scripted::new();
    match answer {
        Ok(response) => transport.answer(response),
        Err(kind) => transport.fail(TransportError::new(kind)),
    }
    let client = Client::builder(Arc::new(transport), Arc::new(Static::of(key)))
        .with_region("cn-hangzhou")
        .with_clock(Arc::new(FakeClock::jumping(NOW)))
        .with_retry_policy(Arc::new(NoRetry))
        .build()
        .expect("a client");
    client
        .delete_template("t")
        .send()
        .await
        .expect_err("it fails")
}

fn response(status: u16, code: &str) -> HttpResponse {
    HttpResponse::new(StatusCode::from_u16(status).expect("a status"))
        .with_body(format!(r#"{{"Code":"{code}","Message":"no"}}"#))
}

#[tokio::test]
async fn refused_credentials_are_explained() {
    let check = async |code: &str, token: bool, part: &str| {
        let key = AccessKey::new("id", "hunter2");
        let key = if token {
            key.with_security_token("hunter3")
        } else {
            key
        };
        let error = answered(key, Ok(response(400, code))).await;
        let Error::Service(refusal) = &error else {
            panic!("{error:?}")
        };
        let text = refusal.diagnosis().expect(code).to_string();
        assert!(
            text.contains(part) && !text.contains("hunter"),
            "{code}: {text}"
        );
        let advice = error.advice();
        assert_eq!(
            advice.what_to_do().to_lowercase(),
            format!("{text}.").to_lowercase()
        );
    };
    check("InvalidSecurityToken.Expired", true, "past its end").await;
    check("ExpiredStsToken", true, "past its end").await;
    check(
        "InvalidSecurityToken.MismatchWithAccessKey",
        true,
        "one answer of STS",
    )
    .await;
    check("InvalidSecurityToken.Malformed", false, "no security token").await;
    check("MissingSecurityToken", false, "no security token").await;
    check("InvalidAccessKeyId.NotFound", false, "access key id").await;
    check(
        "SignatureDoesNotMatch",
        false,
        "does not show what it signed",
    )
    .await;
    check("IncompleteSignature", false, "authorization").await;
}

#[tokio::test]
async fn every_error_says_what_happened_what_was_sent_and_what_to_do() {
    let check = async |answer, happened: &str, sent: &str, next: &str| {
        let error = answered(AccessKey::new("id", "hunter2"), answer).await;
        let advice = error.advice();
        for (text, part) in [
            (advice.what_happened(), happened),
            (advice.what_may_have_been_sent(), sent),
            (advice.what_to_do(), next),
        ] {
            assert!(
                text.contains(part) && text.ends_with('.'),
                "{text} without {part}"
            );
        }
        let whole = advice.to_string();
        assert!(!whole.contains("hunter2"), "{whole}");
    };
    let failed = |kind| Err::<HttpResponse, _>(kind);
    let unsure = "may have had its effect";
    check(
        failed(TransportErrorKind::Connect),
        "no connection",
        "Nothing",
        "endpoint",
    )
    .await;
    check(failed(TransportErrorKind::Tls), "TLS", "Nothing", "roots").await;
    check(
        failed(TransportErrorKind::Proxy),
        "proxy",
        "Nothing",
        "proxy",
    )
    .await;
    check(
        failed(TransportErrorKind::Broken),
        "broke",
        unsure,
        "ClientToken",
    )
    .await;
    check(
        failed(TransportErrorKind::ReadTimeout),
        "in time",
        unsure,
        "look",
    )
    .await;
    check(
        failed(TransportErrorKind::BodyTooLarge),
        "limit",
        unsure,
        "pages",
    )
    .await;
    let not_found = response(404, "EntityNotExists.Template");
    check(Ok(not_found), "HTTP 404", "no effect", "ListTemplates").await;
    let slow = response(400, "Throttling.User");
    check(Ok(slow), "too many requests", "no effect", "Slow down").await;
    let fault = response(500, "InternalError");
    check(Ok(fault), "server failed", unsure, "ClientToken").await;
    let unknown = response(400, "Gadget");
    check(Ok(unknown), "not in the catalogue", "no effect", "message").await;
    let proxy = HttpResponse::new(StatusCode::BAD_GATEWAY).with_body("<html>");
    check(Ok(proxy), "a proxy", unsure, "later").await;
    let page = HttpResponse::new(StatusCode::OK).with_body("<html>");
    check(Ok(page), "HTTP 200", "carried out", "raw answer").await;
}
