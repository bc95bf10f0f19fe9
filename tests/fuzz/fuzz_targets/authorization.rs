//! The Authorization header of a request, and a V1 query, before anything is proven; then verified.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oos_sign::{AccessKey, Claims, ReceivedRequest, verify};

fuzz_target!(|data: &[u8]| {
    let (header, query) = match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &b""[..]),
    };
    let query = String::from_utf8_lossy(query);
    let headers: [(&str, &[u8]); 5] = [
        ("host", b"oos.cn-hangzhou.aliyuncs.com"),
        ("x-acs-date", b"2026-01-31T08:00:00Z"),
        ("x-acs-signature-nonce", b"n-1"),
        ("x-acs-action", b"ListExecutions"),
        ("authorization", header),
    ];
    for headers in [&headers[..], &headers[..4]] {
        let request = ReceivedRequest {
            method: "POST",
            path: "/",
            raw_query: &query,
            headers,
            body: b"",
        };
        if let Ok(claims) = Claims::read(&request) {
            let key = AccessKey::new("id", "secret");
            let verified = verify(&request, &claims, &key);
            assert!(verified.is_err(), "nobody signed this");
        }
    }
});
