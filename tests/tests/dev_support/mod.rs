//! A local OOS behind its listener, and sockets that say whatever a test wants.

use http::StatusCode;
use oos_clock::{Clock, Entropy, SystemClock, SystemEntropy, hex32};
use oos_local::{ListenOptions, LocalOos, LocalOosBuilder};
use oos_sign::{AccessKey, Sign, SignableRequest, SigningParams};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A local OOS that serves.
pub struct Served {
    pub local: LocalOos,
    pub address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Served {
    /// Serves with the default options.
    pub async fn new() -> Self {
        Self::with(LocalOos::builder(), |options| options).await
    }

    pub async fn with(
        builder: LocalOosBuilder,
        set: impl FnOnce(ListenOptions) -> ListenOptions,
    ) -> Self {
        let local = builder.spawn();
        let options = ListenOptions::on(SocketAddr::from(([127, 0, 0, 1], 0)));
        let listener = local.listen(set(options)).await.expect("a free port");
        let address = listener.local_addr();
        let (end, ended) = oneshot::channel::<()>();
        let serving = tokio::spawn(listener.serve(async { drop(ended.await) }));
        let end = Some(end);
        Self {
            local,
            address,
            end,
            serving,
        }
    }

    /// Tells the listener to end.
    pub fn end(&mut self) {
        drop(self.end.take());
    }

    /// Waits until it has ended.
    pub async fn ended(mut self) {
        self.end();
        self.serving.await.expect("it does not break down");
    }

    pub async fn connect(&self) -> Socket {
        let stream = TcpStream::connect(self.address).await.expect("it listens");
        Socket(BufReader::new(stream))
    }

    /// Sends these bytes on a connection of their own, closes its side, and gives all answers.
    pub async fn exchange(&self, sent: &[u8]) -> Vec<Answer> {
        let mut socket = self.connect().await;
        socket.send(sent).await;
        socket.0.get_mut().shutdown().await.expect("it is open");
        let mut answers = Vec::new();
        while let Some(answer) = socket.answer().await {
            answers.push(answer);
        }
        answers
    }

    /// The text of a signed call with all parameters in its target, as official clients send it.
    pub fn signed(
        &self,
        signer: &dyn Sign,
        method: &str,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> String {
        let host = self.address.to_string();
        sign(
            self.local.access_key(),
            signer,
            method,
            &host,
            operation,
            parameters,
        )
    }
}

fn sign(
    key: &AccessKey,
    signer: &dyn Sign,
    method: &str,
    host: &str,
    operation: &str,
    parameters: &[(&str, &str)],
) -> String {
    let signable =
        SignableRequest::rpc(host, operation, "2019-06-01", parameters).with_method(method);
    let nonce = hex32(&SystemEntropy as &dyn Entropy);
    let params = SigningParams {
        date: SystemClock.now(),
        nonce: &nonce,
    };
    let parts = signer
        .sign(&signable, key, &params)
        .expect("it can be signed");
    let mut text = format!("{method} /?{} HTTP/1.1\r\n", parts.query());
    for (name, value) in parts.headers() {
        for part in [name, ": ", value, "\r\n"] {
            text.push_str(part);
        }
    }
    if method == "POST" {
        text.push_str("content-length: 0\r\n");
    }
    text + "\r\n"
}

/// A connection.
pub struct Socket(pub BufReader<TcpStream>);

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub head: String,
    pub body: Value,
}

impl Answer {
    /// Status, error code, and whether the connection ends.
    pub fn refusal(&self) -> (u16, &str, bool) {
        let code = self.body["Code"].as_str().unwrap_or_default();
        (
            self.status.as_u16(),
            code,
            self.head.contains("connection: close\r\n"),
        )
    }

    pub fn message(&self) -> &str {
        self.body["Message"].as_str().unwrap_or_default()
    }
}

impl Socket {
    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).await.expect("it reads");
    }

    /// The next line; empty at the end of the connection.
    pub async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0
            .read_line(&mut line)
            .await
            .expect("it answers in text");
        line
    }

    /// The next answer; none at the end of the connection.
    pub async fn answer(&mut self) -> Option<Answer> {
        let first = self.line().await;
        if first.is_empty() {
            return None;
        }
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let line = self.line().await;
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a number");
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.expect("a whole body");
        Some(Answer {
            status: status.expect("a status"),
            head,
            body: serde_json::from_slice(&body).expect("every answer is JSON"),
        })
    }
}
