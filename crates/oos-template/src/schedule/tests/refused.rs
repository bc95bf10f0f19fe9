//! What is no schedule, and what the error says.

use crate::schedule::{Schedule, ScheduleProperty, Zone, parse_instant};

fn check(type_: &str, expression: &str, column: usize, message: &str, fix: Option<&str>) {
    let error = Schedule::parse(type_, expression, None)
        .map(|schedule| panic!("{expression}: {schedule:?}"))
        .unwrap_err();
    assert!(error.to_string().contains(message), "{expression}: {error}");
    assert_eq!(error.column(), column, "{expression}: {error}");
    assert_eq!(error.fix(), fix, "{expression}: {error}");
}

#[test]
fn crontab_lines_are_recognised() {
    for (line, fix) in [
        ("*/5 * * * *", Some("0 */5 * * * ?")),
        ("0 2 * * *", Some("0 0 2 * * ?")),
        ("0 2 1 * *", Some("0 0 2 1 * ?")),
        ("0 2 * * 0", Some("0 0 2 ? * 1")),
        ("0 2 * * 7", Some("0 0 2 ? * 1")),
        ("0 2 * * 1-5", Some("0 0 2 ? * 2-6")),
        ("0 2 * * MON,3", Some("0 0 2 ? * MON,4")),
        ("0 2 1 * 5", None),
        ("0 2 * * 1/2", None),
        ("0 2 * * 9", None),
    ] {
        check("cron", line, 1, "crontab line of 5 fields", fix);
    }
    let fix = Some("0 0 2 * * ?");
    check("cron", "0 0 2 * * ? 2024", 1, "no field for the year", fix);
    for line in ["", "*", "* * * *", "* * * * * * * *", "@daily"] {
        check("cron", line, 1, "a timer has 6 fields", None);
    }
    let long = format!("{}0 0 * * * ?", "0,".repeat(400));
    check("cron", &long, 1, "at most 500 characters", None);
}

#[test]
fn fields_say_where_they_are_wrong() {
    for (expression, column, message) in [
        ("60 * * * * ?", 1, "second (column 1): 60 is outside 0-59"),
        ("0 60 * * * ?", 3, "minute (column 3): 60 is outside 0-59"),
        ("0 0 24 * * ?", 5, "hour (column 5): 24 is outside 0-23"),
        (
            "0 0 0 0 * ?",
            7,
            "day of the month (column 7): 0 is outside 1-31",
        ),
        ("0 0 0 32 * ?", 7, "32 is outside 1-31"),
        ("0 0 0 * 13 ?", 9, "month (column 9): 13 is outside 1-12"),
        (
            "0 0 0 ? * 0",
            11,
            "day of the week (column 11): 0 is outside 1-7 (1 is Sunday)",
        ),
        ("0 0 0 ? * 8", 11, "8 is outside 1-7"),
        ("  0 0 0 ? * 8", 13, "8 is outside 1-7"),
        ("0 1,2,x * * * ?", 7, "\"x\" is no number from 0 to 59"),
        ("0 1,,2 * * * ?", 5, "a value is missing"),
        ("0 1, * * * ?", 5, "a value is missing"),
        ("0 1- * * * ?", 5, "a number is missing"),
        ("0 -1 * * * ?", 3, "a number is missing"),
        ("0 1-60 * * * ?", 5, "60 is outside 0-59"),
        ("0 1-2-3 * * * ?", 5, "\"2-3\" is no number"),
        ("0 0/0 * * * ?", 5, "a step is a number from 1 to 59"),
        ("0 0/60 * * * ?", 5, "a step is a number from 1 to 59"),
        ("0 0 0/24 * * ?", 7, "a step is a number from 1 to 23"),
        ("0 0/ * * * ?", 5, "a step is a number from 1 to 59"),
        ("0 0/1/2 * * * ?", 5, "a step is a number from 1 to 59"),
        (
            "0 0 0 ? JANUARY 1",
            9,
            "\"JANUARY\" is no number from 1 to 12 or a name from JAN to DEC",
        ),
        ("0 0 0 ? * MO", 11, "or a name from SUN to SAT"),
        ("0 0 0 ? * 6#6", 11, "after # stands a number from 1 to 5"),
        ("0 0 0 ? * 6#", 11, "after # stands a number from 1 to 5"),
        ("0 0 0 ? * #3", 11, "a number is missing"),
        (
            "0 0 0 6#3 * ?",
            7,
            "# stands only in the field of the day of the week",
        ),
        ("0 0 0 3L * ?", 7, "L stands alone"),
        ("0 0 0 15W * ?", 7, "W and L-n are not documented"),
        ("0 0 0 LW * ?", 7, "W and L-n are not documented"),
        ("0 0 0 L-3 * ?", 7, "W and L-n are not documented"),
        ("0 0 0 1,? * *", 9, "? stands alone"),
        ("0 0 L * * ?", 5, "\"L\" is no number from 0 to 23"),
        ("0 0 0 １ * ?", 7, "no number from 1 to 31"),
        ("0 0 ä 32 * ?", 5, "no number from 0 to 23"),
        ("0 99999999999999999999 * * * ?", 3, "is outside 0-59"),
    ] {
        check("cron", expression, column, message, None);
    }
    check(
        "cron",
        "0 0 ? * * *",
        5,
        "? stands only in the two fields of days",
        Some("*"),
    );
}

#[test]
#[rustfmt::skip]
fn other_types_are_as_strict() {
    for (type_, expression, column, message, fix) in [
        ("rate", "rate(5 minutes)", 1, "a whole number and a unit", Some("5 minutes")),
        ("rate", "minutes", 1, "a whole number and a unit", Some("30 minutes")),
        ("rate", "1.5 hours", 2, "is no unit of a rate", Some("1 minutes")),
        ("rate", "5", 2, "the unit is missing", Some("5 minutes")),
        ("rate", " 5 seconds", 4, "\"seconds\" is no unit of a rate", Some("5 minutes")),
        ("rate", "0 hours", 1, "at least 1", Some("1 hours")),
        ("rate", "30minutes", 3, "a blank is missing", Some("30 minutes")),
        ("rate", "99999999999 weeks", 1, "at most 100 years", None),
        ("rate", "99999999999999999999999 weeks", 1, "at most 100 years", None),
        ("at", "2020-02-29", 1, "the time of day is missing", Some("2020-02-29T09:17:35Z")),
        ("at", "2019-02-29T00:00:00Z", 1, "the calendar has no such day", Some("2020-02-29T09:17:35Z")),
        ("at", "2020-02-29T24:00:00Z", 1, "the day has no such time", Some("2020-02-29T09:17:35Z")),
        ("at", "tomorrow", 1, "write it like", Some("2020-02-29T09:17:35Z")),
        ("every", "5 minutes", 1, "\"every\" is no type of a timer", Some("cron, rate or at")),
    ] {
        check(type_, expression, column, message, fix);
    }
}

#[test]
fn zones_have_iana_names() {
    for (name, fix) in [
        ("CST", Some("Asia/Shanghai")),
        ("UTC+8", Some("Asia/Shanghai")),
        ("Asia/Beijing", Some("Asia/Shanghai")),
        ("Asia/Shangai", Some("Asia/Shanghai")),
        ("New York", Some("America/New_York")),
        ("Mars/Olympus", None),
        ("", None),
    ] {
        let error = Zone::parse(name).expect_err(name);
        assert_eq!(error.property(), ScheduleProperty::TimeZone);
        assert!(error.to_string().contains("IANA"), "{error}");
        assert_eq!(error.fix(), fix, "{name}");
    }
    assert_eq!(
        Zone::parse(" america/new_york ").unwrap().name(),
        "America/New_York"
    );
    assert_eq!(Zone::parse("UTC").unwrap().name(), "UTC");
}

#[test]
#[rustfmt::skip]
fn dates_of_windows() {
    for (text, message) in [
        ("2020-12-20T00:00:00", "the Z for UTC is missing"),
        ("2020-12-20T00:00:00+08:00", "write it like"),
        ("20-12-20", "write it like"),
        ("2020-13-01", "the calendar has no such day"),
        ("2020-12-20T00:00:00.Z", "write it like"),
        ("2020-12-20T0:0:0Z", "write it like"),
        ("", "write it like"),
    ] {
        let error = parse_instant(text).expect_err(text);
        assert_eq!(error.property(), ScheduleProperty::Date);
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
    for text in [
        "2020-12-20",
        "2020-12-20T00:00:00Z",
        "2020-12-20T00:00:00.000Z",
        "2020-12-20 00:00:00 UTC",
        "2020-12-20T00:00Z",
    ] {
        let read = parse_instant(text).expect(text);
        assert_eq!(
            read,
            time::macros::datetime!(2020-12-20 00:00 UTC),
            "{text}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_text_panics(type_ in "cron|rate|at", text in "[-0-9A-Za-z*?/,#: ]{0,40}", zone in "[A-Za-z/+0-9:]{0,12}") {
        let _ = Zone::parse(&zone);
        if let Ok(schedule) = Schedule::parse(&type_, &text, None) {
            let now = time::macros::datetime!(2024-01-01 00:00 UTC);
            let _ = schedule.next_after(now, &now.into());
        }
    }
}
