//! `Fn::Base64Encode` and `Fn::Base64Decode` (RFC 4648, the standard alphabet, padded).

use super::Call;
use crate::expr::EvalError;
use crate::value::Value;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn base64_encode(call: &Call, argument: Value) -> Result<Value, EvalError> {
    Ok(Value::String(encode(call.text(argument)?.as_bytes())))
}

pub(super) fn base64_decode(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let bytes = decode(&call.text(argument)?).ok_or_else(|| call.error("takes Base64 text"))?;
    let text = String::from_utf8(bytes);
    text.map(Value::String)
        .map_err(|_| call.error("the decoded bytes are no UTF-8 text"))
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            let index = usize::try_from(index).expect("six bits");
            out.push(if place > chunk.len() {
                '='
            } else {
                char::from(ALPHABET[index])
            });
        }
    }
    out
}

/// Line breaks between the characters are fine, as command output brings them.
fn decode(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let padding = symbols.iter().rev().take_while(|b| **b == b'=').count();
    if !symbols.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(symbols.len() / 4 * 3);
    for chunk in symbols[..symbols.len() - padding].chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let value = match chunk.get(place) {
                Some(symbol) => ALPHABET.iter().position(|known| known == symbol)?,
                None => 0,
            };
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        out.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Some(out)
}
