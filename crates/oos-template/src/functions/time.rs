//! Times: `Fn::AddHour`, `Fn::FormatUTCTime`, `Fn::DurationBetween`. None of them reads a clock: what
//! time it is comes in as an argument, mostly from `{{ ACS::CurrentUTCTime }}`.

use std::fmt::Write as _;

use time::{Duration, OffsetDateTime};

use super::Call;
use crate::expr::EvalError;
use crate::schedule;
use crate::value::{Number, Value};

/// `[time, hours]`.
pub(super) fn add_hour(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [time, hours] = call.items(argument)?;
    let time = instant(call, time)?;
    let number = match &hours {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => Number::parse(text.trim()),
        _ => None,
    };
    let number = number.ok_or_else(|| {
        call.error(format!(
            "takes a number of hours, not this {}",
            hours.kind()
        ))
    })?;
    let seconds = (number.as_f64() * 3600.0).round();
    let shifted = (seconds.abs() < MAX_SHIFT)
        .then(|| Duration::checked_seconds_f64(seconds))
        .flatten()
        .and_then(|shift| time.checked_add(shift))
        .filter(|shifted| (0..=9999).contains(&shifted.year()));
    let shifted = shifted.ok_or_else(|| call.error("leaves the years 0 to 9999"))?;
    formatted(call, shifted, "%Y-%m-%dT%H:%M:%SZ").map(Value::String)
}

/// Seconds of more than 10,000 years.
const MAX_SHIFT: f64 = 4e11;

/// `[time, format]`.
pub(super) fn format_utc_time(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [time, format] = call.items(argument)?;
    let time = instant(call, time)?;
    formatted(call, time, &call.text(format)?).map(Value::String)
}

/// `[from, to]`.
pub(super) fn duration_between(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [from, to] = call.items(argument)?;
    let (from, to) = (moment(call, from)?, moment(call, to)?);
    let seconds = match (from, to) {
        (Moment::OfDay(from), Moment::OfDay(to)) => (to - from).rem_euclid(86_400),
        (Moment::Instant(from), Moment::Instant(to)) if from <= to => (to - from).whole_seconds(),
        (Moment::Instant(_), Moment::Instant(_)) => {
            return Err(call.error("takes a second date that is not before the first"));
        }
        _ => return Err(call.error("takes two times of day or two dates, not one of each")),
    };
    Ok(Value::String(iso_duration(seconds)))
}

enum Moment {
    /// Seconds of the day.
    OfDay(i64),
    Instant(OffsetDateTime),
}

fn moment(call: &Call, value: Value) -> Result<Moment, EvalError> {
    let text = call.text(value)?;
    if let Ok(instant) = schedule::parse_instant(&text) {
        return Ok(Moment::Instant(instant));
    }
    let clock = text.trim();
    let clock = clock.strip_suffix(['Z', 'z']).unwrap_or(clock);
    // Reads the time of day as that of some day.
    let of_day = schedule::parse_instant(&format!("2000-01-01T{clock}Z"));
    of_day
        .map(|time| Moment::OfDay(time.unix_timestamp().rem_euclid(86_400)))
        .map_err(|_| call.error("takes times such as 09:30:00Z or 2024-03-01T09:30:00Z"))
}

fn iso_duration(seconds: i64) -> String {
    let mut out = "PT".to_owned();
    let parts = [
        (seconds / 3600, 'H'),
        (seconds / 60 % 60, 'M'),
        (seconds % 60, 'S'),
    ];
    for (count, unit) in parts {
        if count > 0 || (unit == 'S' && out.len() == 2) {
            let _ = write!(out, "{count}{unit}");
        }
    }
    out
}

fn instant(call: &Call, value: Value) -> Result<OffsetDateTime, EvalError> {
    let text = call.text(value)?;
    schedule::parse_instant(&text)
        .map_err(|_| call.error("takes a UTC time such as 2024-03-01T00:00:00Z"))
}

fn formatted(call: &Call, time: OffsetDateTime, format: &str) -> Result<String, EvalError> {
    let mut out = String::new();
    let mut unknown: Vec<String> = Vec::new();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some(directive) => match field(time, directive) {
                Some(text) => out.push_str(&text),
                None => unknown.push(format!("%{directive}")),
            },
            None => return Err(call.error("takes no format that ends with a single %")),
        }
    }
    unknown.truncate(10);
    if unknown.is_empty() {
        return Ok(out);
    }
    Err(call.error(format!("knows no {} in a format", unknown.join(", "))))
}

/// What a directive of strftime stands for; names are English.
fn field(time: OffsetDateTime, directive: char) -> Option<String> {
    let hour12 = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let (weekday, month) = (time.weekday().to_string(), time.month().to_string());
    let short = |name: &str| name.chars().take(3).collect();
    Some(match directive {
        'Y' => format!("{:04}", time.year()),
        'y' => format!("{:02}", time.year().rem_euclid(100)),
        'm' => format!("{:02}", u8::from(time.month())),
        'd' => format!("{:02}", time.day()),
        'e' => format!("{:2}", time.day()),
        'j' => format!("{:03}", time.ordinal()),
        'H' => format!("{:02}", time.hour()),
        'I' => format!("{hour12:02}"),
        'M' => format!("{:02}", time.minute()),
        'S' => format!("{:02}", time.second()),
        'f' => format!("{:06}", time.microsecond()),
        'p' => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        'a' => short(&weekday),
        'A' => weekday,
        'b' => short(&month),
        'B' => month,
        'u' => time.weekday().number_from_monday().to_string(),
        'w' => time.weekday().number_days_from_sunday().to_string(),
        'F' => format!(
            "{:04}-{:02}-{:02}",
            time.year(),
            u8::from(time.month()),
            time.day()
        ),
        'T' => format!(
            "{:02}:{:02}:{:02}",
            time.hour(),
            time.minute(),
            time.second()
        ),
        'z' => "+0000".to_owned(),
        'Z' => "UTC".to_owned(),
        '%' => "%".to_owned(),
        _ => return None,
    })
}
