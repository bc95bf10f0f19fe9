//! Calls per second on loopback, and what each costs the client in CPU and allocations, beside
//! the floor. `cargo xtask bench calls`.
//!
//! The server is a process of its own and answers every request with the same few bytes, so that
//! CPU (getrusage) and allocations are the client's. Each round measures everyone once; the figures
//! are medians of the rounds, so that whatever else the machine does meets all of them.
//!
//! The floor is hyper-util's client with the same request ready-made.

use bytes::Bytes;
use cpu_time::ProcessTime;
use futures_util::future::join_all;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oos::enums::TriggerType;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

type Outcome = Result<(), Box<dyn Error>>;

const ROUNDS: usize = 7;
const CALLS: usize = 12_000;
const IN_FLIGHT: [usize; 3] = [1, 16, 128];

fn main() -> Outcome {
    if std::env::args().nth(1).as_deref() == Some("--serve") {
        return tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve());
    }
    let (_server, address) = start_server()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(&address))
}

async fn measure(address: &str) -> Outcome {
    let content = r#"{"product":"ecs","name":"Instance:StateChange","level":"INFO"}"#.repeat(10);
    let contenders = [
        Contender::Hyper(Box::new(bare(address, &content).await?)),
        Contender::Ours(ours(address)?),
    ];
    for width in IN_FLIGHT {
        println!("{width} in flight");
        let mut samples: Vec<Vec<Sample>> = contenders.iter().map(|_| Vec::new()).collect();
        for _ in 0..ROUNDS {
            for (contender, samples) in contenders.iter().zip(&mut samples) {
                samples.push(round(contender, &content, width).await?);
            }
        }
        for (contender, samples) in contenders.iter().zip(samples) {
            report(contender.name(), samples);
        }
    }
    Ok(())
}

enum Contender {
    Hyper(Box<(HyperClient<HttpConnector, Full<Bytes>>, http::Request<Full<Bytes>>)>),
    Ours(oos::Client),
}

impl Contender {
    fn name(&self) -> &'static str {
        match self {
            Self::Hyper(_) => "bare hyper-util",
            Self::Ours(_) => "oos",
        }
    }

    async fn call(&self, content: &str) -> Outcome {
        match self {
            Self::Hyper(both) => {
                let (client, request) = &**both;
                let answer = client.request(request.clone()).await?;
                answer.into_body().collect().await?;
            }
            Self::Ours(client) => {
                client.trigger_execution("exec-1a2b3c", TriggerType::Event, content).send().await?;
            }
        }
        Ok(())
    }
}

/// What one round showed, per call.
#[derive(Clone, Copy)]
struct Sample {
    wall: f64,
    cpu: f64,
    allocations: f64,
}

async fn round(contender: &Contender, content: &str, width: usize) -> Result<Sample, Box<dyn Error>> {
    let worker = |calls: usize| async move {
        for _ in 0..calls {
            contender.call(content).await.map_err(|error| error.to_string())?;
        }
        Ok::<(), String>(())
    };
    let all = |calls: usize| join_all((0..width).map(move |_| worker(calls / width)));
    for warm in all(width * 20).await {
        warm?;
    }
    let (allocated, cpu, wall) = (Region::new(COUNTED), ProcessTime::now(), Instant::now());
    for done in all(CALLS).await {
        done?;
    }
    let made = (CALLS / width * width) as f64;
    let change = allocated.change();
    Ok(Sample {
        wall: wall.elapsed().as_secs_f64() / made,
        cpu: cpu.elapsed().as_secs_f64() / made,
        allocations: (change.allocations + change.reallocations) as f64 / made,
    })
}

fn report(name: &str, samples: Vec<Sample>) {
    let median = |of: fn(&Sample) -> f64| {
        let mut values: Vec<f64> = samples.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let least = samples.iter().map(|sample| sample.cpu).fold(f64::INFINITY, f64::min);
    println!(
        "  {name:27} {:8.0} calls/s  {:6.1} µs CPU a call (least {:5.1})  {:6.1} allocations",
        1.0 / median(|sample| sample.wall),
        median(|sample| sample.cpu) * 1e6,
        least * 1e6,
        median(|sample| sample.allocations),
    );
}

fn ours(address: &str) -> Result<oos::Client, Box<dyn Error>> {
    Ok(oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_endpoint(format!("http://{address}").parse()?)
        .with_access_key("testid", "testsecret")
        .build()?)
}

/// The request that our client would send, byte for byte, as often as wanted.
async fn bare(
    address: &str,
    content: &str,
) -> Result<(HyperClient<HttpConnector, Full<Bytes>>, http::Request<Full<Bytes>>), Box<dyn Error>> {
    let call = ours(address)?.trigger_execution("exec-1a2b3c", TriggerType::Event, content);
    let ready = call.prepare().await?;
    let mut request = http::Request::post(format!("http://{address}{}", ready.target))
        .body(Full::new(Bytes::new()))?;
    *request.headers_mut() = ready.headers;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Ok((HyperClient::builder(TokioExecutor::new()).build(connector), request))
}

/// Ends with the measurement.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start_server() -> Result<(Server, String), Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.arg("--serve").stdout(Stdio::piped()).spawn()?;
    let mut address = String::new();
    let out = child.stdout.take().ok_or("the server has no output")?;
    BufReader::new(out).read_line(&mut address)?;
    Ok((Server(child), address.trim().to_owned()))
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\n\
    content-length: 52\r\nx-acs-request-id: 4F6A1B2C-0000-0000-0000-000000000001\r\n\r\n\
    {\"RequestId\":\"4F6A1B2C-0000-0000-0000-000000000001\"}";

async fn serve() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) {
    let mut bytes = vec![0; 64 * 1024];
    let mut length = 0;
    loop {
        while let Some(end) = whole(&bytes[..length]) {
            bytes.copy_within(end..length, 0);
            length -= end;
            if stream.write_all(ANSWER).await.is_err() {
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
