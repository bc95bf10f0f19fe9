//! Bounds the nesting of a program before it is parsed: lexer and parser recurse.

use super::SelectorError;

const MAX_BRACKETS: usize = 48;
/// Operators and keywords that make the parser recurse.
const MAX_MARKS: usize = 400;

/// Refuses programs that nest too deep.
pub(super) fn check(text: &str) -> Result<(), SelectorError> {
    let too_deep = || SelectorError::TooLarge {
        what: "the selector is nested too deep",
    };
    let mut scan = Scan {
        open: Vec::new(),
        in_text: false,
    };
    let mut marks = 0_usize;
    let mut word = String::new();
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if scan.in_text {
            let next = bytes.peek().copied();
            if byte == b'\\' {
                bytes.next();
            }
            scan.text(byte, next);
        } else {
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                word.push(char::from(byte));
                continue;
            }
            marks += usize::from(is_keyword(&word)) + usize::from(is_operator(byte));
            word.clear();
            if byte == b'#' {
                while bytes.next_if(|b| *b != b'\n').is_some() {}
            }
            scan.code(byte);
        }
        if scan.open.len() > MAX_BRACKETS || marks > MAX_MARKS {
            return Err(too_deep());
        }
    }
    // A path of that many parts is walked recursively too; `is_keyword` words at the end do not nest.
    Ok(())
}

#[derive(PartialEq)]
enum Open {
    Bracket,
    /// `\(` in a text.
    Interpolation,
}

struct Scan {
    open: Vec<Open>,
    in_text: bool,
}

impl Scan {
    fn text(&mut self, byte: u8, next: Option<u8>) {
        match (byte, next) {
            (b'"', _) => self.in_text = false,
            (b'\\', Some(b'(')) => {
                self.open.push(Open::Interpolation);
                self.in_text = false;
            }
            _ => {}
        }
    }

    fn code(&mut self, byte: u8) {
        match byte {
            b'"' => self.in_text = true,
            b'(' | b'[' | b'{' => self.open.push(Open::Bracket),
            b')' | b']' | b'}' => self.in_text = self.open.pop() == Some(Open::Interpolation),
            _ => {}
        }
    }
}

fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'|' | b',' | b'+' | b'-' | b'*' | b'/' | b'%' | b'=' | b'<' | b'>' | b'?'
    )
}

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "if" | "elif"
            | "try"
            | "catch"
            | "reduce"
            | "foreach"
            | "label"
            | "def"
            | "as"
            | "and"
            | "or"
    )
}
