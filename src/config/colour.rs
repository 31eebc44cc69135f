//! The community's own accent colour, and whether it can be read.

use crate::fields::Fields;
use crate::findings::catalogue;

/// The page a colour is to stand out from.
#[derive(Debug, Clone, Copy)]
pub enum Page {
    Light,
    Dark,
}

impl Page {
    /// The theme's own paper colours, which the contrast is measured against.
    fn paper(self) -> [u8; 3] {
        match self {
            Page::Light => [0xfb, 0xf9, 0xf4],
            Page::Dark => [0x16, 0x1a, 0x1c],
        }
    }
}

/// The least contrast of text (WCAG 2.2, success criterion 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// Reads a colour as `#rrggbb`; one that cannot be read is told, and used all the same.
pub fn read(f: &mut Fields, key: &'static str, about: &'static str, page: Page) -> Option<String> {
    let text = f.text(key, about)?;
    let place = f.place(text.span);
    let Some(colour) = parse(&text) else {
        f.tell(catalogue::not_a_colour(place, &text));
        return None;
    };
    let ratio = contrast(colour, page.paper());
    if ratio < LEAST_CONTRAST {
        f.tell(catalogue::low_contrast(place, &text, &format!("{ratio:.1}")));
    }
    Some(text.value.to_ascii_lowercase())
}

fn parse(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
pub fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
fn luminance(colour: [u8; 3]) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(colour[0]) + 0.7152 * channel(colour[1]) + 0.0722 * channel(colour[2])
}
