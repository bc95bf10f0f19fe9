//! What a code means.

use super::{Paint, document};
use oos::catalogue;
use oos_template::{Code, Explanation};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A code that is known.
pub(crate) enum Found {
    /// A rule of `oos check`.
    Rule(&'static Explanation),
    /// An error code of the service.
    Service(catalogue::Explanation),
}

impl Found {
    pub(crate) fn text(&self, paint: Paint) -> String {
        match self {
            Self::Rule(rule) => rule_text(rule, paint),
            Self::Service(found) => service_text(found, paint),
        }
    }

    pub(crate) fn as_json(&self) -> String {
        document(&match self {
            Self::Rule(rule) => rule_json(rule),
            Self::Service(found) => json!({
                "code": found.code(),
                "http_status": found.http_status(),
                "cause": found.cause(),
                "remedy": found.remedy(),
                "sureness": found.sureness().to_string(),
                "source": found.source(),
            }),
        })
    }
}

fn rule_text(rule: &Explanation, paint: Paint) -> String {
    let mut text = format!("{}: {}\n\n", paint.strong(rule.code.as_str()), rule.title);
    text.push_str(&wrapped(rule.text));
    let mut example = |title: &str, example: &str| {
        let _ = writeln!(text, "\n{title}\n");
        for line in example.trim_end().lines() {
            let _ = writeln!(text, "  {line}");
        }
    };
    example(&paint.bad("This is found:"), rule.bad);
    example(&paint.good("This is fine:"), rule.good);
    if let Some((name, content)) = rule.child {
        example(&format!("with the template {name}:"), content);
    }
    text
}

fn rule_json(rule: &Explanation) -> Value {
    json!({
        "code": rule.code.as_str(),
        "title": rule.title,
        "text": rule.text,
        "bad": rule.bad,
        "good": rule.good,
        "child": rule.child.map(|(name, text)| json!({ "name": name, "text": text })),
    })
}

fn service_text(found: &catalogue::Explanation, paint: Paint) -> String {
    let status = found
        .http_status()
        .map(|status| format!(" (HTTP {status})"));
    let mut text = format!(
        "{}{}\n\n",
        paint.strong(found.code()),
        status.unwrap_or_default()
    );
    text.push_str(&wrapped(found.cause()));
    text.push('\n');
    text.push_str(&wrapped(found.remedy()));
    let source = format!("{}: {}", found.sureness(), found.source());
    let _ = writeln!(text, "\n{}", paint.faint(&source));
    text
}

/// All codes, one a line.
pub(crate) fn all(paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong("Rules of oos check"));
    for rule in Code::all() {
        let _ = writeln!(text, "  {}  {}", rule.code, rule.title);
    }
    let _ = writeln!(text, "\n{}", paint.strong("Error codes of the service"));
    let mut codes: Vec<_> = catalogue::all().map(|entry| entry.code).collect();
    codes.sort_unstable();
    for code in codes {
        let _ = writeln!(text, "  {code}");
    }
    text
}

/// All codes: `{"rules": [{"code", "title"}], "service": ["…"]}`.
pub(crate) fn all_as_json() -> String {
    let rules: Vec<_> = Code::all()
        .map(|rule| json!({ "code": rule.code.as_str(), "title": rule.title }))
        .collect();
    let service: Vec<_> = catalogue::all().map(|entry| entry.code).collect();
    document(&json!({ "rules": rules, "service": service }))
}

const WIDTH: usize = 96;

/// A paragraph in lines that a terminal shows whole.
fn wrapped(text: &str) -> String {
    let mut wrapped = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if length > 0 && length + 1 + width > WIDTH {
            wrapped.push('\n');
            length = 0;
        } else if length > 0 {
            wrapped.push(' ');
            length += 1;
        }
        wrapped.push_str(word);
        length += width;
    }
    wrapped.push('\n');
    wrapped
}
