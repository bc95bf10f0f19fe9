//! Rust text that makes the calls of `samples` with constructors and setters.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::names;
use super::request;
use super::samples::{self, Extent};
use super::spec::Operation;
use super::types::{Member, Types};

/// Where a value stands: setters and constructors convert, fields of structs do not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Argument,
    Field,
}

/// The function that makes both calls of an operation.
pub(super) fn function(operation: &Operation, types: &Types) -> Result<String, String> {
    let members = request::members(operation, types)?;
    let mut text = format!("fn {}() -> [Pairs; 2] {{\n[", names::snake(&operation.name));
    for extent in Extent::BOTH {
        let input = samples::request(operation, extent);
        let call = call(operation, &members, &input, types)?;
        let _ = writeln!(text, "sent(&{call}),");
    }
    Ok(text + "]\n}\n\n")
}

fn call(
    operation: &Operation,
    members: &[Member],
    input: &Map<String, Value>,
    types: &Types,
) -> Result<String, String> {
    let name = &operation.name;
    let required = request::arguments(operation, members)?;
    let given = |member: &Member| {
        let missing = || format!("{name}: no sample of {}", member.wire);
        input.get(&member.wire).ok_or_else(missing)
    };
    let mut text = format!("{name}::new(");
    if request::are_named(&required) {
        let _ = write!(text, "{name}Required {{");
        for member in &required {
            let value = expression(&member.ty, given(member)?, Place::Field, types)?;
            let _ = write!(text, "{}: {value},", member.rust);
        }
        text.push('}');
    } else {
        for member in &required {
            let value = argument(member, given(member)?, types)?;
            let _ = write!(text, "{value},");
        }
    }
    text.push(')');
    for member in members.iter().filter(|member| !member.required) {
        if let Some(value) = input.get(&member.wire) {
            let value = argument(member, value, types)?;
            let _ = write!(
                text,
                "\n.with_{}({value})",
                member.rust.trim_end_matches('_')
            );
        }
    }
    Ok(text)
}

/// A JSON document is given as a value: the text follows from it.
fn argument(member: &Member, value: &Value, types: &Types) -> Result<String, String> {
    match (&member.document, value) {
        (Some(_), Value::String(text)) => Ok(format!("json!({text})")),
        _ => expression(&member.ty, value, Place::Argument, types),
    }
}

fn expression(ty: &str, value: &Value, place: Place, types: &Types) -> Result<String, String> {
    let argument = place == Place::Argument;
    let misfit = || format!("no Rust expression of {ty} for {value}");
    let inner = |start: &str| ty.strip_prefix(start)?.strip_suffix('>');
    Ok(match (ty, value) {
        ("String" | "Timestamp", Value::String(text)) if argument => format!("{text:?}"),
        ("String" | "Timestamp", Value::String(text)) => format!("{text:?}.into()"),
        ("Value", any) => format!("json!({any})"),
        ("bool", Value::Bool(flag)) => flag.to_string(),
        ("i32" | "i64", Value::Number(number)) => grouped(&number.to_string()),
        (_, Value::Array(items)) => {
            let one = inner("Vec<").ok_or_else(misfit)?;
            let texts = one == "String" && argument;
            let place = if texts { place } else { Place::Field };
            let items = items.iter().map(|item| expression(one, item, place, types));
            let items = items.collect::<Result<Vec<_>, _>>()?.join(", ");
            let start = if texts { "" } else { "vec!" };
            format!("{start}[{items}]")
        }
        (_, Value::Object(map)) => match inner("BTreeMap<String, ") {
            Some(one) => {
                let pair = |(name, value): (&String, &Value)| {
                    Ok(format!(
                        "({name:?}, {})",
                        expression(one, value, place, types)?
                    ))
                };
                let pairs = map.iter().map(pair).collect::<Result<Vec<_>, String>>()?;
                format!("[{}]", pairs.join(", "))
            }
            None => object(ty, map, types)?,
        },
        (_, Value::String(text)) => match types.values_of(ty) {
            Some(known) if known.contains(text) => format!("{ty}::{}", names::variant(text)),
            Some(_) => format!("{ty}::Unknown({text:?}.into())"),
            None => return Err(misfit()),
        },
        _ => return Err(misfit()),
    })
}

/// A shape with all its fields, which the samples give all.
fn object(name: &str, map: &Map<String, Value>, types: &Types) -> Result<String, String> {
    let mut text = format!("{name} {{");
    for (wire, ty) in types.fields_of(name)? {
        let value = map.get(&wire);
        let value = value.ok_or_else(|| format!("{name}: no sample of {wire}"))?;
        let value = expression(&ty, value, Place::Field, types)?;
        let _ = write!(text, "{}: Some({value}),", names::snake(&wire));
    }
    Ok(text + "}")
}

/// `9007199254740993` as `9_007_199_254_740_993`.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        for (digits, expected) in [("7", "7"), ("1234", "1_234"), ("123456", "123_456")] {
            assert_eq!(grouped(digits), expected);
        }
    }
}
