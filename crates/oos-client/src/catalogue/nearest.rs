//! Known codes that resemble an unknown one.

use super::all;

/// At most this many suggestions.
const MOST: usize = 3;

/// What is longer than this is no slip of a known code.
const LONGEST: usize = 128;

/// Known codes that resemble this one, the nearest first, at most three; case does not count. Empty
/// if none is near: a third of the letters may differ, and the last part may be left out.
///
/// ```
/// use oos_client::catalogue::nearest;
///
/// assert_eq!(nearest("throttling.usr"), ["Throttling.User", "Throttling.Api", "Throttling"]);
/// assert!(nearest("Gadget").is_empty());
/// ```
#[must_use]
pub fn nearest(code: &str) -> Vec<&'static str> {
    let wanted = code.trim().to_ascii_lowercase();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Vec::new();
    }
    let mut near: Vec<(usize, &'static str)> = all()
        .filter_map(|entry| {
            let known = entry.code.to_ascii_lowercase();
            let distance = if is_part(&known, &wanted) {
                1
            } else {
                distance(known.as_bytes(), wanted.as_bytes())
            };
            let limit = known.len().max(wanted.len()) / 3;
            (distance <= limit).then_some((distance, entry.code))
        })
        .collect();
    near.sort_by_key(|&(distance, _)| distance);
    near.into_iter().take(MOST).map(|(_, code)| code).collect()
}

/// Whether one is the other up to a dot.
fn is_part(known: &str, wanted: &str) -> bool {
    known == wanted
        || known
            .split_once('.')
            .is_some_and(|(first, last)| first == wanted || last == wanted)
}

/// The number of bytes to insert, delete or replace (Levenshtein).
pub(crate) fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_code() {
        let check = |slip: &str, expected: Option<&str>| {
            assert_eq!(nearest(slip).first().copied(), expected, "{slip}");
        };
        check("SignatureDoesNotMatch", Some("SignatureDoesNotMatch"));
        check("signaturedoesntmatch", Some("SignatureDoesNotMatch"));
        check(
            "EntityNotExist.Execution",
            Some("EntityNotExists.Execution"),
        );
        check("EntityNotFound.Template", Some("EntityNotExists.Template"));
        check("InvalidTimestamp.Expired", Some("InvalidTimeStamp.Expired"));
        check("NoPermision", Some("NoPermission"));
        check("", None);
        check("zzzzzzzz", None);
        check(&"x".repeat(1_000_000), None);
    }
}
