//! Templates that run templates: who is meant, where it is found, and what there is to say about it.
//!
//! ```
//! use oos_template::children::{self, Catalogue};
//! use oos_template::parse;
//!
//! let child = "FormatVersion: OOS-2019-06-01
//! Parameters: { instanceId: { Type: String } }
//! Tasks: [ { Name: wait, Action: ACS::Sleep, Properties: { Duration: 1S } } ]
//! ";
//! let parent = parse("FormatVersion: OOS-2019-06-01
//! Tasks: [ { Name: run, Action: ACS::Template, Properties: { TemplateName: restart } } ]
//! ")?;
//! let catalogue = Catalogue::new().with("restart", child);
//! let found = children::check(&parent, None, &catalogue);
//! assert_eq!(found[0].code.as_str(), "OOS202");
//! assert!(found[0].message.contains("instanceId"));
//! # Ok::<(), oos_template::Diagnostics>(())
//! ```

mod catalogue;
mod check;
mod find;
mod outputs;
mod parameters;
mod step;
mod walk;

pub use catalogue::{Catalogue, is_template, template_name};
pub use check::{MAX_LAYERS, check};
pub use find::{Child, ChildName, FindChild, FoundChild, NoChildren};
pub use step::{ApiCall, Step, steps};
pub(crate) use walk::{Embedded, Visit, walk};

#[cfg(test)]
mod tests;
