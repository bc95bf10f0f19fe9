//! Whether every choice in `docs/semantics.md` names a test that exists.
//!
//! The page has sections `## 12. Title`, numbered from 1, each with a line
//! ``Test: `file.rs` `test_name` `` (several files and names may follow each other).

use std::{fs, io};

use crate::workspace::{Source, Workspace};

const PAGE: &str = "docs/semantics.md";

pub(crate) fn problems(workspace: &Workspace, sources: &[Source]) -> Vec<String> {
    match fs::read_to_string(workspace.root().join(PAGE)) {
        Ok(page) => in_page(&page, sources),
        // The page comes with the first choice that it records.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => vec![format!("{PAGE}: {error}")],
    }
}

fn in_page(page: &str, sources: &[Source]) -> Vec<String> {
    let mut problems = Vec::new();
    let sections: Vec<&str> = page.split("\n## ").skip(1).collect();
    if sections.is_empty() {
        problems.push(format!("{PAGE} has no numbered section"));
    }
    for (number, section) in (1..).zip(sections) {
        let title = section.lines().next().unwrap_or_default();
        if !title.starts_with(&format!("{number}. ")) {
            problems.push(format!("{PAGE}: section {number} is titled \"{title}\""));
        }
        let tests: Vec<(String, String)> = section.lines().flat_map(tests_of_line).collect();
        if tests.is_empty() {
            problems.push(format!("{PAGE}: section \"{title}\" names no test"));
        }
        for (file, name) in tests {
            if !exists(&file, &name, sources) {
                problems.push(format!(
                    "{PAGE}: section \"{title}\": no test {name} in {file}"
                ));
            }
        }
    }
    problems
}

/// File and test name of everything a `Test:` line names.
fn tests_of_line(line: &str) -> Vec<(String, String)> {
    let Some(list) = line.trim_start().strip_prefix("Test:") else {
        return Vec::new();
    };
    let mut file = String::new();
    let mut tests = Vec::new();
    for word in list.split('`').skip(1).step_by(2) {
        if word.contains(".rs") {
            word.clone_into(&mut file);
        } else {
            tests.push((file.clone(), word.to_owned()));
        }
    }
    tests
}

fn exists(file: &str, name: &str, sources: &[Source]) -> bool {
    let ends = |path: &str| path == file || path.ends_with(&format!("/{file}"));
    let function = format!("fn {name}(");
    !file.is_empty()
        && sources
            .iter()
            .any(|one| ends(&one.path) && one.text.contains(&function))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, expected: &[&str]) {
        let source = Source {
            path: "tests/tests/a.rs".to_owned(),
            text: "fn one() {}".to_owned(),
        };
        let found = in_page(page, &[source]);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (problem, part) in found.iter().zip(expected) {
            assert!(problem.contains(part), "{problem}");
        }
    }

    #[test]
    fn sections_and_their_tests_are_checked() {
        check("# S\n\n## 1. A\nx\nTest: `a.rs` `one`\n", &[]);
        check(
            "# S\n\n## 1. A\nTest: `tests/a.rs` `one`, `two`\n",
            &["no test two in tests/a.rs"],
        );
        check("# S\n\n## 1. A\nTest: `one`\n", &["no test one"]);
        check(
            "# S\n\n## 1. A\n\n## 3. B\nTest: `a.rs` `one`\n",
            &["names no test", "section 2 is"],
        );
        check("# S\n", &["no numbered section"]);
    }
}
