//! A JSON Schema of templates, made from the tables of the checker.
//!
//! Draft 7, which editors understand best. What the checker takes, the schema takes; it can not follow
//! references, so it finds less. Where JSON Schema has no words for a rule (letter case of keys), it is
//! the more lenient or says so.

mod actions;
mod shape;

use crate::functions::{self, Shape};
use crate::value::{Map, Value};
use shape::{any, caseless, map, object, text, texts};

/// The schema: a JSON document for `yaml.schemas` and the like.
///
/// ```
/// let schema = oos_template::schema();
/// assert!(schema.get("$schema").unwrap().as_str().unwrap().contains("draft-07"));
/// ```
#[must_use]
pub fn schema() -> Value {
    let state = map([("const", text("OOS-2019-06-01-State"))]);
    map([
        ("$schema", text("http://json-schema.org/draft-07/schema#")),
        ("title", text("Alibaba Cloud OOS template")),
        ("type", text("object")),
        ("required", texts(["FormatVersion"])),
        ("properties", map(TOP.map(|(key, make)| (key, make())))),
        ("if", property("FormatVersion", state)),
        ("then", map([("required", texts(["States"]))])),
        ("else", map([("required", texts(["Tasks"]))])),
        ("definitions", definitions()),
    ])
}

type Make = fn() -> Value;

const TOP: [(&str, Make); 9] = [
    ("FormatVersion", || {
        described(
            map([("enum", texts(["OOS-2019-06-01", "OOS-2019-06-01-State"]))]),
            "The version of the template language.",
        )
    }),
    ("Description", || {
        described(any(), "A text, or a map of texts by language.")
    }),
    ("Parameters", || {
        by_name(reference("parameter"), "What an execution is started with.")
    }),
    ("RamRole", || {
        described(
            reference("scalar"),
            "The role whose permissions the tasks have.",
        )
    }),
    ("Tasks", tasks),
    ("States", || {
        described(any(), "The desired state, in a state template.")
    }),
    ("Outputs", || {
        by_name(reference("output"), "What an execution gives back.")
    }),
    ("Conditions", || {
        by_name(reference("condition"), "Conditions that a When may name.")
    }),
    ("Metadata", || described(any(), "What consoles need.")),
];

fn tasks() -> Value {
    let list = object([
        ("type", text("array")),
        ("minItems", Value::from(1_i64)),
        ("items", reference("task")),
    ]);
    described(list, "What is done, from the first task to the last.")
}

fn definitions() -> Value {
    map([
        ("scalar", shape::scalar()),
        ("condition", shape::condition()),
        ("parameter", parameter()),
        ("output", output()),
        ("taskOutput", task_output()),
        ("loop", repeated()),
        ("function", function()),
        ("task", actions::task()),
    ])
}

fn parameter() -> Value {
    let localized = || described(any(), "A text, or a map of texts by language.");
    let number = || map([("type", texts(["number", "string", "null"]))]);
    map([
        ("type", texts(["object", "null"])),
        (
            "properties",
            map([
                ("Type", data_type()),
                ("Description", localized()),
                ("Label", localized()),
                (
                    "Default",
                    described(
                        any(),
                        "The value when none is given; without it the parameter is required.",
                    ),
                ),
                (
                    "AllowedValues",
                    described(map([("type", text("array"))]), "The values it may have."),
                ),
                (
                    "AllowedPattern",
                    described(
                        map([("type", texts(["string", "null"]))]),
                        "A regular expression for the whole text.",
                    ),
                ),
                ("MinLength", number()),
                ("MaxLength", number()),
                ("MinValue", number()),
                ("MaxValue", number()),
                ("ConstraintDescription", localized()),
                ("NoEcho", described(any(), "Whether the value is hidden.")),
                ("AssociationProperty", any()),
                ("AssociationPropertyMetadata", any()),
            ]),
        ),
    ])
}

/// The type of a parameter or an output; the checker knows more spellings than it asks for.
fn data_type() -> Value {
    let names = [
        "string", "number", "boolean", "list", "array", "json", "object",
    ];
    let pattern: Vec<String> = names.iter().map(|name| caseless(name)).collect();
    let pattern = format!("^\\s*({})(<.*)?\\s*$", pattern.join("|"));
    let known = map([(
        "enum",
        texts(["String", "Number", "Boolean", "List", "Json"]),
    )]);
    let other = map([
        ("type", texts(["string", "null"])),
        ("pattern", text(&pattern)),
    ]);
    described(
        map([("anyOf", Value::List(vec![known, other]))]),
        "The type; String when absent.",
    )
}

fn output() -> Value {
    map([
        ("type", texts(["object", "null"])),
        ("required", texts(["Value"])),
        (
            "properties",
            map([
                ("Type", data_type()),
                (
                    "Value",
                    described(any(), "The value, most often a reference."),
                ),
                ("Description", any()),
                ("Label", any()),
            ]),
        ),
    ])
}

fn task_output() -> Value {
    map([
        ("type", texts(["object", "null"])),
        ("required", texts(["ValueSelector"])),
        (
            "properties",
            map([
                ("Type", data_type()),
                (
                    "ValueSelector",
                    described(
                        any(),
                        "The jq program that takes the value out of the answer.",
                    ),
                ),
                ("Description", any()),
            ]),
        ),
    ])
}

fn repeated() -> Value {
    let control = [
        "Mode",
        "MaxErrors",
        "Concurrency",
        "Batch",
        "ConcurrencyInBatches",
        "BatchPauseOption",
    ];
    let mut properties: Vec<(&str, Value)> = control.map(|key| (key, any())).to_vec();
    let items = shape::list(map([("maxItems", Value::from(1000_i64))]));
    properties.push(("Items", described(items, "What the task is repeated over.")));
    properties.push((
        "RateControl",
        described(
            shape::mapping(),
            "How many at a time, and how many may fail.",
        ),
    ));
    properties.push((
        "Outputs",
        by_name(aggregate(), "What becomes of the outputs of the items."),
    ));
    map([
        ("type", texts(["object", "null"])),
        ("required", texts(["Items"])),
        ("properties", object(properties)),
    ])
}

fn aggregate() -> Value {
    map([
        ("type", texts(["object", "null"])),
        ("required", texts(["AggregateField"])),
        (
            "properties",
            map([("AggregateType", any()), ("AggregateField", any())]),
        ),
    ])
}

/// A function: a map with one key.
fn function() -> Value {
    let known = functions::all().iter().map(|function| {
        let argument = match function.shape {
            Shape::One(_) => any(),
            _ => arguments(function.arity()),
        };
        (function.name, described(argument, function.doc))
    });
    map([
        ("type", text("object")),
        ("minProperties", Value::from(1_i64)),
        ("maxProperties", Value::from(1_i64)),
        ("properties", object(known)),
        ("propertyNames", map([("pattern", text("^Fn::"))])),
    ])
}

/// A list of so many arguments, or an expression that gives one.
fn arguments((least, most): (usize, usize)) -> Value {
    let bound = |count: usize| i64::try_from(count).ok().map(Value::from);
    let mut bounds = Map::new();
    bounds.extend(bound(least).map(|least| ("minItems".to_owned(), least)));
    bounds.extend(bound(most).map(|most| ("maxItems".to_owned(), most)));
    Value::Map(bounds)
}

pub(super) fn described(schema: Value, doc: &str) -> Value {
    match schema {
        Value::Map(mut entries) => {
            entries.insert("description".to_owned(), text(doc));
            Value::Map(entries)
        }
        other => other,
    }
}

pub(super) fn by_name(each: Value, doc: &str) -> Value {
    let named = map([
        ("type", texts(["object", "null"])),
        ("additionalProperties", each),
    ]);
    described(named, doc)
}

pub(super) fn reference(definition: &str) -> Value {
    let target = text(&format!("#/definitions/{definition}"));
    // Beside a $ref nothing counts in draft 7.
    map([("allOf", Value::List(vec![map([("$ref", target)])]))])
}

pub(super) fn property(name: &str, schema: Value) -> Value {
    map([
        ("required", texts([name])),
        ("properties", object([(name, schema)])),
    ])
}
