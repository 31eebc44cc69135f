//! What a reader can ask for: every route of the site, and what makes it.
//!
//! [`Site::plan`] lists the routes; [`Site::render`] makes the bytes of one. Rendering is pure and each route stands alone,
//! so that a build makes all of them in parallel and a preview only the one that is asked for. Most pages of entries need
//! no plan: where they stand where they stood, a preview shows them before there is one.

mod about;
mod addresses;
mod calendars;
mod cards;
mod claims;
mod coming;
mod data;
mod desk;
mod entry_page;
mod feeds;
mod frame;
mod gaps;
mod gathered;
mod handoff;
mod home;
mod ics;
mod linked_data;
mod lists;
mod next_rebuild;
mod orders;
mod pages;
mod people_pages;
mod plan;
mod registers;
mod review_calendar;
mod robots;
mod search;
mod series_topic_pages;
mod session_page;
mod small_months;
mod topic_tree;
pub mod views;
mod work_pages;

pub use about::About;
pub use coming::Coming;
pub use desk::Links;
pub use gaps::{GAPS_SCHEMA, GapForm, GapSummary, GapSummaryLine};
pub use handoff::Handoff;
pub use plan::Remembered;
pub use topic_tree::TopicCounts;

use crate::findings::{Checked, Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::links::Files;
use crate::knowledge::{EntryId, Knowledge};
use crate::later::Later;
use crate::search::Index;
use crate::sheets::Sheets;
use crate::sources::{Asset, Sources};
use crate::theme::{self, Theme, ThemeAsset, Value};
use addresses::Addresses;
use cards::Cards;
use desk::Desk;
use gathered::Gathering;
use lists::Sub;
use orders::Order;
use plan::Plan;
use registers::Register;
use std::borrow::Cow;
use std::sync::Arc;

/// The version of `data/entries.json`.
pub use data::SCHEMA_VERSION;

/// One thing a reader can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Route {
    Home,
    Entry(EntryId),
    /// A page of an index of a kind in one of its orders; the first is page 1.
    Index(Kind, Order, usize),
    /// A page of a list that is too long for the page it belongs to.
    Part(EntryId, Sub, usize),
    NotFound,
    /// An old address and the entry it leads to.
    Redirect(EntryId),
    /// What is coming and what has been; of a topic or a community, or of the whole site.
    Calendar(calendars::Scope),
    Month(i16, i8),
    /// A page of a register in one of its orders.
    Register(Register, usize),
    /// A page of what belongs to a place or a year.
    Gathered(Gathering, usize),
    /// Something of gap maps.
    Gaps(gaps::GapRoute),
    /// The page where one searches.
    Search,
    /// The file that a search begins with.
    SearchRoot,
    /// The calendar of what a person is to review.
    Reviews(EntryId),
    /// A year of the site or of a series.
    Year(calendars::Scope, i16),
    CalendarFeed(calendars::Scope),
    /// The calendar file of one session.
    Event(Occasion),
    NextRebuild,
    Feed(feeds::Scope, feeds::Format),
    Sitemap,
    Robots,
    EntriesJson,
    EntriesCsv,
    ThemeAsset(usize),
    /// A file of `static/` or beside an entry. Apart, since there are few: all routes would have its size.
    File(Box<Asset>),
}

/// How much there is, for the person who built it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Entries with a page.
    pub entries: usize,
    /// HTML pages.
    pub pages: usize,
}

/// A whole site, ready to be rendered page by page.
#[derive(Debug)]
pub struct Site {
    knowledge: Knowledge,
    theme: Arc<Theme>,
    links: Links,
    /// The community's own colours and fonts, after the theme's assets.
    assets: Vec<ThemeAsset>,
    /// The view that every page has, made once.
    frame: Value,
    /// One card per entry, drawn once and shared by all lists.
    cards: Cards,
    /// The files that are published as they are: those of `static/`, and beside entries those that one names.
    statics: Sheets<Asset>,
    beside: Sheets<Asset>,
    /// Where files that front matter names are published.
    named: Files,
    plan: Later<Checked<Plan>>,
    remembered: Remembered,
    /// The addresses of an earlier state in which all entries had those that they have now.
    before: Option<Arc<Addresses>>,
    /// What can be searched.
    index: Later<Index>,
}

/// One file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteFile {
    /// By its number among the routes.
    Route(usize),
    /// One that is found before there are routes.
    Early(Early),
    /// By its number among the files of the search index.
    Index(usize),
}

/// What stands where it stood, whatever its number among the routes will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Early {
    /// The page of an entry.
    Entry(EntryId),
    /// A file of the theme, by its number.
    Theme(usize),
    /// A file of `static/`, by its number.
    Static(usize),
}

/// All files of a site.
#[derive(Debug)]
pub struct Listing {
    /// Sorted.
    pub paths: Vec<String>,
    /// In the same order.
    pub files: Vec<SiteFile>,
}

impl Listing {
    /// The places of the files of the search index, sorted.
    pub fn of_index(&self) -> Vec<usize> {
        (0..self.files.len()).filter(|place| matches!(self.files[*place], SiteFile::Index(_))).collect()
    }
}

/// A site of which the frame is known. `remembered` is of the same knowledge base.
pub fn begin(knowledge: Knowledge, theme: Arc<Theme>, sources: &Sources, links: Links, remembered: &Remembered) -> Checked<Site> {
    let mut findings = Vec::new();
    let assets = frame::assets(&knowledge, &theme);
    let frame = frame::frame(&knowledge, &theme, &assets, links, sources, &mut findings);
    let cards = Cards::new(&knowledge, theme.clone());
    if knowledge.config.base_url.is_none() {
        findings.push(catalogue::no_base_url(Place::top(&knowledge.config.file)));
    }
    let site = Site {
        knowledge,
        theme,
        links,
        assets,
        frame,
        cards,
        statics: sources.statics.clone(),
        beside: sources.beside.clone(),
        named: Files::of(sources),
        plan: Later::default(),
        remembered: remembered.clone(),
        before: None,
        index: Later::default(),
    };
    Checked::new(site, findings)
}

impl Site {
    /// Has pages of entries shown before all of the site has been looked at, if that can be: in an earlier state that has
    /// been, and whose pages could all be made, each entry had the addresses that it has now, and nobody met anybody. An entry
    /// cannot lose its address then, unless a list grows to where an old address leads, which the plan tells.
    pub fn foresee(&mut self, earlier: &Site) -> bool {
        let as_it_was = Arc::ptr_eq(&self.theme, &earlier.theme) && self.knowledge.is_addressed_like(&earlier.knowledge);
        if as_it_was {
            self.before = Some(earlier.plan().addresses.clone());
        }
        as_it_was
    }
}

impl Site {
    /// Everything there is, the search index included.
    pub fn listing(&self) -> Listing {
        let mut all: Vec<(String, SiteFile)> =
            self.files().iter().enumerate().map(|(number, path)| (path.clone(), SiteFile::Route(number))).collect();
        if let Some(index) = self.search() {
            let data = index.names().enumerate().filter(|(_, name)| *name != Index::ROOT);
            all.extend(data.map(|(number, name)| (format!("{}/{name}.js", search::DATA), SiteFile::Index(number))));
        }
        all.sort_unstable();
        let (paths, files) = all.into_iter().unzip();
        Listing { paths, files }
    }

    /// Every file that a template or the program makes when it is asked for: all but the search index.
    pub fn made(&self) -> Vec<SiteFile> {
        let routes = self.routes();
        let made = |number: &usize| routes[*number] != Route::SearchRoot;
        (0..routes.len()).filter(made).map(SiteFile::Route).collect()
    }

    /// What can be searched; none where the community does not want it.
    pub fn search(&self) -> Option<&Index> {
        self.knowledge.config.search.enabled.then(|| {
            // The index is made of it.
            self.planned();
            self.index.get_or_make(|| search::index(self))
        })
    }

    /// Gives away the files of the search index by their numbers, once it has been made, for whoever publishes them: a large
    /// part of what a build holds. This site has only the file that a search begins with from then on.
    pub fn take_index(&mut self) -> Vec<Box<str>> {
        self.index.get_mut().map(Index::take).unwrap_or_default()
    }

    /// Draws what many pages share, on all cores, for those who will want all of it. Gives what stopped it: said once
    /// here, it would else be said again by every page that lists something.
    pub fn draw_shared(&self) -> Option<Finding> {
        self.cards.draw_all(&self.desk())
    }

    /// Whether another site is made with the very same theme.
    pub fn has_theme_of(&self, other: &Site) -> bool {
        Arc::ptr_eq(&self.theme, &other.theme)
    }

    /// What stopped something shared that was wanted until now: the pages it was wanted for are not whole.
    pub fn shared_trouble(&self) -> Option<&Finding> {
        self.cards.trouble()
    }

    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    pub fn title(&self) -> &str {
        &self.knowledge.config.title
    }

    /// The file that answers a decoded address such as `/practices/retail-licensing/`.
    pub fn find(&self, address: &str) -> Option<SiteFile> {
        let path = address.strip_prefix('/')?;
        if let Some(name) = path.strip_prefix(search::DATA) {
            let name = name.strip_prefix('/')?.strip_suffix(".js").filter(|name| *name != Index::ROOT)?;
            return self.search()?.number(name).map(SiteFile::Index);
        }
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        let early = self.before.as_ref().filter(|_| !self.plan.is_made()).and_then(|before| self.early(before.route(&file)?));
        early.map(SiteFile::Early).or_else(|| self.files().binary_search(&file).ok().map(SiteFile::Route))
    }

    /// What made a file before, where it makes it now.
    fn early(&self, before: &Route) -> Option<Early> {
        match before {
            Route::Entry(id) => Some(Early::Entry(*id)),
            // The theme is the same, and so are the settings.
            Route::ThemeAsset(number) => Some(Early::Theme(*number)),
            Route::File(asset) => self.statics.place_of(&*asset.path, |known| &*known.path).map(Early::Static),
            _ => None,
        }
    }

    /// What staff want to know about a page; none where no entry has it for its page.
    pub fn about(&self, file: SiteFile) -> Option<About> {
        about::about(self, file)
    }

    pub fn not_found(&self) -> Option<SiteFile> {
        self.files().binary_search_by(|file| file.as_str().cmp("404.html")).ok().map(SiteFile::Route)
    }

    /// Where a file stands in the site's folder.
    pub fn path(&self, file: SiteFile) -> String {
        match file {
            SiteFile::Route(number) => self.files()[number].clone(),
            SiteFile::Early(Early::Entry(id)) => page_file(&self.knowledge, id),
            SiteFile::Early(Early::Theme(number)) => self.assets[number].path.clone(),
            SiteFile::Early(Early::Static(number)) => claims::static_file(&self.statics[number]).to_owned(),
            SiteFile::Index(number) => {
                let name = self.search().and_then(|index| index.names().nth(number)).unwrap_or_default();
                format!("{}/{name}.js", search::DATA)
            }
        }
    }

    /// The media type of a file, by the ending of its name.
    pub fn media_type(&self, file: SiteFile) -> &'static str {
        match file {
            SiteFile::Route(number) => addresses::media_type(&self.files()[number]),
            SiteFile::Early(Early::Entry(_)) => addresses::media_type(PAGE),
            SiteFile::Early(_) => addresses::media_type(&self.path(file)),
            SiteFile::Index(_) => addresses::media_type(search::ROOT),
        }
    }

    pub fn summary(&self) -> Summary {
        let pages = self.files().iter().filter(|file| file.ends_with(".html")).count();
        let entries = self.knowledge.ids().filter(|id| self.knowledge.has_page(*id)).count();
        Summary { entries, pages }
    }

    /// The path of a file that an entry's front matter names.
    fn file_path(&self, entry_file: &str, name: &str) -> Option<String> {
        self.named.named(entry_file, name).map(|file| file.address)
    }

    /// The output files of all routes, sorted.
    fn files(&self) -> &[String] {
        &self.plan().addresses.files
    }

    fn routes(&self) -> &[Route] {
        &self.plan().addresses.routes
    }

    fn desk(&self) -> Desk<'_> {
        Desk::new(&self.knowledge, &self.theme.strings, self.links, &self.cards)
    }

    /// Makes the bytes of one file.
    ///
    /// # Errors
    /// A finding, when a template asks for what is not there or a file has gone since it was read.
    pub fn render(&self, file: SiteFile) -> Result<Cow<'_, [u8]>, Finding> {
        let number = match file {
            SiteFile::Route(number) => number,
            SiteFile::Early(Early::Entry(id)) => {
                let page = pages::Page { site: self, desk: self.desk(), file: &page_file(&self.knowledge, id) };
                return page.entry(id).map(Cow::Owned);
            }
            SiteFile::Early(Early::Theme(number)) => return Ok(Cow::Borrowed(&self.assets[number].bytes)),
            SiteFile::Early(Early::Static(number)) => {
                let asset = &self.statics[number];
                return as_it_is(asset, claims::static_file(asset)).map(Cow::Owned);
            }
            SiteFile::Index(number) => return Ok(Cow::Borrowed(self.search().map_or(&[], |index| index.bytes(number)))),
        };
        let Plan { calendars, reviews, addresses, .. } = self.plan();
        let name = &addresses.files[number];
        let page = pages::Page { site: self, desk: self.desk(), file: name };
        let bytes = match &addresses.routes[number] {
            Route::Home => page.home()?,
            Route::Entry(id) => page.entry(*id)?,
            Route::Index(kind, order, number) => page.index(*kind, *order, *number)?,
            Route::Part(id, sub, number) => page.part(*id, *sub, *number)?,
            Route::NotFound => page.not_found()?,
            Route::Redirect(id) => page.redirect(*id)?,
            Route::Calendar(scope) => page.calendar(*scope)?,
            Route::Month(year, month) => page.month(*year, *month)?,
            Route::Register(register, number) => page.register(*register, *number)?,
            Route::Gaps(route) => page.gaps(route)?,
            Route::Gathered(gathering, number) => page.gathered(*gathering, *number)?,
            Route::Search => page.search()?,
            Route::SearchRoot => {
                return Ok(Cow::Borrowed(self.search().and_then(|index| index.file(Index::ROOT)).unwrap_or_default().as_bytes()));
            }
            Route::Reviews(person) => review_calendar::file(&page.desk, *person, &reviews[person]).into_bytes(),
            Route::Year(scope, year) => page.year(*scope, *year)?,
            Route::CalendarFeed(scope) => {
                ics::feed(&page.desk, &calendars.zones, *scope, calendars.occasions(&self.knowledge, *scope)).into_bytes()
            }
            Route::Event(occasion) => ics::single(&page.desk, &calendars.zones, *occasion).into_bytes(),
            Route::NextRebuild => next_rebuild::text(&self.knowledge).into_bytes(),
            Route::Feed(scope, format) => feeds::render(&self.desk(), *scope, *format).into_bytes(),
            Route::Sitemap => robots::sitemap(&self.knowledge, &addresses.files, &addresses.routes).into_bytes(),
            Route::Robots => robots::robots(&self.knowledge).into_bytes(),
            Route::EntriesJson => data::json(&self.desk()).into_bytes(),
            Route::EntriesCsv => data::csv(&self.desk()).into_bytes(),
            Route::ThemeAsset(index) => return Ok(Cow::Borrowed(&self.assets[*index].bytes)),
            Route::File(asset) => as_it_is(asset, name)?,
        };
        Ok(Cow::Owned(bytes))
    }
}

/// The bytes of a file that is published as it is.
fn as_it_is(asset: &Asset, file: &str) -> Result<Vec<u8>, Finding> {
    asset.read().map_err(|error| catalogue::page_trouble(Place::top(&asset.path), file, &format!("{error:#}")))
}

/// The file of a page, in its folder.
const PAGE: &str = "index.html";

/// The output file of an entry's page.
fn page_file(knowledge: &Knowledge, id: EntryId) -> String {
    format!("{}{PAGE}", claims::decoded(knowledge.path(id)))
}

/// The direction a language is written in.
fn direction(language: &str) -> &'static str {
    theme::strings::direction(language)
}
