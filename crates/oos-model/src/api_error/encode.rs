//! Writes the error body as the service does.

use serde_json::{Map, Value};

use super::ApiError;

impl ApiError {
    /// The JSON body, with the whole message: what repeats the request is for the caller.
    #[must_use]
    pub fn encode_json(&self) -> Vec<u8> {
        let mut body = Map::new();
        for (name, text) in self.texts() {
            body.insert(name.to_owned(), Value::from(text));
        }
        if let Some(detail) = self.access_denied_detail() {
            let detail = detail
                .texts()
                .map(|(name, text)| (name.to_owned(), Value::from(text)));
            body.insert("AccessDeniedDetail".to_owned(), detail.collect());
        }
        crate::output::encode(&body)
    }

    /// The XML body, for callers that asked for `Format=XML`.
    #[must_use]
    pub fn encode_xml(&self) -> String {
        let mut xml = String::from("<?xml version='1.0' encoding='UTF-8'?><Error>");
        for (name, text) in self.texts() {
            element(&mut xml, name, text);
        }
        if let Some(detail) = self.access_denied_detail() {
            xml.push_str("<AccessDeniedDetail>");
            for (name, text) in detail.texts().filter(|(name, _)| is_name(name)) {
                element(&mut xml, name, text);
            }
            xml.push_str("</AccessDeniedDetail>");
        }
        xml.push_str("</Error>");
        xml
    }

    /// The members of the body that are set, with the whole message.
    fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("RequestId", self.request_id()),
            ("HostId", self.host_id()),
            ("Code", Some(self.code())),
            ("Message", Some(self.message.full())),
            ("Recommend", self.recommend()),
        ];
        all.into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
    }
}

fn element(xml: &mut String, name: &str, text: &str) {
    xml.extend(["<", name, ">", &escape(text), "</", name, ">"]);
}

/// Whether it can name an element; a member that nobody knows may have any name.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
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
