//! One ACS3 signature of a TriggerExecution beside the hashing that it can not do without.
//! `cargo xtask bench sign`.

use divan::{AllocProfiler, black_box};
use oos_bench::template::EVENT;
use oos_sign::{AccessKey, Acs3, Sign, SignableRequest, SigningParams};
use ring::{digest, hmac};
use time::macros::datetime;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const HOST: &str = "oos.cn-hangzhou.aliyuncs.com";
const NONCE: &str = "00112233445566778899aabbccddeeff";

fn main() {
    divan::main();
}

fn parameters() -> [(&'static str, &'static str); 5] {
    [
        ("RegionId", "cn-hangzhou"),
        ("ExecutionId", "exec-0123456789abcdef0123"),
        ("Type", "Event"),
        ("Content", EVENT),
        ("ClientToken", "0F5E9D0B-0000-4000-8000-0123456789AB"),
    ]
}

#[divan::bench]
fn acs3(bencher: divan::Bencher) {
    let key = AccessKey::new("testid", "testsecret");
    let pairs = parameters();
    let params = SigningParams {
        date: datetime!(2026-01-02 03:04:05 UTC),
        nonce: NONCE,
    };
    bencher.bench_local(|| {
        let request = SignableRequest::rpc(HOST, "TriggerExecution", "2019-06-01", &pairs);
        Acs3.sign(black_box(&request), &key, &params)
    });
}

/// SHA-256 of a canonical request of this length and one HMAC-SHA-256 with a ready key.
#[divan::bench]
fn floor(bencher: divan::Bencher) {
    let canonical = vec![b'a'; 1440];
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"testsecret");
    let to_sign = [b'b'; 81];
    bencher.bench_local(|| {
        let hash = digest::digest(&digest::SHA256, black_box(&canonical));
        (hash, hmac::sign(&key, black_box(&to_sign)))
    });
}
