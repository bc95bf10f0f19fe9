//! `Fn::Eval`: arithmetic of exact fractions.

use std::cmp::Ordering;

use super::Call;
use crate::expr::EvalError;
use crate::value::{Number, Value};

/// Bytes of an expression.
const MAX_TEXT: usize = 4096;
/// Levels of parentheses and signs.
const MAX_DEPTH: usize = 64;
/// Digits of a quotient that has no end.
const DIGITS: usize = 16;

/// `[expression]`.
pub(super) fn eval(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [text] = call.items(argument)?;
    let text = call.text(text)?;
    evaluate(&text).map_err(|problem| call.error(problem))
}

type Found<T> = Result<T, String>;

fn evaluate(text: &str) -> Found<Value> {
    if text.len() > MAX_TEXT {
        return Err("takes an expression of at most 4096 bytes".to_owned());
    }
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let left = reader.sum()?;
    let value = match reader.comparison() {
        Some(holds) => {
            let right = reader.sum()?;
            Value::Bool(holds(left.compare(right)?))
        }
        None => Value::Number(left.to_number()?),
    };
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected()),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    /// Takes one of some symbols, the first that stands there.
    fn take(&mut self, symbols: &[&'static str]) -> Option<&'static str> {
        self.peek()?;
        let rest = &self.text[self.at..];
        let found = symbols.iter().find(|symbol| rest.starts_with(**symbol))?;
        self.at += found.len();
        Some(found)
    }

    fn unexpected(&mut self) -> String {
        match self.peek() {
            Some(found) => {
                let at = self.text[..self.at].chars().count() + 1;
                format!("cannot read {found:?} at character {at} of the expression")
            }
            None => "takes an expression that goes on after its last character".to_owned(),
        }
    }

    fn comparison(&mut self) -> Option<fn(Ordering) -> bool> {
        Some(match self.take(&["==", "!=", "<=", ">=", "<", ">"])? {
            "==" => Ordering::is_eq,
            "!=" => Ordering::is_ne,
            "<=" => Ordering::is_le,
            ">=" => Ordering::is_ge,
            "<" => Ordering::is_lt,
            _ => Ordering::is_gt,
        })
    }

    fn sum(&mut self) -> Found<Fraction> {
        let mut sum = self.product()?;
        while let Some(symbol) = self.take(&["+", "-"]) {
            let next = self.product()?;
            sum = sum.plus(if symbol == "-" { next.negated()? } else { next })?;
        }
        Ok(sum)
    }

    fn product(&mut self) -> Found<Fraction> {
        let mut product = self.signed()?;
        while let Some(symbol) = self.take(&["//", "*", "/", "%"]) {
            let next = self.signed()?;
            product = match symbol {
                "*" => product.times(next)?,
                "/" => product.over(next)?,
                "//" => product.over(next)?.floor(),
                _ => {
                    let whole = product.over(next)?.floor();
                    product.plus(whole.times(next)?.negated()?)?
                }
            };
        }
        Ok(product)
    }

    fn signed(&mut self) -> Found<Fraction> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("takes an expression of at most 64 levels".to_owned());
        }
        let value = match self.take(&["-", "+", "("]) {
            Some("-") => self.signed()?.negated()?,
            Some("+") => self.signed()?,
            Some(_) => {
                let inner = self.sum()?;
                self.take(&[")"]).ok_or_else(|| self.unexpected())?;
                inner
            }
            None => self.number()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn number(&mut self) -> Found<Fraction> {
        self.peek();
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let (whole, fraction) = rest[..length]
            .split_once('.')
            .unwrap_or((&rest[..length], ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(self.unexpected());
        }
        let digits = format!("{whole}{fraction}");
        let scale = u32::try_from(fraction.len()).map_err(|_| too_large())?;
        let above = digits.parse().map_err(|_| too_large())?;
        let below = 10_i128.checked_pow(scale).ok_or_else(too_large)?;
        self.at += length;
        Ok(Fraction::of(above, below))
    }
}

fn too_large() -> String {
    "takes numbers whose digits fit 38 places, also on the way".to_owned()
}

/// `above / below`, reduced, with `below` from 1.
#[derive(Clone, Copy)]
struct Fraction {
    above: i128,
    below: i128,
}

impl Fraction {
    /// Neither is the smallest integer, since all come from checked operations on what is not.
    fn of(above: i128, below: i128) -> Self {
        let common = common_divisor(above.unsigned_abs(), below.unsigned_abs());
        let common = i128::try_from(common).unwrap_or(1).max(1) * below.signum();
        Self {
            above: above / common,
            below: below / common,
        }
    }

    fn negated(self) -> Found<Self> {
        let above = self.above.checked_neg().ok_or_else(too_large)?;
        Ok(Self { above, ..self })
    }

    fn plus(self, other: Self) -> Found<Self> {
        let sum = || {
            let left = self.above.checked_mul(other.below)?;
            let right = other.above.checked_mul(self.below)?;
            let above = left.checked_add(right)?;
            Some(Self::of(above, self.below.checked_mul(other.below)?))
        };
        sum().ok_or_else(too_large)
    }

    fn times(self, other: Self) -> Found<Self> {
        let product = || {
            let above = self.above.checked_mul(other.above)?;
            Some(Self::of(above, self.below.checked_mul(other.below)?))
        };
        product().ok_or_else(too_large)
    }

    fn over(self, other: Self) -> Found<Self> {
        if other.above == 0 {
            return Err("cannot divide by zero".to_owned());
        }
        let quotient = || {
            let above = self.above.checked_mul(other.below)?;
            Some(Self::of(above, self.below.checked_mul(other.above)?))
        };
        quotient().ok_or_else(too_large)
    }

    const fn floor(self) -> Self {
        Self {
            above: self.above.div_euclid(self.below),
            below: 1,
        }
    }

    fn compare(self, other: Self) -> Found<Ordering> {
        Ok(self.plus(other.negated()?)?.above.cmp(&0))
    }

    /// Exact if the decimals end, else rounded to 16 digits.
    fn to_number(self) -> Found<Number> {
        let whole = self.above / self.below;
        let sign = if self.above < 0 { "-" } else { "" };
        let mut rest = (self.above % self.below).unsigned_abs();
        let below = self.below.unsigned_abs();
        let ends = ends(below);
        let mut text = format!("{sign}{}", whole.unsigned_abs());
        let mut digits = String::new();
        let mut significant =
            text.bytes().filter(u8::is_ascii_digit).count() * usize::from(whole != 0);
        while rest != 0 && (ends || significant <= DIGITS || digits.is_empty()) {
            rest = rest.checked_mul(10).ok_or_else(too_large)?;
            let digit = rest / below;
            rest %= below;
            significant += usize::from(significant > 0 || digit != 0);
            digits.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
        }
        if !digits.is_empty() {
            text = format!("{text}.{digits}");
        }
        if !ends {
            text = rounded(&text);
        }
        Number::parse(&text).ok_or_else(too_large)
    }
}

/// Without the last digit of a decimal, which says whether the one before goes up.
fn rounded(text: &str) -> String {
    let (kept, last) = text.split_at(text.len() - 1);
    let mut digits: Vec<u8> = kept.bytes().collect();
    if last >= "5" {
        let mut carry = true;
        for digit in digits
            .iter_mut()
            .rev()
            .filter(|digit| digit.is_ascii_digit())
        {
            carry = *digit == b'9';
            *digit = if carry { b'0' } else { *digit + 1 };
            if !carry {
                break;
            }
        }
        if carry {
            let first = usize::from(digits.first() == Some(&b'-'));
            digits.insert(first, b'1');
        }
    }
    let text: String = digits.into_iter().map(char::from).collect();
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Whether a fraction over this number has an end: it is made of twos and fives.
fn ends(mut below: u128) -> bool {
    for prime in [2, 5] {
        while below.is_multiple_of(prime) {
            below /= prime;
        }
    }
    below == 1
}

fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
