//! The declared names of a template, found in any letter case.

use std::collections::HashMap;

use indexmap::IndexMap;

/// The pseudo parameters in their documented spelling.
const PSEUDO: &[&str] = &[
    "ACS::RegionId",
    "ACS::AccountId",
    "ACS::ExecutionId",
    "ACS::TaskLoopItem",
    "ACS::CurrentUTCTime",
    "ACS::CurrentDate",
    "ACS::ExecuteUser",
    "ACS::OOSUtilVersion",
];

/// The documented spelling of a pseudo parameter.
pub(crate) fn is_pseudo(name: &str) -> Option<&'static str> {
    PSEUDO
        .iter()
        .copied()
        .find(|known| known.eq_ignore_ascii_case(name))
}

pub(crate) fn pseudo_names() -> impl Iterator<Item = &'static str> {
    PSEUDO.iter().copied()
}

/// Things by name: as declared, else in any letter case, where the first one counts.
#[derive(Debug, Clone)]
pub(crate) struct ByName<T> {
    declared: IndexMap<String, T>,
    folded: HashMap<String, usize>,
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self {
            declared: IndexMap::new(),
            folded: HashMap::new(),
        }
    }
}

impl<T> ByName<T> {
    /// Adds a thing; of two under one name the first one stays.
    pub(crate) fn add(&mut self, name: &str, thing: T) {
        let entry = self.declared.entry(name.to_owned());
        let at = entry.index();
        entry.or_insert(thing);
        self.folded.entry(fold(name)).or_insert(at);
    }

    /// The declared name and the thing.
    pub(crate) fn get(&self, name: &str) -> Option<(&str, &T)> {
        let at = match self.declared.get_index_of(name) {
            Some(at) => at,
            None => *self.folded.get(&fold(name))?,
        };
        let (name, thing) = self.declared.get_index(at)?;
        Some((name, thing))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.declared.keys().map(String::as_str)
    }
}

/// What references may name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    parameters: ByName<()>,
    tasks: ByName<TaskNames>,
}

/// A task and its outputs.
#[derive(Debug, Clone, Default)]
pub(crate) struct TaskNames {
    pub(crate) name: String,
    outputs: ByName<()>,
    /// A product action or child template may declare outputs that only the child knows.
    pub(crate) open: bool,
}

impl TaskNames {
    pub(crate) fn new(name: &str, open: bool) -> Self {
        Self {
            name: name.to_owned(),
            outputs: ByName::default(),
            open,
        }
    }

    pub(crate) fn add_output(&mut self, name: &str) {
        self.outputs.add(name, ());
    }

    pub(crate) fn output(&self, name: &str) -> Option<&str> {
        self.outputs.get(name).map(|(declared, ())| declared)
    }

    /// Whether a reference may name this output.
    pub(crate) fn has(&self, output: &str) -> bool {
        self.open || self.output(output).is_some()
    }

    pub(crate) fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.names()
    }
}

impl Names {
    pub(crate) fn add_parameter(&mut self, name: &str) {
        self.parameters.add(name, ());
    }

    pub(crate) fn add_task(&mut self, task: TaskNames) {
        self.tasks.add(&task.name.clone(), task);
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(|(declared, ())| declared)
    }

    pub(crate) fn task(&self, name: &str) -> Option<&TaskNames> {
        self.tasks.get(name).map(|(_, task)| task)
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters.names()
    }

    pub(crate) fn tasks(&self) -> impl Iterator<Item = &str> {
        self.tasks.names()
    }
}

fn fold(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Hostile templates declare thousands of names and get thousands wrong.
const MAX_CANDIDATES: usize = 300;

/// The candidate that looks most like a name, if one looks like it at all.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let name = fold(name);
    let allowed = match name.chars().count() {
        0..=2 => 0,
        length => (length / 3).clamp(1, 3),
    };
    let distances = candidates
        .into_iter()
        .take(MAX_CANDIDATES)
        .map(|word| (distance(&name, &fold(word)), word));
    distances
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, word)| word)
}

/// Levenshtein's distance, with a swap of neighbours counted as one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut best = (above[j] + usize::from(a[i] != b[j]))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearest_names() {
        let words = ["instanceId", "regionId", "status"];
        for (name, expected) in [
            ("instanceid", Some("instanceId")),
            ("instnaceId", Some("instanceId")),
            ("regoinId", Some("regionId")),
            ("statu", Some("status")),
            ("zone", None),
            ("x", None),
        ] {
            assert_eq!(nearest(name, words), expected, "{name}");
        }
    }
}
