//! Never lost, never doubled: `oos dev` on a data folder is killed at random moments while clients
//! send messages to a trigger, and every message has one child in the end.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

#[expect(dead_code, reason = "only the path of the program is needed here")]
mod cli_program;

use cli_program::program;
use oos_client::{Client, NoRetry};
use oos_clock::{Clock, Entropy, SeededEntropy, SystemClock};
use oos_model::enums::{ExecutionStatus, TriggerType};
use oos_model::operations::ListExecutions;
use oos_model::shapes::Execution;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// The moments of the kills follow from it.
const SEED: u64 = 0x0005_2019_0601;
const KILLS: u64 = 30;
const CLIENTS: usize = 4;
/// Calls that each client has under way.
const CALLS: usize = 4;
const KEY: (&str, &str) = ("localCrash", "the-secret-of-this-test");

const TEMPLATE: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: onMessage
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'] }
  Outputs: { token: { Type: String, ValueSelector: .content.token } }
- Name: choose
  Action: ACS::Choice
  Properties:
    DefaultTask: ACS::END
    Choices: [ { When: { 'Fn::Equals': [ '{{ onMessage.token }}', '{{ onMessage.token }}' ] }, NextTask: goOn } ]
- Name: goOn
  Action: ACS::Choice
  Properties: { DefaultTask: ask, Choices: [] }
- Name: ask
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: Echo, Parameters: { Token: '{{ onMessage.token }}' } }
  Outputs: { echo: { Type: String, ValueSelector: .Echo } }
- Name: end
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
Outputs:
  token: { Type: String, Value: '{{ onMessage.token }}' }
  echo: { Type: String, Value: '{{ ask.echo }}' }
";
const MOCK: &str =
    "mocks: [ { service: ECS, api: Echo, answers: [ { body: { Echo: '{{ call.Token }}' } } ] } ]";

/// A running `oos dev`; killed when it is dropped.
struct Dev {
    process: Child,
    /// Held so that it can print.
    _out: BufReader<ChildStdout>,
    endpoint: String,
}

impl Dev {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(program())
            .args(["dev", "--listen", "127.0.0.1:0", "--output", "json"])
            .args(["--access-key-id", KEY.0, "--access-key-secret", KEY.1])
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--mock")
            .arg(folder.join("mock.yml"))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut out = BufReader::new(process.stdout.take().expect("it was piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("it prints UTF-8");
        let said: Value = serde_json::from_str(&line).expect("it serves");
        Self {
            process,
            _out: out,
            endpoint: said["endpoint"].as_str().expect("an endpoint").to_owned(),
        }
    }

    /// A client that asks once, so that the test sees what got no answer.
    fn client(&self) -> Client {
        oos::Builder::new()
            .with_region("cn-hangzhou")
            .with_endpoint(self.endpoint.parse().expect("an endpoint"))
            .with_access_key(KEY.0, KEY.1)
            .into_client_builder()
            .expect("an environment that can be used")
            .with_retry_policy(Arc::new(NoRetry))
            .build()
            .expect("it is complete")
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        self.process.kill().expect("it has not ended of itself");
        drop(self.process.wait());
    }
}

/// What the clients know.
#[derive(Debug, Default)]
struct Told {
    /// Messages that were sent at least once, by their ClientToken.
    sent: BTreeSet<String>,
    /// Those whose call was answered.
    acknowledged: BTreeSet<String>,
}

/// One call; whether it was answered. What is refused is a mistake.
async fn trigger(client: &Client, parent: &str, token: &str) -> bool {
    let content =
        json!({ "product": "ECS", "name": "Instance:StateChange", "content": { "token": token } });
    let call = client
        .trigger_execution(parent, TriggerType::Event, content.to_string())
        .client_token(token);
    match call.send().await {
        Ok(_) => true,
        Err(error) if error.api().is_none() && error.status().is_none() => false,
        Err(error) => panic!("{token}: {error}, {:?}", error.api()),
    }
}

/// One line of calls, one after the other, until there is no answer: at first those that are to be
/// repeated, then new ones.
async fn call(client: Client, parent: Arc<str>, line: String, again: Vec<String>) -> Told {
    let mut told = Told::default();
    let new = (0..).map(|number| format!("{line}-{number}"));
    for token in again.into_iter().chain(new) {
        told.sent.insert(token.clone());
        if !trigger(&client, &parent, &token).await {
            break;
        }
        told.acknowledged.insert(token);
    }
    told
}

/// Lets the clients call until the server is killed.
async fn round(
    dev: Dev,
    parent: &Arc<str>,
    number: u64,
    again: &BTreeSet<String>,
    pause: Duration,
) -> Told {
    let clients: Vec<Client> = (0..CLIENTS).map(|_| dev.client()).collect();
    let again: Vec<&String> = again.iter().collect();
    let mut lines = Vec::new();
    for line in 0..CLIENTS * CALLS {
        let again = again.iter().skip(line).step_by(CLIENTS * CALLS);
        let again = again.map(|token| (*token).clone()).collect();
        let name = format!("{number}-{line}");
        let client = clients[line % CLIENTS].clone();
        lines.push(tokio::spawn(call(client, Arc::clone(parent), name, again)));
    }
    SystemClock.sleep(pause).await;
    drop(dev);
    let mut told = Told::default();
    for line in lines {
        let of_line = line.await.expect("no call is refused");
        told.sent.extend(of_line.sent);
        told.acknowledged.extend(of_line.acknowledged);
    }
    told
}

/// The children by their id, with their messages.
#[derive(Debug, Default)]
struct Children(BTreeMap<String, String>);

impl Children {
    /// Waits until all have ended, and adds those that are not known yet.
    async fn look(&mut self, client: &Client, parent: &str) {
        let found = loop {
            let found = self.unknown(client, parent).await;
            let ended = |child: &Execution| child.end_date.is_some();
            if found.iter().all(ended) {
                break found;
            }
            SystemClock.sleep(Duration::from_millis(5)).await;
        };
        for child in found {
            let status = child.status.as_ref().map(ExecutionStatus::as_str);
            assert_eq!(status, Some("Success"), "{child:?}");
            let outputs = child.outputs.as_deref().unwrap_or_default();
            let outputs: Value = serde_json::from_str(outputs).expect("outputs are JSON");
            assert_eq!(outputs["token"], outputs["echo"], "{child:?}");
            let token = outputs["token"].as_str().expect("a text").to_owned();
            self.0.insert(child.execution_id.expect("an id"), token);
        }
        self.each_has_a_message_of_its_own();
    }

    fn each_has_a_message_of_its_own(&self) {
        let mut messages = BTreeMap::new();
        for (child, token) in &self.0 {
            let other = messages.insert(token, child);
            assert_eq!(other, None, "{token} has a second child, {child}");
        }
    }

    /// The newest come first: what is behind a known one is known.
    async fn unknown(&self, client: &Client, parent: &str) -> Vec<Execution> {
        let list = ListExecutions::new().with_parent_execution_id(parent);
        let mut pages = client.pages(list.with_max_results(100));
        let mut unknown = Vec::new();
        while let Some(page) = pages.next_page().await.expect("a list") {
            let page = page.output.executions.unwrap_or_default();
            let id = |child: &Execution| child.execution_id.clone().expect("an id");
            let all = page.len();
            let new = page
                .into_iter()
                .filter(|child| !self.0.contains_key(&id(child)));
            let before = unknown.len();
            unknown.extend(new);
            if unknown.len() - before < all {
                break;
            }
        }
        unknown
    }

    fn messages(&self) -> BTreeSet<String> {
        self.0.values().cloned().collect()
    }
}

/// A data folder in which an execution waits for messages, and what is known of it.
struct Trial {
    folder: PathBuf,
    parent: Arc<str>,
    all: Told,
    /// Of the last round with calls.
    last: Told,
    children: Children,
}

impl Trial {
    async fn new() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dev-crash");
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        std::fs::write(folder.join("mock.yml"), MOCK).expect("a file can be written");
        let dev = Dev::start(&folder);
        let client = dev.client();
        let created = client.create_template("crash", TEMPLATE).send().await;
        created.expect("it is good");
        let started = client.start_execution("crash").send().await;
        let execution = started.expect("it starts").output.execution;
        let id = execution.and_then(|one| one.execution_id);
        Self {
            folder,
            parent: id.expect("an id").into(),
            all: Told::default(),
            last: Told::default(),
            children: Children::default(),
        }
    }

    /// Before anything is repeated: what was acknowledged is there, and nothing that nobody sent.
    async fn check(&mut self, client: &Client) {
        self.children.look(client, &self.parent).await;
        let messages = self.children.messages();
        let lost = &self.last.acknowledged - &messages;
        assert!(lost.is_empty(), "{lost:?}");
        let of_nobody = &messages - &self.all.sent;
        assert!(of_nobody.is_empty(), "{of_nobody:?}");
    }

    /// Calls, and a kill in the midst of it.
    async fn calls(&mut self, number: u64, again: &BTreeSet<String>, pause: Duration) {
        let dev = Dev::start(&self.folder);
        self.check(&dev.client()).await;
        self.last = round(dev, &self.parent, number, again, pause).await;
        self.all.sent.extend(self.last.sent.iter().cloned());
        let acknowledged = self.last.acknowledged.iter().cloned();
        self.all.acknowledged.extend(acknowledged);
    }

    /// A kill while it takes up what the last kill left; nobody calls.
    async fn recovery(&self, pause: Duration) {
        let _dev = Dev::start(&self.folder);
        SystemClock.sleep(pause).await;
    }

    /// Repeats every call there was, and looks at everything anew.
    async fn end(mut self) -> Told {
        let dev = Dev::start(&self.folder);
        let client = dev.client();
        self.check(&client).await;
        for token in &self.all.sent {
            let answered = trigger(&client, &self.parent, token).await;
            assert!(answered, "{token}");
        }
        let mut children = Children::default();
        children.look(&client, &self.parent).await;
        assert_eq!(children.messages(), self.all.sent);
        for (id, token) in &self.children.0 {
            assert_eq!(children.0.get(id), Some(token), "{id}");
        }
        self.all
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_kills_lose_and_double_nothing() {
    let random = SeededEntropy::new(SEED);
    let below = |limit: u64| {
        let drawn = u64::from_be_bytes(random.bytes16()[..8].try_into().expect("eight bytes"));
        Duration::from_millis(drawn % limit)
    };
    let mut trial = Trial::new().await;
    let mut again = BTreeSet::new();
    for kill in 0..KILLS {
        if kill % 3 == 2 {
            trial.recovery(below(40)).await;
            continue;
        }
        let before = trial.all.acknowledged.clone();
        trial.calls(kill, &again, below(300)).await;
        // Each call is repeated once after its answer, and all of them at the end.
        again = &trial.last.sent - &before;
    }
    let all = trial.end().await;
    println!(
        "{} messages, {} answered before the kill",
        all.sent.len(),
        all.acknowledged.len()
    );
    // Else every kill came before the first answer.
    assert!(!all.acknowledged.is_empty());
}
