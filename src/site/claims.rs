//! Who wants which address, in the order in which they may have it.

use super::addresses::{self, Claimant, Claims, Half};
use super::calendars::{self, Calendars, Scope};
use super::desk::Links;
use super::gathered::Gathering;
use super::lists::{self, Listed, Sub};
use super::orders::{self, Order};
use super::registers::{Register, Registers, What};
use super::{Route, feeds, gaps, review_calendar, search};
use crate::findings::{Place, catalogue};
use crate::kinds::Kind;
use crate::knowledge::{EntryId, Knowledge};
use crate::sheets::Sheets;
use crate::sources::{Asset, STATIC};
use crate::theme::ThemeAsset;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// What there is to want an address.
#[derive(Clone, Copy)]
pub struct Wishes<'k> {
    pub knowledge: &'k Knowledge,
    pub calendars: &'k Calendars,
    pub registers: &'k Registers,
    pub gathered: &'k HashMap<Gathering, Listed>,
    pub reviews: &'k BTreeMap<EntryId, Vec<EntryId>>,
    pub indexes: &'k HashMap<(Kind, Order), Listed>,
    pub lists: &'k HashMap<(EntryId, Sub), Listed>,
    pub assets: &'k [ThemeAsset],
    pub statics: &'k Sheets<Asset>,
    pub beside: &'k Sheets<Asset>,
    pub links: Links,
}

impl<'k> Wishes<'k> {
    /// Claims all of it, in two halves side by side.
    pub fn claim(self, begin: impl Fn(Half) -> Claims<'k> + Sync) -> (Claims<'k>, Claims<'k>) {
        let Wishes { knowledge, .. } = self;
        rayon::join(
            || {
                let mut claims = begin(Half::First);
                // Calendars come first, so that a page of that name is told that it cannot have it.
                claim_calendars(knowledge, self.calendars, &mut claims);
                claim_registers(self.registers, &mut claims);
                gaps::claim(knowledge, &mut claims);
                claim_gathered(knowledge, self.gathered, &mut claims);
                claim_search(knowledge, &mut claims);
                claim_reviews(knowledge, self.reviews, &mut claims);
                claims
            },
            || {
                let mut claims = begin(Half::Second);
                claim_pages(knowledge, self.indexes, self.lists, self.links, &mut claims);
                claim_feeds(knowledge, &mut claims);
                claim_files(self, &mut claims);
                // Aliases come last, so that a finding says that the old address is taken, not that the page is.
                claim_aliases(knowledge, &mut claims);
                claims
            },
        )
    }
}

fn claim_pages<'k>(
    knowledge: &'k Knowledge,
    indexes: &HashMap<(Kind, Order), Listed>,
    lists: &HashMap<(EntryId, Sub), Listed>,
    links: Links,
    claims: &mut Claims<'k>,
) {
    claims.page("", Route::Home, Claimant::plain("the home page"), None);
    let config = || Some(Cow::Owned(Place::top(&knowledge.config.file)));
    for kind in Kind::ALL {
        for order in orders::of_kind(kind) {
            let path = orders::path(kind.folder(), orders::of_kind(kind), *order);
            for page in 1..=indexes.get(&(kind, *order)).map_or(0, Listed::pages) {
                claims.page(
                    &lists::page_path(&path, page),
                    Route::Index(kind, *order, page),
                    Claimant::named("the index of ", kind.folder(), ""),
                    config(),
                );
            }
        }
    }
    for id in knowledge.ids().filter(|id| knowledge.has_page(*id)) {
        let path = &knowledge.path(id);
        // The page `index` is the home page's own text.
        if !path.is_empty() {
            let entry = knowledge.entry(id);
            claims.page(path, Route::Entry(id), Claimant::named("“", &entry.title, "”"), Some(Cow::Borrowed(&entry.at)));
        }
    }
    let mut parts: Vec<(&(EntryId, Sub), &Listed)> = lists.iter().collect();
    parts.sort_by_key(|(key, _)| **key);
    for ((id, sub), listed) in parts {
        let path = format!("{}{}/", knowledge.path(*id), sub.folder());
        for page in 1..=listed.pages() {
            let entry = knowledge.entry(*id);
            claims.page(
                &lists::page_path(&path, page),
                Route::Part(*id, *sub, page),
                Claimant::named("a list of “", &entry.title, "”"),
                Some(Cow::Borrowed(&entry.at)),
            );
        }
    }
    // A page for addresses that lead nowhere is shown by web servers; from a shared drive nobody would see it.
    if links == Links::Folders {
        claims.file("404.html", Route::NotFound, Claimant::plain("the page for addresses that lead nowhere"), None);
    }
}

fn claim_calendars<'k>(knowledge: &'k Knowledge, calendars: &Calendars, claims: &mut Claims<'k>) {
    for scope in calendars.scopes(knowledge) {
        let at = match scope {
            Scope::Site => None,
            Scope::Entry(id) => Some(&knowledge.entry(id).at),
        };
        claims.file(
            &decoded(&scope.feed(knowledge)),
            Route::CalendarFeed(scope),
            Claimant::plain("a calendar file"),
            at.map(Cow::Borrowed),
        );
        let kind = match scope {
            Scope::Site => None,
            Scope::Entry(id) => Some(knowledge.kind(id)),
        };
        // A series is its own page of what is coming, and it and the site have pages of years.
        if kind != Some(Kind::Series) {
            claims.page(&scope.page(knowledge), Route::Calendar(scope), Claimant::plain("the calendar"), at.map(Cow::Borrowed));
        }
        if matches!(kind, None | Some(Kind::Series)) {
            for year in calendars.years(knowledge, scope) {
                claims.page(
                    &calendars::year_path(knowledge, scope, year),
                    Route::Year(scope, year),
                    Claimant::plain("a year of a calendar"),
                    at.map(Cow::Borrowed),
                );
            }
        }
    }
    for year in calendars.years(knowledge, Scope::Site) {
        // Empty months are there too: whoever asks for one is told that there is nothing in it.
        for month in 1..=12 {
            claims.page(&calendars::month_path(year, month), Route::Month(year, month), Claimant::plain("a month of the calendar"), None);
        }
    }
    // What was only planned, and is over for long, is nothing that anybody would still add.
    for occasion in
        knowledge.calendar.iter().filter(|occasion| knowledge.planned(**occasion).is_none() || knowledge.is_in_feeds(**occasion))
    {
        let at = &knowledge.entry(knowledge.host(*occasion)).at;
        let (folder, name) = calendars::event_file(knowledge, *occasion);
        claims.within(folder, &name, Route::Event(*occasion), Claimant::plain("the calendar file of a session"), Some(Cow::Borrowed(at)));
    }
    claims.file("next-rebuild.txt", Route::NextRebuild, Claimant::plain("the day of the next build"), None);
}

fn claim_registers(registers: &Registers, claims: &mut Claims) {
    for register in Register::all() {
        let what = || Claimant::named("the list `", register.what.word(), "`");
        let mut pages = registers.get(&register).map_or(0, Listed::pages);
        // Every page leads to it.
        if register == Register::first(What::AToZ) {
            pages = pages.max(1);
        }
        if pages == 0 {
            // Tomorrow there may be something in it: whether an address is free must not depend on the day.
            claims.reserve(&register.page_path(1), what());
        }
        for page in 1..=pages {
            claims.page(&register.page_path(page), Route::Register(register, page), what(), None);
        }
    }
}

fn claim_gathered<'k>(knowledge: &'k Knowledge, gathered: &HashMap<Gathering, Listed>, claims: &mut Claims<'k>) {
    let mut all: Vec<(&Gathering, &Listed)> = gathered.iter().collect();
    all.sort_by_key(|(gathering, _)| **gathering);
    for (gathering, listed) in all {
        for page in 1..=listed.pages() {
            let path = lists::page_path(&gathering.path(knowledge), page);
            claims.page(&path, Route::Gathered(*gathering, page), Claimant::named("the list of “", gathering.title(knowledge), "”"), None);
        }
    }
}

fn claim_search<'k>(knowledge: &'k Knowledge, claims: &mut Claims<'k>) {
    if knowledge.config.search.enabled {
        claims.page(&format!("{}/", search::FOLDER), Route::Search, Claimant::plain("the search page"), None);
        claims.file(search::ROOT, Route::SearchRoot, Claimant::plain("the search index"), None);
        // Its other files are called by what is in them, and made when they are asked for.
        claims.reserve_folder(search::DATA, Claimant::plain("the search index"));
    }
}

fn claim_reviews<'k>(knowledge: &'k Knowledge, reviews: &BTreeMap<EntryId, Vec<EntryId>>, claims: &mut Claims<'k>) {
    for person in reviews.keys() {
        let path = decoded(&review_calendar::path(knowledge, *person));
        claims.file(
            &path,
            Route::Reviews(*person),
            Claimant::plain("the calendar of somebody's reviews"),
            Some(Cow::Borrowed(&knowledge.entry(*person).at)),
        );
    }
}

/// The output file of a file of `static/`.
pub fn static_file(asset: &Asset) -> &str {
    &asset.path[STATIC.len() + 1..]
}

/// An address as its file is called.
pub fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}

fn claim_feeds<'k>(knowledge: &'k Knowledge, claims: &mut Claims<'k>) {
    for scope in feeds::scopes(knowledge) {
        for format in feeds::Format::ALL {
            claims.file(
                &format!("{}{}", feeds::folder(knowledge, scope), format.file()),
                Route::Feed(scope, format),
                Claimant::plain("a feed"),
                None,
            );
        }
    }
    claims.file("data/entries.json", Route::EntriesJson, Claimant::plain("the data of all entries"), None);
    claims.file("data/entries.csv", Route::EntriesCsv, Claimant::plain("the data of all entries"), None);
    claims.file("robots.txt", Route::Robots, Claimant::plain("the file for search engines"), None);
    if knowledge.config.base_url.is_some() {
        claims.file("sitemap.xml", Route::Sitemap, Claimant::plain("the list of pages for search engines"), None);
    }
}

fn claim_files<'k>(wishes: Wishes<'k>, claims: &mut Claims<'k>) {
    let Wishes { knowledge, assets, statics, beside, .. } = wishes;
    for (index, asset) in assets.iter().enumerate() {
        claims.file(&asset.path, Route::ThemeAsset(index), Claimant::plain("a file of the theme"), None);
    }
    for asset in statics.iter() {
        claims.file(
            static_file(asset),
            Route::File(Box::new(asset.clone())),
            Claimant::named("`", &*asset.path, "`"),
            Some(Cow::Owned(Place::top(&asset.path))),
        );
    }
    for asset in beside.iter().filter(|asset| knowledge.published_files.contains(&asset.path)) {
        let path = format!("files/{}", &asset.path[crate::sources::CONTENT.len() + 1..]);
        claims.file(
            &path,
            Route::File(Box::new(asset.clone())),
            Claimant::named("`", &*asset.path, "`"),
            Some(Cow::Owned(Place::top(&asset.path))),
        );
    }
}

fn claim_aliases<'k>(knowledge: &'k Knowledge, claims: &mut Claims<'k>) {
    for id in knowledge.ids().filter(|id| knowledge.has_page(*id)) {
        let entry = knowledge.entry(id);
        for alias in &entry.common.aliases {
            let at = Place::new(&entry.at.file, alias.span);
            match addresses::alias_file(alias) {
                Some(file) => {
                    claims.file(&file, Route::Redirect(id), Claimant::named("an alias of “", &entry.title, "”"), Some(Cow::Owned(at)))
                }
                None => claims.findings.push(catalogue::unusable_alias(at, alias)),
            }
        }
    }
}
