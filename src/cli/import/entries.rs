//! What a map of evidence becomes in a knowledge base: topics for its rows, columns and segments, resources for its
//! references, and the lines that declare the map.

use crate::cli::drafts::{one_line, quoted};
use crate::entries::markdown::escaped;
use crate::entries::names;
use crate::eppi::{Axis, EvidenceMap, Item, Reference};
use crate::kinds::Kind;
use crate::sources::CONTENT;
use crate::time::Date;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// Files that are about to be written.
pub struct Entries {
    /// The map's id, which is also the name of the folders the files stand in: they can be taken out together.
    pub map: String,
    pub topics: Vec<New>,
    pub resources: Vec<New>,
    /// The lines for `folkmoot.toml`.
    pub declaration: String,
    /// The dimension of the topics of each axis: rows, columns, then segments.
    pub dimensions: Vec<String>,
    /// References whose `URL` is no address, and that have no DOI either.
    pub without_link: usize,
}

/// A file that is about to be written.
pub struct New {
    pub kind: Kind,
    pub id: String,
    /// From the project's folder.
    pub path: String,
    pub text: String,
}

/// What a name without letters is called in addresses.
const NAMELESS_MAP: &str = "map";

/// The files of a map, dated by the day they are written.
pub fn of(map: &EvidenceMap, date: Date) -> Entries {
    let id = Some(names::file_stem(&map.title)).filter(|id| !id.is_empty()).unwrap_or_else(|| NAMELESS_MAP.to_owned());
    let axes: Vec<&Axis> = [&map.rows, &map.columns].into_iter().chain(&map.segments).collect();
    let dimensions = dimensions(&axes);
    let terms = terms(&axes);
    let ids = topic_ids(&terms);
    let topics = terms.iter().zip(&ids).map(|(term, topic)| {
        let parent = term.parent.map(|parent| ids[parent].as_str());
        New {
            kind: Kind::Topic,
            path: path(Kind::Topic, &id, topic),
            text: topic_text(term, &dimensions[term.axis], parent, date),
            id: topic.clone(),
        }
    });
    // An id may stand in several axes; the first item that has it is meant, axis by axis.
    let mut by_axis: Vec<HashMap<&str, &str>> = vec![HashMap::new(); axes.len()];
    for (term, topic) in terms.iter().zip(&ids) {
        by_axis[term.axis].entry(&term.item.id).or_insert(topic);
    }
    let mut taken = HashSet::new();
    let mut without_link = 0;
    let mut resources = Vec::new();
    for reference in &map.references {
        let resource = resource_id(reference, &mut taken);
        let link = link(reference);
        without_link += usize::from(link.is_none() && !reference.url.is_empty());
        let text = resource_text(reference, &topics_of(reference, &by_axis), link.as_deref(), date);
        resources.push(New { kind: Kind::Resource, path: path(Kind::Resource, &id, &resource), text, id: resource });
    }
    let declaration = format!(
        "[[maps]]\nid = {}\ntitle = {}\nrows = {{ topics = {} }}\ncolumns = {{ topics = {} }}\n",
        quoted(&id),
        quoted(&one_line(&map.title)),
        quoted(&dimensions[0]),
        quoted(&dimensions[1]),
    );
    Entries { topics: topics.collect(), resources, declaration, dimensions, without_link, map: id }
}

fn path(kind: Kind, map: &str, id: &str) -> String {
    format!("{CONTENT}/{}/{map}/{id}.md", kind.folder())
}

/// A dimension for each axis, told apart by numbers where their names are one.
fn dimensions(axes: &[&Axis]) -> Vec<String> {
    let mut taken = HashSet::new();
    axes.iter()
        .enumerate()
        .map(|(at, axis)| numbered(&or_else(names::file_stem(&axis.title), || format!("axis-{}", at + 1)), &mut taken))
        .collect()
}

fn or_else(name: String, otherwise: impl FnOnce() -> String) -> String {
    if name.is_empty() { otherwise() } else { name }
}

/// The name itself or, where it is taken, the first of `name-2`, `name-3` and so on that is not. `index` is a file that
/// stands for its folder.
fn numbered(name: &str, taken: &mut HashSet<String>) -> String {
    let mut ways = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name}-{number}")));
    let free = ways.find(|way| way != "index" && !taken.contains(way)).expect("there are numbers without end");
    taken.insert(free.clone());
    free
}

/// An item of an axis, with what stands around it.
struct Term<'m> {
    axis: usize,
    axis_title: &'m str,
    item: &'m Item,
    /// Where among all terms its parent is.
    parent: Option<usize>,
    /// Its place among its neighbours, from 1.
    order: usize,
}

/// All items, each after the one it stands below.
fn terms<'m>(axes: &[&'m Axis]) -> Vec<Term<'m>> {
    fn add<'m>(axis: usize, axis_title: &'m str, items: &'m [Item], parent: Option<usize>, terms: &mut Vec<Term<'m>>) {
        for (at, item) in items.iter().enumerate() {
            let own = terms.len();
            terms.push(Term { axis, axis_title, item, parent, order: at + 1 });
            add(axis, axis_title, &item.children, Some(own), terms);
        }
    }
    let mut terms = Vec::new();
    axes.iter().enumerate().for_each(|(at, axis)| add(at, &axis.title, &axis.items, None, &mut terms));
    terms
}

/// An id for each term: its name, and where several have one name, such as “Other”, with that of what it stands below.
fn topic_ids(terms: &[Term]) -> Vec<String> {
    let own = |term: &Term| or_else(names::file_stem(&term.item.title), || format!("code-{}", names::file_stem(&term.item.id)));
    let mut times: HashMap<String, usize> = HashMap::new();
    terms.iter().for_each(|term| *times.entry(own(term)).or_default() += 1);
    let mut taken = HashSet::new();
    let id = |term: &Term| {
        let name = own(term);
        if times[&name] == 1 {
            return numbered(&name, &mut taken);
        }
        let above = term.parent.map_or(term.axis_title, |parent| &terms[parent].item.title);
        numbered(names::file_stem(&format!("{above} {name}")).trim_start_matches('-'), &mut taken)
    };
    terms.iter().map(id).collect()
}

fn topic_text(term: &Term, dimension: &str, parent: Option<&str>, date: Date) -> String {
    let mut text = opening(&term.item.title, date);
    line(&mut text, "dimension", dimension);
    parent.into_iter().for_each(|parent| line(&mut text, "parent", parent));
    writeln!(text, "order = {}", term.order).expect("a text takes any text");
    line(&mut text, "definition", &term.item.definition);
    text.push_str("+++\n");
    text
}

fn opening(title: &str, date: Date) -> String {
    format!("+++\ntitle = {}\ndate = {date}\n", quoted(&one_line(title)))
}

/// A key with a text, if there is one.
fn line(text: &mut String, key: &str, value: &str) {
    let value = one_line(value);
    if !value.is_empty() {
        writeln!(text, "{key} = {}", quoted(&value)).expect("a text takes any text");
    }
}

fn resource_id(reference: &Reference, taken: &mut HashSet<String>) -> String {
    let name = or_else(names::file_stem(&reference.title), || format!("reference-{}", names::file_stem(&reference.id)));
    let name = name.trim_end_matches('-');
    let dated = names::slug(&format!("{name} {}", reference.year));
    // The same title in two years is an edition or a follow-up.
    numbered(if taken.contains(name) { &dated } else { name }, taken)
}

/// The topics of a reference, each once: rows, columns, then segments.
fn topics_of(reference: &Reference, by_axis: &[HashMap<&str, &str>]) -> Vec<String> {
    let (sides, segments) = by_axis.split_at(2);
    let rows = reference.rows.iter().filter_map(|id| sides[0].get(id.as_str()));
    let columns = reference.columns.iter().filter_map(|id| sides[1].get(id.as_str()));
    let segments = reference.segments.iter().filter_map(|id| segments.iter().find_map(|ids| ids.get(id.as_str())));
    rows.chain(columns).chain(segments).map(|id| (*id).to_owned()).collect()
}

fn resource_text(reference: &Reference, topics: &[String], link: Option<&str>, date: Date) -> String {
    let mut text = opening(&reference.title, date);
    if !topics.is_empty() {
        let topics: Vec<String> = topics.iter().map(|topic| quoted(topic)).collect();
        writeln!(text, "topics = [{}]", topics.join(", ")).expect("a text takes any text");
    }
    line(&mut text, "type", &reference.kind);
    line(&mut text, "url", link.unwrap_or_default());
    line(&mut text, "publisher", &reference.publisher);
    line(&mut text, "published", &reference.year);
    text.push_str("+++\n");
    // The abstract comes first: what a text begins with is also its summary.
    for paragraph in reference.abstract_text.split(['\r', '\n']).map(plain).chain([citation(reference, link)]) {
        if !paragraph.is_empty() {
            write!(text, "\n{paragraph}\n").expect("a text takes any text");
        }
    }
    text
}

/// A text without meaning to Markdown, on one line.
fn plain(text: &str) -> String {
    escaped(&one_line(text))
}

/// Who wrote it, when, and where it appeared; and its DOI, where `url` leads elsewhere.
fn citation(reference: &Reference, link: Option<&str>) -> String {
    let Reference { part_of, volume, issue, pages, .. } = reference;
    let issue = if issue.is_empty() { String::new() } else { format!("({issue})") };
    let within = format!("{part_of} {volume}{issue}");
    let within = [within.trim(), pages.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    let parts = [reference.authors.join("; "), reference.year.clone(), within];
    let told: Vec<String> = parts.iter().map(|part| plain(part.trim_end_matches('.'))).filter(|part| !part.is_empty()).collect();
    let mut text = told.join(". ");
    if !text.is_empty() {
        text.push('.');
    }
    let doi = Some(doi_link(&reference.doi)).filter(|doi| !reference.doi.is_empty() && link != Some(doi.as_str()));
    if let Some(doi) = doi {
        write!(text, " <{doi}>").expect("a text takes any text");
    }
    text.trim_start().to_owned()
}

/// The address of a reference: its own, if it is one, else that of its DOI.
fn link(reference: &Reference) -> Option<String> {
    let written = reference.url.split([' ', '\t', '\r', '\n', ';']).find(|part| !part.is_empty()).unwrap_or_default();
    let low = written.to_ascii_lowercase();
    let has_host = |address: &str| address.split_once("://").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_alphanumeric()));
    let address = match () {
        () if low.starts_with("http://") || low.starts_with("https://") => written.to_owned(),
        () if low.starts_with("www.") => format!("https://{written}"),
        () => String::new(),
    };
    let own = Some(address).filter(|address| has_host(address) && !address.contains(char::is_control));
    own.or_else(|| Some(doi_link(&reference.doi)).filter(|_| !reference.doi.is_empty()))
}

/// A DOI as an address: old ones have signs in them that addresses do not (RFC 3986, section 2).
fn doi_link(doi: &str) -> String {
    let mut link = "https://doi.org/".to_owned();
    for byte in doi.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b';' | b'(' | b')' | b'@' | b'+' | b',' | b'=' => link.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => link.push(char::from(byte)),
            byte => write!(link, "%{byte:02X}").expect("a text takes any text"),
        }
    }
    link
}
