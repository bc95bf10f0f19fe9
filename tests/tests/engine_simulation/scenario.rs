//! Plays a scenario.

use crate::dice::{Dice, commits, reads, template, templates};
use oos_engine::{Attach, MockFile, Outcome, TriggerKind, TriggerMessage};
use oos_store::{Changes, Expect, Record};
use oos_template::{Map, Value};
use oos_tests::engine_world::{Answer, TOKEN, World, json};
use std::time::Duration;

const MOCK: &str = "
mocks:
- { service: ECS, api: Good, answers: [ { body: { N: 1 } }, { body: { N: 2 }, delay: 1S } ] }
- { service: ECS, api: Moody, answers: [ { error: { code: Moody, message: no } }, { body: { N: 3 } } ] }
- { service: ECS, api: Slow, answers: [ { body: { N: 4 }, delay: 7S } ] }
- { service: ECS, api: Bad, answers: [ { error: { code: Bad, message: never }, delay: 2S } ] }
";

/// A world, what was done in it, and what was answered.
pub(crate) struct Scenario {
    pub(crate) world: World,
    pub(crate) dice: Dice,
    pub(crate) template: String,
    /// Ids of executions that were started, as far as it is known.
    pub(crate) started: Vec<String>,
    /// Messages that were sent: whether the filter lets them through, and what was answered.
    pub(crate) messages: Vec<(bool, Option<Outcome>)>,
    pub(crate) commands: u64,
    pub(crate) restarts: usize,
    pub(crate) store_errors: usize,
}

enum Asked {
    Start,
    Message(usize),
    Cancel,
}

impl Scenario {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let mock = MockFile::parse(MOCK).expect("a mock file");
        let world = World::with_templates(mock, seed, templates());
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

    pub(crate) fn play(mut self) -> Result<Self, String> {
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
    pub(crate) fn come_to_rest(&mut self) -> Result<(), String> {
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
        for number in 0..=self.dice.below(4) {
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
        let child = format!("{root}.{:04}", 1 + self.dice.below(4));
        let task = 1 + self.dice.below(4);
        match self.dice.below(4) {
            0 => format!("{root}.t{task:04}.0001"),
            1 => format!("{child}.t{task:04}.0001"),
            _ => child,
        }
    }

    fn note(&mut self, asked: &Asked, answer: Option<Answer>) {
        match (asked, answer) {
            (Asked::Start, Some(Ok(Outcome::Started(execution)))) => {
                self.started.push(execution.start.id);
            }
            (Asked::Message(number), Some(Ok(outcome))) => self.messages[*number].1 = Some(outcome),
            (_, Some(Err(failure))) if failure.to_string().contains("store failed") => {
                self.store_errors += 1;
            }
            _ => {}
        }
    }
}

fn attach(number: u64) -> Attach {
    Attach::new(move |_| {
        let row = Record::new(format!("token-{number}"));
        Changes::new().put(&TOKEN, row, Expect::Absent)
    })
}
