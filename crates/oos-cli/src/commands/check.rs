//! `oos check`: what is wrong with templates.

mod files;
mod judge;

use crate::cli::{CheckArgs, CheckOutput, Deny};
use crate::console::Console;
use crate::failure::Failure;
use crate::render::{self, Paint};
use crate::report::Outcome;
use oos_template::Severity;
use oos_template::children::Catalogue;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Checks files, prints what was found, and tells whether something was that counts.
///
/// # Errors
/// [`Failure::Usage`] if something can not be read; the findings about the rest are printed all the
/// same.
pub(super) fn run(args: &CheckArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let catalogue = given(args)?;
    let jobs = args.jobs.or_else(processors).unwrap_or(NonZeroUsize::MIN);
    let (files, unreadable) = files::read(&args.paths, jobs, console.input())?;
    let checked = judge::all(files, catalogue.as_ref(), jobs);
    let text = match args.output {
        CheckOutput::Text => {
            render::check::text(&checked, args.hints, Paint::new(console.colour()))
        }
        CheckOutput::Json => render::check::json(&checked),
        CheckOutput::Sarif => render::check::sarif(&checked),
    };
    console.print(&text)?;
    unreadable.or_none()?;
    let least = match args.deny {
        None => Severity::Error,
        Some(Deny::Warning) => Severity::Warning,
        Some(Deny::Hint) => Severity::Hint,
    };
    let is_denied = checked.iter().any(|one| one.worst() >= Some(least));
    Ok(if is_denied {
        Outcome::Failed
    } else {
        Outcome::Success
    })
}

fn processors() -> Option<NonZeroUsize> {
    std::thread::available_parallelism().ok()
}

/// The templates of the folders that were given, if some were.
fn given(args: &CheckArgs) -> Result<Option<Catalogue>, Failure> {
    if args.templates.is_empty() {
        return Ok(None);
    }
    catalogue(&args.templates).map(Some)
}

/// The templates of folders, the first of a name counts.
///
/// # Errors
/// [`Failure::Usage`] if one can not be read.
pub(super) fn catalogue(folders: &[PathBuf]) -> Result<Catalogue, Failure> {
    let mut all = Catalogue::new();
    for one in super::try_template::template_catalogues(folders)? {
        all.extend(one.templates());
    }
    Ok(all)
}
