//! INI files as the official SDKs write them.

use zeroize::Zeroizing;

/// So many names of sections are enough for a sentence.
const SHOWN_NAMES: usize = 20;

/// Sections with keys and values, in the order of the file. The values are wiped when dropped.
pub(super) struct Ini {
    sections: Vec<String>,
    entries: Vec<Entry>,
}

struct Entry {
    section: usize,
    key: String,
    value: Zeroizing<String>,
}

impl Ini {
    /// A line is empty, a comment (it begins with `#` or `;`), `[section]`, `key = value` or
    /// `key: value`. A value goes to the end of its line, so that a `#` in a secret stays; quotes
    /// around all of it are dropped.
    ///
    /// # Errors
    /// A sentence without the text of the file: it may be a secret.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut ini = Self {
            sections: Vec::new(),
            entries: Vec::new(),
        };
        for (number, line) in (1..).zip(text.lines()) {
            ini.take(line.trim())
                .map_err(|problem| format!("line {number} {problem}"))?;
        }
        Ok(ini)
    }

    fn take(&mut self, line: &str) -> Result<(), &'static str> {
        if line.is_empty() || line.starts_with(['#', ';']) {
            return Ok(());
        }
        if let Some(rest) = line.strip_prefix('[') {
            let name = rest
                .strip_suffix(']')
                .ok_or("begins a section without a `]` at its end")?;
            self.sections.push(name.trim().to_owned());
            return Ok(());
        }
        let (key, value) = line.split_once(['=', ':']).ok_or("is no `key = value`")?;
        let last = self.sections.len().checked_sub(1);
        let section = last.ok_or("stands before the first [section]")?;
        self.entries.push(Entry {
            section,
            key: key.trim().to_ascii_lowercase(),
            value: Zeroizing::new(unquoted(value.trim()).to_owned()),
        });
        Ok(())
    }

    pub(super) fn has(&self, section: &str) -> bool {
        self.sections.iter().any(|name| name == section)
    }

    /// The value that stands last in sections of this name, if it is not empty.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<&str> {
        let is_it = |entry: &&Entry| entry.key == key && self.sections[entry.section] == section;
        let found = self.entries.iter().rev().find(is_it)?;
        Some(found.value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn names(&self) -> String {
        if self.sections.is_empty() {
            return "none".to_owned();
        }
        let names = self.sections.iter().take(SHOWN_NAMES);
        let names: Vec<String> = names.map(|name| format!("[{name}]")).collect();
        names.join(" ")
    }
}

fn unquoted(value: &str) -> &str {
    let between = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    between('"').or_else(|| between('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_to_the_end_of_the_line() {
        let text = "\u{feff}# first\r\n[ a ]\r\nKey = x#y;z = 1 \r\n; note\r\nc: \"q r\"\r\n\
                    e =\r\n[b]\r\nkey=2\r\n[a]\r\nd = '\r\n";
        let ini = Ini::parse(text.as_bytes()).expect("an INI file");
        let check = |section: &str, key: &str, expected: Option<&str>| {
            assert_eq!(ini.get(section, key), expected, "{section} {key}");
        };
        check("a", "key", Some("x#y;z = 1"));
        check("a", "c", Some("q r"));
        check("a", "d", Some("'"));
        check("a", "e", None);
        check("b", "key", Some("2"));
        check("b", "c", None);
        assert!(ini.has("b") && !ini.has("c"));
        assert_eq!(ini.names(), "[a] [b] [a]");
    }

    #[test]
    fn broken_lines_are_named_by_number() {
        let check = |bytes: &[u8], expected: &str| {
            assert_eq!(Ini::parse(bytes).err().as_deref(), Some(expected));
        };
        check(b"a = 1", "line 1 stands before the first [section]");
        check(b"[a]\nhidden\n", "line 2 is no `key = value`");
        check(
            b"\n[a\n",
            "line 2 begins a section without a `]` at its end",
        );
        check(b"[a]\n\xff", "it is not UTF-8");
    }
}
