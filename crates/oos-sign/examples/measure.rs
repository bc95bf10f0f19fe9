//! Measures one ACS3 signature of a `TriggerExecution` against the bare hashing it cannot do without.
//!
//! `cargo run --release -p oos-sign --example measure` prints nanoseconds of both, alternated in one run.
//! With a number as argument it signs that often and does nothing else, for counting instructions:
//! run it under `valgrind --tool=callgrind` with 1000 and 2000 and divide the difference by 1000;
//! `--floor` before the number counts the bare hashing instead.
#![expect(clippy::print_stdout, reason = "a program that reports a measurement")]
#![expect(
    clippy::disallowed_methods,
    reason = "it measures real time, and the crate may not use oos-clock"
)]

use std::hint::black_box;
use std::time::Instant;

use oos_sign::{AccessKey, Acs3, Sign, SignableRequest, SigningParams};
use ring::{digest, hmac};
use time::macros::datetime;

/// Short rounds, so that what else the machine does falls on both alike.
const ROUNDS: usize = 801;
const BATCH: u32 = 500;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let work = Work::new();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(&work),
        ["--floor", count] => repeat(count, || work.floor()),
        [count] => repeat(count, || work.sign()),
        _ => println!("usage: measure [[--floor] COUNT]"),
    }
}

struct Work {
    key: AccessKey,
    hmac_key: hmac::Key,
    content: String,
    canonical: String,
    string_to_sign: String,
}

impl Work {
    fn new() -> Self {
        let mut work = Self {
            key: AccessKey::new("LTAI5tExampleExampleExam", "ExampleSecretExampleSecretExam"),
            hmac_key: hmac::Key::new(hmac::HMAC_SHA256, b"ExampleSecretExampleSecretExam"),
            content: content(),
            canonical: String::new(),
            string_to_sign: String::new(),
        };
        let signed = work.signed();
        let canonical = signed.canonical_request().expect("ACS3 has one");
        canonical.clone_into(&mut work.canonical);
        signed.string_to_sign().clone_into(&mut work.string_to_sign);
        println!(
            "content {} B, query {} B, canonical request {} B",
            work.content.len(),
            signed.query().len(),
            work.canonical.len()
        );
        work
    }

    fn signed(&self) -> oos_sign::SignedParts {
        let query = [
            ("RegionId", "cn-hangzhou"),
            ("ExecutionId", "exec-1234567890abcdef1234"),
            ("Type", "Event"),
            ("Content", self.content.as_str()),
            ("ClientToken", "6D5E1B0C-2F67-4B33-8E7E-0A1B2C3D4E5F"),
        ];
        let host = "oos.cn-hangzhou.aliyuncs.com";
        let request = SignableRequest::rpc(host, "TriggerExecution", "2019-06-01", &query);
        let params = SigningParams {
            date: datetime!(2026-01-02 03:04:05 UTC),
            nonce: "00112233445566778899aabbccddeeff",
        };
        Acs3.sign(black_box(&request), &self.key, &params)
            .expect("a plain request")
    }

    fn sign(&self) {
        black_box(self.signed());
    }

    /// The hash of the empty body, of the canonical request, and one HMAC with a ready key.
    fn floor(&self) {
        black_box(digest::digest(&digest::SHA256, black_box(b"")));
        black_box(digest::digest(
            &digest::SHA256,
            black_box(self.canonical.as_bytes()),
        ));
        black_box(hmac::sign(
            &self.hmac_key,
            black_box(self.string_to_sign.as_bytes()),
        ));
    }
}

fn content() -> String {
    let detail = r#"{"id":"9435a6c7-9b2d-4a0e-8a9e-2f6a1c0b7d11","name":"Instance:StateChange","source":"acs.ecs","time":"2026-01-02T03:04:05Z","regionId":"cn-hangzhou","resourceId":"acs:ecs:cn-hangzhou:1234567890:instance/i-bp1example0001","content":{"resourceId":"i-bp1example0001","resourceType":"ALIYUN::ECS::Instance","state":"Stopped","previous":"Stopping"},"note":""#;
    let mut text = detail.to_owned();
    while text.len() < 598 {
        text.push_str("stopped by schedule, ");
    }
    text.truncate(598);
    text.push_str("\"}");
    text
}

fn compare(work: &Work) {
    let (mut signing, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floor.push(nanoseconds(|| work.floor()));
        signing.push(nanoseconds(|| work.sign()));
    }
    let (signing, floor) = (median(signing), median(floor));
    println!(
        "floor {floor:.0} ns, signature {signing:.0} ns, ratio {:.2}",
        signing / floor
    );
}

fn nanoseconds(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..BATCH).for_each(|_| work());
    start.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn repeat(count: &str, mut work: impl FnMut()) {
    (0..count.parse::<usize>().unwrap_or(0)).for_each(|_| work());
}
