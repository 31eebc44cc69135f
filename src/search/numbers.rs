//! Numbers as text that needs no escaping in a script: small ones take one character.
//!
//! The guide's page "How search works" tells the rule; the browser's engine reads the same.

/// Numbers below this are one character.
const SINGLE: u32 = 60;
/// What is above it says how many characters there are to begin a longer number with.
const MORE: u32 = 31;

/// The characters in the order of their values: printable ASCII without the space, `"`, `<` and `\`.
const CHARACTERS: [u8; (SINGLE + MORE) as usize] = {
    let mut characters = [0; (SINGLE + MORE) as usize];
    let (mut at, mut next) = (0, b'!');
    while at < characters.len() {
        if next != b'"' && next != b'<' && next != b'\\' {
            characters[at] = next;
            at += 1;
        }
        next += 1;
    }
    characters
};

/// Writes a number.
pub fn push(text: &mut String, mut number: u32) {
    while number >= SINGLE {
        let above = number - SINGLE;
        text.push(char::from(CHARACTERS[(SINGLE + above % MORE) as usize]));
        number = above / MORE;
    }
    text.push(char::from(CHARACTERS[number as usize]));
}

/// The value of one character, 0 to 90; 0 for one that is none of them.
pub fn value(character: u8) -> u32 {
    CHARACTERS.binary_search(&character).map_or(0, |at| at as u32)
}

/// Reads the numbers of a text one after the other.
#[derive(Debug, Clone)]
pub struct Numbers<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Numbers<'a> {
    pub fn of(text: &'a str) -> Numbers<'a> {
        Numbers { bytes: text.as_bytes().iter() }
    }
}

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (mut number, mut scale) = (0u32, 1u32);
        loop {
            let value = value(*self.bytes.next()?);
            number = number.wrapping_add(value.wrapping_mul(scale));
            if value < SINGLE {
                return Some(number);
            }
            scale = scale.wrapping_mul(MORE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = [0, 1, 59, 60, 61, 90, 91, 1_919, 1_920, 60_000, 11_263, 1_000_000, u32::MAX];
        let mut text = String::new();
        numbers.iter().for_each(|number| push(&mut text, *number));
        assert_eq!(Numbers::of(&text).collect::<Vec<u32>>(), numbers);
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<\\".contains(&byte)));
    }

    #[test]
    fn small_numbers_are_short() {
        let length = |number| {
            let mut text = String::new();
            push(&mut text, number);
            text.len()
        };
        assert_eq!([0, 59, 60, 1_919, 1_920].map(length), [1, 1, 2, 2, 3]);
    }
}
