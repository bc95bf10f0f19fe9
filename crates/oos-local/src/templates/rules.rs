//! What names, tags and texts of templates have to be.

use crate::fault::Fault;
use oos_template::{Diagnostic, Diagnostics, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Names that begin so are those of public templates, in any letter case (our choice: the help
/// page of CreateTemplate does not speak of the case).
const RESERVED: [&str; 4] = ["ALIYUN", "ACS", "ALIBABA", "ALICLOUD"];

const MOST_CHARACTERS: usize = 200;
const MOST_TAGS: usize = 20;

/// Checks the name of a template to be created (help page of CreateTemplate).
pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.len() > MOST_CHARACTERS || !name.bytes().all(fits) {
        let reason = "it must have 1 to 200 letters, digits, - and _";
        return Err(Fault::invalid("TemplateName", reason));
    }
    let begins = |word: &&str| {
        name.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    match RESERVED.iter().find(|word| begins(word)) {
        Some(word) => {
            let reason = format!("a name that begins with {word} is reserved");
            Err(Fault::invalid("TemplateName", reason))
        }
        None => Ok(()),
    }
}

/// Checks tags: 1 to 20 pairs.
pub(crate) fn check_tags(tags: Option<&BTreeMap<String, String>>) -> Result<(), Fault> {
    let Some(tags) = tags else { return Ok(()) };
    if tags.is_empty() || tags.len() > MOST_TAGS || tags.contains_key("") {
        let reason = "it must be a JSON object of 1 to 20 tags with names";
        return Err(Fault::invalid("Tags", reason));
    }
    Ok(())
}

/// The fault of a text that is no template: every mistake on a line of its own, with its place.
pub(crate) fn mistakes(parameter: &str, diagnostics: &Diagnostics) -> Fault {
    let errors = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error);
    let lines: Vec<String> = errors.map(line).collect();
    let count = match lines.len() {
        1 => String::from("a mistake"),
        count => format!("{count} mistakes"),
    };
    let Fault { status, code, .. } = Fault::invalid(parameter, "");
    let lines = lines.join("\n");
    let message = format!("Specified parameter {parameter} is not valid, it has {count}:\n{lines}");
    Fault {
        status,
        code,
        message: message.into(),
    }
}

fn line(found: &Diagnostic) -> String {
    let at = found.span.start;
    let mut line = format!(
        "line {}, column {}: {} [{}]",
        at.line, at.column, found.message, found.code
    );
    if let Some(fix) = &found.fix {
        write!(line, ", fix: {fix}").expect("writing to a String cannot fail");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_rules() {
        let check = |name: &str, fits: bool| assert_eq!(check_name(name).is_ok(), fits, "{name}");
        check("a", true);
        check("My_Template-2", true);
        check(&"a".repeat(200), true);
        check(&"a".repeat(201), false);
        check("a.b", false);
        check("a b", false);
        check("模板", false);
        check("ac", true);
        check("ACS-ECS", false);
        check("acsomething", false);
        check("AliYun1", false);
        check("alicloud", false);
        check("alibaba", false);
        check("my-ACS", true);
    }
}
