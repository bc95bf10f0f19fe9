//! `oos dev` as a process.

#![cfg(unix)]
#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod cli_program;

use cli_program::{oos, program};
use oos_client::Client;
use oos_clock::{Clock, SystemClock};
use oos_model::enums::TriggerType;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const WATCH: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stopped
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'] }
- Name: done
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
";

const ASK: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: ask
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DescribeRegions, Parameters: {} }
  Outputs: { answer: { Type: String, ValueSelector: .Word } }
Outputs: { answer: { Type: String, Value: '{{ ask.answer }}' } }
";

const EVENT: &str = r#"{"product":"ECS","name":"Instance:StateChange"}"#;

/// A folder of a test's own, empty at first.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("dev")
        .join(name);
    drop(std::fs::remove_dir_all(&path));
    std::fs::create_dir_all(&path).expect("a folder can be made");
    path
}

fn text(path: PathBuf) -> String {
    path.into_os_string()
        .into_string()
        .expect("a path in UTF-8")
}

/// A running `oos dev`; killed when it is dropped.
struct Dev {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    endpoint: String,
    key: (String, String),
}

impl Dev {
    /// Starts it on a free port with these further arguments.
    fn start(arguments: &[&str]) -> Self {
        let mut child = Self::spawn(&[&["--output", "json"][..], arguments].concat());
        let mut out = BufReader::new(child.stdout.take().expect("it was piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("it prints UTF-8");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| {
            panic!(
                "{error}: {line:?}, {}",
                rest_of(child.stderr.take().expect("it was piped"))
            )
        });
        let field = |name: &str| said[name].as_str().expect("a text").to_owned();
        assert_eq!(
            said.as_object().map(serde_json::Map::len),
            Some(4),
            "{said}"
        );
        assert_eq!(field("region"), "cn-hangzhou");
        let key = (field("access_key_id"), field("access_key_secret"));
        let endpoint = field("endpoint");
        Self {
            child,
            out,
            endpoint,
            key,
        }
    }

    fn spawn(arguments: &[&str]) -> Child {
        Command::new(program())
            .args(["dev", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs")
    }

    fn client(&self) -> Client {
        oos::Builder::new()
            .with_region("cn-hangzhou")
            .with_endpoint(self.endpoint.parse().expect("an endpoint"))
            .with_access_key(&self.key.0, &self.key.1)
            .build()
            .expect("it is complete")
    }

    fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Ends it as its user does, and gives the exit code, the rest of its output and its complaints.
    fn end(mut self, signal: &str) -> (Option<i32>, String, String) {
        self.signal(signal);
        let code = self.child.wait().expect("it ends").code();
        let err = rest_of(self.child.stderr.take().expect("it was piped"));
        (code, rest_of(&mut self.out), err)
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill runs").success());
}

fn rest_of(mut from: impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).expect("it prints UTF-8");
    text
}

async fn start(client: &Client, template: &str) -> String {
    let started = client
        .start_execution(template)
        .send()
        .await
        .expect("it starts");
    let id = started.output.execution.and_then(|one| one.execution_id);
    id.expect("an id")
}

/// Waits until the execution is in a state of this name, and gives its outputs.
async fn until(client: &Client, id: &str, status: &str) -> Option<String> {
    loop {
        let list = client
            .list_executions()
            .with(|all| all.with_execution_id(id));
        let list = list.send().await.expect("a list").output.executions;
        let execution = list.into_iter().flatten().next().expect("it exists");
        let now = execution.status.as_ref().expect("a status");
        if now.as_str() == status {
            return execution.outputs;
        }
        assert!(
            !matches!(now.as_str(), "Failed" | "Cancelled"),
            "{execution:?}"
        );
        tokio::task::yield_now().await;
    }
}

async fn trigger(client: &Client, id: &str) -> String {
    let sent = client
        .trigger_execution(id, TriggerType::Event, EVENT)
        .send()
        .await;
    sent.expect("it waits");
    let children = client
        .list_executions()
        .with(|all| all.with_parent_execution_id(id));
    let children = children.send().await.expect("a list").output.executions;
    let child = children.into_iter().flatten().next();
    child.and_then(|child| child.execution_id).expect("a child")
}

#[tokio::test]
async fn it_serves_until_it_is_told_to_end() {
    for signal in ["-TERM", "-INT"] {
        let dev = Dev::start(&[]);
        let client = dev.client();
        client
            .create_template("watch", WATCH)
            .send()
            .await
            .expect("it is good");
        let id = start(&client, "watch").await;
        until(&client, &id, "Waiting").await;
        let child = trigger(&client, &id).await;
        until(&client, &child, "Success").await;
        assert_eq!(
            dev.end(signal),
            (Some(0), String::new(), String::new()),
            "{signal}"
        );
    }
}

#[tokio::test]
async fn a_data_folder_outlives_the_process() {
    let data = text(folder("outlives").join("made/by/it"));
    let arguments = ["--data", data.as_str()];
    let dev = Dev::start(&arguments);
    let key = dev.key.clone();
    let client = dev.client();
    client
        .create_template("watch", WATCH)
        .send()
        .await
        .expect("it is good");
    let id = start(&client, "watch").await;
    until(&client, &id, "Waiting").await;
    let first = trigger(&client, &id).await;
    assert_eq!(dev.end("-TERM"), (Some(0), String::new(), String::new()));

    // Once more, and this time it gets no chance to finish anything.
    let dev = Dev::start(&arguments);
    assert_eq!(dev.key, key);
    let client = dev.client();
    until(&client, &first, "Success").await;
    let second = trigger(&client, &id).await;
    assert_eq!(dev.end("-KILL").0, None);

    let dev = Dev::start(&arguments);
    let client = dev.client();
    until(&client, &second, "Success").await;
    let third = trigger(&client, &id).await;
    until(&client, &third, "Success").await;
    let template = client
        .get_template("watch")
        .send()
        .await
        .expect("it is kept")
        .output;
    assert_eq!(template.content.as_deref(), Some(WATCH));
    let children = client
        .list_executions()
        .with(|all| all.with_parent_execution_id(&id));
    assert_eq!(
        children.send().await.expect("a list").output.total_count,
        Some(3)
    );
    assert_eq!(dev.end("-TERM").0, Some(0));
}

#[tokio::test]
async fn the_key_is_for_its_owner_alone_and_can_be_given() {
    let data = folder("key");
    let argument = text(data.clone());
    let first = Dev::start(&["--data", &argument]);
    let file = data.join("access-key.json");
    let mode = std::fs::metadata(&file)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = first.key.clone();
    assert_eq!(first.end("-TERM").0, Some(0));

    let given = ["--access-key-id", "me", "--access-key-secret", "mine"];
    let dev = Dev::start(&[&["--data", &argument][..], &given].concat());
    assert_eq!(dev.key, (String::from("me"), String::from("mine")));
    dev.client()
        .list_templates()
        .send()
        .await
        .expect("the key is known");
    assert_eq!(dev.end("-TERM").0, Some(0));
    assert_eq!(Dev::start(&["--data", &argument]).key, key);

    std::fs::write(&file, "{}").expect("it can be written");
    let run = oos(
        &["dev", "--listen", "127.0.0.1:0", "--data", &argument],
        &[],
    );
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("access-key.json holds no key"),
        "{}",
        run.err
    );
}

#[test]
fn people_see_the_secret_once() {
    let data = text(folder("text"));
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let mut child = Dev::spawn(&["--data", &data]);
        let mut out = BufReader::new(child.stdout.take().expect("it was piped"));
        let mut shown = String::new();
        while !shown.ends_with("Ctrl-C ends it.\n") {
            assert!(out.read_line(&mut shown).expect("UTF-8") > 0, "{shown}");
        }
        signal(&child, "-INT");
        assert!(child.wait().expect("it ends").success());
        let secret = shown
            .lines()
            .find_map(|line| line.trim().strip_prefix("access key secret"));
        secrets.push(secret.expect("a line for it").trim().to_owned());
    }
    assert_eq!(secrets[0].len(), 32, "{secrets:?}");
    assert!(secrets[1].starts_with("as before, in "), "{secrets:?}");
}

#[test]
fn a_folder_has_one_holder() {
    let data = text(folder("held"));
    let dev = Dev::start(&["--data", &data]);
    let arguments = ["dev", "--listen", "127.0.0.1:0", "--data", &data];
    let run = oos(&arguments, &[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let holder = format!("in use by process {} at {}", dev.child.id(), dev.endpoint);
    assert!(run.err.contains(&holder), "{}", run.err);
    let run = oos(&[&arguments[..], &["--output", "json"]].concat(), &[]);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    let message = run.document()["error"]["message"].to_string();
    assert!(message.contains(&holder), "{message}");
}

#[tokio::test]
async fn mock_files_are_read_again() {
    let folder = folder("mocks");
    let mock = folder.join("calls.yml");
    // Replaced in one step, as nobody knows when it is looked at.
    let write = |text: &str| {
        let new = folder.join("new");
        std::fs::write(&new, text).expect("it can be written");
        std::fs::rename(new, &mock).expect("it can be replaced");
    };
    let answer = |word: &str| {
        write(&format!(
            "mocks: [ {{ service: ECS, api: DescribeRegions, answers: [ {{ body: {{ Word: {word} }} }} ] }} ]\n"
        ));
    };
    answer("first");
    let dev = Dev::start(&["--mock", mock.to_str().expect("UTF-8")]);
    let client = dev.client();
    client
        .create_template("ask", ASK)
        .send()
        .await
        .expect("it is good");
    let ask = async || {
        let id = start(&client, "ask").await;
        let outputs = until(&client, &id, "Success").await.expect("outputs");
        let outputs: Value = serde_json::from_str(&outputs).expect("JSON");
        outputs["answer"].as_str().expect("a text").to_owned()
    };
    assert_eq!(ask().await, "first");
    answer("another");
    assert_eq!(ask().await, "another");
    write("mocks: [ { service: ECS } ]\n");
    assert_eq!(ask().await, "another", "the last good version stays");
    answer("the-last");
    assert_eq!(ask().await, "the-last");
    let (code, _, err) = dev.end("-TERM");
    assert_eq!(code, Some(0));
    assert_eq!(err.matches("calls.yml has changed").count(), 2, "{err}");
    assert_eq!(err.matches("answers as before").count(), 1, "{err}");
    assert!(err.contains("calls.yml:1:10: error"), "{err}");
}

#[tokio::test]
async fn folders_of_templates_are_read_again() {
    let folder = folder("templates");
    let child = |word: &str| {
        let text = format!(
            "FormatVersion: OOS-2019-06-01\nTasks:\n- {{ Name: a, Action: 'ACS::Choice', Properties: \
             {{ DefaultTask: 'ACS::END', Choices: [] }} }}\nOutputs: {{ word: {{ Type: String, Value: {word} }} }}\n"
        );
        let new = folder.join("child.new");
        std::fs::write(&new, text).expect("it can be written");
        std::fs::rename(new, folder.join("child.yml")).expect("it can be replaced");
    };
    child("first");
    let dev = Dev::start(&["--templates", folder.to_str().expect("UTF-8")]);
    let client = dev.client();
    let parent = "FormatVersion: OOS-2019-06-01\nTasks:\n- Name: run\n  Action: ACS::Template\n  Properties: \
                  { TemplateName: child }\n  Outputs: { word: { ValueSelector: .word } }\nOutputs: { word: \
                  { Type: String, Value: '{{ run.word }}' } }\n";
    let created = client.create_template("parent", parent).send().await;
    created.expect("it is good");
    let word = async || {
        let id = start(&client, "parent").await;
        let outputs = until(&client, &id, "Success").await.expect("outputs");
        let outputs: Value = serde_json::from_str(&outputs).expect("JSON");
        outputs["word"].as_str().expect("a text").to_owned()
    };
    assert_eq!(word().await, "first");
    child("a-longer-word");
    let deadline = Clock::elapsed(&SystemClock) + Duration::from_secs(20);
    while word().await == "first" {
        assert!(
            Clock::elapsed(&SystemClock) < deadline,
            "it is not read again"
        );
    }
    assert_eq!(word().await, "a-longer-word");
    let (code, _, err) = dev.end("-TERM");
    assert_eq!(code, Some(0));
    assert!(err.contains("have changed"), "{err}");
}

#[test]
fn what_can_not_be_served_is_refused_at_the_start() {
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = holder.local_addr().expect("an address").to_string();
    let wrong = folder("refused").join("wrong.yml");
    std::fs::write(&wrong, "mocks: 1\n").expect("it can be written");
    let wrong = text(wrong);
    let check = |arguments: &[&str], part: &str| {
        let run = oos(&[&["dev"][..], arguments].concat(), &[]);
        assert_eq!(
            (run.code, run.out.as_str()),
            (2, ""),
            "{arguments:?}: {}",
            run.err
        );
        assert!(run.err.contains(part), "{arguments:?}: {}", run.err);
    };
    check(&["--listen", &taken], "take another port");
    drop(holder);
    check(&["--listen", "0.0.0.0:0"], "other machines could reach it");
    check(
        &["--templates", "no/such/folder"],
        "no/such/folder can not be read",
    );
    check(&["--mock", &wrong], "wrong.yml:1:");
    check(&["--mock", "-"], "standard input");
    check(&["--mock", "no/such.yml"], "no/such.yml can not be read");
    check(&["--data", &wrong], "can not be used");
    check(
        &["--access-key-id", "a b", "--access-key-secret", "c"],
        "a key id has",
    );
    check(
        &["--access-key-id", "a", "--access-key-secret", "b c"],
        "the secret of a key has",
    );
    check(&["--access-key-id", "a"], "--access-key-secret");
}
