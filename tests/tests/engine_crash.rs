//! The engine loses and doubles nothing when its process stops at any commit, or when its store fails
//! at any commit: the end is that of a run in which nothing went wrong.
//!
//! The scenario is played by a client that does what a gateway does: every command attaches a row
//! with its token and its answer, and a command without an answer is asked again unless that row is
//! there.

use oos_engine::{
    Attach, CommandError, ExecutionStatus, Happening, MockFile, Outcome, Refusal, TriggerKind,
    TriggerMessage,
};
use oos_store::{Changes, Expect, Query, Record, Store};
use oos_template::Map;
use oos_tests::engine_world::{Answer, Command, Dump, Failure, Fate, TOKEN, World, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// A trigger; then a call, a sleep, a call that fails, and the clean-up behind `OnError`.
const TEMPLATE: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: onEvent
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: [ N ] }
  Outputs: { id: { Type: String, ValueSelector: .id } }
- Name: ask
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: Ask, Parameters: { Id: '{{ onEvent.id }}' } }
  Outputs: { n: { Type: Number, ValueSelector: .N } }
- { Name: pause, Action: 'ACS::Sleep', Properties: { Duration: 1H } }
- Name: askAgain
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: Ask, Parameters: { Id: '{{ onEvent.id }}' } }
  Outputs: { n: { Type: Number, ValueSelector: .N } }
- { Name: use, Action: 'ACS::ExecuteAPI', OnError: cleanUp, Properties: { Service: ECS, API: Use } }
- { Name: cleanUp, Action: 'ACS::ExecuteAPI', Properties: { Service: ECS, API: Delete } }
Outputs:
  n: { Type: List, Value: [ '{{ onEvent.id }}', '{{ ask.n }}', '{{ askAgain.n }}' ] }
";

const MOCK: &str = "
mocks:
- { service: ECS, api: Ask, answers: [ { body: { N: 1 } }, { body: { N: 2 }, delay: 2S } ] }
- { service: ECS, api: Use, answers: [ { error: { code: Broken, message: now } } ] }
- { service: ECS, api: Delete, answers: [ { body: {} } ] }
- { service: ECS, api: Slow, answers: [ { body: {}, delay: 10S } ] }
";

/// A task that runs a template, which runs another, and cleans up with what the failed child left.
const OUTER: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: make
  Action: ACS::Template
  OnError: cleanUp
  Properties: { TemplateName: child, Parameters: { id: i-1 } }
  Outputs: { id: { Type: String, ValueSelector: .id } }
- Name: cleanUp
  Action: ACS::ECS::Delete
  Properties: { id: '{{ make.id }}' }
Outputs:
  id: { Type: String, Value: '{{ make.id }}' }
";

const TEMPLATES: [(&str, &str); 2] = [
    (
        "child",
        "
FormatVersion: OOS-2019-06-01
Parameters: { id: { Type: String } }
Tasks:
- { Name: pause, Action: 'ACS::Sleep', Properties: { Duration: 5S } }
- { Name: clean, Action: 'ACS::ECS::Delete', Properties: { id: '{{ id }}' } }
- { Name: use, Action: 'ACS::ExecuteAPI', Properties: { Service: ECS, API: Use } }
Outputs:
  id: { Type: String, Value: '{{ id }}' }
",
    ),
    (
        "ACS-ECS-Delete",
        "
FormatVersion: OOS-2019-06-01
Parameters: { id: { Type: String } }
Tasks:
- { Name: delete, Action: 'ACS::ExecuteAPI', Properties: { Service: ECS, API: Slow, Parameters: { Id: '{{ id }}' } } }
",
    ),
];

/// A client with a world whose engine may stop at any time.
struct Client {
    world: World,
    /// How often the engine was started again.
    restarts: u32,
}

impl Client {
    fn new(plan: impl FnMut(u64) -> Fate + Send + 'static) -> Self {
        let mock = MockFile::parse(MOCK).expect("a mock file");
        let templates = TEMPLATES.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let world = World::with_templates(mock, 1, BTreeMap::from(templates));
        world.store.plan_commits(plan);
        Self { world, restarts: 0 }
    }

    /// Asks until there is an answer, or the row that an earlier try has left.
    fn ask(&mut self, token: &'static str, command: impl Fn(&World, Attach) -> Command) -> String {
        for _ in 0..20 {
            if let Some(answer) = self.row(token) {
                return answer;
            }
            let command = command(&self.world, attach(token));
            match self.world.answer(command) {
                Some(Ok(outcome)) => {
                    let answer = text_of(&outcome);
                    assert_eq!(self.row(token), Some(answer.clone()), "the row of {token}");
                    return answer;
                }
                Some(Err(Failure::Command(
                    CommandError::Store(_) | CommandError::AttachmentConflict,
                ))) => {}
                Some(Err(other)) => panic!("{token}: {other}"),
                None => self.pass(1),
            }
        }
        panic!("{token} was never answered");
    }

    /// The process has stopped: another one goes on with a store that works.
    fn recover(&mut self) {
        assert_eq!(self.restarts, 0, "a store that works was not enough");
        self.restarts += 1;
        self.world.store.heal();
        self.world.restart();
        self.world.settle();
    }

    fn row(&mut self, token: &str) -> Option<String> {
        let store = std::sync::Arc::clone(&self.world.store);
        let query = Query::key(&TOKEN, token);
        let read = async move {
            store
                .read(query)
                .await
                .expect("the store reads")
                .records
                .pop()
        };
        let row = self
            .world
            .ask(vec![Box::pin(read)])
            .pop()
            .flatten()
            .flatten();
        row.map(|row| String::from_utf8(row.body.to_vec()).expect("the row is a text"))
    }

    /// Two firings, of which one child is cancelled, a message that does not match, and the end.
    fn play(mut self) -> End {
        let parent = self.ask("start", |world, attach| {
            world.start(TEMPLATE, &Map::new(), attach)
        });
        let event = |content: &'static str, parent: String| {
            move |world: &World, attach| {
                let message = TriggerMessage::new(TriggerKind::Event, json(content));
                world.trigger(&parent, message, attach)
            }
        };
        let one = r#"{"product":"ECS","name":"N","id":"one"}"#;
        let two = r#"{"product":"ECS","name":"N","id":"two"}"#;
        let other = r#"{"product":"ECS","name":"M","id":"three"}"#;
        let first = self.ask("one", event(one, parent.clone()));
        self.pass(60);
        let second = self.ask("two", event(two, parent.clone()));
        let third = self.ask("three", event(other, parent.clone()));
        assert_eq!(third, "no child");
        self.pass(60);
        self.ask("cancel", move |world, attach| world.cancel(&second, attach));
        self.pass(7200);
        let fourth = self.ask("four", event(one, parent.clone()));
        self.pass(60);
        self.ask("end", {
            let parent = parent.clone();
            move |world, attach| world.cancel(&parent, attach)
        });
        self.pass(7200);
        End::of(self, &parent, [first, fourth])
    }

    /// An execution with children of tasks that comes to its end, and one that is cancelled while its
    /// child sleeps.
    fn play_children_of_tasks(mut self) -> End {
        let start = |world: &World, attach| world.start(OUTER, &Map::new(), attach);
        let first = self.ask("start", start);
        self.pass(60);
        let second = self.ask("second", start);
        self.pass(2);
        self.ask("cancel", {
            let second = second.clone();
            move |world, attach| world.cancel(&second, attach)
        });
        self.pass(60);
        let mut end = End::of(self, &first, [first.clone(), second.clone()]);
        // The second id depends on how often the first start was asked for.
        let readable = |text: &mut String| *text = text.replace(&second, "exec-2");
        end.executions.iter_mut().for_each(readable);
        end.children.iter_mut().for_each(readable);
        end.attempts.iter_mut().for_each(readable);
        end.executions.sort();
        end.attempts.sort();
        end
    }

    /// Lets time pass; a process that has stopped is started again on the way.
    fn pass(&mut self, seconds: u64) {
        self.world.advance(Duration::from_secs(seconds));
        if self.world.store.is_silent() {
            self.recover();
            self.world.advance(Duration::from_secs(seconds));
        }
    }
}

fn attach(token: &'static str) -> Attach {
    Attach::new(move |outcome| {
        let row = Record::new(token).with_body(text_of(outcome).into_bytes());
        Changes::new().put(&TOKEN, row, Expect::Absent)
    })
}

fn text_of(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Started(execution) => execution.start.id.clone(),
        Outcome::Triggered { child } => child.clone(),
        Outcome::NotMatched { .. } => "no child".to_owned(),
        Outcome::Cancelled => "cancelled".to_owned(),
        other => format!("{other:?}"),
    }
}

/// What is the same however the run was disturbed.
#[derive(Debug, PartialEq)]
struct End {
    /// Id, status, message, outputs and tasks of every execution, without times.
    executions: Vec<String>,
    /// The children that the acknowledged triggers have made.
    children: [String; 2],
    /// The keys of the attempts that were made, with how often at least.
    attempts: Vec<String>,
    restarts: u32,
}

impl End {
    fn of(mut client: Client, parent: &str, children: [String; 2]) -> Self {
        client.world.store.heal();
        let dumps = Dump::all(&mut client.world);
        let readable = |text: String| text.replace(parent, "exec-1");
        let mut firings = BTreeMap::<String, usize>::new();
        for dump in &dumps {
            for entry in &dump.history {
                if let Happening::Triggered { child, .. } | Happening::ChildStarted { child, .. } =
                    &entry.what
                {
                    *firings.entry(child.clone()).or_default() += 1;
                }
            }
        }
        let made: Vec<&String> = firings.keys().collect();
        let there: Vec<&String> = dumps
            .iter()
            .filter(|dump| dump.execution.start.parent.is_some())
            .map(|dump| &dump.execution.start.id)
            .collect();
        assert_eq!(
            made, there,
            "every firing and every task has made one child, and nothing else has"
        );
        assert!(firings.values().all(|times| *times == 1), "{firings:?}");
        let mut attempts: Vec<String> = client
            .world
            .calls()
            .iter()
            .map(|call| readable(call.key.to_string()))
            .collect();
        attempts.sort();
        attempts.dedup();
        Self {
            executions: dumps.iter().map(shown).map(readable).collect(),
            children: children.map(readable),
            attempts,
            restarts: client.restarts,
        }
    }
}

fn shown(dump: &Dump) -> String {
    let (start, head) = (&dump.execution.start, &dump.execution.head);
    let last = head.last_firing.as_ref().map(|last| {
        (
            &last.child,
            last.status,
            &last.status_message,
            &last.outputs,
        )
    });
    let tasks = dump.tasks.iter().map(|task| {
        (
            &task.id,
            &task.name,
            task.status,
            &task.outputs,
            &task.child_execution_id,
            task.attempt,
        )
    });
    format!(
        "{} {} {:?} {:?} {:?} {:?} active {:?} last {last:?}\n{:#?}",
        start.id,
        head.status,
        head.status_message,
        head.outputs,
        head.counters,
        head.failure,
        head.active_children,
        tasks.collect::<Vec<_>>()
    )
}

/// Plays a scenario to its end.
type Play = fn(Client) -> End;

const SCENARIOS: [Play; 2] = [Client::play, Client::play_children_of_tasks];

/// How many commits an undisturbed run makes, and how it ends.
fn undisturbed(scenario: Play) -> (u64, End) {
    let client = Client::new(|_| Fate::Done);
    let store = std::sync::Arc::clone(&client.world.store);
    let end = scenario(client);
    (store.commits(), end)
}

/// Disturbs one commit of each scenario after the other.
fn check(fate: Fate, restarts: u32) {
    for scenario in SCENARIOS {
        check_one(scenario, fate, restarts);
    }
}

fn check_one(scenario: Play, fate: Fate, restarts: u32) {
    let (commits, mut expected) = undisturbed(scenario);
    assert!(
        commits >= 15,
        "the scenario is too small: {commits} commits"
    );
    expected.restarts = restarts;
    for disturbed in 0..commits {
        let plan = move |number| match fate {
            // Whoever has stopped does not begin again.
            Fate::Silence | Fate::DoneThenSilence if number > disturbed => Fate::Silence,
            fate if number == disturbed => fate,
            _ => Fate::Done,
        };
        let got = scenario(Client::new(plan));
        assert_eq!(
            got.children, expected.children,
            "{fate:?} at commit {disturbed}"
        );
        for (got, expected) in got.executions.iter().zip(&expected.executions) {
            assert_eq!(got, expected, "{fate:?} at commit {disturbed}");
        }
        assert_eq!(got, expected, "{fate:?} at commit {disturbed}");
    }
}

#[test]
fn the_process_stops_before_a_commit() {
    check(Fate::Silence, 1);
}

#[test]
fn the_process_stops_after_a_commit() {
    check(Fate::DoneThenSilence, 1);
}

#[test]
fn the_store_refuses_a_commit() {
    check(Fate::Refused, 0);
}

#[test]
fn nobody_can_tell_and_it_was_made() {
    check(Fate::UnknownDone, 0);
}

#[test]
fn nobody_can_tell_and_it_was_lost() {
    check(Fate::UnknownLost, 0);
}

/// The store fails at every second commit, for as long as the scenario lasts.
#[test]
fn the_store_fails_again_and_again() {
    for scenario in SCENARIOS {
        let (_, expected) = undisturbed(scenario);
        for fate in [Fate::Refused, Fate::UnknownDone, Fate::UnknownLost] {
            let plan = move |number| if number % 2 == 0 { fate } else { Fate::Done };
            assert_eq!(scenario(Client::new(plan)), expected, "{fate:?}");
        }
    }
}

/// A store that can not be read for a while loses nothing of what happens inside.
#[test]
fn reads_fail_for_a_while() {
    let (_, expected) = undisturbed(Client::play);
    let client = Client::new(|_| Fate::Done);
    let store = std::sync::Arc::clone(&client.world.store);
    // A refused commit makes the engine read; the read fails as well.
    store.plan_commits(|number| {
        if number % 3 == 2 {
            Fate::Refused
        } else {
            Fate::Done
        }
    });
    let mut reads = 0_u32;
    store.plan_reads(move |kind| {
        if kind != "execution" {
            return Fate::Done;
        }
        reads += 1;
        if reads.is_multiple_of(2) {
            Fate::Refused
        } else {
            Fate::Done
        }
    });
    assert_eq!(client.play(), expected);
}

/// Two seconds of sleep, behind a trigger.
const SLEEPER: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- { Name: onEvent, Action: 'ACS::EventTrigger', Properties: { Product: ECS, Name: [ N ] } }
- { Name: pause, Action: 'ACS::Sleep', Properties: { Duration: 2S } }
";

fn child_of(client: &mut Client, command: Command) -> String {
    match client.world.answer(command) {
        Some(Ok(Outcome::Triggered { child })) => child,
        other => panic!("{other:?}"),
    }
}

fn message() -> TriggerMessage {
    let content = json(r#"{"product":"ECS","name":"N","id":"same"}"#);
    TriggerMessage::new(TriggerKind::Event, content)
}

/// A command that the store refuses does not make an execution forget what it waits for.
#[test]
fn a_refused_commit_leaves_the_timer() {
    for fate in [Fate::Refused, Fate::UnknownLost, Fate::UnknownDone] {
        let (mut client, parent, child) = sleeping();
        client.world.store.plan_commits(move |_| fate);
        let cancel = client.world.cancel(&child, Attach::nothing());
        let answer = client.world.answer(cancel);
        assert!(
            matches!(&answer, Some(Err(Failure::Command(CommandError::Store(_))))),
            "{answer:?}"
        );
        client.world.store.heal();
        client.world.advance(Duration::from_secs(2));
        let end = match fate {
            Fate::UnknownDone => ExecutionStatus::Cancelled,
            _ => ExecutionStatus::Success,
        };
        assert_eq!(status(&mut client, &child), Some(end), "{fate:?}");
        let waits = Some(ExecutionStatus::Waiting);
        assert_eq!(status(&mut client, &parent), waits, "{fate:?}");
    }
}

/// A client with a parent, and its child that sleeps for two seconds.
fn sleeping() -> (Client, String, String) {
    let mut client = Client::new(|_| Fate::Done);
    let parent = client.ask("start", |world, attach| {
        world.start(SLEEPER, &Map::new(), attach)
    });
    let fire = client.world.trigger(&parent, message(), Attach::nothing());
    let child = child_of(&mut client, fire);
    (client, parent, child)
}

fn status(client: &mut Client, id: &str) -> Option<ExecutionStatus> {
    let dumps = Dump::all(&mut client.world);
    let found = dumps.iter().find(|dump| dump.execution.start.id == id);
    found.map(|dump| dump.execution.head.status)
}

/// While nobody can tell what became of a commit, the attempt that is under way is not made again.
#[test]
fn an_attempt_under_way_is_not_made_twice() {
    let template = "
FormatVersion: OOS-2019-06-01
Tasks:
- { Name: slow, Action: 'ACS::ExecuteAPI', Properties: { Service: ECS, API: Slow } }
";
    for fate in [Fate::Refused, Fate::UnknownLost] {
        let mut client = Client::new(|_| Fate::Done);
        let id = client.ask("start", |world, attach| {
            world.start(template, &Map::new(), attach)
        });
        client.world.store.plan_commits(move |_| fate);
        let cancel = client.world.cancel(&id, Attach::nothing());
        assert!(matches!(client.world.answer(cancel), Some(Err(_))));
        client.world.store.heal();
        client.world.advance(Duration::from_secs(10));
        assert_eq!(client.world.calls().len(), 1, "{fate:?}");
        let dumps = Dump::all(&mut client.world);
        assert_eq!(dumps[0].execution.head.status, ExecutionStatus::Success);
    }
}

/// Somebody asks for a child before it exists, and the store answers only when it does: nothing of
/// the child is lost, and nobody is told that there is no such child.
#[test]
fn a_child_is_born_while_it_is_looked_for() {
    for cancelled in [false, true] {
        let mut client = Client::new(|_| Fate::Done);
        let parent = client.ask("start", |world, attach| {
            world.start(SLEEPER, &Map::new(), attach)
        });
        let child = format!("{parent}.0001");
        let world = &mut client.world;
        world.store.plan_reads(|_| Fate::Slow(100));
        let early = world.trigger(&child, message(), Attach::nothing());
        assert!(world.ask_a_little(vec![early], 1).remove(0).is_none());
        let fire = world.trigger(&parent, message(), Attach::nothing());
        assert_eq!(child_of(&mut client, fire), child);
        let world = &mut client.world;
        if cancelled {
            world.store.plan_commits(|_| Fate::Slow(400));
            let first = world.cancel(&child, Attach::nothing());
            assert!(world.ask_a_little(vec![first], 1).remove(0).is_none());
            let second = world.cancel(&child, Attach::nothing());
            match world.answer(second) {
                Some(Err(Failure::Command(CommandError::Refused(Refusal::Ended { .. })))) => {}
                other => panic!("{other:?}"),
            }
        }
        world.settle();
        world.store.heal();
        world.advance(Duration::from_secs(2));
        let end = if cancelled {
            ExecutionStatus::Cancelled
        } else {
            ExecutionStatus::Success
        };
        assert_eq!(status(&mut client, &child), Some(end));
        assert_eq!(status(&mut client, &parent), Some(ExecutionStatus::Waiting));
    }
}

/// Of commands at the same time that attach the same row one succeeds, with one child.
#[test]
fn one_token_is_used_once() {
    for callers in [2, 3, 40] {
        let mut client = Client::new(|_| Fate::Done);
        let parent = client.ask("start", |world, attach| {
            world.start(TEMPLATE, &Map::new(), attach)
        });
        let commands =
            (0..callers).map(|_| client.world.trigger(&parent, message(), attach("same")));
        let answers: Vec<Option<Answer>> = client.world.ask(commands.collect());
        let mut children = 0;
        for answer in answers {
            match answer {
                Some(Ok(Outcome::Triggered { child })) => {
                    assert_eq!(client.row("same"), Some(child));
                    children += 1;
                }
                Some(Err(Failure::Command(CommandError::AttachmentConflict))) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(children, 1, "{callers} callers");
        assert_eq!(Dump::all(&mut client.world).len(), 2, "{callers} callers");
    }
}
