//! Times as the API writes them.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use crate::codec::ParamText;

/// A time of the API: the text as it was sent, and the moment it means where that can be told.
///
/// The published samples have four forms: `2019-05-16T10:26:14Z`, without seconds
/// (`2023-03-24T03:55Z`, ops items), with an offset and without a zone (chat configurations).
/// Reading also takes fractions of a second and a blank for the `T`; without a zone it is UTC.
///
/// ```
/// use oos_model::Timestamp;
///
/// let time = Timestamp::from("2023-03-24T03:55Z");
/// assert_eq!(time.as_str(), "2023-03-24T03:55Z");
/// let moment = time.to_datetime().expect("a form we know");
/// assert_eq!(Timestamp::from(moment).as_str(), "2023-03-24T03:55:00Z");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp {
    text: String,
}

impl Timestamp {
    /// The text as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The moment it means; `None` when the text has none of the known forms.
    #[must_use]
    pub fn to_datetime(&self) -> Option<OffsetDateTime> {
        parse(&self.text)
    }
}

/// Writes `YYYY-MM-DDThh:mm:ssZ`, in UTC, fractions of a second cut off.
impl From<OffsetDateTime> for Timestamp {
    fn from(moment: OffsetDateTime) -> Self {
        let utc = moment.to_offset(UtcOffset::UTC);
        let (hour, minute, second) = utc.to_hms();
        let (year, month, day) = (utc.year(), u8::from(utc.month()), utc.day());
        Self {
            text: format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
        }
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self { text }
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        crate::tolerant::scalar(from).map(|text| Self {
            text: text.into_owned(),
        })
    }
}

impl ParamText for Timestamp {
    const WHAT: &'static str = "a time";

    fn to_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }
}

fn parse(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = Month::try_from(u8::try_from(digits(parts.next()?, 2)?).ok()?).ok()?;
    let day = u8::try_from(digits(parts.next()?, 2)?).ok()?;
    if parts.next().is_some() {
        return None;
    }
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month, day).ok()?;
    let (clock, offset) = split_zone(rest)?;
    Some(date.with_time(parse_clock(clock)?).assume_offset(offset))
}

fn split_zone(text: &str) -> Option<(&str, UtcOffset)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, UtcOffset::UTC));
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return Some((text, UtcOffset::UTC));
    };
    let zone = &text[at + 1..];
    let (hours, minutes) = zone.split_once(':').or_else(|| zone.split_at_checked(2))?;
    let hours = i8::try_from(digits(hours, 2)?).ok()?;
    let minutes = if minutes.is_empty() {
        0
    } else {
        i8::try_from(digits(minutes, 2)?).ok()?
    };
    let sign = if text[at..].starts_with('-') { -1 } else { 1 };
    Some((
        &text[..at],
        UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()?,
    ))
}

fn parse_clock(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let hour = u8::try_from(digits(parts.next()?, 2)?).ok()?;
    let minute = u8::try_from(digits(parts.next()?, 2)?).ok()?;
    let second = parts.next().map_or(Some(0), |part| digits(part, 2))?;
    if parts.next().is_some() || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let scale = 10_u32.pow(9 - u32::try_from(fraction.len()).ok()?);
    let nanos = digits(fraction, fraction.len())?.checked_mul(scale)?;
    Time::from_hms_nano(hour, minute, u8::try_from(second).ok()?, nanos).ok()
}

/// A number of exactly `count` decimal digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let decimal = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if decimal { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    #[test]
    fn the_known_forms_are_read() {
        for (text, expected) in [
            ("2019-05-16T10:26:14Z", datetime!(2019-05-16 10:26:14 UTC)),
            ("2023-03-24T03:55Z", datetime!(2023-03-24 03:55 UTC)),
            (
                "2023-03-24T03:55:01+08:00",
                datetime!(2023-03-24 03:55:01 +8),
            ),
            (
                "2023-03-24T03:55:01-0330",
                datetime!(2023-03-24 03:55:01 -3:30),
            ),
            ("2023-03-24T03:55:01+08", datetime!(2023-03-24 03:55:01 +8)),
            ("2023-03-24T03:55:01", datetime!(2023-03-24 03:55:01 UTC)),
            (
                "2023-03-24 03:55:01.5",
                datetime!(2023-03-24 03:55:01.5 UTC),
            ),
        ] {
            assert_eq!(
                Timestamp::from(text).to_datetime(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn other_texts_mean_no_moment_but_stay() {
        for text in [
            "",
            "T",
            "now",
            "2019-05-16",
            "2019-13-16T00:00Z",
            "2019-02-30T00:00Z",
            "19-05-16T1:2Z",
            "2019-05-16T10:26:14+é",
            "2019-05-16T25:00Z",
            "2019-05-16T10:26:14.Z",
            "2019-05-16T10:26:14+99:00",
            "2019-05-16T10:26:14.1234567890Z",
            "２019-05-16T10:26Z",
        ] {
            let time = Timestamp::from(text);
            assert_eq!(time.to_datetime(), None, "{text}");
            assert_eq!(time.as_str(), text);
        }
    }

    #[test]
    fn writing_is_utc_and_to_the_second() {
        let moment = datetime!(2026-01-02 03:04:05.999 +8);
        assert_eq!(Timestamp::from(moment).as_str(), "2026-01-01T19:04:05Z");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = Timestamp::from(text).to_datetime();
        }

        #[test]
        fn a_written_moment_reads_back(seconds in 0_i64..253_402_300_799) {
            let moment = OffsetDateTime::from_unix_timestamp(seconds).expect("in range");
            prop_assert_eq!(Timestamp::from(moment).to_datetime(), Some(moment));
        }
    }
}
