//! Random scenarios in which everything happens that can: messages that match or not, cancellations,
//! slow and failing calls, a store that is slow, refuses, or does not know, and processes that stop.
//! A seed decides a scenario; whatever happens, what [`Scenario::judge`] says holds.

use oos_engine::{Attach, Execution, ExecutionStatus, Happening, MockFile, Outcome, TaskStatus};
use oos_engine::{TriggerKind, TriggerMessage};
use oos_store::{Changes, Expect, Record};
use oos_template::{Map, Value};
use oos_tests::engine_world::{Answer, Dump, Fate, TOKEN, World, json, raw_dump};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

/// So many scenarios are played.
const SEEDS: u64 = 300;

#[test]
fn what_has_to_hold_holds() {
    let mut happened = BTreeMap::<&str, usize>::new();
    for seed in 0..SEEDS {
        let judged = Scenario::new(seed).play().and_then(Scenario::judge);
        match judged {
            Ok(counts) => counts
                .iter()
                .for_each(|(what, n)| *happened.entry(what).or_default() += n),
            Err(problem) => panic!("seed {seed}: {problem}"),
        }
    }
    // A simulation in which nothing happens proves nothing.
    for what in [
        "children",
        "not matched",
        "cancelled",
        "failed",
        "slept",
        "restarts",
        "store errors",
    ] {
        assert!(
            happened.get(what).is_some_and(|n| *n >= 50),
            "too few {what}: {happened:?}"
        );
    }
}

#[test]
fn a_seed_decides_everything() {
    for seed in 0..20 {
        let history = || {
            Scenario::new(seed)
                .play()
                .map(|mut scenario| raw_dump(&mut scenario.world))
        };
        let (one, other) = (history(), history());
        assert!(one == other, "seed {seed}");
        let another = Scenario::new(seed + SEEDS)
            .play()
            .map(|mut scenario| raw_dump(&mut scenario.world));
        assert!(one != another, "seed {seed} makes no difference");
    }
}

const MOCK: &str = "
mocks:
- { service: ECS, api: Good, answers: [ { body: { N: 1 } }, { body: { N: 2 }, delay: 1S } ] }
- { service: ECS, api: Moody, answers: [ { error: { code: Moody, message: no } }, { body: { N: 3 } } ] }
- { service: ECS, api: Slow, answers: [ { body: { N: 4 }, delay: 7S } ] }
- { service: ECS, api: Bad, answers: [ { error: { code: Bad, message: never }, delay: 2S } ] }
";

/// Numbers that a seed decides (SplitMix64).
struct Dice(u64);

impl Dice {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).expect("an index")]
    }
}

/// A template of up to six tasks, mostly behind a trigger; jumps go forward.
fn template(dice: &mut Dice) -> String {
    let mut text = String::from(
        "FormatVersion: OOS-2019-06-01\nParameters: { pick: { Type: String, Default: a } }\nTasks:\n",
    );
    let triggered = dice.percent(70);
    if triggered {
        text.push_str(
            "- Name: onEvent\n  Action: ACS::EventTrigger\n  \
             Properties: { Product: ECS, Name: [ N ] }\n  \
             Outputs: { n: { Type: String, ValueSelector: .n } }\n",
        );
    }
    let count = 1 + dice.below(6);
    for number in 0..count {
        let to = |dice: &mut Dice| match dice.below(4) {
            0 => "ACS::END".to_owned(),
            1 => "ACS::NEXT".to_owned(),
            _ if number + 1 < count => format!("t{}", number + 1 + dice.below(count - number - 1)),
            _ => "ACS::END".to_owned(),
        };
        write!(text, "- Name: t{number}\n  ").expect("a text takes it");
        let line = match dice.below(10) {
            0 | 1 => format!(
                "Action: ACS::Sleep\n  Properties: {{ Duration: {}S }}",
                1 + dice.below(20)
            ),
            2 => format!(
                "Action: ACS::Choice\n  Properties:\n    DefaultTask: {}\n    Choices:\n    \
                 - {{ When: {{ 'Fn::Equals': [ '{{{{ pick }}}}', a ] }}, NextTask: '{}' }}",
                to(dice),
                to(dice)
            ),
            _ => {
                let api = dice.one(&["Good", "Good", "Moody", "Slow", "Bad"]);
                let when = dice.one(&["true", "true", "true", "false"]);
                format!(
                    "Action: ACS::ExecuteAPI\n  When: {{ 'Fn::Equals': [ {when}, true ] }}\n  \
                     OnError: {}\n  OnSuccess: {}\n  Properties: {{ Service: ECS, API: {api} }}",
                    to(dice),
                    dice.one(&["ACS::NEXT", "ACS::NEXT", "ACS::NEXT", "ACS::END"])
                )
            }
        };
        text.push_str(&line);
        text.push('\n');
    }
    if triggered {
        text.push_str("Outputs: { n: { Type: String, Value: '{{ onEvent.n }}' } }\n");
    }
    text
}

/// What a store does with its commits.
fn commits(mut dice: Dice) -> impl FnMut(u64) -> Fate + Send {
    move |_| match dice.below(20) {
        0 => Fate::Refused,
        1 => Fate::UnknownDone,
        2 => Fate::UnknownLost,
        3..8 => Fate::Slow(u32::try_from(1 + dice.below(3)).expect("a small number")),
        _ => Fate::Done,
    }
}

/// What it does with reads.
fn reads(mut dice: Dice) -> impl FnMut(&'static str) -> Fate + Send {
    move |_| match dice.below(30) {
        0 => Fate::Refused,
        1..8 => Fate::Slow(u32::try_from(1 + dice.below(3)).expect("a small number")),
        _ => Fate::Done,
    }
}

struct Scenario {
    world: World,
    dice: Dice,
    template: String,
    /// Ids of executions that were started, as far as it is known.
    started: Vec<String>,
    /// Messages that were sent: whether the filter lets them through, and what was answered.
    messages: Vec<(bool, Option<Outcome>)>,
    commands: u64,
    restarts: usize,
    store_errors: usize,
}

enum Asked {
    Start,
    Message(usize),
    Cancel,
}

impl Scenario {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let mock = MockFile::parse(MOCK).expect("a mock file");
        let world = World::new(mock, seed);
        let template = template(&mut dice);
        world.store.plan_commits(commits(Dice(dice.draw())));
        world.store.plan_reads(reads(Dice(dice.draw())));
        Self {
            world,
            dice,
            template,
            started: Vec::new(),
            messages: Vec::new(),
            commands: 0,
            restarts: 0,
            store_errors: 0,
        }
    }

    fn play(mut self) -> Result<Self, String> {
        self.some_commands(true);
        for _ in 0..10 + self.dice.below(20) {
            match self.dice.below(10) {
                0 => self.restart(),
                1..4 => {
                    let millis = self.dice.one(&[1, 500, 1000, 3000, 10_000]);
                    self.world.advance(Duration::from_millis(millis));
                }
                number => self.some_commands(number == 4),
            }
            if self.world.is_dead() {
                self.restart();
            }
        }
        self.world.store.heal();
        if self.world.is_dead() || self.dice.percent(30) {
            self.restart();
        }
        self.come_to_rest()?;
        Ok(self)
    }

    fn restart(&mut self) {
        self.restarts += 1;
        self.world.restart();
        while self.world.is_dead() {
            self.world.restart();
            self.world.settle();
        }
    }

    /// Lets time pass until nobody waits for it any more.
    fn come_to_rest(&mut self) -> Result<(), String> {
        for _ in 0..1000 {
            self.world.settle();
            match self.world.clock.next_wake() {
                Some(next) => self.world.clock.advance(next),
                None => return Ok(()),
            }
        }
        Err("it never comes to rest".to_owned())
    }

    /// A few commands at the same time, which may be left alone before they are answered.
    fn some_commands(&mut self, start: bool) {
        let mut asked = Vec::new();
        let mut commands = Vec::new();
        for number in 0..1 + self.dice.below(4) {
            self.commands += 1;
            let attach = attach(self.commands);
            if start && number == 0 || self.started.is_empty() {
                let pick = self.dice.one(&["a", "b"]);
                let parameters =
                    Map::from_iter([("pick".to_owned(), Value::String(pick.to_owned()))]);
                commands.push(self.world.start(&self.template, &parameters, attach));
                asked.push(Asked::Start);
                continue;
            }
            let id = self.some_execution();
            if self.dice.percent(15) {
                commands.push(self.world.cancel(&id, attach));
                asked.push(Asked::Cancel);
            } else {
                let matches = self.dice.percent(75);
                let message = self.message(matches);
                commands.push(self.world.trigger(&id, message, attach));
                asked.push(Asked::Message(self.messages.len() - 1));
            }
        }
        let polls = self.dice.one(&[1, 2, 4, u32::MAX]);
        let answers = self.world.ask_a_little(commands, polls);
        for (asked, answer) in asked.iter().zip(answers) {
            self.note(asked, answer);
        }
    }

    fn message(&mut self, matches: bool) -> TriggerMessage {
        let number = self.messages.len();
        self.messages.push((matches, None));
        let name = if matches { "N" } else { "M" };
        let content = format!(r#"{{"product":"ECS","name":"{name}","n":"{number}"}}"#);
        let kind = if self.dice.percent(95) {
            TriggerKind::Event
        } else {
            TriggerKind::Alarm
        };
        TriggerMessage::new(kind, json(&content))
    }

    /// One of those that were started, or a child that it may have, or will have.
    fn some_execution(&mut self) -> String {
        let place = self.dice.below(self.started.len() as u64);
        let root = self.started[usize::try_from(place).expect("an index")].clone();
        if self.dice.percent(80) {
            return root;
        }
        format!("{root}.{:04}", 1 + self.dice.below(4))
    }

    fn note(&mut self, asked: &Asked, answer: Option<Answer>) {
        match (asked, answer) {
            (Asked::Start, Some(Ok(Outcome::Started(execution)))) => {
                self.started.push(execution.start.id)
            }
            (Asked::Message(number), Some(Ok(outcome))) => self.messages[*number].1 = Some(outcome),
            (_, Some(Err(failure))) if failure.to_string().contains("store failed") => {
                self.store_errors += 1
            }
            _ => {}
        }
    }

    /// What holds when all has come to rest.
    fn judge(mut self) -> Result<BTreeMap<&'static str, usize>, String> {
        let resting = Dump::all(&mut self.world);
        for dump in &resting {
            self.judge_execution(dump)?;
        }
        self.judge_messages(&resting)?;
        self.judge_puts()?;
        // Triggers wait until they are cancelled; after that nothing is left.
        let waiting = resting
            .iter()
            .filter(|dump| !dump.execution.head.status.is_final());
        let cancels = waiting.map(|dump| {
            self.world
                .cancel(&dump.execution.start.id, Attach::nothing())
        });
        for answer in self.world.ask(cancels.collect()) {
            match answer {
                Some(Ok(Outcome::Cancelled)) => {}
                other => return Err(format!("a trigger was not cancelled: {other:?}")),
            }
        }
        self.come_to_rest()?;
        let ended = Dump::all(&mut self.world);
        for (before, after) in resting.iter().zip(&ended) {
            let (id, status) = (&after.execution.start.id, after.execution.head.status);
            if !status.is_final() {
                return Err(format!("{id} is {status} in the end"));
            }
            if before.execution.head.status.is_final() && before != after {
                return Err(format!("{id} had ended, and changed"));
            }
        }
        self.judge_puts()?;
        Ok(self.counts(&resting))
    }

    fn judge_execution(&self, dump: &Dump) -> Result<(), String> {
        let Execution { start, head, .. } = &dump.execution;
        let id = &start.id;
        let trigger = dump
            .tasks
            .iter()
            .any(|task| task.name == "onEvent" && task.status == TaskStatus::Waiting);
        if !(head.status.is_final() || trigger && head.status == ExecutionStatus::Waiting) {
            return Err(format!(
                "{id} is {} and nothing goes on: {dump:#?}",
                head.status
            ));
        }
        if !head.active_children.is_empty() {
            return Err(format!("{id} has not heard of {:?}", head.active_children));
        }
        let mut counters = BTreeMap::<TaskStatus, u64>::new();
        for task in &dump.tasks {
            if task.status.is_final() {
                *counters.entry(task.status).or_default() += 1;
            }
            let made = self
                .world
                .calls()
                .iter()
                .any(|call| call.key.task_execution_id == task.id);
            let ended = matches!(task.status, TaskStatus::Success | TaskStatus::Failed);
            if ended && task.action == "ACS::ExecuteAPI" && !made {
                return Err(format!("{} ended without a call", task.id));
            }
        }
        if counters != head.counters {
            return Err(format!("{id} counts {:?}, not {counters:?}", head.counters));
        }
        judge_history(dump)
    }

    /// An acknowledged message that matches has made exactly one child, any other at most one.
    fn judge_messages(&self, dumps: &[Dump]) -> Result<(), String> {
        let mut children = BTreeMap::<String, Vec<&String>>::new();
        for dump in dumps {
            let Some(firing) = &dump.execution.start.firing else {
                continue;
            };
            let n = firing
                .outputs
                .as_ref()
                .ok()
                .and_then(|outputs| outputs.get("n"));
            let n = n.map(Value::to_text).unwrap_or_default();
            children
                .entry(n)
                .or_default()
                .push(&dump.execution.start.id);
        }
        for (number, (matches, outcome)) in self.messages.iter().enumerate() {
            let made = children.remove(&number.to_string()).unwrap_or_default();
            let right = match outcome {
                Some(Outcome::Triggered { child }) => *matches && made == [child],
                Some(Outcome::NotMatched { .. }) => !*matches && made.is_empty(),
                _ => made.len() <= usize::from(*matches),
            };
            if !right {
                return Err(format!("message {number} ({outcome:?}) made {made:?}"));
            }
        }
        if children.is_empty() {
            Ok(())
        } else {
            Err(format!("nobody sent {children:?}"))
        }
    }

    /// Statuses change only as they may, as the commits show them; what is settled stays.
    fn judge_puts(&self) -> Result<(), String> {
        let mut last = BTreeMap::new();
        for put in self.world.store.puts() {
            let Some(status) = put.status.clone() else {
                continue;
            };
            let is_final = !matches!(status.as_str(), "Running" | "Waiting");
            let before = last.insert(
                (put.kind, put.key.clone()),
                (status.clone(), is_final, put.settled),
            );
            let right = match before {
                None | Some((_, false, _)) => status != "Started",
                Some((_, true, true)) => false,
                Some((before, true, false)) => put.kind == "execution" && before == status,
            };
            if !right {
                return Err(format!(
                    "{put:?} came after {:?}",
                    last.get(&(put.kind, put.key.clone()))
                ));
            }
        }
        Ok(())
    }

    fn counts(&self, dumps: &[Dump]) -> BTreeMap<&'static str, usize> {
        let status = |status| {
            dumps
                .iter()
                .filter(|dump| dump.execution.head.status == status)
                .count()
        };
        let answered = |yes: fn(&Outcome) -> bool| {
            self.messages
                .iter()
                .filter(|(_, outcome)| outcome.as_ref().is_some_and(yes))
                .count()
        };
        let tasks = dumps.iter().flat_map(|dump| &dump.tasks);
        BTreeMap::from([
            (
                "children",
                answered(|outcome| matches!(outcome, Outcome::Triggered { .. })),
            ),
            (
                "not matched",
                answered(|outcome| matches!(outcome, Outcome::NotMatched { .. })),
            ),
            ("cancelled", status(ExecutionStatus::Cancelled)),
            ("failed", status(ExecutionStatus::Failed)),
            (
                "slept",
                tasks.filter(|task| task.action == "ACS::Sleep").count(),
            ),
            ("restarts", self.restarts),
            ("store errors", self.store_errors),
        ])
    }
}

fn attach(number: u64) -> Attach {
    Attach::new(move |_| {
        let row = Record::new(format!("token-{number}"));
        Changes::new().put(&TOKEN, row, Expect::Absent)
    })
}

/// An execution starts once and first and ends once; after its end nothing of its own happens. A task
/// starts before it waits, and ends once.
fn judge_history(dump: &Dump) -> Result<(), String> {
    let id = &dump.execution.start.id;
    let wrong = |what: &str| Err(format!("{id}: {what}: {:#?}", dump.history));
    let (mut over, mut open, mut closed) = (false, BTreeSet::new(), BTreeSet::new());
    for (number, entry) in dump.history.iter().enumerate() {
        let task = entry.task_execution_id.clone().unwrap_or_default();
        let right = match &entry.what {
            Happening::ExecutionStarted => number == 0,
            Happening::ExecutionEnded { status, .. } => {
                let right = !over && *status == dump.execution.head.status;
                over = true;
                right
            }
            Happening::TaskStarted { .. } => !over && open.insert(task),
            Happening::TaskWaiting { .. }
            | Happening::ApiCalled(_)
            | Happening::Triggered { .. } => {
                !over && open.contains(&task) && !closed.contains(&task)
            }
            Happening::TaskEnded { status, .. } => {
                let known = open.contains(&task) || *status == TaskStatus::Skipped;
                !over && known && closed.insert(task)
            }
            _ => true,
        };
        if !right {
            return wrong(&format!("entry {number}"));
        }
    }
    if over == dump.execution.head.status.is_final() {
        Ok(())
    } else {
        wrong("the end")
    }
}
