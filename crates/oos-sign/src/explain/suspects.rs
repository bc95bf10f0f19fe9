//! Two strings to sign of ACS3, which hold a hash: known alterations are tried one by one.

use super::{Change, Explanation, Verdict};
use crate::encode::{Hex, push_encoded};

const STAGE: &str = "string to sign";

/// The server's string to sign, with our canonical request altered until the hash agrees.
pub(super) fn compare(ours: &str, canonical: &str, theirs: &str) -> Explanation {
    let theirs = theirs.trim();
    if ours == theirs {
        return Explanation::same(STAGE);
    }
    let found = Explanation::different(STAGE, ours, theirs);
    let hash = theirs.rsplit('\n').next().unwrap_or_default();
    let verdict = if is_hash(hash) {
        guilty(canonical, hash).unwrap_or(Verdict::Unknown)
    } else {
        Verdict::Unknown
    };
    Explanation { verdict, ..found }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The alteration of our canonical request that has this hash.
fn guilty(canonical: &str, hash: &str) -> Option<Verdict> {
    let fits = |text: &str| {
        Hex::sha256(text.as_bytes())
            .as_str()
            .eq_ignore_ascii_case(hash)
    };
    let lines: Vec<&str> = canonical.split('\n').collect();
    let [method, path, query, ..] = lines[..] else {
        return None;
    };
    let with = |index: usize, line: &str| {
        let mut lines = lines.clone();
        lines[index] = line;
        lines.join("\n")
    };
    let other_method = if method == "POST" { "GET" } else { "POST" };
    if fits(&with(0, other_method)) {
        return Some(Verdict::Method);
    }
    if path != "/" && fits(&with(1, "/")) || fits(&with(1, "")) || fits(&with(1, "//")) {
        return Some(Verdict::Path);
    }
    parameter(query, &|query: &str| fits(&with(2, query))).or_else(|| header(&lines, &fits))
}

type Rule = (Change, fn(&str) -> String);

/// What HTTP libraries are known to do to a query.
const RULES: &[Rule] = &[
    (Change::PlusAndBlank, |text| text.replace("%2B", "%20")),
    (Change::PlusAndBlank, |text| text.replace("%20", "%2B")),
    (Change::PlusAndBlank, |text| text.replace("%20", "+")),
    (Change::Escapes, |text| text.replace("%2A", "*")),
    (Change::Escapes, |text| text.replace('~', "%7E")),
    (Change::Escapes, |text| {
        text.replace("%2A", "*").replace('~', "%7E")
    }),
    (Change::HexCase, lower_escapes),
    (Change::EncodedTwice, |text| {
        let mut out = String::new();
        push_encoded(&mut out, text);
        out
    }),
];

/// One parameter altered, or dropped; then all of them altered, of which the first is named.
fn parameter(query: &str, fits: &dyn Fn(&str) -> bool) -> Option<Verdict> {
    let pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let joined = |value: &dyn Fn(usize, &str) -> Option<String>| -> String {
        let pairs = pairs.iter().enumerate();
        let pairs = pairs.filter_map(|(index, (name, text))| {
            value(index, text).map(|value| format!("{name}={value}"))
        });
        pairs.collect::<Vec<_>>().join("&")
    };
    let verdict = |name: &str, change| {
        let name = name.to_owned();
        Some(Verdict::Parameter { name, change })
    };
    for (index, (name, text)) in pairs.iter().enumerate() {
        let dropped = |other: usize, text: &str| (other != index).then(|| text.to_owned());
        if fits(&joined(&dropped)) {
            return verdict(name, Change::Removed);
        }
        for (change, rule) in RULES {
            let altered = rule(text);
            let one = |other: usize, text: &str| {
                Some(if other == index {
                    altered.clone()
                } else {
                    text.to_owned()
                })
            };
            if altered != *text && fits(&joined(&one)) {
                return verdict(name, *change);
            }
        }
    }
    RULES.iter().find_map(|(change, rule)| {
        let (name, _) = pairs.iter().find(|(_, text)| rule(text) != *text)?;
        let all = |_: usize, text: &str| Some(rule(text));
        fits(&joined(&all)).then(|| verdict(name, *change))?
    })
}

fn lower_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut left = 0;
    for character in text.chars() {
        if character == '%' {
            left = 3;
        }
        out.push(if left > 0 {
            character.to_ascii_lowercase()
        } else {
            character
        });
        left = usize::saturating_sub(left, 1);
    }
    out
}

/// The header `host` with or without a port, in lower case; any header dropped.
fn header(lines: &[&str], fits: &dyn Fn(&str) -> bool) -> Option<Verdict> {
    let end = lines.iter().skip(3).position(|line| line.is_empty())? + 3;
    let verdict = |name: &str, change| {
        let name = name.to_owned();
        Some(Verdict::Header { name, change })
    };
    for index in 3..end {
        let (name, value) = lines[index].split_once(':')?;
        let with = |line: &str| {
            let mut lines = lines.to_vec();
            lines[index] = line;
            lines.join("\n")
        };
        if name == "host" {
            let bare = value.rsplit_once(':').map_or(value, |(host, _)| host);
            let ports = ["", ":80", ":443", ":8080"].map(|port| format!("host:{bare}{port}"));
            if ports
                .iter()
                .any(|line| line != lines[index] && fits(&with(line)))
            {
                return verdict(name, Change::Port);
            }
        }
        let lower = lines[index].to_ascii_lowercase();
        if lower != lines[index] && fits(&with(&lower)) {
            return verdict(name, Change::Case);
        }
        if fits(&with(&format!("{name}:"))) {
            return verdict(name, Change::Value);
        }
        if fits(&without(lines, end, index, name)) {
            return verdict(name, Change::Removed);
        }
    }
    None
}

/// The canonical request without one of its headers.
fn without(lines: &[&str], end: usize, index: usize, name: &str) -> String {
    let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let names = lines[end + 1].split(';').filter(|other| *other != name);
    lines[end + 1] = names.collect::<Vec<_>>().join(";");
    lines.remove(index);
    lines.join("\n")
}
