//! `oos trigger` against a local OOS behind a socket.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod cli_program;

use cli_program::{Run, oos};
use oos_client::Client;
use oos_local::LocalOos;
use oos_sign::AccessKey;
use oos_tests::listener::listen;
use serde_json::{Value, json};
use std::net::SocketAddr;

const TEMPLATE: &str = include_str!("../../examples/restart-stopped-instance.yml");
const MOCK: &str = include_str!("../../examples/restart-stopped-instance.mock.yml");
const STOPPED: &str = "@examples/instance-stopped.json";
const STARTED: &str = "@examples/instance-started.json";

const KEY_ID: &str = "LTAI5tTheKeyOfTheTests";
const SECRET: &str = "the-secret-of-the-tests";
const WRONG_SECRET: &str = "not-the-secret-of-the-tests";

/// A local OOS behind a socket, in which an execution waits for its event.
struct Waiting {
    address: SocketAddr,
    client: Client,
    execution: String,
}

impl Waiting {
    async fn new() -> Self {
        let mock = oos_local::engine::MockFile::parse(MOCK).expect("the example is good");
        let local = LocalOos::builder()
            .access_key(AccessKey::new(KEY_ID, SECRET))
            .service_clock(std::sync::Arc::new(oos_clock::FakeClock::jumping(
                time::macros::datetime!(2026-01-01 00:00 UTC),
            )))
            .mocks(vec![mock])
            .spawn();
        let client = local.client();
        client
            .create_template("restart", TEMPLATE)
            .send()
            .await
            .expect("it is good");
        let started = client
            .start_execution("restart")
            .send()
            .await
            .expect("it starts");
        let execution = started.output.execution.and_then(|one| one.execution_id);
        let address = listen(local).await;
        Self {
            address,
            client,
            execution: execution.expect("an id"),
        }
    }

    /// Runs `oos trigger` for the execution with these further arguments.
    async fn trigger(&self, arguments: &[&str]) -> Run {
        self.trigger_as(&self.execution, SECRET, arguments).await
    }

    async fn trigger_as(&self, execution: &str, secret: &str, arguments: &[&str]) -> Run {
        let environment = [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", KEY_ID.to_owned()),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret.to_owned()),
        ];
        self.trigger_in(execution, environment, arguments).await
    }

    async fn trigger_in(
        &self,
        execution: &str,
        environment: [(&'static str, String); 2],
        arguments: &[&str],
    ) -> Run {
        let endpoint = format!("http://{}", self.address);
        let command = ["trigger", execution, "--endpoint", &endpoint];
        let arguments: Vec<String> = command
            .iter()
            .chain(arguments)
            .map(|text| (*text).to_owned())
            .collect();
        let run = tokio::task::spawn_blocking(move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let environment = environment.each_ref();
            let environment = environment.map(|(name, value)| (*name, value.as_str()));
            oos(&arguments, &environment)
        });
        let run = run.await.expect("it ends");
        let printed = format!("{}{}", run.out, run.err);
        for secret in [SECRET, WRONG_SECRET] {
            assert!(!printed.contains(secret), "{printed}");
        }
        run
    }

    async fn children(&self) -> i32 {
        let children = self.client.list_executions();
        let children = children.with(|all| all.with_parent_execution_id(&self.execution));
        children
            .send()
            .await
            .expect("a list")
            .output
            .total_count
            .expect("a count")
    }
}

#[tokio::test]
async fn a_token_makes_one_child() {
    let waiting = Waiting::new().await;
    for _ in 0..2 {
        let run = waiting
            .trigger(&["--content", STOPPED, "--client-token", "t-1"])
            .await;
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
        let request_id = run.out.trim_end();
        assert_eq!(
            (request_id.len(), request_id.lines().count()),
            (36, 1),
            "{run:?}"
        );
        assert_eq!(waiting.children().await, 1);
    }
    let other = waiting
        .trigger(&["--content", STARTED, "--client-token", "t-1"])
        .await;
    assert_eq!(other.code, 3, "{other:?}");
    assert!(
        other.err.contains("IdempotentParameterMismatch"),
        "{}",
        other.err
    );

    let again = [
        "--content",
        STOPPED,
        "--client-token",
        "t-1",
        "--wait",
        "--timeout",
        "100ms",
    ];
    let again = waiting
        .trigger(&[&again[..], &["--output", "json"]].concat())
        .await;
    assert_eq!(
        (again.code, &again.document()["outcome"]),
        (1, &json!("NoChild")),
        "{again:?}"
    );
    let message = again.document()["message"].to_string();
    assert!(
        message.contains("client token was used before"),
        "{message}"
    );
}

#[tokio::test]
async fn the_child_is_followed() {
    let waiting = Waiting::new().await;
    for number in ["0001", "0002"] {
        let run = waiting
            .trigger(&["--content", STOPPED, "--wait", "--output", "json"])
            .await;
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
        let found = run.document();
        assert_eq!(found["outcome"], "Success");
        let child = &found["child"];
        assert_eq!(child["id"], format!("{}.{number}", waiting.execution));
        assert_eq!(
            (&child["status"], &child["duration_ms"]),
            (&json!("Success"), &json!(10_000))
        );
        let tasks = child["tasks"].as_array().expect("tasks");
        assert_eq!(tasks.len(), 5, "{child}");
        let call = json!([{
            "api": "StartInstance",
            "parameters": {"InstanceId": "i-bp1a2b3c4d5e6f7g8h9i"},
            "response": {"RequestId": "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E"},
        }]);
        assert_eq!(tasks[2]["api_calls"], call);
        assert_eq!(tasks[4]["outputs"], json!({"status": "Running"}));
    }
    let text = waiting.trigger(&["--content", STOPPED, "--wait"]).await;
    assert!(text.out.contains(".0003  Success  10.0 s\n"), "{text:?}");
}

#[tokio::test]
async fn a_message_that_does_not_fit_is_explained() {
    let waiting = Waiting::new().await;
    for _ in 0..2 {
        let run = waiting
            .trigger(&["--content", STARTED, "--wait", "--output", "json"])
            .await;
        let found = run.document();
        assert_eq!(
            (run.code, &found["outcome"]),
            (1, &json!("NotMatched")),
            "{run:?}"
        );
        let verdicts = found["verdicts"].as_array().expect("verdicts");
        let wrong: Vec<&Value> = verdicts
            .iter()
            .filter(|one| one["matches"] == false)
            .collect();
        let expected = json!({
            "field": "content.state", "wanted": ["Stopped"], "got": "Running", "matches": false,
        });
        assert_eq!((verdicts.len(), wrong), (5, vec![&expected]));
    }
    assert_eq!(waiting.children().await, 0);
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let waiting = Waiting::new().await;
    let execution = waiting.execution.clone();
    let run = waiting
        .trigger_as(&execution, WRONG_SECRET, &["--content", STOPPED])
        .await;
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    assert!(run.err.contains("SignatureDoesNotMatch"), "{}", run.err);
    assert!(
        run.err
            .contains("the access key secret does not belong to the access key id"),
        "{}",
        run.err
    );
    assert_eq!(waiting.children().await, 0);
}

/// The profile names a program, which prints the key: no shell, no variable with a secret.
#[cfg(unix)]
#[tokio::test]
async fn credentials_of_a_profile_are_found() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("credentials of a profile");
    std::fs::create_dir_all(&folder).expect("a folder");
    let key = json!({"mode": "AK", "access_key_id": KEY_ID, "access_key_secret": SECRET});
    std::fs::write(folder.join("key"), key.to_string()).expect("a file");
    let program = format!("cat '{}'", folder.join("key").display());
    let config = json!({"current": "other", "profiles": [
        {"name": "work", "mode": "External", "process_command": program},
    ]});
    let path = folder.join("config.json");
    std::fs::write(&path, config.to_string()).expect("a file");
    let environment = [
        ("ALIBABA_CLOUD_CONFIG_FILE", path.display().to_string()),
        ("ALIBABA_CLOUD_PROFILE", "work".to_owned()),
    ];

    let waiting = Waiting::new().await;
    let execution = waiting.execution.clone();
    let arguments = ["--content", STOPPED];
    let run = waiting
        .trigger_in(&execution, environment, &arguments)
        .await;
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert_eq!(waiting.children().await, 1);
}

#[tokio::test]
async fn an_execution_that_nobody_knows_is_refused() {
    let waiting = Waiting::new().await;
    for wait in [&[][..], &["--wait"]] {
        let arguments = [&["--content", STOPPED, "--output", "json"][..], wait].concat();
        let run = waiting.trigger_as("exec-none", SECRET, &arguments).await;
        assert_eq!((run.code, run.err.as_str()), (3, ""), "{run:?}");
        let error = &run.document()["error"];
        assert_eq!(error["code"], "EntityNotExists.Execution");
        assert_eq!(error["http_status"], 404);
        assert_eq!(
            error["request_id"].as_str().map(str::len),
            Some(36),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_message_for_another_trigger_is_refused() {
    let waiting = Waiting::new().await;
    let run = waiting
        .trigger(&["--content", "{}", "--type", "Timer"])
        .await;
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    assert!(run.err.contains("request id"), "{}", run.err);
}
