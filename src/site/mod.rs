//! What a reader can ask for: every route of the site, and what makes it.
//!
//! [`plan`] lists the routes; [`Site::render`] makes the bytes of one. Rendering is pure and each route stands alone,
//! so that a build makes all of them in parallel and a preview only the one that is asked for.

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
pub use topic_tree::TopicCounts;

use crate::findings::{Checked, Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::links::Files;
use crate::knowledge::{EntryId, Knowledge};
use crate::search::Index;
use crate::sources::{Asset, Sources};
use crate::theme::{self, Theme, ThemeAsset, Value};
pub use addresses::Settled;
use addresses::{Addresses, Claims};
use calendars::{Calendars, Scope};
use cards::Cards;
use claims::Wishes;
use desk::Desk;
use gathered::Gathering;
use lists::{Listed, Sub};
use orders::Order;
use registers::{Register, Registers};
use small_months::SmallMonths;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

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
    calendars: Calendars,
    /// What is gathered from all entries, in each order.
    registers: Registers,
    gathered: HashMap<Gathering, Listed>,
    /// What each person is to review, by the day.
    reviews: BTreeMap<EntryId, Vec<EntryId>>,
    /// Lists that are too long for one page, by whom they belong to.
    lists: HashMap<(EntryId, Sub), Listed>,
    indexes: HashMap<(Kind, Order), Listed>,
    /// Where files that front matter names are published.
    named: Files,
    /// Routes by their output file, sorted.
    files: Arc<[String]>,
    routes: Vec<Route>,
    /// What can be searched: made when somebody first asks for it, since a preview may never.
    index: OnceLock<Index>,
}

/// One file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteFile {
    /// By its number among the routes.
    Route(usize),
    /// By its number among the files of the search index.
    Index(usize),
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

/// Plans every route of a site. Two things at one address are an error that names both. `settled` is what the same
/// knowledge base had before, which is often the same again.
pub fn plan(knowledge: Knowledge, theme: Arc<Theme>, sources: &Sources, links: Links, settled: &mut Settled) -> Checked<Site> {
    let mut findings = Vec::new();
    let assets = frame::assets(&knowledge, &theme);
    let frame = frame::frame(&knowledge, &theme, &assets, links, sources, &mut findings);
    let cards = Cards::new(&knowledge, theme.clone());
    // Both are made of the same entries, and neither needs the other.
    let desk = Desk::new(&knowledge, &theme.strings, links, &cards);
    let (calendars, ((indexes, lists), (registers, gathered))) = rayon::join(
        || {
            let mut calendars = Calendars::of(&knowledge);
            let mut findings = Vec::new();
            calendars.small = SmallMonths::draw(&desk, &theme, &calendars.years(&knowledge, Scope::Site), &mut findings);
            Checked::new(calendars, findings)
        },
        || {
            let lists = || rayon::join(|| lists::indexes(&desk), || lists::parts(&desk));
            rayon::join(lists, || rayon::join(|| registers::registers(&desk), || gathered::gathered(&desk)))
        },
    );
    findings.extend(calendars.findings);
    let calendars = calendars.value;
    let reviews = registers::reviews_of_owners(&knowledge);
    let wishes = Wishes {
        knowledge: &knowledge,
        calendars: &calendars,
        registers: &registers,
        gathered: &gathered,
        reviews: &reviews,
        indexes: &indexes,
        lists: &lists,
        assets: &assets,
        sources,
        links,
    };
    let again = (!settled.is_empty()).then(|| wishes.claim(|half| Claims::as_before(settled, half)));
    let again = again.and_then(|(first, second)| settled.again(first, second));
    let addresses = again.unwrap_or_else(|| {
        let (first, second) = wishes.claim(|_| Claims::default());
        Claims::settle(first, second, settled)
    });
    findings.extend(addresses.findings);
    if knowledge.config.base_url.is_none() {
        findings.push(catalogue::no_base_url(Place::top(&knowledge.config.file)));
    }
    let Addresses { files, routes } = addresses.value;
    Checked::new(
        Site {
            knowledge,
            theme,
            links,
            assets,
            frame,
            cards,
            calendars,
            registers,
            gathered,
            reviews,
            lists,
            indexes,
            named: Files::of(sources),
            files,
            routes,
            index: OnceLock::new(),
        },
        findings,
    )
}

impl Site {
    /// Everything there is, the search index included.
    pub fn listing(&self) -> Listing {
        let mut all: Vec<(String, SiteFile)> =
            self.files.iter().enumerate().map(|(number, path)| (path.clone(), SiteFile::Route(number))).collect();
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
        let made = |number: &usize| self.routes[*number] != Route::SearchRoot;
        (0..self.routes.len()).filter(made).map(SiteFile::Route).collect()
    }

    /// What can be searched; none where the community does not want it.
    pub fn search(&self) -> Option<&Index> {
        self.knowledge.config.search.enabled.then(|| self.index.get_or_init(|| search::index(self)))
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
        self.files.binary_search(&file).ok().map(SiteFile::Route)
    }

    /// What staff want to know about a page; none where no entry has it for its page.
    pub fn about(&self, file: SiteFile) -> Option<About> {
        about::about(self, file)
    }

    pub fn not_found(&self) -> Option<SiteFile> {
        self.files.binary_search_by(|file| file.as_str().cmp("404.html")).ok().map(SiteFile::Route)
    }

    /// Where a file stands in the site's folder.
    pub fn path(&self, file: SiteFile) -> String {
        match file {
            SiteFile::Route(number) => self.files[number].clone(),
            SiteFile::Index(number) => {
                let name = self.search().and_then(|index| index.names().nth(number)).unwrap_or_default();
                format!("{}/{name}.js", search::DATA)
            }
        }
    }

    /// The media type of a file, by the ending of its name.
    pub fn media_type(&self, file: SiteFile) -> &'static str {
        match file {
            SiteFile::Route(number) => addresses::media_type(&self.files[number]),
            SiteFile::Index(_) => addresses::media_type(search::ROOT),
        }
    }

    pub fn summary(&self) -> Summary {
        let pages = self.files.iter().filter(|file| file.ends_with(".html")).count();
        let entries = self.knowledge.ids().filter(|id| self.knowledge.has_page(*id)).count();
        Summary { entries, pages }
    }

    /// The path of a file that an entry's front matter names.
    fn file_path(&self, entry_file: &str, name: &str) -> Option<String> {
        self.named.named(entry_file, name).map(|file| file.address)
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
            SiteFile::Index(number) => return Ok(Cow::Borrowed(self.search().map_or(&[], |index| index.bytes(number)))),
        };
        let name = &self.files[number];
        let page = pages::Page { site: self, desk: self.desk(), file: name };
        let bytes = match &self.routes[number] {
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
            Route::Reviews(person) => review_calendar::file(&page.desk, *person, &self.reviews[person]).into_bytes(),
            Route::Year(scope, year) => page.year(*scope, *year)?,
            Route::CalendarFeed(scope) => {
                ics::feed(&page.desk, &self.calendars.zones, *scope, self.calendars.occasions(&self.knowledge, *scope)).into_bytes()
            }
            Route::Event(occasion) => ics::single(&page.desk, &self.calendars.zones, *occasion).into_bytes(),
            Route::NextRebuild => next_rebuild::text(&self.knowledge).into_bytes(),
            Route::Feed(scope, format) => feeds::render(&self.desk(), *scope, *format).into_bytes(),
            Route::Sitemap => robots::sitemap(&self.knowledge, &self.files, &self.routes).into_bytes(),
            Route::Robots => robots::robots(&self.knowledge).into_bytes(),
            Route::EntriesJson => data::json(&self.desk()).into_bytes(),
            Route::EntriesCsv => data::csv(&self.desk()).into_bytes(),
            Route::ThemeAsset(index) => return Ok(Cow::Borrowed(&self.assets[*index].bytes)),
            Route::File(asset) => {
                return asset
                    .read()
                    .map(Cow::Owned)
                    .map_err(|error| catalogue::page_trouble(Place::top(&asset.path), name, &format!("{error:#}")));
            }
        };
        Ok(Cow::Owned(bytes))
    }
}

/// The direction a language is written in.
fn direction(language: &str) -> &'static str {
    theme::strings::direction(language)
}
