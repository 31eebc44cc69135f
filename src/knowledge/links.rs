//! Where the links in texts lead: to entries, files, indexes, or nowhere.

use super::lookup::{Lead, Lookup};
use super::memory::{Assembled, Extent, set_where};
use super::{Circumstances, Entries, EntryId, Shown, Wanted, paths};
use crate::config::RawHtmlMode;
use crate::entries::body::{Link, LinkKind, RawHtml, Written};
use crate::entries::{Entry, Origin, names};
use crate::findings::nearest::nearest;
use crate::findings::{Checked, Finding, Place, any_error, catalogue};
use crate::kinds::Kind;
use crate::sheets::Sheets;
use crate::sources::{CONTENT, STATIC, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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
    pub targets: Arc<[LinkTarget]>,
    /// The entries they lead to.
    entries: Vec<EntryId>,
    /// These, and those that nobody may go to: what follows about a link depends on them.
    seen: Vec<EntryId>,
    wanted: Vec<String>,
    files: Vec<Arc<str>>,
}

/// The same, while they are followed.
#[derive(Default)]
struct Found {
    entries: Vec<EntryId>,
    seen: Vec<EntryId>,
    wanted: Vec<String>,
    files: Vec<Arc<str>>,
}

/// What the links of all texts come to.
#[derive(Debug)]
pub struct Linked {
    pub followed: Sheets<Arc<Checked<FollowedLinks>>>,
    /// Listed entries whose text links here, each once, newest first.
    pub mentions: Sheets<Arc<[EntryId]>>,
    by_file: ByFile,
    /// The entries with an error among their links.
    in_error: BTreeSet<EntryId>,
    /// Those that link to what nobody has written.
    wanting: BTreeSet<EntryId>,
    /// Those that name files.
    with_files: BTreeSet<EntryId>,
    /// Made when something is to be followed again.
    dependents: Option<Dependents>,
}

/// Entries by the file they are written in.
type ByFile = HashMap<Arc<str>, EntryId, foldhash::fast::RandomState>;

/// Whose links depend on what else.
#[derive(Debug)]
struct Dependents {
    /// On an entry: a link says something about what it leads to, its anchors and whether anybody sees it.
    of_entry: Vec<Vec<EntryId>>,
    /// On who goes by a name, by its key.
    of_name: HashMap<String, Vec<EntryId>>,
}

impl Dependents {
    fn of(assembled: &Assembled, followed: &Sheets<Arc<Checked<FollowedLinks>>>) -> Dependents {
        let mut all = Dependents { of_entry: vec![Vec::new(); followed.len()], of_name: HashMap::new() };
        for (at, (entry, links)) in assembled.entries.iter().zip(followed.iter()).enumerate() {
            all.add(EntryId(at as u32), entry, &links.value);
        }
        all
    }

    fn add(&mut self, from: EntryId, entry: &Entry, links: &FollowedLinks) {
        links.seen.iter().for_each(|to| self.of_entry[to.at()].push(from));
        for name in entry.body.links.iter().filter(|link| link.kind == LinkKind::Wiki) {
            let known = self.of_name.entry(names::lookup_key(&name.target).into_owned()).or_default();
            if known.last() != Some(&from) && !known.contains(&from) {
                known.push(from);
            }
        }
    }

    /// Takes back what was said of an entry; of names it may stay, since to follow a link again does no harm.
    fn remove(&mut self, from: EntryId, links: &FollowedLinks) {
        links.seen.iter().for_each(|to| self.of_entry[to.at()].retain(|other| *other != from));
    }
}

/// Follows every link of every text.
pub fn follow_all(assembled: &Assembled, circumstances: &Circumstances) -> Linked {
    let Assembled { entries, shown, .. } = assembled;
    let files = entries.iter().enumerate().filter(|(_, entry)| entry.origin == Origin::File);
    let by_file: ByFile = files.map(|(index, entry)| (entry.at.file.clone(), EntryId(index as u32))).collect();
    let follower = Follower::new(assembled, &by_file, circumstances);
    let followed: Vec<_> = (0..entries.len() as u32).into_par_iter().map(|id| Arc::new(follower.follow(EntryId(id)))).collect();

    let mut mentions: Vec<Vec<EntryId>> = vec![Vec::new(); entries.len()];
    let (mut in_error, mut wanting, mut with_files) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (index, links) in followed.iter().enumerate() {
        let from = EntryId(index as u32);
        set_where(any_error(&links.findings), &mut in_error, from);
        set_where(!links.value.wanted.is_empty(), &mut wanting, from);
        set_where(!links.value.files.is_empty(), &mut with_files, from);
        if shown[index] == Shown::Listed {
            links.value.entries.iter().filter(|to| **to != from).for_each(|to| mentions[to.at()].push(from));
        }
    }
    let mentions = mentions.into_par_iter().map(|list| newest_first(entries, list)).collect();
    Linked { followed: followed.into(), mentions, by_file, in_error, wanting, with_files, dependents: None }
}

/// Entries that mention another, each once.
fn newest_first(entries: &Entries, mut list: Vec<EntryId>) -> Arc<[EntryId]> {
    let day = |id: &EntryId| {
        let entry = &entries[id.at()];
        entry.session().and_then(|session| session.start_or(None)).map(|wall| wall.date()).or(entry.date)
    };
    list.sort_unstable();
    list.dedup();
    list.sort_by_cached_key(|id| (std::cmp::Reverse(day(id)), *id));
    list.into()
}

impl Linked {
    /// Follows once more what depends on anything that changed.
    pub fn renew(&mut self, assembled: &Assembled, extent: &Extent, circumstances: &Circumstances) {
        let dependents = self.dependents.get_or_insert_with(|| Dependents::of(assembled, &self.followed));
        let mut again = extent.changed.clone();
        again.extend(extent.changed.iter().flat_map(|id| &dependents.of_entry[id.at()]));
        if !extent.titles.is_empty() {
            again.extend(extent.titles.iter().filter_map(|title| dependents.of_name.get(title)).flatten());
            // What is wanted is told with the nearest title there is.
            again.extend(&self.wanting);
        }
        let again: Vec<EntryId> = again.into_iter().collect();
        let follower = Follower::new(assembled, &self.by_file, circumstances);
        let followed: Vec<_> = again.par_iter().map(|id| Arc::new(follower.follow(*id))).collect();

        let mut mentioned: BTreeSet<EntryId> = BTreeSet::new();
        for (from, links) in again.iter().zip(followed) {
            let before = &self.followed[from.at()].value;
            // The day of what changed may be another one, and lists go by that.
            if before.entries != links.value.entries || extent.changed.contains(from) {
                mentioned.extend(before.entries.iter().chain(&links.value.entries));
            }
            dependents.remove(*from, before);
            dependents.add(*from, &assembled.entries[from.at()], &links.value);
            set_where(any_error(&links.findings), &mut self.in_error, *from);
            set_where(!links.value.wanted.is_empty(), &mut self.wanting, *from);
            set_where(!links.value.files.is_empty(), &mut self.with_files, *from);
            self.followed.set(from.at(), links);
        }
        let listed = again.iter().filter(|from| assembled.shown[from.at()] == Shown::Listed);
        for to in mentioned {
            let others = self.mentions[to.at()].iter().copied().filter(|from| again.binary_search(from).is_err());
            let own = listed.clone().copied().filter(|from| *from != to && self.followed[from.at()].value.entries.contains(&to));
            let list = newest_first(&assembled.entries, others.chain(own).collect());
            self.mentions.set(to.at(), list);
        }
    }

    pub fn any_error(&self) -> bool {
        !self.in_error.is_empty()
    }

    /// What listed entries link to and nobody has written, what is wanted most first.
    pub fn wanted(&self, shown: &[Shown]) -> Vec<Wanted> {
        let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
        for from in self.wanting.iter().filter(|from| shown[from.at()] == Shown::Listed) {
            for name in &self.followed[from.at()].value.wanted {
                let wanted = wanted.entry(names::key(name)).or_insert_with(|| Wanted { name: name.clone(), by: Vec::new() });
                if wanted.by.last() != Some(from) {
                    wanted.by.push(*from);
                }
            }
        }
        let mut wanted: Vec<Wanted> = wanted.into_values().collect();
        wanted.sort_by_key(|wanted| std::cmp::Reverse(wanted.by.len()));
        wanted
    }

    /// The files beside entries that something shown names.
    pub fn files(&self, shown: &[Shown]) -> HashSet<Arc<str>> {
        let naming = self.with_files.iter().filter(|from| shown[from.at()] != Shown::Hidden);
        naming.flat_map(|from| &self.followed[from.at()].value.files).cloned().collect()
    }
}

struct Follower<'a> {
    entries: &'a Entries,
    shown: &'a [Shown],
    lookup: &'a Lookup,
    by_file: &'a ByFile,
    files: &'a Files,
    raw: RawHtml,
}

impl<'a> Follower<'a> {
    fn new(assembled: &'a Assembled, by_file: &'a ByFile, circumstances: &Circumstances<'a>) -> Follower<'a> {
        let Assembled { entries, shown, lookup, .. } = assembled;
        Follower { entries, shown, lookup, by_file, files: circumstances.files, raw: raw_mode(circumstances.config.raw_html) }
    }

    fn follow(&self, from: EntryId) -> Checked<FollowedLinks> {
        let entry = &self.entries[from.at()];
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
                let fits: Vec<String> = fits.iter().map(|id| self.entries[id.at()].reference()).collect();
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
        let mut files: Vec<&str> = self.by_file.keys().map(|path| &**path).chain(self.files.beside.iter().map(|path| &**path)).collect();
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
        let target = &self.entries[id.at()];
        let fragment = link.fragment.clone().filter(|fragment| !fragment.is_empty());
        if let Some(fragment) = &fragment {
            self.check_anchor(entry, link, id, fragment, findings);
        }
        let hidden_from_all = self.shown[id.at()] == Shown::Hidden;
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
        let target = &self.entries[id.at()];
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
