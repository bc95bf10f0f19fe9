//! What each action asks of its properties, as far as they are written out.

use super::ActionKind;
use super::read::{choice_targets, end_date};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::duration;
use crate::expr::Expr;
use crate::template::{Check, Task, suggest};

/// The properties of an action: those it needs, and the others it knows.
type Rule = (ActionKind, &'static [&'static str], &'static [&'static str]);

/// Actions that are not listed are not checked by name.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    (ActionKind::ExecuteApi, &["Service", "API"], &[
        "Parameters", "AutoPaging", "Method", "URI", "Headers", "Body", "Risk", "Endpoint", "Version",
        "Style", "RegionId",
    ]),
    (ActionKind::WaitFor, CHECKED, CHECK),
    (ActionKind::CheckFor, CHECKED, CHECK),
    (ActionKind::ExecuteHttpRequest, &["URL"], &[
        "Method", "Headers", "Query", "Body", "CheckFor", "WaitFor",
    ]),
    (ActionKind::EventTrigger, &["Product", "Name"], &[
        "Level", "Content", "RegionId", "Tags", "OutputTransformer", "ResourceGroup",
    ]),
    (ActionKind::AlarmTrigger, &["Namespace", "MetricName", "ComparisonOperator"], &[
        "Statistics", "Threshold", "Tags", "ResourceGroup", "Resources", "Times", "SilenceTime",
        "Period", "Interval", "EffectiveInterval", "OutputTransformer",
    ]),
    (ActionKind::TimerTrigger, &["Type", "Expression", "EndDate"], &["TimeZone", "StartDate"]),
    (ActionKind::Choice, &["Choices"], &["DefaultTask"]),
    (ActionKind::Sleep, &[], &["Duration", "EndDate"]),
    (ActionKind::Approve, &["NotifyType"], &[
        "WebHook", "Approvers", "MinRequiredApprovals", "AppendExecutionLink",
    ]),
    (ActionKind::Notify, &["NotifyType"], &["WebHook", "AppendExecutionLink"]),
    (ActionKind::SelectTargets, &["ResourceType"], &["RegionId", "Filters"]),
    (ActionKind::Loop, &["LoopItems", "LoopTasks"], &["LoopRateControl"]),
];

const CHECKED: &[&str] = &["Service", "API", "PropertySelector"];
#[rustfmt::skip]
const CHECK: &[&str] = &[
    "Parameters", "DesiredValues", "NotDesiredValues", "StopRetryValues", "AutoPaging", "Method", "URI",
    "Headers", "Body", "Risk", "Endpoint", "Version", "Style", "RegionId",
];

/// Checks the properties of a task.
pub(crate) fn check(check: &mut Check<'_>, task: &Task) {
    check_loop(check, task);
    if task.properties.as_map().is_none() {
        if task.properties.as_literal().is_some() || task.properties.as_list().is_some() {
            let message = format!("Properties of the task {} must be a map", task.name);
            check.error(code::WRONG_SHAPE, task.properties.span(), message);
        }
        return;
    }
    check_keys(check, task);
    match task.action.kind() {
        ActionKind::Choice => check_choice(check, task),
        ActionKind::Sleep => check_sleep(check, task),
        ActionKind::EventTrigger => check_event(check, task),
        ActionKind::AlarmTrigger => check_alarm(check, task),
        ActionKind::TimerTrigger => {
            check_word(check, &task.properties, "Type", &["cron", "at", "rate"]);
        }
        ActionKind::WaitFor | ActionKind::CheckFor => check_desired(check, task),
        ActionKind::Template => check_template(check, task),
        _ => {}
    }
}

/// A trigger with a loop is reported where triggers are.
fn check_loop(check: &mut Check<'_>, task: &Task) {
    if let Some(loop_) = &task.loop_
        && !task.action.may_loop()
        && task.action.trigger().is_none()
    {
        let message = format!("{} cannot have a loop", task.action.canonical());
        check.error(code::LOOP, loop_.span, message);
    }
}

fn check_keys(check: &mut Check<'_>, task: &Task) {
    let Some(properties) = task.properties.as_map() else {
        return;
    };
    let rule = RULES
        .iter()
        .find(|(kind, _, _)| *kind == task.action.kind());
    let Some((_, required, optional)) = rule else {
        return;
    };
    for key in required
        .iter()
        .filter(|key| !properties.contains_key(**key))
    {
        let message = format!("{} needs the property {key}", task.action.canonical());
        check.error(code::PROPERTY_MISSING, task.name_span, message);
    }
    let known = || required.iter().chain(*optional).copied();
    for (key, value) in properties
        .iter()
        .filter(|(key, _)| !known().any(|known| known == *key))
    {
        let message = format!(
            "{} does not know the property {key}",
            task.action.canonical()
        );
        let found = Diagnostic::warning(code::PROPERTY_UNKNOWN, value.span(), message);
        check.found.push(suggest(found, key, known()));
    }
}

fn check_choice(check: &mut Check<'_>, task: &Task) {
    for target in choice_targets(&task.properties) {
        if let Some(name) = target.as_literal_str() {
            drop(check.jump(name, target.span(), "the choice"));
        } else {
            let message = "the target of a choice must be the literal name of a task";
            check.error(code::JUMP_TARGET, target.span(), message);
        }
    }
    let Some(choices) = task.properties.get("Choices") else {
        return;
    };
    let Some(list) = choices.as_list() else {
        check.error(
            code::PROPERTY_VALUE,
            choices.span(),
            "Choices must be a list",
        );
        return;
    };
    for choice in list {
        for key in ["When", "NextTask"] {
            if choice.get(key).is_none() {
                check.error(
                    code::PROPERTY_MISSING,
                    choice.span(),
                    format!("the choice has no {key}"),
                );
            }
        }
    }
}

fn check_sleep(check: &mut Check<'_>, task: &Task) {
    let (duration, end) = (
        task.properties.get("Duration"),
        task.properties.get("EndDate"),
    );
    if duration.is_some() == end.is_some() {
        let message = "ACS::Sleep needs exactly one of Duration and EndDate";
        check.error(code::PROPERTY_MISSING, task.name_span, message);
    }
    if let Some(text) = duration
        .and_then(Expr::as_literal)
        .map(crate::Value::to_text)
        && let Err(error) = duration::parse(&text)
    {
        let span = duration.map_or(task.span, Expr::span);
        check.error(code::PROPERTY_VALUE, span, error.to_string());
    }
    if let Some(expr) = end
        && let Some(text) = expr.as_literal_str()
        && end_date(text).is_none()
    {
        let found = Diagnostic::error(code::PROPERTY_VALUE, expr.span(), "EndDate is no UTC time");
        check.found.push(found.with_fix("2026-01-31T08:00:00Z"));
    }
}

fn check_event(check: &mut Check<'_>, task: &Task) {
    if let Some(name) = task.properties.get("Name")
        && name.as_list().is_some_and(<[Expr]>::is_empty)
    {
        check.error(
            code::PROPERTY_VALUE,
            name.span(),
            "Name needs at least one event",
        );
    }
    for key in ["Content", "OutputTransformer"] {
        let Some(expr) = task.properties.get(key) else {
            continue;
        };
        let wrong = expr.as_list().is_some() || expr.as_literal().is_some_and(|v| !v.is_null());
        if wrong {
            check.error(
                code::PROPERTY_VALUE,
                expr.span(),
                format!("{key} must be a map"),
            );
        }
    }
}

const COMPARISONS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanThreshold",
    "NotEqualToThreshold",
    "EqualToThreshold",
    "GreaterThanYesterday",
    "LessThanYesterday",
    "GreaterThanLastWeek",
    "LessThanLastWeek",
    "GreaterThanLastPeriod",
    "LessThanLastPeriod",
];

fn check_alarm(check: &mut Check<'_>, task: &Task) {
    check_word(check, &task.properties, "ComparisonOperator", COMPARISONS);
    let (tags, group) = (
        task.properties.get("Tags"),
        task.properties.get("ResourceGroup"),
    );
    if let (Some(_), Some(group)) = (tags, group) {
        let message = "ACS::AlarmTrigger takes at most one of Tags and ResourceGroup";
        check.error(code::PROPERTY_VALUE, group.span(), message);
    }
}

fn check_word(check: &mut Check<'_>, properties: &Expr, key: &str, words: &[&str]) {
    let Some(expr) = properties.get(key) else {
        return;
    };
    let Some(text) = expr.as_literal().map(crate::Value::to_text) else {
        return;
    };
    if !words.iter().any(|word| word.eq_ignore_ascii_case(&text)) {
        let found = Diagnostic::error(
            code::PROPERTY_VALUE,
            expr.span(),
            format!("{key} is unknown"),
        );
        let near = crate::expr::nearest(&text, words.iter().copied());
        check
            .found
            .push(found.with_fix(near.map_or_else(|| words.join(", "), str::to_owned)));
    }
}

fn check_desired(check: &mut Check<'_>, task: &Task) {
    let given = |key| task.properties.get(key).is_some();
    if !given("DesiredValues") && !given("NotDesiredValues") {
        let message = format!(
            "{} needs the property DesiredValues or NotDesiredValues",
            task.action.canonical()
        );
        check.error(code::PROPERTY_MISSING, task.name_span, message);
    }
}

fn check_template(check: &mut Check<'_>, task: &Task) {
    let given = |key| task.properties.get(key).is_some();
    if !given("TemplateName") && !given("TemplateContent") && !given("Content") {
        let message = "ACS::Template needs the property TemplateName or TemplateContent";
        check.error(code::PROPERTY_MISSING, task.name_span, message);
    }
}
