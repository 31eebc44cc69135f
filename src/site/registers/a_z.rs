//! From A to Z: every title, and every other name with the title it leads to.

use super::{Heading, Item, Parts, What};
use crate::entries::names;
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::site::desk::Desk;
use crate::site::lists::{Listed, page_path};
use crate::site::pages::Page;
use crate::site::views::{Count, Link, TitleLine};
use rayon::prelude::*;
use std::borrow::Cow;

/// How many letters can be jumped to. Scripts with more beginnings than this are paged through.
const LETTERS: usize = 60;

/// A name in its order, whether it is not the title, the place of what it names, and that.
type Named<'n> = (Cow<'n, str>, bool, (u32, usize), Item);

/// Names that begin alike under one heading.
pub fn parts(desk: &Desk) -> Parts {
    let k = desk.k;
    let ids: Vec<EntryId> = k.ids().filter(|id| k.is_listed(*id)).collect();
    let names_of = |id: EntryId| {
        let entry = k.entry(id);
        let own = (Cow::Borrowed(entry.title_order.as_str()), false, (id.0, 0), Item::Title(id));
        let other = entry.synonyms().iter().map(|synonym| names::key(synonym)).enumerate().filter(|(_, key)| *key != entry.title_key);
        let other = other.map(move |(at, key)| (Cow::Owned(names::sorting(&key)), true, (id.0, at), Item::See(id, at)));
        std::iter::once(own).chain(other)
    };
    // The page `index` is the home page's own text.
    let mut all: Vec<Named> = ids.into_par_iter().filter(|id| !k.path(*id).is_empty()).flat_map_iter(names_of).collect();
    all.par_sort_unstable_by(|a, b| (&a.0, a.1, a.2).cmp(&(&b.0, b.1, b.2)));
    let mut parts: Parts = Vec::new();
    for (sorting, _, _, item) in all {
        let letter = names::letter(&sorting);
        match parts.last_mut() {
            Some((heading, items)) if heading.name.label == letter => items.push(item),
            _ => parts.push((Heading::plain(letter), vec![item])),
        }
    }
    parts
}

impl Page<'_> {
    pub(super) fn title_line(&self, item: Item) -> Option<TitleLine> {
        let (k, desk) = (self.k(), &self.desk);
        let (id, label, see) = match item {
            Item::Title(id) => (id, k.entry(id).title.clone(), None),
            Item::See(id, at) => (id, k.entry(id).synonyms().get(at)?.value.clone(), Some(desk.link(id))),
            _ => return None,
        };
        let kind = k.kind(id);
        Some(TitleLine {
            label,
            path: see.is_none().then(|| desk.entry_path(id)),
            see,
            kind: kind.word(),
            kind_label: desk.kind_label(kind),
        })
    }

    /// The ways to the letters, each on the page where it begins.
    pub(super) fn letters(&self, listed: &Listed<Item, Heading>) -> Vec<Link> {
        if listed.groups.len() > LETTERS {
            return Vec::new();
        }
        let path = What::AToZ.path(super::Order::Title);
        let mut at = 0;
        let mut letters = Vec::new();
        for (index, (heading, items)) in listed.groups.iter().enumerate() {
            let page = at / listed.page_length + 1;
            // The parts of a page are numbered from the one that began before it.
            let before = listed.groups[..index].iter().rev();
            let mut start = at;
            let mut number = 1;
            for (_, earlier) in before {
                if start <= (page - 1) * listed.page_length {
                    break;
                }
                start -= earlier.len();
                number += 1;
            }
            letters.push(Link {
                label: heading.name.label.clone(),
                path: format!("{}#fm-part-{number}", self.desk.path(&page_path(&path, page))),
            });
            at += items.len();
        }
        letters
    }

    /// Every list of the site, and how much is in it.
    pub(super) fn all_lists(&self) -> Vec<Count> {
        let desk = &self.desk;
        let kinds = Kind::ALL.into_iter().filter_map(|kind| {
            let link = self.index_link(kind)?;
            let count = desk.k.listed(kind).count();
            Some(desk.count(kind, count, Some(link.path)))
        });
        let registers = What::ALL.into_iter().filter(|what| *what != What::AToZ).filter_map(|what| self.register_count(what));
        kinds.chain(registers).collect()
    }
}
