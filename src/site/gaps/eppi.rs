//! A map as EPPI-Mapper takes it in: the JSON report of EPPI-Reviewer.
//!
//! There a reference stands in every cell of its rows and columns, so what an entry's author placed by hand may spread;
//! questions and sessions to come are no references.

use super::{map_title, title};
use crate::eppi::{self, Axis, EvidenceMap, Item, Reference};
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::axis::{KINDS, Side, Subject};
use crate::knowledge::gaps::placement::{Counted, Part};
use crate::site::desk::Desk;

/// The report of a map; what an entry says of itself stands in its reference as far as there is a place for it.
pub fn report(desk: &Desk, map: &GapMap) -> String {
    let kinds = KINDS.into_iter().filter(|kind| map.map.include.contains(kind));
    let segment = Axis { title: desk.t.get("say.gaps.filters.kind").to_owned(), items: kinds.map(|kind| of_kind(desk, kind)).collect() };
    let references = map.counted.iter().filter(|counted| counted.part == Part::Supply && !counted.cells.is_empty());
    eppi::write(&EvidenceMap {
        title: map_title(desk, map),
        rows: axis(desk, &map.rows),
        columns: axis(desk, &map.columns),
        // Where columns are kinds already, bubbles need not be divided by them again.
        segments: if map.columns.is_kinds() { Vec::new() } else { vec![segment] },
        references: references.map(|counted| reference(desk, map, counted)).collect(),
    })
}

fn of_kind(desk: &Desk, kind: Kind) -> Item {
    Item { id: kind.word().to_owned(), title: desk.kind_plural(kind), definition: String::new(), children: Vec::new() }
}

fn axis(desk: &Desk, side: &Side) -> Axis {
    let roots = (0..side.items.len()).filter(|at| side.items[*at].parent.is_none());
    let name = super::matrix::side_name(desk, side);
    Axis { title: name, items: roots.map(|at| item(desk, side, at)).collect() }
}

fn item(desk: &Desk, side: &Side, at: usize) -> Item {
    let own = &side.items[at];
    let definition = match own.subject {
        Subject::Entry(id) => desk.k.entry(id).topic().and_then(|topic| topic.definition.as_ref()).map(|text| text.value.clone()),
        _ => None,
    };
    let below = (at + 1..own.end).filter(|below| side.items[*below].parent == Some(at));
    Item {
        id: own.id.clone(),
        title: title(desk, own),
        definition: definition.unwrap_or_default(),
        children: below.map(|below| item(desk, side, below)).collect(),
    }
}

fn reference(desk: &Desk, map: &GapMap, counted: &Counted) -> Reference {
    let k = desk.k;
    let entry = k.entry(counted.entry);
    let ids = |side: &Side, all: &mut Vec<usize>| -> Vec<String> {
        all.sort_unstable();
        all.dedup();
        all.iter().map(|at| side.items[*at].id.clone()).collect()
    };
    let mut rows: Vec<usize> = counted.cells.iter().map(|(row, _)| *row).collect();
    let mut columns: Vec<usize> = counted.cells.iter().map(|(_, column)| *column).collect();
    let names = |ids: Vec<EntryId>| -> Vec<String> { ids.into_iter().map(|id| k.entry(id).title.clone()).collect() };
    let page = k.config.base_url.as_ref().map(|base| format!("{base}{}", k.path(counted.entry)));
    let resource = match &entry.own {
        crate::entries::front_matter::Own::Resource(resource) => Some(resource),
        _ => None,
    };
    Reference {
        id: entry.reference(),
        title: entry.title.clone(),
        year: k.day(counted.entry).map(|day| day.year().to_string()).unwrap_or_default(),
        authors: names(k.targets(counted.entry, &entry.common.authors).into_iter().filter(|author| k.is_listed(*author)).collect()),
        // The page leads to everything; where the site's place is not known, the resource itself.
        url: page.or_else(|| resource.and_then(|own| own.url.as_ref()).map(|url| url.value.clone())).unwrap_or_default(),
        abstract_text: entry.summary.clone(),
        kind: desk.kind_label(counted.kind),
        publisher: resource.and_then(|own| own.publisher.as_ref()).map(|text| text.value.clone()).unwrap_or_default(),
        rows: ids(&map.rows, &mut rows),
        columns: ids(&map.columns, &mut columns),
        segments: if map.columns.is_kinds() { Vec::new() } else { vec![counted.kind.word().to_owned()] },
        ..Reference::default()
    }
}
