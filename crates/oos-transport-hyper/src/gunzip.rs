//! Decompresses answers.

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use oos_transport::{TransportError, TransportErrorKind};
use std::io::Read;

/// What `compressed` stands for, at most `limit` bytes: a few KB can stand for gigabytes.
pub(crate) fn gunzip(compressed: &[u8], limit: usize) -> Result<Bytes, TransportError> {
    // A JSON document shrinks to about a fifth; whatever the text claims, no more than the limit
    // is reserved.
    let expected = compressed.len().saturating_mul(5).min(limit);
    let mut plain = Vec::with_capacity(expected);
    let allowed = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(compressed)
        .take(allowed)
        .read_to_end(&mut plain)
        .map_err(|error| TransportError::new(TransportErrorKind::Encoding).with_source(error))?;
    if plain.len() > limit {
        return Err(TransportError::new(TransportErrorKind::BodyTooLarge));
    }
    Ok(plain.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).expect("a vector takes it");
        encoder.finish().expect("a vector takes it")
    }

    #[test]
    fn texts_come_back() {
        let check = |plain: &[u8]| {
            let found = gunzip(&gzip(plain), 100).expect("gzip");
            assert_eq!(&found[..], plain);
        };
        check(b"");
        check(b"{}");
        check(&[7; 100]);
        let mut two = gzip(b"ab");
        two.extend(gzip(b"cd"));
        assert_eq!(&gunzip(&two, 100).expect("two members")[..], b"abcd");
    }

    #[test]
    fn every_cut_and_every_flipped_byte_of_the_text_is_noticed() {
        let whole = gzip(b"{\"RequestId\":\"R\"}");
        for end in 1..whole.len() {
            let error = gunzip(&whole[..end], 100).expect_err("cut short");
            assert_eq!(error.kind(), TransportErrorKind::Encoding, "{end}");
        }
        for place in 10..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x55;
            assert!(gunzip(&damaged, 100).is_err(), "{place}");
        }
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let bomb = gzip(&vec![0; 10 << 20]);
        assert!(bomb.len() < 20_000);
        let check = |limit: usize, expected: Option<TransportErrorKind>| {
            let kind = gunzip(&bomb, limit).err().map(|error| error.kind());
            assert_eq!(kind, expected, "{limit}");
        };
        check(1000, Some(TransportErrorKind::BodyTooLarge));
        check((10 << 20) - 1, Some(TransportErrorKind::BodyTooLarge));
        check(10 << 20, None);
    }
}
