//! Rust text with everything blanked out that is not code.

/// The text with comments and the insides of literals replaced by blanks; lines stay lines.
pub(crate) fn blank(text: &str) -> String {
    let mut rest = text;
    let mut code = String::with_capacity(text.len());
    while let Some(first) = rest.chars().next() {
        let (skipped, kept) = literal_or_comment(rest, code.chars().next_back());
        if skipped == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let hidden = rest[..skipped]
            .chars()
            .map(|letter| if letter == '\n' { '\n' } else { ' ' });
        code.push_str(kept);
        code.extend(hidden.skip(kept.len()));
        rest = &rest[skipped..];
    }
    code
}

/// How many bytes at the start of `text` are no code, and what to put in their place.
fn literal_or_comment(text: &str, before: Option<char>) -> (usize, &'static str) {
    let in_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    if text.starts_with("//") {
        return (text.find('\n').unwrap_or(text.len()), "");
    }
    if text.starts_with("/*") {
        return (block_comment(text), "");
    }
    if let Some(inside) = text.strip_prefix('"') {
        return (1 + string_end(inside), "\"\"");
    }
    if !in_word && (text.starts_with("r\"") || text.starts_with("r#\"") || text.starts_with("r##"))
    {
        return (raw_string(text), "\"\"");
    }
    if text.starts_with('\'') {
        return (character(text), "");
    }
    (0, "")
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Bytes up to and with the closing quote.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    let start = 1 + hashes + 1;
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    text[start..]
        .find(&close)
        .map_or(text.len(), |at| start + at + close.len())
}

/// A character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), Some(_)) => {
            // The escaped letter is passed over, it may be the quote.
            letters
                .find(|(_, letter)| *letter == '\'')
                .map_or(0, |(at, _)| at + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_left() {
        for (text, expected) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ \n d */ e", "a               \n       e"),
            (
                r#"f("x{\"y", 'z', '\'', '{')"#,
                r#"f(""      ,    ,     ,    )"#,
            ),
            (r##"r#"a"{"# b"##, "\"\"       b"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            ("\"é\" x", "\"\"  x"),
        ] {
            let code = blank(text);
            assert_eq!(
                code.split_whitespace().collect::<String>(),
                expected.split_whitespace().collect::<String>(),
                "{text}"
            );
            assert_eq!(code.lines().count(), text.lines().count(), "{text}");
        }
    }
}
