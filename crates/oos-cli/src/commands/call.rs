//! `oos call`: any operation by its name.

mod check;
mod pages;
mod preview;

use super::trigger;
use crate::cli::CallArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::input;
use crate::report::Outcome;
use oos::{Client, DynamicOperation};
use serde_json::Value;
use std::io::Read;

/// A call, and what to do with it.
#[derive(Debug)]
pub(super) struct Plan {
    client: Client,
    operation: DynamicOperation,
    pointer: Option<String>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Once,
    AllPages,
    Preview,
}

/// Reads the parameters, checks them, and makes the client.
///
/// # Errors
/// [`Failure::Usage`].
pub(super) fn plan(args: CallArgs, stdin: &mut dyn Read) -> Result<Plan, Failure> {
    let mut operation = DynamicOperation::new(&*args.operation);
    if let Some(version) = args.api_version {
        operation = operation.version(version);
    }
    if let Some(given) = &args.params {
        operation = with_json(operation, &input::argument("--params", given, stdin)?)?;
    }
    for (name, value) in &args.param {
        operation = operation.param(name, text(name, value, stdin)?);
    }
    let has_region = args
        .region
        .as_ref()
        .is_some_and(|region| !region.is_empty());
    if !args.force {
        check::operation(&operation, has_region, args.endpoint.is_some())?;
    }
    let kind = if args.dry_run {
        Kind::Preview
    } else if args.all_pages {
        check::pages(&operation)?;
        Kind::AllPages
    } else {
        Kind::Once
    };
    if let Some(pointer) = args.pointer.as_ref().filter(|text| !is_pointer(text)) {
        return Err(Failure::usage(format!(
            "--pointer {pointer} is no JSON pointer: write it as in /Executions/0/Status"
        )));
    }
    let builder = trigger::builder(args.region, args.endpoint.as_deref(), args.timeout.timeout)?;
    let client = if args.dry_run {
        builder.with_access_key("DRY-RUN", "DRY-RUN")
    } else {
        builder
    };
    Ok(Plan {
        client: trigger::built(client)?,
        operation,
        pointer: args.pointer,
        kind,
    })
}

fn is_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/')
}

fn with_json(
    mut operation: DynamicOperation,
    text: &input::Text,
) -> Result<DynamicOperation, Failure> {
    // The first reading knows the place of a mistake, the second gives the value.
    input::json(text, "the value of --params")?;
    let body = text.text.trim_start_matches('\u{feff}');
    let Ok(Value::Object(members)) = serde_json::from_str(body) else {
        return Err(Failure::usage(format!(
            "{} is no JSON object: write the parameters as {{\"NAME\": VALUE}}",
            text.name
        )));
    };
    for (name, value) in &members {
        operation = operation.json_param(name, value);
    }
    Ok(operation)
}

/// The value of a parameter; `@FILE` is read, `@@` stands for a text that begins with `@`.
fn text(name: &str, value: &str, stdin: &mut dyn Read) -> Result<String, Failure> {
    match value.strip_prefix('@') {
        None => Ok(value.to_owned()),
        Some(rest) if rest.starts_with('@') => Ok(rest.to_owned()),
        Some(_) => Ok(input::argument(name, value, stdin)?.text),
    }
}

impl Plan {
    /// Makes the call and prints its answer; or prints the request.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) async fn run(self, console: &mut Console) -> Result<Outcome, Failure> {
        let Self {
            client,
            operation,
            pointer,
            kind,
        } = self;
        let call = client.call_dynamic(operation);
        let answer = match kind {
            Kind::Preview => preview::of(&call.prepare().await?),
            Kind::Once => call.send().await?.output,
            Kind::AllPages => pages::all(call.pages()).await?,
        };
        let shown = match &pointer {
            None => &answer,
            Some(pointer) => answer.pointer(pointer).ok_or_else(|| {
                Failure::usage(format!("the answer has nothing at --pointer {pointer}"))
            })?,
        };
        console.print(&format!("{shown:#}\n"))?;
        Ok(Outcome::Success)
    }
}
