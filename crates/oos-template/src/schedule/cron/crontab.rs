//! The five fields of crontab, put into the six of a timer.

/// The expression that fires when a crontab line would; none if that cannot be said in six fields.
pub(super) fn six_fields(words: &[&str]) -> Option<String> {
    let [minute, hour, day, month, weekday] = words else {
        return match words {
            [six @ .., _year] if six.len() == 6 => Some(six.join(" ")),
            _ => None,
        };
    };
    let shifted = weekdays(weekday)?;
    let (day, weekday) = match (*day, shifted.as_str()) {
        (day, "*" | "?") => (day, "?"),
        ("*" | "?", weekday) => ("?", weekday),
        // Crontab fires when either fits.
        _ => return None,
    };
    Some(format!("0 {minute} {hour} {day} {month} {weekday}"))
}

/// Crontab counts weekdays from 0 or 7, Sunday; a timer from 1.
fn weekdays(text: &str) -> Option<String> {
    if text.contains(['/', '#']) {
        return None;
    }
    let number = |text: &str| {
        let shift = |day: u8| (day <= 7).then(|| (day % 7 + 1).to_string());
        match text.parse::<u8>() {
            Ok(day) => shift(day),
            Err(_) => Some(text.to_owned()),
        }
    };
    let item = |item: &str| {
        let ends: Option<Vec<String>> = item.split('-').map(number).collect();
        Some(ends?.join("-"))
    };
    let items: Option<Vec<String>> = text.split(',').map(item).collect();
    Some(items?.join(","))
}
