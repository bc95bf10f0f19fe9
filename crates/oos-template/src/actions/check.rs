//! What each action asks of its properties beyond the table, as far as they are written out.

use super::read::{choice_targets, end_date};
use super::{ActionKind, http, properties, timer};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::Node;
use crate::duration;
use crate::expr::Expr;
use crate::jq::{Selector, refused};
use crate::template::{Check, Task};

/// Checks the properties of a task; `written` is their node.
pub(crate) fn check(check: &mut Check<'_>, task: &Task, written: Option<&Node>) {
    check_loop(check, task);
    if task.properties.as_map().is_none() {
        if task.properties.as_literal().is_some() || task.properties.as_list().is_some() {
            let message = format!("Properties of the task {} must be a map", task.name);
            check.error(code::WRONG_SHAPE, task.properties.span(), message);
        }
        return;
    }
    properties::check(check, task, written);
    match task.action.kind() {
        ActionKind::Choice => check_choice(check, task),
        ActionKind::Sleep => check_sleep(check, task),
        ActionKind::EventTrigger => check_event(check, task),
        ActionKind::AlarmTrigger => check_alarm(check, task),
        ActionKind::TimerTrigger => timer::check(check, task),
        ActionKind::WaitFor | ActionKind::CheckFor => {
            check_selector(check, task.properties.get("PropertySelector"));
        }
        ActionKind::ExecuteHttpRequest => http::check(check, task),
        ActionKind::Notify | ActionKind::Approve => check_web_hook(check, task),
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
    for choice in choices.as_list().unwrap_or_default() {
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
        let message = "Name needs at least one event";
        check.error(code::PROPERTY_VALUE, name.span(), message);
    }
}

fn check_alarm(check: &mut Check<'_>, task: &Task) {
    let (tags, group) = (
        task.properties.get("Tags"),
        task.properties.get("ResourceGroup"),
    );
    if let (Some(_), Some(group)) = (tags, group) {
        let message = "ACS::AlarmTrigger takes at most one of Tags and ResourceGroup";
        check.error(code::PROPERTY_VALUE, group.span(), message);
    }
}

/// A program that is written out has to be jq.
pub(super) fn check_selector(check: &mut Check<'_>, selector: Option<&Expr>) {
    let text = selector.and_then(Expr::as_literal_str);
    if let (Some(text), Some(selector)) = (text, selector)
        && let Err(error) = Selector::kept(text)
    {
        let message = format!("the selector is refused: {error}");
        check.found.push(refused(&error, selector.span(), message));
    }
}

/// Where a message goes is needed, and what it says.
fn check_web_hook(check: &mut Check<'_>, task: &Task) {
    let Some(web_hook) = task.properties.get("WebHook") else {
        let kind = task
            .properties
            .get("NotifyType")
            .and_then(Expr::as_literal_str);
        if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("WebHook")) {
            let action = task.action.canonical();
            let message =
                format!("{action} with the NotifyType WebHook needs the property WebHook");
            check.error(code::PROPERTY_MISSING, task.name_span, message);
        }
        return;
    };
    if web_hook.as_map().is_none() {
        return;
    }
    for key in ["URI", "Content"]
        .iter()
        .filter(|key| web_hook.get(key).is_none())
    {
        let message = format!("the WebHook has no {key}");
        check.error(code::PROPERTY_MISSING, web_hook.span(), message);
    }
}
