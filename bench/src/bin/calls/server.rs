//! The server: a process of its own that answers whatever is asked with the same bytes.

#[cfg(feature = "peers")]
pub mod tls;

use crate::Outcome;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Where it listens.
pub struct Addresses {
    pub plain: String,
    #[cfg(feature = "peers")]
    pub tls: tls::Tls,
}

/// Ends with the measurement.
pub struct Server {
    process: Child,
    pub addresses: Addresses,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn start() -> Result<Server, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut process = command.arg("--serve").stdout(Stdio::piped()).spawn()?;
    let mut told = BufReader::new(process.stdout.take().ok_or("the server has no output")?);
    let mut plain = String::new();
    told.read_line(&mut plain)?;
    let addresses = Addresses {
        plain: plain.trim().to_owned(),
        #[cfg(feature = "peers")]
        tls: tls::Tls::read(&mut told)?,
    };
    Ok(Server { process, addresses })
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\n\
    content-length: 52\r\nx-acs-request-id: 4F6A1B2C-0000-0000-0000-000000000001\r\n\r\n\
    {\"RequestId\":\"4F6A1B2C-0000-0000-0000-000000000001\"}";

pub async fn serve() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    #[cfg(feature = "peers")]
    tokio::task::spawn(tls::serve().await?);
    loop {
        tokio::spawn(answer(accept(&listener).await?));
    }
}

async fn accept(listener: &TcpListener) -> std::io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut bytes = vec![0; 64 * 1024];
    let mut length = 0;
    loop {
        while let Some(end) = whole(&bytes[..length]) {
            bytes.copy_within(end..length, 0);
            length -= end;
            if stream.write_all(ANSWER).await.is_err() || stream.flush().await.is_err() {
                return;
            }
        }
        match stream.read(&mut bytes[length..]).await {
            Ok(more @ 1..) => length += more,
            _ => return,
        }
    }
}

/// The length of the first request, if it is there whole.
fn whole(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?;
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or(0);
    (bytes.len() >= head + body).then_some(head + body)
}
