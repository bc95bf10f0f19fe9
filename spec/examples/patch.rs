//! Patch baselines: which patches an operating system should have, and which instances lack them.
use oos_model::enums::OperationSystem;
use oos_model::groups::patch::{CreatePatchBaseline, ListInstancePatchStatesOutput};
use oos_model::{Operation, Output, Params};

let rules = serde_json::json!({ "PatchRules": [] });
let call = CreatePatchBaseline::new("web", OperationSystem::AliyunLinux, rules)
    .with_rejected_patches(["kernel-5.10"]);
let mut params = Params::new();
call.to_params(&mut params);
assert_eq!(params.get("RejectedPatches"), Some(r#"["kernel-5.10"]"#));

let body = br#"{"InstancePatchStates":[{"InstanceId":"i-1","MissingCount":"2"}]}"#;
let states = ListInstancePatchStatesOutput::decode(body)?.instance_patch_states;
assert_eq!(states.expect("a list")[0].missing_count.as_deref(), Some("2"));
# Ok::<(), oos_model::DecodeError>(())
