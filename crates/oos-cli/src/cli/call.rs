//! The arguments of `oos call`.

use super::{OutputArg, TimeoutArg, assignment};
use clap::Args;
use std::fmt;

pub(crate) const CALL_EXAMPLES: &str = "\
Examples:
  oos call ListExecutions --region cn-hangzhou -p Status=Waiting --all-pages
  oos call CreateTemplate -p TemplateName=restart -p Content=@restart.yml
  oos call StartExecution --params @start.json --dry-run
  oos call ListTemplates --endpoint http://127.0.0.1:4060 --pointer /Templates/0/TemplateName
  oos call DescribeInstances --version 2014-05-26 --endpoint https://ecs.cn-hangzhou.aliyuncs.com

The answer is printed as JSON. Of the 104 operations of OOS the names of parameters are checked
before anything is sent; --force sends the call all the same.";

#[derive(Args)]
pub(crate) struct CallArgs {
    /// The operation, such as ListExecutions
    pub(crate) operation: String,
    /// The version of its API; that of OOS unless given
    #[arg(long = "version", value_name = "VERSION")]
    pub(crate) api_version: Option<String>,
    /// A parameter as it stands on the wire; @FILE reads the value, @@ begins one with an @; wins
    /// over --params
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE|NAME=@FILE", value_parser = assignment)]
    pub(crate) param: Vec<(String, String)>,
    /// The parameters, a JSON object: as text, @FILE, or `-` for standard input; lists and objects
    /// get the form that the operation takes
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub(crate) params: Option<String>,
    /// The region of the call
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID", value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Where to send the call instead of the region's public endpoint
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// Follow `NextToken`, and print one answer with the lists of all pages
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) all_pages: bool,
    /// Print only this part of the answer, by JSON pointer (RFC 6901), such as /Executions/0/Status
    #[arg(long, value_name = "POINTER", conflicts_with = "dry_run")]
    pub(crate) pointer: Option<String>,
    /// Send the call although its operation or its parameters are not known
    #[arg(long)]
    pub(crate) force: bool,
    /// Print the request instead of sending it; needs no credentials
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) timeout: TimeoutArg,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}

/// Values may be secret: they are not shown.
impl fmt::Debug for CallArgs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.param.iter().map(|(name, _)| &**name).collect();
        formatter
            .debug_struct("CallArgs")
            .field("operation", &self.operation)
            .field("api_version", &self.api_version)
            .field("param", &names)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}
