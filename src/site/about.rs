//! What staff want to know about a page that readers are not told: where it comes from, and how it hangs together.

use super::desk::Desk;
use super::gaps;
use super::{Early, Route, Site, SiteFile};
use crate::entries::Origin;
use crate::entries::front_matter::Visibility;
use crate::knowledge::EntryId;
use crate::knowledge::links::LinkTarget;
use serde::Serialize;
use std::sync::Arc;

/// How many links of a kind are named; of the rest only their number is said.
const NAMED: usize = 20;

/// What a page is made from.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    /// The file somebody wrote, from the project's folder; none for pages that gather what others say.
    pub file: Option<Arc<str>>,
    /// In what is read by people, in the site's language.
    pub kind: String,
    pub title: String,
    /// `draft`, `internal`, `unlisted`, `archived`, `superseded`.
    pub marks: Vec<&'static str>,
    pub freshness: FreshnessAbout,
    /// Who looks after it.
    pub owner: Option<Named>,
    pub links_to: Links,
    pub linked_from: Links,
    pub placements: Vec<Placement>,
}

/// When it was last looked at, and when it should be again. Days are ISO 8601.
#[derive(Debug, Clone, Serialize)]
pub struct FreshnessAbout {
    pub state: &'static str,
    pub since: Option<String>,
    pub next: Option<String>,
}

/// Entries with pages.
#[derive(Debug, Clone, Serialize)]
pub struct Links {
    /// The first of them.
    pub named: Vec<Named>,
    pub total: usize,
}

/// A title, and a path from the site's root.
#[derive(Debug, Clone, Serialize)]
pub struct Named {
    pub title: String,
    pub path: String,
}

/// A cell of a map in which an entry stands.
#[derive(Debug, Clone, Serialize)]
pub struct Placement {
    pub map: String,
    pub row: String,
    pub column: String,
    pub path: Option<String>,
    /// `supply`, `planned` or `question`.
    pub part: &'static str,
    /// False where it follows from several topics on both sides, and its author has not said which belong together.
    pub certain: bool,
}

/// What a page is made from; none where no entry has it for its page.
pub fn about(site: &Site, file: SiteFile) -> Option<About> {
    let id = match file {
        SiteFile::Early(Early::Entry(id)) => id,
        SiteFile::Route(number) => match &site.routes()[number] {
            Route::Entry(id) | Route::Part(id, ..) | Route::Redirect(id) => *id,
            _ => return None,
        },
        SiteFile::Early(_) | SiteFile::Index(_) => return None,
    };
    let desk = site.desk();
    let entry = desk.k.entry(id);
    let freshness = &desk.k.facts(id).freshness;
    Some(About {
        file: (entry.origin != Origin::Named).then(|| entry.at.file.clone()),
        kind: desk.kind_label(entry.kind),
        title: entry.title.clone(),
        marks: marks(&desk, id),
        freshness: FreshnessAbout {
            state: freshness.state.word(),
            since: freshness.since.map(|day| day.to_string()),
            next: freshness.next.map(|day| day.to_string()),
        },
        owner: desk.k.owner_of(id).map(|owner| named(&desk, owner)),
        links_to: links(&desk, links_to(&desk, id)),
        linked_from: links(&desk, linked_from(&desk, id)),
        placements: placements(&desk, id),
    })
}

fn marks(desk: &Desk, id: EntryId) -> Vec<&'static str> {
    let common = &desk.k.entry(id).common;
    let visibility = common.visibility();
    let marks = [
        (common.draft, "draft"),
        (visibility == Visibility::Internal, "internal"),
        (visibility == Visibility::Unlisted, "unlisted"),
        (common.archived, "archived"),
        (common.superseded_by.is_some(), "superseded"),
    ];
    marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect()
}

fn links_to(desk: &Desk, id: EntryId) -> Vec<EntryId> {
    let in_text = desk.k.links(id).iter().filter_map(|link| match link {
        LinkTarget::Entry { id, .. } => Some(*id),
        _ => None,
    });
    each_once(desk, id, desk.k.referred(id).chain(in_text))
}

fn linked_from(desk: &Desk, id: EntryId) -> Vec<EntryId> {
    let referring = desk.k.incoming(id).iter().map(|(_, from)| *from);
    each_once(desk, id, referring.chain(desk.k.mentioned_by(id).iter().copied()))
}

fn each_once(desk: &Desk, own: EntryId, ids: impl Iterator<Item = EntryId>) -> Vec<EntryId> {
    let mut ids: Vec<EntryId> = ids.filter(|id| *id != own && desk.k.has_page(*id)).collect();
    ids.sort_unstable_by_key(|id| (desk.k.kind(*id), desk.k.rank(*id)));
    ids.dedup();
    ids
}

fn links(desk: &Desk, ids: Vec<EntryId>) -> Links {
    Links { total: ids.len(), named: ids.into_iter().take(NAMED).map(|id| named(desk, id)).collect() }
}

fn named(desk: &Desk, id: EntryId) -> Named {
    Named { title: desk.k.entry(id).title.clone(), path: desk.entry_path(id) }
}

fn placements(desk: &Desk, id: EntryId) -> Vec<Placement> {
    let mut placements = Vec::new();
    for map in desk.k.maps() {
        for counted in map.counted.iter().filter(|counted| counted.entry == id) {
            for (row, column) in &counted.cells {
                let cell = map.cell(*row, *column);
                placements.push(Placement {
                    map: gaps::map_title(desk, map),
                    row: gaps::title(desk, map.row(cell)),
                    column: gaps::title(desk, map.column(cell)),
                    path: gaps::cell_path(map, cell),
                    part: counted.part.word(),
                    certain: counted.certain,
                });
            }
        }
    }
    placements.truncate(NAMED);
    placements
}
