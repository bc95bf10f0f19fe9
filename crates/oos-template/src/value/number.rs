//! Numbers that keep the digits they were written with.

use std::cmp::Ordering;
use std::fmt;

/// A JSON number. `1.10` stays `1.10` and a 30-digit integer stays exact; comparing is by value.
#[derive(Debug, Clone)]
pub struct Number(Repr);

#[derive(Debug, Clone)]
enum Repr {
    Int(i64),
    /// A JSON number text that is not the plain form of an `i64`.
    Text(Box<str>),
}

impl Number {
    /// Reads a number in JSON's grammar (`-12`, `1.50`, `2e3`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !is_json_number(text) {
            return None;
        }
        let plain = text.parse::<i64>().ok().filter(|_| text != "-0");
        Some(Self(
            plain.map_or_else(|| Repr::Text(text.into()), Repr::Int),
        ))
    }

    /// A number from a float; none for infinities and NaN, which JSON cannot say.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        value
            .is_finite()
            .then(|| Self::parse(&value.to_string()))
            .flatten()
    }

    /// The number as `i64` when it is a whole number in that range (`3.0` counts as 3).
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Int(value) => Some(*value),
            Repr::Text(text) => Decimal::of(text).to_i64(),
        }
    }

    /// The nearest float.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest float is what is asked for"
    )]
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Repr::Int(value) => *value as f64,
            Repr::Text(text) => text.parse().unwrap_or(f64::NAN),
        }
    }

    /// The exact sum when the digits fit 38 places, else the sum of the nearest floats.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0)
            && let Some(sum) = a.checked_add(*b)
        {
            return Some(Self(Repr::Int(sum)));
        }
        let exact = Decimal::of(&self.to_string()).plus(&Decimal::of(&other.to_string()));
        match exact {
            Some(text) => Self::parse(&text),
            None => Self::from_f64(self.as_f64() + other.as_f64()),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        let plain = i64::try_from(value);
        Self(plain.map_or_else(|_| Repr::Text(value.to_string().into()), Repr::Int))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(value) => write!(f, "{value}"),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl PartialEq for Number {
    /// By value: `1.0` equals `1`.
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0) {
            return a.cmp(b);
        }
        Decimal::of(&self.to_string()).cmp(&Decimal::of(&other.to_string()))
    }
}

fn is_json_number(text: &str) -> bool {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// A decimal without superfluous zeros: `0.DIGITS × 10^exponent`.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Reads a JSON number; absurd exponents saturate.
    fn of(text: &str) -> Self {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let saturated = if exponent.starts_with('-') {
            i64::MIN / 4
        } else {
            i64::MAX / 4
        };
        let exponent = exponent
            .parse::<i64>()
            .unwrap_or(saturated)
            .clamp(i64::MIN / 4, i64::MAX / 4);
        let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let leading = all.iter().take_while(|b| **b == b'0').count();
        let trailing = all[leading..]
            .iter()
            .rev()
            .take_while(|b| **b == b'0')
            .count();
        let digits = all[leading..all.len() - trailing].to_vec();
        if digits.is_empty() {
            return Self {
                negative: false,
                digits,
                exponent: 0,
            };
        }
        let point = i64::try_from(whole.len()).unwrap_or(i64::MAX / 4)
            - i64::try_from(leading).unwrap_or(i64::MAX / 4);
        Self {
            negative,
            digits,
            exponent: exponent + point,
        }
    }

    fn to_i64(&self) -> Option<i64> {
        let places = usize::try_from(self.exponent).ok()?;
        if places < self.digits.len() || places > 19 {
            return (self.digits.is_empty()).then_some(0);
        }
        let (value, scale) = self.scaled()?;
        let value = value.checked_mul(10_i128.checked_pow(u32::try_from(-scale).ok()?)?)?;
        i64::try_from(value).ok()
    }

    /// The value as `mantissa × 10^-scale`.
    fn scaled(&self) -> Option<(i128, i64)> {
        if self.digits.is_empty() {
            return Some((0, 0));
        }
        let text = std::str::from_utf8(&self.digits).ok()?;
        let value: i128 = text.parse().ok()?;
        let scale = i64::try_from(self.digits.len()).ok()? - self.exponent;
        Some((if self.negative { -value } else { value }, scale))
    }

    /// The exact sum as JSON text when it fits.
    fn plus(&self, other: &Self) -> Option<String> {
        let ((a, scale_a), (b, scale_b)) = (self.scaled()?, other.scaled()?);
        let scale = scale_a.max(scale_b).max(0);
        let raise = |value: i128, from: i64| {
            value.checked_mul(10_i128.checked_pow(u32::try_from(scale - from).ok()?)?)
        };
        let sum = raise(a, scale_a)?.checked_add(raise(b, scale_b)?)?;
        let places = usize::try_from(scale).ok().filter(|places| *places <= 38)?;
        if places == 0 {
            return Some(sum.to_string());
        }
        let digits = format!("{:0>width$}", sum.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let sign = if sum < 0 { "-" } else { "" };
        Some(match fraction {
            "" => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{fraction}"),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |d: &Self| match (d.digits.is_empty(), d.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let magnitude = || {
            self.exponent
                .cmp(&other.exponent)
                .then_with(|| self.digits.cmp(&other.digits))
        };
        match sign(self).cmp(&sign(other)) {
            Ordering::Equal if sign(self) < 0 => magnitude().reverse(),
            Ordering::Equal if sign(self) > 0 => magnitude(),
            order => order,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn number(text: &str) -> Number {
        Number::parse(text).expect("a JSON number")
    }

    #[test]
    fn keeps_the_digits() {
        for text in [
            "0",
            "-0",
            "1.10",
            "123456789012345678901234567890",
            "1e400",
            "-2.5E-3",
        ] {
            assert_eq!(number(text).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_json_refuses() {
        for text in [
            "", "-", "01", ".5", "1.", "+1", "1e", "0x1", "1_000", "NaN", "1e+-2",
        ] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn compares_by_value() {
        let ascending = [
            "-1e3", "-10", "-9.5", "-0.1", "0", "0.09", "0.1", "9", "10.5", "1e2", "1e400",
        ];
        for pair in ascending.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        for (a, b) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("-0", "0"),
            ("0.0", "0"),
            ("0.10", "1e-1"),
        ] {
            assert_eq!(number(a), number(b));
        }
    }

    #[test]
    fn sums_exactly() {
        for (a, b, sum) in [
            ("1", "2", "3"),
            ("0.1", "0.2", "0.3"),
            ("1.5", "1.5", "3"),
            ("-0.5", "0.25", "-0.25"),
            ("9223372036854775807", "1", "9223372036854775808"),
            ("1e2", "1", "101"),
        ] {
            assert_eq!(
                number(a).plus(&number(b)).expect("a sum").to_string(),
                sum,
                "{a} + {b}"
            );
        }
    }

    #[test]
    fn whole_numbers_are_integers() {
        for (text, expected) in [
            ("3.0", Some(3)),
            ("3.5", None),
            ("1e3", Some(1000)),
            ("1e30", None),
            ("0.0", Some(0)),
            ("-2e0", Some(-2)),
        ] {
            assert_eq!(number(text).as_i64(), expected, "{text}");
        }
    }
}
