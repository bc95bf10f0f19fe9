//! A small scripted server: it reads requests and does what it is told.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is done with one request, once it was read whole.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) bytes: Vec<u8>,
    pub(crate) then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Then {
    /// Reads the next request of the connection.
    Continue,
    /// Ends the connection in order (FIN).
    Close,
    /// Ends it without order (RST).
    Reset,
    /// Keeps it open and says nothing more.
    Stall,
}

impl Reply {
    pub(crate) fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }
}

/// Bytes as they are.
pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Reply {
    Reply {
        bytes: bytes.into(),
        then: Then::Continue,
    }
}

/// An answer with a `content-length` that is true.
pub(crate) fn reply(status: &str, headers: &str, body: &[u8]) -> Reply {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    raw(bytes)
}

/// An answer that any of the tests' operations takes.
pub(crate) fn good() -> Reply {
    reply(
        "200 OK",
        "content-type: application/json\r\n",
        br#"{"RequestId":"R-1"}"#,
    )
}

/// A server at work. It answers with the replies in their order, over all its connections; the last
/// one is repeated.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<String>>,
    connections: AtomicUsize,
}

impl Server {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let (server, listener) = Self::prepare(replies).await;
        let shared = Arc::clone(&server.shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let mut stream = stream;
                    if shared.serve(&mut stream).await == Then::Reset {
                        reset(stream);
                    }
                });
            }
        });
        server
    }

    /// A server and its listener, whose connections are taken by someone else.
    pub(crate) async fn prepare(replies: impl IntoIterator<Item = Reply>) -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            replies: Mutex::new(replies.into_iter().collect()),
            ..Shared::default()
        });
        (Self { address, shared }, listener)
    }

    /// Serves a connection that someone else took.
    pub(crate) async fn take(&self, stream: &mut dyn Stream) {
        self.shared.connections.fetch_add(1, Ordering::Relaxed);
        self.shared.serve(stream).await;
    }

    /// Counts a request that someone else read.
    pub(crate) fn note(&self, request: &str) {
        let mut requests = self.shared.requests.lock().unwrap();
        requests.push(request.to_owned());
    }

    /// The requests that were read whole.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Shared {
    async fn serve(&self, stream: &mut dyn Stream) -> Then {
        while let Some(request) = read_request(stream).await {
            self.requests.lock().unwrap().push(request);
            let Reply { bytes, then } = self.next();
            let sent = stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok();
            match then {
                Then::Continue if sent => {}
                Then::Stall => std::future::pending().await,
                then => {
                    if then != Then::Reset {
                        let _ = stream.shutdown().await;
                    }
                    return then;
                }
            }
        }
        Then::Close
    }

    fn next(&self) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        match replies.len() {
            0 => panic!("there is nothing to answer with"),
            1 => replies[0].clone(),
            _ => replies.pop_front().unwrap(),
        }
    }
}

/// With no time to linger, the system sends RST instead of what is left.
fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
    drop(stream);
}

/// Head and body of the next request; `None` at the end of the connection.
pub(crate) async fn read_request(stream: &mut dyn Stream) -> Option<String> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(text.clone()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    text.extend(body);
    Some(String::from_utf8(text).unwrap())
}
