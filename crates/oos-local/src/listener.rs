//! A socket in front of a local OOS, for clients of every kind.

mod connection;
mod front;
mod host;
mod options;

pub use front::{MOST_HEADER_BYTES, MOST_HEADERS, MOST_TARGET_BYTES};
pub use options::ListenOptions;

use crate::LocalOos;
use connection::Door;
use hyper_util::server::graceful::GracefulShutdown;
use oos_transport::{Endpoint, Scheme};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How long nothing is accepted after the system could not (most often it has no file handles left).
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// A bound socket. Connections are queued by the system until [`serve`](Self::serve) accepts them.
pub struct Listener {
    local: LocalOos,
    socket: TcpListener,
    address: SocketAddr,
    options: ListenOptions,
}

/// Why nobody listens.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ListenError {
    /// The address can be reached from other machines, and nobody has allowed that.
    #[error(
        "{address} can be reached from other machines: listen on 127.0.0.1 or [::1], or allow it \
         with ListenOptions::allow_other_machines"
    )]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The system refuses the address.
    #[error("can not listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

impl LocalOos {
    /// Binds a socket; port 0 is replaced by a free one.
    ///
    /// # Errors
    /// [`ListenError`].
    ///
    /// ```
    /// use oos_local::{ListenOptions, LocalOos};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let local = LocalOos::builder().spawn();
    /// let listener = local.listen(ListenOptions::on("127.0.0.1:0".parse()?)).await?;
    /// println!("clients find it at {}", listener.endpoint());
    /// let (end, ended) = tokio::sync::oneshot::channel::<()>();
    /// let serving = tokio::spawn(listener.serve(async { drop(ended.await) }));
    /// // … and when it is enough:
    /// drop(end);
    /// serving.await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn listen(&self, options: ListenOptions) -> Result<Listener, ListenError> {
        let address = options.address;
        if !options.other_machines && !address.ip().to_canonical().is_loopback() {
            return Err(ListenError::NotLoopback { address });
        }
        let refused = |source| ListenError::Bind { address, source };
        let socket = TcpListener::bind(address).await.map_err(refused)?;
        let address = socket.local_addr().map_err(refused)?;
        Ok(Listener {
            local: self.clone(),
            socket,
            address,
            options,
        })
    }
}

impl Listener {
    /// The address, with the port that was picked.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Where clients on this machine find it.
    ///
    /// # Panics
    /// Never: an address is an authority.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
                SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            });
        }
        Endpoint::new(Scheme::Http, address.to_string()).expect("an address is an authority")
    }

    /// Answers calls until `shutdown` ends; then accepts no more, answers those that are under way,
    /// and returns when they are answered or the time of
    /// [`ListenOptions::drain_limit`] is over. Nothing of it is left running then.
    ///
    /// Dropping the future ends all connections at once.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let endpoint = self.endpoint();
        let door = Door::new(&self.local, self.address, endpoint, &self.options);
        let door = Arc::new(door);
        let clock = Arc::clone(door.clock());
        let graceful = GracefulShutdown::new();
        let mut connections = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let free = connections.len() < self.options.most_connections;
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = connections.join_next() => {}
                accepted = self.socket.accept(), if free => match accepted {
                    Ok((stream, _)) => {
                        set_up(&stream);
                        connections.spawn(graceful.watch(door.connection(stream)));
                    }
                    Err(_) => clock.sleep(PAUSE_AFTER_REFUSAL).await,
                },
            }
        }
        drop(self.socket);
        tokio::select! {
            () = graceful.shutdown() => {}
            () = clock.sleep(self.options.drain_limit) => {}
        }
        connections.shutdown().await;
    }
}

/// Answers are written whole: to wait for more to send with them only costs time. A stream that
/// refuses works all the same.
fn set_up(stream: &TcpStream) {
    drop(stream.set_nodelay(true));
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Listener")
            .field("address", &self.address)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
