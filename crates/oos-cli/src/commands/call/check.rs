//! What can be said of a call before it is sent.

use crate::failure::{Failure, Mistake, Mistakes};
use oos::DynamicOperation;
use oos::client::directory::{self, OperationInfo};

const FORCE: &str = "--force sends the call all the same";

/// Refuses operations and parameters that are not known, and calls without a required parameter.
///
/// # Errors
/// [`Failure::Usage`] with all mistakes.
pub(super) fn operation(
    operation: &DynamicOperation,
    has_region: bool,
    has_endpoint: bool,
) -> Result<(), Failure> {
    if let Some(info) = operation.info() {
        let unknown = operation.params().iter();
        let unknown = unknown.filter_map(|(name, _)| unknown_parameter(info, name));
        let missing = missing(operation, info, has_region);
        return unknown.chain(missing).collect::<Mistakes>().or_none();
    }
    let name = operation.name();
    if is_oos(operation) {
        return Err(one(
            format!("OOS has no operation {name}"),
            suggestion(&directory::nearest(name)).unwrap_or_else(|| {
                format!("for another service give --version and --endpoint; {FORCE}")
            }),
        ));
    }
    if has_endpoint {
        return Ok(());
    }
    Err(one(
        format!("{name} is called in a version that is not the one of OOS, at the endpoint of OOS"),
        format!("give the endpoint of its service with --endpoint; {FORCE}"),
    ))
}

/// Refuses to follow the pages of what has none.
///
/// # Errors
/// [`Failure::Usage`].
pub(super) fn pages(operation: &DynamicOperation) -> Result<(), Failure> {
    let Some(info) = operation.info() else {
        return Ok(());
    };
    let name = info.name;
    if info.takes("NextToken") {
        Ok(())
    } else if info.takes("PageNumber") {
        Err(one(
            format!("the pages of {name} are numbered, not chained"),
            String::from("call it page by page with -p PageNumber=1 and so on"),
        ))
    } else {
        Err(one(
            format!("{name} has no pages"),
            String::from("leave --all-pages out"),
        ))
    }
}

fn is_oos(operation: &DynamicOperation) -> bool {
    // A known operation in another version has no info either.
    let other = DynamicOperation::new(operation.name());
    operation.version_text() == other.version_text()
}

fn unknown_parameter(info: &OperationInfo, name: &str) -> Option<Mistake> {
    if info.parameter(name).is_some() {
        return None;
    }
    let near = suggestion(&info.nearest_parameters(name));
    let fix = near.unwrap_or_else(|| {
        let names: Vec<&str> = info.parameters.iter().map(|known| known.name).collect();
        format!("it has {}; {FORCE}", names.join(", "))
    });
    Some(Mistake {
        fix: Some(fix),
        ..Mistake::new(format!("{} has no parameter {name}", info.name))
    })
}

fn suggestion(near: &[&str]) -> Option<String> {
    let (first, others) = near.split_first()?;
    let mut text = format!("did you mean {first}");
    for other in others {
        text.push_str(" or ");
        text.push_str(other);
    }
    Some(format!("{text}? {FORCE}"))
}

fn missing(
    operation: &DynamicOperation,
    info: &'static OperationInfo,
    has_region: bool,
) -> Option<Mistake> {
    let is_there = |name: &str| {
        let numbered = format!("{name}.");
        let mut given = operation.params().iter();
        (name == "RegionId" && has_region)
            || given.any(|(given, value)| {
                (given == name && !value.is_empty()) || given.starts_with(&numbered)
            })
    };
    let required = info.parameters.iter().filter(|known| known.required);
    let missing: Vec<&str> = required
        .map(|known| known.name)
        .filter(|name| !is_there(name))
        .collect();
    (!missing.is_empty()).then(|| Mistake {
        fix: Some(format!("set it with -p NAME=VALUE; {FORCE}")),
        ..Mistake::new(format!("{} needs {}", info.name, missing.join(", ")))
    })
}

fn one(message: String, fix: String) -> Failure {
    let mistake = Mistake {
        fix: Some(fix),
        ..Mistake::new(message)
    };
    Failure::Usage([mistake].into_iter().collect())
}
