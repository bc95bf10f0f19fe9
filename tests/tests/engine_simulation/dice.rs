//! What a seed decides: numbers, templates, and the moods of a store.

use oos_tests::engine_world::Fate;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Numbers that a seed decides (`SplitMix64`).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound
    }

    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).expect("an index")]
    }
}

/// A template of up to six tasks, mostly behind a trigger; jumps go forward.
pub(crate) fn template(dice: &mut Dice) -> String {
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
            3 => format!(
                "Action: ACS::Template\n  OnError: {}\n  Properties: {{ TemplateName: {} }}",
                to(dice),
                dice.one(&["quick", "slow", "outer", "missing"])
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

/// The templates that tasks run.
pub(crate) fn templates() -> BTreeMap<String, String> {
    let quick = "{ Name: nothing, Action: 'ACS::Choice', Properties: { DefaultTask: 'ACS::END', Choices: [] } }";
    let moody =
        "{ Name: call, Action: 'ACS::ExecuteAPI', Properties: { Service: ECS, API: Moody } }";
    let sleep = "{ Name: sleep, Action: 'ACS::Sleep', Properties: { Duration: 4S } }";
    let inner = "{ Name: inner, Action: 'ACS::Template', OnError: 'ACS::NEXT', Properties: { TemplateName: slow } }";
    let template = |tasks: &[&str]| {
        let lines = tasks.iter().map(|task| format!("- {task}\n"));
        let tasks: String = lines.collect();
        format!("FormatVersion: OOS-2019-06-01\nTasks:\n{tasks}")
    };
    BTreeMap::from([
        ("quick".to_owned(), template(&[quick])),
        ("slow".to_owned(), template(&[sleep, moody, sleep])),
        ("outer".to_owned(), template(&[inner, inner])),
    ])
}

/// What a store does with its commits.
pub(crate) fn commits(mut dice: Dice) -> impl FnMut(u64) -> Fate + Send {
    move |_| match dice.below(20) {
        0 => Fate::Refused,
        1 => Fate::UnknownDone,
        2 => Fate::UnknownLost,
        3..8 => Fate::Slow(u32::try_from(1 + dice.below(3)).expect("a small number")),
        _ => Fate::Done,
    }
}

/// What it does with reads.
pub(crate) fn reads(mut dice: Dice) -> impl FnMut(&'static str) -> Fate + Send {
    move |_| match dice.below(30) {
        0 => Fate::Refused,
        1..8 => Fate::Slow(u32::try_from(1 + dice.below(3)).expect("a small number")),
        _ => Fate::Done,
    }
}
