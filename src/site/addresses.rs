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
    claims: Vec<Claim<'k>>,
    pub findings: Vec<Finding>,
}

impl<'k> Claims<'k> {
    /// Claims a page by its percent-encoded path (`practices/`).
    pub fn page(&mut self, path: &str, route: Route, what: Claimant<'k>, at: Written<'k>) {
        let path = percent_decode_str(path).decode_utf8_lossy();
        self.file([&*path, "index.html"].concat(), route, what, at);
    }

    /// Keeps the address of a page for something that is not there yet.
    pub fn reserve(&mut self, path: &str, what: Claimant<'k>) {
        self.claims.push(Claim { file: format!("{path}index.html"), route: None, what, at: None });
    }

    /// Keeps a folder and all that may be in it.
    pub fn reserve_folder(&mut self, folder: &str, what: Claimant<'k>) {
        self.claims.push(Claim { file: folder.to_owned(), route: None, what, at: None });
    }

    /// Claims an output file by its plain path.
    pub fn file(&mut self, file: String, route: Route, what: Claimant<'k>, at: Written<'k>) {
        self.claims.push(Claim { file, route: Some(route), what, at });
    }

    /// Claims that may have their addresses after these have theirs.
    pub fn then(&mut self, others: Claims<'k>) {
        self.claims.extend(others.claims);
        self.findings.extend(others.findings);
    }

    /// Gives everybody their address. Who comes too late is told.
    pub fn settle(self, last: &mut Settled) -> Checked<Addresses> {
        let Claims { claims, mut findings } = self;
        if last.is_of(&claims) {
            return Checked::new(last.again(claims), findings);
        }
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
            last.begin(claims)
        };
        Checked::new(addresses, findings)
    }
}

/// Every address of a site.
#[derive(Debug)]
pub struct Addresses {
    /// Output files, sorted. Shared from one state of a site to the next: while somebody writes, they seldom change.
    pub files: Arc<[String]>,
    /// What makes each of them.
    pub routes: Vec<Route>,
}

/// What was claimed when addresses were settled last, if nobody met anybody then. The same claims need no settling.
#[derive(Debug, Default)]
pub struct Settled {
    files: Arc<[String]>,
    claimed: Vec<Claimed>,
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
    fn is_of(&self, claims: &[Claim]) -> bool {
        let same = |(claim, claimed): (&Claim, &Claimed)| match claimed {
            Claimed::File(place) => claim.route.is_some() && claim.file == self.files[*place as usize],
            Claimed::Free(file) => claim.route.is_none() && claim.file == *file,
        };
        self.claimed.len() == claims.len() && claims.par_iter().zip(&self.claimed).all(same)
    }

    /// Files may be made by others than before.
    fn again(&self, claims: Vec<Claim>) -> Addresses {
        let mut routes = vec![None; self.files.len()];
        for (claim, claimed) in claims.into_iter().zip(&self.claimed) {
            if let Claimed::File(place) = claimed {
                routes[*place as usize] = claim.route;
            }
        }
        Addresses { files: self.files.clone(), routes: routes.into_iter().flatten().collect() }
    }

    fn begin(&mut self, claims: Vec<Claim>) -> Addresses {
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
