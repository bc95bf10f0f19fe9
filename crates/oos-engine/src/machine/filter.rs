//! Whether a message is one that a trigger waits for, and what it hands on of it.

use crate::Verdict;
use crate::turn::chain;
use oos_template::{Selector, Value};
use std::borrow::Cow;

/// Whether the filter of an `ACS::EventTrigger` lets a message through (help page
/// "acs-eventtrigger"; docs/semantics.md, "Matching of events"). `Tags` and `ResourceGroup` are not
/// judged: only the cloud knows them of a resource.
pub(super) fn lets_through(filter: &Value, message: &Value) -> bool {
    rules(filter, message).all(|rule| rule.matches())
}

/// What the filter says of a message, field by field in the filter's order.
pub(super) fn judge(filter: &Value, message: &Value) -> Vec<Verdict> {
    rules(filter, message).map(|rule| rule.verdict()).collect()
}

/// What a filter wants of one field of a message, and what the message holds.
struct Rule<'a> {
    place: &'static str,
    field: &'a str,
    wanted: &'a Value,
    got: Option<&'a Value>,
    letter_case: LetterCase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LetterCase {
    Kept,
    Ignored,
}

fn rules<'a>(filter: &'a Value, message: &'a Value) -> impl Iterator<Item = Rule<'a>> {
    let top = [
        ("Product", "product", LetterCase::Ignored),
        ("Name", "name", LetterCase::Kept),
        ("Level", "level", LetterCase::Ignored),
        ("RegionId", "regionId", LetterCase::Kept),
    ];
    let top = top
        .into_iter()
        .filter_map(|(property, field, letter_case)| {
            Some(Rule {
                place: "",
                field,
                wanted: filter.get(property)?,
                got: message.get(field),
                letter_case,
            })
        });
    let content = match filter.get("Content") {
        Some(Value::Map(content)) => Some(content),
        _ => None,
    };
    let content = content.into_iter().flatten().map(|(field, wanted)| Rule {
        place: "content.",
        field,
        wanted,
        got: message
            .get("content")
            .and_then(|content| content.get(field)),
        letter_case: LetterCase::Kept,
    });
    top.chain(content).filter(Rule::restricts)
}

impl Rule<'_> {
    /// A filter that is null or an empty list lets everything through.
    fn restricts(&self) -> bool {
        match self.wanted {
            Value::Null => false,
            Value::List(list) => !list.is_empty(),
            _ => true,
        }
    }

    fn matches(&self) -> bool {
        let got = self.got.filter(|got| !matches!(got, Value::Null));
        got.is_some_and(|got| {
            one_or_many(got).any(|got| {
                one_or_many(self.wanted).any(|wanted| same(wanted, got, self.letter_case))
            })
        })
    }

    fn verdict(&self) -> Verdict {
        let got = self.got.filter(|got| !matches!(got, Value::Null));
        Verdict {
            field: format!("{}{}", self.place, self.field),
            wanted: self.wanted.clone(),
            got: got.cloned(),
            matches: self.matches(),
        }
    }
}

fn one_or_many(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::List(list) => list.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

/// Values are compared by their texts: a filter's `80` is meant for a message's `"80"` as well.
fn same(wanted: &Value, got: &Value, letter_case: LetterCase) -> bool {
    let (wanted, got) = (text(wanted), text(got));
    match letter_case {
        LetterCase::Kept => wanted == got,
        LetterCase::Ignored => wanted.eq_ignore_ascii_case(&got),
    }
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_text()),
    }
}

/// The document that an `OutputTransformer` makes of a message: a text that starts with `$` is a
/// jq path over the message, maps and lists are walked, everything else stays.
pub(super) fn transform(transformer: &Value, message: &Value) -> Result<Value, String> {
    match transformer {
        Value::String(text) if text.starts_with('$') => {
            let selector = Selector::kept(&text[1..]).map_err(|error| chain(&error))?;
            let outputs = selector.run(message).map_err(|error| chain(&error))?;
            Ok(outputs.into_iter().next().unwrap_or(Value::Null))
        }
        Value::Map(map) => {
            let member = |(name, value): (&String, &Value)| {
                transform(value, message).map(|value| (name.clone(), value))
            };
            map.iter()
                .map(member)
                .collect::<Result<_, _>>()
                .map(Value::Map)
        }
        Value::List(list) => {
            let list = list.iter().map(|value| transform(value, message));
            list.collect::<Result<_, _>>().map(Value::List)
        }
        constant => Ok(constant.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        Value::from_json(json).expect("the test writes JSON")
    }

    #[test]
    fn every_field_has_its_verdict() {
        let check = |filter: &str, message: &str, expected: &[&str]| {
            let verdicts = judge(&value(filter), &value(message));
            let shown: Vec<String> = verdicts.iter().map(ToString::to_string).collect();
            assert_eq!(shown, expected, "{filter} on {message}");
        };
        check("{}", r#"{"product":"ECS"}"#, &[]);
        check(
            r#"{"Product":null,"Name":[],"Level":[],"RegionId":[],"Content":{}}"#,
            "{}",
            &[],
        );
        check(
            r#"{"Product":"ECS"}"#,
            r#"{"product":"eCs"}"#,
            &[r#"product: wanted "ECS", got "eCs": matches"#],
        );
        check(
            r#"{"Name":"One"}"#,
            r#"{"name":"one"}"#,
            &[r#"name: wanted "One", got "one": does not match"#],
        );
        check(
            r#"{"Level":["WARN"],"RegionId":["r"]}"#,
            r#"{"level":"warn","regionId":"R"}"#,
            &[
                r#"level: wanted ["WARN"], got "warn": matches"#,
                r#"regionId: wanted ["r"], got "R": does not match"#,
            ],
        );
        check(
            r#"{"Product":"ECS"}"#,
            r#"{"product":null}"#,
            &[r#"product: wanted "ECS", got nothing: does not match"#],
        );
        check(
            r#"{"Product":"ECS"}"#,
            r#""a text""#,
            &[r#"product: wanted "ECS", got nothing: does not match"#],
        );
    }

    #[test]
    fn content_is_compared_by_its_texts() {
        let check = |wanted: &str, got: &str, expected: bool| {
            let filter = value(&format!(r#"{{"Content":{{"k":{wanted}}}}}"#));
            let message = value(&format!(r#"{{"content":{{"k":{got}}}}}"#));
            let verdicts = judge(&filter, &message);
            let matches = verdicts.iter().all(|verdict| verdict.matches);
            assert_eq!(matches, expected, "{wanted} of {got}");
        };
        check(r#""a""#, r#""a""#, true);
        check(r#""a""#, r#""A""#, false);
        check("80", r#""80""#, true);
        check("true", r#""true""#, true);
        check(r#"["a","b"]"#, r#""b""#, true);
        check(r#"["a","b"]"#, r#""c""#, false);
        check(r#"["a","b"]"#, r#"["c","b"]"#, true);
        check(r#"["a","b"]"#, r#"["c"]"#, false);
        check(r#"["a"]"#, "[]", false);
        check(r#""a""#, "null", false);
        check(r#"{"x":1}"#, r#"{"x":1}"#, true);
        check("[]", r#""anything""#, true);
        check("null", r#""anything""#, true);
    }

    #[test]
    fn a_field_of_a_message_without_content_is_missing() {
        let filter = value(r#"{"Content":{"state":"Stopped"}}"#);
        for message in ["{}", r#"{"content":null}"#, r#"{"content":"text"}"#] {
            let verdicts = judge(&filter, &value(message));
            assert_eq!(verdicts.len(), 1, "{message}");
            assert_eq!(verdicts[0].field, "content.state", "{message}");
            assert_eq!(verdicts[0].got, None, "{message}");
            assert!(!verdicts[0].matches, "{message}");
        }
    }

    #[test]
    fn a_transformer_selects_with_dollars() {
        let message = value(r#"{"name":"N","content":{"ids":["a","b"],"n":5}}"#);
        let check = |transformer: &str, expected: &str| {
            let document = transform(&value(transformer), &message).expect("a document");
            assert_eq!(document.to_json_string(), expected, "{transformer}");
        };
        check(r#""$.name""#, r#""N""#);
        check(r#""$.content.n""#, "5");
        check(r#""$.content.ids[]""#, r#""a""#);
        check(r#""$.nothing""#, "null");
        check(r#""$.content.ids[] | select(. == \"z\")""#, "null");
        check(r#""name""#, r#""name""#);
        check(
            r#"{"a":{"b":["$.name",1,null,true]}}"#,
            r#"{"a":{"b":["N",1,null,true]}}"#,
        );
        for broken in ["$.[", "$.name.x"] {
            let broken = Value::String(broken.to_owned());
            assert!(transform(&broken, &message).is_err(), "{broken:?}");
        }
    }
}
