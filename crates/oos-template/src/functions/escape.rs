//! `Fn::Escape`.

use super::Call;
use crate::expr::EvalError;
use crate::value::Value;

/// The shells that are known.
pub(super) const SHELLS: &[&str] = &["powershell", "bash", "sh"];

/// `[text, shell]`: the text as it stands between double quotes.
pub(super) fn escape(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [text, shell] = call.items(argument)?;
    let (text, shell) = (call.text(text)?, call.text(shell)?);
    let (mark, special): (char, &[char]) = match shell.trim().to_ascii_lowercase().as_str() {
        // PowerShell takes typographic double quotes for plain ones.
        "powershell" => ('`', &['`', '"', '$', '\u{201c}', '\u{201d}', '\u{201e}']),
        "bash" | "sh" => ('\\', &['\\', '"', '$', '`']),
        _ => return Err(call.error(format!("takes {} as its shell", SHELLS.join(" or ")))),
    };
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if special.contains(&character) {
            out.push(mark);
        }
        out.push(character);
    }
    Ok(Value::String(out))
}
