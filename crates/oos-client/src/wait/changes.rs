//! An execution's changes as a stream.

use super::watch::Watch;
use super::{WaitError, has_ended};
use futures_core::Stream;
use futures_util::stream::{self, BoxStream};
use oos_model::shapes::Execution;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// An execution whenever it has changed; made by [`Wait::changes`](super::Wait::changes). Ends when
/// the execution has ended, or after the first error.
#[must_use = "a stream asks for nothing until it is polled"]
pub struct Changes {
    inner: BoxStream<'static, Result<Execution, WaitError>>,
}

impl Changes {
    pub(super) fn new(watch: Watch) -> Self {
        let inner = Box::pin(stream::try_unfold(Some((watch, None)), next));
        Self { inner }
    }
}

type State = Option<(Watch, Option<Execution>)>;

async fn next(state: State) -> Result<Option<(Execution, State)>, WaitError> {
    let Some((mut watch, before)) = state else {
        return Ok(None);
    };
    loop {
        let seen = watch.look().await?;
        if before.as_ref().is_some_and(|before| is_same(before, seen)) {
            continue;
        }
        let seen = seen.clone();
        let rest = (!has_ended(&seen)).then(|| (watch, Some(seen.clone())));
        return Ok(Some((seen, rest)));
    }
}

fn is_same(before: &Execution, now: &Execution) -> bool {
    before.status == now.status
        && before.status_message == now.status_message
        && before.current_tasks == now.current_tasks
}

impl Stream for Changes {
    type Item = Result<Execution, WaitError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(context)
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").finish_non_exhaustive()
    }
}
