//! What may stand between `{{` and `}}`.

use std::fmt;
use std::ops::Range;

/// What a reference points at. Names are those of the declaration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reference {
    /// `{{ name }}`: a parameter.
    Parameter(String),
    /// `{{ task.output }}`: an output of a task, or of its loop.
    Output {
        /// The task.
        task: String,
        /// The output.
        output: String,
    },
    /// `{{ ACS::Name }}`: a pseudo parameter, in its documented spelling with `ACS::`.
    Pseudo(String),
    /// `{{ oos:name }}` and `{{ oos-secret:name }}`: a value of the parameter store.
    Stored {
        /// Which store.
        kind: StoreKind,
        /// The name in the store, case-sensitive.
        name: String,
    },
}

/// The two parameter stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreKind {
    /// `oos`: plain parameters.
    Plain,
    /// `oos-secret`: secret parameters.
    Secret,
}

impl fmt::Display for Reference {
    /// The reference as it would be written between the braces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) | Self::Pseudo(name) => f.write_str(name),
            Self::Output { task, output } => write!(f, "{task}.{output}"),
            Self::Stored {
                kind: StoreKind::Plain,
                name,
            } => write!(f, "oos:{name}"),
            Self::Stored {
                kind: StoreKind::Secret,
                name,
            } => write!(f, "oos-secret:{name}"),
        }
    }
}

impl Reference {
    /// Reads what stands between the braces; none if it is no reference at all.
    pub(crate) fn parse(inner: &str) -> Option<Self> {
        let inner = inner.trim();
        if let Some((prefix, name)) = inner.split_once(':')
            && !name.starts_with(':')
        {
            let kind = match prefix.trim_end() {
                "oos" => StoreKind::Plain,
                "oos-secret" => StoreKind::Secret,
                _ => return None,
            };
            let name = name.trim_start();
            let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
            let named = !name.is_empty() && name.chars().all(fits);
            return named.then(|| Self::Stored {
                kind,
                name: name.to_owned(),
            });
        }
        if inner
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("ACS::"))
        {
            return is_name(&inner[5..]).then(|| Self::Pseudo(inner.to_owned()));
        }
        match inner.split_once('.') {
            Some((task, output)) => (is_name(task) && is_name(output)).then(|| Self::Output {
                task: task.to_owned(),
                output: output.to_owned(),
            }),
            None => is_name(inner).then(|| Self::Parameter(inner.to_owned())),
        }
    }
}

/// Newer pages list the backslash among the characters of a name.
fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '\\');
    !text.is_empty() && text.chars().all(fits)
}

/// A part of a text: plain, or what stands between `{{` and `}}`, each with its byte range. The range
/// of a reference includes the braces.
pub(crate) enum Part<'a> {
    Plain(&'a str),
    Braced { inner: &'a str, range: Range<usize> },
}

/// Splits a text at its `{{ }}`. Braces that do not close are plain text.
pub(crate) fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut plain = 0;
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at) {
        // Of `{{{ a }}}` the inner pair counts: JSON texts put maps around references.
        let open = open + text[open..].bytes().take_while(|b| *b == b'{').count() - 2;
        let Some(length) = text[open + 2..].find("}}") else {
            break;
        };
        let close = open + 2 + length;
        let inner = &text[open + 2..close];
        if let Some(nested) = inner.rfind("{{") {
            from = open + 2 + nested;
            continue;
        }
        if plain < open {
            parts.push(Part::Plain(&text[plain..open]));
        }
        parts.push(Part::Braced {
            inner,
            range: open..close + 2,
        });
        plain = close + 2;
        from = plain;
    }
    if plain < text.len() || parts.is_empty() {
        parts.push(Part::Plain(&text[plain..]));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{Part, Reference, split};

    fn parse(inner: &str) -> Option<String> {
        Reference::parse(inner).map(|r| {
            format!("{r:?}")
                .split([' ', '('])
                .next()
                .unwrap()
                .to_owned()
                + " "
                + &r.to_string()
        })
    }

    #[test]
    fn forms() {
        for (inner, expected) in [
            (" regionId ", Some("Parameter regionId")),
            ("task-1.out_put", Some("Output task-1.out_put")),
            ("acs::RegionId", Some("Pseudo acs::RegionId")),
            ("oos:a/b.c", Some("Stored oos:a/b.c")),
            ("oos-secret : pw", Some("Stored oos-secret:pw")),
            ("参数", Some("Parameter 参数")),
            ("a.b.c", None),
            ("a b", None),
            ("", None),
            ("ACS::", None),
            ("resolve:x", None),
            ("oos:", None),
            (".x", None),
        ] {
            assert_eq!(parse(inner).as_deref(), expected, "{inner:?}");
        }
    }

    #[test]
    fn splitting() {
        fn shape(text: &str) -> String {
            let show = |part: &Part<'_>| match part {
                Part::Plain(text) => format!("'{text}'"),
                Part::Braced { inner, range } => {
                    assert_eq!(&text[range.clone()], format!("{{{{{inner}}}}}"));
                    format!("<{}>", inner.trim())
                }
            };
            split(text).iter().map(show).collect()
        }
        for (text, expected) in [
            ("", "''"),
            ("plain", "'plain'"),
            ("{{a}}", "<a>"),
            ("x{{ a }}y{{b}}", "'x'<a>'y'<b>"),
            ("{{ a", "'{{ a'"),
            ("{\"a\":{{ a }}}", "'{\"a\":'<a>'}'"),
            ("{{{ a }}}", "'{'<a>'}'"),
            ("{{ x {{ a }}", "'{{ x '<a>"),
            ("a }} b", "'a }} b'"),
            ("{{", "'{{'"),
            ("{{{", "'{{{'"),
            ("{{}}", "<>"),
        ] {
            assert_eq!(shape(text), expected, "{text:?}");
        }
    }
}
