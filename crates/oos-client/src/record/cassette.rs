//! A recording as a text.

use super::line::Exchange;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Exchanges in the order in which they were made. Its text (`Display`, `FromStr`) has one JSON
/// object a line; empty lines and lines that begin with `#` are passed over.
///
/// Two recordings of the same calls differ only where the answers do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cassette {
    pub(super) exchanges: Vec<Exchange>,
}

/// A text that is no cassette. It names the line, never what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} of the cassette {what}")]
pub struct CassetteError {
    line: usize,
    what: &'static str,
}

impl CassetteError {
    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl Cassette {
    /// How many exchanges it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// The operations that were called, in their order.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.exchanges
            .iter()
            .map(|exchange| &*exchange.request.operation)
    }
}

impl fmt::Display for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for exchange in &self.exchanges {
            writeln!(f, "{}", exchange.to_line())?;
        }
        Ok(())
    }
}

impl FromStr for Cassette {
    type Err = CassetteError;

    fn from_str(text: &str) -> Result<Self, CassetteError> {
        let mut exchanges = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let exchange = Exchange::read(line);
            exchanges.push(exchange.map_err(|what| CassetteError {
                line: index + 1,
                what,
            })?);
        }
        Ok(Self { exchanges })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"operation":"ListTemplates","version":"2019-06-01","method":"POST","host":"h","path":"/","params":[["A","1"]],"status":200,"headers":[],"body":"{}"}"#;

    #[test]
    fn a_text_is_read_and_written() {
        let text = format!("# made by hand\n\n{GOOD}\r\n{GOOD}");
        let cassette: Cassette = text.parse().expect("it is one");
        assert_eq!(cassette.to_string(), format!("{GOOD}\n{GOOD}\n"));
        assert_eq!(
            cassette.operations().collect::<Vec<_>>(),
            ["ListTemplates"; 2]
        );
    }

    #[test]
    fn what_is_no_cassette_is_named_by_its_line() {
        let check = |line: &str, part: &str| {
            let error = format!("{GOOD}\n{line}").parse::<Cassette>();
            let error = error.expect_err(line);
            assert_eq!(error.line(), 2, "{line}");
            assert!(error.to_string().contains(part), "{error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        };
        check("hunter2", "is no JSON object");
        check("[]", "is no JSON object");
        check(r#"{"operation":1}"#, "`operation`");
        check(&GOOD.replace("[[\"A\",\"1\"]]", "[[\"A\"]]"), "`params`");
        check(&GOOD.replace("200", "20000"), "`status`");
        check(
            &GOOD.replace("\"status\":200", "\"error\":\"hunter2\""),
            "`error`",
        );
        check(
            &GOOD.replace("[],\"body\"", "[[\"a b\",\"c\"]],\"body\""),
            "`headers`",
        );
    }
}
