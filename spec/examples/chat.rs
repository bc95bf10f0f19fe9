//! Chat robots that speak for OOS. Their settings hold secrets, so `Debug` does not show them.
use oos_model::enums::ChatType;
use oos_model::groups::chat::CreateChatConfiguration;

let call = CreateChatConfiguration::new()
    .with_name("ops")
    .with_type(ChatType::DingTalk)
    .with_configuration(serde_json::json!({ "AppSecret": "hunter2" }));
assert!(!format!("{call:?}").contains("hunter2"));
assert_eq!(call.configuration_json()?.expect("it is set")["AppSecret"], "hunter2");
# Ok::<(), oos_model::JsonTextError>(())
