//! Client tokens: calls with the same token and the same parameters have one effect.

mod in_flight;
mod recent;

use in_flight::InFlight;
use recent::Recent;

use crate::fault::{Fault, IDEMPOTENT_MISMATCH, INTERNAL_ERROR, SERVICE_UNAVAILABLE};
use crate::sha256;
use crate::shared::Call;
use crate::templates::from_body;
use oos_engine::{Attach, CommandError, Moment, Outcome};
use oos_model::{Operation, Output, Params};
use oos_sign::PROTOCOL_PARAMETERS;
use oos_store::{
    Changes, Condition, Direction, Expect, Field, FieldValue, Kind, Query, Record, Store,
};
use serde::{Deserialize, Serialize};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a token is remembered, by the gateway clock: the least that is documented.
pub const TOKEN_RETENTION: Duration = Duration::from_hours(24);

/// The most characters of a token, all of them printable ASCII.
pub const MOST_TOKEN_CHARACTERS: usize = 64;

/// A token under account, region, operation and itself.
pub(crate) static TOKEN: Kind = Kind::records("token", &[Field::int("expires")], &[&["expires"]]);

/// How often a call is tried while others with its token are faster, in other processes.
const MOST_ATTEMPTS: u32 = 8;

/// With each of so many tokens that are written, as many that have expired are removed.
const SWEEP_EVERY: u64 = 256;

/// What the digest of a call leaves out besides the parameters of the protocol, some of which are
/// new for every attempt: what stands in the key of the row already.
const IN_KEY: [&str; 2] = ["ClientToken", "RegionId"];

/// What is known of tokens in memory.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// Those of calls that are being carried out.
    in_flight: InFlight,
    /// Those that were used lately.
    recent: Recent,
    /// How many rows were written since the start.
    written: AtomicU64,
}

/// What a row holds.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    /// The SHA-256 of the parameters.
    digest: String,
    /// The answer as JSON, without its request id.
    answer: String,
}

/// What is known of a call's token before it is carried out.
#[derive(Debug, Clone)]
pub(crate) struct Ticket(Option<Arc<TicketRow>>);

#[derive(Debug, Clone)]
struct TicketRow {
    key: String,
    digest: String,
    now: Moment,
    expect: Expect,
}

/// Carries a call out, at most once for each of its tokens.
pub(crate) trait CarryOut: Operation {
    /// Makes one attempt; the rows of the ticket go into its commit.
    fn carry_out(
        &self,
        call: &Call<'_>,
        ticket: &Ticket,
    ) -> impl Future<Output = Result<Self::Output, Undone>> + Send;
}

/// Why a call was not carried out; nothing was changed, unless the store could not tell.
#[derive(Debug)]
pub(crate) enum Undone {
    /// Its token has a row that was not expected.
    Known,
    Fault(Fault),
}

/// Carries a call out, unless its token was used: then the answer is the one that was given.
///
/// Almost every token is new, so nobody asks the store beforehand: the commit finds out. Only
/// tokens that were used lately are looked up first, and those of calls that fail.
pub(crate) async fn once<O: CarryOut>(call: &Call<'_>, operation: &O) -> Result<O::Output, Fault> {
    let Some(mut row) = TicketRow::of(call, operation)? else {
        return operation
            .carry_out(call, &Ticket(None))
            .await
            .map_err(Fault::from);
    };
    let tokens = &call.shared.tokens;
    let _held = tokens.in_flight.hold(row.key.clone()).await;
    if tokens.recent.contains(&row.key)
        && let Some(answer) = row.look(call).await?
    {
        return Ok(answer);
    }
    for _ in 0..MOST_ATTEMPTS {
        let ticket = Ticket(Some(Arc::new(row.clone())));
        let fault = match operation.carry_out(call, &ticket).await {
            Ok(answer) => {
                tokens.recent.add(&row.key);
                sweep_sometimes(call, row.now).await;
                return Ok(answer);
            }
            Err(Undone::Known) => None,
            Err(Undone::Fault(fault)) => Some(fault),
        };
        match (row.look(call).await?, fault) {
            (Some(answer), _) => return Ok(answer),
            (None, Some(fault)) => return Err(fault),
            (None, None) => {}
        }
    }
    Err(Undone::Known.into())
}

impl Ticket {
    /// The rows that go into the commit of a command: the answer that is made of its outcome, and
    /// what else the operation writes.
    pub(crate) fn attach<T: Output>(
        &self,
        answer: impl Fn(&Outcome) -> T + Send + Sync + 'static,
        further: impl Fn() -> Changes + Send + Sync + 'static,
    ) -> Attach {
        let row = self.0.clone();
        Attach::new(move |outcome| match &row {
            Some(row) => row.write(&answer(outcome), further()),
            None => further(),
        })
    }
}

impl TicketRow {
    /// The row of a token that was never used; none for a call without a token.
    fn of<O: Operation>(call: &Call<'_>, operation: &O) -> Result<Option<Self>, Fault> {
        let Some(token) = token(operation)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            key: call.tenant.key(&format!("{}/{token}", O::NAME)),
            digest: digest(call.params),
            now: call.shared.gateway_clock.now().into(),
            expect: Expect::Absent,
        }))
    }

    /// The answer that was given to the token; without one, the row that is there is expected.
    fn look<T: Output>(
        &mut self,
        call: &Call<'_>,
    ) -> impl Future<Output = Result<Option<T>, Fault>> {
        let found = call
            .shared
            .store
            .read(Query::key(&TOKEN, self.key.as_str()));
        async {
            self.expect = match found.await?.records.pop() {
                None => Expect::Absent,
                Some(record) if is_over(&record, self.now) => Expect::Version(record.version),
                Some(record) => return stored(&record, &self.digest).map(Some),
            };
            Ok(None)
        }
    }

    fn write(&self, answer: &impl Output, changes: Changes) -> Changes {
        let answer = String::from_utf8(answer.encode()).expect("answers are written as UTF-8");
        let row = Row {
            digest: self.digest.clone(),
            answer,
        };
        let body = serde_json::to_vec(&row).expect("two texts can be written");
        let record = Record::new(&self.key)
            .with("expires", self.now.after(TOKEN_RETENTION).millis())
            .with_body(body);
        changes.put(&TOKEN, record, self.expect)
    }
}

impl From<Fault> for Undone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<CommandError> for Undone {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::AttachmentConflict => Self::Known,
            error => Self::Fault(error.into()),
        }
    }
}

impl From<Undone> for Fault {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Fault(fault) => fault,
            Undone::Known => {
                let message = "Other calls with this ClientToken are being carried out: try again.";
                Self::new(SERVICE_UNAVAILABLE, message)
            }
        }
    }
}

/// The token of a call; an empty one is none.
fn token(operation: &impl Operation) -> Result<Option<&str>, Fault> {
    let token = operation.client_token().filter(|token| !token.is_empty());
    token.map(|token| check(token).map(|()| token)).transpose()
}

fn check(token: &str) -> Result<(), Fault> {
    let printable = |byte: u8| matches!(byte, b' '..=b'~');
    if token.len() > MOST_TOKEN_CHARACTERS || !token.bytes().all(printable) {
        let reason =
            format!("it must have 1 to {MOST_TOKEN_CHARACTERS} printable ASCII characters");
        return Err(Fault::invalid("ClientToken", reason));
    }
    Ok(())
}

fn is_over(record: &Record, now: Moment) -> bool {
    !matches!(record.fields.get("expires"), Some(FieldValue::Int(end)) if *end >= now.millis())
}

fn stored<T: Output>(record: &Record, digest: &str) -> Result<T, Fault> {
    let row: Row = from_body(record)?;
    if row.digest != digest {
        return Err(Fault::of(IDEMPOTENT_MISMATCH));
    }
    T::decode(row.answer.as_bytes()).map_err(|error| {
        Fault::new(
            INTERNAL_ERROR,
            format!("The record `{}` is damaged: {error}.", record.key),
        )
    })
}

/// The digest of what a call asks for, whatever the order of its parameters.
fn digest(params: &Params<'_>) -> String {
    let mut pairs: Vec<_> = params
        .iter()
        .filter(|(name, _)| !PROTOCOL_PARAMETERS.contains(name) && !IN_KEY.contains(name))
        .collect();
    pairs.sort_unstable();
    let mut text = String::new();
    for part in pairs.into_iter().flat_map(|(name, value)| [name, value]) {
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    }
    sha256::hex(text.as_bytes())
}

/// What fails here fails nobody: the next sweep finds the same rows.
async fn sweep_sometimes(call: &Call<'_>, now: Moment) {
    let written = call.shared.tokens.written.fetch_add(1, Ordering::Relaxed);
    if written.is_multiple_of(SWEEP_EVERY) {
        let _ = sweep(&*call.shared.store, now).await;
    }
}

async fn sweep(store: &dyn Store, now: Moment) -> Result<(), Fault> {
    let end = Bound::Excluded(FieldValue::Int(now.millis()));
    let most = usize::try_from(SWEEP_EVERY)
        .unwrap_or(usize::MAX)
        .saturating_mul(2);
    let old = Query::of(&TOKEN)
        .filter(Condition::Range("expires", Bound::Unbounded, end))
        .ordered("expires", Direction::Ascending)
        .limit(most);
    let mut changes = Changes::new();
    for record in store.read(old).await?.records {
        changes = changes.delete(&TOKEN, record.key, Expect::Version(record.version));
    }
    if !changes.is_empty() {
        store.commit(changes).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_of_what_is_asked_for() {
        let of = |query| digest(&Params::parse(query).expect("a query"));
        let base = of("ExecutionId=e&Type=Event&ClientToken=t&RegionId=r");
        assert_eq!(
            of("Type=Event&ExecutionId=e&SignatureNonce=2&Timestamp=x"),
            base
        );
        for other in [
            "ExecutionId=e",
            "ExecutionId=e&Type=Alarm",
            "ExecutionI=de&Type=Event",
        ] {
            assert_ne!(of(other), base, "{other}");
        }
    }

    #[test]
    fn tokens_are_short_and_printable() {
        let check = |token: &str, fits: bool| assert_eq!(check(token).is_ok(), fits, "{token:?}");
        check("123e56767-e89b-12d3-a456-426655440000", true);
        check(&"~".repeat(64), true);
        check(&"~".repeat(65), false);
        check("a\n", false);
        check("é", false);
    }
}
