//! Pages: a view for each, and the frame that all of them share.

use super::cards::ANY_ROOT;
use super::desk::{Desk, Links};
use super::feeds::{self, Format, Scope};
use super::lists::{self, Listed, Sub};
use super::views::{FeedLink, Group, Link, ListView, Name, PageView, Pager, RedirectView, Tally, TopicGroup, TopicLine};
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
        self.site.indexes.get(&kind)?;
        Some(Link { label: self.desk.kind_plural(kind), path: self.desk.path(&format!("{}/", kind.folder())) })
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

    pub fn index(&self, kind: Kind, number: usize) -> Result<Vec<u8>, Finding> {
        let listed = &self.site.indexes[&kind];
        let title = self.desk.kind_plural(kind);
        let mut head = self.head("list", &title);
        head.breadcrumb = vec![self.home_link()];
        head.section = kind.folder().to_owned();
        head.description = self.desk.t.maybe(&format!("kinds.{}.lead", kind.word())).unwrap_or_default().to_owned();
        if feeds::NEWS.contains(&kind) {
            head.feeds = self.feed_links(Scope::Kind(kind));
        }
        let path = format!("{}/", kind.folder());
        let mut view = self.list(kind.folder(), listed, &path, number);
        view.lead = self.desk.t.maybe(&format!("kinds.{}.lead", kind.word())).map(str::to_owned);
        if number == 1 {
            view.tally = self.tally(kind);
            if kind == Kind::Topic {
                view.topics = topic_groups(&self.desk, usize::MAX);
            }
        }
        if number > 1 {
            head.title = self.desk.t.say("say.page_of", &[("title", &title), ("n", &number.to_string())]);
        }
        self.render(head, vec![("list", Value::from_serializable(&view))])
    }

    pub fn part(&self, id: EntryId, sub: Sub, number: usize) -> Result<Vec<u8>, Finding> {
        let listed = &self.site.lists[&(id, sub)];
        let entry = self.k().entry(id);
        let title = self.sub_title(id, sub);
        let mut head = self.head("list", &format!("{}: {title}", entry.title));
        head.breadcrumb = vec![self.home_link()];
        head.breadcrumb.extend(self.index_link(entry.kind));
        head.breadcrumb.push(self.desk.link(id));
        head.section = entry.kind.folder().to_owned();
        head.noindex = self.k().facts(id).shown == Shown::Unlisted;
        let path = format!("{}{}/", self.k().facts(id).path, sub.folder());
        let key = match sub {
            Sub::Kind(kind) => kind.folder(),
            Sub::Addressed | Sub::Mentions => "mixed",
        };
        let view = self.list(key, listed, &path, number);
        if number > 1 {
            head.title = self.desk.t.say("say.page_of", &[("title", &head.title), ("n", &number.to_string())]);
        }
        self.render(head, vec![("list", Value::from_serializable(&view))])
    }

    pub fn sub_title(&self, id: EntryId, sub: Sub) -> String {
        match (self.k().entry(id).kind, sub) {
            (Kind::Practice, Sub::Kind(Kind::CaseStudy)) => self.desk.t.get("say.tried_in").to_owned(),
            (_, Sub::Kind(kind)) => self.desk.kind_plural(kind),
            (_, Sub::Addressed) => self.desk.t.get("say.addressed").to_owned(),
            (_, Sub::Mentions) => self.desk.t.get("say.mentioned_in").to_owned(),
        }
    }

    fn list(&self, key: &str, listed: &Listed, path: &str, number: usize) -> ListView {
        let groups = listed.page(number).into_iter().enumerate().map(|(index, (title, ids))| Group {
            title: title.clone(),
            id: format!("fm-part-{}", index + 1),
            cards: self.desk.cards(ids),
        });
        ListView {
            key: key.to_owned(),
            lead: None,
            total: listed.total,
            groups: groups.collect(),
            topics: Vec::new(),
            tally: Vec::new(),
            pager: self.pager(path, number, listed.pages()),
            missing: Vec::new(),
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
                        Tally { state: self.desk.state("question", status.word()), count }
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

/// The topics of each dimension as trees, at most so many lines each.
pub fn topic_groups(desk: &Desk, most: usize) -> Vec<TopicGroup> {
    let dimensions = dimensions(desk.k);
    let alone = dimensions.len() == 1;
    dimensions
        .into_iter()
        .map(|(dimension, ids)| {
            let mut lines = Vec::new();
            for id in ids {
                if most == usize::MAX { tree(desk, id, 0, &mut lines) } else { lines.push(topic_line(desk, id, 0)) }
            }
            lines.truncate(most);
            TopicGroup { title: if alone { String::new() } else { dimension_name(desk, &dimension) }, topics: lines }
        })
        .collect()
}

/// The dimensions, each with the topics that its trees begin with.
pub fn dimensions(k: &Knowledge) -> Vec<(String, Vec<EntryId>)> {
    let mut dimensions: Vec<(String, Vec<EntryId>)> = Vec::new();
    // Below a topic that stands in no list, a new tree begins: nothing that is listed goes missing.
    let is_root = |id: &EntryId| k.topic(*id).is_some_and(|facts| facts.parent.is_none_or(|parent| !k.is_listed(parent)));
    let mut roots: Vec<EntryId> = k.listed(Kind::Topic).filter(is_root).collect();
    roots.sort_by_cached_key(|id| topics::order(k, *id));
    for id in roots {
        let dimension = k.entry(id).topic().map(|topic| topic.dimension().to_owned()).unwrap_or_default();
        match dimensions.iter_mut().find(|(known, _)| *known == dimension) {
            Some((_, ids)) => ids.push(id),
            None => dimensions.push((dimension, vec![id])),
        }
    }
    // The dimension with the most topics is the one people look for.
    dimensions.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
    dimensions
}

/// The name of a dimension: the language's own for those it knows, else the word made readable.
pub fn dimension_name(desk: &Desk, dimension: &str) -> String {
    desk.t.maybe(&format!("say.dimensions.{dimension}")).map_or_else(|| crate::entries::names::readable(dimension), str::to_owned)
}

fn tree(desk: &Desk, id: EntryId, depth: u8, lines: &mut Vec<TopicLine>) {
    lines.push(topic_line(desk, id, depth));
    for child in desk.k.topic(id).map_or(&[][..], |facts| &facts.children) {
        tree(desk, *child, depth.saturating_add(1), lines);
    }
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
