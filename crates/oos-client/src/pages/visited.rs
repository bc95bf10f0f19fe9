//! The tokens that have been named.

use std::collections::HashMap;

/// Which page named which token.
#[derive(Default)]
pub(super) struct Visited {
    pages: usize,
    named_by: HashMap<String, usize>,
}

impl Visited {
    /// Takes note of the token that the page just read names as its next one; the sentence that
    /// says why the list would never end, if a page before has named it.
    pub(super) fn add(&mut self, token: &str) -> Result<(), String> {
        self.pages += 1;
        match self.named_by.get(token) {
            None => {
                self.named_by.insert(token.to_owned(), self.pages);
                Ok(())
            }
            Some(before) => Err(format!(
                "page {} names {} as the token of its next page, which page {before} has named \
                 before: the list would never end",
                self.pages,
                shown(token)
            )),
        }
    }
}

/// Tokens are opaque; a long one is not repeated whole.
fn shown(token: &str) -> String {
    const MOST: usize = 64;
    match token.char_indices().nth(MOST) {
        None => format!("{token:?}"),
        Some((end, _)) => format!("{:?} and so on", &token[..end]),
    }
}

impl std::fmt::Debug for Visited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Visited({} pages)", self.pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_may_be_named_once() {
        let mut visited = Visited::default();
        assert_eq!(visited.add("a"), Ok(()));
        assert_eq!(visited.add("b"), Ok(()));
        let error = visited.add("a").expect_err("it was named before");
        assert!(
            error.contains(r#"page 3 names "a""#) && error.contains("page 1"),
            "{error}"
        );
        let long = "ü".repeat(1000);
        assert_eq!(visited.add(&long), Ok(()));
        assert!(visited.add(&long).expect_err("again").len() < 300);
    }
}
