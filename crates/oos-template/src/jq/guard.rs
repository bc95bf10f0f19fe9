//! Walks a parsed program: refuses what selectors cannot use, and rewrites the rest so that every
//! generator counts its steps and every value that is built is weighed.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Part, Path};

use super::SelectorError;
use super::library::{HEAVY, is_function};

/// Levels of terms; running a term recurses over them.
const MAX_DEPTH: usize = 100;
/// Parts of one path, such as `.a.b[0]`.
const MAX_PARTS: usize = 100;

const STEP: &str = "oos__step";
const WEIGH: &str = "oos__weigh";
/// What rewriting calls.
pub(super) const CALLS: [(&str, usize); 2] = [(STEP, 0), (WEIGH, 0)];
/// Holds the right side of `*=` and `-=`.
const OPERAND: &str = "$oos__operand";

/// Functions whose argument is used as a path.
const PATH_ARGUMENTS: &[&str] = &["path", "paths", "del", "path_value"];
/// Words that start a term but are no functions of selectors: they are no fields either.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "combinations", "debug", "def", "env", "foreach", "gmtime", "halt", "halt_error", "if", "import",
    "include", "input", "input_line_number", "inputs", "label", "localtime", "now", "reduce", "repeat",
    "stderr", "try",
];

/// Puts the dot before a program that starts with a field's name.
pub(super) fn with_dot(text: &str) -> String {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_field = rest.starts_with(['.', '[']);
    let known = WORDS.contains(&word) || is_function(word);
    let called = rest.trim_start().starts_with('(');
    if is_name && !called && (is_field || !known) {
        format!(".{text}")
    } else {
        text.to_owned()
    }
}

/// A term of a user's program, checked and rewritten.
pub(super) fn program(term: Term<&str>) -> Rewritten<'_> {
    Guard { user: true }.term(term, Place::VALUE)
}

/// A definition of the library, rewritten.
pub(super) fn definition(def: Def<&'static str>) -> Def<&'static str> {
    let name = def.name;
    let body = Guard { user: false }.term(def.body, Place::VALUE);
    Def {
        name,
        args: def.args,
        body: body.expect("only programs of users are refused"),
    }
}

struct Guard {
    /// Whether the rules for users hold; the library may do more.
    user: bool,
}

/// Where a term stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// Whether it is updated, or its path taken: that recurses where a value would not.
    path: bool,
}

impl Place {
    const VALUE: Self = Self {
        depth: 0,
        path: false,
    };

    const fn value(self) -> Self {
        Self {
            path: false,
            ..self
        }
    }

    const fn path(self) -> Self {
        Self { path: true, ..self }
    }
}

/// A key with its value; none in `{a}`, where the key names it.
type Entry<'s> = (Term<&'s str>, Option<Term<&'s str>>);
type Rewritten<'s> = Result<Term<&'s str>, SelectorError>;

impl Guard {
    fn term<'s>(&self, term: Term<&'s str>, at: Place) -> Rewritten<'s> {
        if at.depth > MAX_DEPTH && self.user {
            return Err(SelectorError::TooLarge {
                what: "the selector is nested too deep",
            });
        }
        let at = Place {
            depth: at.depth + 1,
            ..at
        };
        Ok(match term {
            Term::Recurse => counted(Term::Recurse),
            Term::Var(name) if self.user && name.starts_with("$oos__") || name == "$ENV" => {
                return Err(refused(name));
            }
            Term::Id | Term::Num(_) | Term::Break(_) | Term::Var(_) | Term::Arr(None) => term,
            Term::Str(format, parts) => self.text(format, parts, at)?,
            Term::Arr(Some(inner)) => weighed(Term::Arr(Some(self.boxed(*inner, at.value())?))),
            Term::Obj(entries) => weighed(Term::Obj(self.entries(entries, at.value())?)),
            Term::Neg(inner) => Term::Neg(self.boxed(*inner, at)?),
            Term::BinOp(left, op, right) => self.operation(*left, op, *right, at)?,
            Term::Label(name, inner) => Term::Label(name, self.boxed(*inner, at)?),
            Term::Fold(name, from, pattern, steps) => {
                if at.path && self.user {
                    return Err(refused(&format!("{name} on the left of an update")));
                }
                let steps = self.terms(steps, at)?;
                let pattern = self.pattern(pattern, at.value())?;
                counted(Term::Fold(
                    name,
                    self.boxed(*from, at.value())?,
                    pattern,
                    steps,
                ))
            }
            Term::TryCatch(body, catch) => {
                let catch = catch.map(|catch| self.boxed(*catch, at)).transpose()?;
                Term::TryCatch(self.boxed(*body, at)?, catch)
            }
            Term::IfThenElse(branches, otherwise) => {
                let branch = |(condition, then)| {
                    Ok((self.term(condition, at.value())?, self.term(then, at)?))
                };
                let branches = branches.into_iter().map(branch).collect::<Result<_, _>>()?;
                let otherwise = otherwise.map(|term| self.boxed(*term, at)).transpose()?;
                Term::IfThenElse(branches, otherwise)
            }
            Term::Def(..) if self.user => return Err(refused("def")),
            Term::Def(defs, inner) => {
                let rewrite = |def: Def<&'s str>| {
                    Ok(Def {
                        name: def.name,
                        args: def.args,
                        body: self.term(def.body, at)?,
                    })
                };
                let defs = defs.into_iter().map(rewrite).collect::<Result<_, _>>()?;
                Term::Def(defs, self.boxed(*inner, at)?)
            }
            Term::Call(name, arguments) => self.call(name, arguments, at)?,
            Term::Path(from, path) => self.path(*from, path, at)?,
        })
    }

    fn boxed<'s>(
        &self,
        term: Term<&'s str>,
        at: Place,
    ) -> Result<Box<Term<&'s str>>, SelectorError> {
        self.term(term, at).map(Box::new)
    }

    fn terms<'s>(
        &self,
        terms: Vec<Term<&'s str>>,
        at: Place,
    ) -> Result<Vec<Term<&'s str>>, SelectorError> {
        terms.into_iter().map(|term| self.term(term, at)).collect()
    }

    fn text<'s>(
        &self,
        format: Option<&'s str>,
        parts: Vec<StrPart<&'s str, Term<&'s str>>>,
        at: Place,
    ) -> Rewritten<'s> {
        if let Some(name) = format.filter(|name| self.user && !is_function(name)) {
            return Err(refused(name));
        }
        let plain = format.is_none() && !parts.iter().any(|part| matches!(part, StrPart::Term(_)));
        let part = |part| {
            Ok(match part {
                StrPart::Term(term) => StrPart::Term(self.term(term, at.value())?),
                other => other,
            })
        };
        let text = Term::Str(
            format,
            parts.into_iter().map(part).collect::<Result<_, _>>()?,
        );
        Ok(if plain { text } else { weighed(text) })
    }

    fn entries<'s>(
        &self,
        entries: Vec<Entry<'s>>,
        at: Place,
    ) -> Result<Vec<Entry<'s>>, SelectorError> {
        let entry = |(key, value): (_, Option<_>)| {
            // `{$x}` takes its key from the variable's name, so the key must stay what it is.
            let key = if value.is_some() {
                self.term(key, at)?
            } else {
                self.key(key)?
            };
            Ok((key, value.map(|value| self.term(value, at)).transpose()?))
        };
        entries.into_iter().map(entry).collect()
    }

    /// The key of `{a}`, `{"a"}`, `{$x}`: no term may be wrapped around it.
    fn key<'s>(&self, key: Term<&'s str>) -> Rewritten<'s> {
        match key {
            Term::Var(_) => self.term(key, Place::VALUE),
            Term::Str(None, ref parts) if !parts.iter().any(|p| matches!(p, StrPart::Term(_))) => {
                Ok(key)
            }
            Term::Call(name, arguments) if arguments.is_empty() => Ok(Term::Call(name, arguments)),
            Term::Str(..) => Err(refused(
                "an object key with interpolation but without a value",
            )),
            other => Ok(other),
        }
    }

    fn operation<'s>(
        &self,
        left: Term<&'s str>,
        op: BinaryOp<&'s str>,
        right: Term<&'s str>,
        at: Place,
    ) -> Rewritten<'s> {
        let value = at.value();
        Ok(match op {
            BinaryOp::Pipe(Some(pattern)) => {
                let op = BinaryOp::Pipe(Some(self.pattern(pattern, value)?));
                join(self.term(left, value)?, op, self.term(right, at)?)
            }
            BinaryOp::Comma => counted(join(self.term(left, at)?, op, self.term(right, at)?)),
            BinaryOp::Pipe(None) | BinaryOp::Alt => {
                join(self.term(left, at)?, op, self.term(right, at)?)
            }
            BinaryOp::Or | BinaryOp::And | BinaryOp::Math(Math::Rem) => {
                join(self.term(left, value)?, op, self.term(right, value)?)
            }
            BinaryOp::Math(math) => {
                let (left, right) = (self.term(left, value)?, self.term(right, value)?);
                arithmetic(left, math, right)
            }
            BinaryOp::Cmp(_) => {
                let cheap = is_short(&left) || is_short(&right);
                let (left, right) = (self.term(left, value)?, self.term(right, value)?);
                join(if cheap { left } else { weighed(left) }, op, right)
            }
            BinaryOp::UpdateMath(math @ (Math::Mul | Math::Sub)) => {
                let (left, right) = (self.term(left, at.path())?, self.term(right, value)?);
                let update = arithmetic(Term::Id, math, Term::Var(OPERAND));
                let update = weighed(join(left, BinaryOp::Update, update));
                join(right, BinaryOp::Pipe(Some(Pattern::Var(OPERAND))), update)
            }
            BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => {
                weighed(join(
                    self.term(left, at.path())?,
                    op,
                    self.term(right, value)?,
                ))
            }
        })
    }

    fn pattern<'s>(
        &self,
        pattern: Pattern<&'s str>,
        at: Place,
    ) -> Result<Pattern<&'s str>, SelectorError> {
        Ok(match pattern {
            Pattern::Var(name) if self.user && name.starts_with("$oos__") => {
                return Err(refused(name));
            }
            Pattern::Var(_) => pattern,
            Pattern::Arr(items) => {
                let items = items.into_iter().map(|item| self.pattern(item, at));
                Pattern::Arr(items.collect::<Result<_, _>>()?)
            }
            Pattern::Obj(entries) => {
                let entry = |(key, inner)| {
                    // `{$x}` in a pattern is a variable as key too.
                    let key = match key {
                        Term::Var(_) | Term::Str(None, _) => key,
                        key => self.term(key, at)?,
                    };
                    Ok((key, self.pattern(inner, at)?))
                };
                Pattern::Obj(entries.into_iter().map(entry).collect::<Result<_, _>>()?)
            }
        })
    }

    fn call<'s>(&self, name: &'s str, arguments: Vec<Term<&'s str>>, at: Place) -> Rewritten<'s> {
        if self.user {
            let unbounded = name == "recurse" && (at.path || !arguments.is_empty());
            let getpath = name == "getpath" && at.path;
            if !is_function(name) || unbounded || getpath {
                return Err(refused(name));
            }
        }
        let inner = if PATH_ARGUMENTS.contains(&name) {
            at.path()
        } else {
            at
        };
        let call = Term::Call(name, self.terms(arguments, inner)?);
        let call = if HEAVY.contains(&name) {
            pipe(Term::Call(WEIGH, vec![]), call)
        } else {
            call
        };
        Ok(counted(call))
    }

    fn path<'s>(&self, from: Term<&'s str>, path: Path<Term<&'s str>>, at: Place) -> Rewritten<'s> {
        if path.0.len() > MAX_PARTS {
            return Err(SelectorError::TooLarge {
                what: "the selector's path is too long",
            });
        }
        let iterates = path
            .0
            .iter()
            .any(|(part, _)| matches!(part, Part::Range(None, None)));
        let slices = path.0.iter().any(
            |(part, _)| matches!(part, Part::Range(from, upto) if from.is_some() || upto.is_some()),
        );
        let value = at.value();
        let bound = |term: Option<_>| term.map(|term| self.term(term, value)).transpose();
        let part = |(part, optional)| {
            let part = match part {
                Part::Index(index) => Part::Index(self.term(index, value)?),
                Part::Range(from, upto) => Part::Range(bound(from)?, bound(upto)?),
            };
            Ok((part, optional))
        };
        let path = Path(path.0.into_iter().map(part).collect::<Result<_, _>>()?);
        let path = Term::Path(self.boxed(from, at)?, path);
        Ok(match (slices, iterates) {
            (true, _) => weighed(path),
            (_, true) => counted(path),
            _ => path,
        })
    }
}

/// Products and differences pass checks of the library before they are computed.
fn arithmetic<'s>(left: Term<&'s str>, math: Math, right: Term<&'s str>) -> Term<&'s str> {
    match math {
        Math::Mul => weighed(Term::Call("oos__times", vec![left, right])),
        Math::Sub => weighed(Term::Call("oos__minus", vec![left, right])),
        math => weighed(join(left, BinaryOp::Math(math), right)),
    }
}

/// Whether comparing with a term costs little: it is a literal.
fn is_short(term: &Term<&str>) -> bool {
    match term {
        Term::Num(_) | Term::Arr(None) => true,
        Term::Str(None, parts) => !parts.iter().any(|part| matches!(part, StrPart::Term(_))),
        Term::Call(name, _) => matches!(*name, "null" | "true" | "false"),
        _ => false,
    }
}

fn join<'s>(left: Term<&'s str>, op: BinaryOp<&'s str>, right: Term<&'s str>) -> Term<&'s str> {
    Term::BinOp(Box::new(left), op, Box::new(right))
}

fn pipe<'s>(left: Term<&'s str>, right: Term<&'s str>) -> Term<&'s str> {
    join(left, BinaryOp::Pipe(None), right)
}

fn counted(term: Term<&str>) -> Term<&str> {
    pipe(term, Term::Call(STEP, vec![]))
}

fn weighed(term: Term<&str>) -> Term<&str> {
    pipe(term, Term::Call(WEIGH, vec![]))
}

fn refused(what: &str) -> SelectorError {
    SelectorError::Refused {
        what: what.to_owned(),
    }
}
