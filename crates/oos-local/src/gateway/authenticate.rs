//! Who sent a request.

use crate::fault::{ACCESS_KEY_NOT_FOUND, Fault, NONCE_USED, THROTTLING, TIMESTAMP_EXPIRED};
use crate::gateway::nonces::NonceProblem;
use crate::shared::Shared;
use oos_sign::{Claims, ReceivedRequest};
use time::OffsetDateTime;

/// Reads what the request claims, and proves it.
///
/// The nonce is looked at last, so that a forged request can not use up the nonce of a real one;
/// before anything is computed the key has to be known and the date to be near
/// (docs/semantics.md, "Signatures").
pub(super) fn authenticate(
    shared: &Shared,
    received: &ReceivedRequest<'_>,
) -> Result<Claims, Fault> {
    let claims = Claims::read(received)?;
    if claims.access_key_id() != shared.key.id() {
        return Err(Fault::of(ACCESS_KEY_NOT_FOUND));
    }
    let now = shared.gateway_clock.now();
    if (now - claims.date()).unsigned_abs() > shared.signature_window {
        return Err(Fault::of(TIMESTAMP_EXPIRED));
    }
    oos_sign::verify(received, &claims, &shared.key)?;
    use_up(shared, &claims, now)?;
    Ok(claims)
}

fn use_up(shared: &Shared, claims: &Claims, now: OffsetDateTime) -> Result<(), Fault> {
    let window = shared.signature_window;
    let until = now
        .max(claims.date())
        .saturating_add(window.try_into().unwrap_or_default());
    let used = shared
        .nonces
        .use_up(claims.access_key_id(), claims.nonce(), now, until);
    used.map_err(|problem| match problem {
        NonceProblem::Used => Fault::of(NONCE_USED),
        NonceProblem::TooMany => Fault::new(
            THROTTLING,
            format!("{} Too many nonces to remember.", THROTTLING.message),
        ),
    })
}
