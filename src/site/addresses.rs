//! One table of everything that wants an address: two things at one are told, never written over each other.

use super::Route;
use crate::entries::names;
use crate::findings::{Checked, Finding, Place, catalogue};
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

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

/// What wants an address.
struct Claim<'k> {
    /// The output file; of something that is only kept free, none is made.
    file: String,
    route: Option<Route>,
    what: Claimant<'k>,
    at: Written<'k>,
}

/// Everything that wants an address, in the order in which it may have it. Addresses are compared in NFC and without
/// regard to case, since some disks and servers do.
#[derive(Default)]
pub struct Claims<'k> {
    as_before: Option<AsBefore<'k>>,
    claims: Vec<Claim<'k>>,
    pub findings: Vec<Finding>,
}

/// Claims as long as each is to the address that was claimed in its turn the last time: nothing is written down of them
/// but who has the addresses now.
struct AsBefore<'k> {
    last: &'k Settled,
    /// The turn of the next one; none after one that was another.
    turn: Option<usize>,
    routes: Vec<(u32, Route)>,
}

impl AsBefore<'_> {
    /// Whether this is what was claimed in this turn, in pieces: the folders and the file.
    fn takes(&self, turn: usize, pieces: [&str; 2], kept_free: bool) -> Option<&Claimed> {
        let claimed = self.last.claimed.get(turn)?;
        let (file, free) = match claimed {
            Claimed::File(place) => (&self.last.files[*place as usize], false),
            Claimed::Free(file) => (file, true),
        };
        (free == kept_free && file.strip_prefix(pieces[0]) == Some(pieces[1])).then_some(claimed)
    }
}

impl<'k> Claims<'k> {
    /// The first claims, or those that come after the first, as they were when addresses were settled last.
    pub fn as_before(last: &'k Settled, half: Half) -> Claims<'k> {
        let turn = match half {
            Half::First => 0,
            Half::Second => last.first,
        };
        Claims { as_before: Some(AsBefore { last, turn: Some(turn), routes: Vec::new() }), ..Claims::default() }
    }

    /// Claims a page by its percent-encoded path (`practices/`).
    pub fn page(&mut self, path: &str, route: Route, what: Claimant<'k>, at: Written<'k>) {
        self.within(path, "index.html", route, what, at);
    }

    /// Claims a file by the percent-encoded path of its folder and its plain name.
    pub fn within(&mut self, folder: &str, name: &str, route: Route, what: Claimant<'k>, at: Written<'k>) {
        let folder = if folder.contains('%') { percent_decode_str(folder).decode_utf8_lossy() } else { folder.into() };
        self.claim([&folder, name], Some(route), what, at);
    }

    /// Keeps the address of a page for something that is not there yet.
    pub fn reserve(&mut self, path: &str, what: Claimant<'k>) {
        self.claim([path, "index.html"], None, what, None);
    }

    /// Keeps a folder and all that may be in it.
    pub fn reserve_folder(&mut self, folder: &str, what: Claimant<'k>) {
        self.claim([folder, ""], None, what, None);
    }

    /// Claims an output file by its plain path.
    pub fn file(&mut self, file: &str, route: Route, what: Claimant<'k>, at: Written<'k>) {
        self.claim([file, ""], Some(route), what, at);
    }

    fn claim(&mut self, pieces: [&str; 2], route: Option<Route>, what: Claimant<'k>, at: Written<'k>) {
        let Some(before) = &mut self.as_before else {
            return self.claims.push(Claim { file: pieces.concat(), route, what, at });
        };
        let Some(turn) = before.turn else { return };
        match (before.takes(turn, pieces, route.is_none()), route) {
            (Some(Claimed::File(place)), Some(route)) => before.routes.push((*place, route)),
            (Some(Claimed::Free(_)), None) => {}
            _ => return before.turn = None,
        }
        before.turn = Some(turn + 1);
    }

    /// Gives everybody their address. Who comes too late is told.
    pub fn settle(first: Claims, second: Claims, last: &mut Settled) -> Checked<Addresses> {
        let half = first.claims.len();
        let mut claims = first.claims;
        claims.extend(second.claims);
        let mut findings = first.findings;
        findings.extend(second.findings);
        // Nearly always nobody meets anybody, and to see that is quick. Who has which address is then gone through one by
        // one only where somebody does.
        let addresses = if meet(&claims) {
            *last = Settled::default();
            let Checked { value: mut routes, findings: told } = one_by_one(claims);
            findings.extend(told);
            routes.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
            let (files, routes): (Vec<_>, Vec<_>) = routes.into_iter().unzip();
            Addresses { files: files.into(), routes }
        } else {
            last.begin(claims, half)
        };
        Checked::new(addresses, findings)
    }
}

/// Claims are made in two halves, side by side.
#[derive(Clone, Copy)]
pub enum Half {
    First,
    Second,
}

/// Every address of a site.
#[derive(Debug)]
pub struct Addresses {
    /// Output files, sorted. Shared from one state of a site to the next: while somebody writes, they seldom change.
    pub files: Arc<[String]>,
    /// What makes each of them.
    pub routes: Vec<Route>,
}

impl Addresses {
    /// What makes a file.
    pub fn route(&self, file: &str) -> Option<&Route> {
        let place = self.files.binary_search_by(|known| known.as_str().cmp(file)).ok()?;
        self.routes.get(place)
    }
}

/// What was claimed when addresses were settled last, if nobody met anybody then. The same claims need no settling.
#[derive(Debug, Default)]
pub struct Settled {
    files: Arc<[String]>,
    claimed: Vec<Claimed>,
    /// How many of these are of the first half.
    first: usize,
}

/// What was claimed.
#[derive(Debug)]
enum Claimed {
    /// A file, by its place among all.
    File(u32),
    /// Something that was only kept free.
    Free(String),
}

impl Settled {
    pub fn is_empty(&self) -> bool {
        self.claimed.is_empty()
    }

    /// The same addresses, of which others may have become the owners; none where anything else was claimed.
    pub(super) fn again(&self, first: Claims, second: Claims) -> Option<Checked<Addresses>> {
        let (one, other) = (first.as_before?, second.as_before?);
        if (one.turn, other.turn) != (Some(self.first), Some(self.claimed.len())) {
            return None;
        }
        let mut routes = vec![None; self.files.len()];
        for (place, route) in one.routes.into_iter().chain(other.routes) {
            routes[place as usize] = Some(route);
        }
        let addresses = Addresses { files: self.files.clone(), routes: routes.into_iter().flatten().collect() };
        Some(Checked::new(addresses, first.findings.into_iter().chain(second.findings).collect()))
    }

    fn begin(&mut self, claims: Vec<Claim>, first: usize) -> Addresses {
        self.first = first;
        let mut order: Vec<u32> = (0..claims.len() as u32).filter(|number| claims[*number as usize].route.is_some()).collect();
        order.par_sort_unstable_by(|a, b| claims[*a as usize].file.cmp(&claims[*b as usize].file));
        let mut claimed = vec![0; claims.len()];
        for (place, number) in order.iter().enumerate() {
            claimed[*number as usize] = place as u32;
        }
        let mut sorted = vec![None; order.len()];
        let claimed = claims.into_iter().zip(claimed).map(|(claim, place)| match claim.route {
            Some(route) => {
                sorted[place as usize] = Some((claim.file, route));
                Claimed::File(place)
            }
            None => Claimed::Free(claim.file),
        });
        self.claimed = claimed.collect();
        let (files, routes): (Vec<_>, Vec<_>) = sorted.into_iter().flatten().unzip();
        self.files = files.into();
        Addresses { files: self.files.clone(), routes }
    }
}

/// Whether any two claims are to one address, or to a file and a folder of one name.
fn meet(claims: &[Claim]) -> bool {
    let mut keys: Vec<Cow<str>> = claims.par_iter().map(|claim| key(&claim.file)).collect();
    keys.par_sort_unstable();
    let holds = |folder: &str| keys.binary_search_by(|key| (**key).cmp(folder)).is_ok();
    keys.par_windows(2).any(|pair| pair[0] == pair[1])
        || keys.par_iter().enumerate().any(|(at, key)| {
            // The folders that it shares with its neighbour have been looked at there.
            let shared = at.checked_sub(1).map_or(0, |before| shared_start(&keys[before], key));
            folders_of(key).filter(|folder| folder.len() >= shared).any(holds)
        })
}

/// How many bytes two texts begin with in common.
fn shared_start(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count()
}

/// How an address is compared.
fn key(file: &str) -> Cow<'_, str> {
    if file.is_ascii() && !file.bytes().any(|byte| byte.is_ascii_uppercase()) { file.into() } else { names::lower(file).into() }
}

fn one_by_one(claims: Vec<Claim>) -> Checked<Vec<(String, Route)>> {
    let mut routes = Vec::new();
    let mut findings = Vec::new();
    let mut holders: Map<(Claimant, Written)> = Map::default();
    // Folders that claimed files lie in, each with one of them.
    let mut folders: Map<String> = Map::default();
    for Claim { file, route, what, at } in claims {
        let key = key(&file).into_owned();
        let Some(route) = route else {
            holders.entry(key).or_insert((what, at));
            continue;
        };
        let taken = holders.get(&key).map(|holder| (format!("/{}", file.trim_end_matches("index.html")), holder));
        // A file and a folder of one name cannot both be written.
        let crossed = || {
            let above = folders_of(&key).find(|folder| holders.contains_key(*folder));
            let other = above.or_else(|| folders.get(&key).map(String::as_str))?;
            Some((format!("/{file}"), holders.get(other)?))
        };
        if let Some((address, (other, place))) = taken.or_else(crossed) {
            let here = at.as_ref().or(place.as_ref()).map(|at| Place::clone(at));
            let here = here.unwrap_or_else(|| Place::top(&std::sync::Arc::from(crate::sources::CONFIG)));
            let there = at.and(place.clone()).map(Cow::into_owned).filter(|place| *place != here);
            findings.push(catalogue::route_taken(here, &address, &other.words(), there));
            continue;
        }
        for folder in folders_of(&key) {
            if !folders.contains_key(folder) {
                folders.insert(folder.to_owned(), key.clone());
            }
        }
        holders.insert(key, (what, at));
        routes.push((file, route));
    }
    Checked::new(routes, findings)
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
