//! The engine does what the cases under `golden/engine` say: a template, a script of commands and of
//! time, and the state at the end, written by hand. A new case needs no Rust. The files in a case's
//! folder `templates` are the templates that tasks can run, by their names.
//!
//! A script is a list of steps; each has one of these keys:
//! * `start: { parameter: value }` with `outcome: Started exec-1`, or `refused:` with a part of the reason;
//! * `trigger: exec-1` with `kind` (Event unless given), `content`, and `outcome: Triggered exec-1.0001`,
//!   `outcome: NotMatched` or `refused:`;
//! * `cancel: exec-1` with `outcome: Cancelled` or `refused:`;
//! * `together: [ commands ]`, which are under way at the same time;
//! * `advance: 10S`; `restart: true`, as after a crash;
//! * `expect: { exec-1: "Status: message" }`, what ListExecutions would show now;
//! * `snapshot: true`, and later `unchanged: true`: the store holds exactly what it held then.
//!
//! The random ids of executions that were started are written `exec-1`, `exec-2` in their order.

use oos_engine::{ApiCall, Attach, MockFile, Outcome, TriggerKind, TriggerMessage};
use oos_template::{Map, Value};
use oos_tests::engine_world::{Answer, Command, Dump, World, raw_dump};
use oos_tests::golden::{self, Case};

#[test]
fn cases() {
    let cases = golden::cases("engine");
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    assert!(cases.len() >= 50, "only {} cases", cases.len());
}

fn check(case: &Case) -> Result<(), String> {
    let mock = case.text_if_any("mock.yml").unwrap_or_default();
    let mock = MockFile::parse(&mock).map_err(|error| format!("{}: {error}", case.name))?;
    let mut player = Player {
        template: case.text("template.yml"),
        world: World::with_templates(mock, 1, case.folder("templates")),
        started: Vec::new(),
        snapshot: String::new(),
    };
    let script = case.value("script.yml");
    for (number, step) in script.as_list().unwrap_or_default().iter().enumerate() {
        player
            .play(step)
            .map_err(|problem| format!("{}, step {}: {problem}", case.name, number + 1))?;
    }
    let (expected, got) = (case.value("expected.yml"), player.state());
    if got == expected {
        return Ok(());
    }
    Err(format!(
        "{}:\n{}",
        case.name,
        difference(&lines(&expected), &lines(&got))
    ))
}

/// The lines that stand on one side only.
fn difference(expected: &str, got: &str) -> String {
    let only = |sign: &str, one: &str, other: &str| {
        let lines = one
            .lines()
            .filter(|line| !other.lines().any(|o| o == *line));
        let shown = lines.map(|line| [sign, " ", line, "\n"].concat());
        shown.collect::<Vec<_>>().concat()
    };
    let lines = [only("-", expected, got), only("+", got, expected)].concat();
    if lines.is_empty() {
        format!("another order\n{got}")
    } else {
        lines
    }
}

struct Player {
    template: String,
    world: World,
    /// The ids of the executions that were started.
    started: Vec<String>,
    snapshot: String,
}

impl Player {
    fn play(&mut self, step: &Value) -> Result<(), String> {
        let Some((verb, argument)) = step.as_map().and_then(|step| step.first()) else {
            return Err("a step is a map".to_owned());
        };
        match verb.as_str() {
            "start" | "trigger" | "cancel" => self.command(&[step]),
            "together" => self.command(
                &argument
                    .as_list()
                    .unwrap_or_default()
                    .iter()
                    .collect::<Vec<_>>(),
            ),
            "advance" => {
                let duration = oos_template::duration::parse(&argument.to_text());
                self.world
                    .advance(duration.map_err(|error| error.to_string())?);
                Ok(())
            }
            "restart" => {
                self.world.restart();
                self.world.settle();
                Ok(())
            }
            "expect" => self.expect(argument),
            "snapshot" => {
                self.snapshot = raw_dump(&mut self.world);
                Ok(())
            }
            "unchanged" => {
                let now = raw_dump(&mut self.world);
                if now == self.snapshot {
                    Ok(())
                } else {
                    Err(format!("the store holds\n{now}"))
                }
            }
            other => Err(format!("no step is called {other}")),
        }
    }

    fn command(&mut self, steps: &[&Value]) -> Result<(), String> {
        let commands = steps
            .iter()
            .map(|step| self.begin(step))
            .collect::<Result<_, _>>()?;
        let answers = self.world.ask(commands);
        for (step, answer) in steps.iter().zip(answers) {
            self.judge(step, &answer.ok_or("the command was not answered")?)?;
        }
        self.world.settle();
        Ok(())
    }

    fn begin(&self, step: &Value) -> Result<Command, String> {
        if let Some(parameters) = step.get("start") {
            let parameters = parameters.as_map().cloned().unwrap_or_default();
            return Ok(self
                .world
                .start(&self.template, &parameters, Attach::nothing()));
        }
        if let Some(id) = step.get("cancel") {
            let id = self.real(&id.to_text());
            return Ok(self.world.cancel(&id, Attach::nothing()));
        }
        let Some(id) = step.get("trigger") else {
            return Err("a command is a start, a trigger or a cancel".to_owned());
        };
        let kind = match step.get("kind").map(Value::to_text).as_deref() {
            None | Some("Event") => TriggerKind::Event,
            Some("Alarm") => TriggerKind::Alarm,
            Some("Timer") => TriggerKind::Timer,
            Some(other) => return Err(format!("no trigger is of the kind {other}")),
        };
        let content = step
            .get("content")
            .cloned()
            .unwrap_or(Value::Map(Map::new()));
        let message = TriggerMessage::new(kind, content);
        Ok(self
            .world
            .trigger(&self.real(&id.to_text()), message, Attach::nothing()))
    }

    fn judge(&mut self, step: &Value, answer: &Answer) -> Result<(), String> {
        let got = match answer {
            Ok(Outcome::Started(execution)) => {
                self.started.push(execution.start.id.clone());
                format!("Started {}", execution.start.id)
            }
            Ok(Outcome::Triggered { child }) => format!("Triggered {child}"),
            Ok(Outcome::NotMatched { .. }) => "NotMatched".to_owned(),
            Ok(Outcome::Cancelled) => "Cancelled".to_owned(),
            Ok(other) => format!("{other:?}"),
            Err(failure) => {
                let (got, wanted) = (self.readable(&failure.to_string()), step.get("refused"));
                return match wanted.and_then(Value::as_str) {
                    Some(wanted) if got.contains(wanted) => Ok(()),
                    _ => Err(format!("refused: {got}")),
                };
            }
        };
        let got = self.readable(&got);
        match step.get("outcome").and_then(Value::as_str) {
            Some(wanted) if got == wanted => Ok(()),
            _ => Err(format!("outcome: {got}")),
        }
    }

    fn expect(&mut self, wanted: &Value) -> Result<(), String> {
        let mut got = Map::new();
        for dump in Dump::all(&mut self.world) {
            let (id, head) = (&dump.execution.start.id, &dump.execution.head);
            let separator = if head.status_message.is_empty() {
                ""
            } else {
                ": "
            };
            let shown = format!("{}{separator}{}", head.status, head.status_message);
            got.insert(self.readable(id), Value::String(self.readable(&shown)));
        }
        let wanted = wanted.as_map().cloned().unwrap_or_default();
        let got: Map = got
            .into_iter()
            .filter(|(id, _)| wanted.contains_key(id))
            .collect();
        if got == wanted {
            Ok(())
        } else {
            Err(format!("got {}", Value::Map(got).to_json_string()))
        }
    }

    /// The state at the end, in the form of `expected.yml`.
    fn state(&mut self) -> Value {
        let dumps = Dump::all(&mut self.world);
        let executions = dumps.iter().map(Dump::to_value).collect();
        let calls = self.world.calls().iter().map(call).collect();
        let mut state = Map::new();
        state.insert("executions".to_owned(), Value::List(executions));
        state.insert("calls".to_owned(), Value::List(calls));
        let state = Value::Map(state).to_json_string();
        Value::from_json(&self.readable(&state)).expect("ids hold nothing that JSON escapes")
    }

    fn readable(&self, text: &str) -> String {
        let ids = self.started.iter().enumerate();
        ids.fold(text.to_owned(), |text, (number, id)| {
            text.replace(id, &format!("exec-{}", number + 1))
        })
    }

    fn real(&self, text: &str) -> String {
        let (root, rest) = text
            .split_once('.')
            .map_or((text, ""), |(root, rest)| (root, rest));
        let number = root
            .strip_prefix("exec-")
            .and_then(|number| number.parse::<usize>().ok());
        match number.and_then(|number| self.started.get(number.wrapping_sub(1))) {
            Some(id) if rest.is_empty() => id.clone(),
            Some(id) => format!("{id}.{rest}"),
            None => text.to_owned(),
        }
    }
}

fn call(call: &ApiCall) -> Value {
    let ApiCall {
        service,
        api,
        parameters,
        ..
    } = call;
    Value::String(format!("{service} {api} {}", parameters.to_json_string()))
}

/// A line for everything that differs easily.
fn lines(state: &Value) -> String {
    let json = serde_json::from_str::<serde_json::Value>(&state.to_json_string());
    let json = json.and_then(|json| serde_json::to_string_pretty(&json));
    json.expect("a value is JSON")
}
