//! The message of an error, with the part that repeats the request told apart.

/// Where the repeated request starts: the HMAC-SHA1 form, then the ACS3 form.
const MARKS: [&str; 4] = [
    "server string to sign is:",
    "server StringToSign is",
    "server CanonicalRequest is",
    "server canonical request is",
];

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Message {
    text: String,
    /// Where the repeated request starts in `text`.
    cut: usize,
}

impl Message {
    pub(super) fn new(text: String) -> Self {
        let lower = text.to_ascii_lowercase();
        let cut = MARKS
            .iter()
            .filter_map(|mark| lower.find(&mark.to_ascii_lowercase()))
            .min();
        Self {
            cut: cut.unwrap_or(text.len()),
            text,
        }
    }

    pub(super) fn full(&self) -> &str {
        &self.text
    }

    pub(super) fn shown(&self) -> &str {
        self.text[..self.cut].trim_end()
    }

    pub(super) fn echo(&self) -> Option<&str> {
        let echo = &self.text[self.cut..];
        (!echo.is_empty()).then_some(echo)
    }

    pub(super) fn string_to_sign(&self) -> Option<&str> {
        let bracketed = self.bracketed("server StringToSign is [");
        bracketed.or_else(|| Some(self.echo()?.split_once("server string to sign is:")?.1))
    }

    pub(super) fn canonical_request(&self) -> Option<&str> {
        self.bracketed("server CanonicalRequest is [")
    }

    /// The text in the brackets that `start` opens. A canonical request may hold `]` itself, so
    /// the bracket counts only before the next part or at the end of the message.
    fn bracketed(&self, start: &str) -> Option<&str> {
        let inner = self.echo()?.split_once(start)?.1;
        let end = inner.find("] server ").or_else(|| inner.rfind(']'))?;
        Some(&inner[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: &str, to_sign: Option<&str>, canonical: Option<&str>) {
        let message = Message::new(text.to_owned());
        assert_eq!(message.shown(), shown, "{text}");
        assert_eq!(message.string_to_sign(), to_sign, "{text}");
        assert_eq!(message.canonical_request(), canonical, "{text}");
        assert_eq!(message.full(), text);
    }

    #[test]
    fn the_repeated_request_is_told_apart() {
        check(
            "Specified signature is not matched with our calculation. server string to sign is:GET&%2F&A",
            "Specified signature is not matched with our calculation.",
            Some("GET&%2F&A"),
            None,
        );
        check(
            "Specified signature does not match our calculation. server StringToSign is \
             [ACS3-HMAC-SHA256\nab] server CanonicalRequest is [POST\n/\nContent=[1]\n]",
            "Specified signature does not match our calculation.",
            Some("ACS3-HMAC-SHA256\nab"),
            Some("POST\n/\nContent=[1]\n"),
        );
        check("plain", "plain", None, None);
        check("x Server stringtosign IS secret", "x", None, None);
    }
}
