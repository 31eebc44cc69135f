//! The buckets that words beside each other fall into, by a hash of their UTF-16 units, since those are what a browser
//! counts in.

/// What stands before a neighbour: the hash of a word and a space.
#[derive(Debug, Clone, Copy)]
pub struct Begun(u32);

impl Begun {
    pub fn with(word: &str) -> Begun {
        Begun(hash(hash(0, word), " "))
    }

    /// The bucket of the word and this neighbour, of so many.
    pub fn bucket(self, neighbour: &str, buckets: u16) -> u16 {
        (hash(self.0, neighbour) % u32::from(buckets)) as u16
    }
}

/// Goes on from a hash.
fn hash(from: u32, text: &str) -> u32 {
    let step = |hash: u32, unit: u32| hash.wrapping_mul(31).wrapping_add(unit);
    if text.is_ascii() {
        text.bytes().fold(from, |hash, byte| step(hash, u32::from(byte)))
    } else {
        text.encode_utf16().fold(from, |hash, unit| step(hash, u32::from(unit)))
    }
}
