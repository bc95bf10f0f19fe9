//! Whether every third-party crate may be used.

use crate::workspace::Workspace;

/// Licences that ask for no more than a notice, or only for their own files.
const ALLOWED: [&str; 13] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-1-Clause",
    "BSD-Source-Code",
    "ISC",
    "Zlib",
    "MPL-2.0",
    "Unicode-3.0",
    "CDLA-Permissive-2.0",
    "0BSD",
];

pub(crate) fn problems(workspace: &Workspace) -> Vec<String> {
    let refused = workspace.foreign().filter_map(|package| {
        let licence = package.license.as_deref().unwrap_or("no licence");
        let told = format!(
            "{} {}: {licence} is not allowed",
            package.name, package.version
        );
        (!allowed(licence)).then_some(told)
    });
    refused.collect()
}

/// Whether an SPDX expression can be satisfied with allowed licences.
fn allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced
        .split_whitespace()
        .collect::<Vec<_>>()
        .into_iter()
        .peekable();
    let verdict = any_of(&mut words);
    words.next().is_none() && verdict
}

type Words<'a> = std::iter::Peekable<std::vec::IntoIter<&'a str>>;

fn any_of(words: &mut Words<'_>) -> bool {
    let mut verdict = all_of(words);
    while words.next_if_eq(&"OR").is_some() {
        verdict |= all_of(words);
    }
    verdict
}

fn all_of(words: &mut Words<'_>) -> bool {
    let mut verdict = one(words);
    while words.next_if_eq(&"AND").is_some() {
        verdict &= one(words);
    }
    verdict
}

fn one(words: &mut Words<'_>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let verdict = any_of(words);
        return words.next_if_eq(&")").is_some() && verdict;
    }
    let known = words.next().is_some_and(|name| ALLOWED.contains(&name));
    if words.next_if_eq(&"WITH").is_some() {
        // An exception only gives more rights.
        words.next();
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_judged() {
        for (expression, expected) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("Unlicense OR MIT", true),
            ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
            ("MIT AND GPL-3.0", false),
            ("GPL-3.0", false),
            ("no licence", false),
            ("", false),
            ("(MIT", false),
            ("MIT MIT", false),
        ] {
            assert_eq!(allowed(expression), expected, "{expression}");
        }
    }
}
