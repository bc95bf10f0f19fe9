//! Lines of text as a tree.

use super::words::width;

/// A line of a tree, what is to be said of it, and what hangs from it.
#[derive(Debug, Default)]
pub(super) struct Branch {
    pub(super) title: String,
    pub(super) notes: Vec<Note>,
    pub(super) branches: Vec<Branch>,
}

/// Something to be said of a branch.
#[derive(Debug)]
pub(super) struct Note {
    /// What it is, already painted or not; all labels are equally long.
    pub(super) label: String,
    pub(super) text: String,
}

impl Branch {
    /// The lines of this branch and of all that hang from it.
    pub(super) fn draw(&self) -> String {
        let mut lines = String::new();
        self.write(&mut lines, "", "");
        lines
    }

    fn write(&self, lines: &mut String, lead: &str, below: &str) {
        line(lines, &[lead, &self.title]);
        let beside = if self.branches.is_empty() {
            "    "
        } else {
            "│   "
        };
        for note in &self.notes {
            line(lines, &[below, beside, &note.label, "  ", &note.text]);
        }
        for (number, branch) in self.branches.iter().enumerate() {
            let (fork, trunk) = if number + 1 == self.branches.len() {
                ("└── ", "    ")
            } else {
                ("├── ", "│   ")
            };
            branch.write(lines, &format!("{below}{fork}"), &format!("{below}{trunk}"));
        }
    }
}

fn line(lines: &mut String, parts: &[&str]) {
    let start = lines.len();
    lines.extend(parts.iter().copied());
    lines.truncate(start + lines[start..].trim_end().len());
    lines.push('\n');
}

/// Rows as lines whose columns stand under each other. The cells are measured by their first texts
/// and written by their second ones, which may be painted.
pub(super) fn columns(rows: &[Vec<(String, String)>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|(bare, _)| width(bare))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(widest).collect();
    let join = |row: &Vec<(String, String)>| {
        let mut line = String::new();
        for (column, (bare, painted)) in row.iter().enumerate() {
            line.push_str(painted);
            if column + 1 < row.len() {
                line.extend(std::iter::repeat_n(' ', widths[column] + 2 - width(bare)));
            }
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(join).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(title: &str) -> Branch {
        Branch {
            title: title.into(),
            ..Branch::default()
        }
    }

    #[test]
    fn a_tree_is_drawn() {
        let note = |text: &str| Note {
            label: "note".into(),
            text: text.into(),
        };
        let tree = Branch {
            title: "root".into(),
            notes: vec![note("one")],
            branches: vec![
                Branch {
                    notes: vec![note("two")],
                    ..leaf("a")
                },
                Branch {
                    notes: vec![note("three")],
                    branches: vec![leaf("c")],
                    ..leaf("b")
                },
            ],
        };
        let expected = "\
root
│   note  one
├── a
│       note  two
└── b
    │   note  three
    └── c
";
        assert_eq!(tree.draw(), expected);
    }

    #[test]
    fn columns_stand_under_each_other() {
        let cell = |text: &str| (text.to_owned(), format!("<{text}>"));
        let rows = [
            vec![cell("a"), cell("bb"), cell("")],
            vec![cell("ccc"), cell("d"), cell("e")],
        ];
        assert_eq!(columns(&rows), ["<a>    <bb>  <>", "<ccc>  <d>   <e>"]);
        assert_eq!(columns(&[]), Vec::<String>::new());
    }
}
