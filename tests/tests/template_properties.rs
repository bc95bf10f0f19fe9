//! Laws over templates that a grammar makes up: each is accepted, in YAML and in JSON alike, and whatever
//! the parameters and outputs are, evaluating gives a value or an error.
//!
//! The seeds of failures that were found are kept in `template_properties.regressions`.

use oos_template::document::{self, Node};
use oos_template::{
    Diagnostic, Map, Severity, Template, Value, Values, evaluate, evaluate_condition, inspect,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;

const PARAMETERS: [(&str, &str); 5] = [
    ("name", "String"),
    ("size", "Number"),
    ("flag", "Boolean"),
    ("ids", "List"),
    ("tags", "Json"),
];
const PSEUDO: [&str; 4] = [
    "ACS::RegionId",
    "ACS::ExecutionId",
    "ACS::CurrentUTCTime",
    "ACS::AccountId",
];
const PROGRAMS: [&str; 9] = [
    ".",
    ".a",
    "a[0].b",
    "Instances.Instance[].InstanceId",
    "map(select(.a == \"x\")) | length",
    "if . == null then \"none\" else tostring end",
    "[.. | numbers] | add",
    "keys[]",
    "{a: .a, \"b\": [.b]}",
];

fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Map(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

fn function(name: &str, argument: Value) -> Value {
    map(vec![(name, argument)])
}

/// Texts that are no reference.
fn text() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        3 => "[a-zA-Z0-9_./-]{0,10}",
        2 => "[ a-z:#'\"\\\\,\\[\\]&*!|>%@`$\n\t-]{0,12}",
        1 => "[^\\x00{}]{0,8}",
        1 => "(set -e\n)?(echo [a-z]{1,5} \\$\\(date\\)\n){1,3}",
        1 => select(vec!["yes", "null", "0123", "1e3", "2026-01-31", "~", "", "{}", "true"]).prop_map(str::to_owned),
    ];
    texts.prop_map(Value::from)
}

/// A reference to a parameter, a pseudo parameter, or an output of one of the first tasks.
fn reference(tasks: usize) -> BoxedStrategy<Value> {
    let parameter = select(PARAMETERS.map(|(name, _)| name.to_owned()).to_vec());
    let pseudo = select(PSEUDO.map(str::to_owned).to_vec());
    let name = if tasks == 0 {
        prop_oneof![3 => parameter, 1 => pseudo].boxed()
    } else {
        let output = (0..tasks).prop_map(|task| format!("task{task}.out"));
        prop_oneof![3 => parameter, 1 => pseudo, 3 => output].boxed()
    };
    (name, any::<bool>())
        .prop_map(|(name, blanks)| {
            let braced = if blanks {
                format!("{{{{ {name} }}}}")
            } else {
                format!("{{{{{name}}}}}")
            };
            Value::from(braced)
        })
        .boxed()
}

fn expression(tasks: usize) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        2 => text(),
        3 => reference(tasks),
        1 => (text(), reference(tasks)).prop_map(|(a, b)| Value::from(format!("{}{}", a.to_text(), b.to_text()))),
        1 => any::<i32>().prop_map(|number| Value::from(i64::from(number))),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 0..4).prop_map(Value::List),
            2 => vec(("[a-zA-Z][a-zA-Z.-]{0,8}", inner.clone()), 0..4)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            5 => call(tasks, inner),
        ]
    })
    .boxed()
}

/// Calls whose arguments can fit: what only shows with values is left to references.
fn call(
    tasks: usize,
    inner: impl Strategy<Value = Value> + Clone + 'static,
) -> BoxedStrategy<Value> {
    let list = |items: Vec<Value>| Value::List(items);
    let some = || reference(tasks);
    prop_oneof![
        (inner.clone(), some()).prop_map(move |(a, b)| function("Fn::Equals", list(vec![a, b]))),
        (some(), inner.clone(), inner.clone()).prop_map(move |(c, a, b)| function(
            "Fn::If",
            list(vec![
                function("Fn::Equals", list(vec![c, true.into()])),
                a,
                b
            ])
        )),
        vec(inner.clone(), 1..4).prop_map(move |items| function("Fn::ListJoin", list(items))),
        ("[-, /]", some()).prop_map(move |(by, l)| function("Fn::Join", list(vec![by.into(), l]))),
        ("[-, /]", some()).prop_map(move |(by, t)| function("Fn::Split", list(vec![by.into(), t]))),
        (0_i64..3, some())
            .prop_map(move |(at, l)| function("Fn::Select", list(vec![at.into(), l]))),
        some().prop_map(|t| function("Fn::Base64Encode", t)),
        (some(), some()).prop_map(move |(a, b)| function("Fn::Union", list(vec![a, b]))),
        (some(), some()).prop_map(move |(a, b)| function("Fn::MergeMap", list(vec![a, b]))),
        some().prop_map(|l| function("Fn::MergeList", l)),
        (
            select(vec!["First", "All"]),
            select(PROGRAMS.to_vec()),
            some()
        )
            .prop_map(move |(mode, program, on)| function(
                "Fn::Jq",
                list(vec![mode.into(), program.into(), on])
            )),
        (some(), "[._]").prop_map(move |(t, new)| function(
            "Fn::Replace",
            list(vec![map(vec![("-", new.into())]), t])
        )),
        (some(), inner).prop_map(move |(n, _)| function(
            "Fn::Sub",
            list(vec!["${x}!".into(), map(vec![("x", n)])])
        )),
        some().prop_map(move |n| function(
            "Fn::AddHour",
            list(vec!["{{ ACS::CurrentUTCTime }}".into(), n])
        )),
        some().prop_map(move |n| function(
            "Fn::Eval",
            list(vec![format!("-{} * 24 + (1)", n.to_text()).into()])
        )),
    ]
    .boxed()
}

fn condition(tasks: usize) -> BoxedStrategy<Value> {
    let equals = (expression(tasks), reference(tasks))
        .prop_map(|(a, b)| function("Fn::Equals", Value::List(vec![a, b])));
    let leaf = prop_oneof![
        equals,
        reference(tasks),
        Just(Value::from("isBig")),
        any::<bool>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|c| function("Fn::Not", c)),
            vec(inner.clone(), 2..4).prop_map(|all| function("Fn::And", Value::List(all))),
            vec(inner, 2..4).prop_map(|any| function("Fn::Or", Value::List(any))),
        ]
    })
    .boxed()
}

/// The task of a number, which may use what the tasks before it have.
fn task(nth: usize, count: usize) -> BoxedStrategy<Value> {
    let outputs = |selector: &str| {
        map(vec![(
            "out",
            map(vec![
                ("Type", "Json".into()),
                ("ValueSelector", selector.into()),
            ]),
        )])
    };
    let action = prop_oneof![
        expression(nth).prop_map(|p| (
            "ACS::ExecuteAPI",
            vec![
                ("Service", "ECS".into()),
                ("API", "DescribeInstances".into()),
                ("Parameters", map(vec![("x", p)]))
            ]
        )),
        (expression(nth), select(PROGRAMS.to_vec())).prop_map(|(p, program)| (
            "ACS::WaitFor",
            vec![
                ("Service", "ECS".into()),
                ("API", "DescribeInstances".into()),
                ("Parameters", map(vec![("x", p)])),
                ("PropertySelector", program.into()),
                ("DesiredValues", Value::List(vec!["Running".into()])),
            ]
        )),
        expression(nth).prop_map(|p| (
            "ACS::ECS::RunCommand",
            vec![
                ("instanceId", "i-1".into()),
                ("commandType", "RunShellScript".into()),
                ("commandContent", "x".into()),
                ("parameters", map(vec![("x", p)])),
            ]
        )),
        expression(nth).prop_map(|p| (
            "ACS::Template",
            vec![
                ("TemplateName", "child".into()),
                ("Parameters", map(vec![("x", p)]))
            ]
        )),
    ];
    let jump = move || {
        prop_oneof![
            3 => Just(None),
            1 => select(vec!["ACS::END", "ACS::NEXT"]).prop_map(|to| Some(to.to_owned())),
            1 => (0..count).prop_map(|to| Some(format!("task{to}"))),
        ]
    };
    let looped = prop_oneof![3 => Just(false), 1 => Just(true)];
    let when = proptest::option::weighted(0.3, condition(nth));
    (
        action,
        when,
        jump(),
        jump(),
        looped,
        select(PROGRAMS.to_vec()),
    )
        .prop_map(
            move |((action, properties), when, error, success, looped, program)| {
                let mut entries = vec![
                    ("Name", Value::from(format!("task{nth}"))),
                    ("Action", action.into()),
                ];
                entries.extend(when.map(|when| ("When", when)));
                entries.extend(error.map(|to| ("OnError", to.into())));
                entries.extend(success.map(|to| ("OnSuccess", to.into())));
                if looped {
                    entries.push(("Loop", map(vec![("Items", "{{ ids }}".into())])));
                }
                entries.push(("Properties", map(properties)));
                entries.push(("Outputs", outputs(program)));
                map(entries)
            },
        )
        .boxed()
}

fn template() -> impl Strategy<Value = Value> {
    (1_usize..6).prop_flat_map(|count| {
        let tasks: Vec<_> = (0..count).map(|nth| task(nth, count)).collect();
        let outputs = vec(expression(count), 0..3);
        (tasks, outputs, any::<bool>()).prop_map(|(tasks, outputs, described)| {
            let parameters =
                PARAMETERS.map(|(name, type_)| (name, map(vec![("Type", type_.into())])));
            let outputs = outputs.into_iter().enumerate().map(|(nth, value)| {
                (
                    format!("out{nth}"),
                    map(vec![("Type", "Json".into()), ("Value", value)]),
                )
            });
            let mut entries = vec![
                ("FormatVersion", Value::from("OOS-2019-06-01")),
                ("Parameters", map(parameters.to_vec())),
                (
                    "Conditions",
                    map(vec![(
                        "isBig",
                        function(
                            "Fn::Equals",
                            Value::List(vec!["{{ size }}".into(), 100.into()]),
                        ),
                    )]),
                ),
                ("Tasks", Value::List(tasks)),
                ("Outputs", Value::Map(outputs.collect())),
            ];
            if described {
                entries.push(("Description", "made up".into()));
            }
            map(entries)
        })
    })
}

/// Jumps that are made up may lead past a task whose output is used; that is the one mistake they can make.
fn errors(found: &[Diagnostic]) -> Vec<String> {
    let errors = found
        .iter()
        .filter(|found| found.severity == Severity::Error);
    errors.map(ToString::to_string).collect()
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9:TZ.-]{0,8}".prop_map(Value::from),
        Just(Value::from("2026-01-31T08:00:00Z")),
        Just(Value::from("[1,{\"a\":2}]")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            vec(("[ab]|InstanceId", inner), 0..4)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}

fn run(template: &Template, values: &[Value]) {
    let nth = |at: usize| values[at % values.len()].clone();
    let parameters = PARAMETERS.iter().enumerate();
    let parameters: Map = parameters
        .map(|(at, (name, _))| ((*name).to_owned(), nth(at)))
        .collect();
    let mut scope = Values::new();
    for pseudo in PSEUDO {
        scope = scope.with_pseudo(pseudo, "2026-01-31T08:00:00Z");
    }
    let bound = template.bind_parameters(&parameters, &scope);
    let mut scope = scope.with_parameters(bound.unwrap_or(parameters));
    for (at, task) in template.tasks.iter().enumerate() {
        if let Some(when) = &task.when {
            drop(evaluate_condition(when, &scope));
        }
        drop(evaluate(&task.properties, &scope));
        for output in task.outputs.values() {
            let selected = output.select(&nth(at + 5), &scope);
            scope = scope.with_output(task.name.as_str(), "out", selected.unwrap_or(Value::Null));
        }
    }
    drop(template.evaluate_outputs(&scope));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn valid_templates_are_accepted(made in template()) {
        let node = Node::from(made);
        let (yaml, json) = (document::to_yaml(&node), document::to_json(&node));
        let mut told = Vec::new();
        for text in [&yaml, &json] {
            let inspection = inspect(text);
            prop_assert_eq!(errors(&inspection.diagnostics), Vec::<String>::new(), "{}", text);
            let mut codes: Vec<_> = inspection.diagnostics.iter().map(|found| found.code).collect();
            codes.sort_unstable();
            told.push(codes);
        }
        prop_assert_eq!(&told[0], &told[1], "{}", yaml);
    }

    #[test]
    fn evaluating_never_panics(made in template(), values in vec(any_value(), 1..8)) {
        let template = inspect(&document::to_json(&Node::from(made))).into_result();
        if let Ok(template) = template {
            run(&template, &values);
        }
    }
}
