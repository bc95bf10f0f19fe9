//! `test`, `match`, `capture`, `scan`, `split`, `sub`, `gsub`: the natives under them, on fancy-regex,
//! since templates use look-ahead.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc as Shared;

use fancy_regex::{Captures, Regex, RegexBuilder};
use jaq_core::{Cv, ValT};
use jaq_json::{Rc, Val};

use super::natives::{Kind, Refusal, text_of};

/// What of a text to return.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// What matches, as lists of groups.
    Matches,
    /// What lies between.
    Rest,
    /// Both, in turn.
    Both,
}

const MAX_PATTERN: usize = 4096;
const BACKTRACKS: usize = 20_000;
/// Steps a search costs: it may take up to `BACKTRACKS` of the engine's own.
const SEARCH: usize = 200;

/// The patterns of one run, compiled: a program mostly tests many texts against one.
#[derive(Default)]
pub(super) struct Patterns(RefCell<HashMap<String, Shared<Regex>>>);

/// Patterns a run keeps.
const MAX_KEPT: usize = 64;

impl Patterns {
    fn get(&self, flags: &Flags, pattern: &str) -> Result<Shared<Regex>, Refusal> {
        let whole = flags.whole(pattern)?;
        let mut kept = self.0.borrow_mut();
        if let Some(regex) = kept.get(&whole) {
            return Ok(Shared::clone(regex));
        }
        let regex = Shared::new(compile(&whole)?);
        if kept.len() == MAX_KEPT {
            kept.clear();
        }
        kept.insert(whole, Shared::clone(&regex));
        Ok(regex)
    }
}

/// Runs `name(pattern; flags)` on a text.
pub(super) fn run(mut cv: Cv<'_, Kind>, keep: Keep) -> Result<Val, Refusal> {
    let flags = cv.0.pop_var();
    let pattern = cv.0.pop_var();
    let budget = cv.0.data().budget;
    let flags = Flags::read(text_of(budget, &flags)?)?;
    let patterns = cv.0.data().patterns;
    let regex = patterns.get(&flags, text_of(budget, &pattern)?)?;
    let text = text_of(budget, &cv.1)?;
    let mut parts = Vec::new();
    let mut offsets = Offsets {
        text,
        byte: 0,
        character: 0,
    };
    let mut last = 0;
    for captures in regex.captures_iter(text) {
        if !budget.steps(SEARCH + text.len() / 256) {
            return Err(Refusal::Stop);
        }
        let captures = captures.map_err(|_| Refusal::error("the pattern takes too many steps"))?;
        let Some(whole) = captures.get(0) else {
            continue;
        };
        if flags.ignore_empty && whole.as_str().is_empty() {
            continue;
        }
        if keep != Keep::Matches {
            parts.push(Val::utf8_str(text[last..whole.start()].to_owned()));
            last = whole.end();
        }
        if keep != Keep::Rest {
            parts.push(groups(&regex, &captures, &mut offsets));
        }
        if !flags.global {
            break;
        }
    }
    if keep != Keep::Matches {
        parts.push(Val::utf8_str(text[last..].to_owned()));
    }
    Ok(Val::Arr(Rc::new(parts)))
}

/// The whole match and the groups that took part, each as jq describes a match.
fn groups(regex: &Regex, captures: &Captures<'_, str>, offsets: &mut Offsets<'_>) -> Val {
    let start = captures.get(0).map_or(0, |whole| whole.start());
    let base = offsets.of(start);
    let group = |(at, name): (usize, Option<&str>)| {
        let group = captures.get(at)?;
        let before = offsets
            .text
            .get(start..group.start())
            .map_or(0, |t| t.chars().count());
        let mut entries = vec![
            ("offset", number(base + before)),
            ("length", number(group.as_str().chars().count())),
            ("string", Val::utf8_str(group.as_str().to_owned())),
        ];
        entries.extend(name.map(|name| ("name", Val::utf8_str(name.to_owned()))));
        let entries = entries
            .into_iter()
            .map(|(key, value)| (Val::utf8_str(key), value));
        Val::from_map(entries).ok()
    };
    Val::Arr(Rc::new(
        regex
            .capture_names()
            .enumerate()
            .filter_map(group)
            .collect(),
    ))
}

fn number(count: usize) -> Val {
    Val::from(isize::try_from(count).unwrap_or(isize::MAX))
}

/// Turns ascending byte offsets into characters.
struct Offsets<'t> {
    text: &'t str,
    byte: usize,
    character: usize,
}

impl Offsets<'_> {
    fn of(&mut self, byte: usize) -> usize {
        if let Some(between) = self.text.get(self.byte..byte) {
            self.character += between.chars().count();
            self.byte = byte;
        }
        self.character
    }
}

struct Flags {
    global: bool,
    ignore_empty: bool,
    /// Those the pattern itself can carry.
    inline: String,
}

impl Flags {
    fn read(flags: &str) -> Result<Self, Refusal> {
        let mut read = Self {
            global: false,
            ignore_empty: false,
            inline: String::new(),
        };
        for flag in flags.chars() {
            match flag {
                'g' => read.global = true,
                'n' => read.ignore_empty = true,
                'i' | 'x' | 's' => read.inline.push(flag),
                'p' => read.inline.push('s'),
                'l' => {}
                _ => return Err(Refusal::error(format!("{flag} is no flag of a pattern"))),
            }
        }
        Ok(read)
    }

    /// The pattern with its flags in front.
    fn whole(&self, pattern: &str) -> Result<String, Refusal> {
        if pattern.len() > MAX_PATTERN {
            return Err(Refusal::error("the pattern is too long"));
        }
        Ok(match self.inline.as_str() {
            "" => pattern.to_owned(),
            flags => format!("(?{flags}){pattern}"),
        })
    }
}

fn compile(pattern: &str) -> Result<Regex, Refusal> {
    let mut builder = RegexBuilder::new(pattern);
    builder
        .backtrack_limit(BACKTRACKS)
        .delegate_size_limit(1 << 20);
    builder
        .build()
        .map_err(|_| Refusal::error("the pattern is no regular expression"))
}
