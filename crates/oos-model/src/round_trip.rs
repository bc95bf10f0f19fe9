//! A law for all operations: what is written reads back the same, and nothing gets lost.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::{Idempotency, Operation, Output, ParamError, ParameterInfo, ParameterKind, Params};

type Pairs = Vec<(String, String)>;

/// Values that the kind of parameter may have, mostly odd ones.
fn values(info: ParameterInfo) -> BoxedStrategy<Pairs> {
    let name = info.name;
    let text = "[^\\x00]{1,12}";
    let single = move |value: String| vec![(name.to_owned(), value)];
    let list = proptest::collection::vec(text, 0..3);
    let map = proptest::collection::btree_map(text, text, 0..3);
    match info.kind {
        ParameterKind::Boolean => any::<bool>()
            .prop_map(move |v| single(v.to_string()))
            .boxed(),
        ParameterKind::Integer => any::<i32>()
            .prop_map(move |v| single(v.to_string()))
            .boxed(),
        ParameterKind::Long => any::<i64>()
            .prop_map(move |v| single(v.to_string()))
            .boxed(),
        ParameterKind::Choice(known) => {
            let known = proptest::sample::select(known).prop_map(str::to_owned);
            prop_oneof![known, text].prop_map(single).boxed()
        }
        ParameterKind::JsonList => list.prop_map(move |v| single(json(&v))).boxed(),
        ParameterKind::JsonObject if name == "AlarmConfig" => {
            Just(single(r#"{"ContactGroups":["g"]}"#.to_owned())).boxed()
        }
        ParameterKind::JsonObject => map.prop_map(move |v| single(json(&v))).boxed(),
        ParameterKind::JsonObjects => (text, text)
            .prop_map(move |(k, v)| single(json(&[tag(&k, &v)])))
            .boxed(),
        ParameterKind::NumberedTexts => numbered(list.boxed(), name),
        ParameterKind::NumberedObjects(members) => objects(members, name),
        _ => text.prop_map(single).boxed(),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data")
}

fn tag(key: &str, value: &str) -> serde_json::Value {
    serde_json::json!({ "Key": key, "Value": value })
}

fn numbered(list: BoxedStrategy<Vec<String>>, name: &'static str) -> BoxedStrategy<Pairs> {
    let number = move |(at, value): (usize, String)| (format!("{name}.{}", at + 1), value);
    list.prop_map(move |list| list.into_iter().enumerate().map(number).collect())
        .boxed()
}

fn objects(members: &'static [ParameterInfo], name: &'static str) -> BoxedStrategy<Pairs> {
    let object = members
        .iter()
        .map(|member| values(*member))
        .collect::<Vec<_>>();
    let object = object.prop_map(|pairs| pairs.into_iter().flatten().collect::<Pairs>());
    // An object without any member cannot be told from no object.
    let full = object.prop_filter("empty object", |pairs| !pairs.is_empty());
    let place = move |(at, pairs): (usize, Pairs)| {
        let prefix = format!("{name}.{}", at + 1);
        pairs
            .into_iter()
            .map(move |(name, value)| (format!("{prefix}.{name}"), value))
    };
    let list = proptest::collection::vec(full, 0..3);
    list.prop_map(move |list| list.into_iter().enumerate().flat_map(place).collect())
        .boxed()
}

/// All mandatory parameters and any subset of the others.
fn calls<O: Operation>() -> BoxedStrategy<Pairs> {
    let parts = O::PARAMETERS.iter().map(|info| {
        let absent = u32::from(!info.required);
        prop_oneof![absent => Just(Pairs::new()), 3 => values(*info)].boxed()
    });
    let parts = parts.collect::<Vec<_>>();
    parts
        .prop_map(|pairs| pairs.into_iter().flatten().collect())
        .boxed()
}

fn check<O: Operation + Clone + PartialEq>() {
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let law = |pairs: Pairs| {
        let sent: Params<'_> = pairs.into_iter().collect();
        let call = O::from_params(&sent).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut written = Params::new();
        call.to_params(&mut written);
        let reread = O::from_params(&written).expect("what was written can be read");
        prop_assert_eq!(&reread, &call);
        let names = |params: &Params<'_>| {
            params
                .iter()
                .map(|(name, _)| name.to_owned())
                .collect::<BTreeSet<_>>()
        };
        let lost: Vec<_> = names(&sent).difference(&names(&written)).cloned().collect();
        prop_assert!(lost.is_empty(), "lost {lost:?}");
        Ok(())
    };
    if let Err(error) = runner.run(&calls::<O>(), law) {
        panic!("{}: {error}", O::NAME);
    }
    each_mandatory_parameter_is_asked_for::<O>();
    the_answer_takes_its_request_id::<O>();
    sensitive_parameters_are_not_shown::<O>();
}

fn sensitive_parameters_are_not_shown<O: Operation>() {
    let shown = |info: &ParameterInfo| {
        if info.sensitive {
            "hunter2"
        } else {
            sample(info.kind)
        }
    };
    let wanted = O::PARAMETERS
        .iter()
        .filter(|info| info.required || info.sensitive);
    let params: Params<'_> = wanted.map(|info| (info.name, shown(info))).collect();
    let call = O::from_params(&params).expect(O::NAME);
    assert!(
        !format!("{call:?}{params:?}").contains("hunter2"),
        "{}",
        O::NAME
    );
}

fn each_mandatory_parameter_is_asked_for<O: Operation>() {
    for missing in O::PARAMETERS.iter().filter(|info| info.required) {
        let others = O::PARAMETERS
            .iter()
            .filter(|info| info.required && info.name != missing.name);
        let params: Params<'_> = others.map(|info| (info.name, sample(info.kind))).collect();
        let error = O::from_params(&params).expect_err(missing.name);
        assert_eq!(error, ParamError::missing(missing.name), "{}", O::NAME);
    }
}

fn sample(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::JsonList => r#"["a"]"#,
        ParameterKind::JsonObject => r#"{"a":"b"}"#,
        ParameterKind::Integer | ParameterKind::Long => "1",
        _ => "true",
    }
}

fn the_answer_takes_its_request_id<O: Operation>() {
    let body = br#"{"RequestId":"R","NobodyKnowsThis":{"a":[1]}}"#;
    let mut output = O::Output::decode(body).expect("unknown fields are passed over");
    assert_eq!(output.request_id(), Some("R"), "{}", O::NAME);
    output.set_request_id("S".to_owned());
    assert_eq!(output.encode(), br#"{"RequestId":"S"}"#, "{}", O::NAME);
}

macro_rules! check_all {
    ($($operation:ident),+ $(,)?) => {
        $(check::<crate::operations::$operation>();)+
    };
}

#[test]
fn every_operation_reads_what_it_writes() {
    crate::for_each_operation!(check_all);
}

#[test]
fn sensitive_fields_of_answers_are_not_shown() {
    use crate::operations::{
        GetChatConfigurationOutput, GetSecretParameterOutput, StartExecutionOutput,
    };

    fn shown<O: Output>(json: &str) -> String {
        format!("{:?}", O::decode(json.as_bytes()).expect(json))
    }
    for text in [
        shown::<GetSecretParameterOutput>(r#"{"Parameter":{"Value":"hunter2","Name":"n"}}"#),
        shown::<GetChatConfigurationOutput>(r#"{"ChatConfiguration":{"Configuration":"hunter2"}}"#),
        shown::<StartExecutionOutput>(r#"{"Execution":{"Parameters":"{\"p\":\"hunter2\"}"}}"#),
    ] {
        assert!(
            !text.contains("hunter2") && text.contains("******"),
            "{text}"
        );
    }
}

macro_rules! facts {
    ($($operation:ident),+ $(,)?) => {
        [$(Fact::of::<crate::operations::$operation>()),+]
    };
}

struct Fact {
    name: &'static str,
    method: &'static str,
    idempotency: Idempotency,
    token: bool,
    region: bool,
    pinned: bool,
}

impl Fact {
    fn of<O: Operation>() -> Self {
        let has = |name: &str| O::PARAMETERS.iter().any(|info| info.name == name);
        Self {
            name: O::NAME,
            method: O::METHOD,
            idempotency: O::IDEMPOTENCY,
            token: has("ClientToken"),
            region: has("RegionId"),
            pinned: O::PINNED_REGION.is_some(),
        }
    }
}

#[test]
fn the_counts_are_those_of_the_facts() {
    let facts = crate::for_each_operation!(facts);
    let count = |which: fn(&Fact) -> bool| facts.iter().filter(|fact| which(fact)).count();
    assert_eq!(facts.len(), 104);
    assert_eq!(
        count(|fact| fact.method == "GET" && fact.name == "GetServiceSettings"),
        1
    );
    assert_eq!(count(|fact| fact.method == "POST"), 103);
    assert_eq!(count(|fact| fact.token), 25);
    assert_eq!(count(|fact| fact.region), 103);
    assert_eq!(count(|fact| fact.pinned), 12);
    assert_eq!(count(|fact| fact.idempotency == Idempotency::Read), 57);
    assert_eq!(count(|fact| fact.idempotency == Idempotency::ByToken), 17);
    assert!(
        facts
            .iter()
            .all(|fact| fact.idempotency != Idempotency::ByToken || fact.token)
    );
}
