//! The buckets that words beside each other fall into: FNV-1a over UTF-16 units, since those are what a browser counts in.

/// What stands before a neighbour: the hash of a word and a space.
#[derive(Debug, Clone, Copy)]
pub struct Begun(u32);

impl Begun {
    pub fn with(word: &str) -> Begun {
        Begun(hash(hash(2_166_136_261, word), " "))
    }

    /// The bucket of the word and this neighbour, of 2 to the power of `bits` (1 to 32).
    pub fn bucket(self, neighbour: &str, bits: u32) -> u32 {
        let hash = hash(self.0, neighbour);
        // Mixed once more, since only the first bits count.
        (hash ^ (hash >> 16)).wrapping_mul(73_244_475) >> (u32::BITS - bits)
    }
}

/// Goes on from a hash.
fn hash(from: u32, text: &str) -> u32 {
    let step = |hash: u32, unit: u32| (hash ^ unit).wrapping_mul(16_777_619);
    if text.is_ascii() {
        text.bytes().fold(from, |hash, byte| step(hash, u32::from(byte)))
    } else {
        text.encode_utf16().fold(from, |hash, unit| step(hash, u32::from(unit)))
    }
}
