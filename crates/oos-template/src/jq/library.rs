//! The functions of selectors: which there are, and the definitions a program needs.

use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::load::{self, Arena, File, Lexer, Loader, Parser, lex};
use jaq_core::path::Part;
use jaq_core::{Compiler, Filter};

use super::natives::{self, Kind};
use super::{SelectorError, definitions, guard, nesting};

/// What a program may call.
#[rustfmt::skip]
const FUNCTIONS: &[&str] = &[
    "@base64", "@base64d", "@json", "@text", "IN", "INDEX", "abs", "add", "all", "any", "arrays", "ascii_downcase",
    "ascii_upcase", "booleans", "capture", "ceil", "contains", "del", "empty", "endswith", "error",
    "explode", "false", "first", "flatten", "floor", "from_entries", "fromjson", "getpath", "group_by",
    "gsub", "has", "implode", "in", "index", "indices", "inside", "isempty", "iterables", "join", "keys",
    "keys_unsorted", "last", "leaf_paths", "length", "limit", "ltrim", "ltrimstr", "map", "map_values", "match", "max",
    "max_by", "min", "min_by", "not", "nth", "null", "nulls", "numbers", "objects", "path", "paths",
    "range", "recurse", "reverse", "rindex", "round", "rtrim", "rtrimstr", "scalars", "scan", "select",
    "skip", "sort", "sort_by", "split", "splits", "startswith", "strings", "sub", "test", "to_entries",
    "toboolean", "tojson", "tonumber", "tostring", "transpose", "trim", "true", "type", "unique",
    "unique_by", "utf8bytelength", "values", "walk", "with_entries",
];

/// Natives that look at their whole input, which therefore is weighed first.
pub(super) const HEAVY: &[&str] = &[
    "ascii_downcase",
    "ascii_upcase",
    "endswith",
    "explode",
    "group_by",
    "implode",
    "key_values",
    "keys_unsorted",
    "length",
    "ltrim",
    "ltrimstr",
    "max_by_or_empty",
    "min_by_or_empty",
    "reverse",
    "rtrim",
    "rtrimstr",
    "sort",
    "sort_by",
    "startswith",
    "tojson",
    "trim",
    "utf8bytelength",
];

/// Whether selectors know a function of that name.
pub(super) fn is_function(name: &str) -> bool {
    FUNCTIONS.binary_search(&name).is_ok()
}

/// Reads, guards and compiles a program.
pub(super) fn compile(text: &str) -> Result<Filter<Kind>, SelectorError> {
    nesting::check(text)?;
    let program = guard::program(parse(text)?)?;
    let mut needed = Vec::new();
    calls(&program, &mut needed);
    let main = Def {
        name: "oos__main",
        args: Vec::new(),
        body: program,
    };
    let prelude = definitions::needed(&mut needed).into_iter().chain([main]);
    let arena = Arena::default();
    let file = File {
        code: "oos__main",
        path: (),
    };
    let undefined = || SelectorError::Refused {
        what: "an unknown variable or function".to_owned(),
    };
    let modules = Loader::new(prelude)
        .load(&arena, file)
        .map_err(|_| undefined())?;
    needed.extend(guard::CALLS);
    let natives =
        natives::all().filter(|(name, arguments, _)| needed.contains(&(*name, arguments.len())));
    let compiler = Compiler::default().with_funs(natives);
    compiler.compile(modules).map_err(|errors| {
        let named = errors.into_iter().flat_map(|(_, errors)| errors).next();
        named.map_or_else(undefined, |(name, kind)| SelectorError::Refused {
            what: format!("the {} {name}", kind.as_str()),
        })
    })
}

fn parse(text: &str) -> Result<Term<&str>, SelectorError> {
    let syntax = |expected: &str, rest: &str| {
        let at = text.len().saturating_sub(rest.len());
        let at = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
        SelectorError::Syntax {
            expected: expected.to_owned(),
            at,
        }
    };
    let tokens = Lexer::new(text).lex().map_err(|errors| {
        let first = errors.into_iter().next();
        first.map_or_else(
            || syntax("a term", ""),
            |(expected, rest)| syntax(expected.as_str(), rest),
        )
    })?;
    Parser::new(&tokens).parse(Parser::term).map_err(|errors| {
        let first = errors.into_iter().next();
        first.map_or_else(
            || syntax("a term", ""),
            |(expected, found)| {
                let found =
                    found.map_or(text.len(), |lex::Token(at, _)| load::span(text, at).start);
                syntax(expected.as_str(), text.get(found..).unwrap_or_default())
            },
        )
    })
}

/// Every call in a term.
pub(super) fn calls<'s>(term: &Term<&'s str>, found: &mut Vec<(&'s str, usize)>) {
    match term {
        Term::Call(name, arguments) => found.push((name, arguments.len())),
        Term::Str(Some(format), _) => found.push((format, 0)),
        _ => {}
    }
    for child in children(term) {
        calls(child, found);
    }
}

/// The terms directly inside a term.
fn children<'t, 's>(term: &'t Term<&'s str>) -> Vec<&'t Term<&'s str>> {
    match term {
        Term::Call(_, arguments) => arguments.iter().collect(),
        Term::Str(_, parts) => {
            let inner = |part: &'t lex::StrPart<_, _>| match part {
                lex::StrPart::Term(term) => Some(term),
                _ => None,
            };
            parts.iter().filter_map(inner).collect()
        }
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => vec![&**inner],
        Term::Obj(entries) => entries
            .iter()
            .flat_map(|(key, value)| std::iter::once(key).chain(value))
            .collect(),
        Term::BinOp(left, BinaryOp::Pipe(Some(pattern)), right) => [&**left, &**right]
            .into_iter()
            .chain(keys(pattern))
            .collect(),
        Term::BinOp(left, _, right) => vec![&**left, &**right],
        Term::Fold(_, from, pattern, steps) => std::iter::once(&**from)
            .chain(steps)
            .chain(keys(pattern))
            .collect(),
        Term::TryCatch(body, catch) => std::iter::once(&**body).chain(catch.as_deref()).collect(),
        Term::IfThenElse(branches, otherwise) => {
            let branches = branches
                .iter()
                .flat_map(|(condition, then)| [condition, then]);
            branches.chain(otherwise.as_deref()).collect()
        }
        Term::Def(defs, inner) => defs
            .iter()
            .map(|def| &def.body)
            .chain(std::iter::once(&**inner))
            .collect(),
        Term::Path(from, path) => {
            let part = |(part, _): &'t (Part<Term<&'s str>>, _)| match part {
                Part::Index(index) => vec![index],
                Part::Range(from, upto) => from.iter().chain(upto).collect(),
            };
            std::iter::once(&**from)
                .chain(path.0.iter().flat_map(part))
                .collect()
        }
        Term::Id
        | Term::Recurse
        | Term::Num(_)
        | Term::Arr(None)
        | Term::Break(_)
        | Term::Var(_) => Vec::new(),
    }
}

/// The keys of a pattern, which are terms.
fn keys<'t, 's>(pattern: &'t Pattern<&'s str>) -> Vec<&'t Term<&'s str>> {
    match pattern {
        Pattern::Var(_) => Vec::new(),
        Pattern::Arr(items) => items.iter().flat_map(keys).collect(),
        Pattern::Obj(entries) => entries
            .iter()
            .flat_map(|(key, inner)| std::iter::once(key).chain(keys(inner)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn function_names_are_sorted_for_the_search() {
        assert!(super::FUNCTIONS.is_sorted());
        assert!(super::HEAVY.is_sorted());
    }
}
