//! The kinds of records of a local OOS.

use crate::{templates, tokens};
use oos_store::Kind;

/// All kinds that the store of a local OOS needs to know: those of the engine, and its own.
#[must_use]
pub fn kinds() -> Vec<&'static Kind> {
    let own = [
        &templates::TEMPLATE,
        &templates::TEMPLATE_VERSION,
        &templates::TEMPLATE_RUN,
    ];
    oos_engine::KINDS
        .into_iter()
        .chain(own)
        .chain([&tokens::TOKEN])
        .collect()
}
