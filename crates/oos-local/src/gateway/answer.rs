//! The HTTP form of answers, with the headers that the real service sends.

use crate::fault::Fault;
use crate::sha256;
use crate::shared::Shared;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_TYPE, DATE, ETAG, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use oos_clock::hex32;
use oos_model::ApiError;
use oos_transport::HttpResponse;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-acs-trace-id");

/// The fixed form of RFC 9110, section 5.6.7.
const HTTP_DATE: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

pub(super) fn success(shared: &Shared, request_id: &str, body: Vec<u8>) -> HttpResponse {
    response(shared, StatusCode::OK, request_id, body)
}

/// An error body always is JSON: a request that asks for another format is refused in JSON too.
pub(super) fn refusal(shared: &Shared, host: &str, request_id: &str, fault: Fault) -> HttpResponse {
    let recommend = format!(
        "https://api.aliyun.com/troubleshoot?q={}&product=oos&requestId={request_id}",
        fault.code
    );
    let error = ApiError::new(fault.status, fault.code, fault.message)
        .with_request_id(request_id)
        .with_host_id(host)
        .with_recommend(recommend);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response(shared, status, request_id, error.encode_json())
}

fn response(shared: &Shared, status: StatusCode, request_id: &str, body: Vec<u8>) -> HttpResponse {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=utf-8"),
    );
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    let mut put = |name: HeaderName, text: String| {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    };
    put(REQUEST_ID, request_id.to_owned());
    put(TRACE_ID, hex32(&*shared.entropy));
    put(
        ETAG,
        format!("\"{}\"", sha256::to_hex(&sha256::half(&body))),
    );
    put(DATE, http_date(shared.gateway_clock.now()));
    HttpResponse::new(status)
        .with_headers(headers)
        .with_body(body)
}

fn http_date(at: OffsetDateTime) -> String {
    // Only a year beyond 9999 has no such form; such a clock gets no header.
    at.to_offset(UtcOffset::UTC)
        .format(HTTP_DATE)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn dates_have_the_form_of_http() {
        let date = http_date(datetime!(2026-01-02 05:04:05 +2));
        assert_eq!(date, "Fri, 02 Jan 2026 03:04:05 GMT");
    }
}
