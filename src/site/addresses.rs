//! One table of everything that wants an address: two things at one are told, never written over each other.

use super::Route;
use crate::entries::names;
use crate::findings::{Finding, Place, catalogue};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

type Map<V> = std::collections::HashMap<String, V, foldhash::fast::RandomState>;

/// Claimant wants an address, in words: what stands before its name, the name, and what stands after. Put together only
/// where two of them meet.
#[derive(Debug, Clone, Default)]
pub struct Claimant<'k> {
    before: &'static str,
    name: Cow<'k, str>,
    after: &'static str,
}

impl<'k> Claimant<'k> {
    pub const fn plain(words: &'static str) -> Claimant<'static> {
        Claimant { before: words, name: Cow::Borrowed(""), after: "" }
    }

    pub fn named(before: &'static str, name: impl Into<Cow<'k, str>>, after: &'static str) -> Claimant<'k> {
        Claimant { before, name: name.into(), after }
    }

    fn words(&self) -> String {
        format!("{}{}{}", self.before, self.name, self.after)
    }
}

/// Where something was written; none for what the program makes by itself.
pub type Written<'k> = Option<Cow<'k, Place>>;

/// Claimant wanted an address, and where that was written.
type Holder<'k> = (Claimant<'k>, Written<'k>);

/// The claims made so far. Addresses are compared in NFC and without regard to case, since some disks and servers do.
#[derive(Default)]
pub struct Claims<'k> {
    /// Output files and what makes them, in the order of the claims.
    pub routes: Vec<(String, Route)>,
    pub findings: Vec<Finding>,
    holders: Map<Holder<'k>>,
    /// Folders that claimed files lie in, each with one of them.
    folders: Map<String>,
}

impl<'k> Claims<'k> {
    pub fn new() -> Claims<'k> {
        Claims::default()
    }

    /// Claims a page by its percent-encoded path (`practices/`).
    pub fn page(&mut self, path: &str, route: Route, what: Claimant<'k>, at: Written<'k>) {
        let path = percent_decode_str(path).decode_utf8_lossy();
        self.file(format!("{path}index.html"), route, what, at);
    }

    /// Keeps the address of a page for something that is not there yet.
    pub fn reserve(&mut self, path: &str, what: Claimant<'k>) {
        self.holders.entry(names::lower(&format!("{path}index.html"))).or_insert((what, None));
    }

    /// Keeps a folder and all that may be in it.
    pub fn reserve_folder(&mut self, folder: &str, what: Claimant<'k>) {
        self.holders.entry(names::lower(folder)).or_insert((what, None));
    }

    /// Claims an output file by its plain path.
    pub fn file(&mut self, file: String, route: Route, what: Claimant<'k>, at: Written<'k>) {
        let key = names::lower(&file);
        if let Some(holder) = self.holders.get(&key).cloned() {
            let address = format!("/{}", file.trim_end_matches("index.html"));
            return self.refuse(&address, at, holder);
        }
        // A file and a folder of one name cannot both be written. Below a folder that is known, this has been looked at.
        let folder = key.rfind('/').map_or("", |slash| &key[..slash]);
        let is_known = folder.is_empty() || self.folders.contains_key(folder);
        let above = if is_known { None } else { folders_of(&key).find(|folder| self.holders.contains_key(*folder)).map(str::to_owned) };
        if let Some(other) = above.or_else(|| self.folders.get(&key).cloned()) {
            let holder = self.holders.get(&other).cloned().unwrap_or_default();
            return self.refuse(&format!("/{file}"), at, holder);
        }
        if !is_known {
            for folder in folders_of(&key) {
                if !self.folders.contains_key(folder) {
                    self.folders.insert(folder.to_owned(), key.clone());
                }
            }
        }
        self.holders.insert(key, (what, at));
        self.routes.push((file, route));
    }

    fn refuse(&mut self, address: &str, at: Written, (other, place): Holder) {
        let here = at.as_ref().or(place.as_ref()).map(|at| Place::clone(at));
        let here = here.unwrap_or_else(|| Place::top(&std::sync::Arc::from(crate::sources::CONFIG)));
        let there = at.and(place).map(Cow::into_owned).filter(|place| *place != here);
        self.findings.push(catalogue::route_taken(here, address, &other.words(), there));
    }
}

/// The folders that a file lies in, the outermost first.
fn folders_of(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('/').map(|(slash, _)| &key[..slash])
}

/// The output file for an old address: `/2019/call/` and `/2019/call` become a folder, `/old.html` a file. None if it
/// would lead out of the site or nowhere.
pub fn alias_file(alias: &str) -> Option<String> {
    let path = percent_decode_str(alias).decode_utf8().ok()?;
    let path = path.trim().strip_prefix('/').unwrap_or(path.trim());
    let foreign = path.contains(['\\', '\0', '?', '#', ':']) || path.chars().any(char::is_control);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if foreign || parts.is_empty() || parts.iter().any(|part| *part == "." || *part == ".." || *part == ".folkmoot") {
        return None;
    }
    let file = parts.join("/");
    let is_file = file.ends_with(".html") || file.ends_with(".htm");
    Some(if is_file { file } else { format!("{file}/index.html") })
}

/// The media type that the ending of a file's name stands for (IANA media types).
pub fn media_type(file: &str) -> &'static str {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" if file.ends_with("feed.json") => "application/feed+json; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "xml" if file.ends_with("feed.xml") => "application/atom+xml; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "woff2" => "font/woff2",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
