//! Which entry answers a call, and what it says.

use super::{MockAnswer, MockEntry, MockFile, fill};
use crate::{ApiAnswer, ApiCall, ApiOutcome, CallApi};
use futures_core::future::BoxFuture;
use oos_clock::Clock;
use oos_template::{Map, Value};
use std::sync::Arc;
use std::time::Duration;

/// Answers the APIs of the cloud from mock files. A call that no entry answers is not made, and
/// its reason says what to write into the mock file.
#[derive(Debug)]
pub struct MockApi {
    files: Vec<MockFile>,
    clock: Arc<dyn Clock>,
}

impl MockApi {
    /// Answers from these files, asked in this order; answers wait out their delays on this clock.
    #[must_use]
    pub fn new(files: Vec<MockFile>, clock: Arc<dyn Clock>) -> Self {
        Self { files, clock }
    }

    /// The answer for a call, and the name under which it is counted.
    fn find(&self, call: &ApiCall) -> Option<(&MockAnswer, Option<String>)> {
        for (number, file) in self.files.iter().enumerate() {
            let entry = file.entries.iter().position(|entry| entry.answers_to(call));
            if let Some(place) = entry {
                let name = format!("{number}/{place}");
                let turn = call.mock_positions.get(&name).copied().unwrap_or(0);
                let answers = &file.entries[place].answers;
                let turn = usize::try_from(turn)
                    .unwrap_or(usize::MAX)
                    .min(answers.len() - 1);
                return Some((&answers[turn], Some(name)));
            }
        }
        self.files
            .iter()
            .find_map(|file| file.default.as_ref())
            .map(|default| (default, None))
    }
}

impl CallApi for MockApi {
    fn call(&self, call: ApiCall) -> BoxFuture<'_, ApiAnswer> {
        Box::pin(async move {
            let Some((answer, mock_used)) = self.find(&call) else {
                return ApiAnswer::new(ApiOutcome::NotMade(what_to_write(&call)));
            };
            if answer.delay > Duration::ZERO {
                self.clock.sleep(answer.delay).await;
            }
            let outcome = match &answer.content {
                Ok(body) => ApiOutcome::Answered(fill::body(body, &call.parameters)),
                Err(failure) => ApiOutcome::Refused(failure.clone()),
            };
            ApiAnswer { outcome, mock_used }
        })
    }
}

impl MockEntry {
    fn answers_to(&self, call: &ApiCall) -> bool {
        self.service.eq_ignore_ascii_case(&call.service)
            && self.api.eq_ignore_ascii_case(&call.api)
            && contains(call.parameters.as_map(), &self.when)
    }
}

/// Whether a map holds at least these values, inner maps again by what they hold at least.
fn contains(whole: Option<&Map>, part: &Map) -> bool {
    part.iter().all(|(name, wanted)| {
        let got = whole
            .and_then(|whole| whole.get(name))
            .unwrap_or(&Value::Null);
        match wanted {
            Value::Map(part) => contains(got.as_map(), part),
            wanted => wanted.loose_eq(got),
        }
    })
}

fn what_to_write(call: &ApiCall) -> String {
    let ApiCall { service, api, .. } = call;
    format!(
        "No mock answers {service} {api}: write `- {{ service: {service}, api: {api}, \
         answers: [ {{ body: {{}} }} ] }}` under `mocks` in the mock file, with the answer that \
         the API would give as `body`"
    )
}
