//! `Fn::Jq`.

use super::Call;
use crate::expr::EvalError;
use crate::jq::Selector;
use crate::value::Value;

/// `["First" or "All", jq, input]`; an input that is text is read as JSON if it is JSON.
pub(super) fn jq(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [mode, program, input] = call.items(argument)?;
    let mode = call.text(mode)?;
    let input = match input {
        Value::String(text) => Value::from_json(&text).unwrap_or(Value::String(text)),
        other => other,
    };
    let found = Selector::kept(&call.text(program)?)?.run(&input)?;
    if mode.eq_ignore_ascii_case("First") {
        Ok(found.into_iter().next().unwrap_or_default())
    } else if mode.eq_ignore_ascii_case("All") {
        Ok(Value::List(found))
    } else {
        Err(call.error("takes First or All as its first item"))
    }
}
