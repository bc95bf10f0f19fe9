//! Where tests of this crate reach in.

/// Comes between the writer and its commits; outside of this crate's tests it is nothing.
#[derive(Clone, Default)]
pub(super) struct Seam {
    #[cfg(test)]
    around_commit: Option<std::sync::Arc<AroundCommit>>,
}

/// Makes or fails a commit.
#[cfg(test)]
pub(super) type AroundCommit =
    dyn Fn(&dyn Fn() -> rusqlite::Result<()>) -> rusqlite::Result<()> + Send + Sync;

impl Seam {
    #[cfg(test)]
    pub(super) fn around_commit(
        around: impl Fn(&dyn Fn() -> rusqlite::Result<()>) -> rusqlite::Result<()>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let around_commit = Some(std::sync::Arc::new(around) as _);
        Self { around_commit }
    }

    pub(super) fn commit(&self, commit: impl Fn() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
        #[cfg(test)]
        if let Some(around) = &self.around_commit {
            return around(&commit);
        }
        #[cfg(not(test))]
        let _ = self;
        commit()
    }
}

impl std::fmt::Debug for Seam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seam")
    }
}
