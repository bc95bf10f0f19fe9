//! A socket in front of a [`LocalOos`]: just enough of HTTP/1.1 for clients that keep to it.
//!
//! Requests have a target in origin form and a body of a stated length; connections are kept.
//! Everything else is answered with an error and the connection is closed.

use http::header::{CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use oos_local::LocalOos;
use oos_transport::{Endpoint, HttpRequest, HttpResponse, Scheme};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The request line and the headers together are at most so long; the query may hold 60 KB.
const MOST_HEAD_BYTES: usize = 128 * 1024;

/// A body is at most so long.
const MOST_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Listens on a free port of the loopback interface, for as long as the runtime runs.
///
/// # Panics
/// If no port can be had.
pub async fn listen(local: LocalOos) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener
        .local_addr()
        .expect("a bound listener has an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, local.clone(), address));
        }
    });
    address
}

/// Serves one connection until its client goes, or says something that can not be understood.
async fn serve(mut stream: TcpStream, local: LocalOos, address: SocketAddr) {
    let mut buffer = Vec::new();
    loop {
        let (response, keep) = match read(&mut stream, &mut buffer, address).await {
            Ok(Some(request)) => (local.handle(request).await, true),
            Ok(None) => return,
            Err(status) => (HttpResponse::new(status), false),
        };
        if write(&mut stream, response, keep).await.is_err() || !keep {
            return;
        }
    }
}

/// The next request; none if the client has gone.
async fn read(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    address: SocketAddr,
) -> Result<Option<HttpRequest>, StatusCode> {
    let end = loop {
        if let Some(end) = find(buffer, b"\r\n\r\n") {
            break end;
        }
        if buffer.len() > MOST_HEAD_BYTES {
            return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        }
        if !more(stream, buffer).await {
            return Ok(None);
        }
    };
    let mut request = head(&buffer[..end], address)?;
    let length = body_length(&request.headers)?;
    buffer.drain(..end + 4);
    while buffer.len() < length {
        if !more(stream, buffer).await {
            return Ok(None);
        }
    }
    request.body = buffer.drain(..length).collect::<Vec<u8>>().into();
    Ok(Some(request))
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> bool {
    matches!(stream.read_buf(buffer).await, Ok(count) if count > 0)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn head(bytes: &[u8], address: SocketAddr) -> Result<HttpRequest, StatusCode> {
    let bad = || StatusCode::BAD_REQUEST;
    let text = std::str::from_utf8(bytes).map_err(|_| bad())?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let parts = (first.next(), first.next(), first.next(), first.next());
    let (Some(method), Some(target), Some("HTTP/1.1"), None) = parts else {
        return Err(bad());
    };
    if !target.starts_with('/') {
        return Err(bad());
    }
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| bad())?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(bad)?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        headers.append(
            name,
            HeaderValue::from_str(value.trim()).map_err(|_| bad())?,
        );
    }
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .map(str::to_owned);
    let endpoint = Endpoint::new(Scheme::Http, host.unwrap_or_else(|| address.to_string()));
    let mut request = HttpRequest::new(method, endpoint.map_err(|_| bad())?, target);
    request.headers = headers;
    Ok(request)
}

fn body_length(headers: &HeaderMap) -> Result<usize, StatusCode> {
    if headers.contains_key(TRANSFER_ENCODING) || headers.contains_key(EXPECT) {
        return Err(StatusCode::NOT_IMPLEMENTED);
    }
    let Some(length) = headers.get(CONTENT_LENGTH) else {
        return Ok(0);
    };
    let length = length.to_str().ok().and_then(|length| length.parse().ok());
    match length {
        Some(length) if length <= MOST_BODY_BYTES => Ok(length),
        Some(_) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        None => Err(StatusCode::BAD_REQUEST),
    }
}

async fn write(stream: &mut TcpStream, response: HttpResponse, keep: bool) -> std::io::Result<()> {
    let mut bytes = format!("HTTP/1.1 {}\r\n", response.status).into_bytes();
    for (name, value) in response
        .headers
        .iter()
        .filter(|(name, _)| *name != CONTENT_LENGTH)
    {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    if !keep {
        bytes.extend_from_slice(b"connection: close\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", response.body.len()).as_bytes());
    bytes.extend_from_slice(response.body.as_bytes());
    stream.write_all(&bytes).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(sent: &[u8]) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let address = listen(LocalOos::builder().spawn()).await;
            let mut stream = TcpStream::connect(address).await.expect("it listens");
            stream.write_all(sent).await.expect("it reads");
            stream.shutdown().await.expect("it reads");
            let mut answer = String::new();
            stream
                .read_to_string(&mut answer)
                .await
                .expect("it answers");
            answer
        })
    }

    #[test]
    fn requests_are_answered_one_after_another() {
        let one = "GET /?Action=ListExecutions HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let other = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\na=b";
        let answer = exchange(format!("{one}{other}").as_bytes());
        assert_eq!(answer.matches("HTTP/1.1 4").count(), 2, "{answer}");
        assert!(answer.contains("\"RequestId\""), "{answer}");
    }

    #[test]
    fn what_can_not_be_understood_is_refused() {
        let check = |sent: &str, status: &str| {
            let answer = exchange(sent.as_bytes());
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{sent}: {answer}"
            );
            assert!(answer.contains("connection: close"), "{answer}");
        };
        check("GET http://h/ HTTP/1.1\r\n\r\n", "400");
        check("GET / HTTP/1.0\r\n\r\n", "400");
        check("GET /\r\n\r\n", "400");
        check("GET / HTTP/1.1\r\nno colon\r\n\r\n", "400");
        check("POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n", "400");
        check("POST / HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n", "413");
        check(
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
            "501",
        );
        // Not a byte more than it reads: what is left unread would reset the connection.
        check(
            &format!("GET /{}", "a".repeat(MOST_HEAD_BYTES + 1 - "GET /".len())),
            "431",
        );
    }
}
