//! Every case of `golden/wire`: what the official client sends and reads, sent and read by our model.
//!
//! The inputs are made from the specification by `cargo xtask codegen`, the requests by the official
//! client with `cargo xtask conformance capture`.

mod answers;
mod calls;
mod cases;
mod forms;
mod requests;

use oos_model::{Operation, Params};

/// Names and values as they are sent.
type Pairs = Vec<(String, String)>;

/// What a call sends, in the order of the names.
fn sent<O: Operation>(call: &O) -> Pairs {
    let mut params = Params::new();
    call.to_params(&mut params);
    let pairs = params.iter().map(|(n, v)| (n.to_owned(), v.to_owned()));
    let mut pairs: Pairs = pairs.collect();
    pairs.sort();
    pairs
}
