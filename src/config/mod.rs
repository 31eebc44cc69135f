//! The configuration of a knowledge base: `folkmoot.toml`, checked key by key.

mod colour;
mod maps;

use crate::fields::{self, Described, Fields, describe};
use crate::findings::{At, Checked, Place, Span, catalogue};
use crate::kinds::Kind;
use crate::sources::Source;
use crate::time::{Interval, Zone};
use crate::words;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use maps::{Accepted, Axis, From, Gaps, Gate, Map, NotApplicable, Segment};

words! {
    /// What becomes of HTML that authors write by hand.
    RawHtmlMode { Sanitize = "sanitize", Escape = "escape", Allow = "allow" }
}

/// How many items a list shows before it goes on to another page.
const PAGE_LENGTH: i64 = 50;
/// How many entries a feed holds.
const FEED_LENGTH: i64 = 40;

#[derive(Debug, Clone)]
pub struct Config {
    pub title: String,
    pub description: String,
    /// With one slash at its end; none if the site's place is not known.
    pub base_url: Option<String>,
    pub language: String,
    pub time_zone: Zone,
    pub display_zones: Vec<Zone>,
    /// What calendars know the site by.
    pub site_id: String,
    pub licence: Option<String>,
    pub theme: Theme,
    pub nav: Vec<NavItem>,
    pub edit: Edit,
    pub search: Search,
    pub raw_html: RawHtmlMode,
    /// Days, weeks or months after which entries of a kind are to be reviewed.
    pub review: BTreeMap<Kind, Interval>,
    /// Kinds that stay open: undeclared names of these are used as they stand.
    pub open: Vec<Kind>,
    pub maps: Vec<Map>,
    pub gaps: Gaps,
    pub gate: Gate,
    pub feed_length: usize,
    pub page_length: usize,
    /// The output folder, from the project's.
    pub out: String,
    /// The file itself, for findings about the site as a whole.
    pub file: Arc<str>,
}

/// What a community changes of the look without touching the theme.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    /// Links and actions on light pages, as `#rrggbb`.
    pub accent: Option<String>,
    /// The same on dark pages.
    pub accent_dark: Option<String>,
    /// A font stack for titles and notes.
    pub font_text: Option<String>,
    /// A font stack for everything else.
    pub font_interface: Option<String>,
    /// A file under `static/`.
    pub logo: Option<At<String>>,
}

/// A navigation item the community chose.
#[derive(Debug, Clone)]
pub struct NavItem {
    pub title: String,
    pub to: At<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// With `{path}` where the entry's file goes.
    pub url: Option<String>,
    pub report_url: Option<String>,
}

/// Whether and how the site can be searched.
#[derive(Debug, Clone)]
pub struct Search {
    pub enabled: bool,
    /// Where to ask what search did not find, with `{query}` in it.
    pub ask: Option<String>,
}

impl Default for Search {
    fn default() -> Search {
        Search { enabled: true, ask: None }
    }
}

/// Reads `folkmoot.toml`. A site without one has the defaults, and the finding says how to begin.
pub fn read(source: Option<&Source>) -> Checked<Config> {
    let file: Arc<str> = Arc::from(crate::sources::CONFIG);
    let Some(source) = source else {
        let config = fields::read(&file, "", 0, &[], |f| Config::read(f, &file)).value;
        return Checked::new(config, vec![catalogue::no_config(&file)]);
    };
    match source.text() {
        Some(text) => {
            let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let read = fields::read(&file, &text[start..], start, &[], |f| Config::read(f, &file));
            Checked::new(read.value, read.findings)
        }
        None => {
            let config = fields::read(&file, "", 0, &[], |f| Config::read(f, &file)).value;
            let at = std::str::from_utf8(&source.bytes).err().map_or(0, |error| error.valid_up_to());
            Checked::new(config, vec![catalogue::not_utf8(Place::new(&file, Span::new(at..at)))])
        }
    }
}

/// Every key of `folkmoot.toml`, with its shape and meaning.
pub fn keys() -> Vec<Described> {
    let file: Arc<str> = Arc::from("");
    describe(|f| Config::read(f, &file))
}

impl Config {
    fn read(f: &mut Fields, file: &Arc<str>) -> Config {
        let title = f.text("title", "What the knowledge base is called.");
        let title = f.required(title).map_or_else(|| "Untitled".to_owned(), |title| title.value);
        let description = f.text("description", "One sentence on what it is for.").map(|text| text.value).unwrap_or_default();
        let base_url = base_url(f);
        let site_id = f.text("site_id", "What calendar programs know the site by; written once, never changed.");
        let site_id = site_id.map(|id| id.value).unwrap_or_else(|| site_id_of(base_url.as_deref(), &title));
        let mut config = Config {
            title,
            description,
            base_url,
            language: f
                .text("language", "The language of the site and of entries that name none (BCP 47).")
                .map_or_else(|| "en".into(), |text| text.value),
            time_zone: f
                .zone("time_zone", "The zone of times that name none, such as \"America/Chicago\".")
                .map_or_else(Zone::utc, |zone| zone.value),
            display_zones: f.zones("display_zones", "Other zones to show times in.").into_iter().map(|zone| zone.value).collect(),
            site_id,
            licence: f.text("licence", "The licence of the content, in a sentence at the foot of each page.").map(|text| text.value),
            theme: Theme::default(),
            nav: Vec::new(),
            edit: Edit::default(),
            search: Search::default(),
            raw_html: RawHtmlMode::Sanitize,
            review: default_intervals(),
            open: vec![Kind::Person, Kind::Organization],
            maps: Vec::new(),
            gaps: Gaps::default(),
            gate: Gate::default(),
            feed_length: FEED_LENGTH as usize,
            page_length: PAGE_LENGTH as usize,
            out: "public".into(),
            file: file.clone(),
        };
        config.theme = f.table("theme", "The look: accent, fonts and logo.", Theme::read).unwrap_or_default();
        config.nav = f
            .tables("nav", "Items of the navigation, instead of the usual ones.", |f| {
                let title = f.text("title", "What it is called.");
                let title = f.required(title);
                let to = f.text("to", "A kind's folder (`practices`), or an entry as `folder/id`.");
                let to = f.required(to);
                Some(NavItem { title: title?.value, to: to? })
            })
            .into_iter()
            .flatten()
            .collect();
        config.edit = f
            .table("edit", "Where readers can mend or report.", |f| Edit {
                url: f.link("url", "Where to edit an entry's file, with `{path}` in it.").map(|text| text.value),
                report_url: f.link("report_url", "Where to report a mistake.").map(|text| text.value),
            })
            .unwrap_or_default();
        if let Some(mode) =
            f.table("markdown", "How text is read.", |f| f.word::<RawHtmlMode>("raw_html", "What becomes of HTML in entries."))
        {
            config.raw_html = mode.map_or(RawHtmlMode::Sanitize, |mode| mode.value);
        }
        if let Some(intervals) = f.table("review", "How often entries of each kind are looked at again.", intervals) {
            config.review.extend(intervals);
        }
        if let Some(open) = f.table("vocabulary", "Which kinds may be named without a file.", open_kinds) {
            config.open = open;
        }
        config.maps = f.tables("maps", "Knowledge-gap maps.", Map::read).into_iter().flatten().collect();
        config.gaps = f.table("gaps", "What the pages of gaps offer.", Gaps::read).unwrap_or_default();
        config.gate = f.table("gate", "Limits that a check holds the gaps to.", Gate::read).unwrap_or_default();
        if let Some((enabled, ask)) = f.table("search", "How search works.", |f| {
            let enabled = f.flag("enabled", "Whether the site can be searched.");
            (enabled, f.link("ask", "Where to ask what search did not find: an address with `{query}` in it."))
        }) {
            config.search = Search { enabled: enabled.is_none_or(|flag| flag.value), ask: ask.map(|ask| ask.value) };
        }
        if let Some(length) = f.table("feeds", "What feeds hold.", |f| f.integer("length", 1, 1000, "How many entries.")).flatten() {
            config.feed_length = length.value as usize;
        }
        if let Some((out, page)) = f.table("build", "How the site is written.", |f| {
            (
                f.text("out", "The output folder, from this file's."),
                f.integer("page_length", 5, 1000, "How many entries a list shows before it goes on to another page."),
            )
        }) {
            config.out = out.map_or(config.out, |out| out.value);
            config.page_length = page.map_or(config.page_length, |page| page.value as usize);
        }
        config
    }

    pub fn is_open(&self, kind: Kind) -> bool {
        self.open.contains(&kind)
    }
}

impl Theme {
    fn read(f: &mut Fields) -> Theme {
        Theme {
            accent: colour::read(f, "accent", "The colour of links and actions on light pages: \"#0b5c66\".", colour::Page::Light),
            accent_dark: colour::read(f, "accent_dark", "The same on dark pages.", colour::Page::Dark),
            font_text: font(f, "font_text", "Fonts for titles and notes, as in CSS."),
            font_interface: font(f, "font_interface", "Fonts for everything else, as in CSS."),
            logo: f.text("logo", "A picture under `static/`, shown beside the site's title."),
        }
    }
}

/// A font stack, without what could end the declaration it is put into.
fn font(f: &mut Fields, key: &'static str, about: &'static str) -> Option<String> {
    let text = f.text(key, about)?;
    let safe = |c: char| c.is_alphanumeric() || " ,-'\"".contains(c);
    if text.chars().all(safe) {
        return Some(text.value);
    }
    let place = f.place(text.span);
    f.tell(catalogue::wrong_type(place, key, "something else", "names of fonts", &format!("{key} = \"Georgia, serif\"")));
    None
}

fn base_url(f: &mut Fields) -> Option<String> {
    let url = f.text("base_url", "Where the site will stand: \"https://library.example.org/\".")?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).filter(|host| !host.is_empty());
    if host.is_none() || url.contains([' ', '"', '<', '>', '?', '#']) {
        let place = f.place(url.span);
        f.tell(catalogue::unusable_base_url(place, &url));
        return None;
    }
    Some(format!("{}/", url.trim_end_matches('/')))
}

/// Where none is written: the host of the site's address, else its title as a slug.
fn site_id_of(base_url: Option<&str>, title: &str) -> String {
    let host = base_url.and_then(|url| url.split('/').nth(2)).map(|host| host.split(':').next().unwrap_or(host).to_owned());
    host.unwrap_or_else(|| {
        let mut id = String::new();
        for c in title.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                id.push(c);
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        id.trim_end_matches('-').to_owned()
    })
}

/// The intervals of SPEC section 3, for kinds whose entries age.
fn default_intervals() -> BTreeMap<Kind, Interval> {
    BTreeMap::from([
        (Kind::Practice, Interval::months(12)),
        (Kind::Resource, Interval::months(18)),
        (Kind::Topic, Interval::months(24)),
        (Kind::Community, Interval::months(12)),
        (Kind::Question, Interval::months(3)),
    ])
}

fn intervals(f: &mut Fields) -> Vec<(Kind, Interval)> {
    let reviewed = [Kind::Practice, Kind::Resource, Kind::Topic, Kind::Community, Kind::Question];
    reviewed
        .into_iter()
        .filter_map(|kind| f.interval(kind.word(), "How often, such as \"12 months\".").map(|every| (kind, every.value)))
        .collect()
}

fn open_kinds(f: &mut Fields) -> Vec<Kind> {
    let mut open = Vec::new();
    for name in f.texts("open", "Folders of kinds that may be named without a file: [\"people\", \"organizations\"].") {
        match Kind::from_word(&name) {
            Some(kind) => open.push(kind),
            None => {
                let folders: Vec<&str> = Kind::ALL.iter().map(|kind| kind.folder()).collect();
                let near = crate::findings::nearest::nearest(&name, folders.iter().copied());
                let place = f.place(name.span);
                f.tell(catalogue::unknown_word(place, "open", &name, near, &folders));
            }
        }
    }
    open
}
