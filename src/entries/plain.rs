//! What a text says without its markup: its opening, the names of its headings, how many words it has.

/// The longest opening of a text, in characters: two or three sentences, enough for a summary.
const OPENING_LENGTH: usize = 300;
/// The most bytes a character takes in UTF-8.
const CHARACTER_BYTES: usize = 4;

/// Where the text goes that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Into the opening of the text: the first paragraph.
    Opening,
    /// Nowhere, until a paragraph begins.
    Body,
    /// Into the name of a heading.
    Heading,
    /// Nowhere; its words are counted all the same.
    Nowhere,
}

/// Collects plain text while a text is read.
#[derive(Debug)]
pub struct Plain {
    pub part: Part,
    pub opening: String,
    pub heading: String,
    pub words: u32,
    in_word: bool,
}

impl Plain {
    pub fn new() -> Self {
        Plain { part: Part::Body, opening: String::new(), heading: String::new(), words: 0, in_word: false }
    }

    pub fn push(&mut self, text: &str) {
        self.count(text);
        match self.part {
            Part::Opening => push_until(&mut self.opening, text, OPENING_LENGTH),
            Part::Heading => self.heading.push_str(text),
            Part::Body | Part::Nowhere => {}
        }
    }

    /// The end of a line or a block: whatever comes next is another word.
    pub fn gap(&mut self) {
        self.push(" ");
    }

    pub fn take_heading(&mut self) -> String {
        let heading = std::mem::take(&mut self.heading);
        shortened(&heading, usize::MAX)
    }

    pub fn take_opening(&mut self) -> String {
        shortened(&std::mem::take(&mut self.opening), OPENING_LENGTH)
    }

    /// A word is a run without white space. Chinese and Japanese put none between words; there each character
    /// counts, which is near enough for a reading time.
    fn count(&mut self, text: &str) {
        let Some((first, last)) = text.as_bytes().first().zip(text.as_bytes().last()) else { return };
        if text.is_ascii() {
            let is_space = |byte: &u8| *byte <= b' ';
            let begins = text.as_bytes().windows(2).filter(|pair| is_space(&pair[0]) & !is_space(&pair[1])).count();
            self.words += begins as u32 + u32::from(!self.in_word && !is_space(first));
            self.in_word = !is_space(last);
            return;
        }
        for letter in text.chars() {
            if is_ideographic(letter) {
                self.words += 1;
                self.in_word = false;
            } else if letter.is_whitespace() {
                self.in_word = false;
            } else if !self.in_word && letter.is_alphanumeric() {
                self.words += 1;
                self.in_word = true;
            }
        }
    }
}

/// Kana and the unified ideographs of the first two planes that hold them.
fn is_ideographic(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{2FA1F}')
}

/// Appends while there can be room for more than the given number of characters, so that a long text costs nothing.
fn push_until(collected: &mut String, text: &str, characters: usize) {
    let most = (characters + 1) * CHARACTER_BYTES;
    let room = most.saturating_sub(collected.len());
    collected.push_str(&text[..text.floor_char_boundary(room)]);
}

/// One line of fewer characters than that, cut after a word and with an ellipsis if there was more.
fn shortened(text: &str, characters: usize) -> String {
    let mut line = String::with_capacity(text.len().min(characters));
    let mut length = 0;
    for word in text.split_whitespace() {
        let gap = usize::from(length > 0);
        let longer = length + gap + word.chars().count();
        // The ellipsis is a character too.
        if longer >= characters {
            if length == 0 {
                // A text without spaces is cut where it must be.
                line.extend(word.chars().take(characters - 1));
            }
            line.push('…');
            break;
        }
        if gap > 0 {
            line.push(' ');
        }
        line.push_str(word);
        length = longer;
    }
    line
}
