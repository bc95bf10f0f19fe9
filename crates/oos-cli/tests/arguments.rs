//! What the program says of its arguments, and how it exits when nothing can be done.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod program;

use program::{Folder, command, oos, run};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::Stdio;

#[test]
fn version_and_help_are_results() {
    let version = oos(&["--version"]);
    assert_eq!((version.code, version.err.as_str()), (0, ""));
    assert_eq!(version.out, format!("oos {}\n", env!("CARGO_PKG_VERSION")));
    for arguments in [&["--help"][..], &["try", "--help"], &["trigger", "--help"]] {
        let help = oos(arguments);
        assert_eq!((help.code, help.err.as_str()), (0, ""), "{arguments:?}");
        let wanted = if arguments.len() == 1 {
            "Exit codes:"
        } else {
            "Examples:"
        };
        assert!(help.out.contains(wanted), "{}", help.out);
        assert!(!help.out.contains('\u{1b}'), "there is no terminal");
    }
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for arguments in [
        &["start"][..],
        &["trigger"],
        &["try", "a", "--timeout", "soon"],
    ] {
        let refused = oos(arguments);
        assert_eq!(
            (refused.code, refused.out.as_str()),
            (2, ""),
            "{arguments:?}"
        );
        assert!(refused.err.starts_with("error: "), "{}", refused.err);
    }
    let refused = oos(&["trigger", "--output", "json"]);
    assert_eq!((refused.code, refused.err.as_str()), (2, ""));
    let document: Value = serde_json::from_str(&refused.out).expect("one document");
    let message = document["error"]["message"].as_str().expect("a message");
    assert!(
        message.contains("<EXECUTION_ID>") && !message.contains("Usage"),
        "{message}"
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = Folder::new("pipe");
    let template = folder.file(
        "t.yml",
        "FormatVersion: OOS-2019-06-01\nTasks: [ { Name: a, Action: ACS::Sleep, Properties: { Duration: 1S } } ]\n",
    );
    let mut command = command(&["try", &template]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
}

#[test]
fn without_credentials_nothing_is_sent() {
    let arguments = [
        "trigger",
        "exec-1",
        "--region",
        "cn-hangzhou",
        "--content",
        "{}",
    ];
    let refused = oos(&arguments);
    assert_eq!((refused.code, refused.out.as_str()), (4, ""), "{refused:?}");
    let sources = [
        "env: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set",
        "oidc_role_arn: ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, \
         ALIBABA_CLOUD_OIDC_TOKEN_FILE are not set",
        "cli_profile: ~/.aliyun/config.json can not be found, since HOME is not set",
        "profile: ~/.alibabacloud/credentials can not be found, since HOME is not set",
        "ecs_ram_role: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true",
        "credential_uri: ALIBABA_CLOUD_CREDENTIALS_URI is not set",
    ];
    for source in sources {
        let line = format!("  tried       {source}\n");
        assert!(refused.err.contains(&line), "{source}: {}", refused.err);
    }

    let json = oos(&[&arguments[..], &["--output", "json"]].concat());
    let document: Value = serde_json::from_str(&json.out).expect("one document");
    let (kind, code) = (&document["error"]["kind"], &document["error"]["exit_code"]);
    assert_eq!(
        (json.code, kind, code),
        (4, &json!("credentials"), &json!(4))
    );
    assert_eq!(document["error"]["tried"], json!(sources));
}

#[test]
fn a_service_that_is_not_there_is_a_failure_of_the_network() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let endpoint = format!("http://{address}");
    let mut command = command(&[
        "trigger",
        "exec-1",
        "--endpoint",
        &endpoint,
        "--content",
        "-",
    ]);
    command
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cr3t-key");
    let refused = run(command, "{\"a\": 1}");
    assert_eq!((refused.code, refused.out.as_str()), (5, ""), "{refused:?}");
    assert!(refused.err.contains("caused by"), "{}", refused.err);
    assert!(!refused.err.contains("s3cr3t"), "{}", refused.err);
}

#[test]
fn where_to_send_the_call_has_to_be_known() {
    let check = |arguments: &[&str], part: &str| {
        let arguments = [&["trigger", "exec-1", "--content", "{}"][..], arguments].concat();
        let refused = oos(&arguments);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
        assert!(refused.err.contains(part), "{}", refused.err);
        assert!(!refused.err.contains("s3cr3t"), "{}", refused.err);
    };
    check(&[], "ALIBABA_CLOUD_REGION_ID");
    check(&["--region", "a/b"], "no region id");
    check(&["--endpoint", "http://me:s3cr3t@host"], "http://HOST:PORT");
    let mut with_region = command(&["trigger", "exec-1", "--content", "{}"]);
    with_region.env("ALIBABA_CLOUD_REGION_ID", "cn-beijing");
    assert_eq!(run(with_region, "").code, 4);

    let folder = Folder::new("region-of-a-profile");
    let config = r#"{"current": "a", "profiles": [{"name": "a", "region_id": "cn-shanghai"}]}"#;
    let mut with_profile = command(&["trigger", "exec-1", "--content", "{}"]);
    with_profile.env(
        "ALIBABA_CLOUD_CONFIG_FILE",
        folder.file("config.json", config),
    );
    let refused = run(with_profile, "");
    assert_eq!(refused.code, 4, "{refused:?}");
    let tried = "cli_profile: access_key_id of profile `a` in";
    assert!(refused.err.contains(tried), "{}", refused.err);
}
