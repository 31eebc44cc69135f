//! How the files of the index are written: cut where their content says so, and called by what is in them.

use rayon::prelude::*;
use std::fmt::Write;

/// The longest beginning of a word that has a list of its own, in UTF-16 units.
pub const STARTS: usize = 2;

/// A file of the index: its name without folder and ending, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub text: Box<str>,
}

/// One shelf: files of one letter, in order.
#[derive(Debug, Default)]
pub struct Shelf {
    pub files: Vec<File>,
    /// For each file the end of its name, which follows from what is in it.
    pub marks: Vec<String>,
}

impl Shelf {
    /// Puts a file on a shelf for each of these, whose value `write` writes. Each goes as soon as it is written.
    pub fn of<T: Send>(letter: char, items: Vec<T>, write: impl Fn(T, &mut String) + Sync) -> Shelf {
        let each = items.into_par_iter().enumerate();
        let files = each.map_init(String::new, |text, (number, item)| marked(&format!("{letter}{number}"), text, |text| write(item, text)));
        let files: Vec<File> = files.collect();
        let marks = files.iter().map(|file| file.name[file.name.len() - MARK..].to_owned()).collect();
        Shelf { files, marks }
    }
}

/// A file that calls the page's function with its name and its value.
pub fn file(name: &str, value: &str) -> File {
    File { name: name.to_owned(), text: format!("folkmootShelf(\"{name}\",{value});\n").into() }
}

/// The same, called by what is in it. The text is made in memory that is used again, and takes no more than it needs.
fn marked(stem: &str, text: &mut String, write: impl FnOnce(&mut String)) -> File {
    text.clear();
    write(text);
    file(&format!("{stem}-{}", mark(text)), text)
}

/// Letters of a mark.
const MARK: usize = 4;

/// Four letters that follow from a value. File systems that do not tell capitals apart can hold them.
fn mark(value: &str) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let digest = blake3::hash(value.as_bytes());
    let bits = u32::from_be_bytes(digest.as_bytes()[..4].try_into().expect("a digest is longer"));
    (0..MARK).map(|place| char::from(LETTERS[(bits >> (place * 5) & 31) as usize])).collect()
}

/// Says where to cut a row of things into files of about `aim` bytes: by what they are called, not by what stood before
/// them, so that a thing that is put in or left out moves few cuts.
pub struct Cuts {
    aim: u32,
    most: usize,
    size: usize,
}

impl Cuts {
    pub fn new(aim: usize, most: usize) -> Cuts {
        Cuts { aim: aim as u32, most, size: 0 }
    }

    /// Whether a thing of so many bytes begins a new file.
    pub fn before(&mut self, name: &str, bytes: usize) -> bool {
        let chance = bytes.next_power_of_two() as u32;
        let drawn = blake3::hash(name.as_bytes()).as_bytes()[..4].try_into().map_or(0, u32::from_le_bytes);
        let cut = self.size > 0 && (drawn % self.aim < chance || self.size + bytes > self.most);
        self.size = if cut { bytes } else { self.size + bytes };
        cut
    }
}

/// JSON that can stand in a script, whatever is in it: titles come from many hands.
pub fn escaped(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Writes a text as JSON that can stand in a script, whatever is in it.
pub fn push_text(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    let special = |c: char| matches!(c, '"' | '\\' | '<' | '\u{2028}' | '\u{2029}') || c.is_ascii_control();
    while let Some(at) = rest.find(special) {
        json.push_str(&rest[..at]);
        let c = rest[at..].chars().next().expect("it was just found");
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            c => write!(json, "\\u{:04x}", c as u32).expect("a string takes all"),
        }
        rest = &rest[at + c.len_utf8()..];
    }
    json.push_str(rest);
    json.push('"');
}

/// Writes texts as a JSON list.
pub fn push_row(json: &mut String, texts: &[&str]) {
    json.push('[');
    for (number, text) in texts.iter().enumerate() {
        if number > 0 {
            json.push(',');
        }
        push_text(json, text);
    }
    json.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let mut json = String::new();
        let hostile = "</script><img onerror=\"x\">\u{2028}\\ \u{202e}\n";
        push_text(&mut json, hostile);
        assert_eq!(json, r#""\u003c/script>\u003cimg onerror=\"x\">\u2028\\ "#.to_owned() + "\u{202e}\\u000a\"");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }

    #[test]
    fn a_thing_put_in_moves_few_cuts() {
        let things: Vec<String> = (0..2_000).map(|number| format!("thing {number}")).collect();
        let cut = |things: &[String]| -> Vec<String> {
            let mut cuts = Cuts::new(4_000, 16_000);
            things.iter().filter(|thing| cuts.before(thing, 100)).cloned().collect()
        };
        let before = cut(&things);
        let mut more = things.clone();
        more.insert(1_000, "another".to_owned());
        let after = cut(&more);
        assert!(before.len() > 20, "{}", before.len());
        assert!(after.iter().filter(|cut| !before.contains(cut)).count() <= 2);
    }

    #[test]
    fn names_follow_from_content() {
        let shelf = Shelf::of('p', vec!["[]", "[1]"], |value, text| text.push_str(value));
        assert!(shelf.files[0].name.starts_with("p0-") && shelf.files[1].name.starts_with("p1-"));
        assert_eq!(shelf.marks, [&shelf.files[0].name[3..], &shelf.files[1].name[3..]]);
    }
}
