//! Pages: a view for each, and the frame that all of them share.

use super::cards::ANY_ROOT;
use super::desk::{Desk, Links};
use super::feeds::{self, Format, Scope};
use super::lists::{self, Listed, Sub};
use super::orders::{self, Order};
use super::views::{
    FeedLink, Link, ListView, Name, PageView, Pager, RedirectView, Tally, TopicColumn, TopicGroup, TopicLine, TopicRow, TopicRows,
    TopicTable,
};
use super::{Site, direction};
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::practices::Maturity;
use crate::knowledge::{EntryId, Knowledge, Shown, topics};
use crate::theme::{Context, Value};

/// About how many bytes a page has, so that most need no second allocation.
const USUAL_PAGE: usize = 24 * 1024;

/// How many bytes are looked at together. A page is mostly stretches that leave nothing open.
const STRETCH: usize = 128;

/// Writes the way to the root wherever a page leaves it open.
fn rooted(page: Vec<u8>, root: &[u8]) -> Vec<u8> {
    if !leaves_open(&page) {
        return page;
    }
    let mut whole = Vec::with_capacity(page.len() + page.len() / 16);
    for stretch in page.chunks(STRETCH) {
        if !leaves_open(stretch) {
            whole.extend_from_slice(stretch);
            continue;
        }
        let mut parts = stretch.split(|byte| *byte == ANY_ROOT);
        whole.extend_from_slice(parts.next().unwrap_or_default());
        for part in parts {
            whole.extend_from_slice(root);
            whole.extend_from_slice(part);
        }
    }
    whole
}

/// Whether the way to the root is left open somewhere. Not to stop at the first place is quicker: the processor then
/// looks at many bytes at once.
fn leaves_open(text: &[u8]) -> bool {
    text.iter().fold(false, |open, byte| open | (*byte == ANY_ROOT))
}

/// One page in the making.
pub struct Page<'a> {
    pub site: &'a Site,
    pub desk: Desk<'a>,
    /// Its output file.
    pub file: &'a str,
}

/// What a page says of itself, before the frame is put around it.
pub struct Head {
    pub template: &'static str,
    pub title: String,
    pub description: String,
    pub language: String,
    pub breadcrumb: Vec<Link>,
    pub section: String,
    pub feeds: Vec<FeedLink>,
    pub noindex: bool,
    pub watermark: Option<String>,
}

impl Head {
    fn new(site: &Site, template: &'static str, title: &str) -> Head {
        Head {
            template,
            title: title.to_owned(),
            description: String::new(),
            language: site.knowledge.config.language.clone(),
            breadcrumb: Vec::new(),
            section: String::new(),
            feeds: Vec::new(),
            noindex: false,
            watermark: None,
        }
    }
}

impl<'a> Page<'a> {
    pub fn k(&self) -> &'a Knowledge {
        self.desk.k
    }

    /// The way from this page to the site's root.
    pub fn root(&self) -> String {
        match self.file.matches('/').count() {
            0 => "./".into(),
            depth => "../".repeat(depth),
        }
    }

    pub fn head(&self, template: &'static str, title: &str) -> Head {
        Head::new(self.site, template, title)
    }

    /// Puts the frame around a view and renders its template.
    pub fn render(&self, head: Head, views: Vec<(&'static str, Value)>) -> Result<Vec<u8>, Finding> {
        let address = self.file.strip_suffix("index.html").unwrap_or(self.file);
        let canonical = self.k().config.base_url.as_ref().map(|base| format!("{base}{}", crate::knowledge::paths::encoded(address)));
        let view = PageView {
            template: head.template,
            title: head.title,
            description: head.description,
            dir: direction(&head.language),
            language: head.language,
            canonical: canonical.filter(|_| !head.noindex && self.site.links == Links::Folders),
            breadcrumb: head.breadcrumb,
            section: head.section,
            feeds: head.feeds,
            noindex: head.noindex,
            watermark: head.watermark,
        };
        let mut context = Context::new();
        context.insert_value("site", self.site.frame.clone());
        context.insert_value("t", self.desk.t.value.clone());
        let root = self.frame_root(head.template);
        context.insert_value("root", Value::safe_string(&root));
        context.insert("page", &view);
        for (name, value) in views {
            context.insert_value(name, value);
        }
        let mut html = Vec::with_capacity(USUAL_PAGE);
        self.site.theme.render_to(&format!("{}.html", view.template), &context, &format!("/{address}"), &mut html)?;
        Ok(rooted(html, root.as_bytes()))
    }

    /// A page that stands for any address cannot know how deep it is asked for, so it alone begins at the site's own
    /// base path.
    fn frame_root(&self, template: &str) -> String {
        if template != "404" {
            return self.root();
        }
        let base = self.k().config.base_url.as_deref().unwrap_or("/");
        let path = base.split_once("://").map_or(base, |(_, rest)| rest.find('/').map_or("/", |slash| &rest[slash..]));
        path.to_owned()
    }

    pub fn home_link(&self) -> Link {
        Link { label: self.desk.t.get("say.home").to_owned(), path: self.desk.path("") }
    }

    pub fn index_link(&self, kind: Kind) -> Option<Link> {
        // Of its usual order, which is there as soon as anything is.
        let has_index = kind != Kind::Page && self.k().has(kind);
        has_index.then(|| Link { label: self.desk.kind_plural(kind), path: self.desk.path(&format!("{}/", kind.folder())) })
    }

    pub fn feed_links(&self, scope: Scope) -> Vec<FeedLink> {
        Format::ALL
            .into_iter()
            .map(|format| FeedLink {
                title: feeds::title(&self.desk, scope),
                path: feeds::path(self.k(), scope, format),
                media: format.media_type(),
            })
            .take(1)
            .collect()
    }

    pub fn home(&self) -> Result<Vec<u8>, Finding> {
        let mut head = self.head("home", self.site.title());
        head.description = self.k().config.description.clone();
        head.feeds = self.feed_links(Scope::Site);
        let view = super::home::view(self);
        self.render(head, vec![("home", Value::from_serializable(&view))])
    }

    pub fn index(&self, kind: Kind, order: Order, number: usize) -> Result<Vec<u8>, Finding> {
        let listed = &self.site.plan().indexes[&(kind, order)];
        let title = self.desk.kind_plural(kind);
        let mut head = self.head("list", &title);
        head.breadcrumb = vec![self.home_link()];
        head.section = kind.folder().to_owned();
        head.description = self.desk.t.maybe(&format!("kinds.{}.lead", kind.word())).unwrap_or_default().to_owned();
        if feeds::NEWS.contains(&kind) {
            head.feeds = self.feed_links(Scope::Kind(kind));
        }
        let path = orders::path(kind.folder(), orders::of_kind(kind), order);
        let mut view = self.list(kind.folder(), listed, &path, number, kind == Kind::Question);
        view.total = self.k().listed(kind).count();
        view.lead = self.desk.t.maybe(&format!("kinds.{}.lead", kind.word())).map(str::to_owned);
        view.orders = self.index_orders(kind, (number == 1).then_some(order));
        view.jumps = !matches!(order, Order::Times | Order::Organization | Order::Place | Order::Series);
        if number == 1 {
            view.tally = self.tally(kind);
            view.note = if kind == Kind::Question { self.usual_days() } else { None };
        }
        match kind {
            Kind::Topic => {
                view.topics = Some(self.topic_table(listed, number));
                view.groups.clear();
            }
            Kind::Voice => {
                let shown: Vec<EntryId> = listed.page(number).into_iter().flat_map(|(_, ids, _)| ids.iter().copied()).collect();
                view.voices = Some(super::registers::voice_summary(&self.desk, &shown));
            }
            _ => {}
        }
        head.title = self.title_of(&title, orders::of_kind(kind), order, number);
        self.render(head, vec![("list", Value::from_serializable(&view))])
    }

    /// The title of a page of a list: with its order where it is not the usual one, and with the number of the page.
    pub fn title_of(&self, title: &str, orders: &[Order], order: Order, number: usize) -> String {
        let t = self.desk.t;
        let mut title = title.to_owned();
        if orders.first() != Some(&order) {
            title = t.say("say.in_order", &[("title", &title), ("order", &orders::label(&self.desk, order))]);
        }
        if number > 1 { t.say("say.page_of", &[("title", &title), ("n", &number.to_string())]) } else { title }
    }

    pub fn part(&self, id: EntryId, sub: Sub, number: usize) -> Result<Vec<u8>, Finding> {
        let listed = &self.site.plan().lists[&(id, sub)];
        let entry = self.k().entry(id);
        let title = self.sub_title(id, sub);
        let mut head = self.head("list", &format!("{}: {title}", entry.title));
        head.breadcrumb = vec![self.home_link()];
        head.breadcrumb.extend(self.index_link(entry.kind));
        head.breadcrumb.push(self.desk.link(id));
        head.section = entry.kind.folder().to_owned();
        head.noindex = self.k().shown(id) == Shown::Unlisted;
        let path = format!("{}{}/", self.k().path(id), sub.folder());
        let key = match sub {
            Sub::Kind(kind) => kind.folder(),
            Sub::Addressed | Sub::Mentions | Sub::WhoKnows | Sub::Expected => "mixed",
        };
        let view = self.list(key, listed, &path, number, false);
        if number > 1 {
            head.title = self.desk.t.say("say.page_of", &[("title", &head.title), ("n", &number.to_string())]);
        }
        self.render(head, vec![("list", Value::from_serializable(&view))])
    }

    pub fn sub_title(&self, id: EntryId, sub: Sub) -> String {
        match (self.k().kind(id), sub) {
            (Kind::Practice, Sub::Kind(Kind::CaseStudy)) => self.desk.t.get("say.tried_in").to_owned(),
            (Kind::Topic, Sub::Kind(Kind::Topic)) => self.desk.t.get("topic.children").to_owned(),
            (_, Sub::Kind(kind)) => self.desk.kind_plural(kind),
            (_, Sub::Addressed) => self.desk.t.get("say.addressed").to_owned(),
            (_, Sub::Mentions) => self.desk.t.get("say.mentioned_in").to_owned(),
            (_, Sub::Expected) => self.desk.t.get("voice.expected_in").to_owned(),
            (_, Sub::WhoKnows) => self.desk.t.get("say.registers.who-knows.title").to_owned(),
        }
    }

    /// The ways to the orders of the index of a kind; voices have tables besides.
    fn index_orders(&self, kind: Kind, shown: Option<Order>) -> Vec<Name> {
        if kind == Kind::Voice {
            let mut ways = self.register_orders(super::registers::What::Voices, None);
            // Its own page stands first, and is the one that is shown.
            ways.first_mut().filter(|_| shown.is_some()).into_iter().for_each(|first| first.path = None);
            return ways;
        }
        let there = orders::of_kind(kind).iter().copied().filter(|order| self.site.plan().indexes.contains_key(&(kind, *order)));
        orders::ways(&self.desk, there.map(|order| (order, orders::path(kind.folder(), orders::of_kind(kind), order))), shown)
    }

    fn list(&self, key: &str, listed: &Listed, path: &str, number: usize, questions: bool) -> ListView {
        ListView {
            groups: self.groups(listed, number, questions),
            pager: self.pager(path, number, listed.pages()),
            jumps: true,
            ..ListView::of(key, listed.total)
        }
    }

    /// How long answers usually take: half of those of which it is known took no longer.
    fn usual_days(&self) -> Option<String> {
        let k = self.k();
        let mut days: Vec<i64> = k.listed(Kind::Question).filter_map(|id| k.days_to_answer(id)).collect();
        days.sort_unstable();
        let middle = *days.get(days.len().checked_sub(1)? / 2)?;
        let known = days.len().to_string();
        Some(self.desk.t.say("say.usual_days", &[("days", &self.desk.t.count("say.days", middle as usize)), ("n", &known)]))
    }

    /// The lines of a page of the tree of topics, with how much there is of each kind.
    fn topic_table(&self, listed: &Listed, number: usize) -> TopicTable {
        let (k, desk) = (self.k(), &self.desk);
        // A community that has no practices at all is not told so beside every topic.
        let kinds: Vec<Kind> = topics::COUNTED.into_iter().filter(|kind| k.has(*kind)).collect();
        let row = |id: &EntryId| {
            let facts = k.topic(*id);
            TopicRow {
                line: topic_line(
                    desk,
                    *id,
                    std::iter::successors(topics::listed_parent(k, *id), |id| topics::listed_parent(k, *id)).count() as u8,
                ),
                counts: kinds.iter().map(|kind| facts.map_or(0, |facts| facts.count(*kind))).collect(),
            }
        };
        let groups =
            listed.page(number).into_iter().map(|(title, ids, _)| TopicRows { title: title.clone(), rows: ids.iter().map(row).collect() });
        TopicTable {
            columns: kinds.iter().map(|kind| TopicColumn { kind: kind.word(), label: desk.kind_plural(*kind) }).collect(),
            groups: groups.collect(),
        }
    }

    pub fn pager(&self, path: &str, page: usize, pages: usize) -> Option<Pager> {
        if pages < 2 {
            return None;
        }
        let to = |number: usize| self.desk.path(&lists::page_path(path, number));
        let link = |number: usize, key: &str| Link { label: self.desk.t.get(key).to_owned(), path: to(number) };
        let mut numbers: Vec<Name> = Vec::new();
        let mut last = 0;
        for number in (1..=pages).filter(|number| *number == 1 || *number == pages || number.abs_diff(page) <= 2) {
            if number > last + 1 {
                numbers.push(Name { label: "…".into(), path: None });
            }
            numbers.push(Name { label: number.to_string(), path: (number != page).then(|| to(number)) });
            last = number;
        }
        Some(Pager {
            page,
            pages,
            previous: (page > 1).then(|| link(page - 1, "say.previous_page")),
            next: (page < pages).then(|| link(page + 1, "say.next_page")),
            numbers,
        })
    }

    fn tally(&self, kind: Kind) -> Vec<Tally> {
        let k = self.k();
        match kind {
            Kind::Practice => [Maturity::Validated, Maturity::Documented, Maturity::Initial]
                .into_iter()
                .map(|level| {
                    let count = k
                        .listed(kind)
                        .filter(|id| !k.is_retired(*id) && k.practice(*id).is_some_and(|facts| facts.maturity == level))
                        .count();
                    let mut state = self.desk.state("maturity", level.word());
                    state.why = self.desk.t.maybe(&format!("say.maturity_means.{}", level.word())).map(str::to_owned);
                    Tally { state, count }
                })
                .collect(),
            Kind::Question => {
                use crate::entries::front_matter::question::QuestionStatus::{AlreadyKnown, Answered, Open, Parked, Partly};
                [Open, Partly, Answered, AlreadyKnown, Parked]
                    .into_iter()
                    .map(|status| {
                        let count = k.listed(kind).filter(|id| k.question_status(*id) == Some(status)).count();
                        let mut state = self.desk.state("question", status.word());
                        state.why = self.desk.t.maybe(&format!("say.question_means.{}", status.word())).map(str::to_owned);
                        Tally { state, count }
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn not_found(&self) -> Result<Vec<u8>, Finding> {
        let title = self.desk.t.get("not_found.title").to_owned();
        let mut head = self.head("404", &title);
        head.noindex = true;
        self.render(head, Vec::new())
    }

    pub fn redirect(&self, id: EntryId) -> Result<Vec<u8>, Finding> {
        let link = self.desk.link(id);
        let mut head = self.head("redirect", &link.label);
        head.noindex = true;
        let view = RedirectView { label: link.label, path: link.path };
        self.render(head, vec![("redirect", Value::from_serializable(&view))])
    }
}

/// The topics at the top of each dimension, at most so many of each.
pub fn topic_groups(desk: &Desk, most: usize) -> Vec<TopicGroup> {
    let trees = topics::trees(desk.k);
    let alone = trees.len() == 1;
    let group = |(dimension, lines): (String, Vec<(EntryId, u8)>)| TopicGroup {
        title: if alone { String::new() } else { dimension_name(desk, &dimension) },
        topics: lines.into_iter().filter(|(_, depth)| *depth == 0).take(most).map(|(id, _)| topic_line(desk, id, 0)).collect(),
    };
    trees.into_iter().map(group).collect()
}

/// The name of a dimension: the language's own for those it knows, else the word made readable.
pub fn dimension_name(desk: &Desk, dimension: &str) -> String {
    desk.t.maybe(&format!("say.dimensions.{dimension}")).map_or_else(|| crate::entries::names::readable(dimension), str::to_owned)
}

pub fn topic_line(desk: &Desk, id: EntryId, depth: u8) -> TopicLine {
    let entry = desk.k.entry(id);
    let topic = entry.topic();
    TopicLine {
        title: entry.title.clone(),
        path: desk.entry_path(id),
        definition: topic.and_then(|topic| topic.definition.as_ref()).map(|text| text.value.clone()),
        count: desk.k.topic(id).map_or(0, |facts| facts.total()),
        priority: topic.and_then(|topic| topic.priority.as_ref()).map(|priority| priority.value as u8),
        depth,
    }
}
