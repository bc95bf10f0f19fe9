//! The one canonicaliser: signer and verifier both write their text through it.

use std::cmp::Ordering;

use crate::encode::{encoded_bound, push_encoded};

/// A decoded name and value.
pub(crate) type Pair<'a> = (&'a str, &'a str);

/// A piece of a longer text.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// From `start` to the present end of `text`.
    pub(crate) fn since(start: usize, text: &str) -> Self {
        Self {
            start,
            end: text.len(),
        }
    }

    pub(crate) fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// Whether parameter names are percent-encoded in the canonical query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// The documented rule.
    Encoded,
    /// What the official Python, Go and TypeScript signers of ACS3 do.
    Raw,
}

/// Sorts parameters by name, then by value, in byte order of the decoded text.
pub(crate) fn sort_pairs(pairs: &mut [Pair<'_>]) {
    pairs.sort_unstable();
}

/// The most bytes that [`push_query`] writes for these pairs.
pub(crate) fn query_bound(pairs: &[Pair<'_>]) -> usize {
    pairs
        .iter()
        .map(|(name, value)| encoded_bound(name) + encoded_bound(value) + 2)
        .sum()
}

/// Appends `name=value` joined with `&`; an empty value keeps its `=`.
pub(crate) fn push_query(out: &mut String, pairs: &[Pair<'_>], names: Names) {
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        match names {
            Names::Encoded => push_encoded(out, name),
            Names::Raw => out.push_str(name),
        }
        out.push('=');
        push_encoded(out, value);
    }
}

/// Whether leaving the names raw changes the text and yet cannot be read in two ways.
///
/// A raw name with `&`, `=`, `%` or `+` could pass for another list of parameters, and white space or a
/// control character for another line; such requests are only accepted with encoded names.
pub(crate) fn raw_names_differ_safely(pairs: &[Pair<'_>]) -> bool {
    let unsafe_char =
        |c: char| matches!(c, '&' | '=' | '%' | '+') || c.is_whitespace() || c.is_control();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    !pairs.iter().any(|(name, _)| name.contains(unsafe_char))
        && pairs.iter().any(|(name, _)| !name.chars().all(plain))
}

/// One header that enters the signature.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    name: &'a str,
    value: &'a str,
    /// The name is lower case already, so that names can be compared and copied as they are.
    lower: bool,
    /// The line before has the same name.
    repeats: bool,
}

impl<'a> Line<'a> {
    /// `name` in any spelling; `value` is trimmed at both ends only.
    pub(crate) fn new(name: &'a str, value: &'a str) -> Self {
        let lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
        Self {
            name,
            value: value.trim(),
            lower,
            repeats: false,
        }
    }

    /// A name known to be lower case, a value known to have no blanks around it.
    pub(crate) fn fixed(name: &'static str, value: &'a str) -> Self {
        Self {
            name,
            value,
            lower: true,
            repeats: false,
        }
    }

    /// Fills the unused places of a list.
    pub(crate) fn filler() -> Self {
        Self::fixed("", "")
    }

    /// The most bytes this line can take in the canonical headers.
    fn bound(&self) -> usize {
        self.name.len() + self.value.len() + 2
    }

    fn compare_names(&self, other: &Self) -> Ordering {
        if self.lower && other.lower {
            return self.name.cmp(other.name);
        }
        let lower = |byte: u8| byte.to_ascii_lowercase();
        self.name
            .bytes()
            .map(lower)
            .cmp(other.name.bytes().map(lower))
    }

    fn push_name(&self, out: &mut String) {
        if self.lower {
            out.push_str(self.name);
        } else {
            out.extend(self.name.chars().map(|c| c.to_ascii_lowercase()));
        }
    }
}

/// Sorts headers by lower-case name; values of one name are sorted too, since they get joined.
pub(crate) fn sort_lines(lines: &mut [Line<'_>]) {
    lines.sort_unstable_by(|a, b| a.compare_names(b).then_with(|| a.value.cmp(b.value)));
    for index in 1..lines.len() {
        lines[index].repeats = lines[index - 1].compare_names(&lines[index]).is_eq();
    }
}

/// What an ACS3 canonical request is made of, each list sorted.
pub(crate) struct CanonicalRequest<'a> {
    pub(crate) method: &'a str,
    /// Percent-encoded as sent; empty means `/`.
    pub(crate) path: &'a str,
    pub(crate) query: &'a [Pair<'a>],
    pub(crate) names: Names,
    pub(crate) headers: &'a [Line<'a>],
    pub(crate) content_sha256: &'a str,
}

/// Where the parts of a canonical request lie in the text it was written to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Layout {
    pub(crate) whole: Span,
    pub(crate) query: Span,
    pub(crate) headers: Span,
    pub(crate) signed_headers: Span,
}

impl CanonicalRequest<'_> {
    /// The most bytes that [`CanonicalRequest::push`] writes.
    pub(crate) fn bound(&self) -> usize {
        let headers: usize = self.headers.iter().map(Line::bound).sum();
        let lines = self.method.len() + self.path.len() + headers + 64 + 6;
        lines + query_bound(self.query) + self.names_bound()
    }

    /// The most bytes that the names of the signed headers take.
    pub(crate) fn names_bound(&self) -> usize {
        self.headers.iter().map(|line| line.name.len() + 1).sum()
    }

    /// Appends the canonical request.
    pub(crate) fn push(&self, out: &mut String) -> Layout {
        let start = out.len();
        out.push_str(self.method);
        out.push('\n');
        out.push_str(if self.path.is_empty() { "/" } else { self.path });
        out.push('\n');
        let query = out.len();
        push_query(out, self.query, self.names);
        let query = Span::since(query, out);
        out.push('\n');
        let headers = out.len();
        push_header_lines(out, self.headers);
        let headers = Span::since(headers, out);
        out.push('\n');
        let signed_headers = out.len();
        push_header_names(out, self.headers);
        let signed_headers = Span::since(signed_headers, out);
        out.push('\n');
        out.push_str(self.content_sha256);
        Layout {
            whole: Span::since(start, out),
            query,
            headers,
            signed_headers,
        }
    }
}

/// Appends `METHOD&%2F&` and the canonical query, encoded once more: the string to sign of V1.
pub(crate) fn push_v1_string_to_sign(out: &mut String, method: &str, canonical_query: &str) {
    out.push_str(method);
    out.push_str("&%2F&");
    push_encoded(out, canonical_query);
}

/// Appends `name:value` lines, the values of a repeated name joined with `,`.
pub(crate) fn push_header_lines(out: &mut String, lines: &[Line<'_>]) {
    for (index, line) in lines.iter().enumerate() {
        if line.repeats {
            out.push(',');
        } else {
            if index > 0 {
                out.push('\n');
            }
            line.push_name(out);
            out.push(':');
        }
        out.push_str(line.value);
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

fn push_header_names(out: &mut String, lines: &[Line<'_>]) {
    for (index, line) in lines.iter().enumerate() {
        if line.repeats {
            continue;
        }
        if index > 0 {
            out.push(';');
        }
        line.push_name(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_query(pairs: &[Pair<'_>], names: Names, expected: &str) {
        let mut pairs = pairs.to_vec();
        sort_pairs(&mut pairs);
        let mut out = String::new();
        push_query(&mut out, &pairs, names);
        assert_eq!(out, expected);
    }

    #[test]
    fn query_is_sorted_by_decoded_name_then_value() {
        check_query(&[], Names::Encoded, "");
        check_query(
            &[("b", ""), ("a", "2"), ("a", "1"), ("B", "x")],
            Names::Encoded,
            "B=x&a=1&a=2&b=",
        );
        // `/` sorts after `-`, although its encoded form would sort before it.
        check_query(&[("a/", "1"), ("a-", "2")], Names::Encoded, "a-=2&a%2F=1");
        check_query(&[("a/", " ")], Names::Raw, "a/=%20");
    }

    #[test]
    fn raw_names_are_tried_only_where_they_are_unambiguous() {
        let check = |name, expected| {
            assert_eq!(
                raw_names_differ_safely(&[("Type", "x"), (name, "v")]),
                expected,
                "{name}"
            );
        };
        check("Plain-1._~", false);
        check("a/b", true);
        check("键", true);
        for ambiguous in [
            "a&b/",
            "a=b/",
            "a%b/",
            "a+b/",
            "a b/",
            "a\u{3000}b/",
            "a\nb/",
            "\u{7f}",
        ] {
            check(ambiguous, false);
        }
    }

    #[test]
    fn headers_are_lowered_trimmed_sorted_and_joined() {
        let mut lines = [
            Line::new("X-Acs-B", "  2  inner  blanks "),
            Line::new("host", "h"),
            Line::new("x-acs-b", "1"),
            Line::new("X-ACS-A", ""),
        ];
        sort_lines(&mut lines);
        let mut out = String::new();
        push_header_lines(&mut out, &lines);
        assert_eq!(out, "host:h\nx-acs-a:\nx-acs-b:1,2  inner  blanks\n");
        out.clear();
        push_header_names(&mut out, &lines);
        assert_eq!(out, "host;x-acs-a;x-acs-b");
    }

    #[test]
    fn the_bound_holds() {
        let request = CanonicalRequest {
            method: "POST",
            path: "",
            query: &[("名", "值"), ("", "")],
            names: Names::Encoded,
            headers: &[Line::new("host", "h"), Line::new("X-Acs-A", "1")],
            content_sha256: crate::encode::Hex::EMPTY_SHA256.as_str(),
        };
        let mut out = String::new();
        request.push(&mut out);
        assert!(
            out.len() <= request.bound(),
            "{} > {}",
            out.len(),
            request.bound()
        );
    }
}
