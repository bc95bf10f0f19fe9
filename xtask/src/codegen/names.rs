//! Names and documentation texts of generated items.

use std::fmt::Write;

use serde_json::Value;

use super::spec::Field;

/// `TemplateURL` becomes `template_url`; a keyword gets a `_` behind it.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if starts_word {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    if matches!(text.as_str(), "type" | "loop") {
        text.push('_');
    }
    text
}

/// `ACS:Application.Name` becomes `ApplicationName`, `JSON` becomes `Json`.
pub(super) fn variant(value: &str) -> String {
    let value = value.strip_prefix("ACS:").unwrap_or(value);
    let words = value.split(|letter: char| !letter.is_alphanumeric());
    let plain = |word: &str| {
        let shout = word.len() > 1 && word.chars().all(char::is_uppercase);
        if shout {
            capital(&word.to_lowercase())
        } else {
            capital(word)
        }
    };
    words.map(plain).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Doc comment lines of paragraphs, wrapped; words that look like code are set as code.
pub(super) fn doc(indent: usize, paragraphs: &[String]) -> String {
    let start = format!("{}///", " ".repeat(indent));
    let mut text = String::new();
    for (number, paragraph) in paragraphs.iter().enumerate() {
        if number > 0 {
            let _ = writeln!(text, "{start}");
        }
        let mut line = start.clone();
        for word in pieces(paragraph) {
            if line.chars().count() + word.chars().count() >= 100 && line != start {
                let _ = writeln!(text, "{line}");
                line.clone_from(&start);
            }
            line.push(' ');
            line.push_str(&word);
        }
        let _ = writeln!(text, "{line}");
    }
    text
}

/// A text in one line; words that look like code are set as code.
pub(super) fn coded_text(text: &str) -> String {
    pieces(text).join(" ")
}

/// Words to wrap by; code in backticks stays in one piece.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split_whitespace() {
        if open {
            let last = pieces.last_mut().expect("code was opened in a piece");
            last.push(' ');
            last.push_str(word);
        } else {
            pieces.push(if word.contains('`') || word.contains("](") {
                word.to_owned()
            } else {
                coded(word)
            });
        }
        open ^= word.matches('`').count() % 2 == 1;
    }
    pieces
}

fn coded(word: &str) -> String {
    let core = word.trim_matches(|letter: char| "(),.;:!?\"'".contains(letter));
    let camel = core
        .chars()
        .zip(core.chars().skip(1))
        .any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    let is_code = camel
        || core.contains(['_', '[', ']', '<', '>', '{', '=', '*', '/'])
        || core.contains("::");
    if !is_code || core.is_empty() {
        return word.to_owned();
    }
    let at = word.find(core).unwrap_or_default();
    let (before, after) = (&word[..at], &word[at + core.len()..]);
    if let Some((name, rest)) = core.split_once('(') {
        return format!("{before}`{name}` (`{rest}`{after}");
    }
    format!("{before}`{core}`{after}")
}

/// One field as a paragraph: what it is, an example, its limits.
pub(super) fn field_doc(field: &Field) -> String {
    let mut text = field.doc.clone();
    if !text.ends_with('.') {
        text.push('.');
    }
    if let Some(example) = field.example.as_ref().and_then(example) {
        let _ = write!(text, " Example: `{example}`.");
    }
    text.push_str(&limits(field.min.as_ref(), field.max.as_ref(), ""));
    text.push_str(&limits(
        field.min_length.as_ref(),
        field.max_length.as_ref(),
        " characters",
    ));
    text.push_str(&limits(
        field.min_items.as_ref(),
        field.max_items.as_ref(),
        " entries",
    ));
    text.push_str(&limits(None, field.max_bytes.as_ref(), " bytes"));
    if let Some(default) = &field.default {
        let _ = write!(text, " Default: `{}`.", plain(default));
    }
    match field.json_encoded.as_deref() {
        Some("template") => text.push_str(" YAML or JSON."),
        Some("object" | "array") if !text.contains("JSON") => text.push_str(" JSON text."),
        _ => {}
    }
    if let Some(why) = &field.discouraged {
        let _ = write!(text, " Discouraged: {why}.");
    }
    text
}

fn example(value: &Value) -> Option<String> {
    let text = plain(value)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let fits = !text.is_empty() && text.chars().count() <= 70 && !text.contains('`');
    fits.then_some(text)
}

fn limits(min: Option<&Value>, max: Option<&Value>, unit: &str) -> String {
    match (min, max) {
        (None, None) => String::new(),
        (Some(min), None) => format!(" At least {}{unit}.", plain(min)),
        (None, Some(max)) => format!(" At most {}{unit}.", plain(max)),
        (Some(min), Some(max)) => format!(" {} to {}{unit}.", plain(min), plain(max)),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_wire() {
        for (wire, expected) in [
            ("TemplateURL", "template_url"),
            ("RepoId", "repo_id"),
            ("Type", "type_"),
            ("IsPrivate", "is_private"),
            (
                "ApprovedPatchesEnableNonSecurity",
                "approved_patches_enable_non_security",
            ),
        ] {
            assert_eq!(snake(wire), expected);
        }
        for (value, expected) in [
            ("ACS:Application.Name", "ApplicationName"),
            ("zh-CN", "ZhCn"),
            ("JSON", "Json"),
            ("WeChat", "WeChat"),
            ("template", "Template"),
        ] {
            assert_eq!(variant(value), expected);
        }
    }

    #[test]
    fn words_that_look_like_code_are_set_as_code() {
        for (text, expected) in [
            ("Id of the call.", "/// Id of the call.\n"),
            (
                "See TemplateName, or ACS::Sleep.",
                "/// See `TemplateName`, or `ACS::Sleep`.\n",
            ),
            (
                "Example: `a b TemplateName`.",
                "/// Example: `a b TemplateName`.\n",
            ),
            ("A [page](https://x_y/z).", "/// A [page](https://x_y/z).\n"),
            (
                "with ListExecutions(ParentExecutionId).",
                "/// with `ListExecutions` (`ParentExecutionId`).\n",
            ),
        ] {
            assert_eq!(doc(0, &[text.to_owned()]), expected);
        }
    }
}
