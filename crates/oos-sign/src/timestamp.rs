//! The one form of date on the wire: `YYYY-MM-DDThh:mm:ssZ`.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Reads a date of the form `YYYY-MM-DDThh:mm:ssZ`, strictly: no fraction, no other zone, no blanks.
///
/// This is the form of `x-acs-date` and `Timestamp` (help page "V3 request structure and signature").
///
/// ```
/// use oos_sign::parse_timestamp;
///
/// assert!(parse_timestamp("2026-01-02T03:04:05Z").is_some());
/// assert!(parse_timestamp("2026-01-02 03:04:05").is_none());
/// ```
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<OffsetDateTime> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let marks = [
        (4, b'-'),
        (7, b'-'),
        (10, b'T'),
        (13, b':'),
        (16, b':'),
        (19, b'Z'),
    ];
    if marks.iter().any(|(place, mark)| bytes[*place] != *mark) {
        return None;
    }
    let year = i32::from(number(&bytes[0..2])?) * 100 + i32::from(number(&bytes[2..4])?);
    let month = Month::try_from(number(&bytes[5..7])?).ok()?;
    let date = Date::from_calendar_date(year, month, number(&bytes[8..10])?).ok()?;
    let time = Time::from_hms(
        number(&bytes[11..13])?,
        number(&bytes[14..16])?,
        number(&bytes[17..19])?,
    )
    .ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

/// A date in its wire form, on the stack.
pub(crate) struct Timestamp([u8; 20]);

impl Timestamp {
    /// `None` for a year that four digits cannot hold. Fractions of a second are cut off.
    pub(crate) fn of(date: OffsetDateTime) -> Option<Self> {
        let date = date.checked_to_offset(UtcOffset::UTC)?;
        let year = u16::try_from(date.year())
            .ok()
            .filter(|year| *year <= 9999)?;
        let mut text = *b"0000-00-00T00:00:00Z";
        put(&mut text[0..2], u8::try_from(year / 100).ok()?);
        put(&mut text[2..4], u8::try_from(year % 100).ok()?);
        put(&mut text[5..7], u8::from(date.month()));
        put(&mut text[8..10], date.day());
        put(&mut text[11..13], date.hour());
        put(&mut text[14..16], date.minute());
        put(&mut text[17..19], date.second());
        Some(Self(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits and marks are ASCII")
    }
}

fn number(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0_u8, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + (digit - b'0'))
    })
}

fn put(place: &mut [u8], number: u8) {
    place[0] = b'0' + number / 10;
    place[1] = b'0' + number % 10;
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn writes_utc_without_fraction() {
        let check = |date, expected: &str| {
            assert_eq!(
                Timestamp::of(date).expect("a date in range").as_str(),
                expected
            );
        };
        check(datetime!(2026-01-02 03:04:05 UTC), "2026-01-02T03:04:05Z");
        check(
            datetime!(2026-01-02 03:04:05.999 +08:00),
            "2026-01-01T19:04:05Z",
        );
        check(datetime!(0007-12-31 23:59:59 UTC), "0007-12-31T23:59:59Z");
        assert!(Timestamp::of(datetime!(-0001-01-01 00:00:00 UTC)).is_none());
        assert!(Timestamp::of(datetime!(-9999-01-01 00:00:00 +23:00)).is_none());
    }

    #[test]
    fn reads_back_what_it_writes() {
        let text = "2024-02-29T23:59:59Z";
        let date = parse_timestamp(text).expect("a leap day");
        assert_eq!(date, datetime!(2024-02-29 23:59:59 UTC));
        assert_eq!(Timestamp::of(date).expect("in range").as_str(), text);
    }

    #[test]
    fn refuses_every_other_form() {
        for wrong in [
            "",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04:05z",
            "2026-01-02t03:04:05Z",
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04:05.000Z",
            "2026-01-02T03:04:05+00:00",
            "2026-1-2T03:04:05Z",
            " 2026-01-02T03:04:05Z",
            "2026-13-02T03:04:05Z",
            "2026-02-29T03:04:05Z",
            "2026-01-02T24:00:00Z",
            "2026-01-02T03:04:60Z",
            "+026-01-02T03:04:05Z",
            "２026-01-02T03:04:0Z",
        ] {
            assert_eq!(parse_timestamp(wrong), None, "{wrong}");
        }
    }
}
