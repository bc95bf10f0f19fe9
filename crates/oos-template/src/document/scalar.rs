//! Plain YAML scalars by the core schema of YAML 1.2.

use crate::value::{Number, Value};

/// What a plain scalar means.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    if !text.starts_with(['+', '-', '.']) && !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Number::parse(text)
        .or_else(|| radix(text))
        .or_else(|| Number::parse(&json_form(text)?))
}

fn radix(text: &str) -> Option<Number> {
    let (digits, radix) = match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(digits), _) => (digits, 8),
        (_, Some(digits)) => (digits, 16),
        _ => return None,
    };
    if !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u128::from_str_radix(digits, radix).ok()?;
    Number::parse(&value.to_string())
}

/// `+1`, `017`, `.5` and `1.` in the spelling of JSON.
fn json_form(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = rest.split_at(rest.find(['e', 'E']).unwrap_or(rest.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let fraction = match (mantissa.contains('.'), fraction) {
        (false, _) => String::new(),
        (true, "") => ".0".to_owned(),
        (true, digits) => format!(".{digits}"),
    };
    Some(format!("{sign}{whole}{fraction}{exponent}"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    fn check(text: &str, json: &str) {
        assert_eq!(resolve(text).to_json_string(), json, "{text}");
    }

    #[test]
    fn core_schema() {
        for (text, json) in [
            ("", "null"),
            ("~", "null"),
            ("Null", "null"),
            ("nUll", "\"nUll\""),
            ("True", "true"),
            ("FALSE", "false"),
            ("yes", "\"yes\""),
            ("no", "\"no\""),
            ("on", "\"on\""),
            ("off", "\"off\""),
            ("12", "12"),
            ("+12", "12"),
            ("-12", "-12"),
            ("017", "17"),
            ("0o17", "15"),
            ("0x1F", "31"),
            ("0o9", "\"0o9\""),
            ("0x", "\"0x\""),
            ("0x+1", "\"0x+1\""),
            ("1.50", "1.50"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("1.", "1.0"),
            ("1e3", "1e3"),
            ("1.e3", "1.0e3"),
            ("1_000", "\"1_000\""),
            ("1:30", "\"1:30\""),
            (".inf", "\".inf\""),
            ("-.INF", "\"-.INF\""),
            (".nan", "\".nan\""),
            (".", "\".\""),
            ("-", "\"-\""),
            ("+", "\"+\""),
            ("2019-06-01", "\"2019-06-01\""),
            ("1.2.3.4", "\"1.2.3.4\""),
            ("--1", "\"--1\""),
            ("=", "\"=\""),
        ] {
            check(text, json);
        }
    }
}
