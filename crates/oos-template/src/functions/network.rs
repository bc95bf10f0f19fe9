//! `Fn::IsIpInCIDR`.

use std::net::IpAddr;

use super::Call;
use crate::expr::EvalError;
use crate::value::Value;

/// `[ip, cidr]`. The order is documented nowhere, so that what has the slash is the block.
pub(super) fn is_ip_in_cidr(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [first, second] = call.items(argument)?;
    let (first, second) = (call.text(first)?, call.text(second)?);
    let (address, block) = if first.contains('/') && !second.contains('/') {
        (second, first)
    } else {
        (first, second)
    };
    let address: IpAddr = address
        .trim()
        .parse()
        .map_err(|_| call.error("takes an IPv4 or IPv6 address"))?;
    let (base, length) = read_block(&block)
        .ok_or_else(|| call.error("takes a CIDR block such as 10.0.0.0/8 or 2001:db8::/32"))?;
    Ok(Value::Bool(contains(base, length, address)))
}

/// A block with its prefix length; without one it is the address alone.
fn read_block(text: &str) -> Option<(IpAddr, u32)> {
    let (base, length) = match text.trim().split_once('/') {
        Some((base, length)) => (base, Some(length)),
        None => (text.trim(), None),
    };
    let base: IpAddr = base.parse().ok()?;
    let bits = if base.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
        Some(_) => return None,
        None => bits,
    };
    (length <= bits).then_some((base, length))
}

fn contains(base: IpAddr, length: u32, address: IpAddr) -> bool {
    match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let differing = u32::from(base) ^ u32::from(address);
            differing.leading_zeros() >= length
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let differing = u128::from(base) ^ u128::from(address);
            differing.leading_zeros() >= length
        }
        _ => false,
    }
}
