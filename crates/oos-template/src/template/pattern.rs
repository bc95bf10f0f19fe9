//! Regular expressions of `AllowedPattern`.

use fancy_regex::{Regex, RegexBuilder};

/// Repeats that may run this often are stepped through instead of written out: see [`Rewriter::count`].
const MANY: u32 = 8;

/// A regular expression with look-around, matched against a whole text.
#[derive(Debug, Clone)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles a pattern as Python and JavaScript read it.
    pub(super) fn compile(text: &str) -> Option<Self> {
        let whole = format!(r"\A(?:{})\z", rewrite(text));
        let regex = RegexBuilder::new(&whole)
            .backtrack_limit(200_000)
            .build()
            .ok()?;
        Some(Self {
            written: text.to_owned(),
            regex,
        })
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether a text matches as a whole. A match that takes too many steps counts as none.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text).unwrap_or(false)
    }
}

/// The same pattern for the `regex` crate, which has operators inside classes (`&&`, `--`, `~~`, nested
/// classes) that people do not mean, and refuses `[\w-.]`.
fn rewrite(text: &str) -> String {
    let mut rewriter = Rewriter {
        rest: text,
        out: String::with_capacity(text.len() + 16),
        atom: 0,
        groups: Vec::new(),
    };
    while rewriter.step() {}
    rewriter.out
}

struct Rewriter<'a> {
    rest: &'a str,
    out: String,
    /// Where the last atom begins in `out`.
    atom: usize,
    groups: Vec<usize>,
}

impl Rewriter<'_> {
    fn step(&mut self) -> bool {
        let start = self.out.len();
        let Some(c) = self.rest.chars().next() else {
            return false;
        };
        match c {
            '\\' => self.take(escape(self.rest)),
            '[' => self.class(),
            '(' => {
                self.groups.push(start);
                self.take(1);
            }
            ')' => {
                self.take(1);
                self.atom = self.groups.pop().unwrap_or(start);
                return true;
            }
            '{' => {
                self.count();
                return true;
            }
            _ => self.take(c.len_utf8()),
        }
        self.atom = start;
        true
    }

    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.out.push_str(taken);
        self.rest = rest;
    }

    /// A counted repeat is compiled as so many copies, and `[\w.]{1,127}` then takes a tenth of a second
    /// or is too large. An empty look-ahead in what is repeated makes the engine count instead.
    fn count(&mut self) {
        let counts = self.rest[1..].split('}').next().unwrap_or_default();
        let is_count = counts.bytes().all(|b| b.is_ascii_digit() || b == b',');
        if !is_count || self.rest.len() < counts.len() + 2 {
            return self.take(1);
        }
        let most = counts.rsplit(',').next().unwrap_or_default();
        let many = most.parse().is_ok_and(|most: u32| most >= MANY);
        if many && self.atom < self.out.len() {
            self.out.insert_str(self.atom, "(?:(?=)");
            self.out.push(')');
        }
        self.take(counts.len() + 2);
    }

    fn class(&mut self) {
        let negated = if self.rest.starts_with("[^") { 2 } else { 1 };
        self.take(negated);
        if self.rest.starts_with(']') {
            self.out.push('\\');
            self.take(1);
        }
        let mut after_set = false;
        while let Some(c) = self.rest.chars().next() {
            match c {
                ']' => return self.take(1),
                '\\' => {
                    let length = escape(self.rest);
                    after_set = is_set(self.rest);
                    self.take(length);
                    continue;
                }
                '[' => match posix(self.rest) {
                    Some(length) => self.take(length),
                    None => self.literal(),
                },
                '-' if after_set || is_set(&self.rest[1..]) => self.literal(),
                '-' | '&' | '~' if self.out.ends_with(c) => self.literal(),
                _ => self.take(c.len_utf8()),
            }
            after_set = false;
        }
    }

    fn literal(&mut self) {
        self.out.push('\\');
        self.take(1);
    }
}

/// Whether a text begins with an escape that stands for many characters, such as `\w`.
fn is_set(text: &str) -> bool {
    let name = text.strip_prefix('\\').and_then(|rest| rest.chars().next());
    name.is_some_and(|c| "wWdDsSpP".contains(c))
}

/// The length of an escape, with its braces if it has some.
fn escape(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    let Some((at, c)) = chars.next() else {
        return text.len();
    };
    let end = at + c.len_utf8();
    if "pPux".contains(c) && text[end..].starts_with('{') {
        return text[end..].find('}').map_or(end, |close| end + close + 1);
    }
    end
}

/// The length of a class of classes such as `[:alpha:]`.
fn posix(text: &str) -> Option<usize> {
    let name = text.strip_prefix("[:")?;
    let length = name.find(":]")?;
    let named = name[..length].trim_start_matches('^');
    let word = !named.is_empty() && named.bytes().all(|b| b.is_ascii_lowercase());
    word.then_some(length + 4)
}

#[cfg(test)]
mod tests {
    use super::{Pattern, rewrite};

    #[test]
    fn patterns_of_other_engines() {
        for (pattern, fits, does_not) in [
            (r"^[\w-.]+$", "a-b.c", "a b"),
            (r"[a-\d]+", "a-1", "b"),
            (r"[\w\.\-\_\:]{1,127}", "a.b-c_d:e", "a/b"),
            (r"^[\w]{1,1000}$", "äb_1", "-"),
            (r"([\w-]+\.){1,20}com", "a.b-c.com", "com"),
            (r"[^&&a]", "b", "&"),
            (r"[!--]+", "!-,", "."),
            (r"[~~[a]+", "[a~", "]"),
            (r"[]a]+", "a]", "b"),
            (r"[^]a]+", "b", "]"),
            (r"[[:digit:]x]{10}", "123456789x", "12"),
            (r"^(?=.*\d)(?!.*\s).{8,30}$", "abcdefg1", "abcdefgh"),
            (r"^[\u4e00-\u9fa5a-z]{2,128}$", "中文a", "A1"),
            (r"^\p{L}{9}$", "abcdefghi", "abc"),
            (r"^(a)(b){2,9}\1$", "abba", "abb"),
            (r"a{2,30}?b", "aab", "ab"),
            (r"^\{\{.*\}\}$", "{{x}}", "x"),
            (r"^i-[a-z0-9]{20}$", "i-abcdefghij0123456789", "i-1"),
        ] {
            let compiled = Pattern::compile(pattern);
            let compiled = compiled.unwrap_or_else(|| panic!("{pattern}: {}", rewrite(pattern)));
            assert!(compiled.matches(fits), "{pattern} {fits}");
            assert!(!compiled.matches(does_not), "{pattern} {does_not}");
            assert_eq!(compiled.as_str(), pattern);
        }
    }

    #[test]
    fn what_is_no_pattern() {
        for pattern in ["(", "[a", "*", "a{2", r"\", "(?<", "[z-a]", "{9}"] {
            let _ = rewrite(pattern);
            let compiled =
                Pattern::compile(pattern).map(|pattern| pattern.matches(pattern.as_str()));
            assert!(compiled.is_none_or(|fits| fits), "{pattern}");
        }
    }
}
