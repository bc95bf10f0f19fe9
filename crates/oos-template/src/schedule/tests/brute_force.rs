//! The firings of random expressions beside a walk over every local second, which knows nothing of
//! the parser, of bit sets and of segments: a list of allowed numbers for each field, and jiff's own
//! answer for the instant of a local time.

use std::collections::BTreeSet;

use proptest::prelude::*;
use time::{Date, Duration, OffsetDateTime, Time};

use crate::schedule::{Cron, Zone};

const DAY: i64 = 86_400;

/// A field as text, with the numbers it lets through.
#[derive(Debug, Clone)]
struct Field {
    text: String,
    numbers: Vec<u8>,
}

fn field(low: u8, high: u8, any: &'static str) -> impl Strategy<Value = Field> {
    let number = low..=high;
    let list = prop::collection::vec(number.clone(), 1..4).prop_map(|numbers| Field {
        text: numbers
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(","),
        numbers,
    });
    let span = (number.clone(), number.clone(), 1_u8..8).prop_map(move |(a, b, step)| {
        let (from, upto) = (a.min(b), a.max(b));
        let numbers = (from..=upto).step_by(step.into()).collect();
        Field {
            text: format!("{from}-{upto}/{step}"),
            numbers,
        }
    });
    let over_the_end = (number.clone(), number)
        .prop_filter("wraps", |(a, b)| a != b)
        .prop_map(move |(a, b)| {
            let (from, upto) = (a.max(b), a.min(b));
            Field {
                text: format!("{from}-{upto}"),
                numbers: (from..=high).chain(low..=upto).collect(),
            }
        });
    let any = Just(Field {
        text: any.to_owned(),
        numbers: (low..=high).collect(),
    });
    prop_oneof![3 => list, 2 => span, 1 => over_the_end, 2 => any]
}

/// How the two day fields may be given.
#[derive(Debug, Clone)]
enum Days {
    Numbers(Field, Field),
    Last,
    LastOf(u8),
    Nth(u8, u8),
}

impl Days {
    fn texts(&self) -> (String, String) {
        match self {
            Self::Numbers(day, weekday) => (day.text.clone(), weekday.text.clone()),
            Self::Last => ("L".into(), "?".into()),
            Self::LastOf(weekday) => ("?".into(), format!("{weekday}L")),
            Self::Nth(weekday, nth) => ("?".into(), format!("{weekday}#{nth}")),
        }
    }

    fn fit(&self, date: Date) -> bool {
        let weekday = date.weekday().number_from_sunday();
        let another_week = |weeks: i64| (date + Duration::weeks(weeks)).month() == date.month();
        match self {
            Self::Numbers(day, week) => {
                day.numbers.contains(&date.day()) && week.numbers.contains(&weekday)
            }
            Self::Last => (date + Duration::DAY).month() != date.month(),
            Self::LastOf(wanted) => weekday == *wanted && !another_week(1),
            Self::Nth(wanted, nth) => {
                let before = (1_i64..=4)
                    .take_while(|weeks| another_week(-*weeks))
                    .count();
                weekday == *wanted && before + 1 == usize::from(*nth)
            }
        }
    }
}

fn days() -> impl Strategy<Value = Days> {
    prop_oneof![
        3 => field(1, 31, "*").prop_map(|day| Days::Numbers(day, Field { text: "?".into(), numbers: (1..=7).collect() })),
        3 => field(1, 7, "*").prop_map(|week| Days::Numbers(Field { text: "?".into(), numbers: (1..=31).collect() }, week)),
        1 => (field(1, 31, "?"), field(1, 7, "?")).prop_map(|(day, week)| Days::Numbers(day, week)),
        1 => Just(Days::Last),
        1 => (1_u8..=7).prop_map(Days::LastOf),
        1 => (1_u8..=7, 1_u8..=5).prop_map(|(weekday, nth)| Days::Nth(weekday, nth)),
    ]
}

#[derive(Debug, Clone)]
struct Expression {
    clock: [Field; 3],
    days: Days,
    months: Field,
}

impl Expression {
    fn text(&self) -> String {
        let [second, minute, hour] = &self.clock;
        let (day, weekday) = self.days.texts();
        let months = &self.months.text;
        format!(
            "{} {} {} {day} {months} {weekday}",
            second.text, minute.text, hour.text
        )
    }

    /// The instants of all local seconds of some days that fit.
    fn instants(&self, zone: &Zone, first: Date, days: i64) -> BTreeSet<i64> {
        let allowed = self.clock.clone().map(|field| {
            let mut allowed = [false; 60];
            field
                .numbers
                .iter()
                .for_each(|n| allowed[usize::from(*n)] = true);
            allowed
        });
        let [seconds, minutes, hours] = allowed;
        let mut found = BTreeSet::new();
        for day in 0..days {
            let date = first + Duration::days(day);
            if !self.months.numbers.contains(&date.month().into()) || !self.days.fit(date) {
                continue;
            }
            let midnight = date.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp();
            for second in 0..86_400_usize {
                let clock_fits =
                    seconds[second % 60] && minutes[second / 60 % 60] && hours[second / 3600];
                if clock_fits {
                    let local = midnight + i64::try_from(second).expect("of a day");
                    found.insert(zone.instant_of(local).expect("in range"));
                }
            }
        }
        found
    }
}

fn expression(seconds: impl Strategy<Value = Field>) -> impl Strategy<Value = Expression> {
    (
        seconds,
        field(0, 59, "*"),
        field(0, 23, "*"),
        days(),
        field(1, 12, "*"),
    )
        .prop_map(|(second, minute, hour, days, months)| Expression {
            clock: [second, minute, hour],
            days,
            months,
        })
}

fn zones() -> impl Strategy<Value = Zone> {
    const NAMES: &[&str] = &[
        "UTC",
        "Asia/Shanghai",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Africa/Casablanca",
        "Asia/Tehran",
        "Antarctica/Troll",
    ];
    prop::sample::select(NAMES).prop_map(|name| Zone::parse(name).expect("a zone"))
}

/// The firings after the first of some instants until past the last are these instants.
fn compare(expression: &Expression, zone: &Zone, expected: &BTreeSet<i64>, first: i64, last: i64) {
    let cron = Cron::parse(&expression.text()).expect("an expression");
    let at = |second| OffsetDateTime::from_unix_timestamp(second).expect("in range");
    let mut now = first;
    for wanted in expected.range(first + 1..last) {
        let next = cron.next_after(at(now), zone);
        assert_eq!(
            next,
            Some(at(*wanted)),
            "{cron} in {zone:?} after {}",
            at(now)
        );
        now = *wanted;
    }
    let next = cron.next_after(at(now), zone);
    assert!(
        next.is_none_or(|next| next >= at(last)),
        "{cron} in {zone:?}: {next:?} is too much"
    );
}

fn one_second() -> impl Strategy<Value = Field> {
    (0_u8..=59).prop_map(|second| Field {
        text: second.to_string(),
        numbers: vec![second],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    /// Every second of a year.
    #[test]
    fn a_year_of_firings(expression in expression(one_second()), zone in zones(), year in 1995_i32..2090) {
        let first = Date::from_ordinal_date(year, 1).expect("a year");
        let expected = expression.instants(&zone, first, 366);
        let start = first.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp();
        // Away from the edges, where local days of the years beside would count.
        let (from, upto) = (start + 2 * DAY, start + 363 * DAY);
        let spread: BTreeSet<i64> = expected.iter().copied().take(20_000).collect();
        let upto = if spread.len() < expected.len() { *spread.last().expect("many") } else { upto };
        compare(&expression, &zone, &spread, from, upto.max(from + 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Every second of the days around a change of the offset, with seconds that fire often.
    #[test]
    fn changes_of_the_offset(
        expression in expression(field(0, 59, "*")),
        zone in zones(),
        day in 0_i64..36_500,
        minute in 0_i64..2880,
    ) {
        let change = zone.segment(day * DAY).end.min(4_000_000_000);
        let centre = OffsetDateTime::from_unix_timestamp(change).expect("in range").date();
        let mut expression = expression;
        expression.days = Days::Numbers(
            Field { text: "*".into(), numbers: (1..=31).collect() },
            Field { text: "?".into(), numbers: (1..=7).collect() },
        );
        expression.months = Field { text: "*".into(), numbers: (1..=12).collect() };
        let expected = expression.instants(&zone, centre - Duration::days(1), 3);
        let from = change - DAY + minute * 60;
        let spread: BTreeSet<i64> = expected.range(from + 1..).copied().take(3000).collect();
        let upto = spread.last().copied().unwrap_or(from + 1).min(change + DAY);
        compare(&expression, &zone, &spread, from, upto.max(from + 1));
    }
}
