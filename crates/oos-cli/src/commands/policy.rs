//! `oos policy`: the RAM policy that the tasks of a template need.

use super::check::catalogue;
use crate::cli::{OutputFormat, PolicyArgs};
use crate::console::Console;
use crate::failure::{Failure, Mistakes};
use crate::input;
use crate::render::{self, Paint};
use crate::report::Outcome;
use oos_template::{parse, policy};

/// Prints the policy on standard output; in text the reasons go to standard error, so that the policy
/// can be written to a file.
///
/// # Errors
/// [`Failure::Usage`] if a file can not be read or the template has mistakes.
pub(super) fn run(args: &PolicyArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let catalogue = catalogue(&args.templates)?;
    let file = input::file(&args.template, console.input())?;
    let template =
        parse(&file.text).map_err(|found| Mistakes::in_template(&file.name, &file.text, &found))?;
    let policy = policy::policy(&template, &catalogue);
    match args.output.output {
        OutputFormat::Text => {
            console.print(&render::policy::document(&policy))?;
            let paint = Paint::new(console.colour_of_errors());
            console.complain(&render::policy::reasons(&policy, paint));
        }
        OutputFormat::Json => console.print(&render::policy::json(&policy))?,
    }
    Ok(Outcome::Success)
}
