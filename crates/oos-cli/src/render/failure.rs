//! A failure for people.

use super::Paint;
use super::words::{clean, width};
use crate::failure::{Failure, Mistake, Place, chain, tried};
use oos_template::Severity;
use std::fmt::Write as _;

/// Longer lines of a file are not shown whole.
const MOST_OF_A_LINE: usize = 160;

/// What went wrong, where, why, and how to mend it.
pub(crate) fn failure(failure: &Failure, paint: Paint) -> String {
    match failure {
        Failure::Usage(mistakes) => mistakes.iter().map(|one| mistake(one, paint)).collect(),
        Failure::Call(error) => call(error, paint),
        Failure::Local(reason) => {
            let reason = clean(reason);
            format!("{}: the local OOS failed: {reason}\n", paint.bad("error"))
        }
        Failure::Output(error) => {
            format!(
                "{}: the result can not be written: {error}\n",
                paint.bad("error")
            )
        }
    }
}

fn call(error: &oos::Error, paint: Paint) -> String {
    let mut texts = chain(error).into_iter();
    let first = clean(&texts.next().unwrap_or_default());
    let mut text = format!("{}: {first}\n", paint.bad("error"));
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<11} {value}");
    };
    texts.for_each(|cause| line("caused by", &clean(&cause)));
    for one in tried(error) {
        line("tried", &clean(&one));
    }
    if let Some(status) = error.status() {
        line("HTTP status", &status.to_string());
    }
    if let Some(request_id) = error.request_id() {
        line("request id", &clean(request_id));
    }
    if let Some(hint) = crate::failure::hint(error) {
        line("help", hint);
    }
    text
}

/// One mistake with its line, a marker under it, and how to mend it.
pub(super) fn mistake(mistake: &Mistake, paint: Paint) -> String {
    let severity = match mistake.severity {
        Severity::Error => paint.bad("error"),
        other => paint.strong(&other.to_string()),
    };
    let code = mistake
        .code
        .map(|code| format!("[{code}]"))
        .unwrap_or_default();
    let message = clean(&mistake.message);
    let mut text = match &mistake.place {
        None => format!("{severity}{code}: {message}\n"),
        Some(place) => {
            let (file, at) = (clean(&place.file), place.span.start);
            format!(
                "{file}:{at}: {severity}{code}: {message}\n{}",
                excerpt(place, paint)
            )
        }
    };
    if let Some(fix) = &mistake.fix {
        let _ = writeln!(text, "  {} {}", paint.good("fix:"), clean(fix));
    }
    text
}

/// The line of a place, and under it a marker.
fn excerpt(place: &Place, paint: Paint) -> String {
    let index = |number: u32| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let length = width(&place.line);
    let start = index(place.span.start.column).min(length);
    let end = if place.span.end.line == place.span.start.line {
        index(place.span.end.column).min(length)
    } else {
        length
    };
    let from = if length > MOST_OF_A_LINE {
        start.saturating_sub(MOST_OF_A_LINE / 4)
    } else {
        0
    };
    let shown: Vec<char> = place.line.chars().skip(from).take(MOST_OF_A_LINE).collect();
    let marks = end
        .saturating_sub(start)
        .clamp(1, (MOST_OF_A_LINE + from).saturating_sub(start).max(1));
    let pad: String = shown
        .iter()
        .take(start - from)
        .map(|c| if *c == '\t' { '\t' } else { ' ' })
        .collect();
    let line: String = shown.iter().map(|c| visible(*c)).collect();
    let number = place.span.start.line.to_string();
    let margin = " ".repeat(number.len());
    let marker = paint.bad(&"^".repeat(marks));
    format!("  {number} | {line}\n  {margin} | {pad}{marker}\n")
}

/// A character of a file in a place of one column, or a tab.
fn visible(c: char) -> char {
    if c == '\t' || !c.is_control() {
        c
    } else {
        '\u{fffd}'
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Mistakes;
    use oos_template::{Position, Span};

    fn span(start: (u32, u32), end: (u32, u32)) -> Span {
        let at = |(line, column): (u32, u32)| Position { line, column };
        Span {
            start: at(start),
            end: at(end),
        }
    }

    fn check(text: &str, span: Span, expected: &str) {
        let mistake = Mistake::at("f.yml", text, span, "wrong");
        let mistakes: Mistakes = [mistake].into_iter().collect();
        assert_eq!(
            failure(&Failure::Usage(mistakes), Paint::new(false)),
            expected
        );
    }

    #[test]
    fn a_mistake_is_marked_in_its_line() {
        check(
            "a: 1\nbc: xyz\n",
            span((2, 5), (2, 8)),
            "f.yml:2:5: error: wrong\n  2 | bc: xyz\n    |     ^^^\n",
        );
        check(
            "a: |\n  b\n",
            span((1, 4), (2, 4)),
            "f.yml:1:4: error: wrong\n  1 | a: |\n    |    ^\n",
        );
        check(
            "\tä x",
            span((1, 3), (1, 3)),
            "f.yml:1:3: error: wrong\n  1 | \tä x\n    | \t ^\n",
        );
        check(
            "",
            span((1, 1), (1, 1)),
            "f.yml:1:1: error: wrong\n  1 | \n    | ^\n",
        );
        check(
            "x",
            span((9, 9), (9, 12)),
            "f.yml:9:9: error: wrong\n  9 | \n    | ^\n",
        );
    }

    #[test]
    fn of_a_long_line_only_a_part_is_shown() {
        let text = format!("{}X{}", "a".repeat(1000), "b".repeat(1000));
        let mistake = Mistake::at("f", &text, span((1, 1001), (1, 2002)), "wrong");
        let mistakes: Mistakes = [mistake].into_iter().collect();
        let shown = failure(&Failure::Usage(mistakes), Paint::new(false));
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[1].contains("aX") && lines[1].len() < 180, "{shown}");
        assert_eq!(lines[1].find('X'), lines[2].find('^'), "{shown}");
        assert_eq!(lines[1].len(), lines[2].len(), "{shown}");
    }

    #[test]
    fn a_template_has_all_its_mistakes_shown() {
        let text = "FormatVersion: OOS-2019-06-01\nTasks:\n- Name: a\n  Action: ACS::Sleep\n  Properties: { Duration: '{{ no }}' }\n  OnError: nowhere\n";
        let found = oos_template::parse(text).expect_err("it has mistakes");
        let mistakes = Mistakes::in_template("t.yml", text, &found);
        let shown = failure(&Failure::Usage(mistakes), Paint::new(false));
        assert!(found.as_slice().len() > 1, "{shown}");
        for one in &found {
            let head = format!("t.yml:{}: {}[{}]: ", one.span.start, one.severity, one.code);
            assert!(shown.contains(&head), "{shown}");
        }
    }
}
