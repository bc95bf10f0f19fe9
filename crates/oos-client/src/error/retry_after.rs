//! How long the server asks to wait.

use super::http_date::http_date;
use http::HeaderMap;
use std::time::Duration;

/// The newest official clients read `x-acs-retry-after` only, the older core the two `x-ratelimit`
/// headers; `retry-after` is what proxies and load balancers send (RFC 9110): seconds, or a date,
/// which is compared with the `date` of the same answer. Zero, negative and malformed values count
/// as absent, and so does a rate that has something left.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let told = text(headers, "x-acs-retry-after").and_then(positive);
    let left = || {
        let api = time_left(headers, "x-ratelimit-user-api");
        api.max(time_left(headers, "x-ratelimit-user"))
    };
    told.or_else(left).map(Duration::from_millis).or_else(|| {
        let text = text(headers, "retry-after")?;
        match positive(text) {
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => until(headers, text),
        }
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `Limit:1,Remain:0,TimeLeft:2000,Reset:1234`, times in ms.
fn time_left(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = text(headers, name)?;
    let field = |field: &str| {
        text.split(',')
            .find_map(|part| part.trim().strip_prefix(field)?.strip_prefix(':'))
    };
    match field("Remain").map(str::trim) {
        None | Some("0") => positive(field("TimeLeft")?),
        Some(_) => None,
    }
}

fn until(headers: &HeaderMap, text: &str) -> Option<Duration> {
    let wait = http_date(text)? - http_date(self::text(headers, "date")?)?;
    Duration::try_from(wait).ok().filter(|wait| !wait.is_zero())
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
        check(
            &[
                ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"),
                ("date", "Wed, 21 Oct 2026 07:27:30 GMT"),
            ],
            Some(30_000),
        );
        check(
            &[
                ("retry-after", "Wed, 21 Oct 2026 07:27:00 GMT"),
                ("date", "Wed, 21 Oct 2026 07:27:30 GMT"),
            ],
            None,
        );
        check(&[(USER, "Limit:9,Remain:3,TimeLeft:2000")], None);
        check(&[(TOLD, "99999999999999999999999")], None);
    }
}
