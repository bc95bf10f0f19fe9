//! Two canonical requests of ACS3, part by part.

use std::collections::BTreeMap;

use super::{Change, Explanation, Verdict, parameters};

const STAGE: &str = "canonical request";

/// The parts of a canonical request.
struct Parts<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    headers: BTreeMap<&'a str, &'a str>,
    body_hash: &'a str,
}

impl<'a> Parts<'a> {
    /// `None` if the text has another form.
    fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (method, path, query) = (lines.next()?, lines.next()?, lines.next()?);
        let mut headers = BTreeMap::new();
        loop {
            match lines.next()? {
                "" => break,
                line => {
                    let (name, value) = line.split_once(':')?;
                    headers.insert(name, value);
                }
            }
        }
        let (_signed_headers, body_hash) = (lines.next()?, lines.next()?);
        Some(Self {
            method,
            path,
            query,
            headers,
            body_hash,
        })
    }
}

/// What differs first.
pub(super) fn compare(ours: &str, theirs: &str) -> Explanation {
    if ours == theirs {
        return Explanation::same(STAGE);
    }
    let found = Explanation::different(STAGE, ours, theirs);
    let verdict = match (Parts::read(ours), Parts::read(theirs)) {
        (Some(ours), Some(theirs)) => difference(&ours, &theirs),
        _ => Verdict::Unknown,
    };
    Explanation { verdict, ..found }
}

fn difference(ours: &Parts<'_>, theirs: &Parts<'_>) -> Verdict {
    if ours.method != theirs.method {
        return Verdict::Method;
    }
    if ours.path != theirs.path {
        return Verdict::Path;
    }
    if ours.query != theirs.query {
        return parameters::difference(ours.query, theirs.query);
    }
    if ours.body_hash != theirs.body_hash {
        return Verdict::Body;
    }
    if let Some((name, change)) = header_difference(&ours.headers, &theirs.headers) {
        let name = name.to_owned();
        return Verdict::Header { name, change };
    }
    Verdict::Unknown
}

fn header_difference<'a>(
    ours: &BTreeMap<&'a str, &'a str>,
    theirs: &BTreeMap<&'a str, &'a str>,
) -> Option<(&'a str, Change)> {
    let changed = ours.iter().find_map(|(name, value)| {
        let change = match theirs.get(name) {
            Some(other) if other == value => return None,
            Some(other) => header_change(name, value, other),
            None => Change::Removed,
        };
        Some((*name, change))
    });
    changed.or_else(|| {
        let added = theirs.keys().find(|name| !ours.contains_key(*name))?;
        Some((*added, Change::Added))
    })
}

fn header_change(name: &str, ours: &str, theirs: &str) -> Change {
    let without_port = |host: &str| {
        host.rsplit_once(':')
            .map_or(host, |(host, _)| host)
            .to_ascii_lowercase()
    };
    if ours.trim() == theirs.trim() {
        Change::Trimmed
    } else if ours.eq_ignore_ascii_case(theirs) {
        Change::Case
    } else if name == "host" && without_port(ours) == without_port(theirs) {
        Change::Port
    } else {
        Change::Value
    }
}
