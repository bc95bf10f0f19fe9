//! The arguments of the command.

mod call;
mod check;

pub(crate) use call::CallArgs;
pub(crate) use check::{CheckArgs, CheckOutput, Deny, ExplainArgs, PolicyArgs};

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Work with Alibaba Cloud OOS: try templates without an account, and trigger executions.
#[derive(Debug, Parser)]
#[command(name = "oos", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done, and it went well
  1  done, and it went badly: an execution failed, or a message fitted no trigger
  2  the arguments, a file or a template have mistakes
  3  the service refused
  4  there are no credentials
  5  the service can not be reached, or did not answer in time";

const TRY_EXAMPLES: &str = "\
Examples:
  oos try restart.yml --event instance-stopped.json
  oos try restart.yml --event instance-stopped.json --mock calls.yml --output json
  oos try hello.yml -p who=world
  oos try deploy.yml --templates children
  oos try nightly.yml --timer

Calls of cloud services are answered from mock files; without --mock, from TEMPLATE's
NAME.mock.yml, NAME.mock.yaml or NAME.mock.json beside it, if there is one.";

const TRIGGER_EXAMPLES: &str = "\
Examples:
  oos trigger exec-0a1b2c3d4e5f60718293 --region cn-hangzhou --type Event --content @event.json
  oos trigger exec-0a1b2c3d4e5f60718293 --endpoint http://127.0.0.1:4060 --content @event.json --wait
  jq .detail message.json | oos trigger exec-0a1b2c3d4e5f60718293 --content - --output json

Credentials are looked for as the official clients do, in this order: the variables
ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, with temporary ones,
ALIBABA_CLOUD_SECURITY_TOKEN; an OIDC role (ALIBABA_CLOUD_OIDC_TOKEN_FILE and its kin); the profile of
the official CLI (~/.aliyun/config.json); the INI file of the SDKs (~/.alibabacloud/credentials); the
RAM role of the ECS instance; ALIBABA_CLOUD_CREDENTIALS_URI. ALIBABA_CLOUD_PROFILE names a profile. The
region comes from --region, the environment, or the profile.";

const DEV_EXAMPLES: &str = "\
Examples:
  oos dev
  oos dev --data ~/.local/share/oos --mock calls.yml
  oos dev --listen 127.0.0.1:0 --output json

With --output json the first line on standard output is one object with endpoint, access_key_id,
access_key_secret and region. docs/dev.md says how to point the official SDKs at it.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Call any operation of OOS, or of another RPC service, by its name
    #[command(after_help = call::CALL_EXAMPLES, disable_version_flag = true)]
    Call(CallArgs),
    /// Check templates, and tell what is wrong with them
    #[command(after_help = check::CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Serve a local OOS on this machine, until Ctrl-C or SIGTERM
    ///
    /// Any OOS client can use it with the endpoint and the access key that are printed: calls are
    /// verified, templates checked, executions run, triggers make child executions.
    #[command(after_help = DEV_EXAMPLES)]
    Dev(DevArgs),
    /// Tell what a code means: of oos check, or of the service
    #[command(after_help = check::EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Print the RAM policy that the tasks of a template need
    #[command(after_help = check::POLICY_EXAMPLES)]
    Policy(PolicyArgs),
    /// Print a JSON Schema of templates, for editors
    Schema,
    /// Run a template in a local OOS inside of this process, and show what happened
    ///
    /// Boots a local OOS, creates the template, starts an execution, waits until its trigger waits,
    /// sends the message with TriggerExecution through the real client, follows the child execution
    /// and prints the tree of both. A template without a trigger is run itself.
    #[command(after_help = TRY_EXAMPLES)]
    Try(TryArgs),
    /// Send a message to the trigger of an execution (TriggerExecution)
    #[command(after_help = TRIGGER_EXAMPLES)]
    Trigger(TriggerArgs),
}

impl Command {
    pub(crate) fn output(&self) -> OutputFormat {
        match self {
            Self::Call(args) => args.output.output,
            // Their standard output holds findings and the schema, and nothing else.
            Self::Check(_) | Self::Schema => OutputFormat::Text,
            Self::Explain(args) => args.output.output,
            Self::Policy(args) => args.output.output,
            Self::Dev(args) => args.output.output,
            Self::Try(args) => args.output.output,
            Self::Trigger(args) => args.output.output,
        }
    }
}

#[derive(Args)]
pub(crate) struct DevArgs {
    /// The address to listen on, of the loopback interface; port 0 takes a free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4060", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// The folder where everything is kept; made if it is not there. Without it, in memory
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The access key that calls have to be signed with; unless given, the one of the data folder,
    /// else a new one
    #[arg(long, value_name = "ID", requires = "access_key_secret")]
    pub(crate) access_key_id: Option<String>,
    /// The secret of that key
    #[arg(long, value_name = "SECRET", requires = "access_key_id")]
    pub(crate) access_key_secret: Option<String>,
    /// The region of calls that name none
    #[arg(long, default_value = "cn-hangzhou", value_name = "REGION", value_parser = region)]
    pub(crate) region: String,
    /// What the APIs of cloud services answer (docs/mock-files.md), read again when it changes; may
    /// be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) mock: Vec<PathBuf>,
    /// A folder of templates for `ACS::Template` and product actions to run, read at the start; may be
    /// given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}

/// The secret is not shown.
impl std::fmt::Debug for DevArgs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DevArgs")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("access_key_id", &self.access_key_id)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("message").args(["event", "alarm", "timer"]))]
pub(crate) struct TryArgs {
    /// The template, YAML or JSON
    pub(crate) template: PathBuf,
    /// The event to send, a JSON file in the form that the cloud sends; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) event: Option<PathBuf>,
    /// The alarm message to send, a JSON file; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) alarm: Option<PathBuf>,
    /// Fire the timer; FILE is the message for it, `{}` unless given
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    #[expect(
        clippy::option_option,
        reason = "not given, given alone, given with a file"
    )]
    pub(crate) timer: Option<Option<PathBuf>>,
    /// The parameters of the execution, a JSON object: as text, or @FILE
    #[arg(long, value_name = "JSON|@FILE")]
    pub(crate) parameters: Option<String>,
    /// One parameter of the execution; wins over --parameters
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE", value_parser = assignment)]
    pub(crate) parameter: Vec<(String, String)>,
    /// What the APIs of cloud services answer (docs/mock-files.md); may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) mock: Vec<PathBuf>,
    /// A folder of templates for `ACS::Template` and product actions to run; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Vec<PathBuf>,
    /// The region that the execution believes to be in
    #[arg(long, default_value = "cn-hangzhou", value_name = "REGION")]
    pub(crate) region: String,
    /// Really wait where the template waits, instead of jumping over the time
    #[arg(long)]
    pub(crate) real_time: bool,
    #[command(flatten)]
    pub(crate) timeout: TimeoutArg,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}

#[derive(Debug, Args)]
pub(crate) struct TriggerArgs {
    /// The execution whose trigger waits, `exec-…`
    pub(crate) execution_id: String,
    /// The kind of the trigger
    #[arg(long = "type", value_enum, ignore_case = true, default_value = "Event")]
    pub(crate) kind: MessageKind,
    /// The message, JSON: as text, @FILE, or `-` for standard input
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub(crate) content: String,
    /// Makes repeating the call harmless: the same token makes one child; at most 64 characters
    #[arg(long, value_name = "TOKEN")]
    pub(crate) client_token: Option<String>,
    /// Follow the child execution and print it
    #[arg(long)]
    pub(crate) wait: bool,
    /// The region of the execution
    #[arg(long, env = "ALIBABA_CLOUD_REGION_ID", value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Where to send the call instead of the region's public endpoint
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    #[command(flatten)]
    pub(crate) timeout: TimeoutArg,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}

#[derive(Debug, Args)]
pub(crate) struct TimeoutArg {
    /// How long to wait in all, such as 90, 500ms, 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct OutputArg {
    /// Text for people, or one JSON document
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub(crate) output: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    Text,
    Json,
}

/// The kinds of triggers and of their messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "PascalCase")]
pub(crate) enum MessageKind {
    Event,
    Alarm,
    Timer,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(String::from("write it as NAME=VALUE")),
    }
}

/// An address; the name `localhost` is the one of IPv4.
fn address(text: &str) -> Result<SocketAddr, String> {
    let named = text
        .strip_prefix("localhost:")
        .and_then(|port| port.parse().ok())
        .map(|port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    named
        .or_else(|| text.parse().ok())
        .ok_or_else(|| String::from("write it as 127.0.0.1:4060 or [::1]:4060"))
}

fn region(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
        return Err(String::from("write it as in cn-hangzhou"));
    }
    Ok(text.to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || String::from("write it as 500ms, 90s, 5m or 1h");
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let millis = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(millis)
        .map(Duration::from_millis)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declaration_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn durations_are_read() {
        let check = |text: &str, millis: Option<u64>| {
            assert_eq!(
                duration(text).ok(),
                millis.map(Duration::from_millis),
                "{text}"
            );
        };
        check("500ms", Some(500));
        check("90", Some(90_000));
        check("90s", Some(90_000));
        check("5m", Some(300_000));
        check("1h", Some(3_600_000));
        check("0", Some(0));
        check("", None);
        check("s", None);
        check("-1s", None);
        check("1.5s", None);
        check("1d", None);
        check("99999999999999999999h", None);
        check("9999999999999999h", None);
    }

    #[test]
    fn arguments_are_read() {
        let read = |line: &str| Cli::try_parse_from(line.split(' ')).map(|cli| cli.command);
        let Ok(Command::Try(args)) = read("oos try t.yml --timer -p a=b=c -p d= --timeout 5s")
        else {
            panic!("the line is good")
        };
        assert_eq!(args.timer, Some(None));
        assert_eq!(
            args.parameter,
            [("a".into(), "b=c".into()), ("d".into(), String::new())]
        );
        assert_eq!(args.timeout.timeout, Duration::from_secs(5));

        let Ok(Command::Trigger(args)) = read("oos trigger exec-1 --type timer --content {}")
        else {
            panic!("the line is good")
        };
        assert_eq!(
            (args.kind, args.content.as_str()),
            (MessageKind::Timer, "{}")
        );

        let Ok(Command::Dev(args)) = read("oos dev --listen localhost:7 --mock a --mock b") else {
            panic!("the line is good")
        };
        assert_eq!(args.listen.to_string(), "127.0.0.1:7");
        assert_eq!(args.mock, [PathBuf::from("a"), PathBuf::from("b")]);
        let line = "oos dev --access-key-id me --access-key-secret hunter2";
        let shown = format!("{:?}", read(line).expect("the line is good"));
        assert!(
            shown.contains("me") && !shown.contains("hunter2"),
            "{shown}"
        );

        for wrong in [
            "oos try",
            "oos try t.yml --event a --alarm b",
            "oos try t.yml -p =x",
            "oos try t.yml -p x",
            "oos trigger exec-1",
            "oos trigger --content {}",
            "oos trigger exec-1 --type Clock --content {}",
            "oos dev --listen 4060",
            "oos dev --listen oos.example:4060",
            "oos dev --listen 127.0.0.1:65536",
            "oos dev --access-key-id me",
            "oos dev --access-key-secret hunter2",
            "oos dev --region cn/hangzhou",
            "oos dev --region ",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
