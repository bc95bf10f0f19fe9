//! Action names that are none: what was meant.

use super::{ATOMS, ActionName};
use crate::expr::nearest;

/// Names that people expect to exist, and what does that work (the help pages list none of the first;
/// the second do).
const EXPECTED: &[(&str, &str)] = &[
    ("ACS::Command", "ACS::ECS::RunCommand"),
    ("ACS::ExecuteCommand", "ACS::ECS::RunCommand"),
    ("ACS::ExecuteScript", "ACS::ECS::RunCommand"),
    ("ACS::ForEach", "ACS::Loop"),
    ("ACS::InvokeCommand", "ACS::ECS::InvokeCommand"),
    ("ACS::Parallel", "ACS::Loop"),
    ("ACS::Repeat", "ACS::Loop"),
    ("ACS::RunCommand", "ACS::ECS::RunCommand"),
    ("ACS::Wait", "ACS::Sleep"),
    ("ACS::If", "ACS::Choice"),
    ("ACS::Switch", "ACS::Choice"),
    ("ACS::HttpRequest", "ACS::ExecuteHttpRequest"),
    ("ACS::SubTemplate", "ACS::Template"),
    ("ACS::ExecuteTemplate", "ACS::Template"),
];

/// Names that look like product actions, but are none.
const NO_PRODUCTS: &[(&str, &str)] = &[
    ("ACS::Flow::ForEach", "ACS::Loop"),
    ("ACS::Flow::Repeat", "ACS::Loop"),
];

/// The action that a name which is none most likely means.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    let expected = EXPECTED
        .iter()
        .find(|(wrong, _)| wrong.eq_ignore_ascii_case(name));
    if let Some((_, right)) = expected {
        return Some(right);
    }
    // The prefix is left out: it would make all names look alike.
    let last = name.rsplit(':').next().unwrap_or(name);
    let short = ATOMS.iter().map(|(name, _)| &name["ACS::".len()..]);
    let near = nearest(last, short)?;
    let mut names = ATOMS.iter().map(|(name, _)| *name);
    names.find(|name| name.ends_with(near))
}

/// What does the work of a name that looks like a product action and is documented not to exist.
pub(crate) fn no_product(action: &ActionName) -> Option<&'static str> {
    let known = NO_PRODUCTS
        .iter()
        .find(|(wrong, _)| wrong.eq_ignore_ascii_case(action.as_str()));
    known.map(|(_, right)| *right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let check =
            |name: &str, expected: Option<&str>| assert_eq!(meant(name), expected, "{name}");
        check("ACS::ExcuteAPI", Some("ACS::ExecuteAPI"));
        check("ACS:ExecuteAPI", Some("ACS::ExecuteAPI"));
        check("ExecuteAPI", Some("ACS::ExecuteAPI"));
        check("acs::waitFro", Some("ACS::WaitFor"));
        check("ACS::runcommand", Some("ACS::ECS::RunCommand"));
        check("ACS::Wait", Some("ACS::Sleep"));
        check("ACS::TimeTrigger", Some("ACS::TimerTrigger"));
        check("ACS::Doze", None);
        check("ACS::", None);
        check("", None);
    }

    #[test]
    fn what_is_offered_exists() {
        for (_, right) in EXPECTED.iter().chain(NO_PRODUCTS) {
            assert!(ActionName::parse(right).is_some(), "{right}");
        }
    }
}
