//! Tasks: what all have, and for each atom action its properties.

use super::shape::{any, caseless, condition, list, map, object, of, text, texts};
use super::{by_name, described, property, reference};
use crate::actions::{ActionKind, ActionSpec, Need, PropertySpec, Words, specs};
use crate::value::Value;

pub(super) fn task() -> Value {
    let rules: Vec<Value> = specs().iter().filter_map(rule).collect();
    map([
        ("type", text("object")),
        ("required", texts(["Name", "Action"])),
        ("properties", properties()),
        ("allOf", Value::List(rules)),
    ])
}

fn properties() -> Value {
    let name = map([
        ("type", texts(["string", "number"])),
        ("pattern", text("^[A-Za-z0-9_-]{1,200}$")),
    ]);
    let jump = || map([("type", texts(["string", "null"]))]);
    let number = || of(&[crate::actions::Shape::Number]);
    map([
        ("Name", described(name, "The name, unique in the template.")),
        ("Action", action()),
        ("Properties", described(any(), "What the action gets.")),
        ("Description", any()),
        ("When", described(condition(), "Whether the task runs.")),
        (
            "Outputs",
            by_name(reference("taskOutput"), "What later tasks may use."),
        ),
        ("Loop", reference("loop")),
        (
            "OnError",
            described(
                jump(),
                "Where to go when it failed: a task, ACS::END or ACS::NEXT.",
            ),
        ),
        (
            "OnSuccess",
            described(
                jump(),
                "Where to go when it succeeded: a task, ACS::END or ACS::NEXT.",
            ),
        ),
        (
            "Retries",
            described(number(), "How often it is tried again, 0 to 300."),
        ),
        (
            "Delay",
            described(number(), "Seconds between tries, 1 to 3600."),
        ),
        (
            "DelayType",
            described(
                words(Words::Only(&["Exponential", "Constant", "Linear"])),
                "How the time between tries grows.",
            ),
        ),
        (
            "BackOff",
            described(number(), "Seconds added for each try of a linear delay."),
        ),
        (
            "MaxRetryInterval",
            described(number(), "Most seconds between tries, 1 to 1800."),
        ),
    ])
}

fn action() -> Value {
    let names = specs().iter().filter_map(|spec| spec.kind.name());
    let atoms: Vec<String> = specs()
        .iter()
        .filter_map(|spec| spec.kind.name())
        .map(caseless)
        .collect();
    let product = format!("{}[A-Za-z0-9_-]+::[A-Za-z0-9_-]+", caseless("ACS::"));
    let pattern = format!("^({}|{product})$", atoms.join("|"));
    let known = map([("enum", texts(names))]);
    let other = map([("type", text("string")), ("pattern", text(&pattern))]);
    described(
        map([("anyOf", Value::List(vec![known, other]))]),
        "What the task does: an atom action, or ACS::<Product>::<Name>.",
    )
}

/// If the action is this one, its properties are these. None if the action takes anything.
fn rule(spec: &ActionSpec) -> Option<Value> {
    let name = spec.kind.name()?;
    let is_this = map([
        ("type", text("string")),
        ("pattern", text(&format!("^{}$", caseless(name)))),
    ]);
    let required = || {
        spec.properties
            .iter()
            .filter(|known| known.need == Need::Required)
    };
    let known = spec
        .properties
        .iter()
        .map(|known| (known.name, property_of(spec.kind, known)));
    let groups = spec.any_of.iter().map(|group| {
        let one = |name: &&str| map([("required", texts([*name]))]);
        map([("anyOf", Value::List(group.iter().map(one).collect()))])
    });
    let mut properties = vec![
        ("type", texts(["object", "string", "null"])),
        ("description", text(spec.doc)),
        ("required", texts(required().map(|known| known.name))),
        ("properties", object(known)),
    ];
    if !spec.any_of.is_empty() {
        properties.push(("allOf", Value::List(groups.collect())));
    }
    let mut then = vec![("properties", map([("Properties", object(properties))]))];
    if required().next().is_some() || !spec.any_of.is_empty() {
        then.push(("required", texts(["Properties"])));
    }
    Some(map([
        ("if", property("Action", is_this)),
        ("then", object(then)),
    ]))
}

fn property_of(kind: ActionKind, known: &PropertySpec) -> Value {
    let schema = match (kind, known.name) {
        (ActionKind::Loop, "LoopTasks") => list(map([("items", reference("task"))])),
        (ActionKind::Choice, "Choices") => list(map([("items", choice())])),
        _ if known.words != Words::Any => words(known.words),
        _ => of(known.accepts),
    };
    described(schema, known.doc)
}

fn choice() -> Value {
    map([
        ("required", texts(["When", "NextTask"])),
        (
            "properties",
            map([("When", condition()), ("NextTask", any())]),
        ),
    ])
}

/// The words, for editors to offer; others only where the checker lets them through.
fn words(words: Words) -> Value {
    let (words, only) = match words {
        Words::Any => return any(),
        Words::Only(words) => (words, true),
        Words::Known(words) => (words, false),
    };
    let offered = map([("enum", texts(words.iter().copied()))]);
    let other = if only {
        let caseless: Vec<String> = words.iter().map(|word| caseless(word)).collect();
        let pattern = format!("\\{{\\{{|^({})?$", caseless.join("|"));
        map([
            ("type", texts(["string", "object", "null"])),
            ("pattern", text(&pattern)),
        ])
    } else {
        any()
    };
    map([("anyOf", Value::List(vec![offered, other]))])
}
