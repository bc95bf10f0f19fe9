//! `oos schema`: a JSON Schema of templates.

use crate::console::Console;
use crate::failure::Failure;
use crate::render;
use crate::report::Outcome;

/// Prints the schema.
///
/// # Errors
/// [`Failure::Output`].
pub(super) fn run(console: &mut Console) -> Result<Outcome, Failure> {
    console.print(&render::document(&oos_template::schema()))?;
    Ok(Outcome::Success)
}
