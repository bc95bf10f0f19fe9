//! How single values are written.

use oos_template::Value;
use std::fmt::Write as _;

/// Longer values are cut in text; JSON shows them whole.
const MOST_SHOWN: usize = 400;

/// A duration as people say it: `15 ms`, `1.2 s`, `2 min 5 s`, `3 h 20 min`.
pub(super) fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{seconds}.{} s", millis % 1000 / 100),
        60_000..3_600_000 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// A value as JSON, cut if it is long.
pub(super) fn value(value: &Value) -> String {
    cut(&clean(&value.to_json_string()))
}

/// A value as it stands after its name: texts without quotation marks, everything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => cut(&clean(text)),
        other => self::value(other),
    }
}

/// The text in one line and without characters that a terminal would obey.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => cleaned.push_str("\\n"),
            '\t' => cleaned.push_str("\\t"),
            c if c.is_control() || is_invisible(c) => {
                let _ = write!(cleaned, "\\u{{{:x}}}", u32::from(c));
            }
            c => cleaned.push(c),
        }
    }
    cleaned
}

/// Characters that reverse or hide what stands beside them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        None => text.to_owned(),
        Some((at, _)) => {
            let rest = text[at..].chars().count();
            format!("{}… ({rest} more characters: --output json)", &text[..at])
        }
    }
}

/// The number of characters, to pad by.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_people_do() {
        let check = |millis: u64, expected: &str| assert_eq!(duration(millis), expected);
        check(0, "0 ms");
        check(999, "999 ms");
        check(1_000, "1.0 s");
        check(1_250, "1.2 s");
        check(59_999, "59.9 s");
        check(60_000, "1 min 0 s");
        check(125_000, "2 min 5 s");
        check(12_000_000, "3 h 20 min");
        check(u64::MAX, "5124095576030 h 25 min");
    }

    #[test]
    fn a_terminal_obeys_nothing_that_comes_from_outside() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text), expected);
        check("häßlich 表", "häßlich 表");
        check("a\nb\tc", "a\\nb\\tc");
        check("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}");
        check("\u{9b}2J\u{202e}x", "\\u{9b}2J\\u{202e}x");
    }

    #[test]
    fn long_values_are_cut() {
        let long = Value::from("ä".repeat(MOST_SHOWN + 7));
        let shown = plain(&long);
        assert!(shown.starts_with(&"ä".repeat(MOST_SHOWN)));
        assert!(
            shown.ends_with("… (7 more characters: --output json)"),
            "{shown}"
        );
        assert_eq!(value(&Value::from("x")), "\"x\"");
        assert_eq!(plain(&Value::Null), "null");
    }
}
