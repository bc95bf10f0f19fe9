//! Connections that wait for their next request.

use crate::connect::Sender;
use oos_transport::Endpoint;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The idle connections of a transport by server, each with the time since when it is idle.
///
/// Only a connection whose last answer was read to its end comes here; any other is dropped, which
/// closes it. The one used last is taken first, so that the others get old and go.
#[derive(Default)]
pub(crate) struct Pool {
    idle: Mutex<HashMap<Endpoint, Vec<Idle>>>,
}

struct Idle {
    sender: Sender,
    since: Duration,
}

impl Pool {
    /// A connection to this server that has not been idle for too long.
    pub(crate) fn take(
        &self,
        server: &Endpoint,
        now: Duration,
        longest: Duration,
    ) -> Option<Sender> {
        let mut idle = self.lock();
        let connections = idle.get_mut(server)?;
        while let Some(Idle { sender, since }) = connections.pop() {
            if now.saturating_sub(since) >= longest {
                connections.clear();
            } else if !sender.is_closed() {
                return Some(sender);
            }
        }
        None
    }

    /// Keeps a connection, unless there are `most` of this server already. Drops those that have
    /// been idle for too long, of whatever server.
    pub(crate) fn put(
        &self,
        server: Endpoint,
        sender: Sender,
        now: Duration,
        (longest, most): (Duration, usize),
    ) {
        let mut idle = self.lock();
        for connections in idle.values_mut() {
            let oldest = connections.first().map(|oldest| oldest.since);
            if oldest.is_some_and(|since| now.saturating_sub(since) >= longest) {
                connections.retain(|kept| now.saturating_sub(kept.since) < longest);
            }
        }
        let connections = idle.entry(server).or_default();
        if connections.len() < most && !sender.is_closed() {
            let since = now;
            connections.push(Idle { sender, since });
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().values().map(Vec::len).sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Endpoint, Vec<Idle>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
