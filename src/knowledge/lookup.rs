//! Finds entries by what people call them: id, synonym or title.

use super::references::Wants;
use super::{Entries, EntryId};
use crate::entries::{Entry, Origin, names};
use crate::kinds::Kind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names are looked up by the hundred thousand, and nobody outside chooses where they fall: a quick hash is enough.
type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// The entries of each kind by a key.
#[derive(Debug, Default, Clone)]
struct ByKind([Map<String, EntryId>; Kind::ALL.len()]);

impl ByKind {
    fn get(&self, kind: Kind, key: &str) -> Option<EntryId> {
        self.0[kind as usize].get(key).copied()
    }

    /// The first of two with one key stays.
    fn add(&mut self, kind: Kind, key: String, id: EntryId) {
        self.0[kind as usize].entry(key).or_insert(id);
    }

    fn values_mut(&mut self) -> impl Iterator<Item = &mut EntryId> {
        self.0.iter_mut().flat_map(Map::values_mut)
    }
}

/// What there is by every name it goes by, per kind. Names are compared by their keys.
#[derive(Debug, Default)]
pub struct Lookup {
    own: Arc<Own>,
    /// Ids, titles and synonyms of all kinds, for wiki links.
    names: Arc<Map<String, Bearers>>,
    /// Entries that have other titles than `names` knows, with the keys of all their names.
    retitled: BTreeMap<EntryId, Vec<String>>,
}

/// How many may have other titles before all names are gathered anew: each of them is asked about every wiki link.
const MOST_RETITLED: usize = 64;

/// What references in front matter go by.
#[derive(Debug, Default, Clone)]
struct Own {
    ids: ByKind,
    synonyms: ByKind,
}

/// Who goes by a name: nearly always one.
#[derive(Debug, Clone)]
enum Bearers {
    One(EntryId),
    Several(Vec<EntryId>),
}

impl Bearers {
    fn as_slice(&self) -> &[EntryId] {
        match self {
            Bearers::One(id) => std::slice::from_ref(id),
            Bearers::Several(ids) => ids,
        }
    }

    fn as_mut_slice(&mut self) -> &mut [EntryId] {
        match self {
            Bearers::One(id) => std::slice::from_mut(id),
            Bearers::Several(ids) => ids,
        }
    }

    fn add(&mut self, id: EntryId) {
        match self {
            Bearers::One(one) if *one == id => {}
            Bearers::One(one) => *self = Bearers::Several(vec![*one, id]),
            Bearers::Several(ids) if ids.contains(&id) => {}
            Bearers::Several(ids) => ids.push(id),
        }
    }
}

impl Own {
    fn add(&mut self, entry: &Entry, id: EntryId) {
        self.ids.add(entry.kind, entry.key.clone(), id);
        for synonym in entry.synonyms() {
            self.synonyms.add(entry.kind, names::key(synonym), id);
        }
    }
}

fn numbered(entries: &Entries) -> impl Iterator<Item = (&Entry, EntryId)> {
    entries.iter().enumerate().map(|(index, entry)| (&**entry, EntryId(index as u32)))
}

fn names_of(entries: &Entries) -> Map<String, Bearers> {
    let mut names = Map::with_capacity_and_hasher(entries.len() * 2, Default::default());
    numbered(entries).for_each(|(entry, id)| add_names(&mut names, entry, id));
    names
}

fn add_names(names: &mut Map<String, Bearers>, entry: &Entry, id: EntryId) {
    for key in keys_of(entry) {
        names.entry(key).and_modify(|bearers| bearers.add(id)).or_insert(Bearers::One(id));
    }
}

/// The keys of all names that an entry goes by.
fn keys_of(entry: &Entry) -> impl Iterator<Item = String> {
    let synonyms = entry.synonyms().iter().map(|synonym| names::key(synonym));
    [entry.key.clone(), entry.title_key.clone()].into_iter().chain(synonyms)
}

/// What a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    One(EntryId),
    /// Several entries go by it.
    Several(Vec<EntryId>),
    /// Nothing does; this is the kind it should have been, as far as that can be told, and the bare name.
    Nothing(Option<Kind>, String),
}

impl Lookup {
    /// `entries` in the order of their ids; the first of two with one name wins, the other is told elsewhere.
    pub fn new(entries: &Entries) -> Lookup {
        let (own, names) = rayon::join(
            || {
                let mut own = Own::default();
                numbered(entries).for_each(|(entry, id)| own.add(entry, id));
                own
            },
            || names_of(entries),
        );
        Lookup { own: Arc::new(own), names: Arc::new(names), retitled: BTreeMap::new() }
    }

    /// The same entries after these were given other titles.
    pub fn with_titles_of(&self, changed: &[EntryId], entries: &Entries) -> Lookup {
        let mut retitled = self.retitled.clone();
        retitled.extend(changed.iter().map(|id| (*id, keys_of(&entries[id.0 as usize]).collect())));
        if retitled.len() > MOST_RETITLED {
            return Lookup { own: self.own.clone(), names: Arc::new(names_of(entries)), retitled: BTreeMap::new() };
        }
        Lookup { own: self.own.clone(), names: self.names.clone(), retitled }
    }

    /// The same names after entries were moved and others added: `moved` gives each old place its new one. For names
    /// that are all gathered: nothing was retitled since.
    pub fn moved(self, moved: &[EntryId], entries: &Entries, added: &[EntryId]) -> Lookup {
        let new = |id: &mut EntryId| *id = moved[id.0 as usize];
        let (mut own, mut names) = (Arc::unwrap_or_clone(self.own), Arc::unwrap_or_clone(self.names));
        own.ids.values_mut().for_each(new);
        own.synonyms.values_mut().for_each(new);
        names.values_mut().for_each(|bearers| bearers.as_mut_slice().iter_mut().for_each(new));
        for id in added {
            own.add(&entries[id.0 as usize], *id);
            add_names(&mut names, &entries[id.0 as usize], *id);
        }
        Lookup { own: Arc::new(own), names: Arc::new(names), retitled: BTreeMap::new() }
    }

    /// An entry of a kind by its id, else by a synonym.
    pub fn of_kind(&self, kind: Kind, name: &str) -> Option<EntryId> {
        let key = names::lookup_key(name);
        self.own.ids.get(kind, &key).or_else(|| self.own.synonyms.get(kind, &key))
    }

    /// The entry that has this name as a synonym, and which is not the one given.
    pub fn other_with_synonym(&self, kind: Kind, name: &str, not: EntryId) -> Option<EntryId> {
        let key = names::lookup_key(name);
        let by_id = self.own.ids.get(kind, &key).filter(|id| *id != not);
        by_id.or_else(|| self.own.synonyms.get(kind, &key).filter(|id| *id != not))
    }

    /// What a reference in front matter leads to.
    pub fn follow(&self, written: &str, wants: Wants) -> Lead {
        if let Some((folder, id)) = written.split_once('/')
            && let Some(kind) = Kind::from_folder(folder)
            && allows(wants, kind)
        {
            let id = id.trim_end_matches('/').trim_end_matches(".md");
            return self.of_kind(kind, id).map_or_else(|| Lead::Nothing(Some(kind), id.to_owned()), Lead::One);
        }
        match wants {
            Wants::Kind(kind) => self.of_kind(kind, written).map_or_else(|| Lead::Nothing(Some(kind), written.to_owned()), Lead::One),
            Wants::OneOf(kinds) => self.among(kinds, written, kinds.first().copied()),
            Wants::Any(Some(kind)) => match self.of_kind(kind, written) {
                Some(id) => Lead::One(id),
                None => self.among(&Kind::ALL, written, Some(kind)),
            },
            Wants::Any(None) => self.among(&Kind::ALL, written, None),
        }
    }

    fn among(&self, kinds: &[Kind], name: &str, otherwise: Option<Kind>) -> Lead {
        let found: Vec<EntryId> = kinds.iter().filter_map(|kind| self.of_kind(*kind, name)).collect();
        match found.as_slice() {
            [] => Lead::Nothing(otherwise, name.to_owned()),
            [one] => Lead::One(*one),
            _ => Lead::Several(found),
        }
    }

    /// What a wiki link leads to: `folder/id`, else an id, title or synonym of any kind.
    pub fn wiki(&self, name: &str) -> Lead {
        if let Some((folder, id)) = name.split_once('/')
            && let Some(kind) = Kind::from_folder(folder)
        {
            return self.of_kind(kind, id).map_or_else(|| Lead::Nothing(Some(kind), id.to_owned()), Lead::One);
        }
        let key = names::lookup_key(name);
        let known = self.names.get(&*key).map_or(&[][..], Bearers::as_slice);
        let mut bearers: Vec<EntryId> = known.iter().copied().filter(|id| !self.retitled.contains_key(id)).collect();
        bearers.extend(self.retitled.iter().filter(|(_, keys)| keys.iter().any(|own| *own == *key)).map(|(id, _)| *id));
        bearers.sort_unstable();
        match bearers.as_slice() {
            [] => Lead::Nothing(None, name.to_owned()),
            [one] => Lead::One(*one),
            _ => Lead::Several(bearers),
        }
    }
}

fn allows(wants: Wants, kind: Kind) -> bool {
    match wants {
        Wants::Kind(wanted) => wanted == kind,
        Wants::OneOf(kinds) => kinds.contains(&kind),
        Wants::Any(_) => true,
    }
}

/// The entries of a kind, among all in the order of their ids.
pub fn of_kind(entries: &Entries, kind: Kind) -> impl Iterator<Item = &Arc<Entry>> {
    let start = entries.partition_point(|entry| entry.kind < kind);
    let end = entries.partition_point(|entry| entry.kind <= kind);
    (start..end).map(|at| &entries[at])
}

/// The names of entries of a kind that a slip of the finger could have meant. Entries stand in the order of their ids.
pub fn candidates(entries: &Entries, kind: Kind) -> impl Iterator<Item = &str> {
    let declared = of_kind(entries, kind).filter(|entry| entry.origin != Origin::Named);
    declared.flat_map(|entry| std::iter::once(entry.id.as_str()).chain(entry.synonyms().iter().map(|synonym| synonym.as_str())))
}
