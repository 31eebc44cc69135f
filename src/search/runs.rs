//! Lists of entries while an index is being read: as bytes, because there are hundreds of places in every entry, and
//! together they are most of what reading holds.

/// The bit of a place's level that says that a section follows. Levels need five bits.
const SAID: u8 = 0x20;

/// Entries in rising order, each once: with a level and a section each, or with neither.
#[derive(Debug, Default)]
pub struct Run {
    /// For each entry how far it is from the one before, in groups of seven bits, the lowest first; then its place.
    bytes: Vec<u8>,
    last: u32,
    count: u32,
}

impl Run {
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Adds an entry that stands behind all others, or is the last one already.
    pub fn add(&mut self, entry: u32) {
        if self.count > 0 && self.last == entry {
            return;
        }
        let mut far = entry - self.last;
        while far >= 0x80 {
            self.byte(far as u8 | 0x80);
            far >>= 7;
        }
        self.byte(far as u8);
        self.last = entry;
        self.count += 1;
    }

    /// Adds an entry that stands behind all others, with its level and section.
    pub fn place(&mut self, entry: u32, level: u8, section: u8) {
        self.add(entry);
        self.byte(if section > 0 { level | SAID } else { level });
        if section > 0 {
            self.byte(section);
        }
    }

    /// Grows by halves: doubled, lists would have room for a third more than what is in them.
    fn byte(&mut self, byte: u8) {
        if self.bytes.len() == self.bytes.capacity() {
            self.bytes.reserve_exact((self.bytes.len() / 2).max(8));
        }
        self.bytes.push(byte);
    }

    /// The entries that were added without places.
    pub fn entries(&self) -> impl Iterator<Item = u32> {
        let mut reader = Reader::of(self);
        std::iter::from_fn(move || reader.entry())
    }

    /// The entries that were added with level and section.
    pub fn places(&self) -> impl Iterator<Item = (u32, u8, u8)> {
        let mut reader = Reader::of(self);
        std::iter::from_fn(move || {
            let entry = reader.entry()?;
            let level = reader.byte()?;
            let section = if level & SAID > 0 { reader.byte()? } else { 0 };
            Some((entry, level & !SAID, section))
        })
    }
}

struct Reader<'a> {
    bytes: std::slice::Iter<'a, u8>,
    last: u32,
}

impl Reader<'_> {
    fn of(run: &Run) -> Reader<'_> {
        Reader { bytes: run.bytes.iter(), last: 0 }
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes.next().copied()
    }

    fn entry(&mut self) -> Option<u32> {
        let mut far = 0;
        for group in 0.. {
            let byte = self.byte()?;
            far |= u32::from(byte & 0x7f) << (7 * group);
            if byte < 0x80 {
                break;
            }
        }
        self.last += far;
        Some(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_they_were_added_each_once() {
        let mut run = Run::default();
        for entry in [0, 0, 1, 127, 128, 300, 300, 90_000, u32::MAX] {
            run.add(entry);
        }
        let entries = [0, 1, 127, 128, 300, 90_000, u32::MAX];
        assert_eq!(run.entries().collect::<Vec<u32>>(), entries);
        assert_eq!(run.count() as usize, entries.len());
    }

    #[test]
    fn places_are_read_as_they_were_added() {
        let places = [(0, 31, 0), (1, 1, 59), (129, 31, 0x80 | 59), (70_000, 16, 1)];
        let mut run = Run::default();
        places.iter().for_each(|(entry, level, section)| run.place(*entry, *level, *section));
        assert_eq!(run.places().collect::<Vec<_>>(), places);
    }
}
