//! What was learned, and what was taken away to think about: sentences gathered from sessions and case studies.

use super::{Heading, Item, Order, Parts, with_rest};
use crate::entries::front_matter::{Own, Text};
use crate::kinds::Kind;
use crate::knowledge::{EntryId, Knowledge};
use crate::site::desk::Desk;
use crate::site::lists::year_title;
use crate::site::pages::Page;
use crate::site::views::TextLine;
use std::collections::BTreeMap;

/// Lessons of listed sessions and case studies, newest first: by year, or under each of their topics.
pub fn lessons(desk: &Desk, order: Order) -> Parts {
    let k = desk.k;
    let all = said(k, k.listed(Kind::Session).chain(k.listed(Kind::CaseStudy)), lessons_of, Item::Learned);
    if order != Order::Topic {
        return by_year(desk, all);
    }
    let mut by: BTreeMap<(u32, EntryId), Vec<Item>> = BTreeMap::new();
    let mut rest = Vec::new();
    for (id, item) in all {
        let topics: Vec<EntryId> = k.said(id).topics.iter().copied().filter(|topic| k.is_listed(*topic)).collect();
        if topics.is_empty() {
            rest.push(item);
        }
        for topic in topics {
            by.entry((k.by_title(topic), topic)).or_default().push(item);
        }
    }
    let parts = by.into_iter().map(|((_, topic), items)| (Heading::named(desk.name(topic)), items)).collect();
    with_rest(parts, desk.t.get("say.without_topic").to_owned(), rest)
}

/// Takeaways of listed sessions, newest first: by year, or by series.
pub fn takeaways(desk: &Desk, order: Order) -> Parts {
    let k = desk.k;
    let all = said(k, k.listed(Kind::Session), takeaways_of, Item::Takeaway);
    if order != Order::Series {
        return by_year(desk, all);
    }
    let mut by: BTreeMap<(u32, EntryId), Vec<Item>> = BTreeMap::new();
    let mut rest = Vec::new();
    for (id, item) in all {
        match k.session(id).and_then(|facts| facts.series).filter(|series| k.is_listed(*series)) {
            Some(series) => by.entry((k.by_title(series), series)).or_default().push(item),
            None => rest.push(item),
        }
    }
    let parts = by.into_iter().map(|((_, series), items)| (Heading::named(desk.name(series)), items)).collect();
    with_rest(parts, desk.t.get("say.without_series").to_owned(), rest)
}

fn said(
    k: &Knowledge,
    ids: impl Iterator<Item = EntryId>,
    texts: fn(&Knowledge, EntryId) -> &[Text],
    item: fn(EntryId, usize) -> Item,
) -> Vec<(EntryId, Item)> {
    let mut ids: Vec<EntryId> = ids.filter(|id| !texts(k, *id).is_empty()).collect();
    k.newest_first(&mut ids);
    ids.into_iter().flat_map(|id| (0..texts(k, id).len()).map(move |at| (id, item(id, at)))).collect()
}

fn by_year(desk: &Desk, all: Vec<(EntryId, Item)>) -> Parts {
    let year = |id: EntryId| desk.k.day(id).map(|day| day.year());
    all.chunk_by(|a, b| year(a.0) == year(b.0))
        .map(|of| (Heading::plain(year_title(desk, year(of[0].0))), of.iter().map(|(_, item)| *item).collect()))
        .collect()
}

fn lessons_of(k: &Knowledge, id: EntryId) -> &[Text] {
    match &k.entry(id).own {
        Own::Session(session) => &session.lessons,
        Own::CaseStudy(case_study) => &case_study.lessons,
        _ => &[],
    }
}

fn takeaways_of(k: &Knowledge, id: EntryId) -> &[Text] {
    k.entry(id).session().map_or(&[], |session| &session.takeaways)
}

impl Page<'_> {
    pub(super) fn said(&self, item: Item) -> Option<TextLine> {
        let (k, desk) = (self.k(), &self.desk);
        let (id, text) = match item {
            Item::Learned(id, at) => (id, lessons_of(k, id).get(at)?),
            Item::Takeaway(id, at) => (id, takeaways_of(k, id).get(at)?),
            _ => return None,
        };
        Some(TextLine {
            text: text.value.clone(),
            from: desk.link(id),
            kind: k.kind(id).word(),
            kind_label: desk.kind_label(k.kind(id)),
            date: k.day(id).map(|day| desk.date(day)),
            organizations: desk.all_listed(id, &k.entry(id).common.organizations),
        })
    }
}
