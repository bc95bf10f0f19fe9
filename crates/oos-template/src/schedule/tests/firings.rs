//! Firings worked by hand from the calendar and from the offset changes of the zones.

use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::schedule::{Schedule, Window};

fn instant(text: &str) -> OffsetDateTime {
    let whole = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        16 => format!("{text}:00Z"),
        _ => format!("{text}Z"),
    };
    OffsetDateTime::parse(&whole, &Rfc3339).expect("a date in the table")
}

/// Follows a cron expression from an instant (UTC) through all expected firings (UTC).
fn check(expression: &str, zone: &str, after: &str, expected: &[&str]) {
    let schedule = Schedule::parse("cron", expression, Some(zone))
        .unwrap_or_else(|error| panic!("{expression}: {error}"));
    let mut now = instant(after);
    let window = Window::from(now - Duration::days(1));
    for wanted in expected {
        let next = schedule.next_after(now, &window);
        assert_eq!(
            next,
            Some(instant(wanted)),
            "{expression} in {zone} after {now}"
        );
        now = instant(wanted);
    }
}

/// 2024-01-01 is a Monday, and 2024 a leap year.
#[test]
#[rustfmt::skip]
fn fields_of_the_day() {
    for (expression, after, expected) in [
        ("* * * * * ?", "2024-01-01T00:00:00", &["2024-01-01T00:00:01", "2024-01-01T00:00:02"][..]),
        ("0 * * * * ?", "2024-01-01T00:00:00", &["2024-01-01T00:01", "2024-01-01T00:02"]),
        ("0 * * * * ?", "2023-12-31T23:59:30", &["2024-01-01"]),
        ("30 59 23 * * ?", "2024-02-28T23:59:30", &["2024-02-29T23:59:30", "2024-03-01T23:59:30"]),
        ("0 0/15 * * * ?", "2024-01-01T00:00:01", &["2024-01-01T00:15", "2024-01-01T00:30", "2024-01-01T00:45", "2024-01-01T01:00"]),
        ("0 */20 * * * ?", "2024-01-01T00:59:59", &["2024-01-01T01:00", "2024-01-01T01:20"]),
        ("0 5/20 3 * * ?", "2024-01-01", &["2024-01-01T03:05", "2024-01-01T03:25", "2024-01-01T03:45", "2024-01-02T03:05"]),
        ("0 10-40/15 * * * ?", "2024-01-01T12:26", &["2024-01-01T12:40", "2024-01-01T13:10"]),
        ("15,45 0 12 * * ?", "2024-01-01T12:00:15", &["2024-01-01T12:00:45", "2024-01-02T12:00:15"]),
        ("0 0 8,20 * * ?", "2024-01-01T08:00", &["2024-01-01T20:00", "2024-01-02T08:00"]),
        ("0 0 9-17 * * ?", "2024-01-01T16:30", &["2024-01-01T17:00", "2024-01-02T09:00"]),
        ("0 0 22-2 * * ?", "2024-01-01T22:30", &["2024-01-01T23:00", "2024-01-02T00:00", "2024-01-02T01:00", "2024-01-02T02:00", "2024-01-02T22:00"]),
        ("0 0 22-4/3 * * ?", "2024-01-01T12:00", &["2024-01-01T22:00", "2024-01-02T01:00", "2024-01-02T04:00", "2024-01-02T22:00"]),
        ("0 0 0/6 * * ?", "2024-01-01T18:00", &["2024-01-02T00:00", "2024-01-02T06:00"]),
        ("0 0 0 * * ?", "2024-01-01T00:00:00", &["2024-01-02"]),
        ("59 59 23 31 12 ?", "2024-01-01", &["2024-12-31T23:59:59", "2025-12-31T23:59:59"]),
        ("  0   0 0 * * ? ", "2024-01-01", &["2024-01-02"]),
        ("0 /30 * * * ?", "2024-01-01", &["2024-01-01T00:30", "2024-01-01T01:00"]),
        ("0 0,0,30 0 * * ?", "2024-01-01", &["2024-01-01T00:30", "2024-01-02T00:00"]),
    ] {
        check(expression, "UTC", after, expected);
    }
}

#[test]
#[rustfmt::skip]
fn days_of_the_month() {
    for (expression, after, expected) in [
        ("0 0 0 1 * ?", "2024-01-01", &["2024-02-01", "2024-03-01", "2024-04-01"][..]),
        ("0 0 0 31 * ?", "2024-01-31", &["2024-03-31", "2024-05-31", "2024-07-31", "2024-08-31", "2024-10-31", "2024-12-31"]),
        ("0 0 0 30 2,3 ?", "2024-01-01", &["2024-03-30", "2025-03-30"]),
        ("0 0 0 29 2 ?", "2024-02-29", &["2028-02-29", "2032-02-29"]),
        ("0 0 0 29 2 ?", "2096-03-01", &["2104-02-29"]),
        ("0 0 0 L * ?", "2024-01-01", &["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
        ("0 0 0 L 2 ?", "2024-03-01", &["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("0 0 0 15,L * ?", "2024-02-01", &["2024-02-15", "2024-02-29", "2024-03-15"]),
        ("0 0 0 */10 * ?", "2024-01-02", &["2024-01-11", "2024-01-21", "2024-01-31", "2024-02-01", "2024-02-11"]),
        ("0 0 0 5/13 * ?", "2024-02-01", &["2024-02-05", "2024-02-18", "2024-03-05", "2024-03-18", "2024-03-31"]),
        ("0 0 0 29-2 * ?", "2023-02-01", &["2023-02-02", "2023-03-01", "2023-03-02", "2023-03-29"]),
        ("0 0 0 1 JAN,jul ?", "2024-01-01", &["2024-07-01", "2025-01-01"]),
        ("0 0 0 1 */5 ?", "2024-01-01", &["2024-06-01", "2024-11-01", "2025-01-01"]),
        ("0 0 0 1 NOV-FEB ?", "2024-02-01", &["2024-11-01", "2024-12-01", "2025-01-01", "2025-02-01"]),
        ("0 0 0 1 6-8 ?", "2024-07-15", &["2024-08-01", "2025-06-01"]),
    ] {
        check(expression, "UTC", after, expected);
    }
}

#[test]
#[rustfmt::skip]
fn days_of_the_week() {
    for (expression, after, expected) in [
        ("0 0 9 ? * 1", "2024-01-01", &["2024-01-07T09:00", "2024-01-14T09:00"][..]),
        ("0 0 9 ? * MON-FRI", "2024-01-05T09:00", &["2024-01-08T09:00", "2024-01-09T09:00"]),
        ("0 0 9 ? * 2-6", "2024-05-03T09:00", &["2024-05-06T09:00"]),
        ("0 0 9 ? * sat,Sun", "2024-01-01", &["2024-01-06T09:00", "2024-01-07T09:00", "2024-01-13T09:00"]),
        ("0 0 0 ? * FRI-MON", "2024-01-02", &["2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08", "2024-01-12"]),
        ("0 0 0 ? * 2/2", "2024-01-02", &["2024-01-03", "2024-01-05", "2024-01-08"]),
        ("0 0 0 ? * L", "2024-01-01", &["2024-01-06", "2024-01-13"]),
        ("0 0 0 ? * 6L", "2024-01-01", &["2024-01-26", "2024-02-23", "2024-03-29"]),
        ("0 0 0 ? 2 THUL", "2024-01-01", &["2024-02-29", "2025-02-27"]),
        ("0 0 0 ? * 6#3", "2024-01-01", &["2024-01-19", "2024-02-16", "2024-03-15"]),
        ("0 0 0 ? * FRI#5", "2024-01-01", &["2024-03-29", "2024-05-31", "2024-08-30"]),
        ("0 0 0 ? * 2#1,2#3", "2024-01-02", &["2024-01-15", "2024-02-05", "2024-02-19"]),
        ("0 0 0 ? 11 5#4", "2024-01-01", &["2024-11-28", "2025-11-27"]),
        ("0 0 0 13 * FRI", "2024-01-01", &["2024-09-13", "2024-12-13", "2025-06-13"]),
        ("0 0 0 29 2 MON", "2024-03-01", &["2044-02-29", "2072-02-29"]),
        ("0 0 0 * * *", "2024-01-01", &["2024-01-02"]),
        ("0 0 0 ? * ?", "2024-01-01", &["2024-01-02"]),
    ] {
        check(expression, "UTC", after, expected);
    }
}

/// Shanghai is 8 hours ahead all year; Kolkata 5:30; Kathmandu 5:45; Kiritimati 14; Niue 11 behind.
#[test]
#[rustfmt::skip]
fn zones_without_daylight_saving() {
    for (expression, zone, after, expected) in [
        ("0 0 2 * * ?", "Asia/Shanghai", "2024-03-01", &["2024-03-01T18:00", "2024-03-02T18:00"][..]),
        ("0 0 2 * * ?", "asia/shanghai", "2024-03-01", &["2024-03-01T18:00"]),
        ("0 0 0 1 3 ?", "Asia/Shanghai", "2024-02-01", &["2024-02-29T16:00"]),
        ("0 0 0 ? * MON", "Asia/Shanghai", "2024-01-01", &["2024-01-07T16:00"]),
        ("0 0 0 L * ?", "Asia/Shanghai", "2024-02-01", &["2024-02-28T16:00", "2024-03-30T16:00"]),
        ("0 0 * * * ?", "Asia/Kolkata", "2024-01-01", &["2024-01-01T00:30", "2024-01-01T01:30"]),
        ("0 45 5 * * ?", "Asia/Kathmandu", "2024-01-01", &["2024-01-02"]),
        ("0 0 0 1 1 ?", "Pacific/Kiritimati", "2023-06-01", &["2023-12-31T10:00"]),
        ("0 0 0 1 1 ?", "Pacific/Niue", "2023-06-01", &["2024-01-01T11:00"]),
        ("0 0 12 * * ?", "Etc/GMT-8", "2024-01-01", &["2024-01-01T04:00"]),
    ] {
        check(expression, zone, after, expected);
    }
}

/// New York 2024: forward at 07:00 UTC on 10 March, back at 06:00 UTC on 3 November. Berlin: forward at
/// 01:00 UTC on 31 March, back at 01:00 UTC on 27 October.
#[test]
#[rustfmt::skip]
fn daylight_saving() {
    const NEW_YORK: &str = "America/New_York";
    const BERLIN: &str = "Europe/Berlin";
    for (expression, zone, after, expected) in [
        // Noon stays noon on the wall.
        ("0 0 12 * * ?", NEW_YORK, "2024-03-09", &["2024-03-09T17:00", "2024-03-10T16:00"][..]),
        ("0 0 12 * * ?", NEW_YORK, "2024-11-02", &["2024-11-02T16:00", "2024-11-03T17:00"]),
        // 02:30 is skipped: it comes at what is called 03:30, half an hour after the change.
        ("0 30 2 * * ?", NEW_YORK, "2024-03-09", &["2024-03-09T07:30", "2024-03-10T07:30", "2024-03-11T06:30"]),
        ("0 0 2 * * ?", NEW_YORK, "2024-03-09T08:00", &["2024-03-10T07:00", "2024-03-11T06:00"]),
        ("0 30 2 * * ?", BERLIN, "2024-03-30T02:00", &["2024-03-31T01:30", "2024-04-01T00:30"]),
        // Skipped and real times that fall together fire once.
        ("0 30 2,3 * * ?", NEW_YORK, "2024-03-10", &["2024-03-10T07:30", "2024-03-11T06:30", "2024-03-11T07:30"]),
        ("0 0/30 * * * ?", NEW_YORK, "2024-03-10T06:00", &["2024-03-10T06:30", "2024-03-10T07:00", "2024-03-10T07:30", "2024-03-10T08:00"]),
        ("0 0 * * * ?", NEW_YORK, "2024-03-10T05:00", &["2024-03-10T06:00", "2024-03-10T07:00", "2024-03-10T08:00"]),
        // 01:30 comes twice and fires the first time.
        ("0 30 1 * * ?", NEW_YORK, "2024-11-02T12:00", &["2024-11-03T05:30", "2024-11-04T06:30"]),
        ("0 30 1 * * ?", NEW_YORK, "2024-11-03T05:45", &["2024-11-04T06:30"]),
        ("0 30 1 * * ?", NEW_YORK, "2024-11-03T06:15", &["2024-11-04T06:30"]),
        ("0 30 2 * * ?", BERLIN, "2024-10-26T12:00", &["2024-10-27T00:30", "2024-10-28T01:30"]),
        ("0 0/30 * * * ?", NEW_YORK, "2024-11-03T05:00", &["2024-11-03T05:30", "2024-11-03T07:00", "2024-11-03T07:30"]),
        ("0 0 3 * * ?", BERLIN, "2024-10-26T12:00", &["2024-10-27T02:00"]),
        // Lord Howe moves by half an hour: 02:00 becomes 02:30 on 6 October 2024, at 15:30 UTC the day before.
        ("0 15 2 * * ?", "Australia/Lord_Howe", "2024-10-05T00:00", &["2024-10-05T15:45", "2024-10-06T15:15"]),
        ("0 15,40 2 * * ?", "Australia/Lord_Howe", "2024-10-05T00:00", &["2024-10-05T15:40", "2024-10-05T15:45", "2024-10-06T15:15", "2024-10-06T15:40"]),
        // Apia had no 30 December 2011: it comes where the 31st is.
        ("0 0 10 30 12 ?", "Pacific/Apia", "2011-12-01", &["2011-12-30T20:00", "2012-12-29T20:00"]),
        ("0 0 10 * * ?", "Pacific/Apia", "2011-12-29", &["2011-12-29T20:00", "2011-12-30T20:00", "2011-12-31T20:00"]),
        // Rules reach beyond the table of changes.
        ("0 30 2 ? 3 1#2", NEW_YORK, "2100-01-01", &["2100-03-14T07:30"]),
    ] {
        check(expression, zone, after, expected);
    }
}

#[test]
fn rates_count_from_the_start() {
    let start = datetime!(2024-01-01 00:00:30 UTC);
    for (expression, after, expected) in [
        ("30 minutes", "2024-01-01T00:00:30", "2024-01-01T00:30:30"),
        ("30 minutes", "2024-01-01T00:30:29", "2024-01-01T00:30:30"),
        ("30 minutes", "2024-01-01T00:30:30", "2024-01-01T01:00:30"),
        ("5 minute", "2023-01-01", "2024-01-01T00:05:30"),
        ("1 Hour", "2024-01-01T05:00:31", "2024-01-01T06:00:30"),
        ("2 days", "2024-02-28T00:00:30", "2024-03-01T00:00:30"),
        ("1  WEEK", "2024-01-08T00:00:30", "2024-01-15T00:00:30"),
    ] {
        let schedule = Schedule::parse("Rate", expression, None).expect(expression);
        let next = schedule.next_after(instant(after), &Window::from(start));
        assert_eq!(next, Some(instant(expected)), "{expression} after {after}");
    }
}

#[test]
fn points_in_time_fire_once() {
    for (expression, zone, expected) in [
        ("2020-02-29T09:17:35Z", None, "2020-02-29T09:17:35"),
        ("2020-02-29T09:17:35.000Z", None, "2020-02-29T09:17:35"),
        ("2020-02-29 09:17:35 UTC", None, "2020-02-29T09:17:35"),
        (
            "2020-02-29T09:17Z",
            Some("Asia/Shanghai"),
            "2020-02-29T09:17",
        ),
        (
            "2020-02-29T09:17:35",
            Some("Asia/Shanghai"),
            "2020-02-29T01:17:35",
        ),
        (
            "2024-03-10T02:30:00",
            Some("America/New_York"),
            "2024-03-10T07:30",
        ),
        (
            "2024-11-03T01:30:00",
            Some("America/New_York"),
            "2024-11-03T05:30",
        ),
    ] {
        let schedule = Schedule::parse("at", expression, zone).expect(expression);
        let window = Window::from(instant("2020-01-01"));
        let fired = instant(expected);
        assert_eq!(
            schedule.next_after(instant("2020-01-01"), &window),
            Some(fired)
        );
        assert_eq!(schedule.next_after(fired, &window), None);
    }
}

#[test]
#[rustfmt::skip]
fn windows_bound_every_schedule() {
    let (start, end) = (
        datetime!(2024-01-02 00:00 UTC),
        datetime!(2024-01-03 00:00 UTC),
    );
    let window = Window::from(start).until(end);
    let (before, last) = (
        datetime!(2023-01-01 00:00 UTC),
        datetime!(2024-01-02 12:00 UTC),
    );
    for (type_, expression, first, after_last) in [
        ("cron", "0 0 0 * * ?", Some(start), None),
        ("cron", "0 0 13 * * ?", Some(datetime!(2024-01-02 13:00 UTC)), Some(datetime!(2024-01-02 13:00 UTC))),
        ("rate", "24 hours", None, None),
        ("rate", "23 hours", Some(datetime!(2024-01-02 23:00 UTC)), Some(datetime!(2024-01-02 23:00 UTC))),
        ("at", "2024-01-02T00:00:00Z", Some(start), None),
        ("at", "2024-01-01T23:59:59Z", None, None),
        ("at", "2024-01-03T00:00:00Z", None, None),
    ] {
        let schedule = Schedule::parse(type_, expression, None).expect(expression);
        assert_eq!(schedule.next_after(before, &window), first, "{expression}");
        assert_eq!(
            schedule.next_after(last, &window),
            after_last,
            "{expression}"
        );
    }
}

#[test]
fn schedules_that_never_fire_are_known() {
    for (expression, expected) in [
        ("0 0 0 30 2 ?", true),
        ("0 0 0 31 2,4,6,9,11 ?", true),
        ("0 0 0 31 FEB ?", true),
        ("0 0 0 29 2 ?", false),
        ("0 0 0 29 2 MON#5", false),
        ("0 0 0 8-31 * 2#1", true),
        ("0 0 0 29 2 1#4", true),
        ("0 0 0 L 2 ?", false),
        ("* * * * * *", false),
    ] {
        let schedule =
            Schedule::parse("cron", expression, Some("Asia/Shanghai")).expect(expression);
        assert_eq!(schedule.never_fires(), expected, "{expression}");
        let now = datetime!(2024-01-01 00:00 UTC);
        let next = schedule.next_after(now, &Window::from(now));
        assert_eq!(next.is_none(), expected, "{expression}");
    }
}

#[test]
fn the_end_of_the_calendar_is_the_end() {
    let late = datetime!(9999-12-31 23:59:59 UTC);
    for (type_, expression) in [("cron", "* * * * * ?"), ("rate", "1 minute")] {
        let schedule = Schedule::parse(type_, expression, Some("Asia/Shanghai")).expect(expression);
        assert_eq!(schedule.next_after(late, &Window::from(late)), None);
    }
    let early = datetime!(-9999-01-01 00:00 UTC);
    let cron = Schedule::parse("cron", "0 0 0 * * ?", Some("America/New_York")).expect("a cron");
    assert!(
        cron.next_after(early, &Window::from(early))
            .is_none_or(|next| next > early)
    );
}
