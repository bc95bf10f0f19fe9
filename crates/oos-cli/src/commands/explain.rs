//! `oos explain`: what a code means.

use crate::cli::{ExplainArgs, OutputFormat};
use crate::console::Console;
use crate::failure::Failure;
use crate::render::{self, Paint};
use crate::report::Outcome;
use oos::catalogue;
use oos_template::Code;

/// Prints what a code means, or all codes: `OOS` and digits are rules of `oos check`, anything else is
/// an error code of the service.
///
/// # Errors
/// [`Failure::Usage`] with the nearest codes if there is none of this name.
pub(super) fn run(args: &ExplainArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let is_json = args.output.output == OutputFormat::Json;
    let paint = Paint::new(console.colour());
    let text = match args.code.as_deref().map(str::trim) {
        None if is_json => render::explain::all_as_json(),
        None => render::explain::all(paint),
        Some(code) => {
            let found = find(code)?;
            if is_json {
                found.as_json()
            } else {
                found.text(paint)
            }
        }
    };
    console.print(&text)?;
    Ok(Outcome::Success)
}

fn find(code: &str) -> Result<render::explain::Found, Failure> {
    use render::explain::Found;
    if let Some(rule) = Code::parse(code) {
        return Ok(Found::Rule(rule.explanation()));
    }
    if let Some(found) = catalogue::lookup(code) {
        return Ok(Found::Service(found));
    }
    Err(unknown(code))
}

fn unknown(code: &str) -> Failure {
    let near = if is_rule(code) {
        rules_near(code)
    } else {
        let near = catalogue::nearest(code).into_iter();
        near.map(str::to_owned).collect()
    };
    let hint = if near.is_empty() {
        String::from("oos explain lists all codes")
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Failure::usage(format!("there is no code {code}; {hint}"))
}

/// `OOS` and digits.
fn is_rule(code: &str) -> bool {
    let start = code
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("OOS"));
    start && code.len() > 3 && code[3..].bytes().all(|byte| byte.is_ascii_digit())
}

/// The codes with the nearest numbers.
fn rules_near(code: &str) -> Vec<String> {
    let number = |code: &str| code.get(3..)?.parse::<u64>().ok();
    let Some(wanted) = number(code) else {
        return Vec::new();
    };
    let mut near: Vec<(u64, &str)> = Code::all()
        .filter_map(|known| {
            Some((
                number(known.code.as_str())?.abs_diff(wanted),
                known.code.as_str(),
            ))
        })
        .filter(|(distance, _)| *distance <= 3)
        .collect();
    near.sort_unstable();
    near.into_iter()
        .take(3)
        .map(|(_, code)| code.to_owned())
        .collect()
}
