//! Dates in HTTP headers.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that HTTP/1.1 lets servers write (RFC 9110,
/// 5.6.7).
const FORM: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

pub(crate) fn http_date(text: &str) -> Option<OffsetDateTime> {
    let date = PrimitiveDateTime::parse(text.trim(), FORM).ok()?;
    Some(date.assume_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn one_form_is_read() {
        let check = |text: &str, expected: Option<OffsetDateTime>| {
            assert_eq!(http_date(text), expected, "{text}");
        };
        let date = datetime!(1994-11-06 08:49:37 UTC);
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(date));
        check(" Sun, 06 Nov 1994 08:49:37 GMT ", Some(date));
        check("Sunday, 06-Nov-94 08:49:37 GMT", None);
        check("Sun, 06 Nov 1994 08:49:37 +0800", None);
        check("Sun, 31 Feb 1994 08:49:37 GMT", None);
        check("", None);
        check(&"9".repeat(100_000), None);
    }
}
