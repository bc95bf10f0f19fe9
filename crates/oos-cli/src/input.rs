//! Files, standard input and texts from the command line.

use crate::failure::{Failure, Mistake};
use oos_template::{Span, Value};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Nothing that is read is longer: it is more than any of the files may hold.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// A text, and where it comes from, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// The text of a file; of `-`, standard input.
///
/// # Errors
/// [`Failure::Usage`] if it can not be read, is no UTF-8, or is too long.
pub(crate) fn file(path: &Path, stdin: &mut dyn Read) -> Result<Text, Failure> {
    if path.as_os_str() == "-" {
        return read(String::from("standard input"), stdin);
    }
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => read(name, file),
        Err(error) => Err(unreadable(&name, &error)),
    }
}

/// The text that an argument means: `@FILE` and `-` are read, everything else is the text itself.
///
/// # Errors
/// As [`file`].
pub(crate) fn argument(name: &str, value: &str, stdin: &mut dyn Read) -> Result<Text, Failure> {
    match value.strip_prefix('@') {
        Some(path) => file(Path::new(path), stdin),
        None if value == "-" => file(Path::new("-"), stdin),
        None => Ok(Text {
            name: name.to_owned(),
            text: value.to_owned(),
        }),
    }
}

fn read(name: String, from: impl Read) -> Result<Text, Failure> {
    let mut bytes = Vec::new();
    match from.take(MOST_BYTES + 1).read_to_end(&mut bytes) {
        Err(error) => return Err(unreadable(&name, &error)),
        Ok(length) if length as u64 > MOST_BYTES => {
            let limit = MOST_BYTES / 1024 / 1024;
            return Err(Failure::usage(format!(
                "{name} is longer than {limit} MB: is it the right file?"
            )));
        }
        Ok(_) => {}
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Text { name, text }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!(
                "{name} is no UTF-8 text: byte {at} belongs to no character; save it as UTF-8"
            );
            Err(Failure::usage(message))
        }
    }
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::usage(format!("{name} can not be read: {error}"))
}

/// The JSON value of a text.
///
/// # Errors
/// [`Failure::Usage`] with the place of the first mistake.
pub(crate) fn json(text: &Text, what: &str) -> Result<Value, Failure> {
    let body = text.text.strip_prefix('\u{feff}').unwrap_or(&text.text);
    Value::from_json(body).map_err(|error| {
        let message = format!("{what} is not JSON: {}", error.message);
        let mistake = Mistake::at(&text.name, body, Span::at(error.at), message);
        Failure::Usage([mistake].into_iter().collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_texts_files_or_standard_input() {
        let check = |value: &str, expected: Result<(&str, &str), &str>| {
            let found = argument("--content", value, &mut b"from stdin".as_slice());
            match (found, expected) {
                (Ok(found), Ok((name, text))) => {
                    assert_eq!((found.name.as_str(), found.text.as_str()), (name, text));
                }
                (Err(Failure::Usage(mistakes)), Err(part)) => {
                    let message = &mistakes.iter().next().expect("a mistake").message;
                    assert!(message.contains(part), "{message}");
                }
                (found, expected) => panic!("{value}: {found:?} instead of {expected:?}"),
            }
        };
        check("{}", Ok(("--content", "{}")));
        check("-", Ok(("standard input", "from stdin")));
        check("@-", Ok(("standard input", "from stdin")));
        check(
            "@no/such/file.json",
            Err("no/such/file.json can not be read: "),
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let check = |bytes: &[u8], part: &str| {
            let Err(Failure::Usage(mistakes)) = file(Path::new("-"), &mut &*bytes) else {
                panic!("it is refused")
            };
            let message = &mistakes.iter().next().expect("a mistake").message;
            assert!(message.contains(part), "{message}");
        };
        check(b"ab\xffc", "byte 2 belongs to no character");
        let long = vec![b' '; usize::try_from(MOST_BYTES).expect("it fits") + 1];
        check(&long, "longer than 8 MB");
    }

    #[test]
    fn a_mistake_in_json_has_its_place() {
        let text = Text {
            name: "e.json".into(),
            text: "{\n  \"a\": tru\n}".into(),
        };
        let Err(Failure::Usage(mistakes)) = json(&text, "the event") else {
            panic!("it is wrong")
        };
        let mistake = mistakes.iter().next().expect("a mistake");
        let place = mistake.place.as_ref().expect("a place");
        assert_eq!((place.file.as_str(), place.span.start.line), ("e.json", 2));
        assert_eq!(place.line, "  \"a\": tru");
        assert!(
            mistake.message.starts_with("the event is not JSON: "),
            "{}",
            mistake.message
        );
    }
}
