//! Executions: runs of a template, with their tasks and logs, and how to steer them.
use oos_model::groups::execution::{ListExecutions, ListExecutionsOutput, StartExecution};
use oos_model::{Operation, Output, Paged, Params};

let call = StartExecution::new()
    .with_template_name("restart")
    .with_parameters(serde_json::json!({ "instanceIds": ["i-1"] }));
let mut params = Params::new();
call.to_params(&mut params);
assert_eq!(params.get("Parameters"), Some(r#"{"instanceIds":["i-1"]}"#));

// No operation reads one execution: a list of one does.
let _one = ListExecutions::new().with_execution_id("exec-1");
let body = br#"{"Executions":[{"ExecutionId":"exec-1","Status":"Success","Outputs":"{\"n\":2}"}]}"#;
let found = ListExecutions::into_items(ListExecutionsOutput::decode(body)?);
assert_eq!(found[0].outputs_json()?.expect("there are some")["n"], 2);
# Ok::<(), Box<dyn std::error::Error>>(())
