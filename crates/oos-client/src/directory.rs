//! The operations of OOS as data: for programs that learn at run time what they call.

use crate::resemblance;
use oos_model::{Idempotency, Operation, ParameterInfo, ParameterKind};

/// At most this many suggestions.
const MOST: usize = 3;

/// An operation of OOS, as data. The spec that `oos-model` is generated from says all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The name on the wire, `TriggerExecution`.
    pub name: &'static str,
    /// The version of its API.
    pub version: &'static str,
    /// The HTTP method of the official client, `POST` or `GET`.
    pub method: &'static str,
    /// Whether a call may be sent again after an unclear end.
    pub idempotency: Idempotency,
    /// The only region whose endpoint knows the operation, where there is such a region.
    pub pinned_region: Option<&'static str>,
    /// Its parameters, in the order they are sent.
    pub parameters: &'static [ParameterInfo],
}

impl OperationInfo {
    const fn of<O: Operation>() -> Self {
        Self {
            name: O::NAME,
            version: O::VERSION,
            method: O::METHOD,
            idempotency: O::IDEMPOTENCY,
            pinned_region: O::PINNED_REGION,
            parameters: O::PARAMETERS,
        }
    }

    /// The parameter that this name on the wire belongs to: its own, or that of the list whose
    /// numbered part it is (`Filter.1.Name` belongs to `Filter`).
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static ParameterInfo> {
        let (stem, number) = match name.split_once('.') {
            Some((stem, rest)) => (stem, Some(rest)),
            None => (name, None),
        };
        let numbered = |kind: ParameterKind| {
            matches!(
                kind,
                ParameterKind::NumberedTexts | ParameterKind::NumberedObjects(_)
            )
        };
        self.parameters
            .iter()
            .find(|known| known.name == stem && number.is_some() == numbered(known.kind))
    }

    /// The names of its parameters that resemble this one, the nearest first, at most three.
    #[must_use]
    pub fn nearest_parameters(&self, name: &str) -> Vec<&'static str> {
        let stem = name.split('.').next().unwrap_or_default();
        resemblance::nearest(stem, self.parameters.iter().map(|known| known.name), MOST)
    }

    /// Whether it has a parameter of this name.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        self.parameters.iter().any(|known| known.name == name)
    }
}

macro_rules! directory {
    ($($operation:ident),+ $(,)?) => {
        /// All operations of OOS, in the order of the alphabet.
        pub const OPERATIONS: &[OperationInfo] = &[$(OperationInfo::of::<oos_model::operations::$operation>()),+];
    };
}
oos_model::for_each_operation!(directory);

/// The operation of this name, spelt as on the wire.
///
/// ```
/// use oos_client::directory;
///
/// let trigger = directory::operation("TriggerExecution").expect("it is one");
/// assert!(trigger.takes("Content") && !trigger.takes("Contents"));
/// assert_eq!(directory::operation("DescribeInstances"), None);
/// ```
#[must_use]
pub fn operation(name: &str) -> Option<&'static OperationInfo> {
    let found = OPERATIONS.binary_search_by(|known| known.name.cmp(name));
    found.ok().map(|index| &OPERATIONS[index])
}

/// The operations whose names resemble this one, the nearest first, at most three.
///
/// ```
/// assert_eq!(oos_client::directory::nearest("triggerexecutions")[0], "TriggerExecution");
/// ```
#[must_use]
pub fn nearest(name: &str) -> Vec<&'static str> {
    resemblance::nearest(name, OPERATIONS.iter().map(|known| known.name), MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_name() {
        assert_eq!(OPERATIONS.len(), 104);
        for known in OPERATIONS {
            assert_eq!(operation(known.name), Some(known));
        }
        assert_eq!(operation("triggerexecution"), None);
        assert_eq!(operation(""), None);
    }

    #[test]
    fn numbered_names_belong_to_their_list() {
        let search = operation("SearchInventory").expect("it is one");
        let check = |name: &str, expected: Option<&str>| {
            let found = search.parameter(name).map(|known| known.name);
            assert_eq!(found, expected, "{name}");
        };
        check("Filter.1.Name", Some("Filter"));
        check("Aggregator.2", Some("Aggregator"));
        check("MaxResults", Some("MaxResults"));
        check("MaxResults.1", None);
        check("Filter", None);
        check("Filters.1.Name", None);
    }
}
