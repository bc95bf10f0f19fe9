//! `docs/functions.md` says what the table of functions says. When it does not, the page that would fit
//! is written beside the test's other files and named in the failure.

use std::fmt::Write as _;
use std::path::Path;

use oos_template::functions::{self, FunctionInfo};

const HEAD: &str = "# Functions

A function is a map with one key. Its argument is evaluated first, references and functions in it
included; `Fn::If`, `Fn::And` and `Fn::Or` evaluate only what they need. Names work in any letter case;
another one than here gets a hint. Where a list or a map is wanted, JSON text of one is as good, and
numbers and booleans are as good as their text. Arguments that are constant are checked when the template
is read. What the sources leave open is numbered in [semantics.md](semantics.md).

A name followed by `?` may be left out; `…` means more of the same. Examples show argument and result as JSON.

";

#[test]
fn the_page_is_the_table() {
    let mut page = HEAD.to_owned();
    for function in functions::all() {
        section(function, &mut page);
    }
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/functions.md");
    let written = std::fs::read_to_string(&at).unwrap_or_default();
    if written == page {
        return;
    }
    let fitting = Path::new(env!("CARGO_TARGET_TMPDIR")).join("functions.md");
    std::fs::write(&fitting, &page).expect("the folder of the tests can be written to");
    let line = written
        .lines()
        .zip(page.lines())
        .take_while(|(a, b)| a == b)
        .count()
        + 1;
    panic!(
        "docs/functions.md differs from line {line} on; the page that fits is {}",
        fitting.display()
    );
}

fn section(function: &FunctionInfo, page: &mut String) {
    let FunctionInfo {
        name,
        shape,
        result,
        doc,
        example,
        source,
        ..
    } = function;
    let _ = writeln!(page, "## {name}\n\n{doc}\n");
    let _ = writeln!(page, "- Argument: `{shape}`");
    let _ = writeln!(page, "- Result: {result}");
    if function.is_supported() {
        let _ = writeln!(
            page,
            "- Example: `{name}: {}` gives `{}`",
            example.argument, example.result
        );
    } else {
        let _ = writeln!(
            page,
            "- **Not supported**: a template may hold it, evaluating it fails the task"
        );
    }
    let _ = writeln!(page, "- Source: {source}\n");
}
