//! What the engine and the store know, in the shapes of the wire.

mod execution;
mod task;
mod template;

pub(crate) use execution::{ParametersForm, current_tasks, execution};
pub(crate) use task::task_execution;
pub(crate) use template::{of_execution, template};

use oos_engine::Moment;
use oos_model::Timestamp;
use oos_template::Map;

fn timestamp(moment: Moment) -> Timestamp {
    moment.to_datetime().into()
}

/// A map as JSON text.
fn json_text(map: Map) -> String {
    oos_template::Value::Map(map).to_json_string()
}

/// Texts that say nothing are left out.
fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
