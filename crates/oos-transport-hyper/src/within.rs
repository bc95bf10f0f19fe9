//! A time limit for a future.

use oos_clock::{BoxFuture, Clock};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use thiserror::Error;

/// The limit passed first.
#[derive(Debug, Error)]
#[error("the limit of {} ms passed", .0.as_millis())]
pub(crate) struct TimedOut(pub(crate) Duration);

/// The output of `future`, unless `limit` passes first. The sleep is made only when the future has
/// to be waited for: the later parts of an answer mostly arrive with its head.
pub(crate) async fn within<F: Future>(
    clock: &dyn Clock,
    limit: Duration,
    future: F,
) -> Result<F::Output, TimedOut> {
    let mut future = pin!(future);
    let mut sleep: Option<BoxFuture<'static, ()>> = None;
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        let sleep = sleep.get_or_insert_with(|| clock.sleep(limit));
        sleep.as_mut().poll(context).map(|()| Err(TimedOut(limit)))
    })
    .await
}
