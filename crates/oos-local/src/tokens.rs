//! Client tokens: calls with the same token and the same parameters have one effect.

mod in_flight;

pub(crate) use in_flight::{Held, InFlight};

use crate::fault::{Fault, IDEMPOTENT_MISMATCH, INTERNAL_ERROR, SERVICE_UNAVAILABLE};
use crate::sha256;
use crate::shared::Call;
use crate::templates::from_body;
use oos_engine::{Attach, Moment, Outcome};
use oos_model::{Operation, Output, Params};
use oos_sign::PROTOCOL_PARAMETERS;
use oos_store::{Changes, Condition, Expect, Field, FieldValue, Kind, Query, Record};
use serde::{Deserialize, Serialize};
use std::ops::Bound;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a token is remembered, by the gateway clock: the least that is documented.
pub const TOKEN_RETENTION: Duration = Duration::from_hours(24);

/// The most characters of a token, all of them printable ASCII.
pub const MOST_TOKEN_CHARACTERS: usize = 64;

/// A token under account, region, operation and itself.
pub(crate) static TOKEN: Kind = Kind::records("token", &[Field::int("expires")], &[&["expires"]]);

/// How often a call looks again after another one with its token was faster.
const MOST_LOOKS: u32 = 8;

/// With each of so many tokens that are written, as many that have expired are removed.
const SWEEP_EVERY: u64 = 256;

/// What the digest of a call leaves out besides the parameters of the protocol, some of which are
/// new for every attempt: what stands in the key of the row already.
const IN_KEY: [&str; 2] = ["ClientToken", "RegionId"];

/// What a row holds.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    /// The SHA-256 of the parameters.
    digest: String,
    /// The answer as JSON, without its request id.
    answer: String,
}

/// What is known of a call's token before it is carried out.
#[derive(Debug)]
pub(crate) enum Token<T> {
    /// The same call was answered so before.
    Answered(T),
    /// It may be carried out, and its answer written by this.
    Fresh(Ticket),
}

/// The right to carry out a call, and to write its answer into the same commit.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    /// Absent for a call without a token: nothing is written then.
    row: Option<TicketRow>,
    looks: u32,
}

#[derive(Debug, Clone)]
struct TicketRow {
    key: String,
    digest: String,
    expires: Moment,
    expect: Expect,
}

impl Ticket {
    /// The first look's ticket of a call.
    pub(crate) fn first() -> Self {
        Self {
            row: None,
            looks: 0,
        }
    }

    /// The rows that go into the commit of a command: the answer that is made of its outcome, and
    /// what else the operation writes.
    pub(crate) fn attach<T: Output>(
        &self,
        answer: impl Fn(&Outcome) -> T + Send + Sync + 'static,
        further: impl Fn() -> Changes + Send + Sync + 'static,
    ) -> Attach {
        let row = self.row.clone();
        Attach::new(move |outcome| match &row {
            Some(row) => row.write(&answer(outcome), further()),
            None => further(),
        })
    }
}

impl TicketRow {
    fn write(&self, answer: &impl Output, changes: Changes) -> Changes {
        let answer = String::from_utf8(answer.encode()).expect("answers are written as UTF-8");
        let row = Row {
            digest: self.digest.clone(),
            answer,
        };
        let body = serde_json::to_vec(&row).expect("two texts can be written");
        let record = Record::new(&self.key)
            .with("expires", self.expires.millis())
            .with_body(body);
        changes.put(&TOKEN, record, self.expect)
    }
}

/// Waits until no other call with this token is being carried out; nothing without a token.
pub(crate) async fn hold<'a, O: Operation>(
    call: &Call<'a>,
    operation: &O,
) -> Result<Option<Held<'a>>, Fault> {
    let Some(token) = token(operation)? else {
        return Ok(None);
    };
    Ok(Some(
        call.shared
            .tokens_in_flight
            .hold(key::<O>(call, token))
            .await,
    ))
}

/// Looks a call's token up. `before` is the ticket of the look before this one, whose commit lost
/// against another call.
pub(crate) async fn look<O: Operation>(
    call: &Call<'_>,
    operation: &O,
    before: &Ticket,
) -> Result<Token<O::Output>, Fault> {
    let looks = before.looks + 1;
    if looks > MOST_LOOKS {
        let message = "Other calls with this ClientToken are being carried out: try again.";
        return Err(Fault::new(SERVICE_UNAVAILABLE, message));
    }
    let Some(token) = token(operation)? else {
        return Ok(Token::Fresh(Ticket { row: None, looks }));
    };
    let key = key::<O>(call, token);
    let digest = digest(call.params);
    let now = Moment::from(call.shared.gateway_clock.now());
    let expires = now.after(TOKEN_RETENTION);
    let found = call
        .shared
        .store
        .read(Query::key(&TOKEN, key.as_str()))
        .await?
        .records
        .pop();
    let expect = match found {
        None => Expect::Absent,
        Some(record) if is_over(&record, now) => Expect::Version(record.version),
        Some(record) => return stored(&record, &digest).map(Token::Answered),
    };
    sweep_sometimes(call, now).await?;
    let row = Some(TicketRow {
        key,
        digest,
        expires,
        expect,
    });
    Ok(Token::Fresh(Ticket { row, looks }))
}

/// The token of a call; an empty one is none.
fn token(operation: &impl Operation) -> Result<Option<&str>, Fault> {
    let token = operation.client_token().filter(|token| !token.is_empty());
    token.map(|token| check(token).map(|()| token)).transpose()
}

fn key<O: Operation>(call: &Call<'_>, token: &str) -> String {
    call.tenant.key(&format!("{}/{token}", O::NAME))
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

async fn sweep_sometimes(call: &Call<'_>, now: Moment) -> Result<(), Fault> {
    let written = call.shared.tokens_written.fetch_add(1, Ordering::Relaxed);
    if !written.is_multiple_of(SWEEP_EVERY) {
        return Ok(());
    }
    let end = Bound::Excluded(FieldValue::Int(now.millis()));
    let most = usize::try_from(SWEEP_EVERY)
        .unwrap_or(usize::MAX)
        .saturating_mul(2);
    let old = Query::of(&TOKEN).filter(Condition::Range("expires", Bound::Unbounded, end));
    let old = call.shared.store.read(
        old.ordered("expires", oos_store::Direction::Ascending)
            .limit(most),
    );
    let changes = old
        .await?
        .records
        .into_iter()
        .fold(Changes::new(), |changes, record| {
            changes.delete(&TOKEN, record.key, Expect::Version(record.version))
        });
    if !changes.is_empty() {
        // Who loses a race here has nothing to do: the row is in use again, or gone.
        let _ = call.shared.store.commit(changes).await;
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
