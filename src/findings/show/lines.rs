//! Where a byte of a source stands, in lines and columns, whatever the byte.

use super::{Mark, Place, Texts, is_showable};
use std::collections::HashMap;

/// A line and a column as people count them: from 1, the column in Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// The sources that findings name, each looked up and divided into lines once.
pub struct Files<'a, 't> {
    texts: Texts<'a, 't>,
    known: HashMap<String, Option<Lines<'t>>>,
}

struct Lines<'t> {
    text: &'t str,
    /// The byte each line begins at; the first one after a byte-order mark, which nobody sees.
    starts: Vec<usize>,
}

impl<'a, 't> Files<'a, 't> {
    pub fn new(texts: Texts<'a, 't>) -> Self {
        Files { texts, known: HashMap::new() }
    }

    fn lines(&mut self, file: &str) -> Option<&Lines<'t>> {
        if !self.known.contains_key(file) {
            let lines = (self.texts)(file).map(Lines::of);
            self.known.insert(file.to_owned(), lines);
        }
        self.known.get(file).and_then(Option::as_ref)
    }

    /// Where a byte stands; the beginning of the file if there is no text.
    pub fn position(&mut self, file: &str, byte: u32) -> Position {
        self.lines(file).map_or(Position { line: 1, column: 1 }, |lines| lines.position(byte as usize))
    }

    /// Where a place begins, and where what follows it would begin.
    pub fn extent(&mut self, at: &Place) -> (Position, Position) {
        let start = self.position(&at.file, at.span.start);
        (start, self.position(&at.file, at.span.end.max(at.span.start)))
    }

    /// A line without its end, counted from 0.
    pub fn line(&mut self, file: &str, line: usize) -> Option<&'t str> {
        self.lines(file).and_then(|lines| lines.line(line))
    }

    /// What to point at for a place; none where its line cannot be shown.
    pub fn mark(&mut self, place: &Place) -> Option<Mark> {
        let lines = self.lines(&place.file)?;
        let (start, end) = (lines.floor(place.span.start as usize), lines.floor(place.span.end as usize));
        let number = lines.number(start);
        let line = lines.line(number).filter(|line| is_showable(line))?;
        // A place that goes on for several lines is shown by its first: the rest rarely says more.
        let start = (start - lines.starts[number]).min(line.len());
        let end = end.saturating_sub(lines.starts[number]).clamp(start, line.len());
        Some(Mark { line: number, start, end })
    }

    /// The first line of what stands at a place, cut to so many characters; none where nothing does.
    pub fn words(&mut self, place: &Place, length: usize) -> Option<String> {
        let mark = self.mark(place)?;
        let words = self.line(&place.file, mark.line)?[mark.start..mark.end].trim();
        let short: String = words.chars().take(length).collect();
        match short.len() {
            0 => None,
            cut if cut < words.len() => Some(format!("{short}…")),
            _ => Some(short),
        }
    }
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let starts = std::iter::once(first).chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        Lines { text, starts: starts.collect() }
    }

    /// The nearest place at or before a byte at which a character begins.
    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.clamp(self.starts[0], self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }

    /// The line that holds a byte, from 0.
    fn number(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    fn line(&self, number: usize) -> Option<&'t str> {
        let start = *self.starts.get(number)?;
        let end = self.starts.get(number + 1).map_or(self.text.len(), |next| next - 1);
        Some(self.text[start..end].trim_end_matches('\r'))
    }

    fn position(&self, byte: usize) -> Position {
        let byte = self.floor(byte);
        let number = self.number(byte);
        // Behind the last character that is seen, nothing is counted: an editor has no such column.
        let line = self.line(number).unwrap_or_default();
        let before = &line[..(byte - self.starts[number]).min(line.len())];
        Position { line: number + 1, column: before.chars().count() + 1 }
    }
}
