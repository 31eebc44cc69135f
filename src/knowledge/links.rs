//! Where the links in texts lead: to entries, files, indexes, or nowhere.

use super::lookup::{Lead, Lookup};
use super::memory::{Assembled, Memory};
use super::{Circumstances, EntryId, Shown, Wanted, paths};
use crate::config::RawHtmlMode;
use crate::entries::body::{Link, LinkKind, RawHtml, Written};
use crate::entries::{Entry, names};
use crate::findings::nearest::nearest;
use crate::findings::{Checked, Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::sources::{CONTENT, STATIC, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The files there are besides entries, by their project paths.
#[derive(Debug, Clone, Default)]
pub struct Files {
    beside: HashSet<Arc<str>>,
    statics: HashSet<Arc<str>>,
}

impl Files {
    pub fn of(sources: &Sources) -> Files {
        Files {
            beside: sources.beside.iter().map(|asset| asset.path.clone()).collect(),
            statics: sources.statics.iter().map(|asset| asset.path.clone()).collect(),
        }
    }

    /// The file that a name in the front matter of an entry means: beside it, else under `static/`.
    pub fn named(&self, entry_file: &str, name: &str) -> Option<FilePath> {
        let name = names::nfc(name);
        let beside = joined(folder_of(entry_file), &name);
        if let Some(path) = beside.as_ref().and_then(|path| self.at(path)) {
            return Some(path);
        }
        self.at(&joined(STATIC, name.trim_start_matches('/'))?)
    }

    /// The file at a project path.
    fn at(&self, path: &str) -> Option<FilePath> {
        if let Some(source) = self.beside.get(path) {
            return Some(FilePath { source: source.clone(), address: paths::encoded(&format!("files/{}", &path[CONTENT.len() + 1..])) });
        }
        let source = self.statics.get(path)?;
        Some(FilePath { source: source.clone(), address: paths::encoded(&path[STATIC.len() + 1..]) })
    }

    fn near<'a>(&'a self, path: &str) -> Option<&'a str> {
        let name = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
        let all = self.beside.iter().chain(&self.statics).map(|path| name(path));
        // The set has no order of its own, and a suggestion must not depend on chance.
        let mut all: Vec<&str> = all.collect();
        all.sort_unstable();
        nearest(path.rsplit('/').next().unwrap_or(path), all)
    }
}

/// A file that is published as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePath {
    /// Its project path.
    pub source: Arc<str>,
    /// Its path on the site, percent-encoded.
    pub address: String,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    Entry {
        id: EntryId,
        fragment: Option<String>,
    },
    /// A path on the site.
    Path(String),
    /// Within the same text.
    Fragment(String),
    /// Off the site.
    Away,
    /// Nowhere that a reader may go: its text stands without a link.
    Plain,
    /// Nobody has written it yet.
    Wanted,
}

/// What the links of all entries come to.
pub struct Linked {
    pub targets: Vec<Arc<[LinkTarget]>>,
    /// Listed entries whose text links here, each once, newest first.
    pub mentions: Vec<Vec<EntryId>>,
    pub wanted: Vec<Wanted>,
    pub files: HashSet<Arc<str>>,
}

/// How raw HTML is treated, in the words of the body.
pub fn raw_mode(mode: RawHtmlMode) -> RawHtml {
    match mode {
        RawHtmlMode::Sanitize => RawHtml::Sanitize,
        RawHtmlMode::Escape => RawHtml::Escape,
        RawHtmlMode::Allow => RawHtml::Allow,
    }
}

/// What the links of one text come to.
#[derive(Debug)]
pub struct FollowedLinks {
    targets: Arc<[LinkTarget]>,
    /// The entries they lead to.
    entries: Vec<EntryId>,
    /// These, and those that nobody may go to: what follows about a link depends on them.
    pub seen: Vec<EntryId>,
    wanted: Vec<String>,
    files: Vec<Arc<str>>,
}

impl FollowedLinks {
    /// Whether anything about them depends on who goes by a name with one of these keys, or on how entries are called at all: what
    /// is wanted is told with the nearest title there is.
    pub fn go_by(&self, keys: &HashSet<String>, entry: &Entry) -> bool {
        let by_name = || entry.body.links.iter().filter(|link| link.kind == LinkKind::Wiki);
        !self.wanted.is_empty() || by_name().any(|link| keys.contains(&*names::lookup_key(&link.target)))
    }
}

/// The same, while they are followed.
#[derive(Default)]
struct Found {
    entries: Vec<EntryId>,
    seen: Vec<EntryId>,
    wanted: Vec<String>,
    files: Vec<Arc<str>>,
}

/// Follows every link of every text, as far as it is not known where it leads.
pub fn follow_all(assembled: &Assembled, shown: &[Shown], memory: &mut Memory, circumstances: &Circumstances) -> Checked<Linked> {
    let Assembled { entries, lookup, .. } = assembled;
    let by_file: ByFile = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.origin == crate::entries::Origin::File)
        .map(|(index, entry)| (&*entry.at.file, EntryId(index as u32)))
        .collect();
    let follower = Follower { entries, shown, lookup, by_file, files: circumstances.files, raw: raw_mode(circumstances.config.raw_html) };
    let followed = memory.follow_links(assembled, |id| follower.follow(id));

    let mut findings = Vec::new();
    let mut targets = Vec::with_capacity(entries.len());
    let mut mentions: Vec<Vec<EntryId>> = vec![Vec::new(); entries.len()];
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    let mut files = HashSet::new();
    for (index, checked) in followed.into_iter().enumerate() {
        let from = EntryId(index as u32);
        findings.extend(checked.findings.iter().cloned());
        let followed = &checked.value;
        targets.push(followed.targets.clone());
        if shown[index] != Shown::Hidden {
            files.extend(followed.files.iter().cloned());
        }
        if shown[index] == Shown::Listed {
            for to in followed.entries.iter().filter(|to| **to != from) {
                mentions[to.0 as usize].push(from);
            }
            for name in &followed.wanted {
                let wanted = wanted.entry(names::key(name)).or_insert_with(|| Wanted { name: name.clone(), by: Vec::new() });
                if wanted.by.last() != Some(&from) {
                    wanted.by.push(from);
                }
            }
        }
    }
    let day = |id: &EntryId| {
        entries[id.0 as usize].session().and_then(|session| session.start_or(None)).map(|wall| wall.date()).or(entries[id.0 as usize].date)
    };
    mentions.par_iter_mut().for_each(|list| {
        list.sort_unstable();
        list.dedup();
        list.sort_by_key(|id| (std::cmp::Reverse(day(id)), *id));
    });
    let mut wanted: Vec<Wanted> = wanted.into_values().collect();
    wanted.sort_by_key(|wanted| std::cmp::Reverse(wanted.by.len()));
    Checked::new(Linked { targets, mentions, wanted, files }, findings)
}

/// Entries by the file they are written in.
type ByFile<'a> = HashMap<&'a str, EntryId, foldhash::fast::RandomState>;

struct Follower<'a> {
    entries: &'a [Arc<Entry>],
    shown: &'a [Shown],
    lookup: &'a Lookup,
    by_file: ByFile<'a>,
    files: &'a Files,
    raw: RawHtml,
}

impl Follower<'_> {
    fn follow(&self, from: EntryId) -> Checked<FollowedLinks> {
        let entry = &self.entries[from.0 as usize];
        let mut findings = Vec::new();
        let mut targets = Vec::with_capacity(entry.body.links.len());
        let mut found = Found::default();
        for link in &entry.body.links {
            // Where raw HTML is shown as text, a link within it is no link.
            if link.written == Written::RawHtml && self.raw == RawHtml::Escape {
                targets.push(LinkTarget::Plain);
                continue;
            }
            let target = self.one(entry, from, link, &mut found, &mut findings);
            if let LinkTarget::Entry { id, .. } = &target {
                found.entries.push(*id);
            }
            targets.push(target);
        }
        self.named_files(entry, &mut found, &mut findings);
        let Found { entries, seen, wanted, files } = found;
        Checked::new(FollowedLinks { targets: targets.into(), entries, seen, wanted, files }, findings)
    }

    fn one(&self, entry: &Entry, from: EntryId, link: &Link, found: &mut Found, findings: &mut Vec<Finding>) -> LinkTarget {
        match link.kind {
            LinkKind::External => LinkTarget::Away,
            LinkKind::Fragment => {
                let anchor = link.fragment.clone().unwrap_or_default();
                if !anchor.is_empty() {
                    self.check_anchor(entry, link, from, &anchor, findings);
                }
                LinkTarget::Fragment(anchor)
            }
            LinkKind::Wiki => self.wiki(entry, link, found, findings),
            LinkKind::Relative | LinkKind::Image | LinkKind::Absolute => self.path(entry, link, found, findings),
        }
    }

    fn wiki(&self, entry: &Entry, link: &Link, found: &mut Found, findings: &mut Vec<Finding>) -> LinkTarget {
        let at = Place::new(&entry.at.file, link.span);
        match self.lookup.wiki(&link.target) {
            Lead::One(id) => self.entry(entry, link, id, found, findings),
            Lead::Several(fits) => {
                let fits: Vec<String> = fits.iter().map(|id| self.entries[id.0 as usize].reference()).collect();
                findings.push(catalogue::ambiguous_wiki_link(at, &link.target, &fits));
                LinkTarget::Plain
            }
            Lead::Nothing(_, name) => {
                let all = self.entries.iter().flat_map(|entry| [entry.id.as_str(), entry.title.as_str()]);
                findings.push(catalogue::wanted_entry(at, &name, nearest(&name, all)));
                found.wanted.push(name);
                LinkTarget::Wanted
            }
        }
    }

    /// A link to a file: of an entry, to its page; of anything else, to a copy of it.
    fn path(&self, entry: &Entry, link: &Link, found: &mut Found, findings: &mut Vec<Finding>) -> LinkTarget {
        let at = Place::new(&entry.at.file, link.target_span);
        let target = names::nfc(&link.target);
        let path = match link.kind {
            _ if target.starts_with('/') => joined(STATIC, target.trim_start_matches('/')),
            _ => joined(folder_of(&entry.at.file), &target),
        };
        let Some(path) = path else {
            findings.push(catalogue::broken_link(at, &link.target, None));
            return LinkTarget::Plain;
        };
        if let Some(id) = self.by_file.get(path.as_str()).or_else(|| self.by_file.get(format!("{path}/index.md").as_str())) {
            return self.entry(entry, link, *id, found, findings);
        }
        if let Some(file) = self.files.at(&path) {
            let fragment = link.fragment.as_ref().map(|fragment| format!("#{}", paths::encoded(fragment))).unwrap_or_default();
            found.files.push(file.source);
            return LinkTarget::Path(format!("{}{fragment}", file.address));
        }
        if let Some(folder) = path.strip_prefix("content/").filter(|_| !target.starts_with('/'))
            && let Some(kind) = Kind::from_folder(folder).filter(|kind| *kind != Kind::Page)
        {
            return LinkTarget::Path(format!("{}/", kind.folder()));
        }
        // An address of the site, as people copy it from a browser.
        if let Some(id) = target.strip_prefix('/').and_then(|address| self.by_address(address)) {
            return self.entry(entry, link, id, found, findings);
        }
        findings.push(catalogue::broken_link(at, &link.target, self.near_file(entry, &path).as_deref()));
        LinkTarget::Plain
    }

    fn by_address(&self, address: &str) -> Option<EntryId> {
        let address = address.trim_end_matches('/');
        match address.split_once('/') {
            Some((folder, slug)) => self.lookup.of_kind(Kind::from_folder(folder)?, slug),
            None => self.lookup.of_kind(Kind::Page, address),
        }
    }

    /// The way to a file whose name is close, from the folder of the entry that meant it.
    fn near_file(&self, entry: &Entry, path: &str) -> Option<String> {
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let wanted = name(path);
        // The same name in another folder is likelier meant than a like name in the same one.
        let mut files: Vec<&str> = self.by_file.keys().copied().chain(self.files.beside.iter().map(|path| &**path)).collect();
        files.sort_unstable();
        let same = files.iter().find(|file| name(file) == wanted || name(file) == format!("{wanted}.md"));
        let near = same.copied().or_else(|| {
            let names: Vec<String> = files.iter().map(|file| name(file)).collect();
            let near = nearest(&wanted, names.iter().map(String::as_str))?.to_owned();
            files.iter().find(|file| name(file) == near).copied()
        })?;
        Some(relative_path(folder_of(&entry.at.file), near))
    }

    fn entry(&self, entry: &Entry, link: &Link, id: EntryId, found: &mut Found, findings: &mut Vec<Finding>) -> LinkTarget {
        found.seen.push(id);
        let target = &self.entries[id.0 as usize];
        let fragment = link.fragment.clone().filter(|fragment| !fragment.is_empty());
        if let Some(fragment) = &fragment {
            self.check_anchor(entry, link, id, fragment, findings);
        }
        let hidden_from_all = self.shown[id.0 as usize] == Shown::Hidden;
        if hidden_from_all {
            let from_hidden =
                self.entries.iter().position(|other| std::ptr::eq(&**other, entry)).is_some_and(|index| self.shown[index] == Shown::Hidden);
            if !from_hidden {
                let why = if target.common.draft { "a draft" } else { "for staff only" };
                findings.push(catalogue::link_to_hidden(Place::new(&entry.at.file, link.span), &target.title, why));
            }
            return LinkTarget::Plain;
        }
        LinkTarget::Entry { id, fragment }
    }

    fn check_anchor(&self, entry: &Entry, link: &Link, id: EntryId, anchor: &str, findings: &mut Vec<Finding>) {
        let target = &self.entries[id.0 as usize];
        if target.body.has_anchor(anchor, self.raw) || page_anchors(target).any(|own| own == anchor) {
            return;
        }
        let anchors = target.body.anchors.iter().map(|anchor| anchor.value.as_str());
        let near = nearest(anchor, anchors).map(|near| format!("#{near}"));
        let page = if std::ptr::eq(&**target, entry) { "this text".to_owned() } else { format!("“{}”", target.title) };
        findings.push(catalogue::broken_anchor(Place::new(&entry.at.file, link.target_span), anchor, &page, near.as_deref()));
    }

    /// Files that the front matter names: materials, resources, photos.
    fn named_files(&self, entry: &Entry, found: &mut Found, findings: &mut Vec<Finding>) {
        for name in front_files(entry) {
            match self.files.named(&entry.at.file, name) {
                Some(file) => found.files.push(file.source),
                None => {
                    let at = Place::new(&entry.at.file, name.span);
                    findings.push(catalogue::missing_file(at, name, self.files.near(name)));
                }
            }
        }
    }
}

/// The files that an entry's front matter names.
pub fn front_files(entry: &Entry) -> Vec<&crate::entries::front_matter::Text> {
    use crate::entries::front_matter::Own;
    match &entry.own {
        Own::Session(session) => session.materials.iter().filter_map(|material| material.file.as_ref()).collect(),
        Own::Resource(resource) => resource.file.iter().collect(),
        Own::Person(person) => person.photo.iter().collect(),
        _ => Vec::new(),
    }
}

/// The anchors that a session's page has besides those of its text.
fn page_anchors(entry: &Entry) -> impl Iterator<Item = String> {
    let session = entry.session();
    let chapters = session.into_iter().flat_map(|session| &session.chapters).map(|chapter| chapter.anchor());
    let commitments = session.into_iter().flat_map(|session| &session.commitments).map(super::Knowledge::commitment_id);
    chapters.chain(commitments)
}

fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path from a folder of the project; none if it leads out of it.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The way from a folder of the project to a file of it, with `../` where it goes up.
fn relative_path(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = to.split('/').collect();
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut path = "../".repeat(from.len() - same);
    path.push_str(&to[same..].join("/"));
    path
}
