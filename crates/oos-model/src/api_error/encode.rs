//! Writes the error body as the service does.

use serde::Serialize;

use super::ApiError;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recommend: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_id: Option<&'a str>,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_denied_detail: Option<&'a std::collections::BTreeMap<String, String>>,
}

impl ApiError {
    /// The JSON body, with the whole message: what repeats the request is for the caller.
    #[must_use]
    pub fn encode_json(&self) -> Vec<u8> {
        let body = Body {
            request_id: self.request_id(),
            message: self.message.full(),
            recommend: self.recommend(),
            host_id: self.host_id(),
            code: self.code(),
            access_denied_detail: self.access_denied_detail(),
        };
        crate::output::encode(&body)
    }

    /// The XML body, for callers that asked for `Format=XML`.
    #[must_use]
    pub fn encode_xml(&self) -> String {
        let mut xml = String::from("<?xml version='1.0' encoding='UTF-8'?><Error>");
        for (name, text) in [
            ("RequestId", self.request_id()),
            ("HostId", self.host_id()),
            ("Code", Some(self.code())),
            ("Message", Some(self.message.full())),
            ("Recommend", self.recommend()),
        ] {
            if let Some(text) = text {
                xml.extend(["<", name, ">", &escape(text), "</", name, ">"]);
            }
        }
        xml.push_str("</Error>");
        xml
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let message = "no match & <bad>. server string to sign is:POST&%2F&Value=hunter2";
        let error = ApiError::new(400, "SignatureDoesNotMatch", message)
            .with_request_id("R")
            .with_host_id("127.0.0.1:80")
            .with_recommend("https://example.com/?a=1&b=2");
        assert_eq!(ApiError::decode(400, &error.encode_json()), error);
        assert_eq!(ApiError::decode(400, error.encode_xml().as_bytes()), error);
    }

    #[test]
    fn a_repeated_request_is_not_shown() {
        let message = "no match. server string to sign is:POST&%2F&Value=hunter2";
        let error = ApiError::new(400, "SignatureDoesNotMatch", message);
        for shown in [
            error.to_string(),
            format!("{error:?}"),
            error.message().to_owned(),
        ] {
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        assert_eq!(
            error.server_string_to_sign(),
            Some("POST&%2F&Value=hunter2")
        );
        assert!(String::from_utf8_lossy(&error.encode_json()).contains("hunter2"));
    }
}
