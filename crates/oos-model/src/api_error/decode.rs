//! Reads the error body in every form that gateways are known to send.

use serde_json::{Map, Value};

use super::{AccessDeniedDetail, ApiError};
use crate::tolerant::text_of;

/// How much of an unknown body is kept as the message, in bytes.
const SNIPPET: usize = 1024;
/// How much of an XML body is searched, in bytes.
const XML_LIMIT: usize = 256 * 1024;

impl ApiError {
    /// Reads the body of an answer with an error status. It cannot fail: JSON with capital or
    /// small first letters and XML are understood, of anything else status and beginning are kept.
    #[must_use]
    pub fn decode(status: u16, body: &[u8]) -> Self {
        let start = body.iter().find(|byte| !byte.is_ascii_whitespace());
        let found = match start {
            Some(b'{') => serde_json::from_slice(body)
                .ok()
                .and_then(|map| from_json(status, map)),
            Some(b'<') => from_xml(status, body),
            _ => None,
        };
        found.unwrap_or_else(|| Self::new(status, "", snippet(body)))
    }
}

fn from_json(status: u16, map: Map<String, Value>) -> Option<ApiError> {
    let mut fields = Fields(map);
    let code = fields.text("Code");
    let message = fields.text("Message");
    if code.is_none() && message.is_none() {
        return None;
    }
    let mut error = ApiError::new(
        status,
        code.unwrap_or_default(),
        message.unwrap_or_default(),
    );
    error.request_id = fields.text("RequestId");
    error.host_id = fields.text("HostId");
    error.recommend = fields.text("Recommend");
    error.access_denied_detail = fields
        .take("AccessDeniedDetail")
        .and_then(AccessDeniedDetail::read)
        .map(Box::new);
    Some(error)
}

/// The members of the body under either spelling, `RequestId` or `requestId`.
struct Fields(Map<String, Value>);

impl Fields {
    fn take(&mut self, name: &str) -> Option<Value> {
        let found = self.0.remove(name).or_else(|| {
            let small = name[..1].to_ascii_lowercase() + &name[1..];
            self.0.remove(&small)
        });
        found.filter(|value| !value.is_null())
    }

    fn text(&mut self, name: &str) -> Option<String> {
        Some(text_of(self.take(name)?))
    }
}

fn from_xml(status: u16, body: &[u8]) -> Option<ApiError> {
    let text = String::from_utf8_lossy(&body[..body.len().min(XML_LIMIT)]);
    let code = element(&text, "Code")?;
    let message = element(&text, "Message").unwrap_or_default();
    let mut error = ApiError::new(status, code, message);
    error.request_id = element(&text, "RequestId");
    error.host_id = element(&text, "HostId");
    error.recommend = element(&text, "Recommend");
    error.access_denied_detail = raw_element(&text, "AccessDeniedDetail")
        .map(access_denied_detail)
        .map(Box::new);
    Some(error)
}

/// The elements inside, each of which is a member.
fn access_denied_detail(mut xml: &str) -> AccessDeniedDetail {
    let mut detail = AccessDeniedDetail::new();
    while let Some((name, after)) = xml
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
    {
        let Some((inner, rest)) = after.split_once(&format!("</{name}>")) else {
            break;
        };
        detail.set(name, plain(inner.trim()));
        xml = rest;
    }
    detail
}

/// The text of the first element of this name; the error body nests nothing inside its texts.
fn element(xml: &str, name: &str) -> Option<String> {
    raw_element(xml, name).map(plain)
}

fn raw_element<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let after = xml.split_once(&format!("<{name}>"))?.1;
    Some(after.split_once(&format!("</{name}>"))?.0.trim())
}

fn plain(inner: &str) -> String {
    let literal = inner
        .strip_prefix("<![CDATA[")
        .and_then(|inner| inner.strip_suffix("]]>"));
    literal.map_or_else(|| unescape(inner), str::to_owned)
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = after
            .split_once(';')
            .and_then(|(name, tail)| Some((entity(name)?, tail)));
        rest = if let Some((character, tail)) = entity {
            plain.push(character);
            tail
        } else {
            plain.push('&');
            after
        };
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

fn snippet(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(SNIPPET)]);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_and_xml_say_the_same() {
        for body in [
            r#"{"RequestId":"R","HostId":"h","Code":"C.D","Message":"a < b","Recommend":"u"}"#,
            r#" {"requestId":"R","hostId":"h","code":"C.D","message":"a < b","recommend":"u"}"#,
            "<?xml version='1.0'?><Error><RequestId>R</RequestId><HostId>h</HostId><Code>C.D</Code>\
             <Message>a &lt; b</Message><Recommend>u</Recommend></Error>",
            "<Error><Code>C.D</Code><Message><![CDATA[a < b]]></Message><RequestId>R</RequestId>\
             <HostId>h</HostId><Recommend>u</Recommend></Error>",
        ] {
            let expected = ApiError::new(400, "C.D", "a < b")
                .with_request_id("R")
                .with_host_id("h")
                .with_recommend("u");
            assert_eq!(ApiError::decode(400, body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn anything_else_keeps_status_and_beginning() {
        for (body, message) in [
            ("", ""),
            ("<html>\n<h1>502</h1></html>", "<html> <h1>502</h1></html>"),
            ("{", "{"),
            (r#"{"x":1}"#, r#"{"x":1}"#),
            ("plain", "plain"),
        ] {
            let error = ApiError::decode(502, body.as_bytes());
            assert_eq!(
                (error.status(), error.code(), error.message()),
                (502, "", message),
                "{body}"
            );
        }
        let long = ApiError::decode(502, &vec![0xff; 1 << 20]);
        assert!(long.message().len() <= 3 * SNIPPET);
    }

    #[test]
    fn entities_are_resolved() {
        for (text, expected) in [
            ("&#65;&#x42;&amp;&lt;", "AB&<"),
            ("&bad;&", "&bad;&"),
            ("&#1114112;", "&#1114112;"),
        ] {
            assert_eq!(unescape(text), expected);
        }
    }
}
