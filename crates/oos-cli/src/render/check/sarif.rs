//! Findings as SARIF 2.1.0, the form that code hosts show beside the code.

use crate::findings::Checked;
use crate::render::document;
use oos_template::{Code, Diagnostic, Severity};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One run with the rules that were broken and all findings. Columns count Unicode characters.
pub(crate) fn sarif(checked: &[Checked]) -> String {
    let found = checked.iter().flat_map(|one| &one.problems);
    let codes: BTreeSet<Code> = found.map(|found| found.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let mut results = Vec::new();
    for one in checked {
        results.extend(
            one.problems
                .iter()
                .map(|found| result(&one.file, found, &codes)),
        );
    }
    document(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "oos",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().copied().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn rule(code: Code) -> Value {
    let known = code.explanation();
    let markdown = format!(
        "{}\n\nThis is found:\n\n```yaml\n{}\n```\n\nThis is fine:\n\n```yaml\n{}\n```\n",
        known.text,
        known.bad.trim_end(),
        known.good.trim_end()
    );
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": known.title },
        "fullDescription": { "text": known.text },
        "help": { "text": known.to_string(), "markdown": markdown },
    })
}

fn result(file: &str, found: &Diagnostic, codes: &[Code]) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        _ => "note",
    };
    let message = match &found.fix {
        Some(fix) => format!("{} (fix: {fix})", found.message),
        None => found.message.clone(),
    };
    let (start, end) = (found.span.start, found.span.end);
    json!({
        "ruleId": found.code.as_str(),
        "ruleIndex": codes.binary_search(&found.code).unwrap_or_default(),
        "level": level,
        "message": { "text": message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        }}],
    })
}

/// A path as a reference of RFC 3986, relative if the path is.
fn uri(file: &str) -> String {
    let path = if cfg!(windows) {
        file.replace('\\', "/")
    } else {
        file.to_owned()
    };
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.strip_prefix("./").unwrap_or(&path).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_as_uris() {
        for (path, expected) in [
            ("a/b.yml", "a/b.yml"),
            ("./a.yml", "a.yml"),
            ("../a b.yml", "../a%20b.yml"),
            ("/x/ä:1.yml", "file:///x/%C3%A4%3A1.yml"),
            ("<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(uri(path), expected, "{path}");
        }
    }
}
