//! How bad it is when a selector is refused.

use super::SelectorError;
use crate::code;
use crate::diagnostic::{Diagnostic, Span};

/// What jq knows and selectors here refuse. Whether the service refuses it too, nobody has said.
#[rustfmt::skip]
const OF_JQ: &[&str] = &[
    "$ENV", "$__loc__", "$__prog_args", "builtins", "debug", "def", "env", "error", "fromdate",
    "fromdateiso8601", "get_search_list", "getpath", "gmtime", "gsub", "halt", "halt_error", "import",
    "include", "infinite", "input", "input_filename", "input_line_number", "inputs", "label", "limit",
    "localtime", "ltrimstr", "mktime", "modulemeta", "nan", "now", "repeat", "rtrimstr", "splits",
    "stderr", "strflocaltime", "strftime", "strptime", "sub", "todate", "todateiso8601", "until", "while",
];

/// The finding for a selector that is refused: an error if it is not jq, or names what jq does not
/// know; a warning if only this version cannot run it.
pub(crate) fn refused(error: &SelectorError, span: Span, message: impl Into<String>) -> Diagnostic {
    match error {
        SelectorError::Refused { what } if is_of_jq(what) => {
            Diagnostic::warning(code::SELECTOR, span, message)
        }
        _ => Diagnostic::error(code::SELECTOR, span, message),
    }
}

/// Whether jq itself knows it; `limit/2` counts as `limit`.
fn is_of_jq(what: &str) -> bool {
    let name = what.split(['/', ' ', '(']).next().unwrap_or(what);
    OF_JQ.contains(&name) || name.starts_with('@')
}
