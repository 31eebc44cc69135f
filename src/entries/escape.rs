//! Text as HTML: every character that would mean something to a browser is written so that it does not.

/// What a character that no page may contain is replaced by: U+FFFD, as CommonMark does with NUL.
const REPLACEMENT: &str = "\u{FFFD}";

/// Bytes that cannot be copied as they stand into text.
static IN_TEXT: [bool; 256] = special(b"&<>");
/// Bytes that cannot be copied as they stand into a quoted attribute.
static IN_ATTRIBUTE: [bool; 256] = special(b"&<>\"");

/// Appends text between tags.
pub fn text(out: &mut String, text: &str) {
    escape(out, text, &IN_TEXT);
}

/// Appends the value of an attribute that stands in double quotes.
pub fn attribute(out: &mut String, value: &str) {
    escape(out, value, &IN_ATTRIBUTE);
}

/// The bytes to stop at: the given ones, control characters, and 0xC2, which begins the no-break space and the
/// control characters U+0080 to U+009F in UTF-8.
const fn special(marks: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = byte != b'\t' as usize && byte != b'\n' as usize;
        byte += 1;
    }
    table[0x7F] = true;
    table[0xC2] = true;
    let mut mark = 0;
    while mark < marks.len() {
        table[marks[mark] as usize] = true;
        mark += 1;
    }
    table
}

/// Writes exactly what the sanitiser would write for the same text, so that text reads the same with and without it.
fn escape(out: &mut String, text: &str, special: &[bool; 256]) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    let mut at = 0;
    while let Some(plain) = bytes[at..].iter().position(|byte| special[*byte as usize]) {
        at += plain;
        let (written, length) = match (bytes[at], bytes.get(at + 1)) {
            (b'&', _) => ("&amp;", 1),
            (b'<', _) => ("&lt;", 1),
            (b'>', _) => ("&gt;", 1),
            (b'"', _) => ("&quot;", 1),
            // Windows line ends become plain ones, so that the same text gives the same bytes.
            (b'\r', Some(b'\n')) => ("", 1),
            (b'\r', _) => ("\n", 1),
            (0xC2, Some(0xA0)) => ("&nbsp;", 2),
            (0xC2, Some(0x80..=0x9F)) => (REPLACEMENT, 2),
            (0xC2, _) => {
                at += 2;
                continue;
            }
            _ => (REPLACEMENT, 1),
        };
        out.push_str(&text[copied..at]);
        out.push_str(written);
        at += length;
        copied = at;
    }
    out.push_str(&text[copied..]);
}
