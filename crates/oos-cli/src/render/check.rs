//! What `oos check` found: for people, as JSON, as SARIF.

mod sarif;

pub(crate) use sarif::sarif;

use super::failure::mistake;
use super::{Paint, document};
use crate::failure::Mistake;
use crate::findings::Checked;
use oos_template::{Diagnostic, Severity};
use serde::Serialize;
use std::fmt::Write as _;

/// The findings with their lines, and a summary; hints only if they are wanted.
pub(crate) fn text(checked: &[Checked], hints: bool, paint: Paint) -> String {
    let mut text = String::new();
    for one in checked {
        let shown = one
            .problems
            .iter()
            .filter(|found| hints || found.severity != Severity::Hint);
        for found in shown {
            text.push_str(&mistake(&Mistake::of(&one.file, &one.text, found), paint));
        }
        if one.omitted > 0 {
            let _ = writeln!(
                text,
                "{}: {} more problems are not shown",
                one.file, one.omitted
            );
        }
    }
    text.push_str(&summary(checked, hints));
    text
}

fn summary(checked: &[Checked], hints: bool) -> String {
    let count = |severity| checked.iter().map(|one| one.count(severity)).sum::<usize>();
    let kinds = [
        (count(Severity::Error), "error"),
        (count(Severity::Warning), "warning"),
        (count(Severity::Hint), "hint"),
    ];
    let hidden = !hints && kinds[2].0 > 0;
    let found: Vec<String> = kinds
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| many(count, kind))
        .collect();
    let found = if found.is_empty() {
        String::from("no problems")
    } else {
        found.join(", ")
    };
    let show = if hidden {
        " (--hints shows the hints)"
    } else {
        ""
    };
    format!(
        "{} checked: {found}{show}\n",
        many(checked.len(), "template")
    )
}

fn many(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[derive(Serialize)]
struct FileReport<'a> {
    file: &'a str,
    problems: Vec<Problem<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference over"
)]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: String,
    message: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    fix: Option<&'a str>,
}

impl<'a> Problem<'a> {
    fn of(found: &'a Diagnostic) -> Self {
        let (start, end) = (found.span.start, found.span.end);
        Self {
            code: found.code.as_str(),
            severity: found.severity.to_string(),
            message: &found.message,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            fix: found.fix.as_deref(),
        }
    }
}

impl<'a> FileReport<'a> {
    fn of(one: &'a Checked) -> Self {
        Self {
            file: &one.file,
            problems: one.problems.iter().map(Problem::of).collect(),
            omitted: one.omitted,
        }
    }
}

/// One array with an object for each file, those without findings included.
pub(crate) fn json(checked: &[Checked]) -> String {
    document(&checked.iter().map(FileReport::of).collect::<Vec<_>>())
}
