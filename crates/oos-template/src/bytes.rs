//! Templates as they come from files: bytes that may be no text.

use crate::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::{Limits, position_of};
use crate::template::{Inspection, inspect};

/// [`inspect`] for what a file holds. Bytes that are no UTF-8 are a finding with a place.
///
/// ```
/// let found = oos_template::inspect_bytes(b"FormatVersion: OOS-2019-06-01\nDescription: caf\xe9\n");
/// assert_eq!(found.diagnostics[0].span.start.to_string(), "2:17");
/// ```
#[must_use]
pub fn inspect_bytes(bytes: &[u8]) -> Inspection {
    if bytes.len() > Limits::TEMPLATE.bytes {
        return Inspection::of(too_large(bytes.len() as u64));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => inspect(text),
        Err(error) => Inspection::of(no_text(bytes, error.valid_up_to())),
    }
}

/// The finding about a text of so many bytes, more than a template may have.
#[must_use]
pub fn too_large(bytes: u64) -> Diagnostic {
    let most = Limits::TEMPLATE.bytes;
    let message = format!("the text has {bytes} bytes; at most {most} are allowed");
    Diagnostic::error(code::TOO_LARGE, Span::START, message)
}

fn no_text(bytes: &[u8], good: usize) -> Diagnostic {
    let found = |span, message: &str| Diagnostic::error(code::BAD_CHARACTER, span, message);
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return found(Span::START, "the text is UTF-16").with_fix("save it as UTF-8");
    }
    let before = std::str::from_utf8(&bytes[..good]).unwrap_or_default();
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let span = Span::at(position_of(before, before.len()));
    found(span, "a byte that belongs to no character of UTF-8").with_fix("save the text as UTF-8")
}

#[cfg(test)]
mod tests {
    use super::inspect_bytes;

    #[test]
    fn bytes_that_are_no_template() {
        for (bytes, code, at) in [
            (
                &b"\xef\xbb\xbfa: \xc3\xa4\nb: \xc3\xa4\xff"[..],
                "OOS105",
                "2:5",
            ),
            (b"\xff\xfeF\0", "OOS105", "1:1"),
            (b"\xe4", "OOS105", "1:1"),
            (&vec![b' '; 64 * 1024 + 1], "OOS101", "1:1"),
        ] {
            let found = inspect_bytes(bytes).diagnostics;
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].code.as_str(), code);
            assert_eq!(found[0].span.start.to_string(), at);
        }
    }

    #[test]
    fn a_mark_at_the_start_is_no_mistake() {
        let text =
            "\u{feff}FormatVersion: OOS-2019-06-01\nTasks: [ { Name: a, Action: ACS::Pause } ]\n";
        assert!(inspect_bytes(text.as_bytes()).diagnostics.is_empty());
    }
}
