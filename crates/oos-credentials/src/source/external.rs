//! A program that prints credentials.

use crate::CredentialsErrorKind::{Invalid, NotConfigured, Unavailable};
use crate::document::Document;
use crate::exchange;
use crate::key_text::Found;
use crate::machine::variable;
use crate::{Command, CommandOutput, Credentials, CredentialsError, ProvideCredentials, Sources};
use futures_util::future::{Either, select};
use oos_clock::BoxFuture;
use std::fmt;
use std::io;
use std::time::Duration;

const PROVIDER: &str = "external";
const DISABLED: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";
const LIMIT: Duration = Duration::from_mins(1);

/// A program of this command line.
pub(crate) struct External {
    sources: Sources,
    command_line: String,
}

impl External {
    pub(crate) fn new(sources: Sources, command_line: impl Into<String>) -> Self {
        let command_line = command_line.into();
        Self {
            sources,
            command_line,
        }
    }

    pub(super) async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        refuse_if_disabled(&self.sources, PROVIDER)?;
        let words = split(&self.command_line);
        let mut words = words
            .map_err(|problem| error(Invalid, problem.to_owned()))?
            .into_iter();
        let program = words.next();
        let program =
            program.ok_or_else(|| error(Invalid, "the command line is empty".to_owned()))?;
        let command = words.fold(Command::new(&program), Command::with_argument);
        let running = self.sources.host.run(&command);
        match select(running, self.sources.clock.sleep(LIMIT)).await {
            Either::Left((Ok(output), _)) => read(&program, &output),
            Either::Left((Err(cause), _)) => Err(not_run(&program, cause)),
            Either::Right(((), _)) => {
                let problem = format!("{program} did not end within 60 s and was stopped");
                Err(error(Unavailable, problem))
            }
        }
    }
}

/// The switch of the official CLI against profiles that make it run programs or ask servers.
///
/// # Errors
/// If it is on.
pub(super) fn refuse_if_disabled(
    sources: &Sources,
    provider: &'static str,
) -> Result<(), CredentialsError> {
    match variable(&*sources.host, DISABLED).as_deref() {
        Some("1" | "true") => {
            let problem = format!("{DISABLED} is set");
            Err(CredentialsError::new(NotConfigured, provider, problem))
        }
        _ => Ok(()),
    }
}

fn not_run(program: &str, cause: io::Error) -> CredentialsError {
    let problem = match cause.kind() {
        io::ErrorKind::NotFound => format!("{program} is not there"),
        io::ErrorKind::PermissionDenied => format!("{program} may not be run"),
        io::ErrorKind::FileTooLarge => format!("{program} printed more than 1 MiB"),
        _ => format!("{program} can not be run"),
    };
    error(Invalid, problem).with_source(cause)
}

/// What a program prints is never repeated: it may be a secret.
fn read(program: &str, output: &CommandOutput) -> Result<Credentials, CredentialsError> {
    if !output.is_success() {
        let ended = output.code().map_or_else(
            || "was ended by a signal".to_owned(),
            |code| format!("ended with exit code {code}"),
        );
        return Err(error(Unavailable, format!("{program} {ended}")));
    }
    let document = Document::parse(output.stdout()).map_err(|place| {
        let (line, column) = (place.line, place.column);
        let problem = format!("{program} printed no JSON: see line {line}, column {column}");
        error(Invalid, problem)
    })?;
    let place = format!(" in the output of {program}");
    let member = |name: &'static str| (name, document.text(name));
    let found = Found {
        id: member("access_key_id"),
        secret: member("access_key_secret"),
        token: member("sts_token"),
        place: &place,
    };
    match document.text("mode").unwrap_or("AK") {
        "AK" => {
            let token = ("sts_token", None);
            Ok(Credentials::new(
                Found { token, ..found }.key(PROVIDER)?,
                PROVIDER,
            ))
        }
        "StsToken" => temporary(&found, document.text("expiration")),
        mode => {
            let mode: String = mode.chars().filter(|c| !c.is_control()).take(40).collect();
            let problem = format!("mode {mode:?}{place} is none of AK and StsToken");
            Err(error(Invalid, problem))
        }
    }
}

fn temporary(found: &Found<'_>, expiration: Option<&str>) -> Result<Credentials, CredentialsError> {
    let place = found.place;
    let key = found.key(PROVIDER)?;
    if key.security_token().is_none() {
        return Err(error(Invalid, format!("sts_token{place} is not set")));
    }
    let credentials = Credentials::new(key, PROVIDER);
    let Some(expiration) = expiration else {
        return Ok(credentials);
    };
    let problem = || format!("expiration{place} is no time such as 2026-01-02T03:04:05Z");
    let end = exchange::time(expiration).ok_or_else(|| error(Invalid, problem()))?;
    Ok(credentials.expiring_at(end))
}

fn error(kind: crate::CredentialsErrorKind, problem: String) -> CredentialsError {
    CredentialsError::new(kind, PROVIDER, problem)
}

/// Splits a command line at blanks. Between single quotes everything stands for itself; elsewhere a
/// backslash takes the meaning of a blank, a quote or a backslash, and stands for itself before
/// anything else, so that paths of Windows can be written.
fn split(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, '\\') => {
                let special = |c: &char| c.is_whitespace() || "\"'\\".contains(*c);
                word.get_or_insert_default()
                    .push(rest.next_if(special).unwrap_or('\\'));
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() {
        return Err("a quote in the command line is not closed");
    }
    Ok(words)
}

/// The arguments may hold a password.
impl fmt::Debug for External {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("External")
            .field("sources", &self.sources)
            .finish_non_exhaustive()
    }
}

impl ProvideCredentials for External {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.fetch())
    }

    fn name(&self) -> &str {
        PROVIDER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_are_split_without_a_shell() {
        let check = |line: &str, expected: &[&str]| {
            assert_eq!(split(line).expect(line), expected, "{line}");
        };
        check("  a  b\tc ", &["a", "b", "c"]);
        check("a 'b c' \"d e\"", &["a", "b c", "d e"]);
        check("a '' \"\"", &["a", "", ""]);
        check(r"a b\ c \'d\' e\\f", &["a", "b c", "'d'", r"e\f"]);
        check(r"C:\tools\keys.exe --x", &[r"C:\tools\keys.exe", "--x"]);
        check(r#"a "b \"c\"" 'd \e'"#, &["a", r#"b "c""#, r"d \e"]);
        check(
            "a; rm $HOME `b` | c > d",
            &["a;", "rm", "$HOME", "`b`", "|", "c", ">", "d"],
        );
        check("", &[]);
        assert!(split("a 'b").is_err());
        assert!(split("a \"b").is_err());
    }
}
