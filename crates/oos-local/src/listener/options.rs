//! The settings of a listener.

use std::net::SocketAddr;
use std::time::Duration;

/// Where to listen, and what a client may use up. All times pass on the gateway clock.
#[derive(Debug, Clone)]
#[must_use]
pub struct ListenOptions {
    pub(super) address: SocketAddr,
    pub(super) other_machines: bool,
    pub(super) most_connections: usize,
    pub(super) idle_limit: Duration,
    pub(super) head_limit: Duration,
    pub(super) body_limit: Duration,
    pub(super) write_limit: Duration,
    pub(super) drain_limit: Duration,
}

impl ListenOptions {
    /// Listens on this address of the loopback interface; port 0 takes a free port.
    pub fn on(address: SocketAddr) -> Self {
        Self {
            address,
            other_machines: false,
            most_connections: 256,
            idle_limit: Duration::from_secs(25),
            head_limit: Duration::from_secs(10),
            body_limit: Duration::from_secs(30),
            write_limit: Duration::from_secs(30),
            drain_limit: Duration::from_secs(10),
        }
    }

    /// Allows an address that other machines can reach. Calls are signed but not encrypted, so that
    /// everybody between can read them.
    pub fn allow_other_machines(mut self) -> Self {
        self.other_machines = true;
        self
    }

    /// So many connections at a time, 256 if not set and at least one; more wait until one ends.
    pub fn most_connections(mut self, count: usize) -> Self {
        self.most_connections = count.max(1);
        self
    }

    /// How long a connection may be silent between two requests; 25 seconds if not set, which is
    /// what the real service announces in its header `keep-alive`.
    pub fn idle_limit(mut self, limit: Duration) -> Self {
        self.idle_limit = limit;
        self
    }

    /// How long the request line and the headers may take from their first byte; 10 seconds if not
    /// set.
    pub fn head_limit(mut self, limit: Duration) -> Self {
        self.head_limit = limit;
        self
    }

    /// How long the body may take from the end of the headers; 30 seconds if not set.
    pub fn body_limit(mut self, limit: Duration) -> Self {
        self.body_limit = limit;
        self
    }

    /// How long a client may take no byte of its answer; 30 seconds if not set.
    pub fn write_limit(mut self, limit: Duration) -> Self {
        self.write_limit = limit;
        self
    }

    /// How long the calls that are under way at the end may take; 10 seconds if not set.
    pub fn drain_limit(mut self, limit: Duration) -> Self {
        self.drain_limit = limit;
        self
    }
}
