//! Turns that are made while the one before them is being committed: they change nothing before
//! their time, and nothing is lost or doubled when the one before them fails.

use oos_engine::{Attach, CommandError, ExecutionStatus, MockFile, Outcome, TriggerKind};
use oos_engine::{Refusal, TriggerMessage};
use oos_template::Map;
use oos_tests::engine_world::{Answer, Command, Dump, Failure, Fate, World, json};
use std::collections::BTreeSet;
use std::time::Duration;

const TEMPLATE: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- { Name: onEvent, Action: 'ACS::EventTrigger', Properties: { Product: ECS, Name: [ N ] } }
- { Name: pause, Action: 'ACS::Sleep', Properties: { Duration: 2S } }
";

/// More than go into one commit.
const MANY: usize = 100;

struct Parent {
    world: World,
    id: String,
}

impl Parent {
    fn new() -> Self {
        let mut world = World::new(MockFile::default(), 7);
        let start = world.start(TEMPLATE, &Map::new(), Attach::nothing());
        match world.answer(start) {
            Some(Ok(Outcome::Started(execution))) => Self {
                id: execution.start.id,
                world,
            },
            other => panic!("{other:?}"),
        }
    }

    fn fire(&self) -> Command {
        let content = json(r#"{"product":"ECS","name":"N"}"#);
        let message = TriggerMessage::new(TriggerKind::Event, content);
        self.world.trigger(&self.id, message, Attach::nothing())
    }

    fn fire_often(&self, times: usize) -> Vec<Command> {
        (0..times).map(|_| self.fire()).collect()
    }

    /// The ids of the children that the store holds, once all of them have ended.
    fn children(&mut self) -> BTreeSet<String> {
        self.world.store.heal();
        self.world.advance(Duration::from_secs(3));
        let dumps = Dump::all(&mut self.world);
        let children = dumps.iter().map(|dump| &dump.execution);
        let children = children.filter(|execution| execution.start.parent.is_some());
        children
            .map(|child| {
                assert_eq!(child.head.status, ExecutionStatus::Success);
                child.start.id.clone()
            })
            .collect()
    }
}

/// The children that callers were told of.
fn told(answers: &[Option<Answer>]) -> BTreeSet<String> {
    let child = |answer: &Answer| match answer {
        Ok(Outcome::Triggered { child }) => Some(child.clone()),
        _ => None,
    };
    answers.iter().flatten().filter_map(child).collect()
}

/// While a commit is under way, the next one waits, and nobody hears of what it will bring.
#[test]
fn a_turn_ahead_waits_for_the_one_before_it() {
    let mut parent = Parent::new();
    let before = parent.world.store.commits();
    parent.world.store.plan_commits(|_| Fate::Slow(1000));
    let commands = parent.fire_often(MANY);
    let answers = parent.world.ask_a_little(commands, 100);
    assert!(answers.iter().all(Option::is_none));
    assert_eq!(parent.world.store.commits(), before + 1);
    parent.world.settle();
    assert_eq!(parent.children().len(), MANY);
}

/// Who comes while a commit is under way, one by one, is in the next one.
#[test]
fn messages_gather_in_the_turn_ahead() {
    let mut parent = Parent::new();
    let first = parent.world.store.commits();
    parent.world.store.plan_commits(move |number| match number {
        _ if number == first => Fate::Slow(1000),
        _ => Fate::Done,
    });
    for _ in 0..10 {
        let command = parent.fire();
        let answers = parent.world.ask_a_little(vec![command], 5);
        assert!(answers.iter().all(Option::is_none));
    }
    assert_eq!(parent.world.store.commits(), first + 1);
    parent.world.settle();
    assert_eq!(parent.world.store.commits(), first + 2);
    assert_eq!(parent.children().len(), 10);
}

#[test]
fn every_message_has_its_own_child() {
    let mut parent = Parent::new();
    parent.world.store.plan_commits(|_| Fate::Slow(2));
    let commands = parent.fire_often(MANY);
    let answers = parent.world.ask(commands);
    let told = told(&answers);
    assert_eq!(told.len(), MANY);
    assert_eq!(parent.children(), told);
}

/// The first commit fails while the second turn is made: those of the first turn are told, those
/// of the second have their children all the same.
#[test]
fn a_failed_commit_takes_back_the_turn_ahead_of_it() {
    for fate in [Fate::Refused, Fate::UnknownLost, Fate::UnknownDone] {
        let mut parent = Parent::new();
        let failing = parent.world.store.commits();
        let plan = move |number| match number {
            _ if number == failing => fate,
            _ => Fate::Slow(1),
        };
        parent.world.store.plan_commits(plan);
        let commands = parent.fire_often(MANY);
        let answers = parent.world.ask(commands);
        let failed =
            |answer: &&Answer| matches!(answer, Err(Failure::Command(CommandError::Store(_))));
        let failed = answers.iter().flatten().filter(failed).count();
        let told = told(&answers);
        assert!(failed > 0 && failed < MANY, "{fate:?}: {failed}");
        // Who is not answered yet waits for a second after the failure.
        let children = parent.children();
        assert!(told.is_subset(&children), "{fate:?}");
        let made = if fate == Fate::UnknownDone { failed } else { 0 };
        assert_eq!(children.len(), MANY - failed + made, "{fate:?}");
    }
}

/// What a turn ahead refuses, it refuses because of the turn before it: it says so only when that
/// one is committed, and thinks again if it is not.
#[test]
fn a_refusal_ahead_depends_on_the_turn_before() {
    let ended = |answer: &Answer| {
        let ended = matches!(
            answer,
            Err(Failure::Command(CommandError::Refused(
                Refusal::Ended { .. }
            )))
        );
        assert!(ended, "{answer:?}");
    };
    for refused in [false, true] {
        let mut parent = Parent::new();
        let failing = parent.world.store.commits();
        let fate = if refused {
            Fate::Refused
        } else {
            Fate::Slow(5)
        };
        let plan = move |number| if number == failing { fate } else { Fate::Done };
        parent.world.store.plan_commits(plan);
        let cancel = parent.world.cancel(&parent.id, Attach::nothing());
        assert!(parent.world.ask_a_little(vec![cancel], 1)[0].is_none());
        let fire = parent.fire();
        let answer = parent.world.answer(fire);
        assert_eq!(answer.is_none(), refused, "{answer:?}");
        answer.iter().for_each(ended);
        assert_eq!(parent.children().len(), usize::from(refused));
    }
}

/// What an execution waits for is known from the commit that says so, even if the turn behind it
/// comes at once and is not made.
#[test]
fn a_timer_outlives_the_turn_behind_it() {
    let mut world = World::new(MockFile::default(), 7);
    let naps = "
FormatVersion: OOS-2019-06-01
Tasks:
- { Name: one, Action: 'ACS::Sleep', Properties: { Duration: 1S } }
- { Name: two, Action: 'ACS::Sleep', Properties: { Duration: 2S } }
";
    let start = world.start(naps, &Map::new(), Attach::nothing());
    let id = match world.answer(start) {
        Some(Ok(Outcome::Started(execution))) => execution.start.id,
        other => panic!("{other:?}"),
    };
    world.settle();
    let second_nap = world.store.commits();
    world.store.plan_commits(move |number| match number {
        _ if number == second_nap => Fate::Slow(50),
        _ => Fate::Refused,
    });
    world.clock.advance(Duration::from_secs(1));
    world.ask_a_little(Vec::<Command>::new(), 1);
    assert_eq!(world.store.commits(), second_nap + 1);
    let cancel = world.cancel(&id, Attach::nothing());
    let answer = world.answer(cancel);
    assert!(
        matches!(answer, Some(Err(Failure::Command(CommandError::Store(_))))),
        "{answer:?}"
    );
    world.store.heal();
    world.advance(Duration::from_secs(2));
    let dumps = Dump::all(&mut world);
    assert_eq!(dumps[0].execution.head.status, ExecutionStatus::Success);
}
