//! A selector, compiled and run on an answer of an API.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oos_template::{Selector, Value};

const ANSWER: &str = r#"{"Instances":{"Instance":[{"InstanceId":"i-1","Status":"Running","Tags":{"Tag":[{"TagKey":"k","TagValue":"v"}]},"Cpu":4},
{"InstanceId":"i-2","Status":"Stopped","Tags":{"Tag":[]},"Cpu":-1.5e3,"Memory":null}]},"TotalCount":2,"text":"{\"a\":[1,2]}","empty":[]}"#;

fuzz_target!(|text: &str| {
    let Ok(selector) = Selector::compile(text) else {
        return;
    };
    let answer = Value::from_json(ANSWER).expect("JSON");
    drop(selector.run(&answer));
    drop(selector.run(&Value::Null));
});
