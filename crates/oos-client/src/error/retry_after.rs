//! How long the server asks to wait.

use http::HeaderMap;
use std::time::Duration;

/// The newest official clients read `x-acs-retry-after` only, the older core the two `x-ratelimit`
/// headers; `retry-after` is what proxies and load balancers send (RFC 9110). Zero, negative and
/// malformed values count as absent.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let time_left = |name| {
        text(name)?
            .split(',')
            .find_map(|part| positive(part.trim().strip_prefix("TimeLeft:")?))
    };
    let told = text("x-acs-retry-after").and_then(positive);
    let left = || time_left("x-ratelimit-user-api").max(time_left("x-ratelimit-user"));
    told.or_else(left).map(Duration::from_millis).or_else(|| {
        text("retry-after")
            .and_then(positive)
            .map(Duration::from_secs)
    })
}

fn positive(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    const TOLD: &str = "x-acs-retry-after";
    const API: &str = "x-ratelimit-user-api";
    const USER: &str = "x-ratelimit-user";

    #[test]
    fn headers_are_read_in_their_order() {
        let check = |given: &[(&'static str, &'static str)], expected: Option<u64>| {
            let pair = |&(name, value): &(&'static str, &'static str)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            };
            let headers: HeaderMap = given.iter().map(pair).collect();
            assert_eq!(
                retry_after(&headers),
                expected.map(Duration::from_millis),
                "{given:?}"
            );
        };
        check(&[], None);
        check(&[(TOLD, "1500")], Some(1500));
        check(
            &[(TOLD, "1500"), ("retry-after", "9"), (USER, "TimeLeft:7")],
            Some(1500),
        );
        check(&[(TOLD, "0")], None);
        check(&[(TOLD, "-1")], None);
        check(&[(TOLD, "soon"), ("retry-after", "2")], Some(2000));
        check(
            &[(USER, "Limit:1,Remain:0,TimeLeft:2000,Reset:1234")],
            Some(2000),
        );
        check(
            &[(API, "TimeLeft:10"), (USER, "Limit:1, TimeLeft:30")],
            Some(30),
        );
        check(&[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")], None);
        check(&[(TOLD, "99999999999999999999999")], None);
    }
}
