//! What search engines are told: the list of pages, and what to pass over.

use super::Route;
use crate::knowledge::{Knowledge, Shown, paths};
use std::fmt::Write;

/// How many addresses one sitemap may hold (sitemaps.org protocol).
const MOST: usize = 50_000;

/// The sitemap: every page that may be found, with the day it last changed where that is known.
pub fn sitemap(knowledge: &Knowledge, files: &[String], routes: &[Route]) -> String {
    let base = knowledge.config.base_url.as_deref().unwrap_or_default();
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let pages = files.iter().zip(routes).filter_map(|(file, route)| {
        let changed = match route {
            Route::Home | Route::Index(_, _, 1) | Route::Calendar(_) | Route::Register(_, 1) | Route::Gathered(_, 1) => None,
            Route::Entry(id) if knowledge.shown(*id) == Shown::Listed => {
                let entry = knowledge.entry(*id);
                entry.common.updated.as_ref().map(|at| at.value).or(entry.date)
            }
            _ => return None,
        };
        Some((file.strip_suffix("index.html")?, changed))
    });
    for (path, changed) in pages.take(MOST) {
        let address = escaped(&format!("{base}{}", paths::encoded(path)));
        let _ = write!(xml, "<url><loc>{address}</loc>");
        if let Some(changed) = changed {
            let _ = write!(xml, "<lastmod>{changed}</lastmod>");
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

pub fn robots(knowledge: &Knowledge) -> String {
    let mut text = String::from("User-agent: *\nDisallow:\n");
    if let Some(base) = &knowledge.config.base_url {
        let _ = write!(text, "\nSitemap: {base}sitemap.xml\n");
    }
    text
}

/// Text that can stand in XML, in attributes too; what XML 1.0 cannot hold is left out (section 2.2).
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
