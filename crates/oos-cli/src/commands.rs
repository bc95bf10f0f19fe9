//! The commands, from their arguments to what they print.

mod call;
mod check;
mod dev;
mod explain;
mod message;
mod policy;
mod schema;
mod trigger;
mod try_template;

use crate::cli::{Cli, Command, OutputFormat};
use crate::console::Console;
use crate::exit;
use crate::failure::Failure;
use crate::render::{self, Paint};
use crate::report::{Outcome, Report};
use clap::Parser;
use std::ffi::OsString;
use tokio::runtime::Runtime;

/// Runs the command that these arguments mean, prints what comes of it, and gives the exit code.
pub(crate) fn run(arguments: &[OsString], console: &mut Console) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return explain(&error, wants_json(arguments), console),
    };
    let output = cli.command.output();
    let result = execute(cli.command, console);
    finish(result, output, console)
}

fn execute(command: Command, console: &mut Console) -> Result<Outcome, Failure> {
    let output = command.output();
    let report = match command {
        Command::Call(args) => {
            let plan = call::plan(args, console.input())?;
            return runtime()?.block_on(plan.run(console));
        }
        Command::Check(args) => return check::run(&args, console),
        Command::Explain(args) => return explain::run(&args, console),
        Command::Policy(args) => return policy::run(&args, console),
        Command::Schema => return schema::run(console),
        Command::Try(args) => {
            let plan = try_template::plan(args, console.input())?;
            runtime()?.block_on(plan.run())
        }
        Command::Trigger(args) => {
            let plan = trigger::plan(args, console.input())?;
            runtime()?.block_on(plan.run())
        }
        Command::Dev(args) => {
            runtime()?.block_on(dev::run(args, console))?;
            return Ok(Outcome::Success);
        }
    }?;
    console.print(&written(&report, output, console.colour()))?;
    Ok(report.outcome)
}

/// For the commands that wait: the others begin sooner without.
fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| Failure::Local(format!("no runtime: {error}")))
}

fn written(report: &Report, output: OutputFormat, colour: bool) -> String {
    match output {
        OutputFormat::Text => render::report(report, Paint::new(colour)),
        OutputFormat::Json => render::report_as_json(report),
    }
}

/// Tells of a failure, and gives the exit code.
fn finish(result: Result<Outcome, Failure>, output: OutputFormat, console: &mut Console) -> u8 {
    let code = exit::code(result.as_ref().copied());
    match result {
        Err(failure) if code != exit::OK => match output {
            OutputFormat::Text => {
                let paint = Paint::new(console.colour_of_errors());
                console.complain(&render::failure(&failure, paint));
            }
            OutputFormat::Json => {
                if console
                    .print(&render::failure_as_json(&failure, code))
                    .is_err()
                {
                    console.complain(&render::failure(&failure, Paint::new(false)));
                }
            }
        },
        Ok(_) | Err(_) => {}
    }
    code
}

/// Help and version, which are results, and mistakes in the arguments, which are failures.
fn explain(error: &clap::Error, json: bool, console: &mut Console) -> u8 {
    let text = error.render();
    if !error.use_stderr() {
        let text = if console.colour() {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        let printed = console.print(&text).map(|()| Outcome::Success);
        return finish(printed.map_err(Failure::from), OutputFormat::Text, console);
    }
    if json {
        let text = text.to_string();
        let message = text.split("\n\nUsage:").next().unwrap_or_default();
        let message = message.trim_end().trim_start_matches("error: ");
        return finish(Err(Failure::usage(message)), OutputFormat::Json, console);
    }
    let text = if console.colour_of_errors() {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    console.complain(&text);
    exit::USAGE
}

/// Whether arguments that can not be understood as a whole ask for JSON.
fn wants_json(arguments: &[OsString]) -> bool {
    let pair = |pair: &[OsString]| pair[0] == "--output" && pair[1] == "json";
    arguments.iter().any(|argument| argument == "--output=json") || arguments.windows(2).any(pair)
}
