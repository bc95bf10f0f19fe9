//! Calls that can not be undone: which they are, and which a template makes.

use crate::children::{FindChild, Step, Visit, walk};
use crate::expr::Expr;
use crate::template::Template;

/// A call of an API that takes something away.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RiskyCall {
    /// The code of the product, as the task names it.
    pub service: String,
    /// The name of the API, as the task names it.
    pub api: String,
    /// The way to the task: the task of the template, and below it those of the templates that it runs
    /// (the sample answer of `ListExecutionRiskyTasks`: `["parenttask1","childtask2"]`).
    pub path: Vec<String>,
}

/// How the names of such APIs begin. The service publishes no list; its help page speaks of deleting,
/// releasing, stopping and the like (`docs/semantics.md`, "High-risk calls").
const BEGINNINGS: &[&str] = &[
    "Delete",
    "Release",
    "Remove",
    "Replace",
    "Reset",
    "Stop",
    "Terminate",
];

/// Whether the name of an API is that of a high-risk call, in any letter case.
///
/// ```
/// assert!(oos_template::risk::is_risky("DeleteInstance"));
/// assert!(!oos_template::risk::is_risky("DescribeInstances"));
/// ```
#[must_use]
pub fn is_risky(api: &str) -> bool {
    let begins = |word: &&str| {
        let start = api.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    BEGINNINGS.iter().any(begins)
}

/// The high-risk calls of a template and of the templates that it runs, in the order of the tasks. A
/// task with `Risk: Normal` makes none; a name that only shows at run time is not judged.
///
/// ```
/// use oos_template::{children::NoChildren, parse, risk};
///
/// let template = parse("FormatVersion: OOS-2019-06-01
/// Tasks: [ { Name: drop, Action: ACS::ExecuteAPI, Properties: { Service: ECS, API: DeleteInstance } } ]
/// ")?;
/// let calls = risk::risky_calls(&template, &NoChildren);
/// assert_eq!((calls[0].service.as_str(), &calls[0].path[..]), ("ECS", &["drop".to_owned()][..]));
/// # Ok::<(), oos_template::Diagnostics>(())
/// ```
#[must_use]
pub fn risky_calls(template: &Template, find: &dyn FindChild) -> Vec<RiskyCall> {
    let mut calls = Vec::new();
    walk(template, find, &mut |visit: &Visit<'_>| {
        calls.extend(risky_call(visit.step, &visit.path));
    });
    calls
}

fn risky_call(step: &Step<'_>, path: &[String]) -> Option<RiskyCall> {
    let call = step.api_call().filter(|call| is_risky(call.api))?;
    if is_normal(step) {
        return None;
    }
    Some(RiskyCall {
        service: call.service.to_owned(),
        api: call.api.to_owned(),
        path: path.to_vec(),
    })
}

/// Whether the template says that the call is no high-risk one.
pub(crate) fn is_normal(step: &Step<'_>) -> bool {
    let risk = step.properties.get("Risk").and_then(Expr::as_literal_str);
    risk.is_some_and(|risk| risk.eq_ignore_ascii_case("Normal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_high_risk_calls() {
        for (api, expected) in [
            ("DeleteInstance", true),
            ("RemoveBackendServers", true),
            ("deletesnapshot", true),
            ("StopInstances", true),
            ("ReleaseEipAddress", true),
            ("ReplaceSystemDisk", true),
            ("ResetDisk", true),
            ("TerminateJob", true),
            ("UndeleteInstance", false),
            ("RebootInstance", false),
            ("Del", false),
            ("删除", false),
            ("", false),
        ] {
            assert_eq!(is_risky(api), expected, "{api}");
        }
    }
}
