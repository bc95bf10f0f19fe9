//! What `oos try` has to do, with everything that can be checked beforehand checked.

use crate::cli::{MessageKind, TryArgs};
use crate::commands::message::Message;
use crate::failure::{Failure, Mistake, Mistakes, chain};
use crate::input::{self, Text};
use oos_local::TemplateCatalogue;
use oos_local::engine::MockFile;
use oos_template::actions::TriggerKind;
use oos_template::{Map, ProblemKind, Template, Value, Values};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The suffixes of mock files beside a template, in the order in which they are looked for.
const MOCK_SUFFIXES: [&str; 3] = ["mock.yml", "mock.yaml", "mock.json"];

/// A template, what to run it with, and what to send to it.
#[derive(Debug)]
pub(in crate::commands) struct Plan {
    pub(super) file: String,
    pub(super) template_name: String,
    pub(super) category: &'static str,
    pub(super) content: String,
    pub(super) warnings: Vec<String>,
    /// The parameters that the template declares `NoEcho`.
    pub(super) hidden: Vec<String>,
    /// A JSON text.
    pub(super) parameters: String,
    pub(super) message: Option<Message>,
    pub(super) mocks: Vec<MockFile>,
    pub(super) mock_files: Vec<String>,
    pub(super) templates: Vec<TemplateCatalogue>,
    pub(super) region: String,
    pub(super) real_time: bool,
    pub(super) timeout: Duration,
}

/// Reads and checks everything.
///
/// # Errors
/// [`Failure::Usage`] with all mistakes of the first file or argument that has some.
pub(in crate::commands) fn plan(args: TryArgs, stdin: &mut dyn Read) -> Result<Plan, Failure> {
    let text = input::file(&args.template, stdin)?;
    let template = oos_template::parse(&text.text)
        .map_err(|found| Mistakes::in_template(&text.name, &text.text, &found))?;
    let message = message(&args, &template, stdin)?;
    let parameters = parameters(&args, &template, stdin)?;
    let mock_paths = mock_paths(args.mock, &args.template);
    let mocks: Vec<MockFile> = mock_paths
        .iter()
        .map(|path| mock_file(path, stdin))
        .collect::<Result<_, _>>()?;
    let mut folders = args.templates;
    let listed = mock_paths.iter().zip(&mocks);
    folders.extend(listed.flat_map(|(path, mock)| template_folders(path, mock)));
    let templates = template_catalogues(&folders)?;
    Ok(Plan {
        warnings: template
            .warnings()
            .iter()
            .map(|one| format!("{}:{one}", text.name))
            .collect(),
        hidden: no_echo(&template),
        file: text.name,
        template_name: template_name(&args.template),
        category: template.category(),
        content: text.text,
        parameters,
        message,
        mocks,
        templates,
        mock_files: mock_paths
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
        region: args.region,
        real_time: args.real_time,
        timeout: args.timeout.timeout,
    })
}

fn no_echo(template: &Template) -> Vec<String> {
    let hidden = template
        .parameters
        .iter()
        .filter(|(_, parameter)| parameter.no_echo);
    hidden.map(|(name, _)| name.clone()).collect()
}

fn message(
    args: &TryArgs,
    template: &Template,
    stdin: &mut dyn Read,
) -> Result<Option<Message>, Failure> {
    let given = match (&args.event, &args.alarm, &args.timer) {
        (Some(file), _, _) => Some((MessageKind::Event, Some(file))),
        (_, Some(file), _) => Some((MessageKind::Alarm, Some(file))),
        (_, _, Some(file)) => Some((MessageKind::Timer, file.as_ref())),
        _ => None,
    };
    let wanted = template.trigger().map(|(task, kind)| (task, kind_of(kind)));
    let (kind, file) = match (given, wanted) {
        (None, None) => return Ok(None),
        (Some((given, file)), Some((_, wanted))) if given == wanted => (given, file),
        (Some((given, _)), None) => {
            let option = given.option();
            return Err(Failure::usage(format!(
                "the template has no trigger that could take a message: leave {option} out"
            )));
        }
        (_, Some((task, wanted))) => {
            let (name, action, option) = (&task.name, &task.action, wanted.option());
            return Err(Failure::usage(format!(
                "the template waits in `{name}` on an {action}: give the message with {option}"
            )));
        }
    };
    let text = match file {
        Some(file) => input::file(file, stdin)?,
        None => Text {
            name: String::from("--timer"),
            text: String::from("{}"),
        },
    };
    Message::read(kind, text).map(Some)
}

fn kind_of(kind: TriggerKind) -> MessageKind {
    match kind {
        TriggerKind::Event => MessageKind::Event,
        TriggerKind::Alarm => MessageKind::Alarm,
        TriggerKind::Timer => MessageKind::Timer,
    }
}

fn parameters(
    args: &TryArgs,
    template: &Template,
    stdin: &mut dyn Read,
) -> Result<String, Failure> {
    let mut given = match &args.parameters {
        None => Map::new(),
        Some(argument) => object(&input::argument("--parameters", argument, stdin)?)?,
    };
    given.extend(
        args.parameter
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.clone()))),
    );
    // Defaults may need what only an execution knows: those are for the local OOS to judge.
    let problems = template
        .bind_parameters(&given, &Values::new())
        .err()
        .unwrap_or_default();
    let mistakes: Mistakes = problems
        .into_iter()
        .filter(|problem| problem.kind != ProblemKind::Default)
        .map(|problem| parameter_mistake(&problem.message, problem.kind, &problem.parameter))
        .collect();
    mistakes.or_none()?;
    Ok(Value::Map(given).to_json_string())
}

fn parameter_mistake(message: &str, kind: ProblemKind, name: &str) -> Mistake {
    let fix = (kind == ProblemKind::Missing).then(|| format!("add -p {name}=VALUE"));
    Mistake {
        fix,
        ..Mistake::new(message)
    }
}

fn object(text: &Text) -> Result<Map, Failure> {
    match input::json(text, "the parameters")? {
        Value::Map(map) => Ok(map),
        other => {
            let (name, got) = (&text.name, other.kind());
            Err(Failure::usage(format!(
                "{name}: the parameters have to be a JSON object of names and values, not a {got}"
            )))
        }
    }
}

/// The mock files that are named, else the one beside the template.
fn mock_paths(named: Vec<PathBuf>, template: &Path) -> Vec<PathBuf> {
    if !named.is_empty() {
        return named;
    }
    let beside = MOCK_SUFFIXES
        .iter()
        .map(|suffix| template.with_extension(suffix));
    beside.filter(|path| path.is_file()).take(1).collect()
}

/// Reads a mock file.
///
/// # Errors
/// [`Failure::Usage`] with all its mistakes.
pub(in crate::commands) fn mock_file(
    path: &Path,
    stdin: &mut dyn Read,
) -> Result<MockFile, Failure> {
    let text = input::file(path, stdin)?;
    MockFile::parse(&text.text).map_err(|error| {
        let mistake = |problem: &oos_local::engine::MockProblem| {
            Mistake::at(&text.name, &text.text, problem.span, &problem.message)
        };
        Failure::Usage(error.problems().iter().map(mistake).collect())
    })
}

/// The folders of templates that a mock file lists: relative to the file.
pub(in crate::commands) fn template_folders<'a>(
    path: &'a Path,
    mock: &'a MockFile,
) -> impl Iterator<Item = PathBuf> + 'a {
    let beside = path.parent().unwrap_or(Path::new(""));
    mock.template_folders().iter().map(|one| beside.join(one))
}

/// Reads folders of templates.
///
/// # Errors
/// [`Failure::Usage`] if one can not be read.
pub(in crate::commands) fn template_catalogues(
    folders: &[PathBuf],
) -> Result<Vec<TemplateCatalogue>, Failure> {
    let read = |folder: &PathBuf| {
        TemplateCatalogue::read(folder)
            .map_err(|error| Failure::usage(format!("templates: {}", chain(&error).join(": "))))
    };
    folders.iter().map(read).collect()
}

/// The file's name without what follows its first dot, as far as a template may be called so: 1 to
/// 200 letters, digits, `-` and `_`, not beginning like one of the cloud's own.
fn template_name(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let fits = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            c
        } else {
            '-'
        }
    };
    let name: String = stem.chars().map(fits).take(190).collect();
    let name = name.trim_matches('-');
    let upper = name.to_ascii_uppercase();
    let taken = ["ACS", "ALIYUN", "ALIBABA", "ALICLOUD"]
        .iter()
        .any(|prefix| upper.starts_with(prefix));
    if name.is_empty() || taken {
        format!("try-{name}").trim_end_matches('-').to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_named_after_their_files() {
        let check =
            |path: &str, expected: &str| assert_eq!(template_name(Path::new(path)), expected);
        check(
            "dir/restart-stopped_instance.yml",
            "restart-stopped_instance",
        );
        check("my template.v2.yaml", "my-template-v2");
        check("-", "try");
        check("表.yml", "try");
        check("ACS-ECS-Start.json", "try-ACS-ECS-Start");
        check(&format!("{}.yml", "a".repeat(300)), &"a".repeat(190));
    }
}
