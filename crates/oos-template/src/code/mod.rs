//! The codes of the rules: one table a range, each rule with what `oos explain` says about it.
//!
//! A rule is added to the table of its range (`OOS13x`: `actions.rs`, `OOS2xx`: `children.rs`), with an example that raises it
//! and the mended example; a test runs both.

mod actions;
mod children;
mod document;
mod functions;
mod parameters;
mod references;
mod tasks;
mod template;

use std::fmt;

pub(crate) use actions::*;
pub(crate) use children::*;
pub(crate) use document::*;
pub(crate) use functions::*;
pub(crate) use parameters::*;
pub(crate) use references::*;
pub(crate) use tasks::*;
pub(crate) use template::*;

/// The code of a rule, such as `OOS120`. Codes are stable: a rule that goes away takes its code with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

/// What there is to know about a rule: what `oos explain` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The code of the rule.
    pub code: Code,
    /// The rule in a few words.
    pub title: &'static str,
    /// What the rule asks for, why, and how to mend a template that breaks it.
    pub text: &'static str,
    /// A template that breaks this rule and no other. Where it holds `[64 KB]`, so much text stands.
    pub bad: &'static str,
    /// The same template, mended.
    pub good: &'static str,
    /// For rules about other templates: the name and the text of one that both examples run.
    pub child: Option<(&'static str, &'static str)>,
}

impl Code {
    /// The code as text, for instance `OOS120`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The code of a text such as `OOS120`, in any letter case.
    ///
    /// ```
    /// use oos_template::Code;
    ///
    /// let code = Code::parse("oos123").unwrap();
    /// assert_eq!(code.explanation().title, "a jump to a task that does not exist");
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let known = Self::all().find(|known| known.code.0.eq_ignore_ascii_case(text.trim()));
        known.map(|known| known.code)
    }

    /// What there is to know about the rule.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "codes are made by the tables only, and a test finds each of them"
    )]
    pub fn explanation(self) -> &'static Explanation {
        Self::all()
            .find(|known| known.code == self)
            .expect("a code is made together with its explanation only")
    }

    /// All rules, table by table.
    pub fn all() -> impl Iterator<Item = &'static Explanation> {
        TABLES.iter().copied().flatten()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Explanation {
    /// Everything, as plain text of several paragraphs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}\n\n{}", self.code, self.title, self.text)?;
        writeln!(f, "\nThis is found:\n\n{}", self.bad.trim_end())?;
        write!(f, "\nThis is fine:\n\n{}", self.good.trim_end())?;
        match self.child {
            Some((name, text)) => {
                write!(f, "\n\nwith the template {name}:\n\n{}", text.trim_end())
            }
            None => Ok(()),
        }
    }
}

/// The tables, each in the order of its codes.
const TABLES: &[&[Explanation]] = &[
    document::TABLE,
    template::TABLE,
    parameters::TABLE,
    tasks::TABLE,
    references::TABLE,
    functions::TABLE,
    actions::TABLE,
    children::TABLE,
];

/// Makes the constants of the codes and the table of a range:
/// `NAME = "OOS1xx", title; text; bad: example; good: example; [+ child: name, text;]`.
macro_rules! rules {
    ($($name:ident = $code:literal, $title:literal; $text:literal;
        bad: $bad:literal; good: $good:literal; $(+ child: $child:literal, $content:literal;)?)*) => {
        $(pub(crate) const $name: crate::code::Code = crate::code::Code($code);)*
        pub(super) const TABLE: &[crate::code::Explanation] = &[$(crate::code::Explanation {
            code: $name,
            title: $title,
            text: $text,
            bad: $bad,
            good: $good,
            child: crate::code::rules!(@child $($child, $content)?),
        }),*];
    };
    (@child) => { None };
    (@child $child:literal, $content:literal) => { Some(($child, $content)) };
}
use rules;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fmt::Write as _;

    use super::{Code, Explanation, TABLES};
    use crate::{Diagnostic, inspect};

    #[test]
    fn codes_stand_once_and_are_found() {
        let all: Vec<&Explanation> = Code::all().collect();
        for table in TABLES {
            assert!(table.windows(2).all(|pair| pair[0].code < pair[1].code));
        }
        let codes: HashSet<Code> = all.iter().map(|known| known.code).collect();
        assert_eq!(codes.len(), all.len());
        for known in all {
            assert_eq!(
                Code::parse(&known.code.as_str().to_lowercase()),
                Some(known.code)
            );
            assert_eq!(known.code.explanation(), known);
            assert!(known.title.len() < 80, "{}", known.code);
            assert!(known.text.ends_with('.'), "{}", known.code);
        }
        assert_eq!(Code::parse("OOS099"), None);
    }

    /// Rules about other templates, and advice, are tried in `children` and `advice`.
    #[test]
    fn examples_show_their_rule_and_nothing_else() {
        let mut wrong = String::new();
        for known in Code::all().filter(|known| known.code.0 < "OOS200") {
            let (bad, good) = (found_in(known.bad), found_in(known.good));
            let only_it = !bad.is_empty() && bad.iter().all(|d| d.code == known.code);
            if !only_it || !good.is_empty() {
                writeln!(wrong, "{}: bad {bad:#?}, good {good:#?}", known.code).unwrap();
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    fn found_in(example: &str) -> Vec<Diagnostic> {
        inspect(&example.replace("[64 KB]", &"x".repeat(64 * 1024))).diagnostics
    }
}
