//! Durations as `ACS::Sleep` takes them.

use std::time::Duration;

/// Why a text is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// Not one of the forms.
    #[error("\"{0}\" is no duration; write for instance PT1H2M, 30M or 1S")]
    Form(String),
    /// Shorter than a second.
    #[error("a duration is at least one second")]
    TooShort,
    /// Longer than 100 years.
    #[error("a duration is at most 100 years")]
    TooLong,
}

/// Reads an ISO 8601 duration in any letter case, full (`PT1H2M`, `P1DT12H`, `P2W`) or short (`1S`,
/// `1m`, `1H2M`: hours, minutes, seconds). Years and months, whose length varies, are refused, as are
/// durations under one second, the documented minimum.
///
/// # Errors
/// Another form, less than a second, more than 100 years.
///
/// ```
/// # use std::time::Duration;
/// assert_eq!(oos_template::duration::parse("pt1h2m")?, Duration::from_secs(3720));
/// assert_eq!(oos_template::duration::parse("4m")?, Duration::from_secs(240));
/// # Ok::<(), oos_template::duration::DurationError>(())
/// ```
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let form = || DurationError::Form(text.chars().take(40).collect());
    let upper = text.trim().to_ascii_uppercase();
    let (date, time) = match upper.strip_prefix('P') {
        Some(rest) => match rest.split_once('T') {
            Some((_, "")) => return Err(form()),
            Some((date, time)) => (date, time),
            None => (rest, ""),
        },
        None => ("", upper.strip_prefix('T').unwrap_or(&upper)),
    };
    if date.is_empty() && time.is_empty() {
        return Err(form());
    }
    let days = parts(date, &[('W', 604_800), ('D', 86_400)]).ok_or_else(form)?;
    let clock = parts(time, &[('H', 3600), ('M', 60), ('S', 1)]).ok_or_else(form)?;
    let millis = days.saturating_add(clock);
    match millis {
        ..1000 => Err(DurationError::TooShort),
        MAX_MILLIS.. => Err(DurationError::TooLong),
        _ => Ok(Duration::from_millis(millis)),
    }
}

const MAX_MILLIS: u64 = 100 * 366 * 86_400 * 1000;

/// The sum of `<number><unit>` parts in milliseconds; units come in the given order, each once.
fn parts(mut text: &str, units: &[(char, u64)]) -> Option<u64> {
    let mut total = 0_u64;
    let mut units = units.iter();
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let unit = text[end..].chars().next()?;
        let (_, seconds) = units.find(|(name, _)| *name == unit)?;
        total = total.saturating_add(millis(&text[..end])?.saturating_mul(*seconds));
        text = &text[end + 1..];
    }
    Some(total)
}

/// A decimal number in thousandths; digits beyond are cut.
fn millis(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: u64 = whole.parse().unwrap_or(u64::MAX);
    let thousandths = fraction.bytes().chain([b'0'; 3]).take(3);
    let fraction = thousandths.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    Some(whole.saturating_mul(1000).saturating_add(fraction))
}

#[cfg(test)]
mod tests {
    use super::{DurationError, parse};

    fn check(text: &str, millis: u64) {
        assert_eq!(
            parse(text).map(|d| d.as_millis()),
            Ok(u128::from(millis)),
            "{text}"
        );
    }

    #[test]
    fn all_documented_forms() {
        for (text, seconds) in [
            ("PT1H2M", 3720),
            ("pt1h2m", 3720),
            ("1S", 1),
            ("1m", 60),
            ("4m", 240),
            ("3s", 3),
            ("1H2M", 3720),
            ("PT1M", 60),
            ("P1D", 86_400),
            ("P1DT1S", 86_401),
            ("P2W", 1_209_600),
            ("T5S", 5),
            (" 5S ", 5),
        ] {
            check(text, seconds * 1000);
        }
        check("PT1.5S", 1500);
        check("PT0,5M", 30_000);
    }

    #[test]
    fn refused_forms() {
        for text in [
            "", "P", "PT", "T", "1", "S", "1X", "1S1S", "1M1H", "P1M", "P1Y", "-1S", "1 S",
            "PT1H2", "１S",
        ] {
            assert!(matches!(parse(text), Err(DurationError::Form(_))), "{text}");
        }
        assert_eq!(parse("0S"), Err(DurationError::TooShort));
        assert_eq!(parse("PT0.9S"), Err(DurationError::TooShort));
        assert_eq!(parse("99999999999999999999H"), Err(DurationError::TooLong));
    }
}
