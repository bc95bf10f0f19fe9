//! `{{ call.Name }}` in the body of a mock answer: the parameter of the call.

use oos_template::Value;

/// The body with every `{{ call.Name }}` replaced by that parameter of the call: with its type if
/// it is the whole text, as text inside of one; null or empty if the call has no such parameter.
pub(super) fn body(body: &Value, parameters: &Value) -> Value {
    match body {
        Value::String(text) => fill(text, parameters),
        Value::List(list) => Value::List(
            list.iter()
                .map(|item| self::body(item, parameters))
                .collect(),
        ),
        Value::Map(map) => {
            let member =
                |(name, value): (&String, &Value)| (name.clone(), self::body(value, parameters));
            Value::Map(map.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

fn fill(text: &str, parameters: &Value) -> Value {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_reference(rest) {
        let value = lookup(parameters, name);
        if before.is_empty() && after.is_empty() && filled.is_empty() {
            return value.cloned().unwrap_or(Value::Null);
        }
        filled.push_str(before);
        filled.push_str(&value.map(Value::to_text).unwrap_or_default());
        rest = after;
    }
    filled.push_str(rest);
    Value::String(filled)
}

/// The text before the next reference to the call, the path it names, and the text after it.
fn next_reference(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at) {
        let close = open + 2 + text[open + 2..].find("}}")?;
        if let Some(path) = text[open + 2..close].trim().strip_prefix("call.") {
            return Some((&text[..open], path, &text[close + 2..]));
        }
        from = open + 2;
    }
    None
}

fn lookup<'a>(parameters: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(parameters, |value, name| value.get(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced() {
        let parameters = r#"{"Id":"i-1","Count":3,"Ids":["a","b"],"Tag":{"Key":"k"}}"#;
        let parameters = Value::from_json(parameters).expect("a value");
        let check = |given: &str, expected: &str| {
            let given = Value::from_json(given).expect("a value");
            assert_eq!(body(&given, &parameters).to_json_string(), expected);
        };
        check(r#""{{ call.Id }}""#, r#""i-1""#);
        check(r#""{{call.Count}}""#, "3");
        check(
            r#"{"Ids":"{{ call.Ids }}","n":1}"#,
            r#"{"Ids":["a","b"],"n":1}"#,
        );
        check(
            r#""<{{ call.Id }}|{{ call.Count }}|{{ call.Tag.Key }}>""#,
            r#""<i-1|3|k>""#,
        );
        check(r#""{{ call.None }}""#, "null");
        check(r#""[{{ call.None }}]""#, r#""[]""#);
        check(
            r#"["{{ other }} {{ call.Id }}", "{{ call.Id"]"#,
            r#"["{{ other }} i-1","{{ call.Id"]"#,
        );
    }
}
