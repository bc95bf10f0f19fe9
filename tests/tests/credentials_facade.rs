//! The default credentials and the region of the facade, and real programs and servers behind sources.

use oos::credentials::{DirectTransport, FakeHost, Host, ProvideCredentials, Sources, SystemHost};
use oos::transport_hyper::HyperTransport;
use oos::{BuildError, Builder};
use oos_clock::{Clock, SystemClock};
use oos_transport::{HttpResponse, Scripted};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

const CONFIG: &str = r#"{"current": "work", "profiles": [{"name": "work", "mode": "AK",
    "access_key_id": "LTAI-id", "access_key_secret": "hidden", "region_id": "cn-shanghai"}]}"#;

fn machine() -> FakeHost {
    FakeHost::new()
        .with_env("HOME", "/home/me")
        .with_env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
}

fn with_profile() -> Arc<dyn Host> {
    Arc::new(machine().with_file("/home/me/.aliyun/config.json", CONFIG))
}

#[tokio::test]
async fn region_and_credentials_of_a_profile_reach_the_request() {
    let client = Builder::new()
        .with_host(with_profile())
        .build()
        .expect("a client");
    assert_eq!(client.region(), Some("cn-shanghai"));
    let request = client.list_templates().prepare().await.expect("a request");
    assert_eq!(
        request.endpoint.to_string(),
        "https://oos.cn-shanghai.aliyuncs.com"
    );
    let header = |name: &str| request.headers[name].to_str().expect("text").to_owned();
    assert_eq!(
        header("x-acs-credentials-provider"),
        "default/cli_profile/static_ak"
    );
    assert!(header("authorization").contains("Credential=LTAI-id,"));
}

#[test]
fn where_the_region_comes_from() {
    let check = |builder: Builder, expected: Result<Option<&str>, &str>| {
        let built = builder.build();
        let region = built.as_ref().map(|client| client.region());
        let region = region.map_err(ToString::to_string);
        assert_eq!(region, expected.map_err(str::to_owned));
    };
    let endpoint = || "http://127.0.0.1:1".parse().expect("an endpoint");
    let on = |host: Arc<dyn Host>| Builder::new().with_host(host);
    let environment = machine().with_env("ALIBABA_CLOUD_REGION_ID", "cn-beijing");
    check(
        on(with_profile()).with_region("cn-hangzhou"),
        Ok(Some("cn-hangzhou")),
    );
    check(on(Arc::new(environment)), Ok(Some("cn-beijing")));
    check(on(with_profile()), Ok(Some("cn-shanghai")));
    check(on(with_profile()).with_endpoint(endpoint()), Ok(None));
    check(
        on(Arc::new(machine())),
        Err(
            "no region is given, ALIBABA_CLOUD_REGION_ID is not set, and \
             /home/me/.aliyun/config.json is not there: give one such as `cn-hangzhou`, or an \
             endpoint such as `http://127.0.0.1:PORT` for a local OOS",
        ),
    );
    let odd = machine().with_env("ALIBABA_CLOUD_REGION_ID", "a/b");
    let refused = on(Arc::new(odd)).build().map(|_| ());
    assert_eq!(refused, Err(BuildError::Region("a/b".to_owned())));
}

#[tokio::test]
async fn a_call_without_credentials_names_every_source() {
    let transport = Scripted::new();
    let client = Builder::new()
        .with_region("cn-hangzhou")
        .with_host(Arc::new(machine()))
        .with_transport(Arc::new(transport.clone()))
        .build()
        .expect("a client");
    let error = client
        .list_templates()
        .send()
        .await
        .expect_err("no credentials");
    let source = std::error::Error::source(&error)
        .expect("a cause")
        .to_string();
    for name in [
        "env: ",
        "oidc_role_arn: ",
        "cli_profile: ",
        "profile: ",
        "ecs_ram_role: ",
    ] {
        assert!(source.contains(name), "{name} {source}");
    }
    assert!(transport.requests().is_empty(), "nothing is sent");
}

#[tokio::test]
async fn a_role_is_assumed_over_the_transport_of_the_client() {
    const ANSWER: &str = r#"{"Credentials": {"AccessKeyId": "STS.id", "AccessKeySecret": "hidden",
        "SecurityToken": "hidden-token", "Expiration": "2999-01-01T00:00:00Z"}}"#;
    const ROLE: &str = r#"{"profiles": [{"name": "default", "mode": "RamRoleArn",
        "access_key_id": "LTAI-id", "access_key_secret": "hidden", "ram_role_arn": "acs:ram::1:role/r"}]}"#;
    let transport = Scripted::new();
    transport.answer(HttpResponse::new(http::StatusCode::OK).with_body(ANSWER));
    for _ in 0..3 {
        transport.answer(HttpResponse::new(http::StatusCode::OK).with_body("{}"));
    }
    let host = machine().with_file("/home/me/.aliyun/config.json", ROLE);
    let client = Builder::new()
        .with_region("cn-hangzhou")
        .with_host(Arc::new(host))
        .with_transport(Arc::new(transport.clone()))
        .build()
        .expect("a client");
    for _ in 0..3 {
        client.list_templates().send().await.expect("an answer");
    }
    let hosts: Vec<String> = transport
        .requests()
        .iter()
        .map(|request| request.endpoint.to_string())
        .collect();
    let oos = "https://oos.cn-hangzhou.aliyuncs.com";
    assert_eq!(
        hosts,
        ["https://sts.aliyuncs.com", oos, oos, oos],
        "STS is asked once"
    );
    let sent = &transport.requests()[1];
    assert_eq!(sent.headers["x-acs-security-token"], "hidden-token");
}

fn sources() -> Sources {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let transport = Arc::new(HyperTransport::builder(clock).build());
    Sources::new(transport.clone(), DirectTransport::without_proxy(transport))
}

#[tokio::test]
async fn a_real_server_hands_out_credentials() {
    const BODY: &str = r#"{"Code": "Success", "AccessKeyId": "STS.id", "AccessKeySecret": "hidden",
        "SecurityToken": "hidden-token", "Expiration": "2999-01-01T00:00:00Z"}"#;
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a request");
            head.push(byte[0]);
        }
        let length = BODY.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{BODY}"
        )
        .expect("sent");
        String::from_utf8(head).expect("a request is text")
    });
    let cached = sources().credentials_uri(format!("http://{address}/keys?x=1"));
    let found = cached.provide().await.expect("credentials");
    assert_eq!(
        (found.access_key().id(), found.provider()),
        ("STS.id", "credential_uri")
    );
    let head = server.join().expect("it answered");
    assert!(head.starts_with("GET /keys?x=1 HTTP/1.1\r\n"), "{head}");
    let again = cached.provide().await.expect("they are kept");
    assert_eq!(again.access_key().id(), "STS.id");
}

#[cfg(unix)]
#[tokio::test]
async fn a_real_program_prints_credentials_and_no_shell_reads_its_line() {
    let printed =
        r#"{"mode": "AK", "access_key_id": "LTAI-id", "access_key_secret": "hid$HOME`x`"}"#;
    let sources = sources().with_host(Arc::new(SystemHost));
    let found = sources
        .external(format!("printf %s '{printed}'"))
        .provide()
        .await;
    let found = found.expect("credentials");
    assert_eq!(found.access_key().secret().expose(), "hid$HOME`x`");
    let failed = sources
        .external("false")
        .provide()
        .await
        .expect_err("it fails");
    assert_eq!(failed.to_string(), "external: false ended with exit code 1");
}
