//! What the rows of an execution log tell, where they are written as the local OOS writes them. The
//! cloud words some of them differently; what can not be understood is left out.

use crate::report::{ApiCallReport, VerdictReport};
use oos_template::Value;

/// The call that a row tells of: `api call: API request:{…} response: {…}`.
pub(super) fn api_call(message: &str) -> Option<ApiCallReport> {
    let (api, rest) = message
        .strip_prefix("api call: ")?
        .split_once(" request:")?;
    let (parameters, rest) = value(rest)?;
    let mut call = ApiCallReport {
        service: None,
        api: api.to_owned(),
        parameters,
        response: None,
        error: None,
    };
    if let Some(answer) = rest.strip_prefix(" response: ") {
        call.response = Some(Value::from_json(answer).unwrap_or_else(|_| Value::from(answer)));
    } else {
        let rest = rest.trim_start();
        let reason = rest
            .strip_prefix("error: ")
            .or_else(|| rest.strip_prefix("not made: "));
        call.error = Some(reason.unwrap_or(rest).to_owned());
    }
    Some(call)
}

/// The verdict that a row tells of: `The task NAME got a message. FIELD: wanted …, got …: matches`.
pub(super) fn verdict(message: &str) -> Option<VerdictReport> {
    let (_, rest) = message.split_once(" got a message. ")?;
    let (field, rest) = rest.split_once(": wanted ")?;
    let (wanted, rest) = value(rest)?;
    let rest = rest.strip_prefix(", got ")?;
    let (got, rest) = match rest.strip_prefix("nothing") {
        Some(rest) => (None, rest),
        None => value(rest).map(|(got, rest)| (Some(got), rest))?,
    };
    let matches = match rest {
        ": matches" => true,
        ": does not match" => false,
        _ => return None,
    };
    Some(VerdictReport {
        field: field.to_owned(),
        wanted,
        got,
        matches,
    })
}

/// The JSON value at the beginning of a text, and what follows it.
fn value(text: &str) -> Option<(Value, &str)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    values.next()?.ok()?;
    let end = values.byte_offset();
    Some((Value::from_json(text.get(..end)?).ok()?, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json(text).expect("a value")
    }

    #[test]
    fn calls_are_understood() {
        let check = |row: &str, expected: Option<(&str, &str, Option<&str>, Option<&str>)>| {
            let found = api_call(row);
            let expected = expected.map(|(api, parameters, response, error)| ApiCallReport {
                service: None,
                api: api.into(),
                parameters: json(parameters),
                response: response.map(json),
                error: error.map(str::to_owned),
            });
            assert_eq!(found, expected, "{row}");
        };
        check(
            r#"api call: StartInstance request:{"a":"} response: {"} response: {"b":1.50}"#,
            Some((
                "StartInstance",
                r#"{"a":"} response: {"}"#,
                Some(r#"{"b":1.50}"#),
                None,
            )),
        );
        check(
            "api call: X request:{} error: 429 Throttling: slow down",
            Some(("X", "{}", None, Some("429 Throttling: slow down"))),
        );
        check(
            "api call: X request:{} not made: why",
            Some(("X", "{}", None, Some("why"))),
        );
        check("api call: X request:{u'a': 1} response: {}", None);
        check("The task a completed.", None);
        check("api call: X", None);
    }

    #[test]
    fn verdicts_are_understood() {
        let check = |row: &str, expected: Option<(&str, &str, Option<&str>, bool)>| {
            let found = verdict(row);
            let expected = expected.map(|(field, wanted, got, matches)| VerdictReport {
                field: field.into(),
                wanted: json(wanted),
                got: got.map(json),
                matches,
            });
            assert_eq!(found, expected, "{row}");
        };
        check(
            r#"The task t got a message. content.state: wanted ["Stopped"], got "Running": does not match"#,
            Some((
                "content.state",
                r#"["Stopped"]"#,
                Some(r#""Running""#),
                false,
            )),
        );
        check(
            r#"The task t got a message. level: wanted ["INFO"], got nothing: does not match"#,
            Some(("level", r#"["INFO"]"#, None, false)),
        );
        check(
            r#"The task t got a message. a: wanted ", got 1", got "\": matches": matches"#,
            Some(("a", r#"", got 1""#, Some(r#""\": matches""#), true)),
        );
        check(
            "The task t got a message (Event): child execution exec-1.0001.",
            None,
        );
        check(
            "The task t got a message. a: wanted 1, got 2: perhaps",
            None,
        );
    }
}
