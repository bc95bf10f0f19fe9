//! The query of a call: decoded by the signer and by the model, read into operations, written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oos_model::operations::{
    CreateTemplate, ListExecutions, NotifyExecution, StartExecution, TagResources, TriggerExecution,
};
use oos_model::{Operation, Params};

fuzz_target!(|text: &str| {
    let signed = oos_sign::decode_form(text);
    let Ok(params) = Params::parse(text) else {
        return;
    };
    if let Ok(signed) = &signed {
        let same = signed.len() == params.len()
            && signed.iter().zip(params.iter()).all(|((a, b), (c, d))| a == c && b == d);
        assert!(same, "the two readers differ: {signed:?} {params:?}");
    }
    again::<CreateTemplate>(&params);
    again::<ListExecutions>(&params);
    again::<NotifyExecution>(&params);
    again::<StartExecution>(&params);
    again::<TagResources>(&params);
    again::<TriggerExecution>(&params);
});

/// What a server read, a client may send, and the server reads the same.
fn again<O: Operation + PartialEq>(params: &Params<'_>) {
    let Ok(read) = O::from_params(params) else {
        return;
    };
    let mut sent = Params::new();
    read.to_params(&mut sent);
    let back = O::from_params(&sent).expect("what was read can be sent");
    assert!(back == read, "{read:?} came back as {back:?}");
}
