//! What a client needs to know of a local OOS that listens.

use super::key::{DevKey, Origin};
use serde_json::json;
use std::fmt::Write as _;

/// The first thing that is printed.
pub(super) struct Announcement {
    pub(super) endpoint: String,
    pub(super) region: String,
    pub(super) durable: bool,
    pub(super) key: DevKey,
}

impl Announcement {
    /// One line, the same fields at every start.
    pub(super) fn as_json(&self) -> String {
        let document = json!({
            "endpoint": self.endpoint,
            "access_key_id": self.key.id,
            "access_key_secret": self.key.secret,
            "region": self.region,
        });
        format!("{document}\n")
    }

    /// For people: the secret only when it is new.
    pub(super) fn as_text(&self) -> String {
        let mut text = format!("A local OOS listens at {}\n\n", self.endpoint);
        let mut line = |name: &str, value: &str| {
            // A string takes whatever is written.
            let _ = writeln!(text, "  {name:<18} {value}");
        };
        line("region", &self.region);
        line("access key id", &self.key.id);
        line(
            "access key secret",
            &match &self.key.origin {
                Origin::New => self.key.secret.clone(),
                Origin::Given => String::from("as given"),
                Origin::Kept(file) => format!("as before, in {}", file.display()),
            },
        );
        line(
            "data",
            if self.durable {
                "kept in the data folder"
            } else {
                "in memory: gone at the end; --data DIR keeps it"
            },
        );
        text.push_str("\nCtrl-C ends it.\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announcement(origin: Origin) -> Announcement {
        Announcement {
            endpoint: String::from("http://127.0.0.1:4060"),
            region: String::from("cn-hangzhou"),
            durable: false,
            key: DevKey {
                id: String::from("local1"),
                secret: String::from("hunter2"),
                origin,
            },
        }
    }

    #[test]
    fn people_see_only_a_new_secret() {
        let check = |origin: Origin, seen: bool| {
            let text = announcement(origin).as_text();
            assert_eq!(text.contains("hunter2"), seen, "{text}");
            assert!(text.contains("http://127.0.0.1:4060\n"), "{text}");
        };
        check(Origin::New, true);
        check(Origin::Given, false);
        check(Origin::Kept("dir/access-key.json".into()), false);
    }

    #[test]
    fn programs_see_all_four_fields_in_one_line() {
        for origin in [Origin::New, Origin::Given, Origin::Kept("file".into())] {
            let line = announcement(origin).as_json();
            assert_eq!(line.find('\n'), Some(line.len() - 1));
            let document: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            let expected = json!({
                "endpoint": "http://127.0.0.1:4060",
                "access_key_id": "local1",
                "access_key_secret": "hunter2",
                "region": "cn-hangzhou",
            });
            assert_eq!(document, expected);
        }
    }
}
