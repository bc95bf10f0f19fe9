//! Reports and failures as one JSON document.

use crate::failure::{Failure, Mistake, chain, tried};
use crate::report::Report;
use serde::Serialize;

/// The report as one document and a line break.
pub(crate) fn report(report: &Report) -> String {
    document(report)
}

/// The failure as one document, `{"error": …}`, and a line break.
pub(crate) fn failure(failure: &Failure, exit_code: u8) -> String {
    document(&Envelope {
        error: ErrorReport::of(failure, exit_code),
    })
}

/// A document and a line break.
pub(crate) fn document(content: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(content)
        .expect("the documents are made of texts, numbers and maps with text keys");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: ErrorReport<'a>,
}

#[derive(Serialize)]
struct ErrorReport<'a> {
    kind: &'static str,
    exit_code: u8,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
    /// What each source of credentials said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tried: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    severity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'a str>,
}

impl<'a> ErrorReport<'a> {
    fn of(failure: &'a Failure, exit_code: u8) -> Self {
        let plain = |kind, message| Self {
            kind,
            exit_code,
            message,
            causes: Vec::new(),
            tried: Vec::new(),
            code: None,
            http_status: None,
            request_id: None,
            help: None,
            problems: Vec::new(),
        };
        match failure {
            Failure::Usage(mistakes) => {
                let first = mistakes.iter().next().map(|one| one.message.clone());
                let problems = mistakes.iter().map(Problem::of).collect();
                Self {
                    problems,
                    ..plain("usage", first.unwrap_or_default())
                }
            }
            Failure::Call(error) => {
                let mut texts = chain(&**error).into_iter();
                let message = texts.next().unwrap_or_default();
                Self {
                    causes: texts.collect(),
                    tried: tried(error),
                    code: error.code(),
                    http_status: error.status(),
                    request_id: error.request_id(),
                    help: crate::failure::hint(error),
                    ..plain(kind(error), message)
                }
            }
            Failure::Local(reason) => plain("local", format!("the local OOS failed: {reason}")),
            Failure::Output(error) => {
                plain("output", format!("the result can not be written: {error}"))
            }
        }
    }
}

fn kind(error: &oos::Error) -> &'static str {
    use oos::Error::{Credentials, Decode, NotSent, Service, Timeout, Transport};
    match error {
        NotSent(_) => "not_sent",
        Credentials(_) => "credentials",
        Transport(_) => "network",
        Timeout(_) => "timeout",
        Service(_) => "service",
        Decode(_) => "answer",
        _ => "call",
    }
}

impl<'a> Problem<'a> {
    fn of(mistake: &'a Mistake) -> Self {
        let place = mistake.place.as_ref();
        Self {
            severity: mistake.severity.to_string(),
            code: mistake.code,
            message: &mistake.message,
            file: place.map(|place| place.file.as_str()),
            line: place.map(|place| place.span.start.line),
            column: place.map(|place| place.span.start.column),
            fix: mistake.fix.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Mistakes;
    use crate::report::{ApiCallReport, Outcome};
    use oos_template::{Position, Span, Value};
    use serde_json::json;

    fn read(text: &str) -> serde_json::Value {
        serde_json::from_str(text).expect("one document")
    }

    #[test]
    fn a_report_is_one_document() {
        let sent = Report {
            request_id: Some("R".into()),
            ..Report::of(Outcome::Sent)
        };
        assert_eq!(
            read(&report(&sent)),
            json!({"request_id": "R", "outcome": "Sent"})
        );
    }

    #[test]
    fn a_call_has_either_a_response_or_an_error() {
        let call = ApiCallReport {
            service: None,
            api: "StartInstance".into(),
            parameters: Value::Map(oos_template::Map::new()),
            response: None,
            error: Some("429 Throttling: slow down".into()),
        };
        let expected =
            json!({"api": "StartInstance", "parameters": {}, "error": "429 Throttling: slow down"});
        assert_eq!(read(&document(&call)), expected);
    }

    #[test]
    fn mistakes_keep_their_places() {
        let span = Span::at(Position { line: 2, column: 3 });
        let mistakes: Mistakes = [Mistake::at("f.yml", "a\nb c", span, "no")]
            .into_iter()
            .collect();
        let expected = json!({"error": {
            "kind": "usage", "exit_code": 2, "message": "no",
            "problems": [{"severity": "error", "message": "no", "file": "f.yml", "line": 2, "column": 3}],
        }});
        assert_eq!(read(&failure(&Failure::Usage(mistakes), 2)), expected);
    }
}
