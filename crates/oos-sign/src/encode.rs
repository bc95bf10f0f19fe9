//! Percent-encoding and hex, written straight into the text that is signed.

/// Input bytes handled at once: with three output bytes each they stay below [`BLOCK`].
const CHUNK: usize = 340;
const BLOCK: usize = 1024;

/// Up to this length it pays to look first whether anything needs encoding: names and ids rarely do.
const SHORT: usize = 40;

const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";
const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";
static HEX_PAIRS: [[u8; 2]; 256] = hex_pairs();

/// Per byte: its up to three output bytes, the first one lowest, and above them how many bits they are.
static ESCAPES: [u32; 256] = escapes();

/// Appends `text` with every byte outside `A-Z a-z 0-9 - _ . ~` as `%XX`, upper case
/// (RFC 3986, as both schemes of Alibaba Cloud demand).
pub(crate) fn push_encoded(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    if bytes.len() <= SHORT && encoded_bits(bytes) as usize == bytes.len() * 8 {
        return out.push_str(text);
    }
    let mut block = [0_u8; BLOCK + 8];
    for chunk in bytes.chunks(CHUNK) {
        let mut filled = 0;
        let mut pairs = chunk.chunks_exact(2);
        for pair in &mut pairs {
            let (first, second) = (escape(pair[0]), escape(pair[1]));
            let both = first.0 | second.0 << first.1;
            filled = put(&mut block, filled, both, first.1 + second.1);
        }
        if let [last] = pairs.remainder() {
            let (bytes, bits) = escape(*last);
            filled = put(&mut block, filled, bytes, bits);
        }
        push_ascii(out, &block[..filled]);
    }
}

fn encoded_bits(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| escape(*byte).1).sum()
}

/// The output bytes of one input byte, and their bits.
fn escape(byte: u8) -> (u64, u32) {
    let entry = ESCAPES[usize::from(byte)];
    (u64::from(entry & 0x00FF_FFFF), entry >> 24)
}

/// Always writes eight bytes, of which the next round overwrites the surplus: no branch per byte.
fn put(block: &mut [u8; BLOCK + 8], filled: usize, bytes: u64, bits: u32) -> usize {
    // The remainder changes nothing, it only shows the compiler that the place is in range.
    let place = filled % BLOCK;
    block[place..place + 8].copy_from_slice(&bytes.to_le_bytes());
    filled + bits as usize / 8
}

/// The length that [`push_encoded`] can reach at most.
pub(crate) fn encoded_bound(text: &str) -> usize {
    text.len() * 3
}

/// The lower-case hex of a 32-byte digest, on the stack.
pub(crate) struct Hex([u8; 64]);

impl Hex {
    /// The hash of no bytes: most OOS requests have an empty body.
    pub(crate) const EMPTY_SHA256: Self =
        Self(*b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    /// Takes the first 32 bytes of `digest`.
    pub(crate) fn of(digest: &[u8]) -> Self {
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
            pair.copy_from_slice(&HEX_PAIRS[usize::from(*byte)]);
        }
        Self(text)
    }

    /// The SHA-256 of `bytes`.
    pub(crate) fn sha256(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::EMPTY_SHA256;
        }
        Self::of(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("hex digits are ASCII")
    }
}

/// Reads 64 lower-case hex digits; anything else is `None`.
pub(crate) fn read_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(bytes)
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn push_ascii(out: &mut String, bytes: &[u8]) {
    out.push_str(std::str::from_utf8(bytes).expect("percent-encoded text is ASCII"));
}

const fn escapes() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] = if is_unreserved(byte) {
            u32::from_le_bytes([byte, 0, 0, 8])
        } else {
            let (high, low) = (
                HEX_UPPER[(byte >> 4) as usize],
                HEX_UPPER[(byte & 15) as usize],
            );
            u32::from_le_bytes([b'%', high, low, 24])
        };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

const fn hex_pairs() -> [[u8; 2]; 256] {
    let mut table = [[0; 2]; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = [HEX_LOWER[byte >> 4], HEX_LOWER[byte & 15]];
        byte += 1;
    }
    table
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_encoded(text: &str, expected: &str) {
        let mut out = String::from("<");
        push_encoded(&mut out, text);
        assert_eq!(out, format!("<{expected}"));
        assert!(expected.len() <= encoded_bound(text));
    }

    #[test]
    fn only_the_unreserved_characters_stay() {
        check_encoded("", "");
        check_encoded("AZaz09-_.~", "AZaz09-_.~");
        check_encoded(" +*/%&=", "%20%2B%2A%2F%25%26%3D");
        check_encoded("\n\u{7f}名🔥", "%0A%7F%E5%90%8D%F0%9F%94%A5");
    }

    #[test]
    fn long_text_crosses_the_blocks_unharmed() {
        for length in [39, 40, 41, 169, 170, 171, 339, 340, 341, 680, 2000] {
            check_encoded(&"/".repeat(length), &"%2F".repeat(length));
            check_encoded(&"a/".repeat(length), &"a%2F".repeat(length));
        }
    }

    #[test]
    fn hex_goes_both_ways_and_is_strict() {
        let bytes: Vec<u8> = (0..32).map(|index| index * 8 + 3).collect();
        let hex = Hex::of(&bytes);
        assert_eq!(read_hex(hex.as_str()).map(Vec::from), Some(bytes));
        let upper = hex.as_str().to_uppercase();
        for wrong in ["", "00", upper.as_str(), &"g".repeat(64), &"0".repeat(65)] {
            assert_eq!(read_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_empty_hash_is_the_hash_of_nothing() {
        let computed = Hex::of(ring::digest::digest(&ring::digest::SHA256, b"").as_ref());
        assert_eq!(computed.as_str(), Hex::sha256(b"").as_str());
    }
}
