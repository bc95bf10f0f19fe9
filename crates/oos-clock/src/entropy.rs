//! The port for randomness: nonces, ids and jitter derive from its bytes.

use ring::rand::{SecureRandom, SystemRandom};
use std::fmt::Debug;
use std::sync::Mutex;
use time::OffsetDateTime;

/// Draws random bytes.
///
/// Contract: two draws of one source are independent; the system's are fit for cryptography.
pub trait Entropy: Debug + Send + Sync + 'static {
    /// Sixteen random bytes (128 bits).
    fn bytes16(&self) -> [u8; 16];
}

/// The randomness of the operating system.
#[derive(Debug, Clone, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn bytes16(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        SystemRandom::new()
            .fill(&mut bytes)
            .expect("an operating system that has no randomness left can run nothing of this");
        bytes
    }
}

/// A sequence that is a function of its seed (SplitMix64): for tests and simulation only.
#[derive(Debug)]
pub struct SeededEntropy {
    state: Mutex<u64>,
}

impl SeededEntropy {
    /// A sequence that begins at `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            state: Mutex::new(seed),
        }
    }
}

impl Entropy for SeededEntropy {
    fn bytes16(&self) -> [u8; 16] {
        let mut state = self
            .state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&split_mix(&mut state).to_be_bytes());
        bytes[8..].copy_from_slice(&split_mix(&mut state).to_be_bytes());
        bytes
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// 32 lower-case hexadecimal digits: a nonce, or the stem of an id.
#[must_use]
pub fn hex32(entropy: &dyn Entropy) -> String {
    let mut text = String::with_capacity(32);
    push_hex(&mut text, &entropy.bytes16(), b"0123456789abcdef");
    text
}

/// An upper-case version 4 UUID, the form of OOS's request ids.
#[must_use]
pub fn uuid(entropy: &dyn Entropy) -> String {
    uuid_of(entropy.bytes16(), 4)
}

/// An upper-case version 7 UUID (RFC 9562, section 5.7): those that are made later, by a
/// millisecond or more, are greater. An index takes them far more cheaply than quite random ones.
#[must_use]
pub fn ordered_uuid(now: OffsetDateTime, entropy: &dyn Entropy) -> String {
    let mut bytes = entropy.bytes16();
    let millis = (now.unix_timestamp_nanos() / 1_000_000).to_be_bytes();
    bytes[..6].copy_from_slice(&millis[10..]);
    uuid_of(bytes, 7)
}

fn uuid_of(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    let mut rest = bytes.as_slice();
    for length in [4, 2, 2, 2, 6] {
        if !text.is_empty() {
            text.push('-');
        }
        let (group, tail) = rest.split_at(length);
        push_hex(&mut text, group, b"0123456789ABCDEF");
        rest = tail;
    }
    text
}

fn push_hex(text: &mut String, bytes: &[u8], digits: &[u8; 16]) {
    for byte in bytes {
        text.push(char::from(digits[usize::from(byte >> 4)]));
        text.push(char::from(digits[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_seed_decides_the_sequence() {
        let draw = |seed| {
            let entropy = SeededEntropy::new(seed);
            [entropy.bytes16(), entropy.bytes16()]
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert_ne!(draw(7)[0], draw(7)[1]);
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        assert_ne!(SystemEntropy.bytes16(), SystemEntropy.bytes16());
    }

    #[test]
    fn texts_have_their_forms() {
        let entropy = SeededEntropy::new(1);
        let nonce = hex32(&entropy);
        assert_eq!(nonce.len(), 32);
        assert!(
            nonce
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        );
        let check = |id: String, version| {
            let lengths: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12]);
            assert_eq!(id.as_bytes()[14], version);
            assert!(b"89AB".contains(&id.as_bytes()[19]));
            assert_eq!(id, id.to_uppercase());
        };
        check(uuid(&entropy), b'4');
        check(
            ordered_uuid(datetime!(2026-01-02 03:04:05 UTC), &entropy),
            b'7',
        );
    }

    #[test]
    fn later_ids_are_greater() {
        let entropy = SeededEntropy::new(1);
        let moments = [
            datetime!(2026-01-02 03:04:05 UTC),
            datetime!(2026-01-02 03:04:05.001 UTC),
            datetime!(2026-01-02 03:04:06 UTC),
            datetime!(2126-01-02 03:04:05 UTC),
        ];
        let ids = moments.map(|now| ordered_uuid(now, &entropy));
        assert!(ids.is_sorted(), "{ids:?}");
        assert!(ids[0].starts_with("019B7CA9-8C88-7"), "{ids:?}");
        assert_ne!(ordered_uuid(moments[0], &entropy), ids[0]);
    }
}
