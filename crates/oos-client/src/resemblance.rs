//! How much two names resemble each other, for suggestions.

/// What is longer than this is no slip of a name.
const LONGEST: usize = 128;

/// Those of `known` that resemble `wanted`, the nearest first, at most `most` of them; case does not
/// count. A third of the letters may differ.
pub(crate) fn nearest(
    wanted: &str,
    known: impl Iterator<Item = &'static str>,
    most: usize,
) -> Vec<&'static str> {
    let wanted = wanted.trim().to_ascii_lowercase();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Vec::new();
    }
    let mut near: Vec<(usize, &'static str)> = known
        .filter_map(|name| {
            let lower = name.to_ascii_lowercase();
            let distance = if is_part(&lower, &wanted) {
                1
            } else {
                distance(lower.as_bytes(), wanted.as_bytes())
            };
            let limit = lower.len().max(wanted.len()) / 3;
            (distance <= limit.max(1)).then_some((distance, name))
        })
        .collect();
    near.sort_by_key(|&(distance, _)| distance);
    near.into_iter().take(most).map(|(_, name)| name).collect()
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
