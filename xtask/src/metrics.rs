//! Sizes that style sets limits to.

use crate::workspace::{Workspace, verdict};
use crate::{code, weight};

const FILE_P90: usize = 500;
const FILE_MAX: usize = 800;
const FUNCTION_P90: usize = 35;
const FUNCTION_MAX: usize = 100;

/// A file or function and its lines.
type Sized = (usize, String);

/// Prints the sizes of everything that is not generated; fails when one is beyond its limit.
pub(crate) fn check(workspace: &Workspace) -> Result<String, String> {
    let mut files: Vec<Sized> = Vec::new();
    let mut functions: Vec<Sized> = Vec::new();
    for source in workspace
        .sources()?
        .iter()
        .filter(|source| !source.is_generated())
    {
        files.push((source.text.lines().count(), source.path.clone()));
        let found = functions_of(&code::blank(&source.text));
        functions.extend(
            found
                .into_iter()
                .map(|(lines, name)| (lines, format!("{} {name}", source.path))),
        );
    }
    let taken_in = weight::under_facade(workspace)?.len();
    let (report, mut problems) = report("file", &mut files, FILE_P90, FILE_MAX);
    let (more, others) = self::report("function", &mut functions, FUNCTION_P90, FUNCTION_MAX);
    problems.extend(others);
    let crates = format!(
        "third-party crates under oos: {taken_in} (at most {})",
        weight::LIMIT
    );
    let report = format!("{report}\n{more}\n{crates}");
    verdict(&problems, report.clone()).map_err(|problems| format!("{report}\n{problems}"))
}

fn report(what: &str, sizes: &mut [Sized], p90: usize, max: usize) -> (String, Vec<String>) {
    sizes.sort();
    let at = |share: usize| {
        sizes
            .get(sizes.len().saturating_sub(1) * share / 100)
            .map_or(0, |one| one.0)
    };
    let largest = sizes
        .last()
        .map_or(String::new(), |(lines, name)| format!("{lines} ({name})"));
    let report = format!(
        "{what}s: {}, lines p50 {}, p90 {} (at most {p90}), largest {largest} (at most {max})",
        sizes.len(),
        at(50),
        at(90)
    );
    let mut problems: Vec<String> = Vec::new();
    if at(90) > p90 {
        problems.push(format!(
            "the p90 of {what} lines is {}, at most {p90} are fine",
            at(90)
        ));
    }
    for (lines, name) in sizes.iter().filter(|(lines, _)| *lines > max) {
        problems.push(format!("{name} has {lines} lines, at most {max} are fine"));
    }
    (report, problems)
}

/// Functions with a body in blanked code, by name, with their lines from `fn` to the closing brace.
fn functions_of(code: &str) -> Vec<Sized> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code[..at].chars().next_back();
        let name: String = code[at + 3..]
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect();
        let in_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        if in_word || name.is_empty() {
            continue;
        }
        if let Some(length) = body_end(&code[at..]) {
            found.push((code[at..at + length].lines().count(), name));
        }
    }
    found
}

/// The end of the body that follows a signature; `None` for a signature without body.
fn body_end(text: &str) -> Option<usize> {
    let mut parens = 0_i32;
    let mut braces = 0_i32;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' if braces == 0 => parens += 1,
            ')' | ']' if braces == 0 => parens -= 1,
            ';' if braces == 0 && parens == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured() {
        let code = "trait T { fn a(&self) -> [u8; 2];\n fn b() {\n if x { y }\n }\n}\nfn c<T>() where T: X {\n}";
        let expected = [(3, "b".to_owned()), (2, "c".to_owned())];
        assert_eq!(functions_of(code), expected);
        assert!(functions_of("let f: Box<dyn Fn ()>; macro { fn $x() {} }").is_empty());
    }

    #[test]
    fn what_is_too_large_is_named() {
        let mut sizes: Vec<Sized> = (1..=10).map(|lines| (lines, format!("n{lines}"))).collect();
        let (report, problems) = report("file", &mut sizes, 9, 9);
        assert!(report.contains("p90 9"), "{report}");
        assert_eq!(problems, ["n10 has 10 lines, at most 9 are fine"]);
    }
}
