//! SHA-256 in the two forms in which it is needed here.

use ring::digest::{SHA256, digest};
use std::fmt::Write as _;

/// The digest in 64 lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    to_hex(digest(&SHA256, bytes).as_ref())
}

/// The first half of the digest: still too long to find two texts that share it.
pub(crate) fn half(bytes: &[u8]) -> [u8; 16] {
    let whole = digest(&SHA256, bytes);
    let (half, _) = whole
        .as_ref()
        .split_first_chunk()
        .expect("a SHA-256 digest has 32 bytes");
    *half
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_nothing_is_the_published_one() {
        let published = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(b""), published);
        assert_eq!(to_hex(&half(b"")), published[..32]);
    }
}
