//! The arguments of the commands that read templates: check, policy, schema, explain.

use super::OutputArg;
use clap::{Args, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

pub(super) const CHECK_EXAMPLES: &str = "\
Examples:
  oos check restart.yml
  oos check templates/ --templates children/ --deny warning
  oos check templates/ --output sarif > oos.sarif
  generate-template | oos check -

Exit codes: 0 clean, 1 problems of severity error (with --deny, of the severity denied),
2 wrong usage or a file that can not be read. oos explain CODE tells more of a rule.";

pub(super) const POLICY_EXAMPLES: &str = "\
Examples:
  oos policy restart.yml > policy.json
  oos policy deploy.yml --templates children/ --output json

The policy is printed on standard output, the reasons on standard error.";

pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  oos explain OOS123
  oos explain Throttling.User
  oos explain";

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Templates, and folders of templates; `-` reads standard input
    ///
    /// A file that is named is always checked. In a folder and the folders in it only files named
    /// `*.yml`, `*.yaml` or `*.json` with a top-level `FormatVersion` are templates.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    pub(crate) paths: Vec<PathBuf>,
    /// A folder of the templates that tasks run, to be checked against; may be given several times
    ///
    /// Without it, templates in a checked folder find each other by their names; what does not fit
    /// is a warning then.
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Vec<PathBuf>,
    /// Text for people, one JSON array, or SARIF 2.1.0
    #[arg(long, value_enum, default_value_t = CheckOutput::Text)]
    pub(crate) output: CheckOutput,
    /// Exit with 1 for these problems too
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) deny: Option<Deny>,
    /// Show hints in text; JSON and SARIF always hold them
    #[arg(long)]
    pub(crate) hints: bool,
    /// How many files are checked at a time; as many as there are processors, unless given
    #[arg(long, value_name = "NUMBER")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckOutput {
    Text,
    Json,
    Sarif,
}

/// The least severity that is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warning,
    Hint,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    /// The template, YAML or JSON; `-` reads standard input
    pub(crate) template: PathBuf,
    /// A folder of the templates that tasks run; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A code of oos check (OOS and digits) or an error code of the service; without it, all codes
    pub(crate) code: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}
